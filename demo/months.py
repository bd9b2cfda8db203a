"""Months as whole numbers (year x 12 + month - 1), and the days on which evidence falls."""

from dataclasses import dataclass
from datetime import date, timedelta

_DAYS_OF_CURRENT_MONTH = 6


def month_of(day: date) -> int:
    """The number of a day's month."""
    return day.year * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of a month."""
    return date(month // 12, month % 12 + 1, 1)


def iso(month: int) -> str:
    """The month as `YYYY-MM`."""
    return first_day(month).isoformat()[:7]


def days_of(month: int) -> list[date]:
    """Every day of a month."""
    start = first_day(month)
    return [start + timedelta(days=n) for n in range((first_day(month + 1) - start).days)]


@dataclass(frozen=True)
class Window:
    """Twelve complete months and the days since: `months[0]` is the current one, `months[12]` the oldest."""

    months: tuple[list[date], ...]
    working: tuple[list[date], ...]

    @classmethod
    def before(cls, today: date) -> "Window":
        """As seen on a day: the current month holds its days up to yesterday, six at most."""
        this_month = month_of(today)
        current = days_of(this_month)[: min(today.day - 1, _DAYS_OF_CURRENT_MONTH)]
        months = (current, *(days_of(this_month - back) for back in range(1, 13)))
        return cls(months, tuple([day for day in days if day.weekday() < 5] for days in months))

    @property
    def last(self) -> date:
        """The last day on which evidence falls."""
        return (self.months[0] or self.months[1])[-1]

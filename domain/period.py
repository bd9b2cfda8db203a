"""Service periods (认证服务期): the months in which a benefit is paid. Notice 三(一), 三(二), 四(一)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.month import Month
from domain.policy import Policy
from domain.vocabulary import Category, Method


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both included."""

    start: Month
    end: Month
    method: Method

    @property
    def months(self) -> int:
        """How far the end lies after the start: the cycle, as long as nothing ended it earlier."""
        return 12 * (self.end.year - self.start.year) + self.end.month - self.start.month

    def covers(self, month: Month) -> bool:
        return self.start <= month <= self.end


def opened(category: Category, month: Month, method: Method, policy: Policy) -> Period:
    """The period of a pass in that month: paid through month + cycle. Notice 三(一)."""
    return Period(month, month + policy.cycle_months[category], method)


def renewal(running: Period | None, new: Period) -> Period | None:
    """The new period where it reaches further than the running one, else None: no pass shortens. Notice 三(二)."""
    return new if running is None or new.end > running.end else None


def in_force_after(periods: Iterable[Period], last: Month) -> tuple[Period, ...]:
    """What stays in force when everything after the month `last` ends."""
    return tuple(replace(p, end=min(p.end, last)) for p in periods if p.start <= last)


def in_force_with(periods: Iterable[Period], new: Period) -> tuple[Period, ...]:
    """A renewal ends the ones before it in the month before its own start."""
    return (*in_force_after(periods, new.start - 1), new)

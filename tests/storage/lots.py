"""Random lots: what happens to a person with money, month after month, and on which days payrolls are frozen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hypothesis import strategies as st

from domain.vocabulary import Category, SurvivalStatus

MONTHS = 18
MORE_YUAN = st.sampled_from([Decimal(text) for text in ("0.01", "50.00", "100.00", "-100.00")])


@dataclass(frozen=True)
class Passed:
    """The unit says: alive."""


@dataclass(frozen=True)
class Failed:
    status: SurvivalStatus
    days_ago: int


@dataclass(frozen=True)
class Ended:
    status: SurvivalStatus
    days_ago: int


@dataclass(frozen=True)
class TakenBack:
    """A ruling withdraws the termination, passes the person and asks for what was missed."""


@dataclass(frozen=True)
class Seen:
    """A sign of life, for the next publication."""

    days_ago: int


@dataclass(frozen=True)
class Raised:
    """From `ago` months back on, or ahead where negative, somebody gets so much more than ever before."""

    ago: int
    more: Decimal


@dataclass(frozen=True)
class Requested:
    """The unit asks for reinstatement."""


@dataclass(frozen=True)
class Reviewed:
    approve: bool


Event = Passed | Failed | Ended | TakenBack | Seen | Raised | Requested | Reviewed


@dataclass(frozen=True)
class Lot:
    """What happens to one person; an event has its place: months after the start, and the day of that month."""

    category: Category
    enrolled: int
    begun_ago: int
    """How many months before the enrolment the benefit begins."""
    events: list[tuple[int, int, Event]]

    def on(self, month: int) -> Iterator[tuple[int, Event]]:
        return ((day, event) for at, day, event in self.events if at == month)


LOST = st.sampled_from([SurvivalStatus.DECEASED, SurvivalStatus.MISSING, *[SurvivalStatus.IMPRISONED] * 2])
AGO = st.sampled_from([0, 3, 35, 100, 200])
EVENT: st.SearchStrategy[Event] = st.one_of(
    st.just(Passed()),
    st.builds(Failed, LOST, AGO),
    st.builds(Raised, st.sampled_from([-1, 0, 1, 2, 3, 5, 9]), MORE_YUAN),
    st.builds(Seen, st.sampled_from([0, 20, 50])),
    st.just(Requested()),
    st.just(Reviewed(True)),
    st.just(TakenBack()),
    st.builds(Reviewed, st.booleans()),
    st.builds(Raised, st.sampled_from([1, 2, 3, 5, 9]), MORE_YUAN),
)
DAYS = [2, 5, 7, 8, 10, 20, 27]
DAY = st.sampled_from(DAYS)
AT = st.integers(0, MONTHS - 1)
# Alone an event rarely meets what it needs; the ways of the rules are put in whole as well.
WAYS: list[list[Event]] = [
    [Failed(SurvivalStatus.DECEASED, 100), Passed()],
    [Failed(SurvivalStatus.IMPRISONED, 35), Passed(), Requested(), Reviewed(True)],
    [Failed(SurvivalStatus.MISSING, 3), Passed(), Requested(), Reviewed(True)],
    [Passed(), Requested(), Reviewed(True)],
    [Raised(5, Decimal(100)), Failed(SurvivalStatus.DECEASED, 200), Passed()],
    [Raised(3, Decimal(50)), Failed(SurvivalStatus.MISSING, 100), Ended(SurvivalStatus.DECEASED, 3)],
    [Ended(SurvivalStatus.DECEASED, 35), TakenBack(), Reviewed(True)],
    [Raised(9, Decimal(50)), Ended(SurvivalStatus.MISSING, 200), Raised(5, Decimal(50)), TakenBack(), Reviewed(True)],
    [Failed(SurvivalStatus.DECEASED, 100), Ended(SurvivalStatus.DECEASED, 3), TakenBack(), Reviewed(True)],
    [Failed(SurvivalStatus.IMPRISONED, 100), Raised(5, Decimal(50)), Passed(), Requested(), Reviewed(True)],
]


@st.composite
def way(draw: st.DrawFn) -> list[tuple[int, int, Event]]:
    """The steps of a way, each later than the one before it by days or months."""
    steps, at, found = draw(st.sampled_from(WAYS)), draw(AT), []
    months, day = draw(st.sampled_from([[0], [0, 1, 2]])), draw(DAY)
    for step in steps:
        found.append((at, day, step))
        later = draw(st.sampled_from(months))
        at, day = at + later, draw(DAY) if later else draw(st.sampled_from([d for d in DAYS if d >= day]))
    return found


MORE: st.SearchStrategy[list[tuple[int, int, Event]]] = st.lists(st.tuples(AT, DAY, EVENT), max_size=8)
END: st.SearchStrategy[list[tuple[int, int, Event]]] = st.lists(
    st.tuples(st.integers(6, MONTHS - 1), DAY, st.builds(Ended, LOST, AGO)), max_size=1
)


def _all(parts: Sequence[Sequence[tuple[int, int, Event]]]) -> list[tuple[int, int, Event]]:
    return [event for part in parts for event in part]


LOT = st.builds(
    Lot,
    st.sampled_from(Category),
    st.sampled_from([0, 0, 0, 1, 4, 9]),
    st.sampled_from([0, 1, 3, 12]),
    st.tuples(st.lists(way(), max_size=4).map(_all), MORE, END).map(_all),
)
PAYDAYS = st.lists(st.sampled_from([8, 8, 8, 21, 28, None]), min_size=MONTHS, max_size=MONTHS)
"""The day on which each month's payroll is frozen; None where it waits for the next that is."""
BEGINS = st.sampled_from([0, 0, 0, 3, 6])
"""After how many months the first payroll of all is frozen: what was approved before is paid back as well."""

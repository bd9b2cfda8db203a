"""The roster (人员名单): pages of a unit's people, worst first, and counts by the same predicate. Notice 附5, 附6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from domain.month import Month
from domain.policy import Policy
from domain.record import record
from domain.standing import Standing
from domain.vocabulary import Category, Conclusion
from storage.compliance import OWED
from storage.database import Reader
from storage.standings import COLUMNS, standing_of


class Attention(StrEnum):
    """Why a row wants a look this month; each is a filter of the roster and a count of its summary."""

    UNANSWERED = "UNANSWERED"
    OVERDUE = "OVERDUE"
    LAPSING_SOON = "LAPSING_SOON"
    LAPSED = "LAPSED"
    SUSPENDED = "SUSPENDED"
    CONTACT_INCOMPLETE = "CONTACT_INCOMPLETE"
    CONFIRMATION_OVERDUE = "CONFIRMATION_OVERDUE"
    ANSWER_AGAIN = "ANSWER_AGAIN"


@dataclass(frozen=True, slots=True)
class RosterFilter:
    """Which rows of a unit. People whose benefit was terminated are left out unless asked for."""

    unit_id: int
    category: Category | None
    conclusions: Sequence[Conclusion] | None = None
    search: str | None = None
    attention: Attention | None = None
    include_terminated: bool = False
    people: Sequence[int] = ()
    """Rows whose ID number the search is."""


Position: TypeAlias = tuple[int, int]
"""Where a row stands in the order: its rank by conclusion, then its id."""


@dataclass(frozen=True, slots=True)
class Slice:
    """At most `limit` rows after, or (`backwards`) before, a position; both exclusive."""

    limit: int
    after: Position | None = None
    before: Position | None = None
    backwards: bool = False


@record
class Row:
    standing: Standing
    position: Position


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in roster order, and whether there are more on either side."""

    rows: list[Row]
    more_before: bool
    more_after: bool


@dataclass(frozen=True, slots=True)
class Summary:
    total: int
    disqualified: int
    pending: int
    qualified: int
    attention: dict[Attention, int]


UNANSWERED = "(NOT verdict_answered AND conclusion <> 'QUALIFIED')"


# The newest verdict may be answered until this month's end, and yet the unit owes an answer from before. The months of
# publications are looked up once, so that hardly anybody has more to be read than an index of open verdicts; OFFSET 0:
# what came later is looked up only where there is one. A verdict has its own day where its publication stood still.
LONG_OPEN = """EXISTS (
    SELECT FROM verdicts v
    WHERE v.beneficiary_id = b.id AND v.conclusion <> 'QUALIFIED'
      AND v.month <> ALL (ARRAY(SELECT month FROM publications WHERE published_on >= {0}))
      AND (v.published_on >= {0}) IS NOT TRUE
      AND NOT EXISTS (SELECT FROM certifications c WHERE c.beneficiary_id = b.id AND c.version > v.version OFFSET 0)
      AND NOT EXISTS (SELECT FROM verdicts q WHERE q.beneficiary_id = b.id AND q.version > v.version
                                                   AND q.conclusion = 'QUALIFIED' OFFSET 0))"""


# Of what the agency has asked: a demand changes no row, so that the row does not tell of it. A unit's demands are few,
# and are read once, not once a row.
ASKED_ANEW = f"""b.id IN (SELECT r.beneficiary_id FROM compliance_reviews r
                          WHERE r.unit_id = {{}} AND r.answer_by IS NOT NULL AND {OWED})"""


class _Statement:
    """The numbered values of a statement, added as its text is written."""

    def __init__(self, month: Month, policy: Policy) -> None:
        self.values: list[Any] = []
        self._month = month
        self._policy = policy

    def value(self, value: Any, kind: str) -> str:
        self.values.append(value)
        return f"${len(self.values)}::{kind}"

    def attention(self, kind: Attention, unit_id: int) -> str:
        """What depends on today: `domain.standing` as SQL. A property test holds the two together.

        What most people are not comes first: a summary asks all of this of a whole unit.
        """
        match kind:
            case Attention.UNANSWERED:
                return UNANSWERED
            case Attention.OVERDUE:
                return f"({UNANSWERED} AND (verdict_published_on < {self._day(0)} OR {LONG_OPEN.format(self._day(0))}))"
            case Attention.LAPSING_SOON:
                warned = self._day(self._policy.warning_months - 1)
                return f"""(paid_through BETWEEN {self._day(0)} AND {warned}
                            AND suspended_from IS NULL AND terminated_from IS NULL AND NOT {self._held()})"""
            case Attention.LAPSED:
                return f"""((paid_through >= {self._day(0)}) IS NOT TRUE
                            AND {self._not_yet("terminated_from")} AND NOT {self._held()})"""
            case Attention.SUSPENDED:
                return f"({self._held()} AND {self._not_yet('terminated_from')})"
            case Attention.CONTACT_INCOMPLETE:
                return "(NOT contact_complete)"
            case Attention.CONFIRMATION_OVERDUE:
                overdue = self._day(-self._policy.confirm_every_months)
                return f"(terminated_from IS NULL AND confirmed_in < {overdue})"
            case Attention.ANSWER_AGAIN:
                return ASKED_ANEW.format(self.value(unit_id, "bigint"))

    def chosen(self, chosen: RosterFilter) -> str:
        """The predicate of a roster: the list, its total and the summary all count by it."""
        conditions = [f"unit_id = {self.value(chosen.unit_id, 'bigint')}"]
        if chosen.category is not None:
            conditions.append(f"category = {self.value(chosen.category, 'text')}")
        if not chosen.include_terminated:
            conditions.append("roster_rank < 4")
        if chosen.conclusions is not None:
            conditions.append(f"conclusion = ANY({self.value(list(chosen.conclusions), 'text[]')})")
        if chosen.search:
            needle, people = self.value(chosen.search, "text"), self.value(list(chosen.people), "bigint[]")
            conditions.append(f"(strpos(lower(name), lower({needle})) > 0 OR id = ANY({people}))")
        if chosen.attention is not None:
            conditions.append(self.attention(chosen.attention, chosen.unit_id))
        return " AND ".join(conditions)

    def _day(self, months: int) -> str:
        return self.value((self._month + months).first_day, "date")

    def _held(self) -> str:
        return f"((suspended_from <= {self._day(0)}) IS TRUE OR (held_through >= {self._day(0)}) IS TRUE)"

    def _not_yet(self, column: str) -> str:
        return f"({column} > {self._day(0)}) IS NOT FALSE"


async def page(connection: Reader, chosen: RosterFilter, part: Slice, month: Month, policy: Policy) -> Page:
    """One index range of the roster, however far into it."""
    statement = _Statement(month, policy)
    conditions = [statement.chosen(chosen)]
    for position, sign in ((part.after, ">"), (part.before, "<")):
        if position is not None:
            rank, id = statement.value(position[0], "smallint"), statement.value(position[1], "bigint")
            conditions.append(f"(roster_rank, id) {sign} ({rank}, {id})")
    direction = "DESC" if part.backwards else "ASC"
    rows = await connection.fetch(
        f"""SELECT {COLUMNS}, b.roster_rank FROM beneficiaries b WHERE {" AND ".join(conditions)}
            ORDER BY roster_rank {direction}, id {direction} LIMIT {statement.value(part.limit + 1, "bigint")}""",
        *statement.values,
    )
    more = len(rows) > part.limit
    found = [Row(standing_of(row), (row[-1], row[0])) for row in rows[: part.limit]]
    if part.backwards:
        return Page(found[::-1], more, part.before is not None)
    return Page(found, part.after is not None, more)


async def total(connection: Reader, chosen: RosterFilter, month: Month, policy: Policy) -> int:
    statement = _Statement(month, policy)
    found: int = await connection.fetchval(
        f"SELECT count(*) FROM beneficiaries b WHERE {statement.chosen(chosen)}", *statement.values
    )
    return found


async def summary(connection: Reader, unit_id: int, category: Category | None, month: Month, policy: Policy) -> Summary:
    """Every count of a unit's roster in one statement; the ranks of a roster are the conclusions, worst first."""
    statement = _Statement(month, policy)
    counts = {
        **{c.lower(): f"roster_rank = {rank}" for rank, c in enumerate(Conclusion)},
        **{kind.lower(): statement.attention(kind, unit_id) for kind in Attention},
    }
    columns = ", ".join(f"count(*) FILTER (WHERE {when}) AS {name}" for name, when in counts.items())
    row = await connection.fetchrow(
        f"""SELECT count(*) AS total, {columns} FROM beneficiaries b
            WHERE {statement.chosen(RosterFilter(unit_id, category))}""",
        *statement.values,
    )
    assert row is not None
    attention = {kind: row[kind.lower()] for kind in Attention}
    return Summary(row["total"], row["disqualified"], row["pending"], row["qualified"], attention)

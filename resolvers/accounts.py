"""People's lives and money together, as known now or at the end of an earlier day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.history import Fact, Life, last_act_passed, replay
from domain.month import Month
from domain.payroll import Account, Frozen
from domain.reinstatement import Situation
from resolvers.context import Context
from storage import ledger, lives, reinstatements
from storage.database import Connection, Reader
from storage.histories import Moment
from storage.lives import Held


@dataclass(frozen=True, slots=True)
class Known:
    """One person: the account, the facts behind it, and the months frozen by then."""

    account: Account
    facts: list[Fact]
    frozen: Frozen
    open_case: int | None
    """The id of the case that was open."""

    @property
    def last_act_passed(self) -> bool:
        """Whether the last act on the person was a PASS."""
        return last_act_passed(self.facts)

    def situation(self, month: Month) -> Situation:
        """What a case is judged by in that month."""
        open_ = self.open_case is not None
        return Situation(self.account, self.frozen, month, self.last_act_passed, open_)


async def of(context: Context, moments: Sequence[Moment], as_of: date | None = None) -> list[Known | None]:
    """What was known of each person, whom the account was shown to see; None before the day of enrolment."""
    async with context.reading() as connection:
        return await known(context, connection, moments, as_of)


async def known(
    context: Context, connection: Reader, moments: Sequence[Moment], as_of: date | None = None
) -> list[Known | None]:
    """Everybody at the version of their row, as known at the end of the day; a fixed number of statements."""
    ids = sorted({moment.beneficiary_id for moment in moments})
    held = {one.standing.id: one for one in await lives.of(connection, ids)}
    books = await ledger.books(connection, ids, as_of)
    frozen = await ledger.frozen(connection, as_of)
    open_cases = await reinstatements.open_of(connection, ids, as_of)

    def at(moment: Moment) -> Known | None:
        one, book = held.get(moment.beneficiary_id), books[moment.beneficiary_id]
        if one is None or (as_of is not None and as_of < one.enrolled_on):
            return None
        before = (f for f in one.facts if f.version <= moment.version and (as_of is None or f.on <= as_of))
        facts = sorted(before, key=lambda f: f.version)
        account = Account(_told(context, one, facts), book.rates, book.entries, book.lines)
        return Known(account, facts, frozen, open_cases.get(moment.beneficiary_id))

    return [at(moment) for moment in moments]


async def latest(context: Context, connection: Connection, beneficiary_id: int) -> Known:
    """One person, who must be there, as things stand."""
    [found] = await known(context, connection, [Moment.latest(beneficiary_id)])
    assert found is not None
    return found


def _told(context: Context, held: Held, facts: Sequence[Fact]) -> Life:
    return replay(held.at_enrolment(), held.granted[0], facts, context.book)

"""People's lives and money together, as known now or at the end of an earlier day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.certification import Certification
from domain.history import Fact, Life, replay
from domain.month import Month
from domain.payroll import Account
from domain.reinstatement import Situation
from domain.vocabulary import CertificationResult
from resolvers.context import Context
from storage import ledger, lives, reinstatements
from storage.database import Connection
from storage.ledger import Frozen
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
        acts = [f.fact for f in self.facts if isinstance(f.fact, Certification)]
        return bool(acts) and acts[-1].result is CertificationResult.PASS

    def situation(self, month: Month) -> Situation:
        """What a case is judged by in that month."""
        open_ = self.open_case is not None
        return Situation(self.account, self.frozen.last, month, self.last_act_passed, open_)


async def known(
    context: Context, connection: Connection, ids: Sequence[int], as_of: date | None = None
) -> dict[int, Known]:
    """Everybody in a fixed number of statements; whoever was not enrolled by that day is left out."""
    held = [one for one in await lives.of(connection, ids) if as_of is None or one.enrolled_on <= as_of]
    books = await ledger.books(connection, ids, as_of)
    frozen = await ledger.frozen(connection, as_of)
    open_cases = await reinstatements.open_of(connection, ids, as_of)
    found = {}
    for one in held:
        facts = sorted((f for f in one.facts if as_of is None or f.on <= as_of), key=lambda f: f.version)
        life, book = _told(context, one, facts), books[one.standing.id]
        account = Account(life, book.rates, book.entries, book.lines)
        found[one.standing.id] = Known(account, facts, frozen, open_cases.get(one.standing.id))
    return found


def _told(context: Context, held: Held, facts: Sequence[Fact]) -> Life:
    return replay(held.at_enrolment(), held.granted[0], facts, context.book)

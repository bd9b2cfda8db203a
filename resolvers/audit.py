"""The audit trail: what is done or refused is told to it in the transaction in which it happens. Rules 6."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from domain.access import Viewer
from domain.audit import PEOPLE_MOST, RUNS, AuditAction, Means, Told, Value, Values
from domain.refusal import Refusal
from resolvers.context import Context
from security.seals import Sealer
from storage import accounts, audit, sessions, units
from storage.audit import Entry, Place
from storage.database import Connection, Reader

_AHEAD = timedelta(days=2)  # for as long a rehearsal goes on without upkeep


async def record(context: Context, transaction: Connection, *told: Told) -> None:
    """Write what the caller does, or a command: two statements, whatever the number of entries.

    To be done last in the transaction: its chains are locked until it ends. A day that was closed while the act was
    under way takes no more: what comes late opens the next one.
    """
    if told:
        in_order = sorted(told, key=_chain)
        places = await audit.claim(transaction, Counter(map(_chain, in_order)))
        await audit.write(transaction, [_entry(context, *pair) for pair in zip(places, in_order, strict=True)])


def _chain(told: Told) -> int:
    """Whose entries it is numbered among."""
    if told.action in RUNS:
        return audit.RUNS
    return audit.AGENCY if told.unit_id is None else told.unit_id


async def signed_in(context: Context, transaction: Connection, entered: Viewer, means: Means) -> None:
    """A session begins, or goes on from another address, in this transaction, which goes on as its account."""
    assert entered.session is not None
    await sessions.enter(transaction, entered.session)
    told = Told(AuditAction.SIGNED_IN, entered.unit_id, facts={"means": means})
    await record(replace(context, caller=entered), transaction, told)


async def sign_in_refused(
    context: Context, tried: Viewer | None, refusal: Refusal, username: str | None = None
) -> None:
    """Nobody is signed in; which account was tried, or where there is none the fingerprint of the name."""
    facts: Values = (
        {} if username is None else {"username": f"#{context.gate.sealer.fingerprint('username', username)}"}
    )
    if tried is not None:
        facts = {"account": tried.account_id}
    told = Told(AuditAction.SIGN_IN_REFUSED, tried.unit_id if tried else None, facts=facts)
    async with context.begin() as transaction:
        await record(context, transaction, told.refused([refusal]))


@dataclass
class Missed:
    """Of one request: the ids that led to nothing which the account may see, by kind and number, and the malformed.

    And cursors and resume tokens that were not made for this account and list.
    """

    ids: list[str] = field(default_factory=list)
    malformed: int = 0
    cursors: int = 0

    @property
    def number(self) -> int:
        return len(self.ids) + self.malformed + self.cursors


async def refused_access(
    context: Context, asked: Sequence[str], fields: Sequence[str], given: Sequence[str], missed: Missed
) -> None:
    """What the caller's role may not use and for what it was `given`, and what was looked for and not found.

    `asked` are the root fields.
    """
    if not fields and not missed.number:
        return
    facts: dict[str, Value] = {"asked": sorted(asked), "fields": sorted(set(fields)), "not_found": missed.number}
    if given:
        facts["given"] = given[:PEOPLE_MOST]
    if missed.ids:
        facts["ids"] = missed.ids[:PEOPLE_MOST]
    if missed.malformed:
        facts["malformed"] = missed.malformed
    if missed.cursors:
        facts["cursors"] = missed.cursors
    async with context.begin() as transaction:
        await record(context, transaction, Told(AuditAction.ACCESS_REFUSED, context.viewer.unit_id, facts=facts))


async def ended_session(context: Context, of: Viewer) -> None:
    """Somebody comes with a session that has ended: recorded once for each, as nobody's doing."""
    if context.gate.ended.is_new(str(of.session)):
        facts: Values = {"account": of.account_id, "because": "SESSION_ENDED"}
        nobody = replace(context, caller=None)
        async with nobody.begin() as transaction:
            await record(nobody, transaction, Told(AuditAction.ACCESS_REFUSED, of.unit_id, facts=facts))


async def forged_token(context: Context, left_out: int) -> None:
    """Somebody comes with a token that nobody has signed; so many others were not told."""
    facts: Values = {"because": "FORGED_TOKEN", **({"left_out": left_out} if left_out else {})}
    nobody = replace(context, caller=None)
    async with nobody.begin() as transaction:
        await record(nobody, transaction, Told(AuditAction.ACCESS_REFUSED, facts=facts))


async def refused_command(
    context: Context, command: str, about: Values, *, username: str | None = None, si_number: str | None = None
) -> None:
    """A command that could not be done now, and what it was about: which account or unit, or that there is none."""
    facts: dict[str, Value] = {**about, "act": command}
    fingerprint = context.gate.sealer.fingerprint
    async with context.begin() as transaction:
        if username is not None:
            account = await accounts.credentials(transaction, username)
            unknown: Value = f"#{fingerprint('username', username)}"
            facts |= {"account": account.viewer.account_id} if account else {"username": unknown}
        if si_number is not None:
            unit = await units.by_si_number(transaction, si_number)
            facts |= {"unit": unit.id} if unit else {"siNumber": f"#{fingerprint('siNumber', si_number)}"}
        await record(context, transaction, Told(AuditAction.REFUSED, facts=facts))


def _entry(context: Context, place: Place, told: Told) -> Entry:
    caller, sealer = context.caller, context.gate.sealer
    entry = Entry(
        place.id,
        place.chain,
        place.number,
        audit.FORMAT,
        max(context.now, place.opens),
        told.unit_id,
        caller.account_id if caller else None,
        caller.session if caller else None,
        caller.role if caller else None,
        context.address,
        told.action,
        told.beneficiary_id,
        told.version,
        told.body(**{} if caller or context.operator is None else {"operator": context.operator}),
        sealer.key_id,
        b"",
    )
    return entry._replace(mac=sealer.mac(*entry.vouched()))


async def hold(sealer: Sealer, connection: Reader) -> Sealer:
    """The same with the keys of the trail; raises WrongSecret."""
    sealer.hold(await audit.keys(connection))
    return sealer


async def expect(context: Context, transaction: Connection) -> None:
    """Let the database know what time it is here: a rehearsal's clock may be ahead of its own."""
    await audit.expect(transaction, context.now + _AHEAD)


async def ensure_key(context: Context) -> None:
    """Make the first key, where the trail has none yet."""
    async with context.begin() as transaction:
        await expect(context, transaction)
        if not await audit.keys(transaction):
            await audit.keep_first_key(transaction, context.gate.sealer.new_key(), context.now)

"""Masked data in full, for a reason that is kept (rules 6)."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.contact import Contact
from domain.refusal import ErrorCode, Refusal
from domain.text import is_blank, problem
from resolvers import keyring
from resolvers.context import Context
from storage import persons
from storage.database import Connection


@dataclass(frozen=True, slots=True)
class Revealed:
    """A person's ID number and contact data, or why they are not shown."""

    id_number: str | None = None
    contact: Contact = field(default_factory=Contact)
    refusals: tuple[Refusal, ...] = ()


async def reveal(context: Context, reference: str, beneficiary_id: int | None, reason: str) -> Revealed:
    """Show what is masked, and keep who looked and why in the same transaction."""
    if refusal := _obstacle(reason, reference):
        return Revealed(refusals=(refusal,))
    async with context.begin() as transaction:
        found = await persons.behind(transaction, beneficiary_id) if beneficiary_id is not None else None
        if found is None or beneficiary_id is None:
            return Revealed(refusals=(Refusal(ErrorCode.NOT_FOUND, ("input", "beneficiaryId"), reference),))
        person, contact = found
        personal = await keyring.fresh(context.gate.personal, transaction)  # after the row: its key is known by now
        await _record_look(context, transaction, beneficiary_id, reason.strip())
        return Revealed(personal.open(person.sealed, person.digest), contact)


def _obstacle(reason: str, reference: str) -> Refusal | None:
    """Whoever gives no reason learns nothing of the row, not even whether it is there."""
    if is_blank(reason):
        return Refusal(ErrorCode.REASON_REQUIRED, ("input", "reason"), reference, about="reveal")
    if problem(reason):
        return Refusal(ErrorCode.INVALID_TEXT, ("input", "reason"), reference)
    return None


async def _record_look(context: Context, transaction: Connection, beneficiary_id: int, reason: str) -> None:
    """Who looked at whose data, and why: for the audit trail."""

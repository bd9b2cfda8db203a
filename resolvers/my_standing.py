"""What a person is told about themselves: what was seen of them, what comes next, whom to ask. Rules 3.6."""

from __future__ import annotations

from collections.abc import Sequence

from domain.audit import AuditAction, Told
from domain.month import Month
from domain.text import is_blank, problem
from domain.vocabulary import EvidenceClass
from resolvers import audit
from resolvers.context import Context
from resolvers.errors import Refused
from storage import contacts
from storage.contacts import Agency
from storage.warnings import kinds

_BACK = 12
"""How many months back a person is told what was seen of them."""
_TOLD = (EvidenceClass.A, EvidenceClass.B, EvidenceClass.C, EvidenceClass.D)
"""Not E: whoever gave a hint is not given away."""


async def seen(context: Context) -> list[tuple[str, Month]]:
    """Kinds and months of what was recorded about the caller, the newest first; what was found wrong is left out."""
    async with context.reading() as connection:
        since = (context.month - _BACK).first_day
        return await contacts.seen_of_caller(connection, kinds(context.policy, *_TOLD), since)


async def agencies(context: Context, districts: Sequence[str]) -> list[Agency | None]:
    async with context.reading() as connection:
        found = await contacts.agencies(connection, districts)
    return [found.get(district) for district in districts]


async def keep_agency(context: Context, agency: Agency) -> None:
    """Write down where the agency of a district is asked."""
    for text in (agency.district, agency.phone, agency.address, agency.hours):
        if is_blank(text) or problem(text):
            raise Refused("district, phone, address and hours are plain text, 500 characters at most")
    async with context.begin() as transaction:
        await contacts.keep(transaction, agency)
        told = Told(AuditAction.IMPORTED, facts={"kind": "agency contact", "district": agency.district})
        await audit.record(context, transaction, told)

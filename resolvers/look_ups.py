"""People found by their whole ID number, each time recorded: by it a number is known to be somebody's. Rules 6."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain import identity
from domain.audit import AuditAction, Told
from domain.standing import Standing
from resolvers import audit, keyring
from resolvers.context import Context
from storage import persons, standings


@dataclass(frozen=True, slots=True)
class LookUp:
    """Who has this number: on one unit's roster, or wherever the account may see them."""

    number: str
    unit_id: int | None = None


def number_in(context: Context, text: str | None) -> str | None:
    """The whole ID number that somebody typed, where the account may see numbers at all; None for anything else."""
    number = identity.normalised(text or "")
    return number if context.viewer.unmasks and identity.is_number(number) else None


async def found(context: Context, look_ups: Sequence[LookUp]) -> list[list[Standing]]:
    """The rows behind each, within what the account may see; whoever was found is told to the trail, once each."""
    rows = [await _rows(context, look_up) for look_up in look_ups]
    distinct = {row.id: row for some in rows for row in some}
    if distinct:
        told = (Told(AuditAction.FOUND_BY_NUMBER, row.unit_id, row.id) for row in distinct.values())
        async with context.begin() as transaction:
            await audit.record(context, transaction, *told)
    return rows


async def _rows(context: Context, look_up: LookUp) -> list[Standing]:
    """Keys and people are of one moment, so that a rotation hides nobody."""
    async with context.snapshot() as connection:
        personal = await keyring.fresh(context.gate.personal, connection)
        person_id = await persons.known_by(connection, personal.digests(look_up.number))
        rows = [] if person_id is None else await standings.of_person(connection, person_id)
    return [row for row in rows if look_up.unit_id in (None, row.unit_id)]

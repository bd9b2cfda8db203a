"""The audit trail as its tests look at it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from resolvers import sealing, verifying
from resolvers.errors import Refused
from resolvers.sealing import Sealed
from resolvers.verifying import Verified
from resolvers.witness import Witness
from tests.api.scenes import Person, qualified
from tests.world import World


@dataclass(frozen=True)
class Shown:
    """An entry without what is the same in all of them."""

    action: str
    username: str | None
    unit_id: int | None
    beneficiary_id: int | None
    version: int | None
    body: dict[str, Any]


async def entries(world: World, since: int = 0) -> list[Shown]:
    """Every entry after that id, oldest first; the tests sign in with every question, which is left out."""
    rows = await world.owner.fetch(
        """SELECT e.*, a.username FROM audit_entries e LEFT JOIN accounts a ON a.id = e.account_id
           WHERE e.id > $1 AND e.action <> 'SIGNED_IN' ORDER BY e.id""",
        since,
    )
    return [
        Shown(
            row["action"],
            row["username"],
            row["unit_id"],
            row["beneficiary_id"],
            row["version"],
            json.loads(row["body"]),
        )
        for row in rows
    ]


async def newest(world: World) -> int:
    """The id of the newest entry."""
    found: int = await world.owner.fetchval("SELECT coalesce(max(id), 0) FROM audit_entries")
    return found


async def sealed(world: World) -> Sealed:
    return await sealing.seal(world.context())


async def verified(world: World, expected: bytes | Witness | None = None) -> Verified:
    return await verifying.verify(world.context(), expected, lambda done, total: None)


async def found(world: World, expected: bytes | Witness | None = None) -> str:
    """What the check names."""
    with pytest.raises(Refused) as refused:
        await verified(world, expected)
    return str(refused.value)


async def suspended(world: World) -> Person:
    """Failed in June and passed in July, with a payroll between."""
    [person] = await qualified(world)
    await world.officers()
    await world.payroll("2019-06")
    fail = {"beneficiaryId": person.node, "survivalStatus": "MISSING", "occurredOn": "2019-06-10"}
    await world.at("2019-06-20").act("overrideVerdict", fail)
    await world.payroll("2019-07")
    await world.at("2019-07-10").act(
        "overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "NORMAL", "reason": "本人到场"}
    )
    return person


async def the_entry(world: World, since: int) -> Shown:
    """The only one that came since."""
    [entry] = await entries(world, since)
    return entry

"""Commands tell the planner what they filled: no autovacuum comes by in the life of a command."""

from __future__ import annotations

import pytest

from storage import statistics
from tests.emptied import truncated
from tests.world import World

FILLED = [
    "beneficiaries", "benefit_rates", "certification_periods", "evidence", "payments_2019_03",
    "persons", "units", "verdicts", "verdicts_due",
]  # fmt: skip


async def looked_at(world: World) -> list[str]:
    """Of these tables those about which the planner has been told anything since they were emptied."""
    rows = await world.owner.fetch(
        "SELECT relname FROM pg_class WHERE relname = ANY($1) AND reltuples >= 0 ORDER BY relname", FILLED
    )
    return [row["relname"] for row in rows]


@pytest.mark.parametrize(("bulk", "expected"), [(1, FILLED), (1000, [])])
async def test_what_was_filled_in_bulk_is_looked_at(
    world: World, monkeypatch: pytest.MonkeyPatch, bulk: int, expected: list[str]
) -> None:
    """By the role of the commands, which owns none of the tables, the month's ledger among them."""
    monkeypatch.setattr(statistics, "BULK", bulk)
    await truncated(world.owner)
    await world.at("2019-01-05").units()
    await world.enrol()
    await world.raised(1, "2019-02", "3100.00")
    await world.at("2019-02-20").evidence(1, "rail_travel", "2019-02-10")
    await world.payroll("2019-03")
    await world.at("2019-04-02").assess("2019-03")
    assert await looked_at(world) == expected

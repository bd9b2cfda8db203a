"""A month that was begun and never frozen, and that a later one has overtaken: it says so, and leaves nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime

import pytest

from domain.month import Month
from resolvers import payroll as payrolls
from resolvers.context import Context
from resolvers.errors import Refused
from storage import batches, payroll_entries
from storage.database import Connection
from tests.storage.parts import at_once, end_early, freeze
from tests.world import World

NEVER_AGAIN = "the ledger begins with 2019-07; earlier months cannot be frozen any more"


@pytest.fixture(autouse=True)
def parts_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two people a part, two parts for three people."""
    monkeypatch.setattr(payroll_entries, "CHUNK", 2)


@pytest.fixture
async def june_and_july(world: World) -> None:
    """Three people on 2019-07-08, no payroll yet; June's and July's could be the first."""
    await world.at("2019-06-05").units()
    for serial in (1, 2, 3):
        await world.enrol(serial)
    await world.publish("2019-05")
    await world.at("2019-07-04").publish("2019-06")
    world.at("2019-07-08")


@pytest.mark.usefixtures("june_and_july")
async def test_a_first_month_that_was_given_up_leaves_nothing_when_a_later_one_is_frozen(world: World) -> None:
    """It cannot be frozen any more. A later one that was begun as well is gone on with."""
    june, july, august = Month(2019, 6), Month(2019, 7), Month(2019, 8)
    await end_early(world, june, 1)
    await world.at("2019-08-04").publish("2019-07")
    await end_early(world.at("2019-08-08"), august, 1)
    held = "SELECT relname FROM pg_class WHERE relname ~ '^payments_2019_..$' ORDER BY 1"
    await payrolls.preview(world.context(), july)
    assert [row[0] for row in await world.owner.fetch(held)] == ["payments_2019_06", "payments_2019_08"]
    await payrolls.freeze(world.context(), july)
    assert [row[0] for row in await world.owner.fetch(held)] == ["payments_2019_07", "payments_2019_08"]
    with pytest.raises(Refused, match=NEVER_AGAIN):
        await payrolls.freeze(world.context(), june)
    expected = await at_once(world, august)
    assert await freeze(world, august) == expected


@pytest.mark.parametrize("before", [2, 3])
@pytest.mark.usefixtures("june_and_july")
async def test_a_month_that_is_overtaken_between_two_parts_says_so(
    world: World, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the turn was lost, a later month may begin the ledger meanwhile; of the run nothing is left."""
    entered, begin = 0, payrolls._at_one_moment

    @asynccontextmanager
    async def overtaken(context: Context) -> AsyncIterator[tuple[Connection, datetime]]:
        nonlocal entered
        entered += 1
        if entered == before:
            await payrolls.freeze(context, Month(2019, 7))
        async with begin(context) as entering:
            yield entering

    monkeypatch.setattr(batches, "turn", lambda *_: nullcontext())
    monkeypatch.setattr(payrolls, "_at_one_moment", overtaken)
    with pytest.raises(Refused, match=NEVER_AGAIN):
        await payrolls.freeze(world.context(), Month(2019, 6))
    assert await world.owner.fetchval("SELECT count(*) FROM payrolls_under_way") == 0
    assert await world.owner.fetchval("SELECT array_agg(month::text) FROM payrolls") == ["2019-07-01"]

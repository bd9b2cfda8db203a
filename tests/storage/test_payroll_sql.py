"""What the SQL payroll writes down for everybody equals what the domain says of each person alone."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from resolvers import check
from resolvers.check import Checked
from tests.storage.lived import Lives
from tests.storage.lots import BEGINS, LOT, PAYDAYS, Lot
from tests.world import World

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)  # a failure shows the lots; there is no shrinking for minutes
UNCLEAN = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]  # every example empties the world itself


@settings(max_examples=10, deadline=None, phases=PHASES, suppress_health_check=UNCLEAN)
@given(lots=st.lists(LOT, min_size=8, max_size=8), paydays=PAYDAYS, begins=BEGINS)
async def test_sql_pays_what_the_domain_says(
    world: World, lots: list[Lot], paydays: list[int | None], begins: int
) -> None:
    """Entries, lines and overpayments of every payroll, on time or late, and every standing at the end. Rules 5."""
    lives = Lives(world, lots)
    await lives.begin()
    await lives.live(paydays, begins)
    await lives.check_overpayments()
    assert await check.standings(world.context()) == Checked(len(lots), [])

"""What a FAIL held back of a raise goes out once the FAIL is corrected."""

from __future__ import annotations

import pytest

from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from tests.world import World


async def adjusted(world: World, id: int) -> dict[str, str]:
    """The adjusted months with what they got."""
    rows = await world.owner.fetch(
        "SELECT month, amount FROM payment_lines WHERE beneficiary_id = $1 AND kind = 'ADJUSTMENT' ORDER BY month", id
    )
    return {f"{row['month']:%Y-%m}": str(row["amount"]) for row in rows}


@pytest.fixture
async def paid(world: World) -> int:
    """Somebody paid 3000.00 from February to May 2019, with a raise to 3100.00 from March announced on 4 June."""
    await world.at("2019-01-05").units()
    id = await world.enrol()
    await world.payroll("2019-02", "2019-03", "2019-04", "2019-05")
    await world.at("2019-06-04").raised(1, "2019-03", "3100.00")
    return id


async def test_a_raise_is_adjusted(world: World, paid: int) -> None:
    await world.payroll("2019-06")
    assert await adjusted(world, paid) == {"2019-03": "100.00", "2019-04": "100.00", "2019-05": "100.00"}


async def test_a_raise_held_back_by_a_fail_goes_out_after_the_pass_of_the_same_month(world: World, paid: int) -> None:
    await world.at("2019-06-05").submit(Act.OVERRIDE, paid, status=SurvivalStatus.DECEASED, since="2019-02-15")
    await world.payroll("2019-06")
    assert await adjusted(world, paid) == {}
    await world.at("2019-06-20").submit(Act.OVERRIDE, paid, reason="本人到场")
    await world.payroll("2019-07")
    assert await adjusted(world, paid) == {"2019-03": "100.00", "2019-04": "100.00", "2019-05": "100.00"}


async def test_a_raise_held_back_by_a_fail_goes_out_when_the_loss_proves_later(world: World, paid: int) -> None:
    await world.at("2019-06-05").submit(Act.OVERRIDE, paid, status=SurvivalStatus.DECEASED, since="2019-02-15")
    await world.payroll("2019-06")
    await world.at("2019-06-20").submit(Act.TERMINATE, paid, status=SurvivalStatus.DECEASED, since="2019-05-20")
    await world.payroll("2019-07")
    assert await adjusted(world, paid) == {"2019-03": "100.00", "2019-04": "100.00", "2019-05": "100.00"}

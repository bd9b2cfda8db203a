"""A value of the API's own scalars that cannot be read: the answer says how to write it, and repeats nothing."""

import pytest

from tests.world import OFFICER, World, node_id

SETTLE = "mutation($i: SettleOverpaymentInput!) { settleOverpayment(input: $i) { userErrors { code } } }"
WHY = "query($id: ID!, $m: Month!) { node(id: $id) { ... on Beneficiary { entitlement(month: $m) { paid } } } }"


@pytest.mark.parametrize("amount", ["1e3", "-1", "0.001", "NaN", "13812345678.00", 12.5])
async def test_an_amount_is_told_how_to_be_written(world: World, amount: object) -> None:
    """Two places, as a string; never a float (rules 5.8)."""
    await world.officers()
    asked = {"beneficiaryId": node_id(1), "kind": "INSTALMENT", "amount": amount}
    [error] = await world.errors(SETTLE, {"i": asked}, as_=OFFICER)
    expected = "Variable '$i' does not have its type at 'amount': an amount is a string in yuan with two places"
    assert error["message"].startswith(expected)
    assert (error["extensions"]["code"], str(amount) in error["message"]) == ("BAD_USER_INPUT", False)


async def test_a_month_is_told_how_to_be_written(world: World) -> None:
    """The same for a variable that is no part of an input."""
    await world.units()
    [error] = await world.errors(WHY, {"id": node_id(1), "m": "2019-13"})
    assert error["message"] == "Variable '$m' does not have its type: a month is written YYYY-MM, such as 2019-06."

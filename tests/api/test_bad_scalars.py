"""A value of the API's own scalars that cannot be read: the answer says how to write it, and repeats nothing."""

import json

import pytest

from tests.world import OFFICER, World, node_id

SETTLE = "mutation($i: SettleOverpaymentInput!) { settleOverpayment(input: $i) { userErrors { code } } }"
AS_OF = """query($d: Date, $id: ID!) { node(id: $id) { ... on Beneficiary {
    entitlement(month: "2019-07", asOf: $d) { paid } } } }"""
WHY = "query($id: ID!, $m: Month!) { node(id: $id) { ... on Beneficiary { entitlement(month: $m) { paid } } } }"


@pytest.mark.parametrize("amount", ["1e3", "-1", "0.001", "NaN", "13812345678.00", 12.5])
async def test_an_amount_is_told_how_to_be_written(world: World, amount: object) -> None:
    """Two places, as a string; never a float (rules 5.8)."""
    await world.officers()
    asked = {"beneficiaryId": node_id(1), "kind": "INSTALMENT", "amount": amount}
    [error] = await world.errors(SETTLE, {"i": asked}, as_=OFFICER)
    expected = "变量“$i”在“amount”处的值不符合其类型：金额为字符串，以元为单位，两位小数"
    assert error["message"].startswith(expected)
    assert (error["extensions"]["code"], str(amount) in error["message"]) == ("BAD_USER_INPUT", False)


@pytest.mark.parametrize("written", ["", "2019-6-1", "2019-02-30", "欧阳", 20190605])
async def test_a_date_is_told_how_to_be_written(world: World, written: object) -> None:
    """As a variable and as a literal; what was typed may be anything, and is not said back."""
    await world.units()
    how = "日期写作YYYY-MM-DD，如2019-06-05"
    [error] = await world.errors(AS_OF, {"id": node_id(1), "d": written})
    assert error["message"] == f"变量“$d”的值不符合其类型：{how}。"
    literal = AS_OF.replace("$d: Date, ", "").replace("$d", json.dumps(written, ensure_ascii=False))
    [error] = await world.errors(literal, {"id": node_id(1)})
    assert error["message"] == how


async def test_a_month_is_told_how_to_be_written(world: World) -> None:
    """The same for a variable that is no part of an input."""
    await world.units()
    [error] = await world.errors(WHY, {"id": node_id(1), "m": "2019-13"})
    assert error["message"] == "变量“$m”的值不符合其类型：月份写作YYYY-MM，如2019-06。"

"""`confirmCertification`. Notice 一(五), 四(一)."""

from tests.world import World, node_id


async def test_confirming_a_qualified_person_restarts_the_period_this_month(world: World) -> None:
    """单位每年至少确认一次认证信息…每确认一次，认证服务期开始时间就会自动更新，服务期相应递延。"""
    await world.units()
    person = await world.enrol(1, certified_in="2018-12")
    await world.at("2019-06-01").evidence(1, "rail_travel", "2019-05-20")
    await world.at("2019-06-04").publish("2019-05")
    answer = await world.at("2019-06-05").act("confirmCertification", {"beneficiaryId": node_id(person)})
    assert answer["userErrors"] == []
    assert answer["renewed"] == 1
    [row] = answer["beneficiaries"]
    assert row["certificationPeriod"] == {"startMonth": "2019-06", "endMonth": "2020-06", "method": "CONFIRM"}
    assert row["paidThrough"] == "2020-06"
    assert row["verdict"]["answered"] is True
    assert await world.person(person) == row

"""大数据认证描述: which evidence, which class, which rule, in words a clerk understands. rules.md 3.6."""

from __future__ import annotations

import pytest

from tests.world import World

WINDOW = "2018年12月至2019年5月期间"


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ((), "没有获取到任何活动记录。请核实后提报。"),
        ((("rail_travel", "2019-05-20"),), f"{WINDOW}有活动记录：2019年5月铁路实名乘车（B类），具备资格。"),
        (
            (("pharmacy_card", "2019-05-20"), ("pharmacy_card", "2019-05-20")),
            f"{WINDOW}只有可由他人代用的刷卡记录，且均为同一种类、同一日期，不足以认定。请核实后提报；"
            "最近行为：2019年5月药店刷卡（C类）。",
        ),
        (
            (("pharmacy_card", "2019-05-20"), ("bus_card", "2019-05-20")),
            f"{WINDOW}有两个以上种类或日期的刷卡记录，最近一次：2019年5月药店刷卡（C类），具备资格。",
        ),
        (
            (("cremation", "2019-05-02"), ("rail_travel", "2019-05-20")),
            "数据相互矛盾：有丧失资格记录2019年5月火化记录（D类），此后又有2019年5月铁路实名乘车（B类）。"
            "请向本人或家属核实后提报。",
        ),
        (
            (("rail_travel", "2018-11-30"),),
            f"{WINDOW}没有活动记录；最近行为：2018年11月铁路实名乘车（B类），已超出认定期限。请核实后提报。",
        ),
        (
            (("tip_off", "2019-03-01"), ("air_travel", "2019-05-01")),
            "有间接线索：2019年3月举报线索（E类），尚不足以认定丧失资格。请核实后提报；"
            "最近行为：2019年5月民航实名乘机（B类）。",
        ),
    ],
)
async def test_a_verdict_says_what_it_rests_on(world: World, records: tuple[tuple[str, str], ...], words: str) -> None:
    """Kinds and months, never a place or an amount; the cases 12 to 14 of the worked ones among them."""
    await world.units()
    person = await world.enrol(1)
    for kind, day in records:
        await world.at("2019-06-01").evidence(1, kind, day)
    await world.at("2019-06-04").publish("2019-05")
    assert (await world.person(person))["verdict"]["description"] == words

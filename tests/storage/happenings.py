"""What may happen to the people of `changing` between two parts of a payroll."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from tests.commands.ledger import failed, passed
from tests.world import World, node_id

People = dict[str, int]
"""The rows' ids by name: `stops` is 1, `resumes` 2, `raised` 3, `same` 4, `starts` 5."""
Happening = Callable[[World, People], Awaitable[object]]


async def passed_together(world: World, people: People) -> None:
    outcome = await world.submit(Act.BATCH_PASS, *people.values(), reason="本人到场")
    assert outcome.refusals == ()


async def fails(world: World, people: People) -> None:
    await failed(world, people["raised"], "2019-11-08", "2019-09-10")


async def failed_before(world: World, people: People) -> None:
    """In October, told now: the suspension begins after the month that is frozen."""
    await world.submit(Act.OVERRIDE, people["same"], status=SurvivalStatus.MISSING, since="2019-10-30")


async def terminated(world: World, people: People) -> None:
    outcome = await world.submit(
        Act.TERMINATE, people["same"], status=SurvivalStatus.DECEASED, since="2019-10-18", reason="死亡"
    )
    assert outcome.refusals == ()


async def reinstated(world: World, people: People) -> None:
    await passed(world, people["stops"], "2019-11-08")
    case = await world.request(people["stops"])
    assert (await world.review(case["reinstatement"]["id"]))["userErrors"] == []


async def raise_announced(world: World, people: People) -> None:
    """Of the month and of three paid ones before it."""
    await world.raised(4, "2019-08", "3300.00")


async def raise_announced_for_later(world: World, people: People) -> None:
    await world.raised(4, "2019-12", "3300.00")


async def raise_withdrawn(world: World, people: People) -> None:
    """What begins with the month not yet paid is announced, and then what was before."""
    await world.raised(5, "2019-11", "2900.00")
    await world.raised(5, "2019-11", "2500.00")


async def rate_taken_back(world: World, people: People) -> None:
    """No other amount takes its place; no command does so, and the database would let it."""
    await world.raised(1, "2019-11", "3500.00")
    await world.owner.execute(
        """UPDATE benefit_rates SET known = tstzrange(lower(known), (SELECT last FROM batch_clock) + interval '1 s')
           WHERE from_month = '2019-08-01' AND upper_inf(known) AND beneficiary_id = 3;
           UPDATE batch_clock SET last = last + interval '2 s'"""
    )


async def enrolled(world: World, people: People) -> None:
    await world.enrol(6, benefit_from="2019-11", certified_in="")


async def enrolled_late(world: World, people: People) -> None:
    await world.enrol(6, benefit_from="2019-05", certified_in="")


async def enrolled_for_later(world: World, people: People) -> None:
    await world.at("2019-12-02").enrol(6, benefit_from="2019-12", certified_in="")


async def contact_edited(world: World, people: People) -> None:
    """Nothing about money, but the entry names the version of the row."""
    edit = {"contact": {"phone": "13900001111"}}
    answer = await world.act("updateContact", {"beneficiaryId": node_id(people["same"]), **edit})
    assert answer["userErrors"] == []


async def older_month_published(world: World, people: People) -> None:
    """It renews, late: version and period of everybody it is about."""
    await world.evidence(4, "rail_travel", "2019-04-20")
    published = await world.publish("2019-04", release=True)
    assert published.people > 0


HAPPENINGS: list[Happening] = [
    passed_together, fails, failed_before, terminated, reinstated, raise_announced, raise_announced_for_later,
    raise_withdrawn, rate_taken_back, enrolled, enrolled_late, enrolled_for_later, contact_edited,
    older_month_published,
]  # fmt: skip

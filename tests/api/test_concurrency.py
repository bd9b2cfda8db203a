"""Acts at the same moment: they serialise, none is lost, none waits for another in a circle."""

import asyncio
from collections import Counter
from typing import Any

from tests.api.scenes import Person, account, acts, concluded, enrolled, judged, period, qualified, seen
from tests.world import SCHOOL, World

FAIL = {"survivalStatus": "DECEASED", "occurredOn": "2019-06-10"}


def page(people: list[Person], **rest: Any) -> dict[str, Any]:
    return {"page": [{"beneficiaryId": person.node, **rest} for person in people]}


async def versions(world: World, person: Person) -> list[int]:
    """The versions under which facts about a person were recorded, in order."""
    rows = await world.owner.fetch(
        """SELECT version FROM certifications WHERE beneficiary_id = $1
           UNION ALL SELECT version FROM verdicts WHERE beneficiary_id = $1
           UNION ALL SELECT version FROM terminations WHERE beneficiary_id = $1 ORDER BY 1""",
        person.id,
    )
    return [row["version"] for row in rows]


async def test_two_handlers_passing_the_same_page_give_one_renewal_each_person(world: World) -> None:
    """Two handlers passing the same page give one renewal and no deadlock, in whatever order the rows are sent."""
    people = await qualified(world, 20)
    second = await account(world, f"{SCHOOL}/2", "UNIT", unit_si_number=SCHOOL)
    answers = await asyncio.gather(
        world.act("batchPass", page(people)),
        world.act("batchPass", page(people[::-1]), as_=second),
        world.act("batchPass", page(people[10:] + people[:10])),
    )
    assert [answer["userErrors"] for answer in answers] == [[], [], []]
    assert sorted(answer["renewed"] for answer in answers) == [0, 0, 20]
    opened = await world.owner.fetch(
        "SELECT beneficiary_id FROM certification_periods WHERE start_month = '2019-06-01' AND method = 'BATCH_PASS'"
    )
    assert Counter(row[0] for row in opened) == {person.id: 1 for person in people}
    for person in people[::7]:
        assert await versions(world, person) == [2, 3, 4, 5]


async def test_of_two_handlers_who_saw_the_same_version_one_is_stale(world: World) -> None:
    """With the versions they saw, the second handler is told, and nothing is recorded twice."""
    people = await qualified(world, 20)
    answers = await asyncio.gather(
        world.act("batchPass", page(people, version=2)), world.act("batchPass", page(people[::-1], version=2))
    )
    assert sorted(len(answer["userErrors"]) for answer in answers) == [0, 20]
    told = max(answers, key=lambda answer: len(answer["userErrors"]))
    assert {error["code"] for error in told["userErrors"]} == {"STALE_VERSION"}
    assert {row["version"] for row in told["beneficiaries"]} == {3}
    assert await world.owner.fetchval("SELECT count(*) FROM certifications") == 20


async def test_many_acts_on_one_person_serialise(world: World) -> None:
    """Concurrent acts on the same person serialise, with versions strictly increasing."""
    [person] = await qualified(world)
    given = {"beneficiaryId": person.node}
    answers = await asyncio.gather(
        *(world.act("confirmCertification", given) for _ in range(5)),
        *(world.act("updateContact", {**given, "contact": {"phone": f"1390000000{n}"}}) for n in range(5)),
        *(world.act("overrideVerdict", {**given, "survivalStatus": "NORMAL"}) for _ in range(5)),
    )
    assert [answer["userErrors"] for answer in answers] == [[]] * 15
    assert sorted(answer["beneficiaries"][0]["version"] for answer in answers) == list(range(3, 18))
    assert sum(answer["renewed"] for answer in answers) == 1
    assert await versions(world, person) == list(range(2, 18))
    assert (await world.person(person.id))["version"] == 17


async def test_a_fail_and_a_pass_racing_leave_what_the_later_one_says(world: World) -> None:
    """The row is what its history says: the act with the higher version decides."""
    people = await qualified(world, 6)
    world.at("2019-06-20")
    await asyncio.gather(
        *(world.act("overrideVerdict", {"beneficiaryId": person.node, **FAIL}) for person in people),
        *(world.act("confirmCertification", {"beneficiaryId": person.node}) for person in people[::-1]),
    )
    for person in people:
        row = await world.person(person.id)
        last = acts(row)[0][2]
        assert row["paidThrough"] == {"FAIL": "2019-06", "PASS": "2020-06"}[last]
        assert await versions(world, person) == [2, 3, 4]
    assert await in_force_overlaps(world) == 0


async def test_a_termination_racing_with_passes_wins_or_comes_last(world: World) -> None:
    """Nothing is recorded of a person after the termination."""
    [person] = await qualified(world)
    ended = {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-06-03"}
    answers = await asyncio.gather(
        *(world.act("confirmCertification", {"beneficiaryId": person.node}) for _ in range(4)),
        world.act("terminateBenefit", ended),
        *(world.act("confirmCertification", {"beneficiaryId": person.node}) for _ in range(4)),
    )
    done = [answer for answer in answers if not answer["userErrors"]]
    late = [error["code"] for answer in answers for error in answer["userErrors"]]
    assert set(late) <= {"ALREADY_TERMINATED"}
    last: int = await world.owner.fetchval("SELECT version FROM terminations")
    assert await versions(world, person) == list(range(2, last + 1))
    assert len(done) == last - 2
    assert (await world.person(person.id))["paidThrough"] == "2019-06"


async def test_only_one_of_many_terminations_is_recorded(world: World) -> None:
    """A benefit ends once."""
    [person] = await qualified(world)
    ended = {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-06-03"}
    answers = await asyncio.gather(*(world.act("terminateBenefit", ended) for _ in range(6)))
    codes = [error["code"] for answer in answers for error in answer["userErrors"]]
    assert codes == ["ALREADY_TERMINATED"] * 5


async def test_a_page_racing_with_the_publication_is_neither_lost_nor_stuck(world: World) -> None:
    """Publication and acts lock the rows in the same order; both happen, whichever comes first."""
    people = await qualified(world, 40)
    await seen(world.at("2019-07-01"), *((person, "transport", "air_travel", "2019-06-20") for person in people))
    await world.assess("2019-06")
    world.at("2019-07-04")
    published, *answers = await asyncio.gather(
        world.publish_only("2019-06"),
        world.act("batchPass", page(people[:20])),
        world.act("batchPass", page(people[::-1][:20])),
        *(world.act("confirmCertification", {"beneficiaryId": person.node}) for person in people[::9]),
    )
    assert published.people == 40
    assert [answer["userErrors"] for answer in answers] == [[]] * 7
    for person in people:
        row = await world.person(person.id)
        assert row["verdict"]["month"] == "2019-06"
        assert period(row) in ("2019-07..2020-07 BATCH_PASS", "2019-07..2020-07 CONFIRM")
        assert ("BATCH_PASS", "NORMAL", "PASS") in acts(row)
        known = await versions(world, person)
        assert known == list(range(2, 2 + len(known)))
        assert row["version"] == known[-1]
    assert await in_force_overlaps(world) == 0


async def test_acts_on_the_same_rows_of_different_pages_do_not_deadlock(world: World) -> None:
    """Overlapping pages, each in another order, again and again."""
    people = await judged(world, *["PENDING"] * 12)
    pages = [people[n:] + people[:n] for n in range(0, 12, 2)] + [people[::-1], people[3:9][::-1]]
    answers = await asyncio.gather(*(world.act("batchPass", page(rows)) for rows in pages))
    assert [answer["userErrors"] for answer in answers] == [[]] * 8
    assert sum(answer["renewed"] for answer in answers) == 12


async def test_a_month_published_twice_at_once_is_published_once(world: World) -> None:
    """Publishing twice changes nothing (rules 3.1), at the same moment neither."""
    await world.units()
    [person] = await enrolled(world)
    await concluded(world, (person, "QUALIFIED"))
    await world.at("2019-07-01").assess("2019-06")
    world.at("2019-07-04")
    both = await asyncio.gather(*(world.publish_only("2019-06") for _ in range(3)))
    assert sorted(published.earlier for published in both) == [False, True, True]
    assert await versions(world, person) == [2, 3]


async def in_force_overlaps(world: World) -> int:
    found: int = await world.owner.fetchval(
        """SELECT count(*) FROM certification_periods a JOIN certification_periods b
           ON a.beneficiary_id = b.beneficiary_id AND a.id < b.id AND a.in_force && b.in_force"""
    )
    return found

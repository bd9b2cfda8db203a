"""An objection from its report to its ruling. Notice 三(四); rules 4: any verdict may be reported as wrong."""

from __future__ import annotations

import asyncio
from typing import Any

from tests.api.favours import decide as decide_review
from tests.api.favours import reviews
from tests.api.money import CHIEF, codes, named, stated
from tests.api.objections import (
    PAPER,
    PERSON,
    SEEN,
    STATEMENT,
    decide,
    declared_dead,
    listed,
    report,
    reported,
    take,
)
from tests.api.scenes import Person, account, acts, enrolled, saved
from tests.audit.trail import entries, newest
from tests.world import BUREAU, HANDLER, OFFICER, SCHOOL, World, id_number


async def test_a_report_makes_a_case_that_says_everything(world: World) -> None:
    """Whose verdict, why, with what proofs, who answers for it, and by when it is to be decided: 72 hours."""
    [person] = await declared_dead(world)
    case = await reported(world, person, statement=f"  {STATEMENT} ", proofs=[SEEN, PAPER])
    assert case == {
        "id": case["id"],
        "kind": "DECLARED_DEAD",
        "lane": "FAST",
        "status": "REPORTED",
        "statement": STATEMENT,
        "owner": None,
        "outcome": None,
        "reason": None,
        "overdue": False,
        "reportedAs": "UNIT",
        "handlerName": HANDLER["name"],
        "reportedAt": "2019-06-05T09:00:00+08:00",
        "dueAt": "2019-06-08T09:00:00+08:00",
        "decidedAt": None,
        "verdict": {"month": "2019-05", "conclusion": "DISQUALIFIED"},
        "beneficiary": {"id": person.node},
        "proofs": [SEEN, PAPER],
        "falseRecords": [],
        "reinstatement": None,
    }


async def test_the_person_reports_without_a_handler_and_reads_the_answer(world: World) -> None:
    """By the own account, for the own row; `Beneficiary.objections` shows it to the person and to the unit."""
    [person] = await declared_dead(world)
    case = await reported(world, person, as_=PERSON)
    assert (case["reportedAs"], case["handlerName"]) == ("PERSON", None)
    await decide(world, case, "VERDICT_RIGHT", reason="经查记录无误")
    document = "query($id: ID!) { node(id: $id) { ... on Beneficiary { objections { id outcome reason } } } }"
    for as_ in (PERSON, SCHOOL, OFFICER):
        row = (await world.ask(document, {"id": person.node}, as_=as_))["node"]
        assert row["objections"] == [{"id": case["id"], "outcome": "VERDICT_RIGHT", "reason": "经查记录无误"}]


async def test_a_report_by_itself_changes_neither_payment_nor_version(world: World) -> None:
    [person] = await declared_dead(world)
    before = await world.person(person.id)
    await reported(world, person)
    assert await world.person(person.id) == before


async def test_another_kind_goes_the_ordinary_lane(world: World) -> None:
    """480 hours; it may be about any verdict, a QUALIFIED one too."""
    _, other = await declared_dead(world, "QUALIFIED")
    case = await reported(world, other, kind="OTHER", proofs=[], month="2019-05")
    assert (case["lane"], case["dueAt"]) == ("ORDINARY", "2019-06-25T09:00:00+08:00")


async def test_a_report_is_refused_by_field_and_saves_nothing(world: World) -> None:
    person, other = await declared_dead(world, "QUALIFIED")
    before = await saved(world)
    refused: list[tuple[Any, dict[str, Any], list[tuple[str, str]]]] = [
        (person, {"statement": " "}, [("REASON_REQUIRED", "input.statement")]),
        (person, {"statement": "x" * 501}, [("INVALID_TEXT", "input.statement")]),
        (person, {"handler": None}, [("HANDLER_REQUIRED", "input.handler.name"),
                                     ("HANDLER_REQUIRED", "input.handler.contact")]),
        (person, {"proofs": [SEEN, SEEN]}, [("DUPLICATE_ROW", "input.proofs.1.sha256")]),
        (person, {"proofs": [{**SEEN, "document": {"name": "x", "sha256": "y"}}]},
         [("INVALID_DOCUMENT", "input.proofs.0.sha256")]),
        (person, {"month": "2019-04"}, [("NOT_FOUND", "input.beneficiaryId")]),
        (Person(10**9, 1), {}, [("NOT_FOUND", "input.beneficiaryId")]),
        (other, {}, [("NOT_DECLARED_DEAD", "input.kind")]),
        (person, {"as_": PERSON, "handler": HANDLER}, [("INVALID_TEXT", "input.handler")]),
        (other, {"as_": PERSON}, [("NOT_FOUND", "input.beneficiaryId")]),
    ]  # fmt: skip
    for whom, given, expected in refused:
        assert named(await report(world, whom, **given)) == expected
    assert await world.owner.fetchval("SELECT count(*) FROM objections") == 0
    assert await saved(world) == before


async def test_a_unit_reports_nobody_elses(world: World) -> None:
    [person] = await declared_dead(world)
    await world.units(BUREAU)
    assert codes(await report(world, person, as_=BUREAU)) == ["NOT_FOUND"]


async def test_of_two_reports_at_once_one_is_opened_and_after_a_ruling_another_may_be(world: World) -> None:
    """One open case a verdict."""
    [person] = await declared_dead(world)
    answers = await asyncio.gather(*(report(world, person, as_=as_) for as_ in (SCHOOL, PERSON, SCHOOL)))
    assert sorted(code for answer in answers for code in codes(answer)) == ["OBJECTION_OPEN"] * 2
    case = next(answer["objection"] for answer in answers if answer["objection"])
    await decide(world, case, "VERDICT_RIGHT")
    assert (await reported(world, person))["id"] != case["id"]


async def test_an_officer_takes_a_case_and_another_may_take_it_over(world: World) -> None:
    """Who has taken it decides it; whoever decides what nobody took has taken it thereby."""
    [person] = await declared_dead(world)
    case = await reported(world, person)
    assert (await take(world, case))["objection"]["owner"] == OFFICER
    assert named(await decide(world, case, as_=CHIEF)) == [("NOT_THE_OWNER", "input.objectionId")]
    taken = (await take(world, case, as_=CHIEF))["objection"]
    assert (taken["owner"], taken["status"]) == (CHIEF, "TAKEN")
    assert codes(await decide(world, case)) == ["NOT_THE_OWNER"]
    assert (await decide(world, case, as_=CHIEF))["objection"]["status"] == "DECIDED"
    for answer in (await take(world, case), await decide(world, case, as_=CHIEF)):
        assert named(answer) == [("ALREADY_DECIDED", "input.objectionId")]


async def test_nobody_decides_about_themself(world: World) -> None:
    """An officer who draws a benefit too: neither the own objection nor the review of a PASS that the unit gave."""
    [person] = await declared_dead(world)
    whose = {"district": "市南区", "id_number": id_number(person.serial)}
    await account(world, "officer-herself", "OFFICER", **whose)
    case = await reported(world, person, as_=PERSON)
    for answer in (await take(world, case, as_="officer-herself"), await decide(world, case, as_="officer-herself")):
        assert named(answer) == [("OWN_CASE", "input.objectionId")]
    await stated(world, person, {"survivalStatus": "NORMAL", "reason": "本人到场"})
    [review] = await reviews(world)
    answer = await decide_review(world, review, "IN_ORDER", as_="officer-herself")
    assert named(answer) == [("OWN_CASE", "input.reviewId")]


async def test_of_two_officers_at_the_same_moment_one_decides(world: World) -> None:
    [person] = await declared_dead(world)
    case = await reported(world, person)
    answers = await asyncio.gather(*(decide(world, case, as_=as_) for as_ in (OFFICER, CHIEF, OFFICER)))
    assert sorted(code for answer in answers for code in codes(answer)) == ["ALREADY_DECIDED"] * 2
    assert acts(await world.person(person.id)) == [("SERVICE_WINDOW", "NORMAL", "PASS")]


async def test_an_officer_of_another_district_finds_no_case(world: World) -> None:
    [person] = await declared_dead(world)
    await world.officers("officer-far", district="城阳区")
    case = await reported(world, person)
    for answer in (await take(world, case, as_="officer-far"), await decide(world, case, as_="officer-far")):
        assert named(answer) == [("NOT_FOUND", "input.objectionId")]
    assert (await listed(world, as_="officer-far"))["totalCount"] == 0


async def test_the_queue_goes_by_what_is_due_first(world: World) -> None:
    """A fast case of later goes before an ordinary one; status, lane and overdue choose, and the counts agree."""
    people = await declared_dead(world, "PENDING", "DISQUALIFIED")
    for person, kind in zip(people, ("DECLARED_DEAD", "OTHER", "DECLARED_DEAD"), strict=True):
        await reported(world, person, kind=kind)
        world.clock.advance(hours=1)
    everything = await listed(world)
    order = [edge["node"]["beneficiary"]["id"] for edge in everything["edges"]]
    assert order == [people[0].node, people[2].node, people[1].node]
    first = await listed(world, first=1)
    rest = await listed(world, first=5, after=first["pageInfo"]["endCursor"])
    assert [edge["node"]["beneficiary"]["id"] for edge in rest["edges"]] == [people[2].node, people[1].node]
    await decide(world, everything["edges"][0]["node"])
    world.clock.advance(hours=72)
    for chosen, whose in (
        ({"lane": "FAST"}, [0, 2]),
        ({"lane": "ORDINARY"}, [1]),
        ({"status": "REPORTED"}, [2, 1]),
        ({"status": "DECIDED", "overdue": False}, [0]),
        ({"overdue": True}, [2]),
        ({"overdue": True, "lane": "ORDINARY"}, []),
    ):
        page = await listed(world, **chosen)
        assert [edge["node"]["beneficiary"]["id"] for edge in page["edges"]] == [people[n].node for n in whose]
        assert page["totalCount"] == len(whose)


async def test_a_list_shows_its_readers_own(world: World) -> None:
    [person] = await declared_dead(world)
    await world.units(BUREAU)
    await account(world, "auditor", "AUDITOR")
    await reported(world, person)
    shown = {as_: (await listed(world, as_=as_))["totalCount"] for as_ in (SCHOOL, BUREAU, OFFICER, "auditor")}
    assert shown == {SCHOOL: 1, BUREAU: 0, OFFICER: 1, "auditor": 1}


async def test_a_cursor_of_another_list_is_refused(world: World) -> None:
    await declared_dead(world)
    document = '{ objections(after: "cmVpbnN0YXRlbWVudHM6MQ==") { totalCount } }'
    [error] = await world.errors(document, as_=OFFICER)
    assert error["extensions"]["code"] == "BAD_USER_INPUT"


async def test_under_a_key_each_act_is_done_once(world: World) -> None:
    """The first answer is given again to the letter; with another input the key is refused."""
    [person] = await declared_dead(world)
    case = await reported(world, person, idempotencyKey="k-1")
    assert await reported(world, person, idempotencyKey="k-1") == case
    assert codes(await report(world, person, idempotencyKey="k-1", statement="另一说法")) == ["IDEMPOTENCY_KEY_REUSED"]
    first = await take(world, case, idempotencyKey="k-2")
    assert await take(world, case, idempotencyKey="k-2") == first
    ruled = await decide(world, case, idempotencyKey="k-3")
    assert await decide(world, case, idempotencyKey="k-3") == ruled
    assert ruled["userErrors"] == []
    assert len(acts(await world.person(person.id))) == 1


async def test_every_step_leaves_its_entry(world: World) -> None:
    """Reported, taken, refused, decided; neither statement nor reason nor proof is told."""
    [person] = await declared_dead(world)
    since = await newest(world)
    case = await reported(world, person)
    await take(world, case)
    await decide(world, case, reason=" ")
    await decide(world, case)
    found = await entries(world, since)
    assert [(one.action, one.username, one.beneficiary_id) for one in found] == [
        ("OBJECTION_REPORTED", SCHOOL, person.id),
        ("OBJECTION_TAKEN", OFFICER, person.id),
        ("REFUSED", OFFICER, None),
        ("OBJECTION_DECIDED", OFFICER, person.id),
    ]
    facts = found[3].body["facts"]
    assert (facts["outcome"], facts["false_records"], facts["method"]) == ("DATA_WRONG", 1, "SERVICE_WINDOW")
    assert STATEMENT not in str(found) and "经核实" not in str(found)


async def test_a_role_that_may_not_object_is_refused(world: World) -> None:
    [person] = await declared_dead(world)
    await account(world, "auditor", "AUDITOR")
    document = "mutation($i: ReportVerdictErrorInput!) { reportVerdictError(input: $i) { userErrors { code } } }"
    given = {"i": {"beneficiaryId": person.node, "statement": STATEMENT}}
    for as_ in (OFFICER, "auditor"):
        [error] = await world.errors(document, given, as_=as_)
        assert error["extensions"]["code"] == "FORBIDDEN"


async def test_somebody_without_a_verdict_has_none_to_object_to(world: World) -> None:
    await declared_dead(world)
    [new] = await enrolled(world, first=50)
    assert named(await report(world, new)) == [("NOT_FOUND", "input.beneficiaryId")]

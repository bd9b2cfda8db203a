"""`submitCertifications` (提交认证): one row or many, all saved or none. Notice 附7, 附8."""

from tests.api.scenes import acts, judged, period, qualified, reviews, saved
from tests.world import HANDLER, World


async def test_each_row_is_confirmed_or_overridden_by_its_survival_status(world: World) -> None:
    """Each row as confirm or override; the result follows from the survival status (rules 4)."""
    good, pending, lost, gone = await judged(world, "QUALIFIED", "PENDING", "DISQUALIFIED", "QUALIFIED")
    entries = [
        {"beneficiaryId": good.node, "survivalStatus": "NORMAL"},
        {"beneficiaryId": pending.node, "survivalStatus": "NORMAL"},
        {"beneficiaryId": lost.node, "survivalStatus": "NORMAL", "reason": "同名误报"},
        {"beneficiaryId": gone.node, "survivalStatus": "MISSING", "occurredOn": "2019-06-01"},
    ]
    answer = await world.act("submitCertifications", {"entries": entries})
    assert answer["userErrors"] == []
    assert answer["renewed"] == 3
    assert [row["id"] for row in answer["beneficiaries"]] == [p.node for p in (good, pending, lost, gone)]
    assert [acts(row)[0] for row in answer["beneficiaries"]] == [
        ("CONFIRM", "NORMAL", "PASS"),
        ("OVERRIDE", "NORMAL", "PASS"),
        ("OVERRIDE", "NORMAL", "PASS"),
        ("OVERRIDE", "MISSING", "FAIL"),
    ]
    assert [period(row) for row in answer["beneficiaries"]] == [
        "2019-06..2020-06 CONFIRM",
        "2019-06..2020-06 OVERRIDE",
        "2019-06..2020-06 OVERRIDE",
        "2019-05..2019-06 VERDICT",
    ]
    assert [row["paidThrough"] for row in answer["beneficiaries"]] == ["2020-06", "2020-06", "2020-06", "2019-06"]
    assert [row["version"] for row in answer["beneficiaries"]] == [3, 3, 3, 3]
    assert all(row["verdict"]["answered"] for row in answer["beneficiaries"])
    assert await reviews(world) == [lost.id]


async def test_the_answer_names_the_rows_in_the_order_in_which_they_were_sent(world: World) -> None:
    """Rows are locked in the order of their ids and answered in the handler's."""
    people = await qualified(world, 4)
    order = [people[place].node for place in (2, 0, 3, 1)]
    entries = [{"beneficiaryId": node, "survivalStatus": "NORMAL"} for node in order]
    answer = await world.act("submitCertifications", {"entries": entries})
    assert [row["id"] for row in answer["beneficiaries"]] == order


async def test_every_row_carries_the_handler(world: World) -> None:
    """Every submission carries the handler's name and contact (附8)."""
    people = await qualified(world, 2)
    entries = [{"beneficiaryId": person.node, "survivalStatus": "NORMAL"} for person in people]
    answer = await world.act("submitCertifications", {"entries": entries})
    names = [row["certifications"]["edges"][0]["node"]["handlerName"] for row in answer["beneficiaries"]]
    assert names == [HANDLER["name"]] * 2
    stored = await world.owner.fetch("SELECT DISTINCT handler_name, handler_contact FROM certifications")
    assert [tuple(row) for row in stored] == [(HANDLER["name"], HANDLER["contact"])]


async def test_contact_edits_of_every_row_are_saved_with_the_submission(world: World) -> None:
    """Submit with contact edits saved with it (rules 4)."""
    first, second = await qualified(world, 2, phone="")
    entries = [
        {"beneficiaryId": first.node, "survivalStatus": "NORMAL", "contact": {"phone": "13900001111"}},
        {"beneficiaryId": second.node, "survivalStatus": "NORMAL", "contact": {"phone": "13900002222"}},
    ]
    assert (await world.act("submitCertifications", {"entries": entries}))["userErrors"] == []
    assert (await world.person(first.id))["phone"] == "13900001111"
    assert (await world.person(second.id))["phone"] == "13900002222"


async def test_one_bad_row_saves_nothing_of_the_others_and_their_contact_edits(world: World) -> None:
    """Several rows are one transaction: all saved or none (rules 4)."""
    first, second = await qualified(world, 2)
    before = await saved(world)
    entries = [
        {"beneficiaryId": first.node, "survivalStatus": "NORMAL", "contact": {"phone": "13900001111"}},
        {"beneficiaryId": second.node, "survivalStatus": "DECEASED"},
    ]
    answer = await world.act("submitCertifications", {"entries": entries})
    assert [error["code"] for error in answer["userErrors"]] == ["OCCURRED_ON_REQUIRED"]
    assert answer["userErrors"][0]["beneficiaryId"] == second.node
    assert (answer["beneficiaries"], answer["renewed"]) == ([], 0)
    assert await saved(world) == before
    assert answer["unsaved"]["entries"][0]["contact"]["phone"] == "13900001111"


async def test_every_obstacle_of_every_row_is_named_at_once(world: World) -> None:
    """The answer names every row that stands in the way, with a code and the field (rules 4)."""
    lost, bare, good = await judged(world, "DISQUALIFIED", "PENDING", "QUALIFIED", phone="", household_address="")
    entries = [
        {"beneficiaryId": lost.node, "survivalStatus": "NORMAL", "contact": {"phone": "12"}},
        {"beneficiaryId": bare.node, "survivalStatus": "DECEASED", "occurredOn": "2019-06-06"},
        {"beneficiaryId": good.node, "survivalStatus": "NORMAL", "version": 1},
    ]
    handler = {"name": " ", "contact": "0532-85911234"}
    answer = await world.act("submitCertifications", {"entries": entries, "handler": handler})
    named = [(error["code"], ".".join(error["path"]), error["beneficiaryId"]) for error in answer["userErrors"]]
    assert named == [
        ("HANDLER_REQUIRED", "input.handler.name", None),
        ("INVALID_CONTACT", "input.entries.0.contact.phone", lost.node),
        ("CONTACT_INCOMPLETE", "input.entries.0.contact.householdAddress", lost.node),
        ("REASON_REQUIRED", "input.entries.0.reason", lost.node),
        ("CONTACT_INCOMPLETE", "input.entries.1.contact.phone", bare.node),
        ("CONTACT_INCOMPLETE", "input.entries.1.contact.householdAddress", bare.node),
        ("INVALID_OCCURRED_ON", "input.entries.1.occurredOn", bare.node),
        ("STALE_VERSION", "input.entries.2.version", good.node),
    ]


async def test_a_whole_roster_page_of_200_rows_is_one_submission(world: World) -> None:
    """One row or many, at most as many as a page may have (附7, 附9)."""
    people = await qualified(world, 200)
    entries = [{"beneficiaryId": person.node, "survivalStatus": "NORMAL"} for person in people]
    answer = await world.act("submitCertifications", {"entries": entries})
    assert (answer["userErrors"], answer["renewed"]) == ([], 200)

"""The newest entries of a chain can go, and its count with them: the acts that they told of then stand alone."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import date

import pytest

from domain.month import Month
from resolvers import batch, payroll, signals, witness
from resolvers.witness import Witness
from storage.unrecorded import KINDS
from tests.api import favours, objections
from tests.api.money import approved, asked, ended, overpaid, settle, stated, suspended, withdraw
from tests.api.scenes import judged, qualified
from tests.audit.trail import found, newest, sealed, verified
from tests.world import World, id_number

Story = AsyncIterator[None]
"""What was before, up to the `yield`, and then the act."""


async def confirmed(world: World) -> Story:
    [person] = await qualified(world)
    yield
    await world.act("confirmCertification", {"beneficiaryId": person.node})


async def terminated(world: World) -> Story:
    [person] = await qualified(world)
    yield
    await ended(world, person, "2019-06-03")


async def taken_back(world: World) -> Story:
    """The contact data are incomplete, so that nothing else is done in the step."""
    [person] = await qualified(world, residence_address="")
    await world.officers()
    await ended(world, person, "2019-06-03")
    case = await objections.reported(world, person)
    yield
    await objections.decide(world, case)


async def contact_updated(world: World) -> Story:
    """It certifies nobody: all that it leaves is the version of the row."""
    [person] = await judged(world, "PENDING")
    yield
    await world.act("updateContact", {"beneficiaryId": person.node, "contact": {"phone": "13900001111"}})


async def requested(world: World) -> Story:
    person = await suspended(world)
    yield
    await asked(world, person)


async def reviewed(world: World) -> Story:
    case = await asked(world, await suspended(world))
    yield
    await approved(world, case)


async def withdrawn(world: World) -> Story:
    case = await asked(world, await suspended(world))
    yield
    await withdraw(world, case["id"])


async def settled(world: World) -> Story:
    """The second of two that are alike."""
    [person] = await overpaid(world)
    await settle(world, person, "INSTALMENT", "100.00")
    yield
    await settle(world, person, "INSTALMENT", "100.00")


async def reported(world: World) -> Story:
    [person] = await objections.declared_dead(world)
    yield
    await objections.reported(world, person)


async def taken(world: World) -> Story:
    [person] = await objections.declared_dead(world)
    case = await objections.reported(world, person)
    yield
    await objections.take(world, case)


async def decided(world: World) -> Story:
    [person] = await objections.declared_dead(world)
    case = await objections.reported(world, person)
    yield
    await objections.decide(world, case, "VERDICT_RIGHT")


async def found_in_order(world: World) -> Story:
    [person] = await judged(world, "DISQUALIFIED")
    await world.officers()
    await stated(world, person, {"survivalStatus": "NORMAL", "reason": "本人到场"})
    [review] = await favours.reviews(world)
    yield
    await favours.decide(world, review, "IN_ORDER")


async def drawn(world: World) -> Story:
    people = await qualified(world, 2)
    await favours.passed(world, people)
    world.at("2019-07-01")
    yield
    await signals.run(world.context())


async def published(world: World) -> Story:
    await qualified(world)
    await world.at("2019-07-04").assess("2019-06")
    yield
    await world.publish_only("2019-06")


async def frozen(world: World) -> Story:
    await qualified(world)
    world.at("2019-06-08")
    yield
    await payroll.freeze(world.context(), Month.parse("2019-06"))


async def marked_wrong(world: World) -> Story:
    await qualified(world, 2)
    rows = await world.owner.fetch("SELECT source, reference FROM evidence ORDER BY id")
    sources = [(str(row["source"]), str(row["reference"])) for row in rows]
    await batch.find_wrong(world.context(), *sources[0], "他人的车票")
    yield
    await batch.find_wrong(world.context(), *sources[1], "他人的车票")


STORIES: dict[Callable[[World], Story], str] = {
    confirmed: "certification of 2019-06-05 (person 1, version 3)",
    terminated: "termination of 2019-06-05 (person 1, version 3)",
    taken_back: "withdrawal of a termination of 2019-06-05 (person 1, version 4)",
    contact_updated: "change of a row (person 1, version 3)",
    requested: "reinstatement of 2019-07-10 (case 1)",
    reviewed: "change of a row (person 1, version 5)",
    withdrawn: "reinstatement of 2019-07-10 (case 1)",
    settled: "settlement of 2019-06-20 (settlement 2)",
    reported: "objection of 2019-06-05 (objection 1)",
    taken: "objection of 2019-06-05 (objection 1)",
    decided: "objection of 2019-06-05 (objection 1)",
    found_in_order: "compliance review of 2019-06-05 (review 1)",
    drawn: "random draw of 2019-07-01 (2019-06)",
    published: "publication of 2019-07-04 (2019-06)",
    frozen: "payroll of 2019-06-08 (2019-06)",
    marked_wrong: "record found wrong of 2019-06-05 (record 2)",
}


async def forgotten(world: World, since: int) -> None:
    """The owner removes the newest entries, lets the chains count no further, and no trigger stands in the way."""
    await world.owner.execute(
        f"""SET session_replication_role = replica;
            DELETE FROM audit_entries WHERE id > {since};
            UPDATE audit_chains c SET newest = (SELECT count(*) FROM audit_entries e WHERE e.chain = c.chain);
            RESET session_replication_role"""
    )


@pytest.mark.parametrize(("story", "named"), STORIES.items(), ids=lambda given: getattr(given, "__name__", ""))
async def test_an_act_whose_entry_went_with_the_end_of_its_chain_is_named(
    world: World, story: Callable[[World], Story], named: str
) -> None:
    told = story(world)
    await anext(told)
    await sealed(world)
    since = await newest(world)
    with pytest.raises(StopAsyncIteration):
        await anext(told)
    await verified(world)
    await forgotten(world, since)
    said = f"the {named} has no entry: it was removed, or the service never did this"
    assert await found(world) == said


async def test_a_look_that_was_removed_before_its_day_was_sealed_is_missed_by_a_witness_kept_outside(
    world: World,
) -> None:
    """It leaves no row: inside the database nothing tells of it any more. The witness holds after the seal as well."""
    await qualified(world)
    await sealed(world)
    since = await newest(world)
    await world.ask("query($n: String!) { unit { beneficiaries(search: $n) { totalCount } } }", {"n": id_number(1)})
    kept = await witness.take(world.context())
    assert str(kept).startswith(f"2019-06-04/{await newest(world)}/")
    await verified(world, Witness.read(str(kept)))
    await world.ask("{ unit { name } }")
    await sealed(world.at("2019-06-06"))
    await verified(world, kept)
    await world.owner.execute("DELETE FROM audit_seals WHERE day > '2019-06-04'")
    await world.owner.execute("DELETE FROM audit_days WHERE day > '2019-06-04'")
    await forgotten(world, since)
    await verified(world)
    assert await found(world, kept) == (
        f"up to entry {kept.entry} the trail is not the one that was witnessed: entries are missing"
    )


async def test_a_witness_after_a_seal_holds_its_root_as_well(world: World) -> None:
    await world.units()
    await sealed(world.at("2019-06-06"))
    kept = await witness.take(world.context())
    assert (kept.through, kept.entry) == (date(2019, 6, 5), 4)
    await sealed(world.at("2019-06-08"))
    await verified(world, kept)
    assert await found(world, replace(kept, through=date(2019, 6, 4))) == (
        "up to entry 4 the trail is not the one that was witnessed: entries are missing"
    )


@pytest.mark.parametrize(
    "text", ["", "none/1", "2019-02-30/1/" + "0" * 64, "none/-1/" + "0" * 64, "none/1/" + "g" * 64]
)
def test_what_is_no_witness_is_none(text: str) -> None:
    assert Witness.read(text) is None


async def test_an_act_of_before_there_was_a_trail_has_none(world: World) -> None:
    """Where it began later, with the first entry that there is."""
    [person] = await qualified(world)
    await world.act("confirmCertification", {"beneficiaryId": person.node})
    await world.owner.execute("TRUNCATE audit_entries, audit_chains, audit_seals, audit_days")
    await world.at("2019-06-06").officers()
    await verified(world)


def test_each_kind_of_act_is_tried() -> None:
    assert {said.partition(" of 2")[0].partition(" (")[0] for said in STORIES.values()} == set(KINDS)

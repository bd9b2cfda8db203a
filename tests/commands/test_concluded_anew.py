"""About whom something is said after a publication has begun and before their part of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from domain.month import Month
from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers import batch, check
from storage import publication
from storage.database import Connection
from storage.publication import Turning
from tests.api.objections import decide, declared_dead, reported, take
from tests.api.scenes import Person, enrolled
from tests.storage.publishing import Interrupted
from tests.world import SCHOOL, World

JUNE = Month(2019, 6)


@pytest.fixture
async def dead(world: World) -> Person:
    """DISQUALIFIED for May by a cremation record, one of three; on 4 July June is assessed."""
    person, *_ = await declared_dead(world, "QUALIFIED", "QUALIFIED")
    await world.at("2019-07-04").assess("2019-06")
    return person


async def begun(world: World) -> None:
    """June has begun and stands still; nobody has a verdict."""

    async def interrupting(*_: object) -> None:
        raise Interrupted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(publication, "next_part", interrupting)
        with pytest.raises(Interrupted):
            await batch.publish(world.context(), JUNE, release=True)


async def ruled_false(world: World, person: Person) -> None:
    """An officer finds that the record was not about the person."""
    case = await reported(world.at("2019-07-05"), person)
    await take(world, case)
    assert (await decide(world.at("2019-07-05", 11), case))["objection"]["falseRecords"]


async def answered(world: World, person: Person) -> None:
    """The unit's PASS on May's DISQUALIFIED verdict."""
    passed = await world.submit(Act.OVERRIDE, person.id, status=SurvivalStatus.NORMAL, reason="本人健在", as_=SCHOOL)
    assert passed.refusals == ()


async def june_of(world: World, id: int) -> tuple[str, str | None]:
    """June is finished; the rule of the person's verdict, and the loss that it names."""
    await batch.publish(world.at("2019-07-06").context(), JUNE, release=True)
    assert (await check.standings(world.context())).differing == []
    row = await world.owner.fetchrow("SELECT verdict_rule, loss_kind FROM beneficiaries WHERE id = $1", id)
    assert row is not None
    return row["verdict_rule"], row["loss_kind"]


async def test_nobody_is_declared_dead_anew_by_a_record_that_was_ruled_false(world: World, dead: Person) -> None:
    """The ruling on May's verdict comes before the person's part of June."""
    await begun(world)
    due = "SELECT conclusion FROM verdicts_due WHERE beneficiary_id = $1"
    assert await world.owner.fetchval(due, dead.id) == "DISQUALIFIED"
    await ruled_false(world, dead)
    assert await june_of(world, dead.id) == ("nothing", None)


async def test_who_answers_a_loss_before_the_part_has_answered_it(world: World, dead: Person) -> None:
    """June's verdict does not call for the same answer once more."""
    await begun(world)
    await answered(world, dead)
    assert await june_of(world, dead.id) == ("loss_answered", "cremation")


async def test_a_ruling_counts_for_every_benefit_of_the_person_whatever_an_import_said_of_the_time(
    world: World, dead: Person
) -> None:
    """Once a machine imported whose clock was ten days ahead: instants of the batches have been ahead since."""
    [other] = await enrolled(world, category="SURVIVOR", first=dead.serial)
    await world.at("2019-07-14").evidence(dead.serial, "bus_card", "2019-07-01")
    world.at("2019-07-04")
    await begun(world)
    await ruled_false(world, dead)
    assert await june_of(world, other.id) == ("nothing", None)


async def test_what_is_said_while_it_begins_is_concluded_anew(
    world: World, dead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Concluding about everybody takes minutes: who acts after they were looked at has acted since it began."""
    monkeypatch.setattr(publication, "turning", acting_before(publication.turning, lambda: answered(world, dead)))
    await begun(world)
    assert await june_of(world, dead.id) == ("loss_answered", "cremation")


def acting_before(
    turning: Callable[[Connection], Awaitable[Turning]], act: Callable[[], Awaitable[None]]
) -> Callable[[Connection], Awaitable[Turning]]:
    """What asks how many turn, after something was done."""

    async def asked(connection: Connection) -> Turning:
        await act()
        return await turning(connection)

    return asked

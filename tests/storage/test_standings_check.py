"""`verify-standings` can fail: whatever is changed behind the application's back, it names the row."""

from __future__ import annotations

import pytest

from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers import check
from resolvers.check import Checked
from tests.world import World


@pytest.fixture
async def lived(world: World) -> World:
    """Row 1 was renewed by a verdict and confirmed, 2 is DISQUALIFIED and failed, 3 terminated, 4 left alone."""
    await world.at("2019-06-01").units()
    for serial in range(1, 5):
        await world.enrol(serial, certified_in="2018-12")
    await world.evidence(1, "rail_travel", "2019-03-11")
    await world.evidence(2, "cremation", "2019-05-02")
    await world.at("2019-06-04").publish("2019-05", release=True)
    await world.at("2019-06-20").submit(Act.CONFIRM, 1)
    await world.submit(Act.OVERRIDE, 2, status=SurvivalStatus.DECEASED, since="2019-05-02")
    await world.submit(Act.TERMINATE, 3, status=SurvivalStatus.DECEASED, since="2019-05-10")
    await world.at("2019-07-04").publish("2019-06", release=True)
    assert await check.standings(world.context()) == Checked(4, [])
    return world


async def tampered(world: World, statement: str) -> Checked:
    """What the check says after a change by somebody whom neither privileges nor triggers hold back."""
    async with world.owner.transaction():
        await world.owner.execute("SET LOCAL session_replication_role = replica")
        changed = await world.owner.execute(statement)
    assert changed.split()[-1] == "1"
    return await check.standings(world.context())


@pytest.mark.parametrize(
    "change",
    [
        "paid_through = '2021-06-01'",
        "paid_through = NULL",
        "period_start = '2019-05-01'",
        "period_end = '2021-06-01'",
        "period_method = 'SELF'",
        "suspended_from = '2019-07-01'",
        "held_through = '2019-06-01'",
        "terminated_from = '2019-07-01'",
        "confirmed_in = '2019-07-01'",
        "verdict_answered = NOT verdict_answered",
        "verdict_month = '2019-05-01'",
        "verdict_rule = 'nothing'",
        "conclusion = 'DISQUALIFIED'",
        "activity_on = '2019-03-12'",
        "activity_kind = 'air_travel'",
        "loss_kind = 'cremation', loss_on = '2019-03-11'",
        "verdict_published_on = '2019-07-05'",
        "verdict_assessed_at = '2019-06-30'",
        "version = 1",
    ],
)
async def test_a_changed_row_is_named(lived: World, change: str) -> None:
    """Every column of the standing that a fact makes is compared."""
    assert await tampered(lived, f"UPDATE beneficiaries SET {change} WHERE id = 1") == Checked(4, [1])


@pytest.mark.parametrize(
    ("change", "id"),
    [("suspended_from = NULL", 2), ("suspended_from = '2019-08-01'", 2), ("terminated_from = NULL", 3)],
)
async def test_a_stop_that_was_lifted_is_named(lived: World, change: str, id: int) -> None:
    """Nobody is paid again by a change of the row alone."""
    assert await tampered(lived, f"UPDATE beneficiaries SET {change} WHERE id = {id}") == Checked(4, [id])


@pytest.mark.parametrize(
    "statement",
    [
        # The periods of row 1: of the enrolment 2018-12.., of the verdict 2019-03.., of the confirmation 2019-06..
        "DELETE FROM certification_periods WHERE beneficiary_id = 1 AND method = 'ENROLMENT'",
        "DELETE FROM certification_periods WHERE beneficiary_id = 1 AND method = 'VERDICT'",
        "DELETE FROM certification_periods WHERE beneficiary_id = 1 AND method = 'CONFIRM'",
        "UPDATE certification_periods SET method = 'SELF' WHERE beneficiary_id = 1 AND method = 'CONFIRM'",
        """UPDATE certification_periods SET in_force = '[2019-06-01,2019-08-01)'
           WHERE beneficiary_id = 1 AND method = 'CONFIRM'""",
        """UPDATE certification_periods SET in_force = 'empty' WHERE beneficiary_id = 1 AND method = 'ENROLMENT'""",
        """UPDATE certification_periods SET start_month = '2019-07-01', end_month = '2020-07-01',
               in_force = '[2019-07-01,2020-08-01)' WHERE beneficiary_id = 1 AND method = 'CONFIRM'""",
        "DELETE FROM certifications WHERE beneficiary_id = 1",
        "UPDATE certifications SET acted_on = '2019-05-31' WHERE beneficiary_id = 1",
        """UPDATE certifications SET method = 'SELF', handler_name = NULL, handler_contact = NULL
           WHERE beneficiary_id = 1""",
        "DELETE FROM verdicts WHERE beneficiary_id = 1 AND month = '2019-05-01'",
        "DELETE FROM verdicts WHERE beneficiary_id = 1 AND month = '2019-06-01'",
        "UPDATE verdicts SET rule = 'nothing' WHERE beneficiary_id = 1 AND month = '2019-05-01'",
        "UPDATE verdicts SET activity_on = '2019-04-11' WHERE beneficiary_id = 1 AND month = '2019-05-01'",
        """INSERT INTO certification_periods (beneficiary_id, category, version, start_month, end_month, cycle_months,
                                              method, in_force, at)
           VALUES (1, 'RETIREE', 99, '2020-07-01', '2021-07-01', 12, 'SELF', '[2020-07-01,2021-08-01)', now())""",
    ],
)
async def test_changed_history_is_named(lived: World, statement: str) -> None:
    """A period granted, ended or removed, an act or a verdict that never was: the life no longer comes to the row."""
    assert await tampered(lived, statement) == Checked(4, [1])


@pytest.mark.parametrize(
    ("statement", "id"),
    [
        ("DELETE FROM certifications WHERE beneficiary_id = 2", 2),
        ("UPDATE certifications SET result = 'PASS', survival_status = 'NORMAL' WHERE beneficiary_id = 2", 2),
        ("UPDATE certification_periods SET in_force = '[2018-12-01,2020-01-01)' WHERE beneficiary_id = 2", 2),
        ("DELETE FROM suspensions WHERE beneficiary_id = 2", 2),
        ("UPDATE suspensions SET held = 'empty' WHERE beneficiary_id = 2", 2),
        ("UPDATE suspensions SET held = '[2019-07-01,2019-09-01)' WHERE beneficiary_id = 2", 2),
        ("UPDATE suspensions SET held = '[2019-08-01,)' WHERE beneficiary_id = 2", 2),
        ("INSERT INTO suspensions VALUES (4, 1, '[2019-07-01,)')", 4),
        ("DELETE FROM terminations WHERE beneficiary_id = 3", 3),
        ("UPDATE terminations SET occurred_on = '2019-04-10' WHERE beneficiary_id = 3", 3),
        ("DELETE FROM certification_periods WHERE beneficiary_id = 4", 4),
    ],
)
async def test_a_stop_without_its_act_is_named(lived: World, statement: str, id: int) -> None:
    """A FAIL that disappears, a termination moved, a person left without any period."""
    assert await tampered(lived, statement) == Checked(4, [id])


async def test_publications_are_part_of_history(lived: World) -> None:
    """A day of publication that is moved differs from every row that was informed then."""
    found = await tampered(lived, "UPDATE publications SET published_on = '2019-07-05' WHERE month = '2019-06-01'")
    assert found == Checked(4, [1, 2, 4])


async def test_every_row_that_differs_is_named(lived: World) -> None:
    """The check goes on behind the first."""
    await tampered(lived, "UPDATE beneficiaries SET paid_through = NULL WHERE id = 4")
    assert await tampered(lived, "UPDATE beneficiaries SET paid_through = NULL WHERE id = 2") == Checked(4, [2, 4])


async def test_contact_data_is_the_units_own(lived: World) -> None:
    """A corrected phone is no fact of the standing; only the row knows it."""
    assert await tampered(lived, "UPDATE beneficiaries SET phone = NULL WHERE id = 1") == Checked(4, [])

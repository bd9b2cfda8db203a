"""`import`: loading the same file again changes nothing, and what a file may change and what not."""

from __future__ import annotations

import asyncio

import pytest

from demo import UNITS, DemoData, generate
from demo.files import write
from domain.contact import Contact
from domain.month import Month
from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from tests.commands.files import KINDS, Desk, good, text
from tests.world import BUREAU, PASSWORD, SCHOOL, World, id_number


@pytest.mark.parametrize("kind", KINDS)
async def test_loading_the_same_file_twice_changes_nothing(desk: Desk, kind: str) -> None:
    """Every table is as it was, the hashes of the passwords included."""
    content = text(kind, good(kind))
    await desk.load(kind, content)
    before = await desk.dump()
    loaded = await desk.load(kind, content)
    assert {number for what, number in loaded.counts.items() if what != "unmatched"} == {0}
    assert (loaded.rows, loaded.rejected) == (1, [])
    assert await desk.dump() == before


async def test_a_whole_units_files_can_be_loaded_again_after_a_month_of_work(world: World) -> None:
    """What the unit and the calendar did in between stays: contact edits, acts, verdicts, periods."""
    data: DemoData = generate(world.at("2019-06-05").context().today, units=UNITS[:1])
    write(data, world.folder)
    raised = [
        {name: row[name] for name in ("unit_si_number", "category", "id_number")}
        | {"from_month": row["benefit_from"], "monthly_amount": "9999.99"}
        for row in data.beneficiaries
    ]
    (world.folder / "rates.csv").write_text(text("rates", *raised), encoding="utf-8")
    desk = Desk(world)
    for kind in KINDS:
        await desk.load(kind, world.folder / f"{kind}.csv")
    await world.publish("2019-05", release=True)
    school = UNITS[0].si_number
    await world.submit(
        Act.UPDATE_CONTACT, 1, contact=Contact("13900000000", "青岛市市北区1号", "青岛市1号"), as_=school
    )
    await world.submit(Act.TERMINATE, 2, status=SurvivalStatus.DECEASED, since="2019-05-10", as_=school)
    before = await desk.dump()
    for kind in KINDS:
        await desk.load(kind, world.folder / f"{kind}.csv")
    assert await desk.dump() == before


async def test_a_units_name_is_brought_up_to_date(desk: Desk) -> None:
    """A unit may be renamed or move; its number stays."""
    loaded = await desk.load("units", text("units", good("units", si_number=SCHOOL, name="新校名")))
    assert loaded.counts == {"added": 0, "changed": 1}
    assert await desk.world.owner.fetchval("SELECT name FROM units WHERE si_number = $1", SCHOOL) == "新校名"


async def test_a_new_password_changes_the_account(desk: Desk) -> None:
    """The same username with another password is how an operator resets one."""
    await desk.load("accounts", text("accounts", good("accounts")))
    loaded = await desk.load("accounts", text("accounts", good("accounts", password="another password")))
    assert loaded.counts == {"added": 0, "changed": 1}


async def test_no_password_is_kept_or_shown_in_the_clear(desk: Desk) -> None:
    """Only Argon2 hashes reach the database."""
    await desk.load("accounts", text("accounts", good("accounts")))
    hashes = await desk.world.owner.fetch("SELECT password_hash FROM accounts")
    assert all(row[0].startswith("$argon2id$") for row in hashes)
    held = str(await desk.dump())
    assert "a good password" not in held
    assert PASSWORD not in held


async def test_a_known_beneficiary_is_not_changed_by_a_file(desk: Desk) -> None:
    """A later file with the data of a year ago must not undo the unit's corrections, nor open a period."""
    await desk.load("beneficiaries", text("beneficiaries", good("beneficiaries")))
    before = await desk.dump()
    older = good("beneficiaries", phone="", residence_address="", certified_in="2018-01", monthly_amount="1.00")
    assert (await desk.load("beneficiaries", text("beneficiaries", older))).counts == {"added": 0}
    assert await desk.dump() == before


@pytest.mark.parametrize(
    ("category", "benefit_from", "certified_in", "span"),
    [
        ("RETIREE", "2005-01", "2018-12", "2018-12..2019-12"),
        ("SURVIVOR", "2005-01", "2018-12", "2018-12..2019-06"),
        ("RETIREE", "2019-03", "", "2019-03..2020-03"),
        ("SURVIVOR", "2019-06", "2019-06", "2019-06..2019-12"),
        ("RETIREE", "2005-01", "2017-01", "2017-01..2018-01"),
    ],
)
async def test_a_new_beneficiary_begins_with_the_first_period(
    desk: Desk, category: str, benefit_from: str, certified_in: str, span: str
) -> None:
    """rules.md 2, 4: the running period starts in certified_in, or in benefit_from where it is empty."""
    row = good("beneficiaries", category=category, benefit_from=benefit_from, certified_in=certified_in)
    await desk.load("beneficiaries", text("beneficiaries", row))
    held = await desk.world.owner.fetchrow("SELECT * FROM beneficiaries ORDER BY id DESC LIMIT 1")
    period = await desk.world.owner.fetchrow("SELECT * FROM certification_periods ORDER BY id DESC LIMIT 1")
    assert held is not None and period is not None
    assert f"{Month.of(held['period_start'])}..{Month.of(held['period_end'])}" == span
    assert f"{Month.of(period['start_month'])}..{Month.of(period['end_month'])}" == span
    assert (held["paid_through"], held["period_method"], period["method"]) == (
        held["period_end"],
        "ENROLMENT",
        "ENROLMENT",
    )


async def test_the_amount_holds_from_the_first_benefit_month_on(desk: Desk) -> None:
    """To the fen, never a float."""
    await desk.load("beneficiaries", text("beneficiaries", good("beneficiaries", monthly_amount="3000.1")))
    rate = await desk.world.owner.fetchrow(
        """SELECT from_month::text, upper_inf(known), monthly_amount::text FROM benefit_rates
           ORDER BY beneficiary_id DESC LIMIT 1"""
    )
    assert rate is not None
    assert tuple(rate) == ("2005-01-01", True, "3000.10")


async def test_evidence_about_nobody_is_counted_and_not_kept(desk: Desk) -> None:
    """A sender's file is about the whole city; who draws nothing here is not our business."""
    rows = [good("evidence", id_number=id_number(n), reference=f"T-{n}") for n in (1, 2, 3)]
    loaded = await desk.load("evidence", text("evidence", *rows))
    assert loaded.counts == {"added": 1, "unmatched": 2}
    assert await desk.count("evidence") == 1
    assert await desk.count("persons") == 1


async def test_evidence_about_somebody_enrolled_later_is_taken_from_the_same_file(desk: Desk) -> None:
    """Loading the file once more after the enrolment finds the person."""
    content = text("evidence", good("evidence", id_number=id_number(2)))
    assert (await desk.load("evidence", content)).counts == {"added": 0, "unmatched": 1}
    await desk.world.enrol(2)
    assert (await desk.load("evidence", content)).counts == {"added": 1, "unmatched": 0}


async def test_a_legacy_number_is_loaded_with_a_warning(desk: Desk) -> None:
    """rules.md 6: a number that fails GB 11643 is imported, not dropped: a typing rule must not cost a pension."""
    valid = id_number(7)
    wrong_digit = valid[:-1] + ("1" if valid[-1] != "1" else "2")
    rows = [
        good("beneficiaries", id_number=number) for number in (wrong_digit, "370202194513010011", "370202450101001")
    ]
    loaded = await desk.load("beneficiaries", text("beneficiaries", *rows))
    reason = "fails GB 11643 (day of birth or check digit); loaded as it is"
    assert loaded.counts == {"added": 3}
    assert [tuple(warning) for warning in loaded.warnings] == [(line, "id_number", reason) for line in (2, 3, 4)]
    found = await desk.load("evidence", text("evidence", good("evidence", id_number=wrong_digit)))
    assert found.counts == {"added": 1, "unmatched": 0}
    assert found.warnings == []


@pytest.mark.parametrize("written", ["37020219450101{}x", " 37020219450101{}X ", "370202 19450101 {}X"])
async def test_an_id_number_is_the_same_however_it_is_typed(desk: Desk, written: str) -> None:
    """A small x and blanks are no other person, in either file."""
    sequence = next(n for n in range(100, 999) if id_number(n).endswith("X"))
    number = written.format(f"{sequence:03}")
    await desk.load("beneficiaries", text("beneficiaries", good("beneficiaries", id_number=number)))
    found = await desk.load("evidence", text("evidence", good("evidence", id_number=number)))
    assert found.counts == {"added": 1, "unmatched": 0}
    assert await desk.world.owner.fetchval(
        "SELECT count(*) FROM persons WHERE id_number_digest = $1", desk.world.gate.personal.digest(id_number(sequence))
    ) == 1  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("phone", "12345", "is not a phone number; left empty for the unit to complete"),
        ("household_address", "青岛", "is not an address (4 to 200 characters); left empty for the unit to complete"),
        (
            "residence_address",
            "岛" * 201,
            "is not an address (4 to 200 characters); left empty for the unit to complete",
        ),
    ],
)
async def test_contact_data_that_cannot_be_one_is_left_empty(desk: Desk, column: str, value: str, reason: str) -> None:
    """The person is enrolled all the same; the unit completes it before the next pass."""
    loaded = await desk.load("beneficiaries", text("beneficiaries", good("beneficiaries", **{column: value})))
    assert (loaded.counts, [tuple(w) for w in loaded.warnings]) == ({"added": 1}, [(2, column, reason)])
    held = await desk.world.owner.fetchrow("SELECT * FROM beneficiaries ORDER BY id DESC LIMIT 1")
    assert held is not None
    assert (held[column], held["contact_complete"]) == (None, False)


async def test_missing_contact_data_is_no_warning(desk: Desk) -> None:
    """Gaps are what the units are there to fill."""
    row = good("beneficiaries", phone="", household_address="", residence_address="")
    assert (await desk.load("beneficiaries", text("beneficiaries", row))).warnings == []


@pytest.mark.parametrize("kind", KINDS)
async def test_two_imports_of_one_file_at_once_are_one(desk: Desk, kind: str) -> None:
    """Whoever is second finds everything there."""
    await desk.world.units(BUREAU)
    content = text(kind, good(kind))
    both = await asyncio.gather(desk.load(kind, content), desk.load(kind, content))
    assert sorted(loaded.counts["added"] for loaded in both) == [0, 1]

"""`import`: each bad row by line, column and reason, and no reason repeats a value."""

from __future__ import annotations

import asyncpg
import pytest

from tests.commands.files import KINDS, Desk, another, good, text
from tests.world import BUREAU, SCHOOL, id_number

SOURCES = "human_resources, medical_insurance, health, transport, justice, banks"
NOT_A_NUMBER = "is not an ID number of 18 (or formerly 15) characters"
NOT_SI = "is not a social insurance number: up to 32 digits, letters or hyphens"
NOT_A_USER = "is not a username: letters, digits and . _ @ -, for an operator after number/"
NOT_TEXT = "holds characters that are not text (is the file UTF-8?)"
AMOUNT = "is not an amount in yuan with at most two places"
MONTH = "is not a month; write YYYY-MM"
NOBODY = "nobody with this ID number draws a benefit of this category through this unit"
DAY = "is not a date; write YYYY-MM-DD"

VALUES = [  # (kind, column, value, reason)
    ("units", "si_number", "", NOT_SI),
    ("units", "si_number", "370202 000101", NOT_SI),
    ("units", "si_number", "370202/000101", NOT_SI),
    ("units", "si_number", "3" * 33, NOT_SI),
    ("units", "si_number", "３７０２０２０００１０１", NOT_SI),
    ("units", "name", "", "is empty"),
    ("units", "name", "\u3000", "is empty"),
    ("units", "name", "学" * 101, "is longer than 100 characters"),
    ("units", "name", "小\0学", NOT_TEXT),
    ("units", "name", "小\x1b[31m学", NOT_TEXT),
    ("units", "district", "", "is empty"),
    ("accounts", "username", "", NOT_A_USER),
    ("accounts", "username", "李", NOT_A_USER),
    ("accounts", "username", f"{SCHOOL}/a/b", NOT_A_USER),
    ("accounts", "role", "unit", "is not one of UNIT, PERSON, WINDOW, OFFICER, AUDITOR, SERVICE"),
    ("accounts", "password", "1234567", "is shorter than 8 characters"),
    ("accounts", "password", "", "is empty"),
    ("accounts", "password", "        ", "is empty"),
    ("beneficiaries", "unit_si_number", "370202000999", "no such unit; import units first"),
    ("beneficiaries", "unit_si_number", "", NOT_SI),
    ("beneficiaries", "category", "", "is not one of RETIREE, SURVIVOR"),
    ("beneficiaries", "category", "退休", "is not one of RETIREE, SURVIVOR"),
    ("beneficiaries", "name", "", "is empty"),
    ("beneficiaries", "id_number", "", NOT_A_NUMBER),
    ("beneficiaries", "id_number", "37020219450101001", NOT_A_NUMBER),
    ("beneficiaries", "id_number", "3702021945010100Ⅹ1", NOT_A_NUMBER),
    ("beneficiaries", "id_number", "X70202194501010011", NOT_A_NUMBER),
    ("beneficiaries", "benefit_from", "", MONTH),
    ("beneficiaries", "benefit_from", "2005-13", MONTH),
    ("beneficiaries", "benefit_from", "2005-00", MONTH),
    ("beneficiaries", "benefit_from", "0000-01", MONTH),
    ("beneficiaries", "benefit_from", "2005-1", MONTH),
    ("beneficiaries", "benefit_from", "2005-01-01", MONTH),
    ("beneficiaries", "benefit_from", "2005/01", MONTH),
    ("beneficiaries", "benefit_from", "2019-07", "lies in the future"),
    ("beneficiaries", "certified_in", "2019-13", MONTH),
    ("beneficiaries", "certified_in", "2019-07", "lies before benefit_from or in the future"),
    ("beneficiaries", "certified_in", "2004-12", "lies before benefit_from or in the future"),
    ("beneficiaries", "monthly_amount", "", AMOUNT),
    ("beneficiaries", "monthly_amount", "-1", AMOUNT),
    ("beneficiaries", "monthly_amount", "3000.005", AMOUNT),
    ("beneficiaries", "monthly_amount", "3e3", AMOUNT),
    ("beneficiaries", "monthly_amount", "3000元", AMOUNT),
    ("beneficiaries", "monthly_amount", "NaN", AMOUNT),
    ("beneficiaries", "monthly_amount", "10000000000.00", AMOUNT),
    ("rates", "unit_si_number", "", NOT_SI),
    ("rates", "unit_si_number", "370202/000101", NOT_SI),
    ("rates", "category", "", "is not one of RETIREE, SURVIVOR"),
    ("rates", "id_number", "", NOT_A_NUMBER),
    ("rates", "id_number", "37020219450101001", NOT_A_NUMBER),
    ("rates", "id_number", id_number(2), NOBODY),
    ("rates", "from_month", "", MONTH),
    ("rates", "from_month", "2019-13", MONTH),
    ("rates", "from_month", "2019-07-01", MONTH),
    ("rates", "from_month", "0000-01", MONTH),
    ("rates", "from_month", "２０１９-07", MONTH),
    ("rates", "from_month", "2004-12", "lies before the first month of the benefit"),
    ("rates", "monthly_amount", "", AMOUNT),
    ("rates", "monthly_amount", "-1", AMOUNT),
    ("rates", "monthly_amount", "3100.005", AMOUNT),
    ("rates", "monthly_amount", "3.1e3", AMOUNT),
    ("rates", "monthly_amount", "Infinity", AMOUNT),
    ("rates", "monthly_amount", "３１００", AMOUNT),
    ("rates", "monthly_amount", "10000000000.00", AMOUNT),
    ("evidence", "id_number", "", NOT_A_NUMBER),
    ("evidence", "id_number", "not a number", NOT_A_NUMBER),
    ("evidence", "source", "police", f"is not one of {SOURCES}"),
    ("evidence", "kind", "seen_by_me", "is not a kind of evidence that the policy knows"),
    ("evidence", "occurred_on", "", DAY),
    ("evidence", "occurred_on", "2019-02-29", DAY),
    ("evidence", "occurred_on", "20190520", DAY),
    ("evidence", "occurred_on", "2019-05-20T00:00:00", DAY),
    ("evidence", "occurred_on", "2019-06-06", "lies in the future"),
    ("evidence", "occurred_on", "1899-12-31", "lies before 1900"),
    ("evidence", "reference", "", "is empty"),
    ("evidence", "reference", "T" * 101, "is longer than 100 characters"),
]


@pytest.mark.parametrize("kind", KINDS)
async def test_every_bad_value_is_named_by_line_column_and_reason(desk: Desk, kind: str) -> None:
    """All of them at once, among good rows, and no reason repeats its value: it may be personal data."""
    bad = [(column, value, reason) for of, column, value, reason in VALUES if of == kind]
    rows = [another(kind, serial) | {column: value} for serial, (column, value, _) in enumerate(bad)]
    found = await desk.problems(kind, text(kind, good(kind), *rows))
    assert found == [(line, column, reason) for line, (column, _, reason) in enumerate(bad, 3)]
    assert not [value for (_, value, _), (_, _, reason) in zip(bad, found, strict=True) if value and value in reason]


async def test_every_column_of_a_row_is_looked_at(desk: Desk) -> None:
    """A clerk mends a row once, not once for each column."""
    row = good("beneficiaries", category="", name="", benefit_from="May", monthly_amount="a lot")
    assert [(line, column) for line, column, _ in await desk.problems("beneficiaries", text("beneficiaries", row))] == [
        (2, "benefit_from"),
        (2, "category"),
        (2, "monthly_amount"),
        (2, "name"),
    ]


@pytest.mark.parametrize(
    ("values", "column", "needs"),
    [
        ({"role": "UNIT", "unit_si_number": ""}, "unit_si_number", "unit_si_number"),
        ({"role": "UNIT", "district": "市南区"}, "district", "unit_si_number"),
        ({"role": "OFFICER", "unit_si_number": "", "district": ""}, "district", "district"),
        ({"role": "OFFICER", "district": "市南区"}, "unit_si_number", "district"),
        ({"role": "WINDOW", "unit_si_number": ""}, "district", "district"),
        ({"role": "PERSON", "unit_si_number": ""}, "id_number", "id_number"),
        ({"role": "PERSON", "unit_si_number": "", "district": "市南区"}, "district", "id_number"),
        ({"role": "AUDITOR"}, "unit_si_number", "neither a unit nor a district"),
        ({"role": "SERVICE", "unit_si_number": "", "district": "市南区"}, "district", "neither a unit nor a district"),
    ],
)
async def test_an_account_belongs_to_what_its_role_says(
    desk: Desk, values: dict[str, str], column: str, needs: str
) -> None:
    """A UNIT names its unit, an OFFICER or WINDOW a district, a PERSON an ID number; nobody another's."""
    found = await desk.problems("accounts", text("accounts", good("accounts", **values)))
    assert found == [(2, column, f"does not fit the role; {values.get('role')} needs {needs}")]


HOLDER = {"id_number": id_number(1)}
UNIT = {"username": f"{SCHOOL}/li", "role": "UNIT", "unit_si_number": SCHOOL}
OFFICER = {"username": "officer", "role": "OFFICER", "unit_si_number": "", "district": "市南区"}
WINDOW = {"username": "window", "role": "WINDOW", "unit_si_number": "", "district": "市南区"}
AUDITOR = {"username": "auditor", "role": "AUDITOR", "unit_si_number": ""}
SERVICE = {"username": "service", "role": "SERVICE", "unit_si_number": ""}
PERSON = {"username": "person", "role": "PERSON", "unit_si_number": ""}
TWO_DUTIES = "this person's other account has another duty: who certifies, decides, watches or runs does one only"


@pytest.mark.parametrize(
    ("first", "second"),
    [(UNIT, OFFICER), (WINDOW, OFFICER), (OFFICER, AUDITOR), (UNIT, AUDITOR), (SERVICE, OFFICER), (AUDITOR, SERVICE)],
)
async def test_nobody_holds_roles_that_do_not_go_together(
    desk: Desk, first: dict[str, str], second: dict[str, str]
) -> None:
    """In one file, and in a later one. Who submits a case does not review it under another name. Rules 6."""
    one, other = good("accounts", **first, **HOLDER), good("accounts", **second, **HOLDER)
    assert await desk.problems("accounts", text("accounts", one, other)) == [(3, "id_number", TWO_DUTIES)]
    await desk.load("accounts", text("accounts", one))
    assert await desk.problems("accounts", text("accounts", other)) == [(2, "id_number", TWO_DUTIES)]


async def test_who_has_a_duty_may_draw_a_benefit_too(desk: Desk) -> None:
    """A PERSON may be anybody; one duty may have several accounts."""
    rows = [good("accounts", **kind, **HOLDER) for kind in (UNIT, WINDOW, PERSON)]
    assert (await desk.load("accounts", text("accounts", *rows))).counts == {"added": 3, "changed": 0}


async def test_an_account_keeps_its_role(desk: Desk) -> None:
    """What it has done was done in that role."""
    await desk.load("accounts", text("accounts", good("accounts", **AUDITOR)))
    changed = good("accounts", **{**SERVICE, "username": "auditor"})
    reason = "an account keeps its role: give the new role an account of its own"
    assert await desk.problems("accounts", text("accounts", changed)) == [(2, "role", reason)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts SET role = 'SERVICE' WHERE username = 'auditor'",
        "INSERT INTO accounts (username, role, person_id, password_hash)"
        " SELECT 'service', 'SERVICE', person_id, 'none' FROM accounts WHERE username = 'auditor'",
    ],
)
async def test_the_database_holds_it_too(desk: Desk, statement: str) -> None:
    """Whatever an import forgets to look for."""
    await desk.load("accounts", text("accounts", good("accounts", **AUDITOR, **HOLDER)))
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await desk.world.owner.execute(statement)


async def test_an_account_of_a_unit_that_is_not_there_is_refused(desk: Desk) -> None:
    """Units come first; the message says so."""
    row = good("accounts", username="370202000999", unit_si_number="370202000999")
    found = await desk.problems("accounts", text("accounts", row))
    assert found == [(2, "unit_si_number", "no such unit; import units first")]


@pytest.mark.parametrize("username", ["li", BUREAU, f"{BUREAU}/li", f"{SCHOOL}1/li"])
async def test_a_units_account_is_named_after_the_unit(desk: Desk, username: str) -> None:
    """The username is the unit's number, or number/operator: nobody signs in as another unit's."""
    found = await desk.problems("accounts", text("accounts", good("accounts", username=username)))
    assert found == [(2, "username", "must be the unit's number, or number/operator")]


@pytest.mark.parametrize(
    ("kind", "column", "value", "named", "reason"),
    [
        ("units", "name", "另一所小学", "si_number", "stands in an earlier line with another name or district"),
        ("accounts", "password", "another password", "username", "stands in line 2 with other content"),
        ("beneficiaries", "phone", "", "id_number", "stands in an earlier line with other content"),
        ("beneficiaries", "monthly_amount", "3000.01", "id_number", "stands in an earlier line with other content"),
        ("beneficiaries", "certified_in", "", "id_number", "stands in an earlier line with other content"),
        (
            "rates",
            "monthly_amount",
            "3100.01",
            "monthly_amount",
            "stands in an earlier line for the same person and month with another amount",
        ),
        (
            "evidence",
            "occurred_on",
            "2019-05-21",
            "reference",
            "stands in an earlier line of the same source with other content",
        ),
    ],
)
async def test_a_key_that_comes_twice_with_other_content_is_refused(
    desk: Desk, kind: str, column: str, value: str, named: str, reason: str
) -> None:
    """Which of the two is right nobody here knows; a missing value is other content too."""
    twins = text(kind, good(kind), good(kind), good(kind, **{column: value}), good(kind))
    assert await desk.problems(kind, twins) == [(4, named, reason)]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_row_that_comes_twice_alike_is_one(desk: Desk, kind: str) -> None:
    """Files are put together by hand; the same row again says nothing new."""
    loaded = await desk.load(kind, text(kind, good(kind), good(kind), good(kind)))
    assert (loaded.rows, loaded.counts["added"], loaded.rejected) == (3, 1, [])


async def test_a_reference_keeps_its_content(desk: Desk) -> None:
    """A sender's own id of a record is one record: with another day, kind or person it is refused."""
    await desk.load("evidence", text("evidence", good("evidence")))
    others = [
        good("evidence", occurred_on="2019-05-21"),
        good("evidence", kind="air_travel", source="transport"),
        good("evidence", id_number=id_number(2)),
    ]
    reason = "was imported before from the same source with other content"
    for other in others:
        assert await desk.problems("evidence", text("evidence", other)) == [(2, "reference", reason)]
        beside = text("evidence", good("evidence", reference="new"), other)
        assert await desk.problems("evidence", beside) == [(3, "reference", reason)]
    same_id_of_another_sender = good("evidence", source="health", kind="health_check")
    assert (await desk.load("evidence", text("evidence", same_id_of_another_sender))).counts["added"] == 1


async def test_one_person_may_draw_two_benefits_but_not_the_same_twice(desk: Desk) -> None:
    """Two categories, or two units, are two rows of one person."""
    await desk.world.units(BUREAU)
    rows = [good("beneficiaries"), good("beneficiaries", category="SURVIVOR"),
            good("beneficiaries", unit_si_number=BUREAU)]  # fmt: skip
    people = await desk.count("persons")
    assert (await desk.load("beneficiaries", text("beneficiaries", *rows))).counts == {"added": 3}
    assert await desk.count("persons") == people + 1

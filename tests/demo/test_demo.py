"""The demo data: valid, repeatable, and telling every story that a verdict can tell."""

import csv
import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from demo import UNITS, DemoData, UnitPlan, generate, write
from demo.identity import check_character
from tests.demo.oracle import CLASS_OF, Oracle, Row, shift, strong

TODAY = date(2026, 11, 23)
LAST_MONTH = "2026-10"
SCHOOL, BUREAU, HOSPITAL = (unit.si_number for unit in UNITS)
CYCLE = {"RETIREE": 12, "SURVIVOR": 6}


@pytest.fixture(scope="module")
def data() -> DemoData:
    return generate(TODAY)


@pytest.fixture(scope="module")
def oracle(data: DemoData) -> Oracle:
    return Oracle.of(data.evidence)


def conclusions(data: DemoData, oracle: Oracle, month: str, unit: str = "") -> Counter[str]:
    rows = (row for row in data.beneficiaries if unit in ("", row["unit_si_number"]))
    return Counter(oracle.conclude(row, month) for row in rows)


def last_paid_month(row: Row) -> str:
    return shift(row["certified_in"] or row["benefit_from"], CYCLE[row["category"]])


def test_the_same_seed_and_day_give_the_same_data(data: DemoData) -> None:
    assert generate(TODAY) == data


def test_another_seed_gives_other_people() -> None:
    school = UNITS[:1]
    first, second = generate(TODAY, seed=1, units=school), generate(TODAY, seed=2, units=school)
    assert first.beneficiaries != second.beneficiaries


def test_the_units_have_the_planned_sizes(data: DemoData) -> None:
    assert [row["district"] for row in data.units] == ["市南区", "市北区", "崂山区"]
    sizes = Counter(row["unit_si_number"] for row in data.beneficiaries)
    assert sizes == {SCHOOL: 60, BUREAU: 500, HOSPITAL: 5000}


def test_the_evidence_has_the_volume_of_a_year(data: DemoData) -> None:
    assert 60_000 <= len(data.evidence) <= 90_000
    days = [row["occurred_on"] for row in data.evidence]
    assert min(days)[:7] == "2025-11"
    assert "2026-11-01" <= max(days) < TODAY.isoformat()


def test_nine_in_ten_are_retirees(data: DemoData) -> None:
    categories = Counter(row["category"] for row in data.beneficiaries)
    assert 0.87 <= categories["RETIREE"] / categories.total() <= 0.89


def test_every_identity_number_is_valid_but_the_declared_legacy_ones(data: DemoData) -> None:
    numbers = {row["id_number"] for row in data.beneficiaries}
    assert all(re.fullmatch(r"3702\d{13}[\dX]", number) for number in numbers)
    assert {number for number in numbers if check_character(number[:17]) != number[17]} == data.legacy_ids
    assert 3 <= len(data.legacy_ids) <= 10


def test_the_check_character_is_that_of_a_published_example() -> None:
    """GB 11643-1999, annex: 11010519491231002X and 440524188001010014."""
    assert check_character("11010519491231002") == "X"
    assert check_character("44052418800101001") == "4"


def test_a_few_people_draw_two_benefits_but_never_the_same_twice(data: DemoData) -> None:
    rows = Counter(row["id_number"] for row in data.beneficiaries)
    assert 3 <= sum(count == 2 for count in rows.values()) <= 30
    assert max(rows.values()) == 2
    keys = {(row["unit_si_number"], row["category"], row["id_number"]) for row in data.beneficiaries}
    assert len(keys) == len(data.beneficiaries)


def test_nobody_is_older_than_97_and_retirees_reached_their_age(data: DemoData) -> None:
    for row in data.beneficiaries:
        born, sequence = row["id_number"][6:14], int(row["id_number"][14:17])
        assert date(TODAY.year - 98, TODAY.month, TODAY.day) < date.fromisoformat(born)
        if row["category"] == "RETIREE":
            reached = int(born[:4]) + (60 if sequence % 2 else 50)
            assert row["benefit_from"] > f"{reached}-{born[4:6]}"


def test_some_survivors_are_children(data: DemoData) -> None:
    born = [int(row["id_number"][6:10]) for row in data.beneficiaries if row["category"] == "SURVIVOR"]
    assert 20 <= sum(year >= TODAY.year - 21 for year in born) <= 150


def test_amounts_are_yuan_with_two_places(data: DemoData) -> None:
    amounts = [row["monthly_amount"] for row in data.beneficiaries]
    assert all(re.fullmatch(r"\d{3,5}\.\d\d", amount) for amount in amounts)
    assert Decimal(700) <= min(map(Decimal, amounts))


def test_periods_neither_start_before_the_benefit_nor_lie_ahead(data: DemoData) -> None:
    for row in data.beneficiaries:
        assert row["benefit_from"] <= "2026-11"
        assert row["certified_in"] == "" or row["benefit_from"] < row["certified_in"] <= "2026-11"


@pytest.mark.parametrize("column", ["phone", "household_address", "residence_address"])
def test_some_contact_data_is_missing(data: DemoData, column: str) -> None:
    gaps = sum(not row[column] for row in data.beneficiaries) / len(data.beneficiaries)
    assert 0.02 <= gaps <= 0.08


def test_most_live_where_they_are_registered_and_some_in_another_city(data: DemoData) -> None:
    homes = [(row["household_address"], row["residence_address"]) for row in data.beneficiaries]
    known = [(household, residence) for household, residence in homes if household and residence]
    assert 0.75 <= sum(household == residence for household, residence in known) / len(known) <= 0.85
    assert 0.04 <= sum("青岛市" not in residence for _, residence in known) / len(known) <= 0.09


def test_phones_are_mobile_or_landline_numbers(data: DemoData) -> None:
    phones = [row["phone"] for row in data.beneficiaries if row["phone"]]
    assert all(re.fullmatch(r"1[3-9]\d{9}|0532-8\d{7}", phone) for phone in phones)
    assert any(phone.startswith("0532-") for phone in phones)


def test_periods_stand_in_every_way(data: DemoData) -> None:
    ends = [last_paid_month(row) for row in data.beneficiaries]
    size = len(ends)
    assert sum(end > "2027-01" for end in ends) > 0.8 * size
    assert 0.04 * size < sum("2026-11" <= end <= "2027-01" for end in ends) < 0.15 * size
    assert 0.01 * size < sum("2026-09" <= end <= "2026-10" for end in ends) < 0.06 * size
    assert 0.005 * size < sum(end < "2026-09" for end in ends) < 0.04 * size


def test_references_are_unique_in_their_source_and_name_nobody(data: DemoData) -> None:
    references = Counter((row["source"], row["reference"]) for row in data.evidence)
    assert references.total() == len(references)
    assert all(re.fullmatch(r"[A-Z]+-\d{4}-\d{6}", reference) for _, reference in references)


def test_every_kind_of_evidence_occurs(data: DemoData) -> None:
    assert {row["kind"] for row in data.evidence} == set(CLASS_OF)
    assert {row["source"] for row in data.evidence} == {
        "human_resources",
        "medical_insurance",
        "health",
        "transport",
        "justice",
        "banks",
    }


def test_some_evidence_is_about_people_on_no_roster(data: DemoData) -> None:
    known = {row["id_number"] for row in data.beneficiaries}
    assert 3 <= sum(row["id_number"] not in known for row in data.evidence) <= 20


def test_nobody_lives_on_after_a_loss_but_the_wrongly_recorded(oracle: Oracle) -> None:
    wrong = 0
    for rows in oracle.rows.values():
        losses = [row for row in rows if CLASS_OF[row["kind"]] == "D"]
        day = min((row["occurred_on"] for row in losses), default="9999")
        after = [row for row in rows if row["occurred_on"] > day and row not in losses]
        if after:
            wrong += 1
            assert [row["kind"] for row in losses] == ["cremation"]
            assert any(row["kind"] == "rail_travel" for row in after)
    assert 3 <= wrong <= 10


def test_some_deaths_are_recorded_on_successive_days(oracle: Oracle) -> None:
    stories = 0
    for rows in oracle.rows.values():
        days = {row["kind"]: date.fromisoformat(row["occurred_on"]) for row in rows}
        steps = [days.get(kind) for kind in ("death_certificate", "cremation", "household_cancellation")]
        certified, cremated, cancelled = steps
        if certified and cremated and cancelled:
            stories += (cremated - certified).days == (cancelled - cremated).days == 1
    assert stories >= 20


def test_a_death_reported_late_has_a_late_cancellation(oracle: Oracle) -> None:
    late = 0
    for rows in oracle.rows.values():
        days = {row["kind"]: date.fromisoformat(row["occurred_on"]) for row in rows}
        if {"death_certificate", "household_cancellation"} <= set(days):
            late += (days["household_cancellation"] - days["death_certificate"]).days > 60
    assert late >= 2


@pytest.mark.parametrize(
    ("kinds", "conclusion"),
    [(["pharmacy_card", "pharmacy_card"], "PENDING"), (["bus_card", "pharmacy_card"], "QUALIFIED")],
)
def test_two_card_uses_on_one_day_and_nothing_else(
    data: DemoData, oracle: Oracle, kinds: list[str], conclusion: str
) -> None:
    """rules.md 7, cases 13 and 14."""
    found = [
        oracle.conclude(row, LAST_MONTH)
        for row in data.beneficiaries
        for rows in (oracle.rows.get(row["id_number"], []),)
        if sorted(each["kind"] for each in rows) == kinds and len({each["occurred_on"] for each in rows}) == 1
    ]
    assert len(found) >= 5
    assert set(found) == {conclusion}


def test_the_conclusions_have_plausible_shares(data: DemoData, oracle: Oracle) -> None:
    found = conclusions(data, oracle, LAST_MONTH)
    assert 0.85 <= found["QUALIFIED"] / found.total() <= 0.92
    assert 0.08 <= found["PENDING"] / found.total() <= 0.13
    assert 0.005 <= found["DISQUALIFIED"] / found.total() <= 0.008


def test_people_become_disqualified_month_by_month(data: DemoData, oracle: Oracle) -> None:
    before: set[int] = set()
    for month in (shift(LAST_MONTH, back) for back in range(-11, 2)):
        lost = {n for n, row in enumerate(data.beneficiaries) if oracle.conclude(row, month) == "DISQUALIFIED"}
        assert len(lost - before) < 0.003 * len(data.beneficiaries)
        before = lost


@pytest.mark.parametrize("seed", [1, 2, 3, 2019])
@pytest.mark.parametrize("today", [date(2019, 6, 5), date(2024, 2, 29), date(2026, 11, 23), date(2027, 1, 1)])
def test_the_school_shows_every_conclusion(today: date, seed: int) -> None:
    school = generate(today, seed=seed, units=UNITS[:1])
    last_month = shift(today.isoformat()[:7], -1)
    found = conclusions(school, Oracle.of(school.evidence), last_month)
    assert found["DISQUALIFIED"] >= 1
    assert found["PENDING"] >= 2
    assert found["QUALIFIED"] >= 40


def test_the_bureau_has_several_disqualified(data: DemoData, oracle: Oracle) -> None:
    assert conclusions(data, oracle, LAST_MONTH, BUREAU)["DISQUALIFIED"] >= 3


def test_the_data_are_silent_about_some(data: DemoData, oracle: Oracle) -> None:
    silent = sum(row["id_number"] not in oracle.rows for row in data.beneficiaries)
    assert 0.03 <= silent / len(data.beneficiaries) <= 0.06


def test_a_wrong_death_is_a_conflict(data: DemoData, oracle: Oracle) -> None:
    """rules.md 7, case 12: PENDING, never a silent pass."""
    for row in data.beneficiaries:
        rows = oracle.rows.get(row["id_number"], [])
        cremated = [each["occurred_on"] for each in rows if each["kind"] == "cremation"]
        if cremated and any(strong(each) and each["occurred_on"] > cremated[0] for each in rows):
            assert oracle.conclude(row, LAST_MONTH) == "PENDING"


def test_the_accounts_cover_every_role() -> None:
    accounts = generate(TODAY, password="a password", units=UNITS[:2]).accounts
    usernames = [row["username"] for row in accounts]
    assert len(set(usernames)) == len(usernames)
    assert {SCHOOL, f"{SCHOOL}/zhangmin", BUREAU, "officer-shinan", "window-shibei"} <= set(usernames)
    assert {row["role"] for row in accounts} == {"UNIT", "OFFICER", "WINDOW", "AUDITOR", "SERVICE", "PERSON"}
    assert {row["password"] for row in accounts} == {"a password"}


def test_each_role_names_what_it_belongs_to(data: DemoData) -> None:
    known = {row["id_number"] for row in data.beneficiaries}
    for row in data.accounts:
        assert (row["unit_si_number"] != "") == (row["role"] == "UNIT")
        assert (row["district"] != "") == (row["role"] in ("OFFICER", "WINDOW"))
        assert (row["id_number"] in known) == (row["role"] == "PERSON")


@pytest.mark.parametrize("people", [1, 7, 2000])
def test_any_number_of_people_can_be_asked_for(people: int) -> None:
    plan = UnitPlan("370214009901", "青岛市城阳区某单位", "城阳区", people)
    assert len(generate(TODAY, units=(plan,)).beneficiaries) == people


def test_written_files_read_back_as_the_same_rows(tmp_path: Path) -> None:
    data = generate(TODAY, units=UNITS[:1])
    write(data, tmp_path / "demo")
    for name in ("units", "accounts", "beneficiaries", "evidence"):
        with (tmp_path / "demo" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            assert list(csv.DictReader(file)) == getattr(data, name)

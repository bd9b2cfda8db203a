"""The dated policy: which value holds when, and which files cannot be used."""

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.month import Month
from domain.policy import FILE, PolicyBook, PolicyError
from domain.submission import Act
from domain.verdict import Rule, conclude
from domain.vocabulary import Category, Conclusion, EvidenceClass, VerdictRenews
from tests.lives import acted, record, span, standing

Entries = dict[str, list[dict[str, Any]]]


@pytest.fixture
def entries() -> Entries:
    """What the file says, to be changed by a test."""
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def later(name: str, entries: Entries, day: date, **values: object) -> PolicyBook:
    """A book in which one parameter changes on that day."""
    entries[name].append({"from": day, "clause": "三(一)", **values})
    return PolicyBook(entries)


def test_the_file_holds_the_values_of_the_notice() -> None:
    policy = PolicyBook.read().on(date(2019, 6, 5))
    assert policy.cycle_months == {Category.RETIREE: 12, Category.SURVIVOR: 6}
    assert policy.evidence_window == {Category.RETIREE: 6, Category.SURVIVOR: 3}
    assert (policy.warning_months, policy.confirm_every_months) == (3, 12)
    assert (policy.publication_day, policy.payroll_day) == (4, 8)
    assert (policy.roster_page, policy.page_limit) == (20, 200)
    assert policy.verdict_renews is VerdictRenews.ON_PUBLICATION
    assert policy.lendable_minimum == 2


def test_every_value_of_the_file_names_its_clause(entries: Entries) -> None:
    clauses = [value["clause"] for values in entries.values() for value in values]
    assert all(clause[0] in "一二三四附" for clause in clauses)


def test_relatives_and_consulates_count_since_the_notice() -> None:
    """Dated with it: an earlier month is judged by the kinds of its day."""
    before, since = (PolicyBook.read().on(date(2019, 6, day)).evidence_class for day in (4, 5))
    assert {kind: since[kind] for kind in since.keys() - before.keys()} == {
        "relative_visit": EvidenceClass.A,
        "consulate_visit": EvidenceClass.A,
    }
    assert {kind: since[kind] for kind in before} == before


def test_every_class_of_evidence_has_its_kinds() -> None:
    by_kind = PolicyBook.read().on(date(2019, 6, 4)).evidence_class
    counted = {c: sum(of is c for of in by_kind.values()) for c in EvidenceClass}
    assert counted == {
        EvidenceClass.A: 5,
        EvidenceClass.B: 5,
        EvidenceClass.C: 4,
        EvidenceClass.D: 4,
        EvidenceClass.E: 3,
    }


def test_a_value_holds_from_its_day_on(entries: Entries) -> None:
    book = later("cycle_months", entries, date(2020, 1, 1), RETIREE=6, SURVIVOR=3)
    assert book.on(date(2019, 12, 31)).cycle_months[Category.RETIREE] == 12
    assert book.on(date(2020, 1, 1)).cycle_months[Category.RETIREE] == 6
    assert book.on(date(2020, 1, 1)).cycle_months[Category.SURVIVOR] == 3


def test_the_other_parameters_stay_as_they_were(entries: Entries) -> None:
    book = later("cycle_months", entries, date(2020, 1, 1), RETIREE=6, SURVIVOR=3)
    assert book.on(date(2020, 1, 1)).warning_months == 3


def test_the_order_of_entries_in_the_file_does_not_matter(entries: Entries) -> None:
    entries["warning_months"].insert(0, {"from": date(2020, 1, 1), "clause": "三(一)", "value": 2})
    book = PolicyBook(entries)
    assert book.on(date(2019, 12, 31)).warning_months == 3
    assert book.on(date(2020, 1, 1)).warning_months == 2


def test_a_month_is_judged_by_the_values_of_its_last_day(entries: Entries) -> None:
    book = later("evidence_window", entries, date(2019, 5, 31), RETIREE=1, SURVIVOR=1)
    assert book.of(Month(2019, 4)).evidence_window[Category.RETIREE] == 6
    assert book.of(Month(2019, 5)).evidence_window[Category.RETIREE] == 1


def test_an_earlier_month_keeps_the_verdict_of_its_day(entries: Entries) -> None:
    book = later("evidence_window", entries, date(2019, 6, 1), RETIREE=1, SURVIVOR=1)
    seen = [record("rail_travel", date(2019, 3, 11))]
    may, june = Month(2019, 5), Month(2019, 6)
    assert conclude(Category.RETIREE, may, seen, book.of(may)).conclusion is Conclusion.QUALIFIED
    assert conclude(Category.RETIREE, june, seen, book.of(june)).rule is Rule.OUT_OF_DATE


def test_a_pass_of_an_earlier_day_keeps_the_cycle_of_that_day(entries: Entries) -> None:
    book = later("cycle_months", entries, date(2020, 1, 1), RETIREE=6, SURVIVOR=3)
    before, after = date(2019, 12, 31), date(2020, 1, 1)
    lapsed = standing("2018-09..2019-09")
    old = acted(Act.OVERRIDE, lapsed, before, policy=book.on(before))
    new = acted(Act.OVERRIDE, lapsed, after, policy=book.on(after))
    assert span(old.opened) == "2019-12..2020-12"
    assert span(new.opened) == "2020-01..2020-07"


def test_a_shorter_cycle_shortens_nobodys_running_period(entries: Entries) -> None:
    book = later("cycle_months", entries, date(2020, 1, 1), RETIREE=6, SURVIVOR=3)
    day = date(2020, 2, 5)
    decision = acted(Act.OVERRIDE, standing("2019-12..2020-12"), day, policy=book.on(day))
    assert decision.opened is None
    assert decision.standing.paid_through == Month(2020, 12)


def test_there_is_no_policy_before_the_first_day() -> None:
    book = PolicyBook.read()
    assert book.first_day == date(2018, 1, 1)
    with pytest.raises(PolicyError, match="2018-01-01"):
        book.on(date(2017, 12, 31))


def test_the_first_day_is_that_of_the_last_parameter_to_begin(entries: Entries) -> None:
    entries["payroll_day"][0]["from"] = date(2018, 7, 1)
    book = PolicyBook(entries)
    assert book.first_day == date(2018, 7, 1)
    with pytest.raises(PolicyError):
        book.on(date(2018, 6, 30))


def test_the_book_knows_every_cycle_that_ever_held(entries: Entries) -> None:
    book = later("cycle_months", entries, date(2020, 1, 1), RETIREE=6, SURVIVOR=6)
    assert book.cycles() == {(Category.RETIREE, 12), (Category.RETIREE, 6), (Category.SURVIVOR, 6)}


def test_the_book_knows_every_kind_that_ever_had_a_class(entries: Entries) -> None:
    book = later("evidence_class", entries, date(2020, 1, 1), A=["palm_scan"], B=[], C=[], D=[], E=[])
    assert {"palm_scan", "rail_travel", "cremation", "tip_off"} <= book.kinds()
    assert "rail_travel" not in book.on(date(2020, 1, 1)).evidence_class


def test_verdicts_may_renew_on_confirmation_only(entries: Entries) -> None:
    book = later("verdict_renews", entries, date(2020, 1, 1), value="on_confirmation")
    assert book.on(date(2020, 1, 1)).verdict_renews is VerdictRenews.ON_CONFIRMATION


@pytest.mark.parametrize(
    "name",
    [
        "cycle_months",
        "warning_months",
        "confirm_every_months",
        "publication_day",
        "payroll_day",
        "verdict_renews",
        "unanswered_disqualified",
        "evidence_window",
        "lendable_minimum",
        "roster_page",
        "page_limit",
        "brake",
        "evidence_class",
    ],
)
def test_a_missing_parameter_is_named(entries: Entries, name: str) -> None:
    del entries[name]
    with pytest.raises(PolicyError, match=name):
        PolicyBook(entries)


def test_two_entries_of_one_day_are_refused(entries: Entries) -> None:
    with pytest.raises(PolicyError, match="warning_months: two entries"):
        later("warning_months", entries, date(2018, 1, 1), value=4)


@pytest.mark.parametrize("missing", ["from", "clause"])
def test_an_entry_without_its_day_or_clause_is_refused(entries: Entries, missing: str) -> None:
    del entries["warning_months"][0][missing]
    with pytest.raises(PolicyError, match="warning_months: every entry needs a day"):
        PolicyBook(entries)


def test_a_day_that_is_only_text_is_refused(entries: Entries) -> None:
    entries["warning_months"][0]["from"] = "2018-01-01"
    with pytest.raises(PolicyError, match="warning_months"):
        PolicyBook(entries)


def test_a_day_with_a_time_is_refused() -> None:
    text = FILE.read_text(encoding="utf-8").replace("from = 2018-01-01", "from = 2018-01-01T08:00:00", 1)
    with pytest.raises(PolicyError, match="cycle_months"):
        PolicyBook(tomllib.loads(text))


@pytest.mark.parametrize("value", [0, -3, 2.5, "3", None, True])
def test_a_number_that_is_not_whole_and_positive_is_refused(entries: Entries, value: object) -> None:
    entries["warning_months"][0]["value"] = value
    with pytest.raises(PolicyError, match="warning_months"):
        PolicyBook(entries)


@pytest.mark.parametrize("name", ["cycle_months", "evidence_window"])
def test_a_value_missing_for_one_category_is_refused(entries: Entries, name: str) -> None:
    del entries[name][0]["SURVIVOR"]
    with pytest.raises(PolicyError, match="SURVIVOR"):
        PolicyBook(entries)


def test_a_missing_class_of_evidence_is_refused(entries: Entries) -> None:
    del entries["evidence_class"][0]["E"]
    with pytest.raises(PolicyError):
        PolicyBook(entries)


def test_an_unknown_way_to_renew_is_refused(entries: Entries) -> None:
    entries["verdict_renews"][0]["value"] = "never"
    with pytest.raises(PolicyError, match="never"):
        PolicyBook(entries)


def test_suspending_the_unanswered_is_not_supported(entries: Entries) -> None:
    entries["unanswered_disqualified"][0]["value"] = "suspend"
    with pytest.raises(PolicyError, match="unanswered_disqualified: 'suspend' is not supported"):
        PolicyBook(entries)


def test_a_bad_later_entry_is_found_when_the_book_is_opened(entries: Entries) -> None:
    with pytest.raises(PolicyError, match="unanswered_disqualified"):
        later("unanswered_disqualified", entries, date(2030, 1, 1), value="suspend")


def test_a_file_is_read(tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(FILE.read_text(encoding="utf-8").replace("value = 20", "value = 50"), encoding="utf-8")
    assert PolicyBook.read(file).on(date(2019, 6, 5)).roster_page == 50

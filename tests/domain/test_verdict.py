"""What a month's evidence concludes, at the edges of classes, windows and days."""

from datetime import UTC, date, datetime
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.month import Month
from domain.verdict import Fact, Finding, Record, Rule, conclude
from domain.vocabulary import Category, Conclusion, EvidenceClass
from tests.lives import (
    CATEGORIES,
    POLICY,
    disqualified,
    kinds_of,
    pending,
    qualified,
    record,
    records,
)

MAY = Month(2019, 5)
DAY = date(2019, 5, 10)


def of_may(*known: Record, category: Category = Category.RETIREE, answered_through: datetime | None = None) -> Finding:
    return conclude(category, MAY, known, POLICY, answered_through)


@pytest.mark.parametrize(
    ("category", "first", "day_before"),
    [
        (Category.RETIREE, date(2018, 12, 1), date(2018, 11, 30)),
        (Category.SURVIVOR, date(2019, 3, 1), date(2019, 2, 28)),
    ],
)
def test_the_window_begins_on_the_first_day_of_its_first_month(
    category: Category, first: date, day_before: date
) -> None:
    inside = of_may(record("home_visit", first), category=category)
    outside = of_may(record("home_visit", day_before), category=category)
    assert (inside.rule, inside.conclusion) == (Rule.LIFE, Conclusion.QUALIFIED)
    assert (outside.rule, outside.conclusion) == (Rule.OUT_OF_DATE, Conclusion.PENDING)


def test_the_window_reaches_over_leap_february() -> None:
    seen = [record("rail_travel", date(2020, 2, 29))]
    april = conclude(Category.SURVIVOR, Month(2020, 4), seen, POLICY)
    may = conclude(Category.SURVIVOR, Month(2020, 5), seen, POLICY)
    assert (april.rule, may.rule) == (Rule.LIFE, Rule.OUT_OF_DATE)


def test_an_outdated_sign_of_life_is_still_named() -> None:
    assert of_may(record("rail_travel", date(2018, 11, 30))).activity == Fact("rail_travel", date(2018, 11, 30))


def test_no_evidence_at_all_is_pending() -> None:
    assert of_may() == Finding(Rule.NOTHING)
    assert of_may().conclusion is Conclusion.PENDING


# Class C: a card that can be lent.


@pytest.mark.parametrize(
    ("uses", "rule"),
    [
        ([("bus_card", DAY)], Rule.LENDABLE_ONLY),
        ([("bus_card", DAY), ("bus_card", DAY)], Rule.LENDABLE_ONLY),
        ([("bus_card", DAY), ("bus_card", date(2019, 5, 11))], Rule.LIFE),
        ([("bus_card", DAY), ("atm_card", DAY)], Rule.LIFE),
        ([("bus_card", date(2018, 12, 1)), ("bus_card", date(2019, 5, 31))], Rule.LIFE),
        ([("bus_card", date(2018, 11, 30)), ("bus_card", DAY)], Rule.LENDABLE_ONLY),
        ([("atm_card", date(2018, 11, 30)), ("bus_card", DAY)], Rule.LENDABLE_ONLY),
        ([("bus_card", date(2018, 11, 29)), ("bus_card", date(2018, 11, 30))], Rule.OUT_OF_DATE),
    ],
)
def test_cards_qualify_with_two_kinds_or_two_dates_in_the_window(uses: list[tuple[str, date]], rule: Rule) -> None:
    assert of_may(*(record(kind, on) for kind, on in uses)).rule is rule


def test_one_card_beside_a_stronger_sign_is_not_the_last_activity() -> None:
    finding = of_may(record("rail_travel", date(2019, 3, 11)), record("bus_card", DAY))
    assert finding == Finding(Rule.LIFE, activity=Fact("rail_travel", date(2019, 3, 11)))


def test_two_cards_beside_a_stronger_sign_may_be_the_last_activity() -> None:
    finding = of_may(
        record("rail_travel", date(2019, 3, 11)),
        record("bus_card", DAY),
        record("atm_card", date(2019, 4, 1)),
    )
    assert finding == Finding(Rule.LIFE, activity=Fact("bus_card", DAY))


def test_the_stronger_of_two_signs_of_one_day_is_named() -> None:
    finding = of_may(record("rail_travel", DAY), record("home_visit", DAY), record("vaccination", DAY))
    assert finding.activity == Fact("home_visit", DAY)


# Class D: primary loss.


@pytest.mark.parametrize("loss", kinds_of(EvidenceClass.D))
@pytest.mark.parametrize("sign", kinds_of(EvidenceClass.A) + kinds_of(EvidenceClass.B))
def test_a_loss_is_contradicted_only_after_its_day(loss: str, sign: str) -> None:
    day_after = of_may(record(loss, DAY), record(sign, date(2019, 5, 11)))
    same_day = of_may(record(loss, DAY), record(sign, DAY))
    assert day_after == Finding(Rule.LOSS_CONTRADICTED, Fact(loss, DAY), Fact(sign, date(2019, 5, 11)))
    assert same_day.rule is Rule.LOSS
    assert same_day.conclusion is Conclusion.DISQUALIFIED


def test_cards_contradict_no_loss() -> None:
    finding = of_may(
        record("cremation", DAY), record("bus_card", date(2019, 5, 20)), record("atm_card", date(2019, 5, 21))
    )
    assert finding == Finding(Rule.LOSS, Fact("cremation", DAY), Fact("atm_card", date(2019, 5, 21)))


def test_a_loss_years_ago_still_disqualifies() -> None:
    assert of_may(record("cremation", date(2012, 1, 5))).conclusion is Conclusion.DISQUALIFIED


def test_a_sign_of_life_between_two_losses_contradicts_only_the_first() -> None:
    finding = of_may(
        record("effective_judgment", date(2019, 1, 5)),
        record("border_crossing", date(2019, 2, 1)),
        record("cremation", DAY),
    )
    assert finding == Finding(Rule.LOSS, Fact("cremation", DAY), Fact("border_crossing", date(2019, 2, 1)))


def test_a_contradicting_sign_that_was_found_wrong_contradicts_nothing() -> None:
    finding = of_may(record("cremation", DAY), record("rail_travel", date(2019, 5, 20), wrong=True))
    assert finding == Finding(Rule.LOSS, Fact("cremation", DAY))


def test_a_loss_after_the_month_is_not_yet_known_in_it() -> None:
    seen, loss = record("rail_travel", DAY), record("cremation", date(2019, 6, 1))
    assert of_may(seen, loss).rule is Rule.LIFE


def test_a_sign_of_life_long_outside_the_window_contradicts_an_older_loss() -> None:
    finding = of_may(record("cremation", date(2015, 1, 5)), record("home_visit", date(2016, 1, 5)))
    assert finding.rule is Rule.LOSS_CONTRADICTED


def test_what_counts_is_the_day_of_the_event_not_the_day_the_data_arrived() -> None:
    late = record("cremation", DAY, received=datetime(2020, 1, 1, tzinfo=UTC))
    early = record("rail_travel", date(2019, 5, 20), received=datetime(2019, 5, 20, tzinfo=UTC))
    assert of_may(late, early).rule is Rule.LOSS_CONTRADICTED


# Losses that the unit has answered with PASS.

ANSWERED = datetime(2019, 6, 10, 1, 0, tzinfo=UTC)


def test_a_loss_answered_by_the_unit_is_pending_and_names_loss_and_last_sign() -> None:
    loss = record("cremation", DAY, received=ANSWERED)
    finding = of_may(loss, record("bus_card", DAY), answered_through=ANSWERED)
    assert finding == Finding(Rule.LOSS_ANSWERED, Fact("cremation", DAY), Fact("bus_card", DAY))


def test_a_loss_received_after_the_answer_disqualifies_anew() -> None:
    old = record("cremation", DAY, received=datetime(2019, 6, 1, tzinfo=UTC))
    new = record("household_cancellation", DAY, received=datetime(2019, 6, 10, 1, 1, tzinfo=UTC))
    finding = of_may(old, new, answered_through=ANSWERED)
    assert finding == Finding(Rule.LOSS, Fact("household_cancellation", DAY))


def test_an_answered_loss_does_not_become_qualified_by_an_earlier_sign_of_life() -> None:
    finding = of_may(record("rail_travel", date(2019, 5, 1)), record("cremation", DAY), answered_through=ANSWERED)
    assert finding.rule is Rule.LOSS_ANSWERED


def test_a_sign_of_life_on_the_day_of_an_answered_loss_does_not_contradict_it() -> None:
    finding = of_may(record("cremation", DAY), record("rail_travel", DAY), answered_through=ANSWERED)
    assert finding == Finding(Rule.LOSS_ANSWERED, Fact("cremation", DAY), Fact("rail_travel", DAY))


def test_an_answered_loss_that_is_also_contradicted_is_a_conflict() -> None:
    finding = of_may(record("cremation", DAY), record("rail_travel", date(2019, 5, 20)), answered_through=ANSWERED)
    assert finding == Finding(Rule.LOSS_CONTRADICTED, Fact("cremation", DAY), Fact("rail_travel", date(2019, 5, 20)))


# Class E: indirect loss.


@pytest.mark.parametrize("kind", kinds_of(EvidenceClass.E))
def test_an_indirect_loss_makes_pending_whatever_else_is_known(kind: str) -> None:
    alone = of_may(record(kind, DAY))
    with_life = of_may(record(kind, DAY), record("home_visit", date(2019, 5, 20)))
    assert alone == Finding(Rule.INDIRECT_LOSS, Fact(kind, DAY))
    assert with_life == Finding(Rule.INDIRECT_LOSS, Fact(kind, DAY), Fact("home_visit", date(2019, 5, 20)))
    assert with_life.conclusion is Conclusion.PENDING


def test_a_primary_loss_goes_before_an_indirect_one() -> None:
    assert of_may(record("tip_off", date(2019, 5, 20)), record("cremation", DAY)).rule is Rule.LOSS


def test_an_indirect_loss_found_wrong_lets_the_person_qualify() -> None:
    finding = of_may(record("tip_off", DAY, wrong=True), record("rail_travel", DAY))
    assert finding.conclusion is Conclusion.QUALIFIED


def test_a_kind_without_a_class_proves_nothing() -> None:
    assert of_may(record("horoscope", DAY)).rule is Rule.NOTHING


# Which rule concludes what, and which a PASS answers.


@pytest.mark.parametrize(
    ("rule", "conclusion", "rests_on_loss"),
    [
        (Rule.LOSS, Conclusion.DISQUALIFIED, True),
        (Rule.LOSS_CONTRADICTED, Conclusion.PENDING, True),
        (Rule.LOSS_ANSWERED, Conclusion.PENDING, True),
        (Rule.INDIRECT_LOSS, Conclusion.PENDING, False),
        (Rule.LIFE, Conclusion.QUALIFIED, False),
        (Rule.LENDABLE_ONLY, Conclusion.PENDING, False),
        (Rule.OUT_OF_DATE, Conclusion.PENDING, False),
        (Rule.NOTHING, Conclusion.PENDING, False),
    ],
)
def test_every_rule_has_one_conclusion(rule: Rule, conclusion: Conclusion, rests_on_loss: bool) -> None:
    assert rule.conclusion is conclusion
    assert rule.rests_on_loss is rests_on_loss


def test_a_verdict_published_late_is_answered_by_the_end_of_that_month() -> None:
    assert pending("2019-12").answer_by == date(2020, 1, 31)
    assert disqualified("2020-01").answer_by == date(2020, 2, 29)
    assert qualified("2020-01").answer_by is None


# Properties.

EVIDENCE = records(date(2018, 9, 1), date(2019, 6, 30))


@settings(deadline=None, max_examples=100)
@given(CATEGORIES, EVIDENCE, st.randoms(use_true_random=False))
def test_the_order_in_which_data_arrives_does_not_matter(
    category: Category, evidence: list[Record], random: Random
) -> None:
    shuffled = sorted(evidence, key=lambda _: random.random())
    assert conclude(category, MAY, shuffled, POLICY) == conclude(category, MAY, evidence, POLICY)


@settings(deadline=None, max_examples=100)
@given(CATEGORIES, EVIDENCE)
def test_records_found_wrong_and_records_after_the_month_change_nothing(
    category: Category, evidence: list[Record]
) -> None:
    known = [r for r in evidence if not r.found_wrong and r.occurred_on <= date(2019, 5, 31)]
    assert conclude(category, MAY, known, POLICY) == conclude(category, MAY, evidence, POLICY)


@settings(deadline=None, max_examples=100)
@given(CATEGORIES, EVIDENCE)
def test_nobody_with_a_loss_on_record_is_qualified(category: Category, evidence: list[Record]) -> None:
    loss = record("cremation", DAY)
    assert conclude(category, MAY, [*evidence, loss], POLICY).conclusion is not Conclusion.QUALIFIED

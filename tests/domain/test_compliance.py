"""No favours, by the domain alone: which acts open a review, how large a sample is, whom a seed draws. 四(四)."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.certification import Certification
from domain.compliance import (
    Finding,
    ReviewOutcome,
    answer_by,
    drawn,
    finding_obstacles,
    kind_of,
    sample_size,
)
from domain.vocabulary import CertificationResult, Method, SurvivalStatus
from tests.lives import POLICY

TODAY = date(2019, 6, 20)


@pytest.mark.parametrize(("method", "opens", "expected"), [
    (Method.OVERRIDE, True, "AGAINST_DISQUALIFIED"),
    (Method.BATCH_PASS, True, "BATCH_ACKNOWLEDGED"),
    (Method.OVERRIDE, False, None),
    (Method.BATCH_PASS, False, None),
])  # fmt: skip
def test_a_pass_against_the_data_opens_a_review(method: Method, opens: bool, expected: str | None) -> None:
    act = Certification(method, CertificationResult.PASS, SurvivalStatus.NORMAL, opens_review=opens)
    assert kind_of(act) == expected


@pytest.mark.parametrize(("population", "margin", "confidence", "expected"), [
    (0, 0.1, 0.95, 0),
    (1, 0.1, 0.95, 1),
    (10, 0.1, 0.95, 10),
    (100, 0.1, 0.95, 50),
    (1000, 0.1, 0.95, 88),
    (100_000, 0.1, 0.95, 96),
    (100, 0.05, 0.95, 80),
    (500, 0.05, 0.95, 218),
    (1000, 0.05, 0.95, 278),
    (10_000, 0.05, 0.95, 370),
    (1_000_000, 0.05, 0.95, 384),
    (1000, 0.05, 0.99, 400),
    (1000, 0.03, 0.95, 517),
])  # fmt: skip
def test_a_sample_is_as_large_as_its_margin_asks_for(
    population: int, margin: float, confidence: float, expected: int
) -> None:
    """Cochran's formula with the correction for a finite population, as tables of sample sizes print it."""
    assert sample_size(population, margin, confidence) == expected


@given(st.integers(0, 10**6), st.floats(0.01, 0.3), st.floats(0.5, 0.999))
def test_a_sample_is_never_more_than_there_are_and_some_where_there_are_some(
    n: int, margin: float, sure: float
) -> None:
    assert min(n, 1) <= sample_size(n, margin, sure) <= n


def test_a_seed_draws_the_same_whatever_the_order() -> None:
    """The order is that of SHA-256 of `seed:id`: 7, 10, 6, 9 for this seed."""
    assert drawn("0" * 32, range(1, 11), 4) == drawn("0" * 32, reversed(range(1, 11)), 4) == DRAWN
    assert drawn("1" * 32, range(1, 11), 4) != DRAWN
    assert sorted(drawn("0" * 32, range(1, 11), 10)) == list(range(1, 11))


DRAWN = [7, 10, 6, 9]


@pytest.mark.parametrize("outcome", ReviewOutcome)
def test_only_a_pass_without_ground_is_answered_again(outcome: ReviewOutcome) -> None:
    """Within 15 days; a signal about a whole unit asks about nobody in particular."""
    expected = date(2019, 7, 5) if outcome is ReviewOutcome.WITHOUT_GROUND else None
    finding = Finding(outcome, "无人见过本人")
    assert answer_by(finding, of_an_act=True, policy=POLICY, today=TODAY) == expected
    assert answer_by(finding, of_an_act=False, policy=POLICY, today=TODAY) is None


@pytest.mark.parametrize(("reason", "decided", "opened_on", "expected"), [
    ("已核实", False, date(2019, 6, 20), []),
    (" ", False, date(2019, 6, 20), ["REASON_REQUIRED"]),
    ("x" * 501, False, date(2019, 6, 20), ["INVALID_TEXT"]),
    (" ", True, date(2019, 6, 20), ["ALREADY_DECIDED"]),
    ("已核实", False, date(2019, 6, 21), ["CLOCK_BEHIND"]),
])  # fmt: skip
def test_a_review_is_decided_once_and_for_a_reason(
    reason: str, decided: bool, opened_on: date, expected: list[str]
) -> None:
    finding = Finding(ReviewOutcome.IN_ORDER, reason)
    found = finding_obstacles(finding, decided=decided, own=False, own_act=False, opened_on=opened_on, today=TODAY)
    assert [refusal.code.value for refusal in found] == expected


@pytest.mark.parametrize(("own", "own_act", "expected"), [
    (True, False, "OWN_CASE"), (False, True, "REVIEWER_IS_SUBMITTER"), (True, True, "OWN_CASE"),
])  # fmt: skip
def test_nobody_reviews_what_is_about_them_or_their_own_act(own: bool, own_act: bool, expected: str) -> None:
    finding = Finding(ReviewOutcome.IN_ORDER, "已核实")
    [refusal] = finding_obstacles(finding, decided=False, own=own, own_act=own_act, opened_on=TODAY, today=TODAY)
    assert (refusal.code.value, refusal.path) == (expected, ("input", "reviewId"))

"""What was paid too much, and what stands in the way of settling it."""

from decimal import Decimal

import pytest

from domain.overpayment import Settlement, SettlementKind, obstacles
from domain.vocabulary import SurvivalStatus
from tests.domain.story import Story
from tests.lives import obstacle

PAID_BACK, INSTALMENT, WAIVED = SettlementKind.PAID_BACK, SettlementKind.INSTALMENT, SettlementKind.WAIVED
OWED = Decimal("9000.00")


def refused(
    kind: SettlementKind, amount: str, reason: str | None = None, owed: Decimal = OWED
) -> list[tuple[str, str]]:
    found = [obstacle(one) for one in obstacles(Settlement(kind, Decimal(amount), reason), owed, "row-1")]
    assert all(reference == "row-1" for _, _, reference in found)
    return [(code.value, path) for code, path, _ in found]


# What is overpaid.


def test_nobody_paid_by_the_rules_is_overpaid() -> None:
    assert Story("2018-12..2019-12").payrolls("2019-06..2020-01").overpaid() == {}


def test_the_month_of_the_event_was_owed() -> None:
    story = Story("2018-12..2019-12").payrolls("2019-02..2019-05").terminated("2019-05-20", since="2019-03-31")
    assert story.overpaid() == {"2019-04": "3000.00", "2019-05": "3000.00"}


def test_a_fail_dated_back_supposes_an_overpayment_until_it_is_withdrawn() -> None:
    story = Story("2018-12..2019-12").payrolls("2019-03..2019-06").failed("2019-06-20", since="2019-04-10")
    assert story.overpaid() == {"2019-05": "3000.00", "2019-06": "3000.00"}
    assert story.passed("2019-09-10").overpaid() == {}, "alive all along"


def test_time_in_prison_that_was_paid_stays_overpaid_after_the_release() -> None:
    story = Story("2018-12..2019-12").payrolls("2019-03..2019-06")
    story.failed("2019-06-20", since="2019-04-10", status=SurvivalStatus.IMPRISONED).payrolls("2019-07..2019-08")
    story.passed("2019-08-10")
    assert story.overpaid() == {"2019-05": "3000.00", "2019-06": "3000.00"}
    story.approved("2019-08-20")
    assert story.payrolls("2019-09").overpaid() == {"2019-05": "3000.00", "2019-06": "3000.00"}


def test_an_overpaid_month_counts_with_its_adjustments() -> None:
    story = Story("2018-12..2019-12").payrolls("2019-03..2019-05")
    story.raised("2019-05-20", since="2019-04", amount="3100.00").payrolls("2019-06")
    story.terminated("2019-06-20", since="2019-03-15")
    assert story.overpaid() == {"2019-04": "3100.00", "2019-05": "3100.00", "2019-06": "3100.00"}


def test_a_month_that_was_paid_back_may_turn_out_overpaid() -> None:
    """Back pay for 07 to 09 goes out with 10; in November the death of 2019-08-05 is proved after all."""
    story = Story("2018-12..2019-12").payrolls("2019-06").failed("2019-06-20", since="2019-06-10")
    story.payrolls("2019-07..2019-09").passed("2019-09-10").approved("2019-09-20")
    story.payrolls("2019-10..2019-11").terminated("2019-11-20", since="2019-08-05")
    assert story.overpaid() == {"2019-09": "3000.00", "2019-10": "3000.00", "2019-11": "3000.00"}


def test_a_termination_replaces_what_a_fail_supposed() -> None:
    """Failed as dead since April, terminated with the true day in June: May and June were owed."""
    story = Story("2018-12..2019-12").payrolls("2019-03..2019-07").failed("2019-07-20", since="2019-04-10")
    story.terminated("2019-08-05", since="2019-06-02")
    assert story.overpaid() == {"2019-07": "3000.00"}


def test_a_withheld_month_is_not_overpaid() -> None:
    story = Story("2018-12..2019-12").payrolls("2019-06").failed("2019-06-20", since="2019-05-10")
    story.payrolls("2019-07..2019-08")
    assert story.overpaid() == {"2019-06": "3000.00"}


# What stands in the way of a settlement.


@pytest.mark.parametrize(
    ("kind", "amount", "reason"),
    [
        (PAID_BACK, "9000.00", None),
        (INSTALMENT, "0.01", None),
        (INSTALMENT, "9000.00", None),
        (WAIVED, "500.00", "确有困难"),
        (WAIVED, "9000.00", "确有困难"),
    ],
)
def test_a_settlement_of_what_is_outstanding_is_recorded(kind: SettlementKind, amount: str, reason: str | None) -> None:
    assert refused(kind, amount, reason) == []


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        (PAID_BACK, "8999.99"),
        (PAID_BACK, "9000.01"),
        (INSTALMENT, "9000.01"),
        (INSTALMENT, "0.00"),
        (INSTALMENT, "-1.00"),
    ],
)
def test_an_amount_must_be_part_of_what_is_outstanding_and_paid_back_all_of_it(
    kind: SettlementKind, amount: str
) -> None:
    [refusal] = obstacles(Settlement(kind, Decimal(amount)), OWED, "row-1")
    assert (refusal.code.value, refusal.path) == ("INVALID_AMOUNT", ("input", "amount"))
    assert refusal.facts == {"outstanding": "9000.00"}


@pytest.mark.parametrize("owed", ["0.00", "-100.00"])
def test_where_nothing_is_outstanding_there_is_nothing_to_settle(owed: str) -> None:
    assert refused(PAID_BACK, "100.00", owed=Decimal(owed)) == [("NOTHING_OWED", "input/beneficiaryId")]


def test_a_waiver_says_why() -> None:
    assert refused(WAIVED, "500.00") == [("REASON_REQUIRED", "input/reason")]
    assert refused(WAIVED, "500.00", " ") == [("REASON_REQUIRED", "input/reason")]


def test_a_reason_is_plain_text() -> None:
    assert refused(INSTALMENT, "500.00", "a\x00b") == [("INVALID_TEXT", "input/reason")]
    assert refused(WAIVED, "500.00", "难" * 501) == [("INVALID_TEXT", "input/reason")]


def test_amount_and_reason_are_refused_at_once() -> None:
    assert refused(WAIVED, "9000.01") == [("INVALID_AMOUNT", "input/amount"), ("REASON_REQUIRED", "input/reason")]

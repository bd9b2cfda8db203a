"""What a payroll writes down, and what goes out with it for earlier months."""

from decimal import Decimal

from domain.entitlement import Basis
from domain.money import ZERO
from domain.month import Month
from domain.payroll import Entry, Frozen, LedgerStatus, LineKind, entries, lines
from domain.vocabulary import SurvivalStatus
from tests.domain.story import Story
from tests.lives import months

IMPRISONED = SurvivalStatus.IMPRISONED


def held() -> Story:
    """Failed on 2019-06-20, passed on 2019-09-10, held; payrolls through October."""
    story = Story("2018-12..2019-12").payrolls("2019-05..2019-06").failed("2019-06-20", since="2019-06-10")
    return story.payrolls("2019-07..2019-09").passed("2019-09-10").payrolls("2019-10")


# The month's own entry.


def test_a_paid_month_is_written_down_with_its_amount_and_its_period() -> None:
    story = Story("2018-12..2019-12")
    [entry] = entries(story.account, Month(2019, 6), Frozen())
    assert entry == Entry(
        Month(2019, 6), Month(2019, 6), LedgerStatus.PAID, Decimal("3000.00"), Basis.COVERED,
        Month(2018, 12), Month(2019, 12),
    )  # fmt: skip


def test_a_withheld_month_is_written_down_with_nothing_and_its_reason() -> None:
    story = Story("2018-12..2019-12").failed("2019-06-20", since="2019-06-10")
    [entry] = entries(story.account, Month(2019, 8), Frozen())
    august, july = Month(2019, 8), Month(2019, 7)
    assert entry == Entry(august, august, LedgerStatus.WITHHELD, ZERO, Basis.SUSPENDED, july)


def test_nothing_is_written_down_before_the_benefit_begins() -> None:
    account = Story("2019-06..2020-06").account
    assert entries(account, Month(2019, 5), Frozen()) == []
    assert lines(account, Month(2019, 5)) == []


def test_a_month_is_paid_at_its_own_rate() -> None:
    story = Story("2018-12..2019-12").raised("2019-06-01", since="2019-08", amount="3100.00")
    assert story.payrolls("2019-07..2019-08").ledger("2019-07..2019-08") == ["PAID 3000.00", "PAID 3100.00"]
    assert story.lines == []


def test_a_covered_month_without_a_rate_is_withheld_until_a_rate_is_known() -> None:
    """Nobody can be paid an amount that nobody knows; the case pays it back once it is there."""
    story = Story("2019-06..2020-06")
    story.rates.clear()
    story.payrolls("2019-06..2019-07")
    assert story.ledger("2019-06") == ["WITHHELD COVERED"]
    assert story.approved("2019-07-20") == ["2019-06", "2019-07"]
    assert story.payrolls("2019-08").went_out("2019-08") == []
    story.raised("2019-08-20", since="2019-06", amount="2500.00").payrolls("2019-09")
    assert story.went_out("2019-09") == ["BACK_PAY 2019-06 2500.00", "BACK_PAY 2019-07 2500.00"]


def test_a_payroll_that_runs_late_goes_by_what_is_known_when_it_runs() -> None:
    """July is frozen in September: after a termination for May nothing is paid any more."""
    story = Story("2018-12..2019-12").payrolls("2019-06").terminated("2019-08-20", since="2019-05-03")
    story.payrolls("2019-07")
    assert story.ledger("2019-06..2019-07") == ["PAID 3000.00", "WITHHELD TERMINATED"]
    assert story.overpaid() == {"2019-06": "3000.00"}


# Enrolled late.


def test_months_frozen_before_the_enrolment_are_withheld() -> None:
    """Benefit from 2019-05, enrolled after the payroll of 07: the payroll of 08 writes 05, 06 and 07 down."""
    story = Story("2019-05..2020-05", frozen=months("2019-03..2019-07"))
    written = entries(story.account, Month(2019, 8), story.so_far)
    assert [(str(e.month), str(e.payroll), e.status.value, e.basis.value) for e in written] == [
        ("2019-05", "2019-08", "WITHHELD", "LATE_ENROLMENT"),
        ("2019-06", "2019-08", "WITHHELD", "LATE_ENROLMENT"),
        ("2019-07", "2019-08", "WITHHELD", "LATE_ENROLMENT"),
        ("2019-08", "2019-08", "PAID", "COVERED"),
    ]
    assert {(e.amount, e.since) for e in written[:3]} == {(ZERO, Month(2019, 8))}


def test_late_months_are_written_down_once() -> None:
    story = Story("2019-05..2020-05", frozen=months("2019-03..2019-07")).payrolls("2019-08")
    assert [str(entry.month) for entry in entries(story.account, Month(2019, 9), story.so_far)] == ["2019-09"]


def test_a_month_that_no_payroll_froze_is_not_written_down_late() -> None:
    """The ledger begins with 2019-07."""
    story = Story("2019-05..2020-05", frozen=months("2019-07"))
    written = entries(story.account, Month(2019, 8), story.so_far)
    assert [str(entry.month) for entry in written] == ["2019-07", "2019-08"]


def test_late_months_are_paid_back_by_a_case_each_at_its_own_rate() -> None:
    story = Story("2019-05..2020-05", frozen=months("2019-03..2019-07"))
    story.raised("2019-05-02", since="2019-07", amount="3100.00").payrolls("2019-08")
    assert story.went_out("2019-08") == []
    assert story.approved("2019-08-20") == ["2019-05", "2019-06", "2019-07"]
    assert story.payrolls("2019-09").went_out("2019-09") == [
        "BACK_PAY 2019-05 3000.00",
        "BACK_PAY 2019-06 3000.00",
        "BACK_PAY 2019-07 3100.00",
    ]


def test_late_months_may_be_claimed_before_a_payroll_has_written_them_down() -> None:
    """Enrolled and approved between the payrolls of 07 and 08: what that of 08 writes down goes out with it."""
    story = Story("2019-05..2020-05", frozen=months("2019-03..2019-07"))
    assert story.approved("2019-07-20") == ["2019-05", "2019-06", "2019-07"]
    story.payrolls("2019-08..2019-09")
    assert story.ledger("2019-05..2019-08") == [*["WITHHELD LATE_ENROLMENT"] * 3, "PAID 3000.00"]
    assert [line.split()[1] for line in story.went_out("2019-08")] == ["2019-05", "2019-06", "2019-07"]
    assert story.went_out("2019-09") == []


# Back pay.


def test_back_pay_goes_out_once() -> None:
    story = held()
    story.approved("2019-10-20")
    story.payrolls("2019-11..2020-03")
    assert [(str(n.payroll), str(n.month)) for n in story.lines] == [
        ("2019-11", "2019-07"),
        ("2019-11", "2019-08"),
        ("2019-11", "2019-09"),
        ("2019-11", "2019-10"),
    ]
    assert {(n.kind, n.case_id) for n in story.lines} == {(LineKind.BACK_PAY, 1)}


def test_back_pay_waits_for_the_payroll_after_the_month_of_the_approval() -> None:
    """The payroll of 10 runs after the approval of 10-05, and still pays nothing back."""
    story = Story("2018-12..2019-12").payrolls("2019-06").failed("2019-06-20", since="2019-06-10")
    story.payrolls("2019-07..2019-09").passed("2019-09-10").approved("2019-10-05")
    story.payrolls("2019-10..2019-11")
    assert (story.ledger("2019-10"), story.went_out("2019-10")) == (["WITHHELD SUSPENDED"], [])
    assert [line.split()[1] for line in story.went_out("2019-11")] == ["2019-07", "2019-08", "2019-09", "2019-10"]


def test_back_pay_of_a_lapse_waits_for_the_next_payroll_too() -> None:
    """Approved on 2020-09-03, before the payroll of 09: it goes out with 10. Rules 5.4."""
    story = Story("2019-06..2020-06").payrolls("2020-07..2020-08").passed("2020-09-02")
    story.approved("2020-09-03")
    story.payrolls("2020-09..2020-10")
    assert story.went_out("2020-09") == []
    assert [line.split()[1] for line in story.went_out("2020-10")] == ["2020-07", "2020-08"]


def test_a_fail_after_the_approval_holds_the_back_pay_too() -> None:
    """Approved 10-20, failed again 10-25: the payroll of 11 pays nothing; after the second approval all is paid."""
    story = held()
    story.approved("2019-10-20")
    story.failed("2019-10-25", since="2019-10-22").payrolls("2019-11")
    assert (story.ledger("2019-11"), story.went_out("2019-11")) == (["WITHHELD SUSPENDED"], [])
    story.passed("2019-12-02").payrolls("2019-12")
    assert story.approved("2019-12-20", case_id=2) == ["2019-11", "2019-12"]
    story.payrolls("2020-01")
    assert [(str(n.month), n.case_id) for n in story.lines] == [
        ("2019-07", 1),
        ("2019-08", 1),
        ("2019-09", 1),
        ("2019-10", 1),
        ("2019-11", 2),
        ("2019-12", 2),
    ]


def test_a_fail_of_the_month_of_the_payroll_lets_that_month_go_out() -> None:
    """Failed on 11-05, before the payroll of 11: held from December only, but the lost months stay behind."""
    story = held()
    story.approved("2019-10-20")
    story.failed("2019-11-05", since="2019-08-20").payrolls("2019-11..2019-12")
    assert story.ledger("2019-11..2019-12") == ["PAID 3000.00", "WITHHELD SUSPENDED"]
    assert story.went_out("2019-11") == ["BACK_PAY 2019-07 3000.00", "BACK_PAY 2019-08 3000.00"]


def test_months_in_prison_are_not_paid_back() -> None:
    """In prison since 2019-06-10, passed in September: 07 and 08 were served, September was not."""
    story = Story("2018-12..2019-12").payrolls("2019-06")
    story.failed("2019-06-20", since="2019-06-10", status=IMPRISONED).payrolls("2019-07..2019-10")
    story.passed("2019-09-10").approved("2019-10-20")
    story.payrolls("2019-11..2019-12")
    assert [line.split()[1] for line in story.went_out("2019-11")] == ["2019-09", "2019-10"]
    assert story.went_out("2019-12") == []


def test_time_in_prison_learnt_after_the_approval_is_not_paid_back_either() -> None:
    story = held()
    story.approved("2019-10-20")
    story.failed("2019-10-25", since="2019-08-03", status=IMPRISONED).payrolls("2019-11")
    story.passed("2019-12-02").payrolls("2019-12")
    assert story.approved("2019-12-20", case_id=2) == ["2019-12"]
    story.payrolls("2020-01..2020-02")
    assert [line.split()[1] for line in story.went_out("2020-01")] == ["2019-07", "2019-08", "2019-12"]
    assert story.went_out("2020-02") == []


def test_months_after_a_termination_are_never_paid_back() -> None:
    """Approved for 07 to 10; on 10-25 a death of 2019-08-05 is told: 07 and 08 were owed, nothing later."""
    story = held()
    story.approved("2019-10-20")
    story.terminated("2019-10-25", since="2019-08-05").payrolls("2019-11..2020-02")
    assert story.ledger("2019-11..2020-02") == ["WITHHELD TERMINATED"] * 4
    assert [line.split()[1] for line in story.went_out("2019-11")] == ["2019-07", "2019-08"]
    assert len(story.lines) == 2


# Adjustments.


def test_a_raise_dated_back_reaches_a_month_that_was_paid_back_already() -> None:
    story = held()
    story.approved("2019-10-20")
    story.payrolls("2019-11").raised("2019-11-20", since="2019-09", amount="3100.00").payrolls("2019-12")
    assert story.went_out("2019-12") == [
        "ADJUSTMENT 2019-09 100.00",
        "ADJUSTMENT 2019-10 100.00",
        "ADJUSTMENT 2019-11 100.00",
    ]
    assert story.account.paid(Month(2019, 9)) == Decimal("3100.00")


def test_a_raise_dated_back_adds_nothing_to_a_withheld_month() -> None:
    story = Story("2019-06..2020-06").payrolls("2020-06..2020-07").passed("2020-08-03")
    story.raised("2020-08-05", since="2020-06", amount="3100.00").payrolls("2020-08")
    assert story.went_out("2020-08") == ["ADJUSTMENT 2020-06 100.00"]
    assert story.account.paid(Month(2020, 7)) == ZERO


def test_two_raises_dated_back_add_up_and_each_difference_goes_out_once() -> None:
    story = Story("2018-12..2019-12").payrolls("2019-08..2019-09")
    story.raised("2019-10-02", since="2019-08", amount="3100.00").payrolls("2019-10")
    story.raised("2019-10-20", since="2019-09", amount="3250.50").payrolls("2019-11..2019-12")
    assert story.went_out("2019-10") == ["ADJUSTMENT 2019-08 100.00", "ADJUSTMENT 2019-09 100.00"]
    assert story.went_out("2019-11") == ["ADJUSTMENT 2019-09 150.50", "ADJUSTMENT 2019-10 150.50"]
    assert story.went_out("2019-12") == []


def test_a_rate_corrected_downwards_takes_nothing_back_by_itself() -> None:
    story = Story("2018-12..2019-12").payrolls("2019-08")
    story.raised("2019-08-20", since="2019-08", amount="2900.00").payrolls("2019-09")
    assert (story.ledger("2019-09"), story.lines) == (["PAID 2900.00"], [])


def test_an_adjustment_waits_while_a_suspension_holds() -> None:
    """Announced in August, held until October: it goes out with the back pay of November."""
    story = Story("2018-12..2019-12").payrolls("2019-05..2019-06").failed("2019-06-20", since="2019-06-10")
    story.payrolls("2019-07..2019-08").raised("2019-08-15", since="2019-06", amount="3100.00")
    story.passed("2019-09-10").payrolls("2019-09..2019-10")
    assert story.lines == []
    story.approved("2019-10-20")
    story.payrolls("2019-11")
    assert story.went_out("2019-11") == [
        "BACK_PAY 2019-07 3100.00",
        "BACK_PAY 2019-08 3100.00",
        "BACK_PAY 2019-09 3100.00",
        "BACK_PAY 2019-10 3100.00",
        "ADJUSTMENT 2019-06 100.00",
    ]


def test_an_adjustment_goes_out_to_somebody_who_has_lapsed_or_ended() -> None:
    """It is owed for months that were paid; the end of the benefit takes nothing from them."""
    lapsed = Story("2019-06..2020-06").payrolls("2020-06..2020-07")
    lapsed.raised("2020-07-15", since="2020-06", amount="3100.00").payrolls("2020-08")
    assert lapsed.went_out("2020-08") == ["ADJUSTMENT 2020-06 100.00"]
    ended = Story("2018-12..2019-12").payrolls("2019-05..2019-06").terminated("2019-06-20", since="2019-05-10")
    ended.raised("2019-06-25", since="2019-05", amount="3100.00").payrolls("2019-07")
    assert ended.went_out("2019-07") == ["ADJUSTMENT 2019-05 100.00"], "June is lost"


def test_a_paid_month_in_prison_is_not_adjusted() -> None:
    story = Story("2018-12..2019-12").payrolls("2019-05..2019-07")
    story.failed("2019-07-20", since="2019-05-10", status=IMPRISONED).passed("2019-08-02").payrolls("2019-08")
    story.approved("2019-08-20")
    story.raised("2019-08-25", since="2019-05", amount="3100.00").payrolls("2019-09")
    assert story.went_out("2019-09") == ["BACK_PAY 2019-08 3100.00", "ADJUSTMENT 2019-05 100.00"]


# What the account says of itself.


def test_what_was_paid_for_a_month_is_its_entry_and_its_lines() -> None:
    story = held()
    story.approved("2019-10-20")
    story.payrolls("2019-11").raised("2019-11-20", since="2019-07", amount="3100.00").payrolls("2019-12")
    account = story.account
    assert [str(account.paid(m)) for m in months("2019-06..2019-08")] == ["3000.00", "3100.00", "3100.00"]
    assert [account.is_paid(m) for m in months("2019-06..2019-08")] == [True, True, True]
    assert account.paid(Month(2020, 1)) == ZERO
    assert account.is_paid(Month(2020, 1)) is False
    healed = account.back_pay(Month(2019, 7))
    assert healed is not None
    assert (healed.payroll, healed.amount) == (Month(2019, 11), Decimal("3000.00"))
    assert account.back_pay(Month(2019, 6)) is None


def test_a_claimed_month_is_withheld_no_longer() -> None:
    story = held()
    assert [str(month) for month in story.account.withheld()] == ["2019-07", "2019-08", "2019-09", "2019-10"]
    story.approved("2019-10-20")
    assert story.account.withheld() == []

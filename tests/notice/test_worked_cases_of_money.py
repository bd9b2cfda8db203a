"""The worked cases of the rules (section 7) that are about money, as literal dates and amounts."""

from domain.entitlement import Basis, Ruling, rule_with_claims
from domain.month import Month
from domain.reinstatement import request_obstacles, resumes_from
from tests.domain.story import REQUEST, Story, codes
from tests.lives import span, spans


def failed_in_june() -> Story:
    """Case 6: FAIL (DECEASED 2019-06-10) on 2019-06-20, after the payroll of June."""
    story = Story("2018-12..2019-12").payrolls("2019-05..2019-06")
    return story.failed("2019-06-20", since="2019-06-10")


def passed_in_september() -> Story:
    """Case 8 up to the PASS on 2019-09-10 and the payroll of October."""
    return failed_in_june().payrolls("2019-07..2019-09").passed("2019-09-10").payrolls("2019-10")


def lapsed_after_june_2020() -> Story:
    """Cases 9 and 10 up to the payroll of August."""
    return Story("2019-06..2020-06").payrolls("2020-05..2020-08")


def test_case_6_a_fail_withholds_from_the_next_month_on() -> None:
    """6: retiree overridden FAIL (DECEASED 2019-06-10) on 2019-06-20: period ends 2019-06; SUSPENDED from 2019-07."""
    story = failed_in_june().payrolls("2019-07..2019-08")
    assert spans(story.life.in_force) == ["2018-12..2019-06"]
    assert story.rule("2019-06") == Ruling(Basis.COVERED, Month(2018, 12), Month(2019, 6))
    assert story.rule("2019-07") == Ruling(Basis.SUSPENDED, Month(2019, 7))
    assert story.ledger("2019-06..2019-08") == ["PAID 3000.00", "WITHHELD SUSPENDED", "WITHHELD SUSPENDED"]


def test_case_7_a_fail_corrected_in_its_month_withholds_nothing() -> None:
    """7: case 6, PASS again on 2019-06-28: 2019-06..2020-06, never suspended."""
    story = failed_in_june().passed("2019-06-28").payrolls("2019-07..2020-07")
    assert span(story.life.standing.period) == "2019-06..2020-06"
    assert story.life.suspensions == ()
    assert story.ledger("2019-07..2020-06") == ["PAID 3000.00"] * 12
    assert story.ledger("2020-07") == ["WITHHELD LAPSED"]
    assert story.overpaid() == {}


def test_case_7_there_is_nothing_to_reinstate() -> None:
    """7: never suspended; a FAIL withdrawn in its month needs no reinstatement (rules 4)."""
    story = failed_in_june().passed("2019-06-28").payrolls("2019-07")
    assert codes(request_obstacles(REQUEST, story.at("2019-07"))) == ["NOTHING_TO_REINSTATE"]
    assert resumes_from(story.at("2019-07")) is None


def test_case_8_a_reinstatement_pays_again_and_pays_back() -> None:
    """8: PASS 2019-09-10, approved 2019-10-20: WITHHELD 07 to 10; paid again from 11; back pay goes out with 11."""
    story = passed_in_september()
    assert resumes_from(story.at("2019-10")) == Month(2019, 11)
    assert story.approved("2019-10-20") == ["2019-07", "2019-08", "2019-09", "2019-10"]
    story.payrolls("2019-11..2020-10")
    assert story.ledger("2019-06..2019-11") == ["PAID 3000.00", *["WITHHELD SUSPENDED"] * 4, "PAID 3000.00"]
    assert story.went_out("2019-11") == [
        "BACK_PAY 2019-07 3000.00",
        "BACK_PAY 2019-08 3000.00",
        "BACK_PAY 2019-09 3000.00",
        "BACK_PAY 2019-10 3000.00",
    ]
    assert len(story.lines) == 4, "no month twice"
    assert story.ledger("2019-12..2020-10") == [*["PAID 3000.00"] * 10, "WITHHELD LAPSED"]
    assert story.overpaid() == {}


def test_case_8_the_withheld_months_are_payable_by_the_case() -> None:
    """8: back pay 07–10; before the approval they are held by the suspension."""
    story = passed_in_september()
    assert rule_with_claims(story.life, Month(2019, 7)) == Ruling(Basis.SUSPENDED, Month(2019, 7))
    story.approved("2019-10-20")
    assert rule_with_claims(story.life, Month(2019, 7)) == Ruling(Basis.REINSTATED, Month(2019, 10))
    assert story.rule("2019-10") == Ruling(Basis.SUSPENDED, Month(2019, 7))
    assert story.rule("2019-11") == Ruling(Basis.COVERED, Month(2019, 9), Month(2020, 9))


def test_case_9_a_pass_before_the_payroll_day_pays_its_month() -> None:
    """9: lapsed after 2020-06, passed 2020-09-02 (payroll day 8): 2020-09 paid normally; 07 and 08 may be claimed."""
    story = lapsed_after_june_2020().passed("2020-09-02").payrolls("2020-09")
    assert story.ledger("2020-06..2020-09") == ["PAID 3000.00", *["WITHHELD LAPSED"] * 2, "PAID 3000.00"]
    assert request_obstacles(REQUEST, story.at("2020-09")) == []
    assert resumes_from(story.at("2020-09")) is None, "nothing holds the payment"
    assert story.approved("2020-09-20") == ["2020-07", "2020-08"]
    story.payrolls("2020-10..2020-11")
    assert story.went_out("2020-10") == ["BACK_PAY 2020-07 3000.00", "BACK_PAY 2020-08 3000.00"]
    assert story.went_out("2020-11") == []


def test_case_9_nobody_pays_back_the_months_before_the_pass_unasked() -> None:
    """9: 07 and 08 may be claimed; without a case they stay withheld (rules 5.3)."""
    story = lapsed_after_june_2020().passed("2020-09-02").payrolls("2020-09..2020-12")
    assert story.lines == []
    assert story.claimable("2020-12") == ["2020-07", "2020-08"]


def test_case_10_a_pass_after_the_payroll_day_leaves_its_month_to_claim() -> None:
    """10: lapsed after 2020-06, passed 2020-09-20: 2020-09 was already withheld: 07, 08, 09 may be claimed."""
    story = lapsed_after_june_2020().payrolls("2020-09").passed("2020-09-20")
    assert story.ledger("2020-09") == ["WITHHELD LAPSED"]
    assert story.approved("2020-09-25") == ["2020-07", "2020-08", "2020-09"]
    story.payrolls("2020-10")
    assert story.ledger("2020-10") == ["PAID 3000.00"]
    assert story.went_out("2020-10") == [
        "BACK_PAY 2020-07 3000.00",
        "BACK_PAY 2020-08 3000.00",
        "BACK_PAY 2020-09 3000.00",
    ]


def test_case_11_a_death_learnt_late_leaves_an_overpayment() -> None:
    """11: died 2019-03-15, terminated on 2019-06-20, paid every month: overpaid 2019-04, 05, 06."""
    story = Story("2018-12..2019-12").payrolls("2019-02..2019-06").terminated("2019-06-20", since="2019-03-15")
    story.payrolls("2019-07")
    assert story.overpaid() == {"2019-04": "3000.00", "2019-05": "3000.00", "2019-06": "3000.00"}
    assert story.ledger("2019-02..2019-07") == [*["PAID 3000.00"] * 5, "WITHHELD TERMINATED"]
    assert story.rule("2019-03") == Ruling(Basis.COVERED, Month(2018, 12), Month(2019, 3))
    assert story.rule("2019-04") == Ruling(Basis.TERMINATED, Month(2019, 4))


def test_case_16_every_month_is_paid_back_at_its_own_rate() -> None:
    """16: 3000, raised on 2019-10-15 to 3100 from 2019-08; case 8: 2019-11: 3000 + 3 × 3100 = 12300.00."""
    story = passed_in_september().raised("2019-10-15", since="2019-08", amount="3100.00")
    story.approved("2019-10-20")
    story.payrolls("2019-11..2019-12")
    assert story.went_out("2019-11") == [
        "BACK_PAY 2019-07 3000.00",
        "BACK_PAY 2019-08 3100.00",
        "BACK_PAY 2019-09 3100.00",
        "BACK_PAY 2019-10 3100.00",
    ]
    assert str(sum(line.amount for line in story.lines)) == "12300.00"
    assert story.ledger("2019-11..2019-12") == ["PAID 3100.00", "PAID 3100.00"]


def test_case_17_a_raise_dated_back_goes_out_as_adjustments() -> None:
    """17: the same raise for somebody PAID all along: 2019-11 pays 3100 and three adjustments of 100 (08, 09, 10)."""
    story = Story("2018-12..2019-12").payrolls("2019-06..2019-10")
    story.raised("2019-10-15", since="2019-08", amount="3100.00").payrolls("2019-11..2019-12")
    assert story.ledger("2019-10..2019-12") == ["PAID 3000.00", "PAID 3100.00", "PAID 3100.00"]
    assert story.went_out("2019-11") == [
        "ADJUSTMENT 2019-08 100.00",
        "ADJUSTMENT 2019-09 100.00",
        "ADJUSTMENT 2019-10 100.00",
    ]
    assert story.went_out("2019-12") == [], "no adjustment twice"

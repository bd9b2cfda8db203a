"""Cases of reinstatement and back pay: which months they claim, and everything that stands in their way."""

from dataclasses import replace
from datetime import date

import pytest

from domain.documents import DOCUMENTS_MOST, Document
from domain.month import Month
from domain.reinstatement import (
    ReinstatementStatus,
    Request,
    Review,
    closing_obstacles,
    months_of,
    request_obstacles,
    resumes_from,
    review_obstacles,
)
from domain.submission import Handler
from domain.vocabulary import Category, Method, SurvivalStatus
from tests.domain.story import APPROVE, PROOF, REQUEST, Story, codes
from tests.lives import months, obstacle, qualified

SUBMITTED = ReinstatementStatus.SUBMITTED


def suspended(status: SurvivalStatus = SurvivalStatus.DECEASED) -> Story:
    """Failed on 2019-06-20; payrolls through August."""
    story = Story("2018-12..2019-12").payrolls("2019-05..2019-06")
    return story.failed("2019-06-20", since="2019-06-10", status=status).payrolls("2019-07..2019-08")


def passed() -> Story:
    """And passed on 2019-09-10, after the payroll of September."""
    return suspended().payrolls("2019-09").passed("2019-09-10")


# Which months an approval would pay back.


def test_an_approval_before_its_months_payroll_claims_that_month_too() -> None:
    """Months through the approval's: October is not frozen on 10-05, and will be withheld."""
    assert passed().claimable("2019-10") == ["2019-07", "2019-08", "2019-09", "2019-10"]


def test_the_payroll_of_the_month_of_the_approval_changes_nothing() -> None:
    assert passed().payrolls("2019-10").claimable("2019-10") == ["2019-07", "2019-08", "2019-09", "2019-10"]


def test_payrolls_that_run_late_are_claimed_in_advance() -> None:
    """Nothing frozen since July: 08 to 10 will be withheld."""
    story = Story("2018-12..2019-12").payrolls("2019-06").failed("2019-06-20", since="2019-06-10").payrolls("2019-07")
    assert story.passed("2019-10-10").claimable("2019-10") == ["2019-07", "2019-08", "2019-09", "2019-10"]
    story.approved("2019-10-12")
    story.payrolls("2019-08..2019-11")
    assert [line.split()[1] for line in story.went_out("2019-11")] == ["2019-07", "2019-08", "2019-09", "2019-10"]


def test_before_the_first_payroll_of_all_every_suspended_month_is_claimed() -> None:
    story = Story("2018-12..2019-12").failed("2019-06-20", since="2019-06-10").passed("2019-08-10")
    assert story.claimable("2019-08") == ["2019-07", "2019-08"]


def test_a_suspension_that_ended_before_the_ledger_leaves_no_month_behind() -> None:
    """Approved after the period had run out: 02 and 03 wait for another PASS, and are owed then. None missed."""
    story = Story("2018-04..2018-10", category=Category.SURVIVOR).failed("2018-06-20", since="2018-06-10")
    story.passed("2018-07-05")
    assert story.approved("2019-03-05") == ["2018-07", "2018-08", "2018-09", "2018-10", "2018-11", "2018-12", "2019-01"]
    assert story.claimable("2019-03") == []
    story.passed("2019-04-05")
    assert story.claimable("2019-04") == ["2019-02", "2019-03"]
    assert story.approved("2019-04-10", case_id=2) == ["2019-02", "2019-03"]
    assert story.claimable("2019-05") == []


def test_months_withheld_by_a_lapse_before_the_suspension_are_claimed_along() -> None:
    """Lapsed after March, failed in June: 04 to 06 were withheld as well. None missed."""
    story = Story("2018-03..2019-03").payrolls("2019-03..2019-06").failed("2019-06-20", since="2019-06-10")
    story.payrolls("2019-07").passed("2019-08-02")
    assert story.claimable("2019-08") == ["2019-04", "2019-05", "2019-06", "2019-07", "2019-08"]


def test_the_life_certified_last_must_reach_as_far() -> None:
    """A pass of 2019-09 proves life through 2020-09; approved in 2020-12."""
    story = passed().payrolls("2019-10..2020-12")
    assert story.claimable("2020-12") == [str(m) for m in months("2019-07..2020-09")]
    story.approved("2020-12-10")
    assert story.payrolls("2021-01").ledger("2021-01") == ["WITHHELD LAPSED"]
    assert len(story.went_out("2021-01")) == 15


def test_a_lapsed_month_after_the_last_period_cannot_be_claimed_yet() -> None:
    story = Story("2019-06..2020-06").payrolls("2020-06..2020-08")
    assert story.claimable("2020-08") == []
    assert story.passed("2020-09-02").claimable("2020-09") == ["2020-07", "2020-08"]


def test_a_lapsed_month_is_claimed_before_its_late_payroll_and_the_month_of_the_pass_is_not() -> None:
    """The payroll of 08 will withhold it, and that of 09 pay it; the line goes out with 10."""
    story = Story("2019-06..2020-06").payrolls("2020-07").passed("2020-09-02")
    assert story.approved("2020-09-03") == ["2020-07", "2020-08"]
    story.payrolls("2020-08..2020-10")
    assert story.ledger("2020-08..2020-09") == ["WITHHELD LAPSED", "PAID 3000.00"]
    assert story.went_out("2020-10") == ["BACK_PAY 2020-07 3000.00", "BACK_PAY 2020-08 3000.00"]


def test_before_the_first_payroll_of_all_no_lapsed_month_is_claimed() -> None:
    """Nobody knows with which month the ledger begins, and whether another system paid the one before."""
    assert Story("2019-06..2020-06").passed("2020-09-02").claimable("2020-09") == []


def test_time_in_prison_is_left_out() -> None:
    story = suspended(SurvivalStatus.IMPRISONED).payrolls("2019-09").passed("2019-09-10")
    assert story.claimable("2019-10") == ["2019-09", "2019-10"]


@pytest.mark.parametrize("status", [SurvivalStatus.DECEASED, SurvivalStatus.MISSING])
def test_who_was_neither_dead_nor_missing_misses_no_month(status: SurvivalStatus) -> None:
    story = suspended(status).payrolls("2019-09").passed("2019-09-10")
    assert story.claimable("2019-09") == ["2019-07", "2019-08", "2019-09"]


def test_while_the_fail_stands_nothing_that_it_supposes_lost_is_claimable() -> None:
    """The death of 06-10 takes 07 and 08; the lapse of 04 to 06 would remain."""
    story = Story("2018-03..2019-03").payrolls("2019-03..2019-06").failed("2019-06-20", since="2019-06-10")
    story.passed("2019-08-02").failed("2019-08-10", since="2019-06-10").payrolls("2019-07..2019-08")
    assert story.claimable("2019-08") == ["2019-04", "2019-05", "2019-06"]


def test_a_claimed_month_is_not_claimed_again() -> None:
    story = passed()
    story.approved("2019-10-05")
    assert story.claimable("2019-10") == []
    assert story.payrolls("2019-10..2019-11").claimable("2019-11") == []


def test_a_second_case_claims_what_the_first_did_not() -> None:
    """Reinstated in October, failed again in December."""
    story = passed()
    story.approved("2019-10-05", case_id=1)
    story.payrolls("2019-10..2019-12").failed("2019-12-20", since="2019-12-18").payrolls("2020-01").passed("2020-02-03")
    assert story.approved("2020-02-05", case_id=2) == ["2020-01", "2020-02"]
    assert months_of(1, story.account) == months("2019-07..2019-10")
    assert months_of(2, story.account) == months("2020-01..2020-02")
    assert months_of(3, story.account) == []


def test_a_published_pass_makes_a_lapse_before_it_claimable() -> None:
    """The period reaches back: 05 is covered but was withheld, 04 lapsed, both proven by the period in force."""
    story = Story("2018-03..2019-03").payrolls("2019-04..2019-05").informed(qualified(seen=date(2019, 5, 20)))
    assert story.claimable("2019-06") == ["2019-04", "2019-05"]


def test_payment_resumes_only_where_it_is_held() -> None:
    assert resumes_from(passed().at("2019-12")) == Month(2020, 1)
    lapsed = Story("2019-06..2020-06").payrolls("2020-07").passed("2020-08-03")
    assert resumes_from(lapsed.at("2020-08")) is None


# What stands in the way of a request.


def test_a_sound_request_is_refused_nothing() -> None:
    assert request_obstacles(REQUEST, passed().at("2019-09")) == []


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        (replace(REQUEST, statement=" "), ("REASON_REQUIRED", "input/statement", "row-1")),
        (replace(REQUEST, statement="人" * 501), ("INVALID_TEXT", "input/statement", "row-1")),
        (replace(REQUEST, statement="a\x00b"), ("INVALID_TEXT", "input/statement", "row-1")),
        (replace(REQUEST, documents=()), ("DOCUMENT_REQUIRED", "input/documents", "row-1")),
        (
            replace(REQUEST, documents=tuple(Document("证明", f"{n:064x}") for n in range(21))),
            ("TOO_MANY_ROWS", "input/documents", "row-1"),
        ),
        (
            replace(REQUEST, documents=(Document("", "ab" * 32),)),
            ("INVALID_DOCUMENT", "input/documents/0/name", "row-1"),
        ),
        (
            replace(REQUEST, documents=(Document("x" * 201, "ab" * 32),)),
            ("INVALID_DOCUMENT", "input/documents/0/name", "row-1"),
        ),
        (
            replace(REQUEST, documents=(PROOF, Document("证明", "ab" * 31))),
            ("INVALID_DOCUMENT", "input/documents/1/sha256", "row-1"),
        ),
        (
            replace(REQUEST, documents=(PROOF, Document("证明", "zz" * 32))),
            ("INVALID_DOCUMENT", "input/documents/1/sha256", "row-1"),
        ),
        (
            replace(REQUEST, documents=(PROOF, Document("同一份", "AB" * 32))),
            ("DUPLICATE_ROW", "input/documents/1/sha256", "row-1"),
        ),
        (replace(REQUEST, handler=Handler(" ", "0532-85911234")), ("HANDLER_REQUIRED", "input/handler/name", None)),
        (replace(REQUEST, handler=Handler("王敏", "")), ("HANDLER_REQUIRED", "input/handler/contact", None)),
    ],
)
def test_the_papers_must_be_in_order(request_: Request, expected: tuple[str, str, str | None]) -> None:
    [refusal] = request_obstacles(request_, passed().at("2019-09"))
    code, path, reference = obstacle(refusal)
    assert (code.value, path, reference) == expected


def test_20_documents_are_not_too_many() -> None:
    papers = tuple(Document("证明", f"{n:064x}") for n in range(20))
    assert DOCUMENTS_MOST == 20
    assert request_obstacles(replace(REQUEST, documents=papers), passed().at("2019-09")) == []


def test_everything_in_the_way_of_a_request_is_named_at_once() -> None:
    bare = replace(REQUEST, statement="", documents=(), handler=Handler("", ""))
    assert codes(request_obstacles(bare, suspended().at("2019-09"))) == [
        "HANDLER_REQUIRED",
        "HANDLER_REQUIRED",
        "REASON_REQUIRED",
        "DOCUMENT_REQUIRED",
        "PASS_REQUIRED_FIRST",
    ]


def test_a_row_of_another_unit_is_not_found() -> None:
    [refusal] = request_obstacles(REQUEST, None)
    assert (refusal.code.value, refusal.path) == ("NOT_FOUND", ("input", "beneficiaryId"))


UNFOUNDED = [
    (suspended(), "PASS_REQUIRED_FIRST"),
    (passed().failed("2019-09-20", since="2019-06-10"), "PASS_REQUIRED_FIRST"),
    (Story("2018-12..2019-12").payrolls("2019-06"), "NOTHING_TO_REINSTATE"),
    (Story("2018-12..2019-12").failed("2019-09-03", since="2019-09-02"), "PASS_REQUIRED_FIRST"),
    (Story("2018-08..2019-08").payrolls("2019-09"), "PASS_REQUIRED_FIRST"),
    (passed().terminated("2019-09-20", since="2019-06-11"), "ALREADY_TERMINATED"),
]


@pytest.mark.parametrize(("story", "code"), UNFOUNDED)
def test_a_case_needs_something_to_reinstate(story: Story, code: str) -> None:
    at = story.at("2019-09")
    assert [(r.code.value, r.path) for r in request_obstacles(REQUEST, at)] == [(code, ("input", "beneficiaryId"))]


def test_one_case_is_open_at_a_time() -> None:
    [refusal] = request_obstacles(REQUEST, passed().at("2019-09", case_open=True))
    assert (refusal.code.value, refusal.path) == ("REINSTATEMENT_OPEN", ("input", "beneficiaryId"))


@pytest.mark.parametrize("method", [Method.SELF, Method.SERVICE_WINDOW])
def test_the_persons_own_pass_opens_the_way_to_a_case(method: Method) -> None:
    assert request_obstacles(REQUEST, suspended().passed("2019-09-10", method).at("2019-09")) == []


def test_somebody_back_from_prison_may_be_reinstated() -> None:
    """In prison since 06-10, passed on 08-02: August alone may be claimed."""
    story = Story("2018-12..2019-12").payrolls("2019-06")
    story.failed("2019-06-20", since="2019-06-10", status=SurvivalStatus.IMPRISONED).passed("2019-08-02")
    assert request_obstacles(REQUEST, story.at("2019-08")) == []
    assert story.claimable("2019-08") == ["2019-08"], "July was served"


# What stands in the way of a review.


@pytest.mark.parametrize("status", [s for s in ReinstatementStatus if s is not SUBMITTED])
def test_a_case_is_closed_once(status: ReinstatementStatus) -> None:
    [refusal] = closing_obstacles(status, date(2019, 9, 12), date(2019, 9, 20))
    assert (refusal.code.value, refusal.path) == ("ALREADY_REVIEWED", ("input", "reinstatementId"))


@pytest.mark.parametrize(("today", "codes_"), [(11, ["CLOCK_BEHIND"]), (12, []), (13, [])])
def test_a_case_is_not_closed_before_the_day_of_its_submission(today: int, codes_: list[str]) -> None:
    """The clock of the machine that reviews may be a day behind that of the one that took the request."""
    assert codes(closing_obstacles(SUBMITTED, date(2019, 9, 12), date(2019, 9, today))) == codes_


@pytest.mark.parametrize("approve", [True, False])
def test_nobody_reviews_an_own_case(approve: bool) -> None:
    [refusal] = review_obstacles(Review(approve, "材料不全"), own=True, at=passed().at("2019-09"))
    assert (refusal.code.value, refusal.path) == ("REVIEWER_IS_SUBMITTER", ("input", "reinstatementId"))


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (Review(False), ["REASON_REQUIRED"]),
        (Review(False, " \n"), ["REASON_REQUIRED"]),
        (Review(False, "人" * 501), ["INVALID_TEXT"]),
        (Review(True, "a\x00b"), ["INVALID_TEXT"]),
        (Review(False, "材料不全"), []),
        (Review(True), []),
        (Review(True, "已核实"), []),
    ],
)
def test_a_rejection_says_why(review: Review, expected: list[str]) -> None:
    assert codes(review_obstacles(review, own=False, at=passed().at("2019-09"))) == expected


@pytest.mark.parametrize(("story", "code"), UNFOUNDED)
def test_a_case_that_has_become_unfounded_may_only_be_rejected(story: Story, code: str) -> None:
    at = story.at("2019-09")
    assert codes(review_obstacles(APPROVE, own=False, at=at)) == [code]
    assert review_obstacles(Review(False, "情况已变"), own=False, at=at) == []

"""What the notice says about money: paid, stopped, held, paid back, ended. 三(一) to 三(三), 附11."""

from dataclasses import replace

import pytest

from domain.month import Month
from domain.reinstatement import Review, request_obstacles, resumes_from, review_obstacles
from domain.vocabulary import Category, Method, SurvivalStatus
from tests.domain.story import APPROVE, REQUEST, Story, codes
from tests.lives import spans

LOST = [SurvivalStatus.DECEASED, SurvivalStatus.MISSING, SurvivalStatus.IMPRISONED]


def suspended(status: SurvivalStatus = SurvivalStatus.DECEASED) -> Story:
    """Failed on 2019-06-20, held since July; payrolls through August."""
    story = Story("2018-12..2019-12").payrolls("2019-06")
    return story.failed("2019-06-20", since="2019-06-10", status=status).payrolls("2019-07..2019-08")


# 三(一)


@pytest.mark.parametrize(
    ("category", "period", "first_unpaid"),
    [(Category.RETIREE, "2019-06..2020-06", "2020-07"), (Category.SURVIVOR, "2019-06..2019-12", "2020-01")],
)
def test_every_month_of_the_period_is_paid(category: Category, period: str, first_unpaid: str) -> None:
    """三(一): “认证服务期内正常发放养老待遇”."""
    story = Story(period, category=category).payrolls(period).payrolls(first_unpaid)
    assert set(story.ledger(period)) == {"PAID 3000.00"}
    assert story.ledger(first_unpaid) == ["WITHHELD LAPSED"]


def test_payment_stops_from_the_month_after_the_period() -> None:
    """三(一): “认证服务期结束，将从次月起停发放养老待遇。”"""
    story = Story("2019-06..2020-06").payrolls("2020-05..2020-09")
    assert story.ledger("2020-05..2020-06") == ["PAID 3000.00", "PAID 3000.00"]
    assert story.ledger("2020-07..2020-09") == ["WITHHELD LAPSED"] * 3
    assert story.rule("2020-09").since == Month(2020, 7)


def test_the_month_before_the_period_begins_is_nobodys_to_pay() -> None:
    """三(一): “认证服务期开始时间为待遇领取人员最后取得领取养老待遇资格时间。”"""
    story = Story("2019-06..2020-06").payrolls("2019-05..2019-06")
    assert Month(2019, 5) not in story.entries
    assert story.ledger("2019-06") == ["PAID 3000.00"]


# 三(二)


def test_a_pass_after_the_period_pays_from_its_month_for_one_more_cycle() -> None:
    """三(二): “将状态调整为“通过”的，认证服务期将自操作之月相应递延1个周期（12个月或6个月）”."""
    story = Story("2019-06..2020-06").payrolls("2020-07").passed("2020-08-03").payrolls("2020-08..2021-09")
    assert story.ledger("2020-07") == ["WITHHELD LAPSED"]
    assert story.ledger("2020-08..2021-08") == ["PAID 3000.00"] * 13
    assert story.ledger("2021-09") == ["WITHHELD LAPSED"]


def test_back_pay_after_a_lapse_is_asked_for() -> None:
    """三(二): “如需补发养老金可在网上办事大厅对应模块操作”."""
    story = Story("2019-06..2020-06").payrolls("2020-07").passed("2020-08-03").payrolls("2020-08")
    assert request_obstacles(REQUEST, story.at("2020-08")) == []
    assert story.approved("2020-08-20") == ["2020-07"]
    assert story.payrolls("2020-09").went_out("2020-09") == ["BACK_PAY 2020-07 3000.00"]


@pytest.mark.parametrize("status", LOST)
def test_a_fail_holds_payment_from_the_next_month(status: SurvivalStatus) -> None:
    """三(二): “将状态调整为“不通过”的，认证服务期即结束，次月起暂停发放养老金。”"""
    story = suspended(status)
    assert spans(story.life.in_force) == ["2018-12..2019-06"]
    assert story.ledger("2019-06..2019-08") == ["PAID 3000.00", "WITHHELD SUSPENDED", "WITHHELD SUSPENDED"]


def test_a_fail_on_the_last_day_of_a_month_holds_the_next_one() -> None:
    """三(二): “次月起暂停发放养老金” – whatever the day of the act."""
    story = Story("2018-12..2019-12").failed("2019-06-30", since="2019-06-30").payrolls("2019-06..2019-07")
    assert story.ledger("2019-06..2019-07") == ["PAID 3000.00", "WITHHELD SUSPENDED"]


# 三(三)


def test_the_unit_passes_the_person_before_it_asks_for_the_reinstatement() -> None:
    """三(三): “发现仍然具备领取资格的人员，可由单位更新认证状态”."""
    story = suspended()
    assert codes(request_obstacles(REQUEST, story.at("2019-09"))) == ["PASS_REQUIRED_FIRST"]
    assert request_obstacles(REQUEST, story.passed("2019-09-10").at("2019-09")) == []


@pytest.mark.parametrize("method", [Method.OVERRIDE, Method.SELF, Method.SERVICE_WINDOW])
def test_after_any_pass_payment_waits_for_the_review(method: Method) -> None:
    """三(三): “补发业务复核通过后次月恢复并补发” – not before it."""
    story = suspended().passed("2019-09-10", method).payrolls("2019-09..2020-01")
    assert story.ledger("2019-09..2020-01") == ["WITHHELD SUSPENDED"] * 5
    assert story.lines == []


def test_a_case_brings_its_papers() -> None:
    """三(三): “提报相关材料在外网办理待遇恢复和补发业务”."""
    at = suspended().passed("2019-09-10").at("2019-09")
    assert codes(request_obstacles(replace(REQUEST, documents=()), at)) == ["DOCUMENT_REQUIRED"]


def test_a_case_is_reviewed_by_somebody_else() -> None:
    """三(三): “补发业务复核” – who submits does not review."""
    at = suspended().passed("2019-09-10").at("2019-09")
    assert codes(review_obstacles(APPROVE, own=True, at=at)) == ["REVIEWER_IS_SUBMITTER"]
    assert review_obstacles(APPROVE, own=False, at=at) == []


def test_payment_resumes_in_the_month_after_the_approval() -> None:
    """三(三): “复核通过后次月恢复”."""
    story = suspended().passed("2019-09-10").payrolls("2019-09..2019-10")
    assert resumes_from(story.at("2019-10")) == Month(2019, 11)
    story.approved("2019-10-31")
    story.payrolls("2019-11")
    assert story.ledger("2019-10..2019-11") == ["WITHHELD SUSPENDED", "PAID 3000.00"]


def test_the_withheld_months_go_out_with_the_month_after_the_approval() -> None:
    """三(三): “复核通过后次月恢复并补发”."""
    story = suspended().passed("2019-09-10").payrolls("2019-09")
    story.approved("2019-09-30")
    story.payrolls("2019-10..2019-11")
    assert story.went_out("2019-10") == [
        "BACK_PAY 2019-07 3000.00",
        "BACK_PAY 2019-08 3000.00",
        "BACK_PAY 2019-09 3000.00",
    ]
    assert story.went_out("2019-11") == []


def test_a_rejected_case_brings_no_payment() -> None:
    """三(三): “复核通过后次月恢复并补发” – only an approval does; a rejection says why."""
    story = suspended().passed("2019-09-10")
    bare, told = Review(approve=False), Review(approve=False, reason="材料不全")
    at = story.at("2019-09")
    assert codes(review_obstacles(bare, own=False, at=at)) == ["REASON_REQUIRED"]
    assert review_obstacles(told, own=False, at=at) == []
    story.payrolls("2019-09..2019-12")
    assert story.ledger("2019-09..2019-12") == ["WITHHELD SUSPENDED"] * 4


def test_a_person_back_from_prison_gets_no_back_pay_for_the_time_served() -> None:
    """三(三): “仍然具备领取资格的人员” – who sat in prison was not entitled in those months (rules 5.5)."""
    story = suspended(SurvivalStatus.IMPRISONED).payrolls("2019-09").passed("2019-09-10")
    assert story.approved("2019-09-20") == ["2019-09"]
    assert story.payrolls("2019-10").went_out("2019-10") == ["BACK_PAY 2019-09 3000.00"]


# 附11


@pytest.mark.parametrize("cause", LOST)
def test_a_terminated_benefit_is_paid_through_the_month_of_the_event(cause: SurvivalStatus) -> None:
    """附11: “已确认不具备领取养老金资格的人员（如去世、被判刑），单位可以直接办理机关养老待遇终止”."""
    story = Story("2018-12..2019-12").payrolls("2019-05").terminated("2019-06-05", since="2019-06-02", cause=cause)
    story.payrolls("2019-06..2019-08")
    assert story.ledger("2019-05..2019-08") == ["PAID 3000.00", "PAID 3000.00", *["WITHHELD TERMINATED"] * 2]
    assert story.overpaid() == {}


def test_no_fail_is_needed_before_a_termination() -> None:
    """附11: “无需提交认证不通过信息。”"""
    story = Story("2018-12..2019-12").terminated("2019-06-05", since="2019-05-31").payrolls("2019-06")
    assert story.life.suspensions == ()
    assert story.ledger("2019-06") == ["WITHHELD TERMINATED"]


def test_a_terminated_benefit_is_not_reinstated() -> None:
    """附11: “办理机关养老待遇终止” – the end, unlike a suspension (三(三))."""
    story = suspended().passed("2019-09-10").terminated("2019-09-12", since="2019-06-10")
    assert codes(request_obstacles(REQUEST, story.at("2019-09"))) == ["ALREADY_TERMINATED"]


def test_what_was_paid_after_the_event_is_to_recover() -> None:
    """附11: a termination told late; rules 5.7: the paid months after the month of the event, with amount."""
    story = Story("2018-12..2019-12").payrolls("2019-05..2019-07").terminated("2019-07-20", since="2019-05-31")
    assert story.overpaid() == {"2019-06": "3000.00", "2019-07": "3000.00"}

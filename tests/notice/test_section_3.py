"""三、关于待遇管理: periods, what a PASS and a FAIL do, and how payment comes back."""

from datetime import UTC, date, datetime

import pytest

from domain.certification import certify
from domain.month import Month
from domain.submission import Act
from domain.verdict import Rule, Verdict, conclude
from domain.vocabulary import (
    Category,
    CertificationResult,
    Conclusion,
    Method,
    PaymentStatus,
    SurvivalStatus,
)
from tests.lives import (
    POLICY,
    acted,
    certification_of,
    decided,
    disqualified,
    entry,
    failed,
    own_pass,
    passed,
    pending,
    qualified,
    record,
    span,
    standing,
    submission,
)

JUNE_2019 = Month(2019, 6)


# 三(一)


def test_a_retirees_period_is_12_months_and_a_survivors_6() -> None:
    """三(一): “离退休（职）人员认证服务期为12个月；遗属认证服务期为6个月。”"""
    assert POLICY.cycle_months == {Category.RETIREE: 12, Category.SURVIVOR: 6}


def test_each_person_has_a_period_of_their_own() -> None:
    """三(一): “大数据认证为每人设立独立的认证服务期”."""
    retiree = standing("2018-09..2019-09", id=1)
    survivor = standing("2019-03..2019-09", id=2, category=Category.SURVIVOR)
    first, second = decided(submission(Act.SUBMIT, entry(1), entry(2)), retiree, survivor, today=date(2019, 6, 5))
    assert span(first.standing.period) == "2019-06..2020-06"
    assert span(second.standing.period) == "2019-06..2019-12"


def test_a_persons_act_leaves_everybody_elses_period_alone() -> None:
    """三(一): “大数据认证为每人设立独立的认证服务期”."""
    people = [standing("2018-09..2019-09", id=1), standing("2018-09..2019-09", id=2)]
    decisions = decided(submission(Act.OVERRIDE, entry(1)), *people, today=date(2019, 6, 5))
    assert [decision.standing.id for decision in decisions] == [1]


def test_a_period_starts_when_the_person_last_qualified() -> None:
    """三(一): “认证服务期开始时间为待遇领取人员最后取得领取养老待遇资格时间。”"""
    seen_in_march = qualified("2019-05", seen=date(2019, 3, 11))
    _, opened = standing("2018-09..2019-09").informed(seen_in_march, POLICY)
    assert span(opened) == "2019-03..2020-03"
    assert opened is not None
    assert opened.method is Method.VERDICT


def test_the_benefit_is_paid_within_the_period() -> None:
    """三(一): “认证服务期内正常发放养老待遇”."""
    person = passed(standing("2018-09..2019-09"), date(2019, 6, 5)).standing
    assert person.payment_status(Month(2019, 6)) is PaymentStatus.PAYING
    assert person.payment_status(Month(2020, 6)) is PaymentStatus.PAYING


def test_payment_stops_in_the_month_after_the_period() -> None:
    """三(一): “认证服务期结束，将从次月起停发放养老待遇。”"""
    person = standing("2019-06..2020-06")
    assert person.payment_status(Month(2020, 6)) is PaymentStatus.PAYING
    assert person.payment_status(Month(2020, 7)) is PaymentStatus.LAPSED


def test_the_unit_is_warned_in_the_last_3_months_of_a_period() -> None:
    """三(一): “认证服务期结束，将从次月起停发放养老待遇。” Nobody should be surprised by it."""
    person = standing("2019-06..2020-06")
    warned = [
        month
        for month in (Month(2020, 3), Month(2020, 4), Month(2020, 5), Month(2020, 6), Month(2020, 7))
        if person.lapses_soon(month, POLICY)
    ]
    assert warned == [Month(2020, 4), Month(2020, 5), Month(2020, 6)]


# 三(二)


@pytest.mark.parametrize("conclusion", [qualified(), pending(), disqualified(), None])
def test_the_unit_may_change_any_status_that_the_data_gave(conclusion: Verdict | None) -> None:
    """三(二): “单位可根据实际掌握的情况修改大数据提供的认证状态”."""
    person = standing("2018-09..2019-09", verdict=conclusion)
    to_pass = passed(person, date(2019, 6, 5), reason="上门核实，本人健在")
    to_fail = failed(person, date(2019, 6, 5), since=date(2019, 6, 1))
    assert certification_of(to_pass).result is CertificationResult.PASS
    assert certification_of(to_fail).result is CertificationResult.FAIL


@pytest.mark.parametrize(
    ("category", "renewed"),
    [(Category.RETIREE, "2019-06..2020-06"), (Category.SURVIVOR, "2019-06..2019-12")],
)
def test_a_pass_moves_the_period_on_by_one_cycle_from_the_month_of_the_act(category: Category, renewed: str) -> None:
    """三(二): “将状态调整为“通过”的，认证服务期将自操作之月相应递延1个周期（12个月或6个月）”."""
    decision = passed(standing("2019-03..2019-09", category=category), date(2019, 6, 30))
    assert span(decision.standing.period) == renewed


def test_a_pass_resets_the_period_and_never_stacks() -> None:
    """三(二): “认证服务期将自操作之月相应递延1个周期” – from the month of the act, not from the old end."""
    twice = passed(passed(standing(), date(2019, 6, 5)).standing, date(2019, 9, 5)).standing
    assert span(twice.period) == "2019-09..2020-09"


def test_a_second_pass_in_the_same_month_leaves_the_period_and_is_recorded() -> None:
    """三(二): “认证服务期将自操作之月相应递延1个周期” – one cycle, however often in the month."""
    once = passed(standing("2018-09..2019-09"), date(2019, 6, 5)).standing
    again = passed(once, date(2019, 6, 30))
    assert again.opened is None
    assert span(again.standing.period) == "2019-06..2020-06"
    assert certification_of(again).result is CertificationResult.PASS


def test_a_pass_after_a_lapse_pays_again_from_its_month_without_the_agency() -> None:
    """三(二): “如需补发养老金可在网上办事大厅对应模块操作” – only the months before the pass need a case."""
    decision = passed(standing("2018-03..2019-03"), date(2019, 6, 5))
    assert span(decision.opened) == "2019-06..2020-06"
    assert decision.standing.payment_status(JUNE_2019) is PaymentStatus.PAYING


@pytest.mark.parametrize("status", [SurvivalStatus.DECEASED, SurvivalStatus.MISSING, SurvivalStatus.IMPRISONED])
def test_a_fail_ends_the_period_and_suspends_payment_from_the_next_month(status: SurvivalStatus) -> None:
    """三(二): “将状态调整为“不通过”的，认证服务期即结束，次月起暂停发放养老金。”"""
    decision = acted(Act.OVERRIDE, standing(), date(2019, 6, 20), status, since=date(2019, 5, 10))
    after = decision.standing
    assert span(after.period) == "2018-12..2019-06"
    assert decision.ended_after == JUNE_2019
    assert after.paid_through == JUNE_2019
    assert after.payment_status(JUNE_2019) is PaymentStatus.PAYING
    assert after.payment_status(Month(2019, 7)) is PaymentStatus.SUSPENDED


# 三(三)


def test_a_person_failed_by_mistake_is_passed_by_the_unit() -> None:
    """三(三): “发现仍然具备领取资格的人员，可由单位更新认证状态”."""
    suspended = failed(standing(), date(2019, 6, 20), since=date(2019, 6, 10)).standing
    decision = passed(suspended, date(2019, 9, 10))
    assert certification_of(decision).result is CertificationResult.PASS
    assert span(decision.opened) == "2019-09..2020-09"


def test_payment_waits_for_the_reinstatement_after_such_a_pass() -> None:
    """三(三): “提报相关材料在外网办理待遇恢复和补发业务，补发业务复核通过后次月恢复并补发。”"""
    suspended = failed(standing(), date(2019, 6, 20), since=date(2019, 6, 10)).standing
    after = passed(suspended, date(2019, 9, 10)).standing
    assert after.paid_through == JUNE_2019
    assert after.payment_status(Month(2019, 9)) is PaymentStatus.SUSPENDED
    assert after.payment_status(Month(2019, 12)) is PaymentStatus.SUSPENDED


@pytest.mark.parametrize("method", [Method.SELF, Method.SERVICE_WINDOW])
def test_the_persons_own_certification_counts_after_a_fail_but_payment_waits(method: Method) -> None:
    """三(三): “发现仍然具备领取资格的人员，可由单位更新认证状态” – the person may also show up in person."""
    suspended = failed(standing(), date(2019, 6, 20), since=date(2019, 6, 10)).standing
    decision = certify(own_pass(method), suspended, POLICY, Month(2019, 9))
    assert span(decision.opened) == "2019-09..2020-09"
    assert decision.standing.payment_status(Month(2019, 9)) is PaymentStatus.SUSPENDED


def test_no_verdict_undoes_a_fail() -> None:
    """三(三): “可由单位更新认证状态” – the unit, never the machine."""
    suspended = failed(standing(), date(2019, 6, 20), since=date(2019, 6, 10)).standing
    after, opened = suspended.informed(qualified("2019-08", seen=date(2019, 8, 20)), POLICY)
    assert opened is None
    assert span(after.period) == "2018-12..2019-06"
    assert after.payment_status(Month(2019, 9)) is PaymentStatus.SUSPENDED
    assert after.verdict is not None
    assert after.verdict.conclusion is Conclusion.QUALIFIED, "the contradiction is there to be seen"


# 三(四)


def test_a_loss_record_found_wrong_counts_no_more() -> None:
    """三(四): “单位如发现大数据认证结果有误影响待遇发放的，可与社保经办机构机关事业养老待遇部门联系”."""
    seen = record("rail_travel", date(2019, 4, 1))
    loss = record("cremation", date(2019, 5, 2))
    wrong = record("cremation", date(2019, 5, 2), wrong=True)
    before = conclude(Category.RETIREE, Month(2019, 5), [seen, loss], POLICY)
    after = conclude(Category.RETIREE, Month(2019, 5), [seen, wrong], POLICY)
    assert before.conclusion is Conclusion.DISQUALIFIED
    assert after.conclusion is Conclusion.QUALIFIED


def test_a_sign_of_life_found_wrong_counts_no_more() -> None:
    """三(四): “以便调整完善系统算法。”"""
    wrong = record("rail_travel", date(2019, 5, 20), wrong=True)
    assert conclude(Category.RETIREE, Month(2019, 5), [wrong], POLICY).rule is Rule.NOTHING


def test_a_loss_that_the_unit_has_answered_with_pass_is_pending_until_the_agency_decides() -> None:
    """三(四): “单位如发现大数据认证结果有误…可与社保经办机构…联系”."""
    loss = record("cremation", date(2019, 5, 2), received=datetime(2019, 6, 1, 1, tzinfo=UTC))
    pass_ = certification_of(passed(standing(verdict=disqualified()), date(2019, 6, 10), reason="系同名同姓，本人健在"))
    finding = conclude(
        Category.RETIREE, Month(2019, 6), [loss], POLICY, losses_answered_through=pass_.answers_losses_through
    )
    assert finding.rule is Rule.LOSS_ANSWERED
    assert finding.conclusion is Conclusion.PENDING

"""附件: the operating steps."""

from datetime import date

import pytest

from domain.certification import result_of
from domain.contact import Contact
from domain.month import Month
from domain.refusal import ErrorCode
from domain.submission import Act, Handler
from domain.verdict import Verdict, conclude
from domain.vocabulary import (
    Category,
    CertificationResult,
    Conclusion,
    Method,
    PaymentStatus,
    SurvivalStatus,
)
from tests.lives import (
    COMPLETE,
    POLICY,
    acted,
    certification_of,
    decided,
    disqualified,
    entry,
    obstacle,
    pending,
    qualified,
    record,
    refused,
    span,
    standing,
    submission,
    terminated,
)

TODAY = date(2019, 6, 5)


# 附5


def test_a_page_shows_20_rows() -> None:
    """附5: “查询出的人员名单分页展现，每页默认显示20条。”"""
    assert POLICY.roster_page == 20


def test_no_page_is_longer_than_200_rows() -> None:
    """附5: “人数较多时查询较慢，请耐心等待。” A page has its limit instead."""
    assert POLICY.page_limit == 200


# 附6


def test_there_are_three_conclusions_in_the_order_of_the_roster() -> None:
    """附6: “人员名单已按照“丧失资格”、“待核实”在前，“具备资格”在后的顺序排序”."""
    assert [conclusion.value for conclusion in Conclusion] == ["DISQUALIFIED", "PENDING", "QUALIFIED"]


def test_a_verdict_says_what_was_concluded_why_and_from_which_last_act() -> None:
    """附6: “包括“大数据认证结论”、“大数据认证描述”、“认证有效期”、“最近行为””."""
    seen = record("rail_travel", date(2019, 3, 11))
    finding = conclude(Category.RETIREE, Month(2019, 5), [seen], POLICY)
    assert finding.conclusion.value == "QUALIFIED"
    assert finding.rule.value == "life"
    assert finding.activity is not None
    assert (finding.activity.kind, finding.activity.occurred_on) == ("rail_travel", date(2019, 3, 11))


def test_disqualified_and_pending_are_answered_by_the_last_day_of_the_month() -> None:
    """附6: “务必于每月最后一日前提报这两类人员的认证信息。”"""
    assert disqualified("2019-05").answer_by == date(2019, 6, 30)
    assert pending("2020-01").answer_by == date(2020, 2, 29)
    assert pending("2019-12").answer_by == date(2020, 1, 31)


def test_a_qualified_verdict_needs_no_answer() -> None:
    """附6: “请各单位重点关注“丧失资格”和“待核实”人员”."""
    assert qualified().open is False
    assert qualified().answer_by is None


# 附7


@pytest.mark.parametrize(
    ("status", "result"),
    [
        (SurvivalStatus.NORMAL, CertificationResult.PASS),
        (SurvivalStatus.DECEASED, CertificationResult.FAIL),
        (SurvivalStatus.MISSING, CertificationResult.FAIL),
        (SurvivalStatus.IMPRISONED, CertificationResult.FAIL),
    ],
)
def test_the_result_follows_from_the_survival_status(status: SurvivalStatus, result: CertificationResult) -> None:
    """附7: “点选“生存状态”后在空白处单击鼠标左键即可自动关联“认定结果”，无需另行选择。”"""
    assert result_of(status) is result
    since = None if status is SurvivalStatus.NORMAL else date(2019, 6, 1)
    decision = acted(Act.SUBMIT, standing(verdict=pending()), TODAY, status, since=since)
    assert certification_of(decision).result is result
    assert certification_of(decision).survival_status is status


@pytest.mark.parametrize("unknown", [pending(), disqualified()])
def test_the_unit_states_the_survival_status_of_the_disqualified_and_the_pending(unknown: Verdict) -> None:
    """附7: ““丧失资格”、“待核实”人员，请如实选择人员“生存状态”。”"""
    decision = acted(
        Act.SUBMIT,
        standing(verdict=unknown),
        TODAY,
        SurvivalStatus.MISSING,
        since=date(2019, 4, 1),
    )
    assert certification_of(decision).survival_status is SurvivalStatus.MISSING
    assert certification_of(decision).occurred_on == date(2019, 4, 1)


@pytest.mark.parametrize(
    ("contact", "field"),
    [
        (Contact(None, COMPLETE.household_address, COMPLETE.residence_address), "phone"),
        (Contact(COMPLETE.phone, None, COMPLETE.residence_address), "householdAddress"),
        (Contact(COMPLETE.phone, COMPLETE.household_address, None), "residenceAddress"),
    ],
)
@pytest.mark.parametrize("act", [Act.CONFIRM, Act.OVERRIDE, Act.SUBMIT, Act.BATCH_PASS])
def test_nothing_is_submitted_while_the_contact_data_is_incomplete(act: Act, contact: Contact, field: str) -> None:
    """附7: “联系电话、户籍地、居住地信息如不完整将无法提交。”"""
    person = standing(verdict=qualified(), contact=contact)
    [refusal] = refused(submission(act, entry(1)), person)
    assert obstacle(refusal) == (ErrorCode.CONTACT_INCOMPLETE, f"input/contact/{field}", "row-1")


def test_a_fail_needs_complete_contact_data_too() -> None:
    """附7: “联系电话、户籍地、居住地信息如不完整将无法提交。”"""
    row = entry(1, SurvivalStatus.DECEASED, since=date(2019, 6, 1))
    refusals = refused(submission(Act.SUBMIT, row), standing(contact=Contact()))
    assert [refusal.code for refusal in refusals] == [ErrorCode.CONTACT_INCOMPLETE] * 3


def test_contact_data_is_completed_right_on_the_row() -> None:
    """附7: “如不完整或不准确，请直接点击相应项目补全或更新。”"""
    person = standing(contact=Contact(phone="13800005678"))
    edit = Contact(household_address="青岛市市北区延吉路1号", residence_address="青岛市李沧区夏庄路7号")
    after = acted(Act.SUBMIT, person, TODAY, contact=edit).standing
    assert after.contact == Contact("13800005678", "青岛市市北区延吉路1号", "青岛市李沧区夏庄路7号")


# 附8


@pytest.mark.parametrize(
    ("handler", "field"), [(Handler("", "0532-85911234"), "name"), (Handler("王敏", " "), "contact")]
)
@pytest.mark.parametrize("act", list(Act))
def test_every_submission_names_its_handler(act: Act, handler: Handler, field: str) -> None:
    """附8: “录入经办人姓名、经办人信息，点击“提交认证”按钮”."""
    row = entry(1, SurvivalStatus.DECEASED, since=date(2019, 6, 1)) if act is Act.TERMINATE else entry(1)
    [refusal] = refused(submission(act, row, handler=handler), standing(verdict=qualified()))
    assert obstacle(refusal) == (ErrorCode.HANDLER_REQUIRED, f"input/handler/{field}", None)


def test_one_row_or_many_are_submitted_at_once() -> None:
    """附8: “提交已勾选人员的认证信息，可单条提交，也可多条提交。”"""
    people = [standing(id=1, verdict=qualified()), standing(id=2, verdict=pending())]
    one = decided(submission(Act.SUBMIT, entry(1)), *people, today=TODAY)
    many = decided(submission(Act.SUBMIT, entry(1), entry(2)), *people, today=TODAY)
    assert [decision.standing.id for decision in one] == [1]
    assert [decision.standing.id for decision in many] == [1, 2]
    assert [certification_of(decision).method for decision in many] == [Method.CONFIRM, Method.OVERRIDE]


def test_of_several_rows_all_are_saved_or_none() -> None:
    """附8: “提示“保存成功”即提交成功”."""
    people = [standing(id=1), standing(id=2, contact=Contact())]
    rows = [entry(1, path=("input", "entries", "0")), entry(2, path=("input", "entries", "1"))]
    refusals = refused(submission(Act.SUBMIT, *rows), *people)
    assert {refusal.reference for refusal in refusals} == {"row-2"}


def test_contact_data_kept_before_is_saved_along_with_the_submission() -> None:
    """附8: “提交前维护的联系电话、户籍地、居住地信息会一并保存”."""
    edit = Contact(phone="0532-85911234")
    after = acted(Act.SUBMIT, standing(verdict=qualified()), TODAY, contact=edit).standing
    assert after.contact == Contact("0532-85911234", COMPLETE.household_address, COMPLETE.residence_address)


# 附9


def test_a_batch_pass_sets_the_whole_page_to_normal_and_pass() -> None:
    """附9: “会将当前页面全部人员的生存状态置为“正常”、认定结果置为“通过”并提交。”"""
    people = [standing("2018-09..2019-09", id=1, verdict=qualified()), standing("2018-10..2019-10", id=2)]
    decisions = decided(submission(Act.BATCH_PASS, entry(1), entry(2)), *people, today=TODAY)
    acts = [certification_of(decision) for decision in decisions]
    assert [act.survival_status for act in acts] == [SurvivalStatus.NORMAL] * 2
    assert [act.result for act in acts] == [CertificationResult.PASS] * 2
    assert [act.method for act in acts] == [Method.BATCH_PASS] * 2
    assert [span(decision.opened) for decision in decisions] == ["2019-06..2020-06"] * 2


def test_a_batch_pass_takes_a_page_of_at_most_200_rows() -> None:
    """附9: “会将当前页面全部人员…” – a page, not the unit."""
    people = [standing(id=number) for number in range(1, 202)]
    rows = [entry(number) for number in range(1, 202)]
    assert len(decided(submission(Act.BATCH_PASS, *rows[:200]), *people, today=TODAY)) == 200
    [refusal] = refused(submission(Act.BATCH_PASS, *rows), *people)
    assert obstacle(refusal) == (ErrorCode.TOO_MANY_ROWS, "input/page", None)


def test_a_batch_pass_sweeps_nobody_along_whom_the_data_found_disqualified() -> None:
    """附9: “点击“本页批量通过”，会将当前页面全部人员…置为“通过”” – the lost are named first."""
    people = [standing(id=1, verdict=qualified()), standing(id=2, verdict=disqualified())]
    [refusal] = refused(submission(Act.BATCH_PASS, entry(1), entry(2)), *people)
    assert refusal.code is ErrorCode.DISQUALIFIED_NOT_ACKNOWLEDGED
    assert refusal.reference == "row-2"


def test_a_batch_pass_saves_the_contact_data_along() -> None:
    """附9: “提交前维护的联系电话、户籍地、居住地信息会一并保存”."""
    row = entry(1, contact=Contact(residence_address="青岛市黄岛区长江中路3号"))
    [decision] = decided(submission(Act.BATCH_PASS, row), standing(), today=TODAY)
    assert decision.standing.contact.residence_address == "青岛市黄岛区长江中路3号"


# 附10


def test_a_submission_settles_the_matter() -> None:
    """附10: “提交成功后资格认证即办理完毕，不需要打印认证汇总表报社保经办机构。”"""
    decision = acted(Act.SUBMIT, standing("2018-09..2019-09", verdict=pending()), TODAY)
    assert decision.standing.payment_status(Month(2020, 6)) is PaymentStatus.PAYING
    assert decision.standing.verdict is not None
    assert decision.standing.verdict.answered is True
    assert certification_of(decision).opens_review is False


# 附11


@pytest.mark.parametrize("cause", [SurvivalStatus.DECEASED, SurvivalStatus.IMPRISONED, SurvivalStatus.MISSING])
def test_a_benefit_is_terminated_without_a_fail_before(cause: SurvivalStatus) -> None:
    """附11: “单位可以直接办理机关养老待遇终止，无需提交认证不通过信息。”"""
    decision = acted(Act.TERMINATE, standing(verdict=pending()), TODAY, cause, since=date(2019, 4, 30))
    assert decision.certification is None
    assert decision.termination is not None
    assert (decision.termination.cause, decision.termination.occurred_on) == (cause, date(2019, 4, 30))
    assert decision.standing.payment_status(Month(2019, 4)) is PaymentStatus.PAYING
    assert decision.standing.payment_status(Month(2019, 5)) is PaymentStatus.TERMINATED


def test_a_benefit_ends_after_the_month_of_the_event() -> None:
    """附11: “对于已确认不具备领取养老金资格的人员（如去世、被判刑），单位可以直接办理机关养老待遇终止”."""
    after = terminated(standing("2018-12..2019-12"), TODAY, since=date(2019, 3, 15)).standing
    assert after.terminated_from == Month(2019, 4)
    assert after.paid_through == Month(2019, 3)
    assert span(after.period) == "2018-12..2019-03"


def test_a_termination_needs_a_loss_for_its_reason_and_the_day_of_it() -> None:
    """附11: “已确认不具备领取养老金资格的人员（如去世、被判刑）”."""
    [no_loss] = refused(submission(Act.TERMINATE, entry(1, since=date(2019, 6, 1))), standing())
    [no_day] = refused(submission(Act.TERMINATE, entry(1, SurvivalStatus.DECEASED)), standing())
    assert obstacle(no_loss) == (ErrorCode.INVALID_CAUSE, "input/cause", "row-1")
    assert obstacle(no_day) == (ErrorCode.OCCURRED_ON_REQUIRED, "input/occurredOn", "row-1")

"""1. 关于认证模式: how certification works."""

from datetime import date

import pytest

from domain.access import Viewer
from domain.certification import certify
from domain.month import Month
from domain.submission import Act
from domain.verdict import conclude
from domain.vocabulary import (
    Category,
    CertificationResult,
    Conclusion,
    EvidenceClass,
    Method,
    Role,
    Source,
    SurvivalStatus,
)
from tests.lives import (
    POLICY,
    acted,
    certification_of,
    disqualified,
    own_pass,
    passed,
    qualified,
    record,
    span,
    standing,
)

MAY = Month(2019, 5)


def test_data_matching_renews_without_the_unit() -> None:
    """一(一): “资格认证采取大数据分析对比和参保单位管理相结合的方式。” Here the data's half."""
    after, opened = standing("2018-09..2019-09").informed(qualified(seen=date(2019, 5, 20)), POLICY)
    assert span(opened) == "2019-05..2020-05"
    assert after.paid_through == Month(2020, 5)


def test_the_unit_renews_without_data_matching() -> None:
    """一(一): “资格认证采取大数据分析对比和参保单位管理相结合的方式。” Here the unit's half."""
    assert span(passed(standing("2018-09..2019-09", verdict=None), date(2019, 6, 5)).opened) == "2019-06..2020-06"


def test_only_the_persons_own_unit_certifies() -> None:
    """一(二): “机关事业养老保险待遇资格认证工作原则上由所在单位负责。”"""
    assert Viewer(1, "370200001", Role.UNIT, unit_id=7).acts_for == 7
    others = [role for role in Role if role is not Role.UNIT]
    assert [Viewer(1, "someone", role, unit_id=7).acts_for for role in others] == [None] * 5


def test_the_units_word_goes_over_the_datas() -> None:
    """一(二): “机关事业养老保险待遇资格认证工作原则上由所在单位负责。”"""
    decision = passed(standing(verdict=disqualified()), date(2019, 6, 5), reason="上门核实，本人健在")
    assert certification_of(decision).result is CertificationResult.PASS
    assert decision.standing.paid_through == Month(2020, 6)


def test_data_comes_from_six_departments() -> None:
    """一(三): “大数据信息整合人社、医保、卫生健康、交通、司法、银行等部门数据信息”."""
    assert {source.value for source in Source} == {
        "human_resources",
        "medical_insurance",
        "health",
        "transport",
        "justice",
        "banks",
    }


@pytest.mark.parametrize(
    ("kind", "conclusion"),
    [
        ("window_visit", Conclusion.QUALIFIED),
        ("app_face_check", Conclusion.QUALIFIED),
        ("home_visit", Conclusion.QUALIFIED),
        ("inpatient_stay", Conclusion.QUALIFIED),
        ("border_crossing", Conclusion.QUALIFIED),
        ("rail_travel", Conclusion.QUALIFIED),
        ("air_travel", Conclusion.QUALIFIED),
        ("bank_counter", Conclusion.QUALIFIED),
        ("health_check", Conclusion.QUALIFIED),
        ("vaccination", Conclusion.QUALIFIED),
        ("outpatient_card", Conclusion.PENDING),
        ("pharmacy_card", Conclusion.PENDING),
        ("bus_card", Conclusion.PENDING),
        ("atm_card", Conclusion.PENDING),
        ("death_certificate", Conclusion.DISQUALIFIED),
        ("cremation", Conclusion.DISQUALIFIED),
        ("household_cancellation", Conclusion.DISQUALIFIED),
        ("effective_judgment", Conclusion.DISQUALIFIED),
        ("other_scheme_ended", Conclusion.PENDING),
        ("tip_off", Conclusion.PENDING),
        ("returned_mail", Conclusion.PENDING),
    ],
)
def test_the_algorithm_concludes_from_what_a_record_proves_alone(kind: str, conclusion: Conclusion) -> None:
    """一(三): “引入大数据算法确定领取资格”."""
    finding = conclude(Category.RETIREE, MAY, [record(kind, date(2019, 5, 10))], POLICY)
    assert finding.conclusion is conclusion


def test_window_and_app_are_the_strongest_signs_of_life() -> None:
    """一(三): “将个人通过经办窗口、手机APP认证的信息直接更新认证状态”."""
    assert POLICY.evidence_class["window_visit"] is EvidenceClass.A
    assert POLICY.evidence_class["app_face_check"] is EvidenceClass.A


@pytest.mark.parametrize("method", [Method.SELF, Method.SERVICE_WINDOW])
def test_certifying_by_app_or_at_a_window_renews_at_once(method: Method) -> None:
    """一(三): “将个人通过经办窗口、手机APP认证的信息直接更新认证状态”."""
    decision = certify(own_pass(method), standing("2018-09..2019-09"), POLICY, Month(2019, 6))
    assert span(decision.opened) == "2019-06..2020-06"
    assert decision.opened is not None
    assert decision.opened.method is method


def test_a_months_result_is_published_on_the_4th_of_the_next() -> None:
    """一(四): “大数据认证信息每月认证结果于次月4日更新。”"""
    assert POLICY.publication_day == 4
    assert (MAY + 1).day(POLICY.publication_day) == date(2019, 6, 4)
    assert (Month(2019, 12) + 1).day(POLICY.publication_day) == date(2020, 1, 4)


def test_only_what_happened_up_to_the_end_of_the_month_counts() -> None:
    """一(四): “大数据认证信息每月认证结果于次月4日更新。” The result is that of the month."""
    last_day = [record("rail_travel", date(2019, 5, 31))]
    day_after = [record("rail_travel", date(2019, 6, 1))]
    assert conclude(Category.RETIREE, MAY, last_day, POLICY).conclusion is Conclusion.QUALIFIED
    assert conclude(Category.RETIREE, MAY, day_after, POLICY).conclusion is Conclusion.PENDING


def test_the_unit_only_confirms_what_the_data_found() -> None:
    """一(五): “单位只需在网上确认即可（见附件），无需到社会保险经办机构报送材料。”"""
    decision = acted(Act.CONFIRM, standing(verdict=qualified()), date(2019, 6, 5))
    certification = certification_of(decision)
    assert certification.method is Method.CONFIRM
    assert certification.result is CertificationResult.PASS
    assert certification.survival_status is SurvivalStatus.NORMAL
    assert certification.verdict_month == MAY
    assert certification.opens_review is False

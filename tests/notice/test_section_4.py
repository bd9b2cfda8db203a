"""四、关于认证要求: what a unit owes."""

from datetime import date

import pytest

from domain.contact import Contact
from domain.month import Month
from domain.submission import Act
from domain.verdict import Verdict, conclude
from domain.vocabulary import Category, Conclusion, Method, PaymentStatus
from tests.lives import (
    POLICY,
    acted,
    certification_of,
    disqualified,
    passed,
    pending,
    qualified,
    record,
    span,
    standing,
)

# 四(一)


def test_a_unit_confirms_once_a_year() -> None:
    """四(一): “单位每年至少确认一次认证信息，以保证正常领取待遇人员具备资格。”"""
    assert standing(confirmed_in="2019-06").confirm_by(POLICY) == date(2020, 6, 30)
    assert standing(confirmed_in="2019-02").confirm_by(POLICY) == date(2020, 2, 29)


def test_every_confirmation_restarts_the_year() -> None:
    """四(一): “单位每年至少确认一次认证信息”."""
    person = standing(verdict=qualified(), confirmed_in="2018-09")
    assert acted(Act.CONFIRM, person, date(2019, 6, 5)).standing.confirm_by(POLICY) == date(2020, 6, 30)


def test_the_yearly_duty_is_a_clock_of_its_own_beside_the_period() -> None:
    """四(一): “单位每年至少确认一次认证信息” – also where the data renews the period by itself."""
    person = standing("2018-09..2019-09", confirmed_in="2018-09")
    after, opened = person.informed(qualified(seen=date(2019, 5, 20)), POLICY)
    assert span(opened) == "2019-05..2020-05"
    assert after.confirm_by(POLICY) == date(2019, 9, 30)


def test_missing_the_yearly_duty_stops_nobodys_payment() -> None:
    """四(一): “单位每年至少确认一次认证信息” – the period alone decides over payment."""
    person = standing("2019-05..2020-05", confirmed_in="2018-01")
    assert person.confirm_by(POLICY) == date(2019, 1, 31)
    assert person.payment_status(Month(2020, 5)) is PaymentStatus.PAYING


@pytest.mark.parametrize(
    ("category", "renewed"),
    [(Category.RETIREE, "2019-06..2020-06"), (Category.SURVIVOR, "2019-06..2019-12")],
)
def test_every_confirmation_of_a_data_pass_moves_the_period_on(category: Category, renewed: str) -> None:
    """四(一): “对于大数据已认证通过的人员，每确认一次，认证服务期开始时间就会自动更新，服务期相应递延。”"""
    person = standing("2019-03..2019-09", category=category, verdict=qualified())
    assert span(acted(Act.CONFIRM, person, date(2019, 6, 5)).standing.period) == renewed


def test_confirming_again_in_a_later_month_moves_the_start_again() -> None:
    """四(一): “每确认一次，认证服务期开始时间就会自动更新，服务期相应递延。”"""
    once = acted(Act.CONFIRM, standing(verdict=qualified()), date(2019, 6, 5)).standing
    again = acted(Act.CONFIRM, once, date(2019, 7, 1)).standing
    assert span(once.period) == "2019-06..2020-06"
    assert span(again.period) == "2019-07..2020-07"


# 四(二)


@pytest.mark.parametrize("unanswered", [pending(), disqualified()])
def test_a_verdict_that_is_not_qualified_is_answered_by_the_end_of_the_month(unanswered: Verdict) -> None:
    """四(二): “单位对于大数据未获取认证信息的“待核实”人员必须及时认证”."""
    assert unanswered.open is True
    assert unanswered.answer_by == date(2019, 6, 30)


def test_certifying_a_pending_person_answers_the_verdict() -> None:
    """四(二): “单位对于大数据未获取认证信息的“待核实”人员必须及时认证”."""
    after = passed(standing(verdict=pending()), date(2019, 6, 30)).standing
    assert after.verdict is not None
    assert after.verdict.open is False
    assert after.verdict.answer_by is None


@pytest.mark.parametrize("unanswered", [pending(), disqualified()])
def test_payment_goes_on_to_the_end_of_the_period_while_nobody_answers(unanswered: Verdict) -> None:
    """四(二): “必须及时认证” – a late unit is the agency's matter, not the person's."""
    person, opened = standing("2018-12..2019-12").informed(unanswered, POLICY)
    assert opened is None
    assert person.payment_status(Month(2019, 12)) is PaymentStatus.PAYING
    assert person.payment_status(Month(2020, 1)) is PaymentStatus.LAPSED


# 四(三)


def test_keeping_the_contact_data_of_a_qualified_person_is_a_confirmation() -> None:
    """四(三): “应做好认证人员信息完善、更新等维护工作，信息维护的人员等同一次认证确认。”"""
    person = standing("2018-09..2019-09", verdict=qualified(), confirmed_in="2018-09")
    decision = acted(Act.UPDATE_CONTACT, person, date(2019, 6, 5), contact=Contact(phone="13900001234"))
    assert certification_of(decision).method is Method.CONTACT_UPDATE
    assert span(decision.opened) == "2019-06..2020-06"
    assert decision.standing.contact.phone == "13900001234"
    assert decision.standing.confirm_by(POLICY) == date(2020, 6, 30)


@pytest.mark.parametrize("verdict", [pending(), disqualified(), None])
def test_a_contact_update_confirms_nobody_whom_the_data_did_not_find_qualified(
    verdict: Verdict | None,
) -> None:
    """四(三): “等同一次认证确认” – and only a QUALIFIED verdict can be confirmed."""
    person = standing("2018-09..2019-09", verdict=verdict)
    decision = acted(Act.UPDATE_CONTACT, person, date(2019, 6, 5), contact=Contact(phone="13900001234"))
    assert decision.certification is None
    assert decision.opened is None
    assert decision.standing.contact.phone == "13900001234"
    assert span(decision.standing.period) == "2018-09..2019-09"


def test_a_contact_update_confirms_nobody_whose_contact_data_stays_incomplete() -> None:
    """四(三): “信息完善、更新等维护工作” – and 附7 wants it complete."""
    person = standing("2018-09..2019-09", verdict=qualified(), contact=Contact(phone="13800005678"))
    decision = acted(Act.UPDATE_CONTACT, person, date(2019, 6, 5), contact=Contact(residence_address="青岛市市北区"))
    assert decision.certification is None
    assert decision.standing.contact.residence_address == "青岛市市北区"
    assert span(decision.standing.period) == "2018-09..2019-09"


# 四(四)


def test_a_pass_against_a_disqualified_verdict_is_looked_at_by_the_agency() -> None:
    """四(四): “坚决杜绝证件认证和人情认证。”"""
    decision = passed(standing(verdict=disqualified()), date(2019, 6, 5), reason="上门核实，本人健在")
    assert certification_of(decision).opens_review is True
    assert certification_of(decision).reason == "上门核实，本人健在"


def test_a_pass_of_a_pending_person_is_not_looked_at_by_the_agency() -> None:
    """四(四): “坚决杜绝证件认证和人情认证。” No data speaks against such a PASS."""
    assert certification_of(passed(standing(verdict=pending()), date(2019, 6, 5))).opens_review is False


def test_a_card_that_can_be_lent_does_not_certify_by_itself() -> None:
    """四(四): “坚决杜绝证件认证和人情认证。”"""
    card = record("bus_card", date(2019, 5, 10))
    assert conclude(Category.RETIREE, Month(2019, 5), [card], POLICY).conclusion is Conclusion.PENDING

"""Everything that stands in the way of a submission: which code, on which field, of which row."""

from dataclasses import replace
from datetime import date

import pytest

from domain.contact import Contact
from domain.obstacles import obstacles
from domain.refusal import ErrorCode
from domain.standing import Standing
from domain.submission import Act, Handler, Submission
from domain.verdict import Verdict
from domain.vocabulary import SurvivalStatus
from tests.lives import (
    POLICY,
    decided,
    disqualified,
    entry,
    obstacle,
    pending,
    qualified,
    refused,
    standing,
    submission,
)

TODAY = date(2019, 6, 5)
LOST = [SurvivalStatus.DECEASED, SurvivalStatus.MISSING, SurvivalStatus.IMPRISONED]


def sound(act: Act, id: int | None = 1, *, version: int | None = None) -> Submission:
    """A submission of one row against which nothing can be said, if the row is there and as it was."""
    if act is Act.TERMINATE:
        row = entry(id, SurvivalStatus.DECEASED, since=date(2019, 6, 1), version=version)
    else:
        row = entry(id, version=version)
    return submission(act, row)


def found(sent: Submission, *people: Standing) -> list[tuple[ErrorCode, str, str | None]]:
    return [obstacle(refusal) for refusal in refused(sent, *people, today=TODAY)]


@pytest.mark.parametrize("act", list(Act))
def test_nothing_stands_in_the_way_of_a_sound_submission(act: Act) -> None:
    person = standing(verdict=qualified())
    assert obstacles(sound(act), {1: person}, policy=POLICY, today=TODAY) == []


# The whole.


@pytest.mark.parametrize(
    ("act", "path"),
    [(Act.SUBMIT, "input/entries"), (Act.BATCH_PASS, "input/page"), (Act.CONFIRM, "input/beneficiaryId")],
)
def test_a_submission_without_rows_is_refused(act: Act, path: str) -> None:
    assert found(submission(act)) == [(ErrorCode.EMPTY_PAGE, path, None)]


@pytest.mark.parametrize(("act", "path"), [(Act.SUBMIT, "input/entries"), (Act.BATCH_PASS, "input/page")])
def test_too_many_rows_are_refused_as_a_whole_with_the_limit(act: Act, path: str) -> None:
    rows = [entry(number) for number in range(1, 202)]
    [refusal] = refused(submission(act, *rows))
    assert obstacle(refusal) == (ErrorCode.TOO_MANY_ROWS, path, None)
    assert refusal.facts == {"limit": 200}


def test_the_limit_is_the_policys() -> None:
    people, policy = [standing(id=1), standing(id=2)], replace(POLICY, page_limit=1)
    [refusal] = refused(submission(Act.SUBMIT, entry(1), entry(2)), *people, policy=policy)
    assert refusal.facts == {"limit": 1}


def test_the_handler_is_looked_at_even_if_there_are_too_many_rows() -> None:
    rows = [entry(number) for number in range(1, 202)]
    assert found(submission(Act.SUBMIT, *rows, handler=Handler(" ", "0532-85911234"))) == [
        (ErrorCode.HANDLER_REQUIRED, "input/handler/name", None),
        (ErrorCode.TOO_MANY_ROWS, "input/entries", None),
    ]


def test_the_handler_needs_a_name_and_a_contact() -> None:
    assert found(submission(Act.OVERRIDE, entry(1), handler=Handler("", "\u3000")), standing()) == [
        (ErrorCode.HANDLER_REQUIRED, "input/handler/name", None),
        (ErrorCode.HANDLER_REQUIRED, "input/handler/contact", None),
    ]


@pytest.mark.parametrize(
    ("handler", "path"),
    [
        (Handler("王" * 101, "0532-85911234"), "input/handler/name"),
        (Handler("王敏", "a\x00"), "input/handler/contact"),
    ],
)
def test_the_handlers_name_and_contact_are_short_printable_text(handler: Handler, path: str) -> None:
    sent = submission(Act.OVERRIDE, entry(1), handler=handler)
    assert found(sent, standing()) == [(ErrorCode.INVALID_TEXT, path, None)]


def test_the_reason_of_a_batch_pass_is_printable_text() -> None:
    sent = submission(Act.BATCH_PASS, entry(1), reason="字" * 501)
    assert found(sent, standing()) == [(ErrorCode.INVALID_TEXT, "input/reason", None)]


# Rows.


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("id", [None, 2])
def test_a_row_that_is_not_there_or_not_ones_own_is_not_found(act: Act, id: int | None) -> None:
    assert found(sound(act, id), standing(id=1)) == [(ErrorCode.NOT_FOUND, "input/beneficiaryId", f"row-{id}")]


@pytest.mark.parametrize(("act", "list_of"), [(Act.SUBMIT, "entries"), (Act.BATCH_PASS, "page")])
def test_a_row_that_comes_twice_is_refused_the_second_time(act: Act, list_of: str) -> None:
    rows = [entry(1, path=("input", list_of, str(place))) for place in range(3)]
    assert found(submission(act, *rows), standing()) == [
        (ErrorCode.DUPLICATE_ROW, f"input/{list_of}/1/beneficiaryId", "row-1"),
        (ErrorCode.DUPLICATE_ROW, f"input/{list_of}/2/beneficiaryId", "row-1"),
    ]


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("seen", [1, 3])
def test_a_row_that_has_changed_since_it_was_read_is_stale(act: Act, seen: int) -> None:
    person = standing(verdict=qualified(), version=2)
    assert found(sound(act, version=seen), person) == [(ErrorCode.STALE_VERSION, "input/version", "row-1")]


@pytest.mark.parametrize("seen", [2, None])
def test_a_row_as_it_was_read_or_read_without_a_version_is_not_stale(seen: int | None) -> None:
    person = standing(verdict=qualified(), version=2)
    [decision] = decided(sound(Act.CONFIRM, version=seen), person, today=TODAY)
    assert decision.standing.version == 3


def test_of_a_stale_row_nothing_else_is_said() -> None:
    row = entry(1, version=1, contact=Contact(phone="138"))
    person = standing(version=2, contact=Contact(), verdict=pending())
    assert [code for code, _, _ in found(submission(Act.CONFIRM, row), person)] == [ErrorCode.STALE_VERSION]


@pytest.mark.parametrize("act", list(Act))
@pytest.mark.parametrize("from_month", ["2019-03", "2019-07"])
def test_nobody_acts_on_a_terminated_benefit(act: Act, from_month: str) -> None:
    over = standing(verdict=qualified(), terminated_from=from_month, version=9)
    assert found(sound(act, version=1), over) == [(ErrorCode.ALREADY_TERMINATED, "input/beneficiaryId", "row-1")]


# Contact.


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        (Contact(phone="138"), "phone"),
        (Contact(phone="  "), "phone"),
        (Contact(household_address="路"), "householdAddress"),
        (Contact(residence_address="青岛市\x00南区"), "residenceAddress"),
    ],
)
@pytest.mark.parametrize("act", [Act.CONFIRM, Act.OVERRIDE, Act.SUBMIT, Act.BATCH_PASS, Act.UPDATE_CONTACT])
def test_contact_data_that_cannot_be_right_is_refused(act: Act, edit: Contact, field: str) -> None:
    sent = submission(act, entry(1, contact=edit))
    assert found(sent, standing(verdict=qualified())) == [
        (ErrorCode.INVALID_CONTACT, f"input/contact/{field}", "row-1")
    ]


def test_the_missing_fields_are_those_missing_after_the_edit() -> None:
    person = standing(contact=Contact(phone="13800005678"))
    row = entry(1, contact=Contact(household_address="青岛市市南区"))
    assert found(submission(Act.OVERRIDE, row), person) == [
        (ErrorCode.CONTACT_INCOMPLETE, "input/contact/residenceAddress", "row-1")
    ]


def test_a_bad_field_and_a_missing_one_are_both_named() -> None:
    person = standing(contact=Contact(phone="13800005678"))
    row = entry(1, contact=Contact(household_address="路"))
    assert found(submission(Act.SUBMIT, row), person) == [
        (ErrorCode.INVALID_CONTACT, "input/contact/householdAddress", "row-1"),
        (ErrorCode.CONTACT_INCOMPLETE, "input/contact/residenceAddress", "row-1"),
    ]


@pytest.mark.parametrize("act", [Act.UPDATE_CONTACT, Act.TERMINATE])
def test_contact_updates_and_terminations_do_without_complete_contact_data(act: Act) -> None:
    [decision] = decided(sound(act), standing(contact=Contact()), today=TODAY)
    assert decision.standing.contact == Contact()


# Confirm.


@pytest.mark.parametrize("verdict", [pending(), disqualified(), None])
def test_only_a_qualified_verdict_is_confirmed(verdict: Verdict | None) -> None:
    assert found(sound(Act.CONFIRM), standing(verdict=verdict)) == [
        (ErrorCode.VERDICT_NOT_QUALIFIED, "input/beneficiaryId", "row-1")
    ]


# Override and submit.


@pytest.mark.parametrize("act", [Act.OVERRIDE, Act.SUBMIT])
@pytest.mark.parametrize("reason", [None, "", " \u3000"])
def test_a_pass_against_disqualified_needs_a_reason(act: Act, reason: str | None) -> None:
    sent = submission(act, entry(1, reason=reason))
    assert found(sent, standing(verdict=disqualified())) == [(ErrorCode.REASON_REQUIRED, "input/reason", "row-1")]


@pytest.mark.parametrize("act", [Act.OVERRIDE, Act.SUBMIT])
@pytest.mark.parametrize("verdict", [pending(), qualified(), None])
def test_any_other_pass_needs_none(act: Act, verdict: Verdict | None) -> None:
    assert len(decided(submission(act, entry(1)), standing(verdict=verdict), today=TODAY)) == 1


@pytest.mark.parametrize("status", LOST)
def test_a_fail_of_somebody_disqualified_needs_no_reason(status: SurvivalStatus) -> None:
    sent = submission(Act.OVERRIDE, entry(1, status, since=date(2019, 6, 1)))
    assert len(decided(sent, standing(verdict=disqualified()), today=TODAY)) == 1


@pytest.mark.parametrize("act", [Act.OVERRIDE, Act.SUBMIT, Act.TERMINATE])
@pytest.mark.parametrize("status", LOST)
def test_a_loss_says_since_when(act: Act, status: SurvivalStatus) -> None:
    assert found(submission(act, entry(1, status)), standing()) == [
        (ErrorCode.OCCURRED_ON_REQUIRED, "input/occurredOn", "row-1")
    ]


@pytest.mark.parametrize("act", [Act.OVERRIDE, Act.SUBMIT, Act.TERMINATE])
@pytest.mark.parametrize("day", [date(2019, 6, 6), date(2019, 7, 1), date(1899, 12, 31)])
def test_nobody_knows_a_loss_of_tomorrow_or_of_the_century_before_the_last(act: Act, day: date) -> None:
    sent = submission(act, entry(1, SurvivalStatus.DECEASED, since=day))
    assert found(sent, standing()) == [(ErrorCode.INVALID_OCCURRED_ON, "input/occurredOn", "row-1")]


@pytest.mark.parametrize("day", [date(2019, 6, 5), date(1900, 1, 1)])
def test_a_loss_of_today_or_of_long_ago_is_taken(day: date) -> None:
    sent = submission(Act.OVERRIDE, entry(1, SurvivalStatus.DECEASED, since=day))
    assert len(decided(sent, standing(), today=TODAY)) == 1


@pytest.mark.parametrize("act", list(Act))
def test_a_reason_is_printable_text(act: Act) -> None:
    row = replace(sound(act).entries[0], reason="a\x00b")
    assert found(submission(act, row), standing(verdict=qualified())) == [
        (ErrorCode.INVALID_TEXT, "input/reason", "row-1")
    ]


# Batch pass.


def test_disqualified_rows_that_are_not_acknowledged_are_all_named() -> None:
    people = [standing(id=1, verdict=disqualified()), standing(id=2), standing(id=3, verdict=disqualified())]
    rows = [entry(id, path=("input", "page", str(id - 1))) for id in (1, 2, 3)]
    assert found(submission(Act.BATCH_PASS, *rows, reason="逐一上门核实"), *people) == [
        (ErrorCode.DISQUALIFIED_NOT_ACKNOWLEDGED, "input/page/0/beneficiaryId", "row-1"),
        (ErrorCode.DISQUALIFIED_NOT_ACKNOWLEDGED, "input/page/2/beneficiaryId", "row-3"),
    ]


def test_acknowledging_one_row_acknowledges_no_other() -> None:
    people = [standing(id=1, verdict=disqualified()), standing(id=2, verdict=disqualified())]
    sent = submission(Act.BATCH_PASS, entry(1), entry(2), reason="上门核实", acknowledged=["row-1"])
    assert [(code, row) for code, _, row in found(sent, *people)] == [
        (ErrorCode.DISQUALIFIED_NOT_ACKNOWLEDGED, "row-2")
    ]


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_acknowledged_rows_need_a_reason(reason: str | None) -> None:
    sent = submission(Act.BATCH_PASS, entry(1), reason=reason, acknowledged=["row-1"])
    assert found(sent, standing(verdict=disqualified())) == [(ErrorCode.REASON_REQUIRED, "input/reason", "row-1")]


def test_acknowledging_a_row_that_is_not_disqualified_does_no_harm() -> None:
    sent = submission(Act.BATCH_PASS, entry(1), acknowledged=["row-1"])
    assert len(decided(sent, standing(verdict=pending()), today=TODAY)) == 1


# Terminate.


def test_a_termination_needs_a_loss_and_its_day() -> None:
    assert found(submission(Act.TERMINATE, entry(1)), standing()) == [
        (ErrorCode.INVALID_CAUSE, "input/cause", "row-1"),
        (ErrorCode.OCCURRED_ON_REQUIRED, "input/occurredOn", "row-1"),
    ]


# All at once.


def test_the_obstacles_of_all_rows_are_named_together_in_their_order() -> None:
    people = [
        standing(id=1, verdict=disqualified()),
        standing(id=2, contact=Contact(phone="13800005678")),
        standing(id=3, version=5),
        standing(id=4, terminated_from="2019-05"),
        standing(id=5),
    ]
    rows = [
        entry(1, path=("input", "entries", "0")),
        entry(2, SurvivalStatus.MISSING, path=("input", "entries", "1")),
        entry(3, version=4, path=("input", "entries", "2")),
        entry(4, path=("input", "entries", "3")),
        entry(5, path=("input", "entries", "4")),
        entry(6, path=("input", "entries", "5")),
        entry(5, path=("input", "entries", "6")),
    ]
    assert found(submission(Act.SUBMIT, *rows, handler=Handler("", "0532-85911234")), *people) == [
        (ErrorCode.HANDLER_REQUIRED, "input/handler/name", None),
        (ErrorCode.REASON_REQUIRED, "input/entries/0/reason", "row-1"),
        (ErrorCode.CONTACT_INCOMPLETE, "input/entries/1/contact/householdAddress", "row-2"),
        (ErrorCode.CONTACT_INCOMPLETE, "input/entries/1/contact/residenceAddress", "row-2"),
        (ErrorCode.OCCURRED_ON_REQUIRED, "input/entries/1/occurredOn", "row-2"),
        (ErrorCode.STALE_VERSION, "input/entries/2/version", "row-3"),
        (ErrorCode.ALREADY_TERMINATED, "input/entries/3/beneficiaryId", "row-4"),
        (ErrorCode.NOT_FOUND, "input/entries/5/beneficiaryId", "row-6"),
        (ErrorCode.DUPLICATE_ROW, "input/entries/6/beneficiaryId", "row-5"),
    ]

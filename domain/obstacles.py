"""Everything that stands in the way of a submission, by row and field. Notice 附7 to 附11."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from domain.month import Month
from domain.policy import Policy
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing
from domain.submission import Act, Entry, Submission, obstacles_of_handler
from domain.text import is_blank, problem
from domain.vocabulary import Conclusion, SurvivalStatus

_EARLIEST = date(1900, 1, 1)
_BEFORE_THE_BENEFIT = 24
"""How many months before the benefit an event may lie that ends it; an older one is a slip of the pen."""


def obstacles(
    submission: Submission, standings: Mapping[int, Standing], *, policy: Policy, today: date
) -> list[Refusal]:
    """All of them at once, so that a handler mends them in one go."""
    found = [*_of_the_whole(submission, policy)]
    if any(refusal.code is ErrorCode.TOO_MANY_ROWS for refusal in found):
        return found
    seen: set[int] = set()
    for entry in submission.entries:
        standing = standings.get(entry.id) if entry.id is not None else None
        if standing is None:
            found.append(_refused(entry, ErrorCode.NOT_FOUND, "beneficiaryId"))
        elif standing.id in seen:
            found.append(_refused(entry, ErrorCode.DUPLICATE_ROW, "beneficiaryId"))
        else:
            seen.add(standing.id)
            found += _of_a_row(submission, entry, standing, today)
    return found


def _of_the_whole(submission: Submission, policy: Policy) -> Iterator[Refusal]:
    yield from obstacles_of_handler(submission.handler)
    root = ("input", {Act.SUBMIT: "entries", Act.BATCH_PASS: "page"}.get(submission.act, "beneficiaryId"))
    if not submission.entries:
        yield Refusal(ErrorCode.EMPTY_PAGE, root)
    if len(submission.entries) > policy.page_limit:
        yield Refusal(ErrorCode.TOO_MANY_ROWS, root, facts={"limit": policy.page_limit})
    if submission.reason is not None and problem(submission.reason):
        yield Refusal(ErrorCode.INVALID_TEXT, ("input", "reason"))


def _of_a_row(submission: Submission, entry: Entry, standing: Standing, today: date) -> Iterator[Refusal]:
    if standing.terminated_from is not None:
        yield _refused(entry, ErrorCode.ALREADY_TERMINATED, "beneficiaryId")
    elif entry.version is not None and entry.version != standing.version:
        yield _refused(entry, ErrorCode.STALE_VERSION, "version")
    else:
        yield from _of_the_contact(submission.act, entry, standing)
        yield from _of_the_statement(submission, entry, standing, today)


def _of_the_contact(act: Act, entry: Entry, standing: Standing) -> Iterator[Refusal]:
    """Phone and both addresses must be complete for any pass or submission. Notice 附7."""
    edit = entry.contact.trimmed()
    invalid = edit.invalid()
    for field in invalid:
        yield _refused(entry, ErrorCode.INVALID_CONTACT, "contact", _camel(field))
    if act in (Act.UPDATE_CONTACT, Act.TERMINATE):
        return
    for field in standing.contact.edited(edit).missing():
        yield _refused(entry, ErrorCode.CONTACT_INCOMPLETE, "contact", _camel(field))


def _of_the_statement(submission: Submission, entry: Entry, standing: Standing, today: date) -> Iterator[Refusal]:
    disqualified = standing.verdict is not None and standing.verdict.conclusion is Conclusion.DISQUALIFIED
    passes = entry.survival_status is SurvivalStatus.NORMAL
    if entry.reason is not None and problem(entry.reason):
        yield _refused(entry, ErrorCode.INVALID_TEXT, "reason")
    match submission.act:
        case Act.CONFIRM:
            if standing.verdict is None or standing.verdict.conclusion is not Conclusion.QUALIFIED:
                yield _refused(entry, ErrorCode.VERDICT_NOT_QUALIFIED, "beneficiaryId")
        case Act.OVERRIDE | Act.SUBMIT:
            if passes and disqualified and is_blank(entry.reason):
                yield _refused(entry, ErrorCode.REASON_REQUIRED, "reason")
            if not passes:
                yield from _of_the_day(entry, today)
        case Act.BATCH_PASS:
            if disqualified and entry.reference not in submission.acknowledged:
                yield _refused(entry, ErrorCode.DISQUALIFIED_NOT_ACKNOWLEDGED, "beneficiaryId")
            elif disqualified and is_blank(submission.reason):
                yield Refusal(ErrorCode.REASON_REQUIRED, ("input", "reason"), entry.reference)
        case Act.TERMINATE:
            if passes:
                yield _refused(entry, ErrorCode.INVALID_CAUSE, "cause")
            yield from _of_the_day(entry, today, standing.benefit_from)
        case Act.UPDATE_CONTACT:
            pass


def _of_the_day(entry: Entry, today: date, benefit_from: Month | None = None) -> Iterator[Refusal]:
    """DECEASED, MISSING and IMPRISONED say since when; nobody knows tomorrow. Notice 三(二), 附7.

    Whoever had died before the benefit began was owed nothing; but only a ruling undoes a termination, so that a day
    long before it is refused.
    """
    if entry.occurred_on is None:
        yield _refused(entry, ErrorCode.OCCURRED_ON_REQUIRED, "occurredOn")
    elif not _EARLIEST <= entry.occurred_on <= today or (
        benefit_from is not None and Month.of(entry.occurred_on) + _BEFORE_THE_BENEFIT < benefit_from
    ):
        yield _refused(entry, ErrorCode.INVALID_OCCURRED_ON, "occurredOn")


def _refused(entry: Entry, code: ErrorCode, *field: str) -> Refusal:
    return Refusal(code, (*entry.path, *field), entry.reference)


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)

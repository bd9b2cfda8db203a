"""Builders of what the tests of the rules begin with: standings, verdicts, submissions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from domain.certification import Certification, Decision, decide
from domain.contact import Contact
from domain.month import Month
from domain.period import Period
from domain.policy import Policy, PolicyBook
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing
from domain.submission import Act, Entry, Handler, Submission
from domain.verdict import Fact, Finding, Record, Rule, Verdict
from domain.vocabulary import (
    Category,
    CertificationResult,
    EvidenceClass,
    Method,
    SurvivalStatus,
)

BOOK = PolicyBook.read()
POLICY = BOOK.on(date(2019, 6, 5))
HANDLER = Handler("王敏", "0532-85911234")
COMPLETE = Contact("13800005678", "青岛市市南区香港中路11号", "青岛市崂山区海尔路60号")
RECEIVED = datetime(2019, 6, 1, 1, 0, tzinfo=UTC)
ASSESSED = datetime(2019, 6, 2, 1, 0, tzinfo=UTC)


# Periods are written as the rules write them: "2019-06..2020-06".


def period(span: str, method: Method = Method.ENROLMENT) -> Period:
    start, end = span.split("..")
    return Period(Month.parse(start), Month.parse(end), method)


def span(of: Period | None) -> str | None:
    return None if of is None else f"{of.start}..{of.end}"


def spans(of: Sequence[Period]) -> list[str]:
    return [f"{one.start}..{one.end}" for one in of]


def months(span: str) -> list[Month]:
    """Every month of the span, both ends included; of a single month that one."""
    first, _, last = span.partition("..")
    found = [Month.parse(first)]
    while found[-1] < Month.parse(last or first):
        found.append(found[-1] + 1)
    return found


# Verdicts, all assessed for May 2019 and published on 4 June unless told otherwise.


def verdict(rule: Rule, month: str = "2019-05", *, loss: Fact | None = None, seen: Fact | None = None) -> Verdict:
    published = (Month.parse(month) + 1).day(4)
    return Verdict(Month.parse(month), Finding(rule, loss, seen), published, ASSESSED)


def qualified(month: str = "2019-05", seen: date = date(2019, 5, 20)) -> Verdict:
    return verdict(Rule.LIFE, month, seen=Fact("rail_travel", seen))


def pending(month: str = "2019-05") -> Verdict:
    return verdict(Rule.NOTHING, month)


def disqualified(month: str = "2019-05", died: date = date(2019, 5, 2)) -> Verdict:
    return verdict(Rule.LOSS, month, loss=Fact("cremation", died))


def record(kind: str, on: date, *, received: datetime = RECEIVED, wrong: bool = False) -> Record:
    return Record(kind, on, received, wrong)


# A person, in a period that runs through 2019-12 unless told otherwise.


def standing(
    running: str | None = "2018-12..2019-12",
    *,
    id: int = 1,
    category: Category = Category.RETIREE,
    verdict: Verdict | None = None,
    contact: Contact = COMPLETE,
    version: int = 1,
    confirmed_in: str = "2018-12",
    paid_through: str | None = None,
    suspended_from: str | None = None,
    held_through: str | None = None,
    terminated_from: str | None = None,
    benefit_from: str = "2010-01",
) -> Standing:
    last = period(running) if running else None
    through = Month.parse(paid_through) if paid_through else last.end if last else None
    return Standing(
        id=id,
        unit_id=7,
        category=category,
        name="张建国",
        id_number_masked="3702**********1234",
        contact=contact,
        version=version,
        benefit_from=Month.parse(benefit_from),
        confirmed_in=Month.parse(confirmed_in),
        verdict=verdict,
        period=last,
        paid_through=through,
        suspended_from=Month.parse(suspended_from) if suspended_from else None,
        held_through=Month.parse(held_through) if held_through else None,
        terminated_from=Month.parse(terminated_from) if terminated_from else None,
    )


# What a unit sends in. The reference of a row is its id as a client writes it.


def entry(
    id: int | None = 1,
    status: SurvivalStatus = SurvivalStatus.NORMAL,
    *,
    since: date | None = None,
    reason: str | None = None,
    contact: Contact | None = None,
    version: int | None = None,
    path: tuple[str, ...] = ("input",),
) -> Entry:
    return Entry(f"row-{id}", id, path, version, status, since, reason, contact or Contact())


def submission(
    act: Act,
    *entries: Entry,
    handler: Handler = HANDLER,
    reason: str | None = None,
    acknowledged: Sequence[str] = (),
) -> Submission:
    return Submission(act, entries, handler, reason, frozenset(acknowledged))


def decided(
    sent: Submission,
    *people: Standing,
    today: date,
    in_force: Mapping[int, Sequence[Period]] | None = None,
    policy: Policy = POLICY,
) -> list[Decision]:
    """The decisions about a submission in whose way nothing may stand."""
    running = {p.id: [p.period] for p in people if p.period}
    outcome = decide(
        sent,
        {p.id: p for p in people},
        running if in_force is None else in_force,
        policy=policy,
        today=today,
    )
    decisions = [one for one in outcome if isinstance(one, Decision)]
    assert decisions == outcome
    return decisions


def refused(
    sent: Submission, *people: Standing, today: date = date(2019, 6, 5), policy: Policy = POLICY
) -> list[Refusal]:
    """What stands in the way of a submission; something must."""
    outcome = decide(sent, {p.id: p for p in people}, {}, policy=policy, today=today)
    refusals = [one for one in outcome if isinstance(one, Refusal)]
    assert refusals
    assert refusals == outcome
    return refusals


def obstacle(refusal: Refusal) -> tuple[ErrorCode, str, str | None]:
    """A refusal with its path on one line."""
    return refusal.code, "/".join(refusal.path), refusal.reference


def acted(
    act: Act,
    person: Standing,
    today: date,
    status: SurvivalStatus = SurvivalStatus.NORMAL,
    *,
    since: date | None = None,
    reason: str | None = None,
    contact: Contact | None = None,
    in_force: Sequence[Period] | None = None,
    policy: Policy = POLICY,
) -> Decision:
    """What one act on one row comes to."""
    row = entry(person.id, status, since=since, reason=reason, contact=contact)
    known = None if in_force is None else {person.id: in_force}
    [decision] = decided(submission(act, row), person, today=today, in_force=known, policy=policy)
    return decision


def passed(person: Standing, today: date, reason: str | None = None) -> Decision:
    return acted(Act.OVERRIDE, person, today, reason=reason)


def failed(person: Standing, today: date, since: date) -> Decision:
    return acted(Act.OVERRIDE, person, today, SurvivalStatus.DECEASED, since=since)


def terminated(person: Standing, today: date, since: date, in_force: Sequence[Period] | None = None) -> Decision:
    return acted(Act.TERMINATE, person, today, SurvivalStatus.DECEASED, since=since, in_force=in_force)


def certification_of(decision: Decision) -> Certification:
    """The act that a decision records; there must be one."""
    assert decision.certification is not None
    return decision.certification


def own_pass(method: Method) -> Certification:
    """A PASS that is not the unit's: the person's own by app, or a service window's."""
    return Certification(method, CertificationResult.PASS, SurvivalStatus.NORMAL)


# Strategies.

CATEGORIES = st.sampled_from(Category)
LOST = st.sampled_from([SurvivalStatus.DECEASED, SurvivalStatus.MISSING, SurvivalStatus.IMPRISONED])
KINDS = st.sampled_from(sorted(POLICY.evidence_class))


def records(first: date, last: date) -> SearchStrategy[list[Record]]:
    """Evidence of every class between two days, few enough to be about the same weeks."""
    one = st.builds(Record, KINDS, st.dates(first, last), st.just(RECEIVED), st.booleans())
    return st.lists(one, max_size=6)


def kinds_of(evidence_class: EvidenceClass) -> list[str]:
    return [kind for kind, of in POLICY.evidence_class.items() if of is evidence_class]

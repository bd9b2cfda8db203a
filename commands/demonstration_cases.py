"""The demo's disputes: objections in every state, and passes that the agency looks at, some of them decided."""

from __future__ import annotations

from itertools import islice

from domain.compliance import Finding, ReviewOutcome, ReviewStatus
from domain.documents import Document
from domain.month import Month
from domain.objection import ObjectionKind, Outcome, Proof, Report, Ruling
from domain.standing import Standing
from domain.submission import Act, Entry, Handler, Submission
from domain.vocabulary import Conclusion, ProofKind, SurvivalStatus
from resolvers import certifications, compliance, objections, roster, signals
from resolvers.context import Context
from storage.compliance import Chosen
from storage.parts import Part
from storage.roster import RosterFilter, Slice

_HANDLER = Handler("孙立群", "0532-85915678")
_VISIT = Proof(
    ProofKind.HOME_VISIT,
    Document("上门核实记录.pdf", "2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"),
)
_RULING = Ruling(Outcome.RULE_WRONG, "本人近期确有就医，建议完善算法")
_FINDINGS = (
    Finding(ReviewOutcome.IN_ORDER, "已入户核实，本人健在"),
    Finding(ReviewOutcome.WITHOUT_GROUND, "经办人未见到本人，仅凭电话认定"),
)
MOST = 3
"""Of a unit's people are objected about at a time."""


async def object_to(unit: Context, officer: Context | None) -> None:
    """The unit says of some of its people that the verdict is wrong.

    The officer takes the first case and decides the last, the rest wait; without an officer all wait.
    """
    opened = [await _report(unit, row) for row in await _doubtful(unit)]
    found = [id for id in opened if id is not None]
    if officer is not None and len(found) > 1:
        await objections.take(officer, found[0], None)
        await objections.decide(officer, found[-1], _RULING, None)


async def pass_against_the_data(unit: Context) -> None:
    """Somebody whom the data call DISQUALIFIED is passed on the unit's word: a review opens with the act."""
    for row in islice(await _rows(unit, Conclusion.DISQUALIFIED), 1):
        entry = Entry(str(row.id), row.id, ("input",), None, SurvivalStatus.NORMAL, None, "本人到单位核实健在")
        await certifications.submit(unit, Submission(Act.OVERRIDE, (entry,), _HANDLER))


async def look_through(agency: Context, month: Month) -> None:
    """The signals of a month that is over, and a sample of its passes."""
    policy = agency.book.of(month)
    await signals.find(agency, month, policy)
    await signals.draw(agency, month, policy)


async def decide_reviews(officer: Context) -> None:
    """The officer decides the first of what was opened; the rest waits."""
    waiting = await compliance.page(officer, Chosen(status=ReviewStatus.OPEN), Part(len(_FINDINGS)))
    for review, finding in zip(waiting, _FINDINGS, strict=False):
        await compliance.decide(officer, review.id, finding, None)


async def _report(unit: Context, row: Standing) -> int | None:
    """A case about the row's verdict; its id."""
    dead = row.verdict is not None and row.verdict.finding.rule.rests_on_loss
    kind = ObjectionKind.DECLARED_DEAD if dead else ObjectionKind.OTHER
    said = "本人健在，上周刚来单位" if dead else "本人近期多次就医，数据未获取"
    report = Report(str(row.id), row.id, None, kind, said, (_VISIT,) if dead else (), _HANDLER)
    outcome = await objections.report(unit, report, None)
    return outcome.case.id if outcome.case else None


async def _doubtful(unit: Context) -> list[Standing]:
    """Somebody whom the data call DISQUALIFIED, and some whom they have not seen."""
    return [*(await _rows(unit, Conclusion.DISQUALIFIED))[-1:], *await _rows(unit, Conclusion.PENDING)][:MOST]


async def _rows(unit: Context, conclusion: Conclusion) -> list[Standing]:
    """With complete contact data, so that anything may be stated of them."""
    unit_id = unit.viewer.unit_id
    assert unit_id is not None
    page = await roster.page(unit, RosterFilter(unit_id, None, [conclusion]), Slice(unit.policy.page_limit))
    return [row.standing for row in page.rows if row.standing.contact.complete and not row.standing.terminated_from]

"""What a global id leads to: the object, where the account may see it."""

from __future__ import annotations

from domain.standing import Standing
from resolvers import roster
from schema import ids
from schema.audit import AuditEntry
from schema.beneficiaries import Beneficiary
from schema.compliance import REVIEWERS, ComplianceReview, RecheckDraw
from schema.context import Info
from schema.histories import Certification, CertificationPeriod, Verdict, entry
from schema.ids import Key, Kind
from schema.node import Node
from schema.objections import Objection
from schema.overpayments import Overpayment
from schema.quality import MEASURERS, VerdictMistake, VerdictQuality
from schema.reinstatements import Reinstatement
from schema.units import Unit
from schema.warnings import Warning
from storage.histories import month_number


async def found(info: Info, place: int, id: str) -> Node | None:
    key = ids.decode(id)
    node = await reached(info, key or ids.nowhere(place))
    if node is None:
        info.context.miss(key)
    return node


async def reached(info: Info, key: Key) -> Node | None:
    match key.kind:
        case Kind.UNIT:
            unit = await info.context.units.load(key.id)
            return Unit(unit=unit) if unit else None
        case Kind.REINSTATEMENT:
            case = await info.context.cases.load(key.id)
            return Reinstatement(case=case) if case else None
        case Kind.OBJECTION:
            objection = await info.context.objections.load(key.id)
            return Objection(case=objection) if objection else None
        case Kind.COMPLIANCE_REVIEW:
            return await _review(info, key.id)
        case Kind.AUDIT_ENTRY:
            told = await info.context.audit_entries.load(key.id)
            return AuditEntry(entry=told) if told else None
        case Kind.RECHECK_DRAW:
            draw = await info.context.draws.load(key.id) if info.context.viewer.role in REVIEWERS else None
            return RecheckDraw(draw=draw) if draw else None
        case Kind.VERDICT_QUALITY:
            assert key.position is not None
            measures = info.context.viewer.role in MEASURERS
            return VerdictQuality.with_id(key.id, key.position) if measures else None
        case Kind.WARNING:
            warned = await info.context.warned.load(key.id)
            return Warning(warned=warned) if warned else None
        case _:
            standing = await info.context.beneficiaries.load(key.id)
            return await _of_person(info, standing, key) if standing else None


async def _review(info: Info, id: int) -> Node | None:
    """A unit sees of a review what it is to answer again, and not the review."""
    review = await info.context.reviews.load(id) if info.context.viewer.role in REVIEWERS else None
    return ComplianceReview(review=review) if review else None


async def _of_person(info: Info, standing: Standing, key: Key) -> Node | None:
    if key.kind is Kind.BENEFICIARY:
        return Beneficiary(standing)
    if key.kind is Kind.OVERPAYMENT:
        held = await info.context.overpayments.load(standing.id)
        return Overpayment(held=held, standing=standing) if held else None
    assert key.position is not None  # an id of the other kinds has one
    return await _of_history(info, standing, key.kind, key.position)


async def _of_history(info: Info, standing: Standing, kind: Kind, at: int) -> Node | None:
    match kind:
        case Kind.VERDICT:
            verdict = await entry(info, standing, roster.verdicts, at)
            return Verdict(standing, verdict) if verdict else None
        case Kind.VERDICT_MISTAKE:
            return await _mistake(info, standing, at)
        case Kind.CERTIFICATION_PERIOD:
            opened = await entry(info, standing, roster.periods, at)
            return CertificationPeriod(standing.id, opened, at) if opened else None
        case Kind.PERIOD_IN_FORCE:
            period = standing.period_covering(info.context.month)
            is_it = period is not None and month_number(period.start) == at
            return CertificationPeriod(standing.id, period) if period and is_it else None
        case _:
            act = await entry(info, standing, roster.certifications, at)
            return Certification(beneficiary=standing, position=at, record=act) if act else None


async def _mistake(info: Info, standing: Standing, at: int) -> Node | None:
    """For who measures the verdicts."""
    found = await info.context.mistakes_of.load(standing.id) if info.context.viewer.role in MEASURERS else []
    return next((VerdictMistake(mistake=one) for one in found if month_number(one.months[0]) == at), None)

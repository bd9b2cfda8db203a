"""Answers of mutations: what was done, or why nothing was."""

from __future__ import annotations

from datetime import date, datetime

import strawberry

from domain.access import Viewer as Account
from domain.contact import Contact as ContactData
from domain.refusal import ErrorCode, Refusal
from domain.submission import Act, Entry, Submission
from domain.vocabulary import Role, SurvivalStatus
from resolvers.appearances import Appeared, Challenged
from resolvers.compliance import ReviewDecision
from resolvers.objections import ObjectionOutcome
from resolvers.outcome import Outcome
from resolvers.overpayments import SettlementOutcome
from resolvers.reinstatements import CaseOutcome
from resolvers.reveal import Revealed
from resolvers.sessions import SignedIn
from schema import ids, messages
from schema.beneficiaries import Beneficiary
from schema.compliance import ComplianceReview
from schema.context import Info
from schema.objections import Objection
from schema.overpayments import Overpayment
from schema.reinstatements import Reinstatement
from schema.units import Unit


@strawberry.type(description="An expected refusal: nothing was saved, and this row and field is in the way.")
class UserError:
    code: ErrorCode = strawberry.field(description="Why, for programs.")
    message: str = strawberry.field(description="Why, and what to do, for people.")
    path: list[str] = strawberry.field(description="The way to the field of the input.")
    beneficiary_id: strawberry.ID | None = strawberry.field(description="The row, as the input named it.")

    @classmethod
    def of(cls, refused: Refusal) -> UserError:
        return cls(
            code=refused.code,
            message=messages.refusal(refused),
            path=list(refused.path),
            beneficiary_id=None if refused.reference is None else strawberry.ID(refused.reference),
        )


@strawberry.type(description="Who is signed in.")
class Viewer:
    account: strawberry.Private[Account]

    @strawberry.field(description="Its own id: the account's.")
    def id(self) -> strawberry.ID:
        return ids.part("Viewer", self.account.account_id)

    @strawberry.field(description="What the account may be and do.")
    def role(self) -> Role:
        return self.account.role

    @strawberry.field(description="The name to sign in with.")
    def username(self) -> str:
        return self.account.username

    @strawberry.field(description="The unit of a UNIT account.")
    async def unit(self, info: Info) -> Unit | None:
        if self.account.unit_id is None:
            return None
        found = await info.context.units.load(self.account.unit_id)
        return Unit(unit=found) if found else None

    @strawberry.field(description="The date on which the server thinks it is, in Asia/Shanghai.")
    def today(self, info: Info) -> date:
        return info.context.today


@strawberry.type(description="The answer to signing in, and to refreshing: two tokens, or why there are none.")
class SignInPayload:
    access_token: str | None = strawberry.field(default=None, description="Send it as: Authorization: Bearer …")
    expires_at: datetime | None = strawberry.field(default=None, description="When the access token ends.")
    refresh_token: str | None = strawberry.field(
        default=None, description="For refreshSession, once. Presented a second time it ends the session."
    )
    refresh_expires_at: datetime | None = strawberry.field(
        default=None, description="When the refresh token ends; then sign in again."
    )
    viewer: Viewer | None = strawberry.field(default=None, description="Who is signed in.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="Why nobody is.")

    @classmethod
    def of(cls, answer: SignedIn | Refusal) -> SignInPayload:
        if isinstance(answer, Refusal):
            return cls(user_errors=[UserError.of(answer)])
        return cls(
            access_token=answer.access.text,
            expires_at=answer.access.expires_at,
            refresh_token=answer.refresh_token,
            refresh_expires_at=answer.refresh_expires_at,
            viewer=Viewer(account=answer.viewer),
        )


@strawberry.type(description="The answer to signing out: it holds with the next request, on every worker.")
class SignOutPayload:
    ended: int = strawberry.field(description="How many sessions were ended.")
    user_errors: list[UserError] = strawberry.field(default_factory=list, description="None: this is never refused.")


@strawberry.type(description="Contact data as it was typed.")
class UnsavedContact:
    id: strawberry.ID = strawberry.field(description="The same for the same words, for a client's cache.")
    phone: str | None = strawberry.field(description="联系电话.")
    household_address: str | None = strawberry.field(description="户口所在地.")
    residence_address: str | None = strawberry.field(description="居住地.")

    @classmethod
    def of(cls, typed: ContactData) -> UnsavedContact:
        return cls(
            id=ids.part("UnsavedContact", text=repr(typed)),
            phone=typed.phone,
            household_address=typed.household_address,
            residence_address=typed.residence_address,
        )


@strawberry.type(description="A row as it was typed, and not saved.")
class UnsavedEntry:
    id: strawberry.ID = strawberry.field(description="The same for the same words, for a client's cache.")
    beneficiary_id: strawberry.ID = strawberry.field(description="The row.")
    version: int | None = strawberry.field(description="The version that was seen.")
    survival_status: SurvivalStatus = strawberry.field(description="生存状态.")
    occurred_on: date | None = strawberry.field(description="Since when.")
    reason: str | None = strawberry.field(description="The reason given.")
    contact: UnsavedContact = strawberry.field(description="Contact data.")

    @classmethod
    def of(cls, entry: Entry) -> UnsavedEntry:
        return cls(
            id=ids.part("UnsavedEntry", text=repr(entry)),
            beneficiary_id=strawberry.ID(entry.reference),
            version=entry.version,
            survival_status=entry.survival_status,
            occurred_on=entry.occurred_on,
            reason=entry.reason,
            contact=UnsavedContact.of(entry.contact),
        )


@strawberry.type(description="What a refused submission held: nothing that the handler typed is lost.")
class UnsavedSubmission:
    id: strawberry.ID = strawberry.field(description="The same for the same words, for a client's cache.")
    entries: list[UnsavedEntry] = strawberry.field(description="The rows.")
    handler_name: str = strawberry.field(description="经办人姓名.")
    handler_contact: str = strawberry.field(description="经办人联系方式.")
    reason: str | None = strawberry.field(description="The reason for the acknowledged rows.")
    acknowledged_disqualified: list[strawberry.ID] = strawberry.field(description="The acknowledged rows.")

    @classmethod
    def of(cls, submission: Submission) -> UnsavedSubmission:
        return cls(
            id=ids.part("UnsavedSubmission", text=repr(submission)),
            entries=[UnsavedEntry.of(entry) for entry in submission.entries],
            handler_name=submission.handler.name,
            handler_contact=submission.handler.contact,
            reason=submission.reason,
            acknowledged_disqualified=[strawberry.ID(id) for id in sorted(submission.acknowledged)],
        )


@strawberry.type(description="The answer to an act: all rows saved, or none and every obstacle named.")
class CertificationPayload:
    beneficiaries: list[Beneficiary] = strawberry.field(
        description="The rows as they now stand; after a refusal, the new state of every stale one."
    )
    renewed: int = strawberry.field(description="Rows whose service period was opened anew (递延).")
    notice: str | None = strawberry.field(description="What else the handler should know.")
    unsaved: UnsavedSubmission | None = strawberry.field(description="After a refusal: what was typed.")
    user_errors: list[UserError] = strawberry.field(description="Every obstacle, by row and field.")

    @classmethod
    def of(cls, submission: Submission, outcome: Outcome) -> CertificationPayload:
        return cls(
            beneficiaries=[Beneficiary(standing) for standing in outcome.standings],
            renewed=outcome.renewed,
            notice=_notice(submission, outcome),
            unsaved=UnsavedSubmission.of(submission) if outcome.refusals else None,
            user_errors=[UserError.of(refused) for refused in outcome.refusals],
        )


@strawberry.type(description="A nonce for a face check, or why there is none.")
class CertificationChallengePayload:
    nonce: str | None = strawberry.field(description="To be signed by the provider; of use once.")
    expires_at: datetime | None = strawberry.field(description="Until when the attestation must have arrived.")
    issuer: str | None = strawberry.field(description="Which provider: the iss of the attestation.")
    audience: str | None = strawberry.field(description="As what the provider knows this service: the aud.")
    user_errors: list[UserError] = strawberry.field(description="Every obstacle, by field.")

    @classmethod
    def of(cls, given: Challenged) -> CertificationChallengePayload:
        return cls(
            nonce=given.nonce,
            expires_at=given.expires_at,
            issuer=given.issuer,
            audience=given.audience,
            user_errors=[UserError.of(refused) for refused in given.refusals],
        )


@strawberry.type(description="The answer to certifying in person: the row as it now stands, or every obstacle.")
class AppearancePayload:
    beneficiary: Beneficiary | None = strawberry.field(description="The row as it now stands.")
    renewed: bool = strawberry.field(description="Whether the service period was opened anew (递延).")
    notice: str | None = strawberry.field(description="What else there is to know.")
    user_errors: list[UserError] = strawberry.field(description="Every obstacle, by field.")

    @classmethod
    def of(cls, outcome: Appeared) -> AppearancePayload:
        return cls(
            beneficiary=Beneficiary(outcome.standing) if outcome.standing else None,
            renewed=outcome.renewed,
            notice=messages.say("notice.fail_withdrawn", number=1) if outcome.withdrawn else None,
            user_errors=[UserError.of(refused) for refused in outcome.refusals],
        )


@strawberry.type(description="The answer about a case: the case as it now stands, or every obstacle.")
class ReinstatementPayload:
    reinstatement: Reinstatement | None = strawberry.field(description="The case.")
    user_errors: list[UserError] = strawberry.field(description="Every obstacle, by field.")

    @classmethod
    def of(cls, outcome: CaseOutcome) -> ReinstatementPayload:
        full = outcome.full
        return cls(
            reinstatement=Reinstatement(case=full.case, full=full, standing=outcome.standing) if full else None,
            user_errors=[UserError.of(refused) for refused in outcome.refusals],
        )


@strawberry.type(description="The answer about an objection: the case as it now stands, or every obstacle.")
class ObjectionPayload:
    objection: Objection | None = strawberry.field(description="The case.")
    reinstatement: Reinstatement | None = strawberry.field(
        description="What the ruling opened for another officer to review; null where nothing was lost."
    )
    missing: list[UserError] = strawberry.field(
        description="After a ruling that somebody lives: what still keeps payment and back pay from being asked for;"
        " after RULE_WRONG about somebody declared dead, which passes nobody: what is still to do for them."
    )
    also_decided: list[Objection] = strawberry.field(
        description="The person's other cases of this benefit on the same mistake, which the ruling decided as well."
    )
    user_errors: list[UserError] = strawberry.field(description="Every obstacle, by field.")

    @classmethod
    def of(cls, outcome: ObjectionOutcome) -> ObjectionPayload:
        case, full, standing = outcome.case, outcome.reinstatement, outcome.standing
        return cls(
            objection=Objection(case=case, standing=standing) if case else None,
            reinstatement=Reinstatement(case=full.case, full=full, standing=standing) if full else None,
            missing=[UserError.of(refused) for refused in outcome.missing],
            also_decided=[Objection(case=one, standing=standing) for one in outcome.also_decided],
            user_errors=[UserError.of(refused) for refused in outcome.refusals],
        )


@strawberry.type(description="The answer about a compliance review: as it now stands, or every obstacle.")
class ComplianceReviewPayload:
    review: ComplianceReview | None = strawberry.field(description="The review.")
    user_errors: list[UserError] = strawberry.field(description="Every obstacle, by field.")

    @classmethod
    def of(cls, decision: ReviewDecision) -> ComplianceReviewPayload:
        return cls(
            review=ComplianceReview(review=decision.review) if decision.review else None,
            user_errors=[UserError.of(refused) for refused in decision.refusals],
        )


@strawberry.type(description="The answer to a settlement: the overpayment as it now stands, or every obstacle.")
class OverpaymentPayload:
    overpayment: Overpayment | None = strawberry.field(description="The overpayment.")
    user_errors: list[UserError] = strawberry.field(description="Every obstacle, by field.")

    @classmethod
    def of(cls, outcome: SettlementOutcome) -> OverpaymentPayload:
        return cls(
            overpayment=Overpayment(held=outcome.overpayment, standing=outcome.standing)
            if outcome.overpayment
            else None,
            user_errors=[UserError.of(refused) for refused in outcome.refusals],
        )


@strawberry.type(description="A person's data in full, or why they are not shown.")
class PersonalDataPayload:
    id_number: str | None = strawberry.field(description="公民身份号码.")
    phone: str | None = strawberry.field(description="联系电话.")
    household_address: str | None = strawberry.field(description="户口所在地.")
    residence_address: str | None = strawberry.field(description="居住地.")
    user_errors: list[UserError] = strawberry.field(description="Every obstacle, by field.")

    @classmethod
    def of(cls, revealed: Revealed) -> PersonalDataPayload:
        return cls(
            id_number=revealed.id_number,
            phone=revealed.contact.phone,
            household_address=revealed.contact.household_address,
            residence_address=revealed.contact.residence_address,
            user_errors=[UserError.of(refused) for refused in revealed.refusals],
        )


def _notice(submission: Submission, outcome: Outcome) -> str | None:
    """Whether a contact update counted as a confirmation, and that a FAIL stood. Notice 三(三), 四(三)."""
    if outcome.refusals:
        return None
    said = []
    if submission.act is Act.UPDATE_CONTACT:
        said.append("notice.contact_confirmed" if outcome.confirmed else "notice.contact_saved_only")
    if outcome.withdrawn:
        said.append("notice.fail_withdrawn")
    return "".join(messages.say(key, number=outcome.withdrawn) for key in said) or None

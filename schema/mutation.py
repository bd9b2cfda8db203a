"""Acting. Every field is input to domain, one use case, domain to payload."""

from __future__ import annotations

from typing import Annotated, Protocol, TypeVar

import strawberry
import structlog

from domain.refusal import Refusal
from domain.submission import Submission
from resolvers import appearances, certifications, compliance, objections, overpayments, reinstatements, sessions
from resolvers.reveal import reveal
from resolvers.sessions import SignedIn
from resolvers.sign_in import sign_in
from schema import ids
from schema.agency_inputs import (
    DecideComplianceReviewInput,
    DecideObjectionInput,
    ReportVerdictErrorInput,
    TakeObjectionInput,
)
from schema.context import Info
from schema.ids import Kind
from schema.inputs import (
    BatchPassInput,
    CertificationChallengeInput,
    CertifyAtWindowInput,
    CertifySelfInput,
    ConfirmCertificationInput,
    OverrideVerdictInput,
    RefreshSessionInput,
    RequestReinstatementInput,
    RevealPersonalDataInput,
    ReviewReinstatementInput,
    SettleOverpaymentInput,
    SignInInput,
    SubmitCertificationsInput,
    TerminateBenefitInput,
    UpdateContactInput,
    WithdrawReinstatementInput,
)
from schema.payloads import (
    AppearancePayload,
    CertificationChallengePayload,
    CertificationPayload,
    ComplianceReviewPayload,
    ObjectionPayload,
    OverpaymentPayload,
    PersonalDataPayload,
    ReinstatementPayload,
    SignInPayload,
    SignOutPayload,
)

_Input = strawberry.argument(description="What to do, with which rows, and who answers for it.")


@strawberry.type(description="Everything that can be done.")
class Mutation:
    @strawberry.mutation(description="Sign in; the access token says who you are. Notice 附3.")
    async def sign_in(self, info: Info, input: Annotated[SignInInput, _Input]) -> SignInPayload:
        return _signed_in("signIn", await sign_in(info.context, input.to_domain()))

    @strawberry.mutation(description="The next access token and the next refresh token of a session.")
    async def refresh_session(self, info: Info, input: Annotated[RefreshSessionInput, _Input]) -> SignInPayload:
        return _signed_in("refreshSession", await sessions.refreshed(info.context, input.refresh_token))

    @strawberry.mutation(description="End this session at once.")
    async def sign_out(self, info: Info) -> SignOutPayload:
        return SignOutPayload(ended=await sessions.sign_out(info.context))

    @strawberry.mutation(description="End every session of this account at once, wherever it is signed in.")
    async def sign_out_everywhere(self, info: Info) -> SignOutPayload:
        return SignOutPayload(ended=await sessions.sign_out(info.context, everywhere=True))

    @strawberry.mutation(description="Confirm a QUALIFIED verdict; the period restarts this month. Notice 四(一).")
    async def confirm_certification(
        self, info: Info, input: Annotated[ConfirmCertificationInput, _Input]
    ) -> CertificationPayload:
        return await _submit(info, input)

    @strawberry.mutation(description="State what the unit knows: NORMAL passes, the others fail. Notice 三(二).")
    async def override_verdict(
        self, info: Info, input: Annotated[OverrideVerdictInput, _Input]
    ) -> CertificationPayload:
        return await _submit(info, input)

    @strawberry.mutation(description="Submit rows together (提交认证), all or none. Notice 附7, 附8.")
    async def submit_certifications(
        self, info: Info, input: Annotated[SubmitCertificationsInput, _Input]
    ) -> CertificationPayload:
        return await _submit(info, input)

    @strawberry.mutation(description="Pass a whole page (本页批量通过), all or none. Notice 附9.")
    async def batch_pass(self, info: Info, input: Annotated[BatchPassInput, _Input]) -> CertificationPayload:
        if input.acknowledged_disqualified:
            await _acknowledged_elsewhere(info, input.to_domain())
        return await _submit(info, input)

    @strawberry.mutation(
        description="Save contact data; of a QUALIFIED person with complete data it counts as a confirmation."
        " Notice 四(三)."
    )
    async def update_contact(self, info: Info, input: Annotated[UpdateContactInput, _Input]) -> CertificationPayload:
        return await _submit(info, input)

    @strawberry.mutation(description="End a benefit (待遇终止) after the month of the event. Notice 附11.")
    async def terminate_benefit(
        self, info: Info, input: Annotated[TerminateBenefitInput, _Input]
    ) -> CertificationPayload:
        return await _submit(info, input)

    @strawberry.mutation(description="A nonce for a face check of oneself. It replaces the one before it.")
    async def certification_challenge(
        self, info: Info, input: Annotated[CertificationChallengeInput, _Input]
    ) -> CertificationChallengePayload:
        key = ids.beneficiary(input.beneficiary_id)
        given = await appearances.challenge(info.context, input.beneficiary_id, key)
        return CertificationChallengePayload.of(_logged(info, "certificationChallenge", given))

    @strawberry.mutation(description="Certify oneself by a face check: a PASS at once. Notice 一(三).")
    async def certify_self(self, info: Info, input: Annotated[CertifySelfInput, _Input]) -> AppearancePayload:
        asked, key = input.to_domain(), input.idempotency_key
        outcome = await appearances.certify_self(info.context, asked, input.attestation, key)
        return AppearancePayload.of(_logged(info, "certifySelf", outcome))

    @strawberry.mutation(description="Certify somebody at a service window: a PASS at once. Notice 一(三).")
    async def certify_at_window(self, info: Info, input: Annotated[CertifyAtWindowInput, _Input]) -> AppearancePayload:
        outcome = await appearances.certify_at_window(info.context, input.to_domain(), input.idempotency_key)
        return AppearancePayload.of(_logged(info, "certifyAtWindow", outcome))

    @strawberry.mutation(
        description="Ask for reinstatement and back pay (待遇恢复, 补发), also after the end. Notice 三(三)."
    )
    async def request_reinstatement(
        self, info: Info, input: Annotated[RequestReinstatementInput, _Input]
    ) -> ReinstatementPayload:
        outcome = await reinstatements.request(info.context, input.to_domain(), input.idempotency_key)
        return ReinstatementPayload.of(_logged(info, "requestReinstatement", outcome))

    @strawberry.mutation(description="Approve or reject a case (补发业务复核): an OFFICER. Notice 三(三).")
    async def review_reinstatement(
        self, info: Info, input: Annotated[ReviewReinstatementInput, _Input]
    ) -> ReinstatementPayload:
        case_id = ids.of_kind(Kind.REINSTATEMENT, input.reinstatement_id)
        outcome = await reinstatements.review(info.context, case_id, input.to_domain(), input.idempotency_key)
        return ReinstatementPayload.of(_logged(info, "reviewReinstatement", outcome))

    @strawberry.mutation(description="Take an open case back, before it is reviewed.")
    async def withdraw_reinstatement(
        self, info: Info, input: Annotated[WithdrawReinstatementInput, _Input]
    ) -> ReinstatementPayload:
        case_id = ids.of_kind(Kind.REINSTATEMENT, input.reinstatement_id)
        outcome = await reinstatements.withdraw(info.context, case_id, input.idempotency_key)
        return ReinstatementPayload.of(_logged(info, "withdrawReinstatement", outcome))

    @strawberry.mutation(description="Say that a verdict is wrong: a UNIT or the PERSON. Notice 三(四).")
    async def report_verdict_error(
        self, info: Info, input: Annotated[ReportVerdictErrorInput, _Input]
    ) -> ObjectionPayload:
        outcome = await objections.report(info.context, input.to_domain(), input.idempotency_key)
        return ObjectionPayload.of(_logged(info, "reportVerdictError", outcome))

    @strawberry.mutation(description="Answer for an objection from now on: an OFFICER. Notice 三(四).")
    async def take_objection(self, info: Info, input: Annotated[TakeObjectionInput, _Input]) -> ObjectionPayload:
        case_id = ids.of_kind(Kind.OBJECTION, input.objection_id)
        outcome = await objections.take(info.context, case_id, input.idempotency_key)
        return ObjectionPayload.of(_logged(info, "takeObjection", outcome))

    @strawberry.mutation(
        description="Decide an objection: its OFFICER. Of somebody declared dead, DATA_WRONG passes the person and"
        " asks for reinstatement and back pay in the same step. Notice 三(三), 三(四)."
    )
    async def decide_objection(self, info: Info, input: Annotated[DecideObjectionInput, _Input]) -> ObjectionPayload:
        case_id = ids.of_kind(Kind.OBJECTION, input.objection_id)
        outcome = await objections.decide(info.context, case_id, input.to_domain(), input.idempotency_key)
        return ObjectionPayload.of(_logged(info, "decideObjection", outcome))

    @strawberry.mutation(
        description="Decide a compliance review: an OFFICER. A PASS without ground stands, and the unit is asked anew."
        " Notice 四(四)."
    )
    async def decide_compliance_review(
        self, info: Info, input: Annotated[DecideComplianceReviewInput, _Input]
    ) -> ComplianceReviewPayload:
        review_id = ids.of_kind(Kind.COMPLIANCE_REVIEW, input.review_id)
        decision = await compliance.decide(info.context, review_id, input.to_domain(), input.idempotency_key)
        return ComplianceReviewPayload.of(_logged(info, "decideComplianceReview", decision))

    @strawberry.mutation(description="Record that an overpayment was paid back or waived: an OFFICER.")
    async def settle_overpayment(
        self, info: Info, input: Annotated[SettleOverpaymentInput, _Input]
    ) -> OverpaymentPayload:
        key, reference = ids.beneficiary(input.beneficiary_id), input.beneficiary_id
        outcome = await overpayments.settle(info.context, reference, key, input.to_domain(), input.idempotency_key)
        return OverpaymentPayload.of(_logged(info, "settleOverpayment", outcome))

    @strawberry.mutation(
        description="Show a person's ID number and contact data in full: UNIT, OFFICER or WINDOW. The look is recorded."
    )
    async def reveal_personal_data(
        self, info: Info, input: Annotated[RevealPersonalDataInput, _Input]
    ) -> PersonalDataPayload:
        key, reference = ids.beneficiary(input.beneficiary_id), input.beneficiary_id
        revealed = await reveal(info.context, reference, key, input.reason)
        return PersonalDataPayload.of(_logged(info, "revealPersonalData", revealed))


def _signed_in(act: str, answer: SignedIn | Refusal) -> SignInPayload:
    """Who signed in, or by what code it was refused; a name that was typed may be a person's number."""
    refused = [answer.code] if isinstance(answer, Refusal) else []
    account = answer.viewer.account_id if isinstance(answer, SignedIn) else None
    structlog.get_logger().info("act", act=act, account=account, refused=refused)
    return SignInPayload.of(answer)


class _Submits(Protocol):
    def to_domain(self) -> Submission: ...


class _Refusable(Protocol):
    @property
    def refusals(self) -> tuple[Refusal, ...]: ...


T = TypeVar("T", bound=_Refusable)


async def _submit(info: Info, input: _Submits) -> CertificationPayload:
    submission = input.to_domain()
    outcome = await certifications.submit(info.context, submission)
    _logged(info, submission.act, outcome, rows=len(submission.entries), renewed=outcome.renewed)
    return CertificationPayload.of(submission, outcome)


async def _acknowledged_elsewhere(info: Info, submission: Submission) -> None:
    """Acknowledged rows beside the page do nothing; whose are not the account's are recorded like any id."""
    beside = submission.acknowledged - {entry.reference for entry in submission.entries}
    keys = [ids.decode(text) for text in sorted(beside)]
    found = await info.context.beneficiaries.load_many([ids.row_of(key) for key in keys])
    for key, row in zip(keys, found, strict=True):
        if row is None:
            info.context.miss(key)


def _logged(info: Info, act: str, outcome: T, **figures: int) -> T:
    """Who did what, and what stood in the way: codes and figures, nobody's data."""
    refused = sorted({refusal.code for refusal in outcome.refusals})
    structlog.get_logger().info("act", act=act, account=info.context.viewer.account_id, **figures, refused=refused)
    return outcome

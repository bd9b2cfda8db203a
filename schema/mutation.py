"""Acting. Every field is input to domain, one use case, domain to payload."""

from __future__ import annotations

from typing import Annotated, Protocol

import strawberry
import structlog

from domain.submission import Submission
from resolvers import certifications
from resolvers.sign_in import sign_in
from schema.context import Info
from schema.inputs import (
    BatchPassInput,
    ConfirmCertificationInput,
    OverrideVerdictInput,
    SignInInput,
    SubmitCertificationsInput,
    TerminateBenefitInput,
    UpdateContactInput,
)
from schema.payloads import CertificationPayload, SignInPayload

_Input = strawberry.argument(description="What to do, with which rows, and who answers for it.")


@strawberry.type(description="Everything that can be done.")
class Mutation:
    @strawberry.mutation(description="Sign in; the token says who you are. Notice 附3.")
    async def sign_in(self, info: Info, input: Annotated[SignInInput, _Input]) -> SignInPayload:
        return SignInPayload.of(await sign_in(info.context, input.username, input.password))

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


class _Submits(Protocol):
    def to_domain(self) -> Submission: ...


async def _submit(info: Info, input: _Submits) -> CertificationPayload:
    submission = input.to_domain()
    outcome = await certifications.submit(info.context, submission)
    structlog.get_logger().info(
        "act",
        act=submission.act,
        account=info.context.viewer.account_id,
        rows=len(submission.entries),
        renewed=outcome.renewed,
        refused=sorted({refusal.code for refusal in outcome.refusals}),
    )
    return CertificationPayload.of(submission, outcome)

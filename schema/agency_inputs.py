"""Inputs of what goes to the agency and of what it decides, each with the domain's value that it stands for."""

from __future__ import annotations

from datetime import date

import strawberry

from domain.compliance import Finding, ReviewOutcome
from domain.documents import Document
from domain.month import Month
from domain.objection import ObjectionKind, Outcome, Proof, Report, Ruling
from domain.verdict import Fact
from domain.vocabulary import ProofKind
from schema import ids
from schema.inputs import DocumentInput, HandlerInput

_KEY = "The same key and input from the same account replay the first answer, for seven days."
_CASE = "The case."


@strawberry.input(description="A proof: a document by name and SHA-256, and what it shows.")
class ProofInput:
    kind: ProofKind = strawberry.field(description="In whose sight the person was.")
    document: DocumentInput = strawberry.field(description="The document; the file itself stays with who has it.")

    def to_domain(self) -> Proof:
        return Proof(self.kind, Document(self.document.name, self.document.sha256))


@strawberry.input(
    description="Say that a verdict is wrong (大数据认证结果有误), or that the benefit of somebody living was ended."
    " Notice 三(四)."
)
class ReportVerdictErrorInput:
    beneficiary_id: strawberry.ID = strawberry.field(description="The beneficiary.")
    month: Month | None = strawberry.field(
        default=None,
        description="The verdict's month. Unless given, the latest; with DECLARED_DEAD, of a benefit that was ended by"
        " a death or a disappearance, the termination (待遇终止) itself.",
    )
    kind: ObjectionKind = strawberry.field(default=ObjectionKind.OTHER, description="What is wrong with it.")
    statement: str = strawberry.field(description="Why.")
    proofs: list[ProofInput] = strawberry.field(default_factory=list, description="The proofs, 20 at most.")
    handler: HandlerInput | None = strawberry.field(
        default=None, description="经办人, required of a UNIT; a PERSON answers for themself."
    )
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Report:
        proofs = tuple(proof.to_domain() for proof in self.proofs)
        key, handler = ids.beneficiary(self.beneficiary_id), self.handler.to_domain() if self.handler else None
        return Report(self.beneficiary_id, key, self.month, self.kind, self.statement, proofs, handler)


@strawberry.input(description="Answer for an objection from now on, whoever did before.")
class TakeObjectionInput:
    objection_id: strawberry.ID = strawberry.field(description=_CASE)
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="A record of the person that is false.")
class FalseRecordInput:
    kind: str = strawberry.field(description="The kind of evidence, such as death_certificate.")
    occurred_on: date = strawberry.field(description="The day that it tells of.")


@strawberry.input(description="Decide an objection. Notice 三(四).")
class DecideObjectionInput:
    objection_id: strawberry.ID = strawberry.field(description=_CASE)
    outcome: Outcome = strawberry.field(description="What was wrong.")
    reason: str = strawberry.field(description="Why; the objector reads it.")
    false_records: list[FalseRecordInput] | None = strawberry.field(
        default=None,
        description="With DATA_WRONG, what no later verdict of this person may rest on; unless given, the loss that the"
        " verdict names, and of somebody declared dead, also where the list is empty, every record of a death: whoever"
        " names records of them names all of these.",
    )
    proofs: list[ProofInput] = strawberry.field(
        default_factory=list, description="What the agency has seen itself, beside the objector's proofs."
    )
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Ruling:
        named = self.false_records
        false = None if named is None else tuple(Fact(record.kind, record.occurred_on) for record in named)
        return Ruling(self.outcome, self.reason, false, tuple(proof.to_domain() for proof in self.proofs))


@strawberry.input(description="Decide a compliance review. Notice 四(四).")
class DecideComplianceReviewInput:
    review_id: strawberry.ID = strawberry.field(description="The review.")
    outcome: ReviewOutcome = strawberry.field(description="What was found.")
    reason: str = strawberry.field(description="Why; of a PASS without ground the unit reads it.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Finding:
        return Finding(self.outcome, self.reason)

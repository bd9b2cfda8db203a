"""Inputs, each with the submission it stands for."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import strawberry

from domain.appearance import Appearance
from domain.contact import Contact
from domain.documents import Document
from domain.overpayment import Settlement, SettlementKind
from domain.reinstatement import Request, Review
from domain.submission import Act, Entry, Handler, Submission
from domain.text import is_blank
from domain.vocabulary import Presence, SurvivalStatus
from resolvers.sign_in import Credentials
from schema import ids

ROOT = ("input",)


@strawberry.input(description="经办人: who answers for the submission.")
class HandlerInput:
    name: str = strawberry.field(description="经办人姓名.")
    contact: str = strawberry.field(description="How to reach them.")

    def to_domain(self) -> Handler:
        return Handler(self.name, self.contact)


@strawberry.input(description="Contact data to save with the act; what is left out stays as it is.")
class ContactInput:
    phone: str | None = strawberry.field(default=None, description="联系电话.")
    household_address: str | None = strawberry.field(default=None, description="户口所在地.")
    residence_address: str | None = strawberry.field(default=None, description="居住地.")


def _contact(given: ContactInput | None) -> Contact:
    return Contact(given.phone, given.household_address, given.residence_address) if given else Contact()


def _entry(
    beneficiary_id: str,
    version: int | None,
    contact: ContactInput | None,
    path: tuple[str, ...] = ROOT,
    status: SurvivalStatus = SurvivalStatus.NORMAL,
    occurred_on: date | None = None,
    reason: str | None = None,
) -> Entry:
    key = ids.beneficiary(beneficiary_id)
    return Entry(beneficiary_id, key, path, version, status, occurred_on, reason, _contact(contact))


_ID = "The beneficiary."
_VERSION = "The version that the handler saw; acting on an older one is refused as stale."
_KEY = "The same key and input from the same account replay the first answer, for seven days."
_CASE = "The case."
_STATUS = "生存状态; the result follows from it."
_OCCURRED_ON = "Since when, where the status is not NORMAL."
_REASON = "Required for a PASS against DISQUALIFIED."


@strawberry.input(description="Who signs in. Notice 附3.")
class SignInInput:
    username: str = strawberry.field(description="The unit's social insurance number, or another username.")
    password: str = strawberry.field(description="The password.")
    code: str | None = strawberry.field(
        default=None, description="The second factor of an OFFICER: six digits from the authenticator app."
    )

    def to_domain(self) -> Credentials:
        return Credentials(self.username, self.password, self.code)


@strawberry.input(description="Which session to keep up.")
class RefreshSessionInput:
    refresh_token: str = strawberry.field(description="The newest one that was given; it is of use once.")


@strawberry.input(description="Confirm a person whom the data found qualified. Notice 四(一).")
class ConfirmCertificationInput:
    beneficiary_id: strawberry.ID = strawberry.field(description=_ID)
    version: int | None = strawberry.field(default=None, description=_VERSION)
    contact: ContactInput | None = strawberry.field(default=None, description="Contact data to save with it.")
    handler: HandlerInput = strawberry.field(description="经办人.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Submission:
        entry = _entry(self.beneficiary_id, self.version, self.contact)
        return Submission(Act.CONFIRM, (entry,), self.handler.to_domain(), idempotency_key=self.idempotency_key)


@strawberry.input(description="State a person's survival status against, or in place of, the data. Notice 三(二).")
class OverrideVerdictInput:
    beneficiary_id: strawberry.ID = strawberry.field(description=_ID)
    version: int | None = strawberry.field(default=None, description=_VERSION)
    survival_status: SurvivalStatus = strawberry.field(description=_STATUS)
    occurred_on: date | None = strawberry.field(default=None, description=_OCCURRED_ON)
    reason: str | None = strawberry.field(default=None, description=_REASON)
    contact: ContactInput | None = strawberry.field(default=None, description="Contact data to save with it.")
    handler: HandlerInput = strawberry.field(description="经办人.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Submission:
        entry = _entry(
            self.beneficiary_id,
            self.version,
            self.contact,
            status=self.survival_status,
            occurred_on=self.occurred_on,
            reason=self.reason,
        )
        return Submission(Act.OVERRIDE, (entry,), self.handler.to_domain(), idempotency_key=self.idempotency_key)


@strawberry.input(description="One row of a submission.")
class CertificationEntryInput:
    beneficiary_id: strawberry.ID = strawberry.field(description=_ID)
    version: int | None = strawberry.field(default=None, description=_VERSION)
    survival_status: SurvivalStatus = strawberry.field(description=_STATUS)
    occurred_on: date | None = strawberry.field(default=None, description=_OCCURRED_ON)
    reason: str | None = strawberry.field(default=None, description=_REASON)
    contact: ContactInput | None = strawberry.field(default=None, description="Contact data to save with it.")


@strawberry.input(description="Rows to submit together (提交认证), all saved or none. Notice 附7, 附8.")
class SubmitCertificationsInput:
    entries: list[CertificationEntryInput] = strawberry.field(description="The rows, 200 at most.")
    handler: HandlerInput = strawberry.field(description="经办人.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Submission:
        entries = tuple(
            _entry(
                row.beneficiary_id,
                row.version,
                row.contact,
                (*ROOT, "entries", str(place)),
                row.survival_status,
                row.occurred_on,
                row.reason,
            )
            for place, row in enumerate(self.entries)
        )
        return Submission(Act.SUBMIT, entries, self.handler.to_domain(), idempotency_key=self.idempotency_key)


@strawberry.input(description="One row of the page, as the handler saw it.")
class PageEntryInput:
    beneficiary_id: strawberry.ID = strawberry.field(description=_ID)
    version: int | None = strawberry.field(default=None, description=_VERSION)
    contact: ContactInput | None = strawberry.field(default=None, description="Contact data to save with it.")


@strawberry.input(description="Pass a whole page (本页批量通过), all rows or none. Notice 附9.")
class BatchPassInput:
    page: list[PageEntryInput] = strawberry.field(description="The rows of the page, 200 at most.")
    acknowledged_disqualified: list[strawberry.ID] = strawberry.field(
        default_factory=list, description="The DISQUALIFIED rows that the handler means to pass."
    )
    reason: str | None = strawberry.field(default=None, description="Required with acknowledged rows.")
    handler: HandlerInput = strawberry.field(description="经办人.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Submission:
        entries = tuple(
            _entry(row.beneficiary_id, row.version, row.contact, (*ROOT, "page", str(place)))
            for place, row in enumerate(self.page)
        )
        return Submission(
            Act.BATCH_PASS,
            entries,
            self.handler.to_domain(),
            self.reason,
            frozenset(self.acknowledged_disqualified),
            self.idempotency_key,
        )


@strawberry.input(description="Keep contact data up to date (信息维护). Notice 四(三).")
class UpdateContactInput:
    beneficiary_id: strawberry.ID = strawberry.field(description=_ID)
    version: int | None = strawberry.field(default=None, description=_VERSION)
    contact: ContactInput = strawberry.field(description="What to change.")
    handler: HandlerInput = strawberry.field(description="经办人.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Submission:
        entry = _entry(self.beneficiary_id, self.version, self.contact)
        return Submission(Act.UPDATE_CONTACT, (entry,), self.handler.to_domain(), idempotency_key=self.idempotency_key)


@strawberry.input(description="End a benefit for good (待遇终止). Notice 附11.")
class TerminateBenefitInput:
    beneficiary_id: strawberry.ID = strawberry.field(description=_ID)
    version: int | None = strawberry.field(default=None, description=_VERSION)
    cause: SurvivalStatus = strawberry.field(description="DECEASED, MISSING or IMPRISONED.")
    occurred_on: date = strawberry.field(description="The day of the event; the benefit ends after its month.")
    handler: HandlerInput = strawberry.field(description="经办人.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Submission:
        entry = _entry(self.beneficiary_id, self.version, None, status=self.cause, occurred_on=self.occurred_on)
        return Submission(Act.TERMINATE, (entry,), self.handler.to_domain(), idempotency_key=self.idempotency_key)


@strawberry.input(description="A piece of proof by name and SHA-256; the file itself stays with the unit.")
class DocumentInput:
    name: str = strawberry.field(description="Its name.")
    sha256: str = strawberry.field(description="Its SHA-256: 64 hexadecimal digits.")


@strawberry.input(description="Ask that payment start again and missed months be paid (待遇恢复, 补发). Notice 三(三).")
class RequestReinstatementInput:
    beneficiary_id: strawberry.ID = strawberry.field(description=_ID)
    statement: str = strawberry.field(description="Why the person is entitled.")
    documents: list[DocumentInput] = strawberry.field(description="The proofs, at least one.")
    handler: HandlerInput = strawberry.field(description="经办人.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Request:
        documents = tuple(Document(document.name, document.sha256) for document in self.documents)
        key = ids.beneficiary(self.beneficiary_id)
        return Request(self.beneficiary_id, key, self.statement, documents, self.handler.to_domain())


@strawberry.input(description="For which benefit to ask for a nonce.")
class CertificationChallengeInput:
    beneficiary_id: strawberry.ID = strawberry.field(description="The own benefit.")


@strawberry.input(description="Certify oneself (手机APP认证). Notice 一(三).")
class CertifySelfInput:
    beneficiary_id: strawberry.ID = strawberry.field(description="The own benefit.")
    attestation: str = strawberry.field(
        description="What the face-check provider has signed: a JWT (EdDSA) with iss, aud, sub, nonce, iat, exp, amr"
        ' (holding "face") and liveness: true. It is of use once.'
    )
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Appearance:
        return Appearance(self.beneficiary_id, ids.beneficiary(self.beneficiary_id))


@strawberry.input(description="Certify somebody at a service window (经办窗口认证). Notice 一(三).")
class CertifyAtWindowInput:
    beneficiary_id: strawberry.ID = strawberry.field(description=_ID)
    presence: Presence = strawberry.field(description="How the person was seen.")
    document: DocumentInput | None = strawberry.field(
        default=None, description="The proof of life, required where a relative or a consulate gave it."
    )
    note: str | None = strawberry.field(default=None, description="What else the agency should know.")
    handler: HandlerInput = strawberry.field(description="经办人.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Appearance:
        document = Document(self.document.name, self.document.sha256) if self.document else None
        note = None if is_blank(self.note) else self.note
        key = ids.beneficiary(self.beneficiary_id)
        return Appearance(self.beneficiary_id, key, self.presence, self.handler.to_domain(), document, note)


@strawberry.input(description="Approve or reject a case, by another account than submitted it. Notice 三(三).")
class ReviewReinstatementInput:
    reinstatement_id: strawberry.ID = strawberry.field(description=_CASE)
    approve: bool = strawberry.field(description="Approve it, or reject it.")
    reason: str | None = strawberry.field(default=None, description="Required to reject.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Review:
        return Review(self.approve, self.reason)


@strawberry.input(description="Take an open case back.")
class WithdrawReinstatementInput:
    reinstatement_id: strawberry.ID = strawberry.field(description=_CASE)
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)


@strawberry.input(description="Ask for a person's masked data in full.")
class RevealPersonalDataInput:
    beneficiary_id: strawberry.ID = strawberry.field(description=_ID)
    reason: str = strawberry.field(description="What it is needed for; kept with the look.")


@strawberry.input(description="Record how an overpayment, or a part of it, was settled.")
class SettleOverpaymentInput:
    beneficiary_id: strawberry.ID = strawberry.field(description="To whom it was paid.")
    kind: SettlementKind = strawberry.field(
        description="PAID_BACK settles all that is outstanding; REFUNDED gives back, at most `refundDue`."
    )
    amount: Decimal = strawberry.field(description="Yuan.")
    reason: str | None = strawberry.field(default=None, description="Required to waive.")
    idempotency_key: strawberry.ID | None = strawberry.field(default=None, description=_KEY)

    def to_domain(self) -> Settlement:
        reason = None if is_blank(self.reason) else self.reason
        return Settlement(self.kind, self.amount, reason)

"""The field's words in the API, each value with what it means."""

from enum import EnumMeta

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from domain import audit, entitlement, next_step, overpayment, payroll, refusal, reinstatement, vocabulary, warning
from resolvers.entitlement import GroundKind
from storage.events import RunKind, RunState
from storage.roster import Attention


def named(words: EnumMeta, description: str, *, called: str | None = None, **values: str) -> None:
    """Give the enum its name in the API, and a description to it and to each of its values."""
    strawberry.enum(words, name=called, description=description)
    definition: StrawberryEnumDefinition = words.__strawberry_definition__  # type: ignore[attr-defined]
    for value in definition.values:
        value.description = values.get(value.name)


named(
    vocabulary.Category,
    "Who draws the benefit.",
    called="BeneficiaryCategory",
    RETIREE="A retiree (离退休人员).",
    SURVIVOR="A survivor (遗属、供养亲属).",
)
named(
    vocabulary.Conclusion,
    "What the data concluded (大数据认证结论).",
    DISQUALIFIED="丧失资格: a record of loss, and no sign of life after it.",
    PENDING="待核实: the data is not enough, or contradicts itself.",
    QUALIFIED="具备资格: a sign of life, and no record of loss.",
)
named(
    vocabulary.SurvivalStatus,
    "What the unit states of a person (生存状态).",
    NORMAL="正常: alive and entitled.",
    DECEASED="去世.",
    MISSING="失踪.",
    IMPRISONED="被判刑: serving a sentence.",
)
named(
    vocabulary.CertificationResult,
    "What follows from the survival status (认定结果).",
    PASS="通过: a service period begins.",
    FAIL="不通过: payment stops from the next month.",
)
named(
    vocabulary.Method,
    "How a certification or a period came about.",
    called="CertificationMethod",
    CONFIRM="The unit confirmed a QUALIFIED verdict (确认).",
    OVERRIDE="The unit stated what it knows (修改认证状态).",
    BATCH_PASS="The unit passed a whole page (本页批量通过).",
    CONTACT_UPDATE="The unit kept contact data up to date, which counts as a confirmation (信息维护).",
    SELF="The person, by the phone app (手机APP认证).",
    SERVICE_WINDOW="A service window, in person (经办窗口认证).",
    VERDICT="A published QUALIFIED verdict (大数据认证).",
    ENROLMENT="The first month of the benefit (取得领取资格).",
)
named(
    vocabulary.Presence,
    "How a window saw a person. Notice 一(三).",
    IN_PERSON="At the window (本人到场).",
    RELATIVE="By a relative who brought a proof of life (亲属代办).",
    HOME_VISIT="At home (上门服务).",
    CONSULATE="By the certificate of a consulate (领事馆证明).",
)
named(
    vocabulary.PaymentStatus,
    "How payment stands this month.",
    PAYING="发放: it runs.",
    LAPSED="停发: the service period ran out.",
    SUSPENDED="暂停: held after a FAIL.",
    TERMINATED="终止: the benefit has ended.",
)
named(
    vocabulary.Role,
    "What an account may be.",
    UNIT="A unit (参保单位), for the people who draw through it.",
    PERSON="A person, for what they draw themselves (手机APP).",
    WINDOW="A service window (经办窗口), which certifies in person.",
    OFFICER="An officer of the agency (经办机构): reviews, for a district.",
    AUDITOR="Reads everything, and changes nothing.",
    SERVICE="Another program.",
)
named(
    Attention,
    "Why a row wants a look this month. Each value is a filter of the roster and a count of its summary.",
    called="RosterAttention",
    UNANSWERED="DISQUALIFIED or PENDING, and the unit has not acted on it (待提报).",
    OVERDUE="Unanswered, and the day to answer this or an earlier verdict by has passed (逾期未提报).",
    LAPSING_SOON="Paid now, and the period ends within the warning window.",
    LAPSED="Not paid, because the period ran out (停发).",
    SUSPENDED="Not paid, because of a FAIL (暂停).",
    CONTACT_INCOMPLETE="Without a phone or one of the addresses (信息不完整).",
    CONFIRMATION_OVERDUE="Not confirmed within the yearly duty (每年至少确认一次).",
    ANSWER_AGAIN="Passed without ground, as the agency found, and not stated anew yet (须重新提报).",
)
named(
    payroll.LedgerStatus,
    "Whether a month was paid.",
    PAID="Paid an amount (已发放).",
    WITHHELD="Withheld for a reason (未发放).",
)
named(
    payroll.LineKind,
    "What goes out for an earlier month.",
    called="PaymentLineKind",
    BACK_PAY="Back pay of a withheld month (补发).",
    ADJUSTMENT="What a raise that was dated back adds to a paid month (补差).",
)
named(
    entitlement.Basis,
    "The rule by which a month is paid or not.",
    called="EntitlementBasis",
    COVERED="Paid: a service period covers it (认证服务期内).",
    LAPSED="Not paid: the service period ran out (停发).",
    SUSPENDED="Not paid: held after a FAIL (暂停).",
    TERMINATED="Not paid: the benefit has ended (终止).",
    REINSTATED="Withheld, and paid back by an approved case (补发).",
    LATE_ENROLMENT="Not paid: enrolled after the month was frozen.",
    NOT_BEGUN="Not paid: the benefit begins later.",
    UNKNOWN="The person was not held on the day asked about.",
)
named(
    entitlement.Lever,
    "What would change whether a month is paid.",
    called="EntitlementLever",
    PASS="A PASS (认定通过).",
    PASS_AND_CASE="A PASS, and then an approved case (认定通过后补发).",
    CASE="A case of reinstatement and back pay that is approved (待遇恢复, 补发).",
    REVIEW="The review of the case that is open (补发业务复核).",
    NEXT_PAYROLL="Nothing more: it goes out with the payroll after the approval.",
    FAIL="A FAIL (认定不通过) would suspend it.",
    TERMINATION="A termination (待遇终止) for an event before the month would end it.",
    OVERPAYMENT="Paid already: if nothing was owed it is an overpayment, and recovered (多发追回).",
)
named(
    GroundKind,
    "What kind of fact an answer rests on.",
    called="EntitlementFactKind",
    PERIOD="A service period (认证服务期).",
    VERDICT="The latest verdict (大数据认证结论).",
    ACT="A recorded act (认证).",
    TERMINATION="The termination (待遇终止).",
    WITHDRAWAL="The withdrawal of a termination (撤回待遇终止), which holds payment like a FAIL.",
    CASE="A case of reinstatement and back pay (待遇恢复, 补发).",
    LOSS="Months that an established loss takes away (丧失资格).",
    RATE="The rate of the month.",
    PAYMENT="The month in the ledger (发放记录).",
    BACK_PAY="Back pay that went out for it (补发).",
)
named(
    reinstatement.ReinstatementStatus,
    "How a case stands: submitted, and then one of the others for good.",
    SUBMITTED="Waits for its review (待复核).",
    APPROVED="Approved (复核通过): paid again and back from the next month.",
    REJECTED="Rejected (不予通过).",
    WITHDRAWN="Taken back before its review (撤回).",
)
named(
    overpayment.SettlementKind,
    "How an overpayment is settled.",
    PAID_BACK="All that is outstanding was paid back (退回).",
    INSTALMENT="A part was paid back (分期退回).",
    WAIVED="It is not recovered (免予追回).",
    REFUNDED="What was collected for months that turned out to be owed was given back (退还).",
)
named(
    audit.AuditAction,
    "What an entry of the audit trail records.",
    CONFIRM="A unit confirmed a QUALIFIED verdict (确认).",
    OVERRIDE="A unit stated what it knows (修改认证状态).",
    SUBMIT="A unit submitted rows together (提交认证).",
    BATCH_PASS="A unit passed a page (本页批量通过).",
    UPDATE_CONTACT="Contact data was saved (信息维护).",
    TERMINATE="A benefit was ended (待遇终止).",
    TERMINATION_WITHDRAWN="The termination of a living person's benefit was taken back (撤回待遇终止).",
    CERTIFIED_SELF="Somebody certified themselves by a face check (手机APP认证).",
    CERTIFIED_AT_WINDOW="A service window certified somebody in person (经办窗口认证).",
    REINSTATEMENT_REQUESTED="A case was submitted (待遇恢复, 补发).",
    REINSTATEMENT_APPROVED="A case was approved (复核通过).",
    REINSTATEMENT_REJECTED="A case was rejected (不予通过).",
    REINSTATEMENT_WITHDRAWN="A case was taken back (撤回).",
    OBJECTION_REPORTED="A verdict, or a termination, was said to be wrong (大数据认证结果有误).",
    OBJECTION_TAKEN="An officer took an objection.",
    OBJECTION_DECIDED="An objection was decided.",
    REVIEW_DECIDED="A compliance review was decided.",
    SIGNALS_FOUND="Signals of favours (人情认证) were found, and reviews opened.",
    RECHECK_DRAWN="A district's passes of a month were drawn from, to be checked again.",
    SETTLED="An overpayment, or a part of it, was settled (追回).",
    REFUSED="An act was refused; the reasons are its codes.",
    ACCESS_REFUSED="A field or a row was asked for that the account may not use.",
    SIGNED_IN="An account signed in (登录).",
    SIGN_IN_REFUSED="A sign-in failed.",
    SIGNED_OUT="An account signed out.",
    SESSION_ENDED="A session was ended by somebody else, or by a stolen token.",
    SECOND_FACTOR_ENROLLED="An authenticator app was enrolled.",
    REVEALED="Masked data was shown in full, for a reason.",
    FOUND_BY_NUMBER="Somebody was found by the whole ID number.",
    EXPORTED="A list was exported.",
    IMPORTED="A file was imported.",
    ACCOUNT_CLOSED="Nobody signs in to an account any more.",
    ACCOUNT_OPENED="A closed account can be signed in to again.",
    FOUND_WRONG="A record of evidence counts no more.",
    ASSESSED="The verdicts of a month were concluded.",
    PUBLICATION_BEGUN="The publication of a month began: what it says was concluded.",
    PUBLISHED="The verdicts of a month were published, everybody's.",
    PAYROLL_FROZEN="The payroll of a month was frozen.",
    WARNED="People and units were warned (提醒).",
    KEYS_ROTATED="New keys seal personal data, or sign tokens.",
    DOCUMENTS_PERSISTED="Documents of clients were taken, to be asked for by their hash.",
    ACCOUNT_ADDED="An account was added by an import.",
    ACCOUNT_CHANGED="What an account may do, or its password, was changed by an import.",
    AUDIT_SEALED="The days of the trail that are over were sealed.",
)
named(
    refusal.ErrorCode,
    "Why nothing was saved. The message of the error says it in words.",
    NOT_FOUND="No such row or case that the account may see; refresh the list.",
    CONTACT_INCOMPLETE="A phone or an address is missing; fill it in.",
    INVALID_CONTACT="Not a phone number, or not an address.",
    VERDICT_NOT_QUALIFIED="Only a QUALIFIED verdict is confirmed; state the survival status instead.",
    REASON_REQUIRED="This wants a reason.",
    OCCURRED_ON_REQUIRED="Say since when.",
    INVALID_OCCURRED_ON="A day that cannot be: in the future, or too long ago.",
    INVALID_CAUSE="NORMAL ends no benefit.",
    INVALID_TEXT="Too long, empty, or characters that are not text.",
    HANDLER_REQUIRED="Say who answers for it (经办人), and how to reach them.",
    DISQUALIFIED_NOT_ACKNOWLEDGED="A DISQUALIFIED row of a batch is passed only when it is named, with a reason.",
    STALE_VERSION="The row changed meanwhile; look at it again.",
    ALREADY_TERMINATED="The benefit has ended.",
    EMPTY_PAGE="No rows.",
    TOO_MANY_ROWS="More rows than go at once.",
    DUPLICATE_ROW="The same row twice.",
    NOTHING_TO_REINSTATE="Nothing is held, and no month is missing.",
    PASS_REQUIRED_FIRST="State first that the person is alive and entitled.",
    REINSTATEMENT_OPEN="A case of this person waits already.",
    DOCUMENT_REQUIRED="A case wants at least one proof.",
    INVALID_DOCUMENT="A proof has a name, and a SHA-256 of 64 hexadecimal digits.",
    REVIEWER_IS_SUBMITTER="Another account reviews than submitted.",
    ALREADY_REVIEWED="The case was decided or withdrawn.",
    CLOCK_BEHIND="The server's clock stands before the day of the case.",
    NOTHING_OWED="Nothing is outstanding.",
    INVALID_AMOUNT="Not an amount that is outstanding.",
    NOT_DECLARED_DEAD="The verdict rests on no record of loss; say that something else is wrong.",
    OBJECTION_OPEN="An objection to this verdict, or to this termination, waits already.",
    ALREADY_DECIDED="It was decided, for good.",
    NOT_THE_OWNER="Another officer answers for the case; take it first.",
    OWN_CASE="Nobody decides about themself.",
    PROOF_REQUIRED="No proof that somebody has seen the person; add one.",
    INVALID_RECORD="No such record of this person, or none to be named with this outcome.",
    IDEMPOTENCY_KEY_REUSED="The key was used for something else; take a new one.",
    BAD_CREDENTIALS="No such account, or not its password.",
    TOO_MANY_ATTEMPTS="Too many failures; wait.",
    SECOND_FACTOR_REQUIRED="An OFFICER gives a code of the authenticator app.",
    BAD_SECOND_FACTOR="Not the code, or used before; wait for the next one.",
    SECOND_FACTOR_NOT_ENROLLED="The account has no authenticator app yet.",
    BAD_REFRESH_TOKEN="Ended, or used before; sign in again.",
    FACE_CHECK_UNAVAILABLE="No provider of face checks is set up; certify at a service window.",
    UNKNOWN_CHALLENGE="No nonce of this benefit's; ask for a new one.",
    CHALLENGE_EXPIRED="The nonce has expired; ask for a new one.",
    CHALLENGE_USED="The nonce was used before; ask for a new one.",
    INVALID_ATTESTATION="Not signed by the provider, or not of its form.",
    ATTESTATION_NOT_FOR_US="By another issuer, or for another service.",
    ATTESTATION_EXPIRED="The attestation is too old; do the face check again.",
    ATTESTATION_OF_ANOTHER="The face is another person's.",
    ATTESTATION_TOO_WEAK="No face check, or without a sign of life.",
    PRESENCE_PROVES_NOTHING="Not a proof of life for this person; certify in another way.",
)
named(
    RunKind,
    "A monthly run of the agency.",
    ASSESS="Verdicts are concluded.",
    PUBLISH="Verdicts are published (发布).",
    PAYROLL="A payroll is frozen (发放).",
)
named(
    RunState,
    "How a run stands.",
    RUNNING="It goes on.",
    FINISHED="It is done.",
    FAILED="It was refused or failed, and has changed nothing.",
)
named(
    next_step.Step,
    "What comes next for a person.",
    called="NextStepKind",
    CERTIFY="To certify oneself (认证).",
    UNIT_ANSWERS="The unit has to answer the verdict (提报).",
    REQUEST_REINSTATEMENT="A case of reinstatement is to be asked for (待遇恢复, 补发).",
    AWAIT_REVIEW="The case waits for its review (待复核).",
    PAYROLL="The next day on which the benefit is paid (发放).",
)
named(
    warning.WarningKind,
    "Why somebody is warned.",
    WINDOW_ENTERED="The last months of a service period have begun.",
    LAPSED="Payment stopped, because the period ran out (停发).",
    SUSPENDED="Payment is held after a FAIL (暂停).",
    REINSTATED="A case was approved: it is paid again (待遇恢复).",
    ANSWER_OVERDUE="To the unit: the day to answer a verdict by has passed (逾期未提报).",
    ANSWER_AGAIN_OVERDUE="To the unit: the day to state a survival status anew by has passed (逾期未重新提报).",
)
named(
    warning.DeliveryState,
    "Where a message is.",
    WAITING="It has not gone out yet.",
    SENT="It has gone out.",
    GIVEN_UP="It could not go out.",
    WITHDRAWN="The person was recorded dead before it went out; it waits again where that was false.",
    OVERTAKEN="What it tells was so no more before it went out.",
)

/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Pass a whole page (本页批量通过), all rows or none. Notice 附9. */
export type BatchPassInput = {
  /** The DISQUALIFIED rows that the handler means to pass. */
  acknowledgedDisqualified?: Array<string | number>;
  /** 经办人. */
  handler: HandlerInput;
  /** The same key and input from the same account replay the first answer, for seven days. */
  idempotencyKey?: string | number | null | undefined;
  /** The rows of the page, 200 at most. */
  page: Array<PageEntryInput>;
  /** Required with acknowledged rows. */
  reason?: string | null | undefined;
};

/** Who draws the benefit. */
export type BeneficiaryCategory =
  /** A retiree (离退休人员). */
  | 'RETIREE'
  /** A survivor (遗属、供养亲属). */
  | 'SURVIVOR';

/** What the data concluded (大数据认证结论). */
export type Conclusion =
  /** 丧失资格: a record of loss, and no sign of life after it. */
  | 'DISQUALIFIED'
  /** 待核实: the data is not enough, or contradicts itself. */
  | 'PENDING'
  /** 具备资格: a sign of life, and no record of loss. */
  | 'QUALIFIED';

/** Confirm a person whom the data found qualified. Notice 四(一). */
export type ConfirmCertificationInput = {
  /** The beneficiary. */
  beneficiaryId: string | number;
  /** Contact data to save with it. */
  contact?: ContactInput | null | undefined;
  /** 经办人. */
  handler: HandlerInput;
  /** The same key and input from the same account replay the first answer, for seven days. */
  idempotencyKey?: string | number | null | undefined;
  /** The version that the handler saw; acting on an older one is refused as stale. */
  version?: number | null | undefined;
};

/** Contact data to save with the act; what is left out stays as it is. */
export type ContactInput = {
  /** 户口所在地. */
  householdAddress?: string | null | undefined;
  /** 联系电话. */
  phone?: string | null | undefined;
  /** 居住地. */
  residenceAddress?: string | null | undefined;
};

/** A piece of proof by name and SHA-256; the file itself stays with the unit. */
export type DocumentInput = {
  /** Its name. */
  name: string;
  /** Its SHA-256: 64 hexadecimal digits. */
  sha256: string;
};

/** Why nothing was saved. The message of the error says it in words. */
export type ErrorCode =
  /** It was decided, for good. */
  | 'ALREADY_DECIDED'
  /** The case was decided or withdrawn. */
  | 'ALREADY_REVIEWED'
  /** The benefit has ended. */
  | 'ALREADY_TERMINATED'
  /** The attestation is too old; do the face check again. */
  | 'ATTESTATION_EXPIRED'
  /** By another issuer, or for another service. */
  | 'ATTESTATION_NOT_FOR_US'
  /** The face is another person's. */
  | 'ATTESTATION_OF_ANOTHER'
  /** No face check, or without a sign of life. */
  | 'ATTESTATION_TOO_WEAK'
  /** No such account, or not its password. */
  | 'BAD_CREDENTIALS'
  /** Ended, or used before; sign in again. */
  | 'BAD_REFRESH_TOKEN'
  /** Not the code, or used before; wait for the next one. */
  | 'BAD_SECOND_FACTOR'
  /** The nonce has expired; ask for a new one. */
  | 'CHALLENGE_EXPIRED'
  /** The nonce was used before; ask for a new one. */
  | 'CHALLENGE_USED'
  /** The server's clock stands before the day of the case. */
  | 'CLOCK_BEHIND'
  /** A phone or an address is missing; fill it in. */
  | 'CONTACT_INCOMPLETE'
  /** A DISQUALIFIED row of a batch is passed only when it is named, with a reason. */
  | 'DISQUALIFIED_NOT_ACKNOWLEDGED'
  /** A case wants at least one proof. */
  | 'DOCUMENT_REQUIRED'
  /** The same row twice. */
  | 'DUPLICATE_ROW'
  /** No rows. */
  | 'EMPTY_PAGE'
  /** No provider of face checks is set up; certify at a service window. */
  | 'FACE_CHECK_UNAVAILABLE'
  /** Say who answers for it (经办人), and how to reach them. */
  | 'HANDLER_REQUIRED'
  /** The key was used for something else; take a new one. */
  | 'IDEMPOTENCY_KEY_REUSED'
  /** Not an amount that is outstanding. */
  | 'INVALID_AMOUNT'
  /** Not signed by the provider, or not of its form. */
  | 'INVALID_ATTESTATION'
  /** NORMAL ends no benefit. */
  | 'INVALID_CAUSE'
  /** Not a phone number, or not an address. */
  | 'INVALID_CONTACT'
  /** A proof has a name, and a SHA-256 of 64 hexadecimal digits. */
  | 'INVALID_DOCUMENT'
  /** A day that cannot be: in the future, or too long ago. */
  | 'INVALID_OCCURRED_ON'
  /** No such record of this person, or none to be named with this outcome. */
  | 'INVALID_RECORD'
  /** Too long, empty, or characters that are not text. */
  | 'INVALID_TEXT'
  /** Nothing is outstanding. */
  | 'NOTHING_OWED'
  /** Nothing is held, and no month is missing. */
  | 'NOTHING_TO_REINSTATE'
  /** The verdict rests on no record of loss; say that something else is wrong. */
  | 'NOT_DECLARED_DEAD'
  /** No such row or case that the account may see; refresh the list. */
  | 'NOT_FOUND'
  /** Another officer answers for the case; take it first. */
  | 'NOT_THE_OWNER'
  /** An objection to this verdict, or to this termination, waits already. */
  | 'OBJECTION_OPEN'
  /** Say since when. */
  | 'OCCURRED_ON_REQUIRED'
  /** Nobody decides about themself. */
  | 'OWN_CASE'
  /** State first that the person is alive and entitled. */
  | 'PASS_REQUIRED_FIRST'
  /** Not a proof of life for this person; certify in another way. */
  | 'PRESENCE_PROVES_NOTHING'
  /** No proof that somebody has seen the person; add one. */
  | 'PROOF_REQUIRED'
  /** This wants a reason. */
  | 'REASON_REQUIRED'
  /** A case of this person waits already. */
  | 'REINSTATEMENT_OPEN'
  /** Another account reviews than submitted. */
  | 'REVIEWER_IS_SUBMITTER'
  /** The account has no authenticator app yet. */
  | 'SECOND_FACTOR_NOT_ENROLLED'
  /** An OFFICER gives a code of the authenticator app. */
  | 'SECOND_FACTOR_REQUIRED'
  /** The row changed meanwhile; look at it again. */
  | 'STALE_VERSION'
  /** Too many failures; wait. */
  | 'TOO_MANY_ATTEMPTS'
  /** More rows than go at once. */
  | 'TOO_MANY_ROWS'
  /** No nonce of this benefit's; ask for a new one. */
  | 'UNKNOWN_CHALLENGE'
  /** Only a QUALIFIED verdict is confirmed; state the survival status instead. */
  | 'VERDICT_NOT_QUALIFIED';

/** 经办人: who answers for the submission. */
export type HandlerInput = {
  /** How to reach them. */
  contact: string;
  /** 经办人姓名. */
  name: string;
};

/** State a person's survival status against, or in place of, the data. Notice 三(二). */
export type OverrideVerdictInput = {
  /** The beneficiary. */
  beneficiaryId: string | number;
  /** Contact data to save with it. */
  contact?: ContactInput | null | undefined;
  /** 经办人. */
  handler: HandlerInput;
  /** The same key and input from the same account replay the first answer, for seven days. */
  idempotencyKey?: string | number | null | undefined;
  /** Since when, where the status is not NORMAL. */
  occurredOn?: string | null | undefined;
  /** Required for a PASS against DISQUALIFIED. */
  reason?: string | null | undefined;
  /** 生存状态; the result follows from it. */
  survivalStatus: SurvivalStatus;
  /** The version that the handler saw; acting on an older one is refused as stale. */
  version?: number | null | undefined;
};

/** One row of the page, as the handler saw it. */
export type PageEntryInput = {
  /** The beneficiary. */
  beneficiaryId: string | number;
  /** Contact data to save with it. */
  contact?: ContactInput | null | undefined;
  /** The version that the handler saw; acting on an older one is refused as stale. */
  version?: number | null | undefined;
};

/** How payment stands this month. */
export type PaymentStatus =
  /** 停发: the service period ran out. */
  | 'LAPSED'
  /** 发放: it runs. */
  | 'PAYING'
  /** 暂停: held after a FAIL. */
  | 'SUSPENDED'
  /** 终止: the benefit has ended. */
  | 'TERMINATED';

/** Which session to keep up. */
export type RefreshSessionInput = {
  /** The newest one that was given; it is of use once. */
  refreshToken: string;
};

/** How a case stands: submitted, and then one of the others for good. */
export type ReinstatementStatus =
  /** Approved (复核通过): paid again and back from the next month. */
  | 'APPROVED'
  /** Rejected (不予通过). */
  | 'REJECTED'
  /** Waits for its review (待复核). */
  | 'SUBMITTED'
  /** Taken back before its review (撤回). */
  | 'WITHDRAWN';

/** Ask that payment start again and missed months be paid (待遇恢复, 补发). Notice 三(三). */
export type RequestReinstatementInput = {
  /** The beneficiary. */
  beneficiaryId: string | number;
  /** The proofs, at least one. */
  documents: Array<DocumentInput>;
  /** 经办人. */
  handler: HandlerInput;
  /** The same key and input from the same account replay the first answer, for seven days. */
  idempotencyKey?: string | number | null | undefined;
  /** Why the person is entitled. */
  statement: string;
};

/** What an account may be. */
export type Role =
  /** Reads everything, and changes nothing. */
  | 'AUDITOR'
  /** An officer of the agency (经办机构): reviews, for a district. */
  | 'OFFICER'
  /** A person, for what they draw themselves (手机APP). */
  | 'PERSON'
  /** Another program. */
  | 'SERVICE'
  /** A unit (参保单位), for the people who draw through it. */
  | 'UNIT'
  /** A service window (经办窗口), which certifies in person. */
  | 'WINDOW';

/** Why a row wants a look this month. Each value is a filter of the roster and a count of its summary. */
export type RosterAttention =
  /** Passed without ground, as the agency found, and not stated anew yet (须重新提报). */
  | 'ANSWER_AGAIN'
  /** Not confirmed within the yearly duty (每年至少确认一次). */
  | 'CONFIRMATION_OVERDUE'
  /** Without a phone or one of the addresses (信息不完整). */
  | 'CONTACT_INCOMPLETE'
  /** Not paid, because the period ran out (停发). */
  | 'LAPSED'
  /** Paid now, and the period ends within the warning window. */
  | 'LAPSING_SOON'
  /** Unanswered, and the day to answer this or an earlier verdict by has passed (逾期未提报). */
  | 'OVERDUE'
  /** Not paid, because of a FAIL (暂停). */
  | 'SUSPENDED'
  /** DISQUALIFIED or PENDING, and the unit has not acted on it (待提报). */
  | 'UNANSWERED';

/** Who signs in. Notice 附3. */
export type SignInInput = {
  /** The second factor of an OFFICER: six digits from the authenticator app. */
  code?: string | null | undefined;
  /** The password. */
  password: string;
  /** The unit's social insurance number, or another username. */
  username: string;
};

/** What the unit states of a person (生存状态). */
export type SurvivalStatus =
  /** 去世. */
  | 'DECEASED'
  /** 被判刑: serving a sentence. */
  | 'IMPRISONED'
  /** 失踪. */
  | 'MISSING'
  /** 正常: alive and entitled. */
  | 'NORMAL';

/** Keep contact data up to date (信息维护). Notice 四(三). */
export type UpdateContactInput = {
  /** The beneficiary. */
  beneficiaryId: string | number;
  /** What to change. */
  contact: ContactInput;
  /** 经办人. */
  handler: HandlerInput;
  /** The same key and input from the same account replay the first answer, for seven days. */
  idempotencyKey?: string | number | null | undefined;
  /** The version that the handler saw; acting on an older one is refused as stale. */
  version?: number | null | undefined;
};

/** Take an open case back. */
export type WithdrawReinstatementInput = {
  /** The same key and input from the same account replay the first answer, for seven days. */
  idempotencyKey?: string | number | null | undefined;
  /** The case. */
  reinstatementId: string | number;
};

export type RowFragment = { id: string, version: number, name: string, idNumber: string, category: BeneficiaryCategory, phone: string | null, householdAddress: string | null, residenceAddress: string | null, contactComplete: boolean, paymentStatus: PaymentStatus, paidThrough: string | null, answerBy: string | null, confirmBy: string | null, certificationPeriod: { id: string, startMonth: string, endMonth: string } | null, verdict: { id: string, month: string, conclusion: Conclusion, description: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null } | null };

export type CountsFragment = { id: string, total: number, disqualified: number, pending: number, qualified: number, unanswered: number, overdue: number, lapsingSoon: number, lapsed: number, suspended: number, contactIncomplete: number, confirmationOverdue: number };

export type ObstacleFragment = { code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null };

export type AnswerFragment = { renewed: number, notice: string | null, beneficiaries: Array<{ id: string, version: number, name: string, idNumber: string, category: BeneficiaryCategory, phone: string | null, householdAddress: string | null, residenceAddress: string | null, contactComplete: boolean, paymentStatus: PaymentStatus, paidThrough: string | null, answerBy: string | null, confirmBy: string | null, certificationPeriod: { id: string, startMonth: string, endMonth: string } | null, verdict: { id: string, month: string, conclusion: Conclusion, description: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null } | null }>, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null }> };

export type CaseFragment = { id: string, status: ReinstatementStatus, months: Array<string>, amount: string, resumesFrom: string | null, statement: string, submittedAt: string, reason: string | null };

export type UnitSessionFragment = { accessToken: string | null, expiresAt: string | null, refreshToken: string | null, refreshExpiresAt: string | null, viewer: { id: string, username: string, role: Role, today: string, unit: { id: string, siNumber: string, name: string, district: string } | null } | null, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null }> };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { accessToken: string | null, expiresAt: string | null, refreshToken: string | null, refreshExpiresAt: string | null, viewer: { id: string, username: string, role: Role, today: string, unit: { id: string, siNumber: string, name: string, district: string } | null } | null, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null }> } };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { refreshSession: { accessToken: string | null, expiresAt: string | null, refreshToken: string | null, refreshExpiresAt: string | null, viewer: { id: string, username: string, role: Role, today: string, unit: { id: string, siNumber: string, name: string, district: string } | null } | null, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null }> } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { signOut: { ended: number } };

export type RosterQueryVariables = Exact<{
  category?: BeneficiaryCategory;
  conclusion?: Array<Conclusion> | Conclusion | null | undefined;
  attention?: RosterAttention | null | undefined;
  search?: string | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
  last?: number | null | undefined;
  before?: string | null | undefined;
}>;


export type RosterQuery = { unit: { id: string, name: string, beneficiaries: { totalCount: number, edges: Array<{ cursor: string, node: { id: string, version: number, name: string, idNumber: string, category: BeneficiaryCategory, phone: string | null, householdAddress: string | null, residenceAddress: string | null, contactComplete: boolean, paymentStatus: PaymentStatus, paidThrough: string | null, answerBy: string | null, confirmBy: string | null, certificationPeriod: { id: string, startMonth: string, endMonth: string } | null, verdict: { id: string, month: string, conclusion: Conclusion, description: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null } | null } }>, pageInfo: { hasNextPage: boolean, hasPreviousPage: boolean, startCursor: string | null, endCursor: string | null } } } | null };

export type SummaryQueryVariables = Exact<{
  category?: BeneficiaryCategory | null | undefined;
}>;


export type SummaryQuery = { unit: { id: string, name: string, resumeToken: string, summary: { id: string, total: number, disqualified: number, pending: number, qualified: number, unanswered: number, overdue: number, lapsingSoon: number, lapsed: number, suspended: number, contactIncomplete: number, confirmationOverdue: number } } | null };

export type RosterChangedSubscriptionVariables = Exact<{
  after?: string | null | undefined;
}>;


export type RosterChangedSubscription = { rosterChanged: { id: string, resumeToken: string, unit: { id: string, summary: { id: string, total: number, disqualified: number, pending: number, qualified: number, unanswered: number, overdue: number, lapsingSoon: number, lapsed: number, suspended: number, contactIncomplete: number, confirmationOverdue: number } }, beneficiaries: Array<{ id: string, version: number, name: string, idNumber: string, category: BeneficiaryCategory, phone: string | null, householdAddress: string | null, residenceAddress: string | null, contactComplete: boolean, paymentStatus: PaymentStatus, paidThrough: string | null, answerBy: string | null, confirmBy: string | null, certificationPeriod: { id: string, startMonth: string, endMonth: string } | null, verdict: { id: string, month: string, conclusion: Conclusion, description: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null } | null }> } };

export type ConfirmMutationVariables = Exact<{
  input: ConfirmCertificationInput;
}>;


export type ConfirmMutation = { confirmCertification: { renewed: number, notice: string | null, beneficiaries: Array<{ id: string, version: number, name: string, idNumber: string, category: BeneficiaryCategory, phone: string | null, householdAddress: string | null, residenceAddress: string | null, contactComplete: boolean, paymentStatus: PaymentStatus, paidThrough: string | null, answerBy: string | null, confirmBy: string | null, certificationPeriod: { id: string, startMonth: string, endMonth: string } | null, verdict: { id: string, month: string, conclusion: Conclusion, description: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null } | null }>, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null }> } };

export type OverrideMutationVariables = Exact<{
  input: OverrideVerdictInput;
}>;


export type OverrideMutation = { overrideVerdict: { renewed: number, notice: string | null, beneficiaries: Array<{ id: string, version: number, name: string, idNumber: string, category: BeneficiaryCategory, phone: string | null, householdAddress: string | null, residenceAddress: string | null, contactComplete: boolean, paymentStatus: PaymentStatus, paidThrough: string | null, answerBy: string | null, confirmBy: string | null, certificationPeriod: { id: string, startMonth: string, endMonth: string } | null, verdict: { id: string, month: string, conclusion: Conclusion, description: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null } | null }>, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null }> } };

export type BatchPassMutationVariables = Exact<{
  input: BatchPassInput;
}>;


export type BatchPassMutation = { batchPass: { renewed: number, notice: string | null, unsaved: { handlerName: string, handlerContact: string, reason: string | null, acknowledgedDisqualified: Array<string>, entries: Array<{ beneficiaryId: string, version: number | null, survivalStatus: SurvivalStatus, contact: { phone: string | null, householdAddress: string | null, residenceAddress: string | null } }> } | null, beneficiaries: Array<{ id: string, version: number, name: string, idNumber: string, category: BeneficiaryCategory, phone: string | null, householdAddress: string | null, residenceAddress: string | null, contactComplete: boolean, paymentStatus: PaymentStatus, paidThrough: string | null, answerBy: string | null, confirmBy: string | null, certificationPeriod: { id: string, startMonth: string, endMonth: string } | null, verdict: { id: string, month: string, conclusion: Conclusion, description: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null } | null }>, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null }> } };

export type UpdateContactMutationVariables = Exact<{
  input: UpdateContactInput;
}>;


export type UpdateContactMutation = { updateContact: { renewed: number, notice: string | null, beneficiaries: Array<{ id: string, version: number, name: string, idNumber: string, category: BeneficiaryCategory, phone: string | null, householdAddress: string | null, residenceAddress: string | null, contactComplete: boolean, paymentStatus: PaymentStatus, paidThrough: string | null, answerBy: string | null, confirmBy: string | null, certificationPeriod: { id: string, startMonth: string, endMonth: string } | null, verdict: { id: string, month: string, conclusion: Conclusion, description: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null } | null }>, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null }> } };

export type CasesQueryVariables = Exact<{
  status?: ReinstatementStatus | null | undefined;
  first?: number | null | undefined;
  after?: string | null | undefined;
}>;


export type CasesQuery = { reinstatements: { totalCount: number, edges: Array<{ cursor: string, node: { id: string, status: ReinstatementStatus, months: Array<string>, amount: string, resumesFrom: string | null, statement: string, submittedAt: string, reason: string | null, beneficiary: { id: string, name: string, paymentStatus: PaymentStatus } } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } };

export type RequestReinstatementMutationVariables = Exact<{
  input: RequestReinstatementInput;
}>;


export type RequestReinstatementMutation = { requestReinstatement: { reinstatement: { id: string, status: ReinstatementStatus, months: Array<string>, amount: string, resumesFrom: string | null, statement: string, submittedAt: string, reason: string | null } | null, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null }> } };

export type WithdrawReinstatementMutationVariables = Exact<{
  input: WithdrawReinstatementInput;
}>;


export type WithdrawReinstatementMutation = { withdrawReinstatement: { reinstatement: { id: string, status: ReinstatementStatus, months: Array<string>, amount: string, resumesFrom: string | null, statement: string, submittedAt: string, reason: string | null } | null, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string>, beneficiaryId: string | null }> } };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const CountsFragmentDoc = new TypedDocumentString(`
    fragment Counts on UnitSummary {
  id
  total
  disqualified
  pending
  qualified
  unanswered
  overdue
  lapsingSoon
  lapsed
  suspended
  contactIncomplete
  confirmationOverdue
}
    `, {"fragmentName":"Counts"}) as unknown as TypedDocumentString<CountsFragment, unknown>;
export const RowFragmentDoc = new TypedDocumentString(`
    fragment Row on Beneficiary {
  id
  version
  name
  idNumber
  category
  phone
  householdAddress
  residenceAddress
  contactComplete
  paymentStatus
  paidThrough
  answerBy
  confirmBy
  certificationPeriod {
    id
    startMonth
    endMonth
  }
  verdict {
    id
    month
    conclusion
    description
    answered
    lastActivity {
      id
      label
      month
    }
  }
}
    `, {"fragmentName":"Row"}) as unknown as TypedDocumentString<RowFragment, unknown>;
export const ObstacleFragmentDoc = new TypedDocumentString(`
    fragment Obstacle on UserError {
  code
  message
  path
  beneficiaryId
}
    `, {"fragmentName":"Obstacle"}) as unknown as TypedDocumentString<ObstacleFragment, unknown>;
export const AnswerFragmentDoc = new TypedDocumentString(`
    fragment Answer on CertificationPayload {
  renewed
  notice
  beneficiaries {
    ...Row
  }
  userErrors {
    ...Obstacle
  }
}
    fragment Row on Beneficiary {
  id
  version
  name
  idNumber
  category
  phone
  householdAddress
  residenceAddress
  contactComplete
  paymentStatus
  paidThrough
  answerBy
  confirmBy
  certificationPeriod {
    id
    startMonth
    endMonth
  }
  verdict {
    id
    month
    conclusion
    description
    answered
    lastActivity {
      id
      label
      month
    }
  }
}
fragment Obstacle on UserError {
  code
  message
  path
  beneficiaryId
}`, {"fragmentName":"Answer"}) as unknown as TypedDocumentString<AnswerFragment, unknown>;
export const CaseFragmentDoc = new TypedDocumentString(`
    fragment Case on Reinstatement {
  id
  status
  months
  amount
  resumesFrom
  statement
  submittedAt
  reason
}
    `, {"fragmentName":"Case"}) as unknown as TypedDocumentString<CaseFragment, unknown>;
export const UnitSessionFragmentDoc = new TypedDocumentString(`
    fragment UnitSession on SignInPayload {
  accessToken
  expiresAt
  refreshToken
  refreshExpiresAt
  viewer {
    id
    username
    role
    today
    unit {
      id
      siNumber
      name
      district
    }
  }
  userErrors {
    ...Obstacle
  }
}
    fragment Obstacle on UserError {
  code
  message
  path
  beneficiaryId
}`, {"fragmentName":"UnitSession"}) as unknown as TypedDocumentString<UnitSessionFragment, unknown>;
export const SignInDocument = {"__meta__":{"hash":"sha256:d022f88fdd80b37de93741062a798ce1ac946e1ded21e09cce401b2f0e76cf84"}} as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const RefreshSessionDocument = {"__meta__":{"hash":"sha256:2fe6bf10e2b939b4ffcc1f548894f20bdda1ec66317cb5decdbe86c5a2cf57de"}} as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const SignOutDocument = {"__meta__":{"hash":"sha256:f8ceb40542a36ffdebaf19bcb1513a8a261afe5c87a5c85fcea1e7eb80fdc599"}} as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const RosterDocument = {"__meta__":{"hash":"sha256:4d21e117b090c44ffaa7983aa0360281035132e82ba6b3150dfbc0b5f1b13131"}} as unknown as TypedDocumentString<RosterQuery, RosterQueryVariables>;
export const SummaryDocument = {"__meta__":{"hash":"sha256:60b411cf8e568396dbba8536e6c468557422b88e4346628af23aac7308b17440"}} as unknown as TypedDocumentString<SummaryQuery, SummaryQueryVariables>;
export const RosterChangedDocument = {"__meta__":{"hash":"sha256:ee83e6f4c9dc0b9a3318e8b954cb2e1144766d44252cb036fb7163ad2a5c10b9"}} as unknown as TypedDocumentString<RosterChangedSubscription, RosterChangedSubscriptionVariables>;
export const ConfirmDocument = {"__meta__":{"hash":"sha256:a25788f82b1788bdf99009c80d787d53eee34a6a2d48eb3969651c0d724c6c4d"}} as unknown as TypedDocumentString<ConfirmMutation, ConfirmMutationVariables>;
export const OverrideDocument = {"__meta__":{"hash":"sha256:7881b7d37eacf7a6e00772798a31cbfca5ad1201eb5e5189fb9d4efe97f351ea"}} as unknown as TypedDocumentString<OverrideMutation, OverrideMutationVariables>;
export const BatchPassDocument = {"__meta__":{"hash":"sha256:a56d320f6c705f0ca8e71ec463ea95cebd831972d3ee437aa86ce7ace722f583"}} as unknown as TypedDocumentString<BatchPassMutation, BatchPassMutationVariables>;
export const UpdateContactDocument = {"__meta__":{"hash":"sha256:535e48a49408d8de399cb875aef02b966e917ebb897c68844a1c394fc0193b1c"}} as unknown as TypedDocumentString<UpdateContactMutation, UpdateContactMutationVariables>;
export const CasesDocument = {"__meta__":{"hash":"sha256:87c210072edc4f18f44ca13671a03e653ec9af06ade7f737ba476bb079814be8"}} as unknown as TypedDocumentString<CasesQuery, CasesQueryVariables>;
export const RequestReinstatementDocument = {"__meta__":{"hash":"sha256:79cb8d356e731d52bfa30e24dbb4bb5a15fe4d02f0af1046c185fb76c6bde0b2"}} as unknown as TypedDocumentString<RequestReinstatementMutation, RequestReinstatementMutationVariables>;
export const WithdrawReinstatementDocument = {"__meta__":{"hash":"sha256:899c1e28fee8afd2c4c4ac66df978ccdfdcc7b4e37296dbb2a4da68cc9faa333"}} as unknown as TypedDocumentString<WithdrawReinstatementMutation, WithdrawReinstatementMutationVariables>;
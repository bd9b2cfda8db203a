/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
/** Who draws the benefit. */
export type BeneficiaryCategory =
  /** A retiree (离退休人员). */
  | 'RETIREE'
  /** A survivor (遗属、供养亲属). */
  | 'SURVIVOR';

/** How a certification or a period came about. */
export type CertificationMethod =
  /** The unit passed a whole page (本页批量通过). */
  | 'BATCH_PASS'
  /** The unit confirmed a QUALIFIED verdict (确认). */
  | 'CONFIRM'
  /** The unit kept contact data up to date, which counts as a confirmation (信息维护). */
  | 'CONTACT_UPDATE'
  /** The first month of the benefit (取得领取资格). */
  | 'ENROLMENT'
  /** The unit stated what it knows (修改认证状态). */
  | 'OVERRIDE'
  /** The person, by the phone app (手机APP认证). */
  | 'SELF'
  /** A service window, in person (经办窗口认证). */
  | 'SERVICE_WINDOW'
  /** A published QUALIFIED verdict (大数据认证). */
  | 'VERDICT';

/** What follows from the survival status (认定结果). */
export type CertificationResult =
  /** 不通过: payment stops from the next month. */
  | 'FAIL'
  /** 通过: a service period begins. */
  | 'PASS';

/** What the data concluded (大数据认证结论). */
export type Conclusion =
  /** 丧失资格: a record of loss, and no sign of life after it. */
  | 'DISQUALIFIED'
  /** 待核实: the data is not enough, or contradicts itself. */
  | 'PENDING'
  /** 具备资格: a sign of life, and no record of loss. */
  | 'QUALIFIED';

/** The rule by which a month is paid or not. */
export type EntitlementBasis =
  /** Paid: a service period covers it (认证服务期内). */
  | 'COVERED'
  /** Not paid: the service period ran out (停发). */
  | 'LAPSED'
  /** Not paid: enrolled after the month was frozen. */
  | 'LATE_ENROLMENT'
  /** Not paid: the benefit begins later. */
  | 'NOT_BEGUN'
  /** Withheld, and paid back by an approved case (补发). */
  | 'REINSTATED'
  /** Not paid: held after a FAIL (暂停). */
  | 'SUSPENDED'
  /** Not paid: the benefit has ended (终止). */
  | 'TERMINATED'
  /** The person was not held on the day asked about. */
  | 'UNKNOWN';

/** What kind of fact an answer rests on. */
export type EntitlementFactKind =
  /** A recorded act (认证). */
  | 'ACT'
  /** Back pay that went out for it (补发). */
  | 'BACK_PAY'
  /** A case of reinstatement and back pay (待遇恢复, 补发). */
  | 'CASE'
  /** Months that an established loss takes away (丧失资格). */
  | 'LOSS'
  /** The month in the ledger (发放记录). */
  | 'PAYMENT'
  /** A service period (认证服务期). */
  | 'PERIOD'
  /** The rate of the month. */
  | 'RATE'
  /** The termination (待遇终止). */
  | 'TERMINATION'
  /** The latest verdict (大数据认证结论). */
  | 'VERDICT'
  /** The withdrawal of a termination (撤回待遇终止), which holds payment like a FAIL. */
  | 'WITHDRAWAL';

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

/** Whether a month was paid. */
export type LedgerStatus =
  /** Paid an amount (已发放). */
  | 'PAID'
  /** Withheld for a reason (未发放). */
  | 'WITHHELD';

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

/** Who signs in. Notice 附3. */
export type SignInInput = {
  /** The second factor of an OFFICER: six digits from the authenticator app. */
  code?: string | null | undefined;
  /** The password. */
  password: string;
  /** The unit's social insurance number, or another username. */
  username: string;
};

export type PeriodFragment = { id: string, startMonth: string, endMonth: string, method: CertificationMethod };

export type VerdictInWordsFragment = { id: string, month: string, conclusion: Conclusion, description: string, publishedOn: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null };

export type BenefitFragment = { id: string, category: BeneficiaryCategory, name: string, paymentStatus: PaymentStatus, paidThrough: string | null, unit: { id: string, name: string } };

export type SessionFragment = { accessToken: string | null, expiresAt: string | null, refreshToken: string | null, refreshExpiresAt: string | null, viewer: { id: string, username: string, role: Role, today: string } | null, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string> }> };

export type SignInMutationVariables = Exact<{
  input: SignInInput;
}>;


export type SignInMutation = { signIn: { accessToken: string | null, expiresAt: string | null, refreshToken: string | null, refreshExpiresAt: string | null, viewer: { id: string, username: string, role: Role, today: string } | null, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string> }> } };

export type RefreshSessionMutationVariables = Exact<{
  input: RefreshSessionInput;
}>;


export type RefreshSessionMutation = { refreshSession: { accessToken: string | null, expiresAt: string | null, refreshToken: string | null, refreshExpiresAt: string | null, viewer: { id: string, username: string, role: Role, today: string } | null, userErrors: Array<{ code: ErrorCode, message: string, path: Array<string> }> } };

export type SignOutMutationVariables = Exact<{ [key: string]: never; }>;


export type SignOutMutation = { signOut: { ended: number } };

export type MyStandingQueryVariables = Exact<{ [key: string]: never; }>;


export type MyStandingQuery = { benefits: Array<{ answerBy: string | null, confirmBy: string | null, idNumber: string, contactComplete: boolean, id: string, category: BeneficiaryCategory, name: string, paymentStatus: PaymentStatus, paidThrough: string | null, certificationPeriod: { id: string, startMonth: string, endMonth: string, method: CertificationMethod } | null, verdict: { id: string, month: string, conclusion: Conclusion, description: string, publishedOn: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null } | null, reinstatement: { id: string, status: ReinstatementStatus, months: Array<string>, amount: string, resumesFrom: string | null } | null, unit: { id: string, name: string } }> };

export type MyVerdictsQueryVariables = Exact<{
  id: string | number;
  first?: number;
  after?: string | null | undefined;
}>;


export type MyVerdictsQuery = { node:
    | { id: string, verdicts: { edges: Array<{ cursor: string, node: { id: string, month: string, conclusion: Conclusion, description: string, publishedOn: string, answered: boolean, lastActivity: { id: string, label: string, month: string } | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }
    | Record<PropertyKey, never>
   | null };

export type MyPeriodsQueryVariables = Exact<{
  id: string | number;
  first?: number;
  after?: string | null | undefined;
}>;


export type MyPeriodsQuery = { node:
    | { id: string, certificationPeriods: { edges: Array<{ cursor: string, node: { id: string, startMonth: string, endMonth: string, method: CertificationMethod } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }
    | Record<PropertyKey, never>
   | null };

export type MyCertificationsQueryVariables = Exact<{
  id: string | number;
  first?: number;
  after?: string | null | undefined;
}>;


export type MyCertificationsQuery = { node:
    | { id: string, certifications: { edges: Array<{ cursor: string, node: { id: string, method: CertificationMethod, result: CertificationResult, at: string, verdictMonth: string | null } }>, pageInfo: { hasNextPage: boolean, endCursor: string | null } } }
    | Record<PropertyKey, never>
   | null };

export type OnwardsFragment = { hasNextPage: boolean, endCursor: string | null };

export type MyEntitlementQueryVariables = Exact<{
  id: string | number;
  month: string;
}>;


export type MyEntitlementQuery = { node:
    | { id: string, entitlement: { id: string, month: string, payable: boolean, paid: boolean, amount: string | null, reason: string, clause: string, facts: Array<{ id: string, kind: EntitlementFactKind, text: string }>, changes: Array<{ id: string, text: string, by: string | null, notBefore: string | null }> } }
    | Record<PropertyKey, never>
   | null };

export type MyPaymentsQueryVariables = Exact<{
  id: string | number;
  from: string;
  through: string;
}>;


export type MyPaymentsQuery = { node:
    | { id: string, payments: Array<{ id: string, month: string, status: LedgerStatus, amount: string, reason: string | null, backPayFor: Array<string>, total: string, healedWith: string | null }>, stops: Array<{ id: string, basis: EntitlementBasis, firstMonth: string, lastMonth: string | null, reason: string, clause: string }> }
    | Record<PropertyKey, never>
   | null };

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
export const PeriodFragmentDoc = new TypedDocumentString(`
    fragment Period on CertificationPeriod {
  id
  startMonth
  endMonth
  method
}
    `, {"fragmentName":"Period"}) as unknown as TypedDocumentString<PeriodFragment, unknown>;
export const VerdictInWordsFragmentDoc = new TypedDocumentString(`
    fragment VerdictInWords on Verdict {
  id
  month
  conclusion
  description
  publishedOn
  answered
  lastActivity {
    id
    label
    month
  }
}
    `, {"fragmentName":"VerdictInWords"}) as unknown as TypedDocumentString<VerdictInWordsFragment, unknown>;
export const BenefitFragmentDoc = new TypedDocumentString(`
    fragment Benefit on Beneficiary {
  id
  category
  name
  paymentStatus
  paidThrough
  unit {
    id
    name
  }
}
    `, {"fragmentName":"Benefit"}) as unknown as TypedDocumentString<BenefitFragment, unknown>;
export const SessionFragmentDoc = new TypedDocumentString(`
    fragment Session on SignInPayload {
  accessToken
  expiresAt
  refreshToken
  refreshExpiresAt
  viewer {
    id
    username
    role
    today
  }
  userErrors {
    code
    message
    path
  }
}
    `, {"fragmentName":"Session"}) as unknown as TypedDocumentString<SessionFragment, unknown>;
export const OnwardsFragmentDoc = new TypedDocumentString(`
    fragment Onwards on PageInfo {
  hasNextPage
  endCursor
}
    `, {"fragmentName":"Onwards"}) as unknown as TypedDocumentString<OnwardsFragment, unknown>;
export const SignInDocument = {"__meta__":{"hash":"sha256:e81d2ceda795651a885063b26d90aae2ac758c195b0763e2637d74c484f7e4b9"}} as unknown as TypedDocumentString<SignInMutation, SignInMutationVariables>;
export const RefreshSessionDocument = {"__meta__":{"hash":"sha256:452760cd0d34e52c497bc1e712c42f6c27c1c88c6aba816987495be2612298a1"}} as unknown as TypedDocumentString<RefreshSessionMutation, RefreshSessionMutationVariables>;
export const SignOutDocument = {"__meta__":{"hash":"sha256:f8ceb40542a36ffdebaf19bcb1513a8a261afe5c87a5c85fcea1e7eb80fdc599"}} as unknown as TypedDocumentString<SignOutMutation, SignOutMutationVariables>;
export const MyStandingDocument = {"__meta__":{"hash":"sha256:6f9914a4da572150ecf60bf8a7b4414b181374b2c50116ccf1fc2c018e2f8c42"}} as unknown as TypedDocumentString<MyStandingQuery, MyStandingQueryVariables>;
export const MyVerdictsDocument = {"__meta__":{"hash":"sha256:2459680bb2497641211a183c022ebe4d61878cb46bff3c4b51fab905fae3bbd5"}} as unknown as TypedDocumentString<MyVerdictsQuery, MyVerdictsQueryVariables>;
export const MyPeriodsDocument = {"__meta__":{"hash":"sha256:768f037f39efb54338646666290bab37122dd1f41dd042b5a530b3a8bd29e405"}} as unknown as TypedDocumentString<MyPeriodsQuery, MyPeriodsQueryVariables>;
export const MyCertificationsDocument = {"__meta__":{"hash":"sha256:ff0361d3bad78b6358bcc471e3f0a9e54e83258e8cedafb9a12df049805a662f"}} as unknown as TypedDocumentString<MyCertificationsQuery, MyCertificationsQueryVariables>;
export const MyEntitlementDocument = {"__meta__":{"hash":"sha256:253c8aa3949c92f992ac8b7c161412f260a791e96392397d3ff41c9dafb77561"}} as unknown as TypedDocumentString<MyEntitlementQuery, MyEntitlementQueryVariables>;
export const MyPaymentsDocument = {"__meta__":{"hash":"sha256:8f0f69698b74377bfdb0b8a21093a02cb2fc3889f4ea11e4a3f3566176e6f2fc"}} as unknown as TypedDocumentString<MyPaymentsQuery, MyPaymentsQueryVariables>;
package renzheng





/** Whether the unit has stated anew what it passed without ground. */
enum class AnswerAgainStatus(val label: String) {
      Answered("ANSWERED"),
      Awaited("AWAITED"),
      Overdue("OVERDUE");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): AnswerAgainStatus? {
      return values().find { it.label == label }
    }
  }
}



/** What an entry of the audit trail records. */
enum class AuditAction(val label: String) {
      AccessRefused("ACCESS_REFUSED"),
      AccountAdded("ACCOUNT_ADDED"),
      AccountChanged("ACCOUNT_CHANGED"),
      AccountClosed("ACCOUNT_CLOSED"),
      AccountOpened("ACCOUNT_OPENED"),
      Assessed("ASSESSED"),
      AuditSealed("AUDIT_SEALED"),
      BatchPass("BATCH_PASS"),
      CertifiedAtWindow("CERTIFIED_AT_WINDOW"),
      CertifiedSelf("CERTIFIED_SELF"),
      Confirm("CONFIRM"),
      DocumentsPersisted("DOCUMENTS_PERSISTED"),
      Exported("EXPORTED"),
      FoundByNumber("FOUND_BY_NUMBER"),
      FoundWrong("FOUND_WRONG"),
      Imported("IMPORTED"),
      KeysRotated("KEYS_ROTATED"),
      ObjectionDecided("OBJECTION_DECIDED"),
      ObjectionReported("OBJECTION_REPORTED"),
      ObjectionTaken("OBJECTION_TAKEN"),
      Override("OVERRIDE"),
      PayrollFrozen("PAYROLL_FROZEN"),
      PublicationBegun("PUBLICATION_BEGUN"),
      Published("PUBLISHED"),
      RecheckDrawn("RECHECK_DRAWN"),
      Refused("REFUSED"),
      ReinstatementApproved("REINSTATEMENT_APPROVED"),
      ReinstatementRejected("REINSTATEMENT_REJECTED"),
      ReinstatementRequested("REINSTATEMENT_REQUESTED"),
      ReinstatementWithdrawn("REINSTATEMENT_WITHDRAWN"),
      Revealed("REVEALED"),
      ReviewDecided("REVIEW_DECIDED"),
      SecondFactorEnrolled("SECOND_FACTOR_ENROLLED"),
      SessionEnded("SESSION_ENDED"),
      Settled("SETTLED"),
      SignalsFound("SIGNALS_FOUND"),
      SignedIn("SIGNED_IN"),
      SignedOut("SIGNED_OUT"),
      SignInRefused("SIGN_IN_REFUSED"),
      Submit("SUBMIT"),
      Terminate("TERMINATE"),
      TerminationWithdrawn("TERMINATION_WITHDRAWN"),
      UpdateContact("UPDATE_CONTACT"),
      Warned("WARNED");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): AuditAction? {
      return values().find { it.label == label }
    }
  }
}











data class BatchPassInput(
    val acknowledgedDisqualified: Iterable<Any> = listOf(),
    val handler: HandlerInput,
    val idempotencyKey: Any? = null,
    val page: Iterable<PageEntryInput>,
    val reason: String? = null
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["acknowledgedDisqualified"] as Iterable<Any>? ?: listOf(),
      HandlerInput(args["handler"] as Map<String, Any>),
      args["idempotencyKey"] as Any?,
      args["page"]!!.let { page -> (page as List<Map<String, Any>>).map { PageEntryInput(it) } },
      args["reason"] as String?
  )
}

data class BeneficiaryCertificationPeriodsArgs(
    val after: String? = null,
    val before: String? = null,
    val first: Int? = null,
    val last: Int? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["first"] as Int?,
      args["last"] as Int?
  )
}
data class BeneficiaryCertificationsArgs(
    val after: String? = null,
    val before: String? = null,
    val first: Int? = null,
    val last: Int? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["first"] as Int?,
      args["last"] as Int?
  )
}
data class BeneficiaryEntitlementArgs(
    val asOf: String? = null,
    val month: String
) {
  constructor(args: Map<String, Any>) : this(
      args["asOf"] as String?,
      args["month"] as String
  )
}
data class BeneficiaryPaymentsArgs(
    val from: String? = null,
    val through: String? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["from"] as String?,
      args["through"] as String?
  )
}
data class BeneficiaryVerdictsArgs(
    val after: String? = null,
    val before: String? = null,
    val first: Int? = null,
    val last: Int? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["first"] as Int?,
      args["last"] as Int?
  )
}

/** Who draws the benefit. */
enum class BeneficiaryCategory(val label: String) {
      Retiree("RETIREE"),
      Survivor("SURVIVOR");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): BeneficiaryCategory? {
      return values().find { it.label == label }
    }
  }
}







data class CertificationChallengeInput(
    val beneficiaryId: Any
) {
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any
  )
}







data class CertificationEntryInput(
    val beneficiaryId: Any,
    val contact: ContactInput? = null,
    val occurredOn: String? = null,
    val reason: String? = null,
    val survivalStatus: SurvivalStatus,
    val version: Int? = null
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any,
      args["contact"]?.let { ContactInput(it as Map<String, Any>) },
      args["occurredOn"] as String?,
      args["reason"] as String?,
      args["survivalStatus"] as SurvivalStatus,
      args["version"] as Int?
  )
}

/** How a certification or a period came about. */
enum class CertificationMethod(val label: String) {
      BatchPass("BATCH_PASS"),
      Confirm("CONFIRM"),
      ContactUpdate("CONTACT_UPDATE"),
      Enrolment("ENROLMENT"),
      Override("OVERRIDE"),
      Self("SELF"),
      ServiceWindow("SERVICE_WINDOW"),
      Verdict("VERDICT");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): CertificationMethod? {
      return values().find { it.label == label }
    }
  }
}









/** What follows from the survival status (认定结果). */
enum class CertificationResult(val label: String) {
      Fail("FAIL"),
      Pass("PASS");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): CertificationResult? {
      return values().find { it.label == label }
    }
  }
}

data class CertifyAtWindowInput(
    val beneficiaryId: Any,
    val document: DocumentInput? = null,
    val handler: HandlerInput,
    val idempotencyKey: Any? = null,
    val note: String? = null,
    val presence: Presence
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any,
      args["document"]?.let { DocumentInput(it as Map<String, Any>) },
      HandlerInput(args["handler"] as Map<String, Any>),
      args["idempotencyKey"] as Any?,
      args["note"] as String?,
      args["presence"] as Presence
  )
}

data class CertifySelfInput(
    val attestation: String,
    val beneficiaryId: Any,
    val idempotencyKey: Any? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["attestation"] as String,
      args["beneficiaryId"] as Any,
      args["idempotencyKey"] as Any?
  )
}







/** Why the agency looks. */
enum class ComplianceReviewKind(val label: String) {
      AfterDeathRecord("AFTER_DEATH_RECORD"),
      AgainstDisqualified("AGAINST_DISQUALIFIED"),
      AllPassed("ALL_PASSED"),
      BatchAcknowledged("BATCH_ACKNOWLEDGED"),
      FasterThanRead("FASTER_THAN_READ"),
      OneHandler("ONE_HANDLER"),
      Recheck("RECHECK");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): ComplianceReviewKind? {
      return values().find { it.label == label }
    }
  }
}

/** What the officer found. */
enum class ComplianceReviewOutcome(val label: String) {
      InOrder("IN_ORDER"),
      ToInvestigate("TO_INVESTIGATE"),
      WithoutGround("WITHOUT_GROUND");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): ComplianceReviewOutcome? {
      return values().find { it.label == label }
    }
  }
}



/** How a review stands. */
enum class ComplianceReviewStatus(val label: String) {
      Decided("DECIDED"),
      Open("OPEN");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): ComplianceReviewStatus? {
      return values().find { it.label == label }
    }
  }
}

/** What the data concluded (大数据认证结论). */
enum class Conclusion(val label: String) {
      Disqualified("DISQUALIFIED"),
      Pending("PENDING"),
      Qualified("QUALIFIED");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): Conclusion? {
      return values().find { it.label == label }
    }
  }
}

data class ConfirmCertificationInput(
    val beneficiaryId: Any,
    val contact: ContactInput? = null,
    val handler: HandlerInput,
    val idempotencyKey: Any? = null,
    val version: Int? = null
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any,
      args["contact"]?.let { ContactInput(it as Map<String, Any>) },
      HandlerInput(args["handler"] as Map<String, Any>),
      args["idempotencyKey"] as Any?,
      args["version"] as Int?
  )
}

data class ContactInput(
    val householdAddress: String? = null,
    val phone: String? = null,
    val residenceAddress: String? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["householdAddress"] as String?,
      args["phone"] as String?,
      args["residenceAddress"] as String?
  )
}

data class DecideComplianceReviewInput(
    val idempotencyKey: Any? = null,
    val outcome: ComplianceReviewOutcome,
    val reason: String,
    val reviewId: Any
) {
  constructor(args: Map<String, Any>) : this(
      args["idempotencyKey"] as Any?,
      args["outcome"] as ComplianceReviewOutcome,
      args["reason"] as String,
      args["reviewId"] as Any
  )
}

data class DecideObjectionInput(
    val falseRecords: Iterable<FalseRecordInput>? = null,
    val idempotencyKey: Any? = null,
    val objectionId: Any,
    val outcome: ObjectionOutcome,
    val proofs: Iterable<ProofInput> = listOf(),
    val reason: String
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["falseRecords"]?.let { falseRecords -> (falseRecords as List<Map<String, Any>>).map { FalseRecordInput(it) } },
      args["idempotencyKey"] as Any?,
      args["objectionId"] as Any,
      args["outcome"] as ObjectionOutcome,
      args["proofs"]?.let { proofs -> (proofs as List<Map<String, Any>>).map { ProofInput(it) } } ?: listOf(),
      args["reason"] as String
  )
}



/** Where a message is. */
enum class DeliveryState(val label: String) {
      GivenUp("GIVEN_UP"),
      Overtaken("OVERTAKEN"),
      Sent("SENT"),
      Waiting("WAITING"),
      Withdrawn("WITHDRAWN");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): DeliveryState? {
      return values().find { it.label == label }
    }
  }
}



data class DocumentInput(
    val name: String,
    val sha256: String
) {
  constructor(args: Map<String, Any>) : this(
      args["name"] as String,
      args["sha256"] as String
  )
}





/** The rule by which a month is paid or not. */
enum class EntitlementBasis(val label: String) {
      Covered("COVERED"),
      Lapsed("LAPSED"),
      LateEnrolment("LATE_ENROLMENT"),
      NotBegun("NOT_BEGUN"),
      Reinstated("REINSTATED"),
      Suspended("SUSPENDED"),
      Terminated("TERMINATED"),
      Unknown("UNKNOWN");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): EntitlementBasis? {
      return values().find { it.label == label }
    }
  }
}





/** What kind of fact an answer rests on. */
enum class EntitlementFactKind(val label: String) {
      Act("ACT"),
      BackPay("BACK_PAY"),
      Case("CASE"),
      Loss("LOSS"),
      Payment("PAYMENT"),
      Period("PERIOD"),
      Rate("RATE"),
      Termination("TERMINATION"),
      Verdict("VERDICT"),
      Withdrawal("WITHDRAWAL");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): EntitlementFactKind? {
      return values().find { it.label == label }
    }
  }
}

/** What would change whether a month is paid. */
enum class EntitlementLever(val label: String) {
      Case("CASE"),
      Fail("FAIL"),
      NextPayroll("NEXT_PAYROLL"),
      Overpayment("OVERPAYMENT"),
      Pass("PASS"),
      PassAndCase("PASS_AND_CASE"),
      Review("REVIEW"),
      Termination("TERMINATION");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): EntitlementLever? {
      return values().find { it.label == label }
    }
  }
}

/** Why nothing was saved. The message of the error says it in words. */
enum class ErrorCode(val label: String) {
      AlreadyDecided("ALREADY_DECIDED"),
      AlreadyReviewed("ALREADY_REVIEWED"),
      AlreadyTerminated("ALREADY_TERMINATED"),
      AttestationExpired("ATTESTATION_EXPIRED"),
      AttestationNotForUs("ATTESTATION_NOT_FOR_US"),
      AttestationOfAnother("ATTESTATION_OF_ANOTHER"),
      AttestationTooWeak("ATTESTATION_TOO_WEAK"),
      BadCredentials("BAD_CREDENTIALS"),
      BadRefreshToken("BAD_REFRESH_TOKEN"),
      BadSecondFactor("BAD_SECOND_FACTOR"),
      ChallengeExpired("CHALLENGE_EXPIRED"),
      ChallengeUsed("CHALLENGE_USED"),
      ClockBehind("CLOCK_BEHIND"),
      ContactIncomplete("CONTACT_INCOMPLETE"),
      DisqualifiedNotAcknowledged("DISQUALIFIED_NOT_ACKNOWLEDGED"),
      DocumentRequired("DOCUMENT_REQUIRED"),
      DuplicateRow("DUPLICATE_ROW"),
      EmptyPage("EMPTY_PAGE"),
      FaceCheckUnavailable("FACE_CHECK_UNAVAILABLE"),
      HandlerRequired("HANDLER_REQUIRED"),
      IdempotencyKeyReused("IDEMPOTENCY_KEY_REUSED"),
      InvalidAmount("INVALID_AMOUNT"),
      InvalidAttestation("INVALID_ATTESTATION"),
      InvalidCause("INVALID_CAUSE"),
      InvalidContact("INVALID_CONTACT"),
      InvalidDocument("INVALID_DOCUMENT"),
      InvalidOccurredOn("INVALID_OCCURRED_ON"),
      InvalidRecord("INVALID_RECORD"),
      InvalidText("INVALID_TEXT"),
      NothingOwed("NOTHING_OWED"),
      NothingToReinstate("NOTHING_TO_REINSTATE"),
      NotDeclaredDead("NOT_DECLARED_DEAD"),
      NotFound("NOT_FOUND"),
      NotTheOwner("NOT_THE_OWNER"),
      ObjectionOpen("OBJECTION_OPEN"),
      OccurredOnRequired("OCCURRED_ON_REQUIRED"),
      OwnCase("OWN_CASE"),
      PassRequiredFirst("PASS_REQUIRED_FIRST"),
      PresenceProvesNothing("PRESENCE_PROVES_NOTHING"),
      ProofRequired("PROOF_REQUIRED"),
      ReasonRequired("REASON_REQUIRED"),
      ReinstatementOpen("REINSTATEMENT_OPEN"),
      ReviewerIsSubmitter("REVIEWER_IS_SUBMITTER"),
      SecondFactorNotEnrolled("SECOND_FACTOR_NOT_ENROLLED"),
      SecondFactorRequired("SECOND_FACTOR_REQUIRED"),
      StaleVersion("STALE_VERSION"),
      TooManyAttempts("TOO_MANY_ATTEMPTS"),
      TooManyRows("TOO_MANY_ROWS"),
      UnknownChallenge("UNKNOWN_CHALLENGE"),
      VerdictNotQualified("VERDICT_NOT_QUALIFIED");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): ErrorCode? {
      return values().find { it.label == label }
    }
  }
}



data class FalseRecordInput(
    val kind: String,
    val occurredOn: String
) {
  constructor(args: Map<String, Any>) : this(
      args["kind"] as String,
      args["occurredOn"] as String
  )
}

data class HandlerInput(
    val contact: String,
    val name: String
) {
  constructor(args: Map<String, Any>) : this(
      args["contact"] as String,
      args["name"] as String
  )
}



/** Whether a month was paid. */
enum class LedgerStatus(val label: String) {
      Paid("PAID"),
      Withheld("WITHHELD");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): LedgerStatus? {
      return values().find { it.label == label }
    }
  }
}

data class MutationBatchPassArgs(
    val input: BatchPassInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      BatchPassInput(args["input"] as Map<String, Any>)
  )
}
data class MutationCertificationChallengeArgs(
    val input: CertificationChallengeInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      CertificationChallengeInput(args["input"] as Map<String, Any>)
  )
}
data class MutationCertifyAtWindowArgs(
    val input: CertifyAtWindowInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      CertifyAtWindowInput(args["input"] as Map<String, Any>)
  )
}
data class MutationCertifySelfArgs(
    val input: CertifySelfInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      CertifySelfInput(args["input"] as Map<String, Any>)
  )
}
data class MutationConfirmCertificationArgs(
    val input: ConfirmCertificationInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      ConfirmCertificationInput(args["input"] as Map<String, Any>)
  )
}
data class MutationDecideComplianceReviewArgs(
    val input: DecideComplianceReviewInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      DecideComplianceReviewInput(args["input"] as Map<String, Any>)
  )
}
data class MutationDecideObjectionArgs(
    val input: DecideObjectionInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      DecideObjectionInput(args["input"] as Map<String, Any>)
  )
}
data class MutationOverrideVerdictArgs(
    val input: OverrideVerdictInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      OverrideVerdictInput(args["input"] as Map<String, Any>)
  )
}
data class MutationRefreshSessionArgs(
    val input: RefreshSessionInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      RefreshSessionInput(args["input"] as Map<String, Any>)
  )
}
data class MutationReportVerdictErrorArgs(
    val input: ReportVerdictErrorInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      ReportVerdictErrorInput(args["input"] as Map<String, Any>)
  )
}
data class MutationRequestReinstatementArgs(
    val input: RequestReinstatementInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      RequestReinstatementInput(args["input"] as Map<String, Any>)
  )
}
data class MutationRevealPersonalDataArgs(
    val input: RevealPersonalDataInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      RevealPersonalDataInput(args["input"] as Map<String, Any>)
  )
}
data class MutationReviewReinstatementArgs(
    val input: ReviewReinstatementInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      ReviewReinstatementInput(args["input"] as Map<String, Any>)
  )
}
data class MutationSettleOverpaymentArgs(
    val input: SettleOverpaymentInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      SettleOverpaymentInput(args["input"] as Map<String, Any>)
  )
}
data class MutationSignInArgs(
    val input: SignInInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      SignInInput(args["input"] as Map<String, Any>)
  )
}
data class MutationSubmitCertificationsArgs(
    val input: SubmitCertificationsInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      SubmitCertificationsInput(args["input"] as Map<String, Any>)
  )
}
data class MutationTakeObjectionArgs(
    val input: TakeObjectionInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      TakeObjectionInput(args["input"] as Map<String, Any>)
  )
}
data class MutationTerminateBenefitArgs(
    val input: TerminateBenefitInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      TerminateBenefitInput(args["input"] as Map<String, Any>)
  )
}
data class MutationUpdateContactArgs(
    val input: UpdateContactInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      UpdateContactInput(args["input"] as Map<String, Any>)
  )
}
data class MutationWithdrawReinstatementArgs(
    val input: WithdrawReinstatementInput
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      WithdrawReinstatementInput(args["input"] as Map<String, Any>)
  )
}







/** What comes next for a person. */
enum class NextStepKind(val label: String) {
      AwaitReview("AWAIT_REVIEW"),
      Certify("CERTIFY"),
      Payroll("PAYROLL"),
      RequestReinstatement("REQUEST_REINSTATEMENT"),
      UnitAnswers("UNIT_ANSWERS");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): NextStepKind? {
      return values().find { it.label == label }
    }
  }
}







/** What is wrong with a verdict. */
enum class ObjectionKind(val label: String) {
      DeclaredDead("DECLARED_DEAD"),
      Other("OTHER"),
      WrongPerson("WRONG_PERSON");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): ObjectionKind? {
      return values().find { it.label == label }
    }
  }
}

/** How fast an objection is answered. */
enum class ObjectionLane(val label: String) {
      Fast("FAST"),
      Ordinary("ORDINARY");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): ObjectionLane? {
      return values().find { it.label == label }
    }
  }
}

/** What the agency found. */
enum class ObjectionOutcome(val label: String) {
      DataWrong("DATA_WRONG"),
      RuleWrong("RULE_WRONG"),
      VerdictRight("VERDICT_RIGHT");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): ObjectionOutcome? {
      return values().find { it.label == label }
    }
  }
}



/** How an objection stands. */
enum class ObjectionStatus(val label: String) {
      Decided("DECIDED"),
      Reported("REPORTED"),
      Taken("TAKEN");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): ObjectionStatus? {
      return values().find { it.label == label }
    }
  }
}











data class OverrideVerdictInput(
    val beneficiaryId: Any,
    val contact: ContactInput? = null,
    val handler: HandlerInput,
    val idempotencyKey: Any? = null,
    val occurredOn: String? = null,
    val reason: String? = null,
    val survivalStatus: SurvivalStatus,
    val version: Int? = null
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any,
      args["contact"]?.let { ContactInput(it as Map<String, Any>) },
      HandlerInput(args["handler"] as Map<String, Any>),
      args["idempotencyKey"] as Any?,
      args["occurredOn"] as String?,
      args["reason"] as String?,
      args["survivalStatus"] as SurvivalStatus,
      args["version"] as Int?
  )
}

data class PageEntryInput(
    val beneficiaryId: Any,
    val contact: ContactInput? = null,
    val version: Int? = null
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any,
      args["contact"]?.let { ContactInput(it as Map<String, Any>) },
      args["version"] as Int?
  )
}







/** What goes out for an earlier month. */
enum class PaymentLineKind(val label: String) {
      Adjustment("ADJUSTMENT"),
      BackPay("BACK_PAY");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): PaymentLineKind? {
      return values().find { it.label == label }
    }
  }
}

/** How payment stands this month. */
enum class PaymentStatus(val label: String) {
      Lapsed("LAPSED"),
      Paying("PAYING"),
      Suspended("SUSPENDED"),
      Terminated("TERMINATED");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): PaymentStatus? {
      return values().find { it.label == label }
    }
  }
}





/** How a window saw a person. Notice 一(三). */
enum class Presence(val label: String) {
      Consulate("CONSULATE"),
      HomeVisit("HOME_VISIT"),
      InPerson("IN_PERSON"),
      Relative("RELATIVE");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): Presence? {
      return values().find { it.label == label }
    }
  }
}



data class ProofInput(
    val document: DocumentInput,
    val kind: ProofKind
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      DocumentInput(args["document"] as Map<String, Any>),
      args["kind"] as ProofKind
  )
}

/** In whose sight the person was. */
enum class ProofKind(val label: String) {
      Consulate("CONSULATE"),
      Document("DOCUMENT"),
      FaceCheck("FACE_CHECK"),
      HomeVisit("HOME_VISIT"),
      WindowVisit("WINDOW_VISIT");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): ProofKind? {
      return values().find { it.label == label }
    }
  }
}

data class QueryAuditTrailArgs(
    val action: Iterable<AuditAction>? = null,
    val after: String? = null,
    val before: String? = null,
    val beneficiaryId: Any? = null,
    val first: Int? = null,
    val from: String? = null,
    val last: Int? = null,
    val through: String? = null,
    val unitId: Any? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["action"] as Iterable<AuditAction>?,
      args["after"] as String?,
      args["before"] as String?,
      args["beneficiaryId"] as Any?,
      args["first"] as Int?,
      args["from"] as String?,
      args["last"] as Int?,
      args["through"] as String?,
      args["unitId"] as Any?
  )
}
data class QueryBeneficiariesByIdNumberArgs(
    val first: Int? = null,
    val idNumber: String
) {
  constructor(args: Map<String, Any>) : this(
      args["first"] as Int?,
      args["idNumber"] as String
  )
}
data class QueryBenefitsArgs(
    val first: Int? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["first"] as Int?
  )
}
data class QueryComplianceReviewsArgs(
    val after: String? = null,
    val answerAgain: AnswerAgainStatus? = null,
    val before: String? = null,
    val first: Int? = null,
    val kind: ComplianceReviewKind? = null,
    val last: Int? = null,
    val status: ComplianceReviewStatus? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["answerAgain"] as AnswerAgainStatus?,
      args["before"] as String?,
      args["first"] as Int?,
      args["kind"] as ComplianceReviewKind?,
      args["last"] as Int?,
      args["status"] as ComplianceReviewStatus?
  )
}
data class QueryNodeArgs(
    val id: Any
) {
  constructor(args: Map<String, Any>) : this(
      args["id"] as Any
  )
}
data class QueryNodesArgs(
    val ids: Iterable<Any>
) {
  constructor(args: Map<String, Any>) : this(
      args["ids"] as Iterable<Any>
  )
}
data class QueryObjectionsArgs(
    val after: String? = null,
    val before: String? = null,
    val first: Int? = null,
    val lane: ObjectionLane? = null,
    val last: Int? = null,
    val overdue: Boolean? = null,
    val status: ObjectionStatus? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["first"] as Int?,
      args["lane"] as ObjectionLane?,
      args["last"] as Int?,
      args["overdue"] as Boolean?,
      args["status"] as ObjectionStatus?
  )
}
data class QueryOverpaymentsArgs(
    val after: String? = null,
    val before: String? = null,
    val first: Int? = null,
    val last: Int? = null,
    val outstanding: Boolean = true
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["first"] as Int?,
      args["last"] as Int?,
      args["outstanding"] as Boolean? ?: true
  )
}
data class QueryRecheckDrawsArgs(
    val after: String? = null,
    val before: String? = null,
    val first: Int? = null,
    val last: Int? = null,
    val month: String
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["first"] as Int?,
      args["last"] as Int?,
      args["month"] as String
  )
}
data class QueryReinstatementsArgs(
    val after: String? = null,
    val before: String? = null,
    val beneficiaryId: Any? = null,
    val first: Int? = null,
    val last: Int? = null,
    val status: ReinstatementStatus? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["beneficiaryId"] as Any?,
      args["first"] as Int?,
      args["last"] as Int?,
      args["status"] as ReinstatementStatus?
  )
}
data class QueryUnitArgs(
    val siNumber: String? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["siNumber"] as String?
  )
}
data class QueryUnitsArgs(
    val after: String? = null,
    val before: String? = null,
    val first: Int? = null,
    val last: Int? = null,
    val search: String? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["first"] as Int?,
      args["last"] as Int?,
      args["search"] as String?
  )
}
data class QueryVerdictQualityArgs(
    val after: String? = null,
    val before: String? = null,
    val by: VerdictQualityDimension = VerdictQualityDimension.MONTH,
    val first: Int? = null,
    val from: String,
    val last: Int? = null,
    val through: String
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["by"] as VerdictQualityDimension? ?: VerdictQualityDimension.MONTH,
      args["first"] as Int?,
      args["from"] as String,
      args["last"] as Int?,
      args["through"] as String
  )
}
data class QueryWarningsArgs(
    val after: String? = null,
    val before: String? = null,
    val first: Int? = null,
    val last: Int? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["first"] as Int?,
      args["last"] as Int?
  )
}







data class RefreshSessionInput(
    val refreshToken: String
) {
  constructor(args: Map<String, Any>) : this(
      args["refreshToken"] as String
  )
}











/** How a case stands: submitted, and then one of the others for good. */
enum class ReinstatementStatus(val label: String) {
      Approved("APPROVED"),
      Rejected("REJECTED"),
      Submitted("SUBMITTED"),
      Withdrawn("WITHDRAWN");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): ReinstatementStatus? {
      return values().find { it.label == label }
    }
  }
}

data class ReportVerdictErrorInput(
    val beneficiaryId: Any,
    val handler: HandlerInput? = null,
    val idempotencyKey: Any? = null,
    val kind: ObjectionKind = ObjectionKind.OTHER,
    val month: String? = null,
    val proofs: Iterable<ProofInput> = listOf(),
    val statement: String
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any,
      args["handler"]?.let { HandlerInput(it as Map<String, Any>) },
      args["idempotencyKey"] as Any?,
      args["kind"] as ObjectionKind? ?: ObjectionKind.OTHER,
      args["month"] as String?,
      args["proofs"]?.let { proofs -> (proofs as List<Map<String, Any>>).map { ProofInput(it) } } ?: listOf(),
      args["statement"] as String
  )
}

data class RequestReinstatementInput(
    val beneficiaryId: Any,
    val documents: Iterable<DocumentInput>,
    val handler: HandlerInput,
    val idempotencyKey: Any? = null,
    val statement: String
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any,
      args["documents"]!!.let { documents -> (documents as List<Map<String, Any>>).map { DocumentInput(it) } },
      HandlerInput(args["handler"] as Map<String, Any>),
      args["idempotencyKey"] as Any?,
      args["statement"] as String
  )
}

data class RevealPersonalDataInput(
    val beneficiaryId: Any,
    val reason: String
) {
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any,
      args["reason"] as String
  )
}



data class ReviewReinstatementInput(
    val approve: Boolean,
    val idempotencyKey: Any? = null,
    val reason: String? = null,
    val reinstatementId: Any
) {
  constructor(args: Map<String, Any>) : this(
      args["approve"] as Boolean,
      args["idempotencyKey"] as Any?,
      args["reason"] as String?,
      args["reinstatementId"] as Any
  )
}

/** What an account may be. */
enum class Role(val label: String) {
      Auditor("AUDITOR"),
      Officer("OFFICER"),
      Person("PERSON"),
      Service("SERVICE"),
      Unit("UNIT"),
      Window("WINDOW");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): Role? {
      return values().find { it.label == label }
    }
  }
}

/** Why a row wants a look this month. Each value is a filter of the roster and a count of its summary. */
enum class RosterAttention(val label: String) {
      AnswerAgain("ANSWER_AGAIN"),
      ConfirmationOverdue("CONFIRMATION_OVERDUE"),
      ContactIncomplete("CONTACT_INCOMPLETE"),
      Lapsed("LAPSED"),
      LapsingSoon("LAPSING_SOON"),
      Overdue("OVERDUE"),
      Suspended("SUSPENDED"),
      Unanswered("UNANSWERED");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): RosterAttention? {
      return values().find { it.label == label }
    }
  }
}



/** A monthly run of the agency. */
enum class RunKind(val label: String) {
      Assess("ASSESS"),
      Payroll("PAYROLL"),
      Publish("PUBLISH");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): RunKind? {
      return values().find { it.label == label }
    }
  }
}



/** How a run stands. */
enum class RunState(val label: String) {
      Failed("FAILED"),
      Finished("FINISHED"),
      Running("RUNNING");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): RunState? {
      return values().find { it.label == label }
    }
  }
}

data class SettleOverpaymentInput(
    val amount: String,
    val beneficiaryId: Any,
    val idempotencyKey: Any? = null,
    val kind: SettlementKind,
    val reason: String? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["amount"] as String,
      args["beneficiaryId"] as Any,
      args["idempotencyKey"] as Any?,
      args["kind"] as SettlementKind,
      args["reason"] as String?
  )
}



/** How an overpayment is settled. */
enum class SettlementKind(val label: String) {
      Instalment("INSTALMENT"),
      PaidBack("PAID_BACK"),
      Refunded("REFUNDED"),
      Waived("WAIVED");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): SettlementKind? {
      return values().find { it.label == label }
    }
  }
}

data class SignInInput(
    val code: String? = null,
    val password: String,
    val username: String
) {
  constructor(args: Map<String, Any>) : this(
      args["code"] as String?,
      args["password"] as String,
      args["username"] as String
  )
}





data class SubmitCertificationsInput(
    val entries: Iterable<CertificationEntryInput>,
    val handler: HandlerInput,
    val idempotencyKey: Any? = null
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["entries"]!!.let { entries -> (entries as List<Map<String, Any>>).map { CertificationEntryInput(it) } },
      HandlerInput(args["handler"] as Map<String, Any>),
      args["idempotencyKey"] as Any?
  )
}

data class SubscriptionHeartbeatArgs(
    val count: Int = 3
) {
  constructor(args: Map<String, Any>) : this(
      args["count"] as Int? ?: 3
  )
}
data class SubscriptionRosterChangedArgs(
    val after: String? = null,
    val siNumber: String? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["siNumber"] as String?
  )
}
data class SubscriptionRunProgressArgs(
    val after: String? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?
  )
}
data class SubscriptionVerdictsPublishedArgs(
    val after: String? = null,
    val siNumber: String? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["siNumber"] as String?
  )
}

/** What the unit states of a person (生存状态). */
enum class SurvivalStatus(val label: String) {
      Deceased("DECEASED"),
      Imprisoned("IMPRISONED"),
      Missing("MISSING"),
      Normal("NORMAL");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): SurvivalStatus? {
      return values().find { it.label == label }
    }
  }
}

data class TakeObjectionInput(
    val idempotencyKey: Any? = null,
    val objectionId: Any
) {
  constructor(args: Map<String, Any>) : this(
      args["idempotencyKey"] as Any?,
      args["objectionId"] as Any
  )
}

data class TerminateBenefitInput(
    val beneficiaryId: Any,
    val cause: SurvivalStatus,
    val handler: HandlerInput,
    val idempotencyKey: Any? = null,
    val occurredOn: String,
    val version: Int? = null
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any,
      args["cause"] as SurvivalStatus,
      HandlerInput(args["handler"] as Map<String, Any>),
      args["idempotencyKey"] as Any?,
      args["occurredOn"] as String,
      args["version"] as Int?
  )
}

data class UnitBeneficiariesArgs(
    val after: String? = null,
    val attention: RosterAttention? = null,
    val before: String? = null,
    val category: BeneficiaryCategory = BeneficiaryCategory.RETIREE,
    val conclusion: Iterable<Conclusion>? = null,
    val first: Int? = null,
    val includeTerminated: Boolean = false,
    val last: Int? = null,
    val search: String? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["attention"] as RosterAttention?,
      args["before"] as String?,
      args["category"] as BeneficiaryCategory? ?: BeneficiaryCategory.RETIREE,
      args["conclusion"] as Iterable<Conclusion>?,
      args["first"] as Int?,
      args["includeTerminated"] as Boolean? ?: false,
      args["last"] as Int?,
      args["search"] as String?
  )
}
data class UnitSummaryArgs(
    val category: BeneficiaryCategory? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["category"] as BeneficiaryCategory?
  )
}













data class UpdateContactInput(
    val beneficiaryId: Any,
    val contact: ContactInput,
    val handler: HandlerInput,
    val idempotencyKey: Any? = null,
    val version: Int? = null
) {
  @Suppress("UNCHECKED_CAST")
  constructor(args: Map<String, Any>) : this(
      args["beneficiaryId"] as Any,
      ContactInput(args["contact"] as Map<String, Any>),
      HandlerInput(args["handler"] as Map<String, Any>),
      args["idempotencyKey"] as Any?,
      args["version"] as Int?
  )
}















data class VerdictMistakesCasesArgs(
    val after: String? = null,
    val before: String? = null,
    val first: Int? = null,
    val last: Int? = null
) {
  constructor(args: Map<String, Any>) : this(
      args["after"] as String?,
      args["before"] as String?,
      args["first"] as Int?,
      args["last"] as Int?
  )
}





/** By what wrong verdicts are counted. */
enum class VerdictQualityDimension(val label: String) {
      Class("CLASS"),
      Month("MONTH"),
      Source("SOURCE"),
      Unit("UNIT");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): VerdictQualityDimension? {
      return values().find { it.label == label }
    }
  }
}













/** Why somebody is warned. */
enum class WarningKind(val label: String) {
      AnswerAgainOverdue("ANSWER_AGAIN_OVERDUE"),
      AnswerOverdue("ANSWER_OVERDUE"),
      Lapsed("LAPSED"),
      Reinstated("REINSTATED"),
      Suspended("SUSPENDED"),
      WindowEntered("WINDOW_ENTERED");

  companion object {
    @JvmStatic
    fun valueOfLabel(label: String): WarningKind? {
      return values().find { it.label == label }
    }
  }
}

data class WithdrawReinstatementInput(
    val idempotencyKey: Any? = null,
    val reinstatementId: Any
) {
  constructor(args: Map<String, Any>) : this(
      args["idempotencyKey"] as Any?,
      args["reinstatementId"] as Any
  )
}
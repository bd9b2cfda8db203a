"""What a field costs, in points. One point is about the work of answering one plain field, some 20 µs.

A field of no other weight costs 1. Fields below a list count for each of its items.
"""

from __future__ import annotations

STATEMENT = 10
"""A field for which the database is asked something."""
ROW = 2
"""An item of a list, beside the fields that are asked of it."""
ACT = 100
"""A mutation: a transaction, its entry in the audit trail."""
ACT_ROW = 20
"""Each row of an act: checked, written, told in the trail."""
LOOK = 20
"""A request that is refused by a limit or not valid: it was read, and perhaps an entry told of it."""

WEIGHTS: dict[str, int] = {
    # Argon2 on purpose takes a processor for tenths of a second.
    "Mutation.signIn": 1_000,
    # A count reads every row of the list.
    "BeneficiaryConnection.totalCount": 50,
    "ReinstatementConnection.totalCount": 50,
    "OverpaymentConnection.totalCount": 50,
    "UnitConnection.totalCount": 50,
    "ObjectionConnection.totalCount": 50,
    "ComplianceReviewConnection.totalCount": 50,
    "RecheckDrawConnection.totalCount": 50,
    "Unit.summary": 200,
    # Reads of whole lives, told again.
    "Query.verdictQuality": 2_000,
    "RecheckDraw.holds": 500,
    "Beneficiary.entitlement": 30,
    "Beneficiary.stops": 20,
    "Beneficiary.reinstatement": 20,
    "Beneficiary.overpayment": 20,
    "Reinstatement.months": 20,
    "MyBenefit.nextSteps": 20,
    "MyBenefit.agency": 10,
    "MyStanding.benefits": 10,
    "MyStanding.seen": 10,
    "Reinstatement.amount": 20,
    "Reinstatement.lines": 20,
    # A statement for a page of them, little for each.
    "Beneficiary.objections": 5,
    "Beneficiary.answerAgain": 5,
    "Objection.verdict": 5,
    "Objection.falseRecords": 5,
    "Objection.earlierRuling": 5,
    "ComplianceReview.certification": 5,
    "VerdictMistake.verdict": 5,
    "Beneficiary.payments": 5,
    "Beneficiary.warnings": 5,
    "Beneficiary.verdicts": 5,
    "Beneficiary.certifications": 5,
    "Beneficiary.certificationPeriods": 5,
    # Introspection answers from memory, without a resolver.
    "__Type.ofType": 0,
}
"""By field. Of a field of Query and of Mutation that is not here: STATEMENT and ACT."""

ARGUMENTS: dict[str, int] = {"search": 100}
"""What an argument of that name adds where it is given: it reads past rows that it does not show."""

BY_ID: dict[str, int] = {"VerdictQuality": 2_000}
"""What of an object found by its id has to be worked out; in its list that was paid for with the list."""

ROWS: frozenset[str] = frozenset(
    {
        "BeneficiaryConnection.edges",
        "UnitConnection.edges",
        "VerdictConnection.edges",
        "CertificationConnection.edges",
        "CertificationPeriodConnection.edges",
        "ReinstatementConnection.edges",
        "OverpaymentConnection.edges",
        "AuditEntryConnection.edges",
        "ObjectionConnection.edges",
        "ComplianceReviewConnection.edges",
        "RecheckDrawConnection.edges",
        "VerdictQualityConnection.edges",
        "VerdictMistakeConnection.edges",
        "WarningConnection.edges",
        "CertificationPayload.beneficiaries",
        "CertificationPayload.userErrors",
        "UnsavedSubmission.entries",
        "UnsavedSubmission.acknowledgedDisqualified",
    }
)
"""Lists as long as the field above them was asked for: by `first` and `last`, or by the rows of its input."""

LISTS: dict[str, int] = {
    "Beneficiary.payments": 12,
    "Beneficiary.stops": 2,
    "Beneficiary.objections": 1,
    "Objection.proofs": 2,
    "Objection.falseRecords": 1,
    "ComplianceReview.facts": 4,
    "VerdictMistake.months": 3,
    "Beneficiary.warnings": 4,
    "Payment.backPayFor": 1,
    "Payment.lines": 2,
    "Entitlement.facts": 6,
    "Entitlement.changes": 3,
    "Reinstatement.months": 6,
    "Reinstatement.lines": 6,
    "Reinstatement.documents": 2,
    "Overpayment.months": 6,
    "Overpayment.settlements": 3,
    "MyStanding.benefits": 2,
    "MyStanding.seen": 12,
    "MyBenefit.nextSteps": 3,
    "AuditEntry.changes": 3,
    "AuditEntry.reasons": 1,
    "AuditEntry.facts": 3,
    "RosterChange.beneficiaries": 20,
    "CertificationChallengePayload.userErrors": 1,
    "AppearancePayload.userErrors": 1,
    "SignInPayload.userErrors": 1,
    "SignOutPayload.userErrors": 0,
    "PersonalDataPayload.userErrors": 1,
    "ReinstatementPayload.userErrors": 1,
    "OverpaymentPayload.userErrors": 1,
    "ObjectionPayload.missing": 1,
    "ObjectionPayload.alsoDecided": 1,
    "ObjectionPayload.userErrors": 1,
    "ComplianceReviewPayload.userErrors": 1,
    "UserError.path": 3,
    "__Schema.types": 110,
    "__Schema.directives": 6,
    "__Directive.locations": 4,
    "__Directive.args": 1,
    "__Type.fields": 4,
    "__Type.inputFields": 1,
    "__Type.interfaces": 1,
    "__Type.possibleTypes": 1,
    "__Type.enumValues": 2,
    "__Field.args": 1,
}
"""How long any other list usually is, no longer than it may be: nobody asks for a length."""

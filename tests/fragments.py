"""What tests ask of a person, an answer, a case and the money: fragments of GraphQL."""

PERSON = """
fragment Person on Beneficiary {
  id name version phone householdAddress residenceAddress contactComplete paymentStatus paidThrough answerBy confirmBy
  verdict { month conclusion description answered publishedOn lastActivity { kind month } }
  certificationPeriod { startMonth endMonth method }
  certificationPeriods { edges { node { startMonth endMonth method } } }
  certifications { edges { node { id method survivalStatus result at handlerName reason } } }
}
"""
ANSWER = (
    """
fragment Answer on CertificationPayload {
  renewed notice
  beneficiaries { ...Person }
  unsaved { entries { beneficiaryId survivalStatus reason contact { phone } } handlerName }
  userErrors { code message path beneficiaryId }
}
"""
    + PERSON
)
CASE = """
fragment Case on Reinstatement {
  id status months amount resumesFrom submittedBy reviewedBy reason lines { month amount paidWith }
}
"""
CASE_ANSWER = (
    """
fragment CaseAnswer on ReinstatementPayload {
  reinstatement { ...Case } userErrors { code message path beneficiaryId }
}
"""
    + CASE
)
MONEY = (
    """
fragment Money on Beneficiary {
  paymentStatus paidThrough
  payments { month status amount basis reason backPayFor total healedWith lines { kind month amount } }
  reinstatement { ...Case }
  stops { basis firstMonth lastMonth reason clause act { kind text id } }
  overpayment { amount settled outstanding months { month amount established } }
}
"""
    + CASE
)

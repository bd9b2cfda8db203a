"""The field's words in the API."""

import strawberry

from domain import audit, entitlement, next_step, overpayment, payroll, refusal, reinstatement, vocabulary, warning
from resolvers.entitlement import GroundKind
from storage.roster import Attention

strawberry.enum(
    vocabulary.Category,
    name="BeneficiaryCategory",
    description="Who draws the benefit: a retiree (离退休人员) or a survivor (遗属、供养亲属).",
)
strawberry.enum(
    vocabulary.Conclusion,
    description="What the data concluded (大数据认证结论): 丧失资格, 待核实 or 具备资格.",
)
strawberry.enum(vocabulary.SurvivalStatus, description="What the unit states of a person (生存状态).")
strawberry.enum(
    vocabulary.CertificationResult,
    description="What follows from the survival status (认定结果): 通过 or 不通过.",
)
strawberry.enum(
    vocabulary.Method,
    name="CertificationMethod",
    description="How a certification or a period came about.",
)
strawberry.enum(
    vocabulary.Presence,
    description="How a window saw a person: at the window, by a relative who brought a proof of life, at home, or by a"
    " consulate's certificate.",
)
strawberry.enum(
    vocabulary.PaymentStatus,
    description="How payment stands this month: running, run out (停发), held after a FAIL (暂停), or ended (终止).",
)
strawberry.enum(vocabulary.Role, description="What an account may be.")
strawberry.enum(
    Attention,
    name="RosterAttention",
    description="Why a row wants a look this month. Each value is a filter of the roster and a count of its summary.",
)
strawberry.enum(payroll.LedgerStatus, description="Whether a month was paid, or withheld for a reason.")
strawberry.enum(
    payroll.LineKind,
    name="PaymentLineKind",
    description="What goes out for an earlier month: back pay (补发) of a withheld one, or what a raise adds.",
)
strawberry.enum(
    entitlement.Basis,
    name="EntitlementBasis",
    description="The rule by which a month is paid or not. REINSTATED: withheld, and paid back by an approved case;"
    " LATE_ENROLMENT: enrolled after the month was frozen; UNKNOWN: not held on the day asked about.",
)
strawberry.enum(entitlement.Lever, name="EntitlementLever", description="What would change whether a month is paid.")
strawberry.enum(GroundKind, name="EntitlementFactKind", description="What kind of fact an answer rests on.")
strawberry.enum(
    reinstatement.ReinstatementStatus,
    description="How a case stands: submitted, and then approved, rejected or withdrawn for good.",
)
strawberry.enum(
    overpayment.SettlementKind,
    description="How an overpayment is settled: all that is outstanding paid back, an instalment, or waived. "
    "REFUNDED: what was collected for months that turned out to be owed was given back.",
)
strawberry.enum(
    next_step.Step,
    name="NextStepKind",
    description="What comes next: certify oneself, the unit's answer, a case to be asked for or reviewed, the payday.",
)
strawberry.enum(
    warning.WarningKind,
    description="Why somebody is warned: the last months of a period, payment that ran out, a FAIL, an approved case,"
    " and to the unit an answer that is overdue.",
)
strawberry.enum(
    warning.DeliveryState,
    description="Where a message is: waiting, sent, given up, or withdrawn because the person was recorded dead.",
)
strawberry.enum(audit.AuditAction, description="What an entry of the audit trail records.")
strawberry.enum(refusal.ErrorCode, description="Why nothing was saved. The message of the error says it in words.")

"""The field's words in the API."""

import strawberry

from domain import refusal, vocabulary
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
    vocabulary.PaymentStatus,
    description="How payment stands this month: running, run out (停发), held after a FAIL (暂停), or ended (终止).",
)
strawberry.enum(vocabulary.Role, description="What an account may be.")
strawberry.enum(
    Attention,
    name="RosterAttention",
    description="Why a row wants a look this month. Each value is a filter of the roster and a count of its summary.",
)
strawberry.enum(refusal.ErrorCode, description="Why nothing was saved. The message of the error says it in words.")

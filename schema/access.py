"""Who may use what: the rule of every field of every type, and nothing beside it. Rules 6.

Which rows a field then shows is the database's word (row-level security).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    get_named_type,
    get_operation_ast,
)
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from domain.access import UNMASKS
from domain.vocabulary import Role
from resolvers.errors import Forbidden, Unauthenticated
from schema.documents import of

Rule: TypeAlias = frozenset[Role] | None
"""The roles that may use a field; None is anybody, signed in or not."""

_ANYBODY: Rule = None
_SIGNED_IN: Rule = frozenset(Role)
_PERSON: Rule = frozenset({Role.PERSON})
_UNIT: Rule = frozenset({Role.UNIT})
_OFFICER: Rule = frozenset({Role.OFFICER})
_UNIT_OR_OFFICER: Rule = frozenset({Role.UNIT, Role.OFFICER})
_LISTS: Rule = frozenset({Role.UNIT, Role.OFFICER, Role.AUDITOR, Role.SERVICE})
_REVIEWS: Rule = frozenset({Role.OFFICER, Role.AUDITOR})
_UNIT_OR_PERSON: Rule = frozenset({Role.UNIT, Role.PERSON})
_WATCHED: Rule = frozenset({Role.UNIT, Role.AUDITOR})
_FOLLOWS: Rule = frozenset({Role.UNIT, Role.OFFICER, Role.AUDITOR})
_AGENCY: Rule = frozenset({Role.OFFICER, Role.AUDITOR, Role.SERVICE})
_WINDOW: Rule = frozenset({Role.WINDOW})
_IN_PERSON: Rule = frozenset({Role.PERSON, Role.WINDOW})
_DESKS: Rule = frozenset({Role.WINDOW, Role.OFFICER})

INTROSPECTS: Rule = frozenset({Role.OFFICER, Role.AUDITOR, Role.SERVICE})
"""Who may ask for the schema: internal tooling. In a demo everybody may."""
_INTROSPECTION = ("__schema", "__type")

_GRANTED: tuple[tuple[Rule, str], ...] = (
    (
        _ANYBODY,
        """
        Mutation: signIn refreshSession
        SignInPayload: accessToken expiresAt refreshToken refreshExpiresAt viewer userErrors
        UserError: code message path beneficiaryId
        Viewer: id role username unit today
        Unit: id siNumber name district
        """,
    ),
    (
        _SIGNED_IN,
        """
        Query: node nodes viewer unit
        Mutation: signOut signOutEverywhere
        Subscription: heartbeat
        SignOutPayload: ended userErrors
        Node: id
        PageInfo: hasNextPage hasPreviousPage startCursor endCursor
        Beneficiary: id unit category name idNumber phone householdAddress residenceAddress contactComplete version
            verdict verdicts certificationPeriod certificationPeriods certifications paymentStatus paidThrough answerBy
            confirmBy entitlement payments stops reinstatement overpayment
            objections answerAgain warnings
        AnswerAgain: id answerBy reason
        Warning: id kind month text warnedOn delivery beneficiary
        Delivery: id state channel attempts lastError closedAt
        Verdict: id month conclusion description publishedOn lastActivity answered
        LastActivity: id kind label month
        VerdictConnection: edges pageInfo
        VerdictEdge: cursor node
        CertificationPeriod: id startMonth endMonth method
        CertificationPeriodConnection: edges pageInfo
        CertificationPeriodEdge: cursor node
        Certification: id method survivalStatus result occurredOn at handlerName reason verdictMonth presence
        CertificationConnection: edges pageInfo
        CertificationEdge: cursor node
        Entitlement: id month payable basis reason clause paid amount facts changes
        EntitlementFact: kind text id
        EntitlementChange: id lever text by notBefore
        Payment: id month status amount basis reason backPayFor lines total healedWith
        PaymentLine: id kind month amount
        PaymentStop: id basis firstMonth lastMonth reason clause act
        Reinstatement: id beneficiary status months amount lines resumesFrom statement documents handlerName
            submittedBy submittedAt reviewedBy reviewedAt reason
        ReinstatementLine: id month amount paidWith
        Document: id name sha256
        Objection: id beneficiary verdict aboutTermination kind lane status statement proofs handlerName reportedAs
            reportedAt dueAt overdue owner outcome reason decidedAt decidedWith falseRecords reinstatement
        Proof: id kind document
        FalseRecord: id kind label month
        Overpayment: id beneficiary months amount settled outstanding refundDue settlements
        OverpaidMonth: id month amount established settled
        Settlement: id kind amount reason settledOn settledBy
        """,
    ),
    (
        _LISTS,
        """
        Query: units reinstatements overpayments objections
        ObjectionConnection: edges pageInfo totalCount
        ObjectionEdge: cursor node
        Unit: beneficiaries summary
        UnitSummary: id total disqualified pending qualified unanswered overdue lapsingSoon lapsed suspended
            contactIncomplete confirmationOverdue answerAgain
        UnitConnection: edges pageInfo totalCount
        UnitEdge: cursor node
        BeneficiaryConnection: edges pageInfo totalCount
        BeneficiaryEdge: cursor node
        ReinstatementConnection: edges pageInfo totalCount
        ReinstatementEdge: cursor node
        OverpaymentConnection: edges pageInfo totalCount
        OverpaymentEdge: cursor node
        """,
    ),
    (
        _WATCHED,
        """
        Query: auditTrail
        AuditEntryConnection: edges pageInfo
        AuditEntryEdge: cursor node
        AuditEntry: id entryNumber at action username role address unit beneficiary changes reasons facts sealed
        AuditChange: id field before after
        AuditFact: id name value
        """,
    ),
    (
        _FOLLOWS,
        """
        Subscription: rosterChanged verdictsPublished
        Unit: resumeToken
        RosterChange: id unit beneficiaries resumeToken
        VerdictsPublished: id unit month resumeToken
        """,
    ),
    (
        _AGENCY,
        """
        Subscription: runProgress
        RunProgress: id kind month done total state resumeToken
        """,
    ),
    (
        _REVIEWS,
        """
        Query: complianceReviews recheckDraws
        ComplianceReviewConnection: edges pageInfo totalCount
        ComplianceReviewEdge: cursor node
        ComplianceReview: id kind status unit month beneficiary certification facts openedAt outcome reason decidedBy
            decidedAt answerBy answerAgain
        ReviewFact: id name value
        Objection: earlierRuling
        EarlierRuling: id kind label month decidedOn district objection
        RecheckDrawConnection: edges pageInfo totalCount
        RecheckDrawEdge: cursor node
        RecheckDraw: id month district seed margin confidence population size drawnAt holds
        """,
    ),
    (
        _AGENCY,
        """
        Query: verdictQuality
        VerdictQualityConnection: edges pageInfo totalCount
        VerdictQualityEdge: cursor node
        VerdictQuality: id key unit falseDisqualified missedDeaths
        VerdictMistakes: id count days medianDays longestDays cases
        VerdictMistakeConnection: edges pageInfo totalCount
        VerdictMistakeEdge: cursor node
        VerdictMistake: id beneficiary verdict months since until days
        """,
    ),
    (
        _PERSON,
        """
        Query: benefits myStanding
        MyStanding: id today benefits seen
        MyBenefit: id beneficiary nextSteps agency
        NextStep: id step by text
        Agency: id district phone address hours
        Mutation: certificationChallenge certifySelf
        CertificationChallengePayload: nonce expiresAt issuer audience userErrors
        """,
    ),
    (_WINDOW, "Mutation: certifyAtWindow"),
    (_IN_PERSON, "AppearancePayload: beneficiary renewed notice userErrors"),
    (_DESKS, "Query: beneficiariesByIdNumber"),
    (
        _UNIT,
        """
        Query: warnings
        WarningConnection: edges pageInfo
        WarningEdge: cursor node
        Mutation: confirmCertification overrideVerdict submitCertifications batchPass updateContact terminateBenefit
        CertificationPayload: beneficiaries renewed notice unsaved userErrors
        UnsavedSubmission: id entries handlerName handlerContact reason acknowledgedDisqualified
        UnsavedEntry: id beneficiaryId version survivalStatus occurredOn reason contact
        UnsavedContact: id phone householdAddress residenceAddress
        """,
    ),
    (
        _UNIT_OR_OFFICER,
        """
        Mutation: requestReinstatement withdrawReinstatement
        ReinstatementPayload: reinstatement userErrors
        """,
    ),
    (_UNIT_OR_PERSON, "Mutation: reportVerdictError"),
    (
        frozenset({Role.UNIT, Role.PERSON, Role.OFFICER}),
        "ObjectionPayload: objection reinstatement missing alsoDecided userErrors",
    ),
    (
        UNMASKS,
        """
        Mutation: revealPersonalData
        PersonalDataPayload: idNumber phone householdAddress residenceAddress userErrors
        """,
    ),
    (
        _OFFICER,
        """
        Mutation: reviewReinstatement settleOverpayment takeObjection decideObjection
            decideComplianceReview
        ComplianceReviewPayload: review userErrors
        OverpaymentPayload: overpayment userErrors
        """,
    ),
)


def _rules() -> Iterator[tuple[str, Rule]]:
    """Each field as `Type.field` with its rule."""
    for rule, granted in _GRANTED:
        owner = ""
        for word in granted.split():
            if word.endswith(":"):
                owner = word.removesuffix(":")
            else:
                yield f"{owner}.{word}", rule


RULES: dict[str, Rule] = dict(_rules())


def may_introspect(role: Role | None) -> bool:
    """Whether that role is internal tooling's."""
    return INTROSPECTS is None or role in INTROSPECTS


class Access(SchemaExtension):
    """Refuses an operation as a whole, before it runs, when one of its fields is not the caller's to use."""

    def on_validate(self) -> Iterator[None]:
        execution = self.execution_context
        document = execution.graphql_document
        operation = get_operation_ast(document, execution.operation_name) if document else None
        if document and operation and not execution.pre_execution_errors:
            caller = execution.context.caller
            inspects = None if execution.context.open_to_introspection else INTROSPECTS
            refused = _refusal(fields_used(execution, operation), caller.role if caller else None, inspects)
            if refused is not None:
                execution.pre_execution_errors = [refused]
        yield


def _refusal(used: dict[str, FieldNode], role: Role | None, inspects: Rule) -> GraphQLError | None:
    for field, node in used.items():
        rule = inspects if node.name.value in _INTROSPECTION else RULES.get(field, frozenset())
        if rule is not None and role not in rule:
            why = Unauthenticated() if role is None else Forbidden()
            return GraphQLError("", [node], original_error=why)
    return None


def fields_used(execution: ExecutionContext, operation: OperationDefinitionNode) -> dict[str, FieldNode]:
    """`fields_of` an operation of the document that is executed, read once."""
    document = of(execution)
    graph = execution.schema._schema
    return document.once(("fields", id(operation)), lambda: fields_of(graph, document.node, operation))


def fields_of(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> dict[str, FieldNode]:
    """Every field that the operation uses, as `Type.field` with its first place. Each fragment is read once.

    Of what introspection answers, only the way in.
    """
    fragments = {d.name.value: d for d in document.definitions if isinstance(d, FragmentDefinitionNode)}
    found: dict[str, FieldNode] = {}
    root = schema.get_root_type(operation.operation)
    assert root is not None  # the document was validated
    to_read: list[tuple[SelectionSetNode, GraphQLNamedType]] = [(operation.selection_set, root)]
    while to_read:
        selections, owner = to_read.pop()
        for selection in selections.selections:
            match selection:
                case FieldNode() if selection.name.value in _INTROSPECTION:
                    found.setdefault(f"{owner.name}.{selection.name.value}", selection)
                case FieldNode() if not selection.name.value.startswith("__"):
                    field = owner.fields[selection.name.value]  # type: ignore[attr-defined]
                    found.setdefault(f"{owner.name}.{selection.name.value}", selection)
                    if selection.selection_set is not None:
                        to_read.append((selection.selection_set, get_named_type(field.type)))
                case InlineFragmentNode():
                    to_read.append((selection.selection_set, _on(schema, selection, owner)))
                case FragmentSpreadNode() if fragment := fragments.pop(selection.name.value, None):
                    to_read.append((fragment.selection_set, _on(schema, fragment, owner)))
    return found


def _on(
    schema: GraphQLSchema, fragment: InlineFragmentNode | FragmentDefinitionNode, owner: GraphQLNamedType
) -> GraphQLNamedType:
    condition = fragment.type_condition
    return schema.type_map[condition.name.value] if condition else owner

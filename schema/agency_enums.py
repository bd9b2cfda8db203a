"""The words of what the agency looks into: objections, compliance reviews, the quality of verdicts."""

from domain import compliance, objection, quality, vocabulary
from schema.enums import named

named(
    objection.ObjectionKind,
    "What is wrong with a verdict.",
    DECLARED_DEAD="A living person was declared dead, by a record or by the unit's statement.",
    WRONG_PERSON="It rests on a record of somebody else.",
    OTHER="Something else.",
)
named(
    objection.ObjectionStatus,
    "How an objection stands.",
    REPORTED="Waits for an officer.",
    TAKEN="An officer answers for it.",
    DECIDED="Decided, for good.",
)
named(
    objection.Outcome,
    "What the agency found.",
    called="ObjectionOutcome",
    DATA_WRONG="The data were wrong.",
    RULE_WRONG="The data were right, and the rule was wrong.",
    VERDICT_RIGHT="The verdict was right.",
)
named(
    vocabulary.Lane,
    "How fast an objection is answered.",
    called="ObjectionLane",
    FAST="Before all others: somebody was declared dead.",
    ORDINARY="In its turn.",
)
named(
    vocabulary.ProofKind,
    "In whose sight the person was.",
    WINDOW_VISIT="At a service window (经办窗口).",
    HOME_VISIT="Visited at home (上门).",
    FACE_CHECK="By a check of the face (人脸识别).",
    CONSULATE="At a consulate (驻外使领馆).",
    DOCUMENT="A document alone, which shows nobody (证件认证).",
)
named(
    compliance.ReviewKind,
    "Why the agency looks.",
    called="ComplianceReviewKind",
    AGAINST_DISQUALIFIED="A PASS against a DISQUALIFIED verdict.",
    BATCH_ACKNOWLEDGED="A DISQUALIFIED row that was acknowledged in a batch pass.",
    AFTER_DEATH_RECORD="A PASS after a record of a death.",
    FASTER_THAN_READ="Rows were passed faster than they can be read.",
    ALL_PASSED="A unit passed everybody.",
    ONE_HANDLER="One handler (经办人) acted for many units.",
    RECHECK="Chance: the PASS was drawn, to be checked again.",
)
named(
    compliance.ReviewStatus,
    "How a review stands.",
    called="ComplianceReviewStatus",
    OPEN="Waits for an officer.",
    DECIDED="Decided, for good.",
)
named(
    compliance.ReviewOutcome,
    "What the officer found.",
    called="ComplianceReviewOutcome",
    IN_ORDER="All was in order.",
    WITHOUT_GROUND="Passed without ground; the unit is asked anew.",
    TO_INVESTIGATE="To be investigated by who is responsible for that.",
)
named(
    compliance.AnswerAgainStatus,
    "Whether the unit has stated anew what it passed without ground.",
    AWAITED="The unit still has time.",
    OVERDUE="The day has passed (逾期未提报); payment does not stop by it.",
    ANSWERED="The unit has acted on the row since, or the benefit has ended.",
)
named(
    quality.Dimension,
    "By what wrong verdicts are counted.",
    called="VerdictQualityDimension",
    MONTH="By the month of the first wrong verdict.",
    UNIT="By the person's unit.",
    SOURCE="By the department from which the record came.",
    CLASS="By the class of the record's kind.",
)

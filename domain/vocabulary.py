"""The field's words, as closed sets of values. Their names are those of the API and of the database."""

from enum import StrEnum


class Category(StrEnum):
    """Who draws a benefit. Notice 二."""

    RETIREE = "RETIREE"
    SURVIVOR = "SURVIVOR"


class Conclusion(StrEnum):
    """What the data concluded about a person, worst first. Notice 附6."""

    DISQUALIFIED = "DISQUALIFIED"
    PENDING = "PENDING"
    QUALIFIED = "QUALIFIED"


class SurvivalStatus(StrEnum):
    """What a unit states of a person. Notice 附7."""

    NORMAL = "NORMAL"
    DECEASED = "DECEASED"
    MISSING = "MISSING"
    IMPRISONED = "IMPRISONED"


class CertificationResult(StrEnum):
    """What follows from the survival status. Notice 附7."""

    PASS = "PASS"
    FAIL = "FAIL"


class Method(StrEnum):
    """How a certification or a period came about."""

    CONFIRM = "CONFIRM"
    OVERRIDE = "OVERRIDE"
    BATCH_PASS = "BATCH_PASS"
    CONTACT_UPDATE = "CONTACT_UPDATE"
    SELF = "SELF"
    SERVICE_WINDOW = "SERVICE_WINDOW"
    VERDICT = "VERDICT"
    ENROLMENT = "ENROLMENT"


class Presence(StrEnum):
    """How a window saw a person. Notice 一(三)."""

    IN_PERSON = "IN_PERSON"
    RELATIVE = "RELATIVE"
    HOME_VISIT = "HOME_VISIT"
    CONSULATE = "CONSULATE"


class PaymentStatus(StrEnum):
    """Whether money flows in a month. LAPSED ran out, SUSPENDED was failed, TERMINATED has ended."""

    PAYING = "PAYING"
    LAPSED = "LAPSED"
    SUSPENDED = "SUSPENDED"
    TERMINATED = "TERMINATED"


class Role(StrEnum):
    """What an account may be."""

    UNIT = "UNIT"
    PERSON = "PERSON"
    WINDOW = "WINDOW"
    OFFICER = "OFFICER"
    AUDITOR = "AUDITOR"
    SERVICE = "SERVICE"


class Source(StrEnum):
    """The departments whose data is matched. Notice 一(三)."""

    HUMAN_RESOURCES = "human_resources"
    MEDICAL_INSURANCE = "medical_insurance"
    HEALTH = "health"
    TRANSPORT = "transport"
    JUSTICE = "justice"
    BANKS = "banks"


class EvidenceClass(StrEnum):
    """How much a record proves. A to C are signs of life, D and E of loss."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"


class VerdictRenews(StrEnum):
    """Whether a QUALIFIED verdict renews by itself or only when the unit confirms it."""

    ON_PUBLICATION = "on_publication"
    ON_CONFIRMATION = "on_confirmation"


class Lane(StrEnum):
    """How fast an objection is answered."""

    FAST = "FAST"
    ORDINARY = "ORDINARY"


class ProofKind(StrEnum):
    """What a proof shows: in whose sight the person was. A DOCUMENT alone shows nobody."""

    WINDOW_VISIT = "WINDOW_VISIT"
    HOME_VISIT = "HOME_VISIT"
    FACE_CHECK = "FACE_CHECK"
    CONSULATE = "CONSULATE"
    DOCUMENT = "DOCUMENT"

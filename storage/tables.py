"""The tables, declared once; those of money, of cases, of signing in and of the audit trail stand beside this file.

The migrations make them; a test holds the two together.

What a column type cannot say (generated columns, checks, exclusion and temporal keys, privileges) stands in the
migrations, which are the database's own word.
"""

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import DATERANGE, Range
from sqlmodel import Field, SQLModel

from storage import (  # noqa: F401  so that METADATA knows them as well
    allowance_tables,
    appearance_tables,
    audit_tables,
    case_tables,
    document_tables,
    event_tables,
    money_tables,
    sign_in_tables,
    warning_tables,
)
from storage.columns import identity, instant, reference

METADATA = SQLModel.metadata


class CycleLength(SQLModel, table=True):
    __tablename__ = "cycle_lengths"
    category: str = Field(sa_type=Text, primary_key=True)
    months: int = Field(sa_type=Integer, primary_key=True)


class DataKey(SQLModel, table=True):
    """A wrapped key for personal data."""

    __tablename__ = "data_keys"
    __table_args__ = (Index("data_keys_current", "purpose", unique=True, postgresql_where=text("current")),)
    id: int = identity()
    purpose: str = Field(sa_type=Text)
    cipher: str | None = Field(sa_type=Text)
    wrapped: bytes = Field(sa_type=LargeBinary)
    current: bool
    made_at: datetime = instant()


class Unit(SQLModel, table=True):
    __tablename__ = "units"
    id: int = identity()
    si_number: str = Field(sa_type=Text, unique=True)
    name: str = Field(sa_type=Text)
    district: str = Field(sa_type=Text)


class Person(SQLModel, table=True):
    __tablename__ = "persons"
    id: int = identity()
    id_number_digest: bytes = Field(sa_type=LargeBinary, unique=True)
    id_number_sealed: bytes = Field(sa_type=LargeBinary)


class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int = identity()
    username: str = Field(sa_type=Text, unique=True)
    role: str = Field(sa_type=Text)
    unit_id: int | None = reference("units.id", nullable=True)
    district: str | None = Field(sa_type=Text)
    person_id: int | None = reference("persons.id", nullable=True)
    password_hash: str = Field(sa_type=Text)
    closed_at: datetime | None = instant(nullable=True)
    duty: str | None = Field(
        sa_column_args=[
            Computed(
                "CASE role WHEN 'UNIT' THEN 'certifies' WHEN 'WINDOW' THEN 'certifies' WHEN 'OFFICER' THEN 'decides'"
                " WHEN 'AUDITOR' THEN 'watches' WHEN 'SERVICE' THEN 'runs' END",
                persisted=True,
            )
        ],
        sa_type=Text,
    )


class Beneficiary(SQLModel, table=True):
    """One person drawing one benefit through one unit, with the current standing."""

    __tablename__ = "beneficiaries"
    __table_args__ = (
        UniqueConstraint("unit_id", "category", "person_id"),
        Index("beneficiaries_roster", "unit_id", "category", "roster_rank", "id"),
        Index("beneficiaries_person", "person_id"),
    )
    id: int = identity()
    unit_id: int = reference("units.id")
    category: str = Field(sa_type=Text)
    person_id: int = reference("persons.id")
    name: str = Field(sa_type=Text)
    id_number_masked: str = Field(sa_type=Text)
    phone: str | None = Field(sa_type=Text)
    household_address: str | None = Field(sa_type=Text)
    residence_address: str | None = Field(sa_type=Text)
    benefit_from: date
    version: int = Field(sa_column=Column(Integer, nullable=False, server_default=text("1")))
    confirmed_in: date
    verdict_month: date | None
    conclusion: str | None = Field(sa_type=Text)
    verdict_rule: str | None = Field(sa_type=Text)
    loss_kind: str | None = Field(sa_type=Text)
    loss_on: date | None
    activity_kind: str | None = Field(sa_type=Text)
    activity_on: date | None
    verdict_published_on: date | None
    verdict_assessed_at: datetime | None = instant(nullable=True)
    verdict_answered: bool | None
    period_start: date | None
    period_end: date | None
    period_method: str | None = Field(sa_type=Text)
    paid_through: date | None
    suspended_from: date | None
    held_through: date | None
    terminated_from: date | None
    contact_complete: bool = Field(
        sa_column_args=[
            Computed(
                "phone IS NOT NULL AND household_address IS NOT NULL AND residence_address IS NOT NULL",
                persisted=True,
            )
        ]
    )
    roster_rank: int = Field(
        sa_type=SmallInteger,
        sa_column_args=[
            Computed(
                "CASE WHEN terminated_from IS NOT NULL THEN 4 WHEN conclusion = 'DISQUALIFIED' THEN 0"
                " WHEN conclusion = 'PENDING' THEN 1 WHEN conclusion = 'QUALIFIED' THEN 2 ELSE 3 END",
                persisted=True,
            )
        ],
    )


class Evidence(SQLModel, table=True):
    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("source", "reference"), Index("evidence_person", "person_id"))
    id: int = identity()
    person_id: int = reference("persons.id")
    source: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    occurred_on: date
    reference: str = Field(sa_type=Text)
    received_at: datetime = instant()


class EvidenceFoundWrong(SQLModel, table=True):
    __tablename__ = "evidence_found_wrong"
    evidence_id: int = reference("evidence.id", primary_key=True)
    reason: str = Field(sa_type=Text)
    at: datetime = instant()


class BatchClock(SQLModel, table=True):
    __tablename__ = "batch_clock"
    only_row: bool = Field(sa_column=Column(Boolean, primary_key=True, server_default=text("true")))
    last: datetime = instant()


class Assessment(SQLModel, table=True):
    __tablename__ = "assessments"
    month: date = Field(primary_key=True)
    assessed_at: datetime = instant()


class _Concluded(SQLModel):
    conclusion: str = Field(sa_type=Text)
    rule: str = Field(sa_type=Text)
    loss_kind: str | None = Field(sa_type=Text)
    loss_on: date | None
    activity_kind: str | None = Field(sa_type=Text)
    activity_on: date | None


class DraftVerdict(_Concluded, table=True):
    __tablename__ = "draft_verdicts"
    month: date = Field(primary_key=True)
    beneficiary_id: int = Field(sa_type=BigInteger, primary_key=True)


class Publication(SQLModel, table=True):
    __tablename__ = "publications"
    __table_args__ = (
        Index(
            "publications_one_at_a_time",
            text("(finished_at IS NULL)"),
            unique=True,
            postgresql_where=text("finished_at IS NULL"),
        ),
    )
    month: date = Field(primary_key=True)
    published_on: date
    assessed_at: datetime = instant()
    at: datetime = instant()
    finished_at: datetime | None = instant(nullable=True)
    through: int = Field(sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    people: int | None = Field(sa_type=Integer, sa_column_kwargs={"server_default": "0"})
    renewed: int | None = Field(sa_type=Integer, sa_column_kwargs={"server_default": "0"})


class VerdictDue(_Concluded, table=True):
    __tablename__ = "verdicts_due"
    beneficiary_id: int = Field(sa_type=BigInteger, primary_key=True)
    version: int
    """Of the person's row, when it was concluded."""


class Verdict(_Concluded, table=True):
    __tablename__ = "verdicts"
    __table_args__ = (
        Index(
            "verdicts_open",
            "beneficiary_id",
            "month",
            "version",
            postgresql_include=["published_on"],
            postgresql_where=text("conclusion <> 'QUALIFIED'"),
        ),
    )
    beneficiary_id: int = Field(sa_type=BigInteger, primary_key=True)
    month: date = Field(primary_key=True)
    version: int = Field(sa_type=Integer)
    published_on: date | None


class _Acted(SQLModel):
    """By which account an act was, and when."""

    version: int = Field(sa_type=Integer)
    account_id: int = reference("accounts.id")
    acted_on: date
    at: datetime = instant()


class Certification(_Acted, table=True):
    __tablename__ = "certifications"
    __table_args__ = (
        UniqueConstraint("beneficiary_id", "version"),
        ForeignKeyConstraint(["beneficiary_id", "verdict_month"], ["verdicts.beneficiary_id", "verdicts.month"]),
        Index(
            "certifications_answering_losses",
            "beneficiary_id",
            "answers_losses_through",
            postgresql_where=text("answers_losses_through IS NOT NULL"),
        ),
        Index("certifications_acted_on", "acted_on", postgresql_using="brin"),
        Index("certifications_failed", "beneficiary_id", postgresql_where=text("result = 'FAIL'")),
    )
    id: int = identity()
    beneficiary_id: int = reference("beneficiaries.id")
    handler_name: str | None = Field(sa_type=Text)
    handler_contact: str | None = Field(sa_type=Text)
    method: str = Field(sa_type=Text)
    result: str = Field(sa_type=Text)
    survival_status: str = Field(sa_type=Text)
    occurred_on: date | None
    reason: str | None = Field(sa_type=Text)
    verdict_month: date | None
    answers_losses_through: datetime | None = instant(nullable=True)


class Termination(_Acted, table=True):
    __tablename__ = "terminations"
    __table_args__ = (UniqueConstraint("beneficiary_id", "version"),)
    beneficiary_id: int = reference("beneficiaries.id", primary_key=True)
    place: int = Field(sa_column=Column(Integer, primary_key=True, server_default=text("1")))
    handler_name: str = Field(sa_type=Text)
    handler_contact: str = Field(sa_type=Text)
    cause: str = Field(sa_type=Text)
    occurred_on: date


class CertificationPeriod(SQLModel, table=True):
    """A period as it was opened, and what of it is in force."""

    __tablename__ = "certification_periods"
    __table_args__ = (UniqueConstraint("beneficiary_id", "version"),)
    id: int = identity()
    beneficiary_id: int = Field(sa_type=BigInteger)
    category: str = Field(sa_type=Text)
    version: int = Field(sa_type=Integer)
    start_month: date
    end_month: date
    cycle_months: int = Field(sa_type=Integer)
    method: str = Field(sa_type=Text)
    in_force: Range[date] = Field(sa_column=Column(DATERANGE, nullable=False))
    at: datetime = instant()


class IdempotencyKey(SQLModel, table=True):
    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("idempotency_keys_at", "at"),)
    account_id: int = reference("accounts.id", primary_key=True)
    key: str = Field(sa_type=Text, primary_key=True)
    digest: bytes = Field(sa_type=LargeBinary)
    answer: str | None = Field(sa_type=Text)
    at: datetime = instant()

"""The tables, declared once. The migrations make them; a test holds the two together.

What a column type cannot say (generated columns, checks, exclusion and temporal keys, privileges) stands in the
migrations, which are the database's own word.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    Numeric,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, TSTZRANGE, Range
from sqlmodel import Field, SQLModel

METADATA = SQLModel.metadata


def _id() -> Any:
    return Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))


def _reference(target: str, *, nullable: bool = False, primary_key: bool = False) -> Any:
    return Field(foreign_key=target, sa_type=BigInteger, nullable=nullable, primary_key=primary_key)


def _instant(*, nullable: bool = False) -> Any:
    return Field(sa_type=DateTime(timezone=True), nullable=nullable)


class CycleLength(SQLModel, table=True):
    __tablename__ = "cycle_lengths"
    category: str = Field(sa_type=Text, primary_key=True)
    months: int = Field(sa_type=Integer, primary_key=True)


class Unit(SQLModel, table=True):
    __tablename__ = "units"
    id: int = _id()
    si_number: str = Field(sa_type=Text, unique=True)
    name: str = Field(sa_type=Text)
    district: str = Field(sa_type=Text)


class Person(SQLModel, table=True):
    __tablename__ = "persons"
    id: int = _id()
    id_number: str = Field(sa_type=Text, unique=True)


class Account(SQLModel, table=True):
    __tablename__ = "accounts"
    id: int = _id()
    username: str = Field(sa_type=Text, unique=True)
    role: str = Field(sa_type=Text)
    unit_id: int | None = _reference("units.id", nullable=True)
    district: str | None = Field(sa_type=Text)
    person_id: int | None = _reference("persons.id", nullable=True)
    password_hash: str = Field(sa_type=Text)


class Beneficiary(SQLModel, table=True):
    """One person drawing one benefit through one unit, with the current standing."""

    __tablename__ = "beneficiaries"
    __table_args__ = (
        UniqueConstraint("unit_id", "category", "person_id"),
        UniqueConstraint("id", "category"),
        Index("beneficiaries_roster", "unit_id", "category", "roster_rank", "id"),
        Index("beneficiaries_person", "person_id"),
    )
    id: int = _id()
    unit_id: int = _reference("units.id")
    category: str = Field(sa_type=Text)
    person_id: int = _reference("persons.id")
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
    verdict_assessed_at: datetime | None = _instant(nullable=True)
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


class BenefitRate(SQLModel, table=True):
    """An amount from a month on, and from when to when it was held to be true."""

    __tablename__ = "benefit_rates"
    __table_args__ = (
        Index(
            "benefit_rates_held", "beneficiary_id", "from_month", unique=True, postgresql_where=text("upper_inf(known)")
        ),
        Index("benefit_rates_announced", text("lower(known)")),
    )
    beneficiary_id: int = _reference("beneficiaries.id", primary_key=True)
    from_month: date = Field(primary_key=True)
    known: Range[datetime] = Field(sa_column=Column(TSTZRANGE, primary_key=True))
    monthly_amount: Decimal = Field(sa_type=Numeric(12, 2))


class Evidence(SQLModel, table=True):
    __tablename__ = "evidence"
    __table_args__ = (UniqueConstraint("source", "reference"), Index("evidence_person", "person_id"))
    id: int = _id()
    person_id: int = _reference("persons.id")
    source: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    occurred_on: date
    reference: str = Field(sa_type=Text)
    received_at: datetime = _instant()


class EvidenceFoundWrong(SQLModel, table=True):
    __tablename__ = "evidence_found_wrong"
    evidence_id: int = _reference("evidence.id", primary_key=True)
    reason: str = Field(sa_type=Text)
    at: datetime = _instant()


class BatchClock(SQLModel, table=True):
    __tablename__ = "batch_clock"
    only_row: bool = Field(sa_column=Column(Boolean, primary_key=True, server_default=text("true")))
    last: datetime = _instant()


class Assessment(SQLModel, table=True):
    __tablename__ = "assessments"
    month: date = Field(primary_key=True)
    assessed_at: datetime = _instant()


class _Concluded(SQLModel):
    conclusion: str = Field(sa_type=Text)
    rule: str = Field(sa_type=Text)
    loss_kind: str | None = Field(sa_type=Text)
    loss_on: date | None
    activity_kind: str | None = Field(sa_type=Text)
    activity_on: date | None


class DraftVerdict(_Concluded, table=True):
    __tablename__ = "draft_verdicts"
    month: date = Field(primary_key=True, foreign_key="assessments.month", ondelete="CASCADE")
    beneficiary_id: int = _reference("beneficiaries.id", primary_key=True)


class Publication(SQLModel, table=True):
    __tablename__ = "publications"
    month: date = Field(primary_key=True)
    published_on: date
    assessed_at: datetime = _instant()
    at: datetime = _instant()


class Verdict(_Concluded, table=True):
    __tablename__ = "verdicts"
    beneficiary_id: int = _reference("beneficiaries.id", primary_key=True)
    month: date = Field(primary_key=True, foreign_key="publications.month")
    version: int = Field(sa_type=Integer)


class _Acted(SQLModel):
    """Who answers for an act, and when it was."""

    version: int = Field(sa_type=Integer)
    handler_name: str = Field(sa_type=Text)
    handler_contact: str = Field(sa_type=Text)
    account_id: int = _reference("accounts.id")
    acted_on: date
    at: datetime = _instant()


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
        Index("certifications_failed", "beneficiary_id", postgresql_where=text("result = 'FAIL'")),
    )
    id: int = _id()
    beneficiary_id: int = _reference("beneficiaries.id")
    method: str = Field(sa_type=Text)
    result: str = Field(sa_type=Text)
    survival_status: str = Field(sa_type=Text)
    occurred_on: date | None
    reason: str | None = Field(sa_type=Text)
    verdict_month: date | None
    answers_losses_through: datetime | None = _instant(nullable=True)


class ComplianceReview(SQLModel, table=True):
    __tablename__ = "compliance_reviews"
    __table_args__ = (
        ForeignKeyConstraint(
            ["beneficiary_id", "version"], ["certifications.beneficiary_id", "certifications.version"]
        ),
    )
    beneficiary_id: int = Field(sa_type=BigInteger, primary_key=True)
    version: int = Field(sa_type=Integer, primary_key=True)
    opened_at: datetime = _instant()


class Termination(_Acted, table=True):
    __tablename__ = "terminations"
    beneficiary_id: int = _reference("beneficiaries.id", primary_key=True)
    cause: str = Field(sa_type=Text)
    occurred_on: date


class CertificationPeriod(SQLModel, table=True):
    """A period as it was opened, and what of it is in force."""

    __tablename__ = "certification_periods"
    __table_args__ = (
        UniqueConstraint("beneficiary_id", "version"),
        ForeignKeyConstraint(["beneficiary_id", "category"], ["beneficiaries.id", "beneficiaries.category"]),
        ForeignKeyConstraint(["category", "cycle_months"], ["cycle_lengths.category", "cycle_lengths.months"]),
    )
    id: int = _id()
    beneficiary_id: int = Field(sa_type=BigInteger)
    category: str = Field(sa_type=Text)
    version: int = Field(sa_type=Integer)
    start_month: date
    end_month: date
    cycle_months: int = Field(sa_type=Integer)
    method: str = Field(sa_type=Text)
    in_force: Range[date] = Field(sa_column=Column(DATERANGE, nullable=False))
    at: datetime = _instant()


class Suspension(SQLModel, table=True):
    """Months in which a FAIL holds payment back; empty where it was withdrawn."""

    __tablename__ = "suspensions"
    __table_args__ = (
        ForeignKeyConstraint(
            ["beneficiary_id", "version"], ["certifications.beneficiary_id", "certifications.version"]
        ),
    )
    beneficiary_id: int = _reference("beneficiaries.id", primary_key=True)
    version: int = Field(sa_type=Integer, primary_key=True)
    held: Range[date] = Field(sa_column=Column(DATERANGE, nullable=False))


class Reinstatement(SQLModel, table=True):
    __tablename__ = "reinstatements"
    __table_args__ = (
        UniqueConstraint("id", "beneficiary_id", "status"),
        UniqueConstraint("beneficiary_id", "approved_version"),
        Index("reinstatements_one_open", "beneficiary_id", unique=True, postgresql_where=text("status = 'SUBMITTED'")),
        Index("reinstatements_beneficiary", "beneficiary_id"),
        Index("reinstatements_queue", "status", "id"),
    )
    id: int = _id()
    beneficiary_id: int = _reference("beneficiaries.id")
    status: str = Field(sa_column=Column(Text, nullable=False, server_default=text("'SUBMITTED'")))
    statement: str = Field(sa_type=Text)
    document_names: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    document_sha256: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    claimed: list[date] = Field(sa_column=Column(ARRAY(Date), nullable=False))
    handler_name: str = Field(sa_type=Text)
    handler_contact: str = Field(sa_type=Text)
    submitted_by: int = _reference("accounts.id")
    submitted_on: date
    submitted_at: datetime = _instant()
    reviewed_by: int | None = _reference("accounts.id", nullable=True)
    reviewed_on: date | None
    reviewed_at: datetime | None = _instant(nullable=True)
    reason: str | None = Field(sa_type=Text)
    resumes_from: date | None
    approved_version: int | None = Field(sa_type=Integer)


class ReinstatementMonth(SQLModel, table=True):
    """A month that an approved case pays back."""

    __tablename__ = "reinstatement_months"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reinstatement_id", "beneficiary_id", "status"],
            ["reinstatements.id", "reinstatements.beneficiary_id", "reinstatements.status"],
        ),
        Index("reinstatement_months_case", "reinstatement_id"),
    )
    beneficiary_id: int = Field(sa_type=BigInteger, primary_key=True)
    month: date = Field(primary_key=True)
    reinstatement_id: int = Field(sa_type=BigInteger)
    status: str = Field(sa_column=Column(Text, nullable=False, server_default=text("'APPROVED'")))


class Payroll(SQLModel, table=True):
    __tablename__ = "payrolls"
    month: date = Field(primary_key=True)
    frozen_on: date
    frozen_at: datetime = _instant()


class Payment(SQLModel, table=True):
    """A person's month in the ledger; partitioned by month."""

    __tablename__ = "payments"
    beneficiary_id: int = Field(sa_type=BigInteger, primary_key=True)
    month: date = Field(primary_key=True)
    payroll: date
    version: int = Field(sa_type=Integer)
    status: str = Field(sa_type=Text)
    amount: Decimal = Field(sa_type=Numeric(12, 2))
    basis: str = Field(sa_type=Text)
    since: date | None
    through: date | None


class PaymentLine(SQLModel, table=True):
    """What a payroll paid out for an earlier month."""

    __tablename__ = "payment_lines"
    __table_args__ = (
        Index(
            "payment_lines_back_pay_once",
            "beneficiary_id",
            "month",
            unique=True,
            postgresql_where=text("kind = 'BACK_PAY'"),
        ),
        Index("payment_lines_payroll", "payroll", "beneficiary_id"),
    )
    payroll: date = Field(primary_key=True, foreign_key="payrolls.month")
    beneficiary_id: int = Field(sa_type=BigInteger, primary_key=True)
    month: date = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    amount: Decimal = Field(sa_type=Numeric(12, 2))
    reinstatement_id: int | None = Field(sa_type=BigInteger)


class Settlement(SQLModel, table=True):
    """A part of an overpayment that was paid back or waived."""

    __tablename__ = "settlements"
    __table_args__ = (Index("settlements_beneficiary", "beneficiary_id"),)
    id: int = _id()
    beneficiary_id: int = _reference("beneficiaries.id")
    kind: str = Field(sa_type=Text)
    amount: Decimal = Field(sa_type=Numeric(12, 2))
    reason: str | None = Field(sa_type=Text)
    account_id: int = _reference("accounts.id")
    settled_on: date
    at: datetime = _instant()


class IdempotencyKey(SQLModel, table=True):
    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("idempotency_keys_at", "at"),)
    account_id: int = _reference("accounts.id", primary_key=True)
    key: str = Field(sa_type=Text, primary_key=True)
    digest: bytes = Field(sa_type=LargeBinary)
    answer: str | None = Field(sa_type=Text)
    at: datetime = _instant()

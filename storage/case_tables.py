"""The tables of what the agency looks into: objections and quarantines, compliance reviews and random draws."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Computed,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field, SQLModel

from storage.columns import identity, instant, reference


class Objection(SQLModel, table=True):
    __tablename__ = "objections"
    __table_args__ = (
        ForeignKeyConstraint(["beneficiary_id", "verdict_month"], ["verdicts.beneficiary_id", "verdicts.month"]),
        ForeignKeyConstraint(
            ["beneficiary_id", "terminated_version"], ["terminations.beneficiary_id", "terminations.version"]
        ),
        ForeignKeyConstraint(
            ["beneficiary_id", "passed_version"],
            ["certifications.beneficiary_id", "certifications.version"],
            deferrable=True,
            initially="DEFERRED",
        ),
        ForeignKeyConstraint(["beneficiary_id", "decided_with"], ["objections.beneficiary_id", "objections.id"]),
        UniqueConstraint("beneficiary_id", "passed_version"),
        UniqueConstraint("beneficiary_id", "id", name="objections_beneficiary"),
        Index(
            "objections_one_open",
            "beneficiary_id",
            "verdict_month",
            unique=True,
            postgresql_where=text("outcome IS NULL"),
        ),
        Index(
            "objections_one_open_end",
            "beneficiary_id",
            "terminated_version",
            unique=True,
            postgresql_where=text("outcome IS NULL"),
        ),
        Index("objections_queue", "due_at", "id"),
    )
    id: int = identity()
    beneficiary_id: int = Field(sa_type=BigInteger)
    verdict_month: date | None
    terminated_version: int | None = Field(sa_type=Integer)
    kind: str = Field(sa_type=Text)
    lane: str = Field(
        sa_type=Text,
        sa_column_args=[Computed("CASE kind WHEN 'DECLARED_DEAD' THEN 'FAST' ELSE 'ORDINARY' END", persisted=True)],
    )
    statement: str = Field(sa_type=Text)
    proof_kinds: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    document_names: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    document_sha256: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    handler_name: str | None = Field(sa_type=Text)
    handler_contact: str | None = Field(sa_type=Text)
    reported_by: int = reference("accounts.id")
    reported_as: str = Field(sa_type=Text)
    reported_on: date
    reported_at: datetime = instant()
    due_at: datetime = instant()
    taken_by: int | None = reference("accounts.id", nullable=True)
    taken_at: datetime | None = instant(nullable=True)
    outcome: str | None = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text)
    decided_on: date | None
    decided_at: datetime | None = instant(nullable=True)
    passed_version: int | None = Field(sa_type=Integer)
    reinstatement_id: int | None = Field(
        sa_column=Column(
            BigInteger,
            ForeignKey("reinstatements.id", deferrable=True, initially="DEFERRED"),
            unique=True,
            nullable=True,
        )
    )
    status: str = Field(
        sa_type=Text,
        sa_column_args=[
            Computed(
                "CASE WHEN outcome IS NOT NULL THEN 'DECIDED' WHEN taken_by IS NOT NULL THEN 'TAKEN'"
                " ELSE 'REPORTED' END",
                persisted=True,
            )
        ],
    )
    decided_with: int | None = Field(sa_type=BigInteger)


class Quarantine(SQLModel, table=True):
    __tablename__ = "quarantines"
    __table_args__ = (Index("quarantines_objection", "objection_id"),)
    person_id: int = reference("persons.id", primary_key=True)
    kind: str = Field(sa_type=Text, primary_key=True)
    occurred_on: date = Field(primary_key=True)
    objection_id: int = reference("objections.id")
    at: datetime = instant()


class TerminationWithdrawal(SQLModel, table=True):
    """A termination that a ruling took back; `terminated_version` is the termination's, `version` its own."""

    __tablename__ = "termination_withdrawals"
    __table_args__ = (
        ForeignKeyConstraint(
            ["beneficiary_id", "terminated_version"], ["terminations.beneficiary_id", "terminations.version"]
        ),
        UniqueConstraint("beneficiary_id", "version"),
        UniqueConstraint("objection_id"),
    )
    beneficiary_id: int = Field(sa_type=BigInteger, primary_key=True)
    terminated_version: int = Field(sa_type=Integer, primary_key=True)
    version: int = Field(sa_type=Integer)
    objection_id: int = reference("objections.id")
    account_id: int = reference("accounts.id")
    withdrawn_on: date
    at: datetime = instant()


class ComplianceReview(SQLModel, table=True):
    """An act, a unit's month or a handler that the agency looks at."""

    __tablename__ = "compliance_reviews"
    __table_args__ = (
        ForeignKeyConstraint(
            ["beneficiary_id", "version"], ["certifications.beneficiary_id", "certifications.version"]
        ),
        UniqueConstraint("kind", "subject"),
        Index("compliance_reviews_queue", "status", "id"),
        Index("compliance_reviews_person", "beneficiary_id"),
        Index(
            "compliance_reviews_asked_again",
            "beneficiary_id",
            "answer_by",
            postgresql_where=text("answer_by IS NOT NULL"),
        ),
        Index("compliance_reviews_demands", "unit_id", postgresql_where=text("answer_by IS NOT NULL")),
    )
    beneficiary_id: int | None = Field(sa_type=BigInteger)
    version: int | None = Field(sa_type=Integer)
    opened_at: datetime = instant()
    id: int = identity()
    kind: str = Field(sa_type=Text)
    subject: str = Field(sa_type=Text)
    unit_id: int = reference("units.id")
    month: date
    facts: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False, server_default=text("'{}'")))
    outcome: str | None = Field(sa_type=Text)
    reason: str | None = Field(sa_type=Text)
    decided_by: int | None = reference("accounts.id", nullable=True)
    decided_at: datetime | None = instant(nullable=True)
    answer_by: date | None
    asked_version: int | None = Field(sa_type=Integer)
    status: str = Field(
        sa_type=Text,
        sa_column_args=[Computed("CASE WHEN outcome IS NULL THEN 'OPEN' ELSE 'DECIDED' END", persisted=True)],
    )


class RecheckDraw(SQLModel, table=True):
    """A district's passes of a month, drawn once by a seed."""

    __tablename__ = "recheck_draws"
    month: date = Field(primary_key=True)
    district: str = Field(sa_type=Text, primary_key=True)
    seed: str = Field(sa_type=Text)
    margin: float = Field(sa_type=Double)
    confidence: float = Field(sa_type=Double)
    population: int = Field(sa_type=Integer)
    size: int = Field(sa_type=Integer)
    drawn_at: datetime = instant()
    number: int = Field(sa_type=BigInteger, sa_column_args=[Identity(always=True)], unique=True)
    windows: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=text("false")))
    rulings: bool = Field(sa_column=Column(Boolean, nullable=False, server_default=text("true")))

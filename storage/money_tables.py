"""The tables of money: rates, suspensions, cases, the ledger, settlements."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DATERANGE, TSTZRANGE, Range
from sqlmodel import Field, SQLModel

from storage.columns import identity, instant, reference


class BenefitRate(SQLModel, table=True):
    """An amount from a month on, and from when to when it was held to be true."""

    __tablename__ = "benefit_rates"
    __table_args__ = (
        Index(
            "benefit_rates_held", "beneficiary_id", "from_month", unique=True, postgresql_where=text("upper_inf(known)")
        ),
        Index("benefit_rates_announced", text("lower(known)")),
        Index("benefit_rates_superseded", text("upper(known)"), postgresql_where=text("NOT upper_inf(known)")),
    )
    beneficiary_id: int = reference("beneficiaries.id", primary_key=True)
    from_month: date = Field(primary_key=True)
    known: Range[datetime] = Field(sa_column=Column(TSTZRANGE, primary_key=True))
    monthly_amount: Decimal = Field(sa_type=Numeric(12, 2))


class Suspension(SQLModel, table=True):
    """Months in which a FAIL, or a withdrawn termination, holds payment back; empty where it was corrected."""

    __tablename__ = "suspensions"
    beneficiary_id: int = reference("beneficiaries.id", primary_key=True)
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
    id: int = identity()
    beneficiary_id: int = reference("beneficiaries.id")
    status: str = Field(sa_column=Column(Text, nullable=False, server_default=text("'SUBMITTED'")))
    statement: str = Field(sa_type=Text)
    document_names: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    document_sha256: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    claimed: list[date] = Field(sa_column=Column(ARRAY(Date), nullable=False))
    handler_name: str = Field(sa_type=Text)
    handler_contact: str = Field(sa_type=Text)
    submitted_by: int = reference("accounts.id")
    submitted_on: date
    submitted_at: datetime = instant()
    reviewed_by: int | None = reference("accounts.id", nullable=True)
    reviewed_on: date | None
    reviewed_at: datetime | None = instant(nullable=True)
    reason: str | None = Field(sa_type=Text)
    lifted_from: date | None
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
    frozen_at: datetime = instant()


class PayrollUnderWay(SQLModel, table=True):
    """A month whose entries are being written beside the ledger, by which statement and since when."""

    __tablename__ = "payrolls_under_way"
    month: date = Field(primary_key=True)
    statement: str = Field(sa_type=Text)
    since: datetime = instant()


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
    payroll: date = Field(primary_key=True)
    beneficiary_id: int = Field(sa_type=BigInteger, primary_key=True)
    month: date = Field(primary_key=True)
    kind: str = Field(sa_type=Text)
    amount: Decimal = Field(sa_type=Numeric(12, 2))
    reinstatement_id: int | None = Field(sa_type=BigInteger)


class Settlement(SQLModel, table=True):
    """A part of an overpayment that was paid back or waived."""

    __tablename__ = "settlements"
    __table_args__ = (UniqueConstraint("id", "beneficiary_id"), Index("settlements_beneficiary", "beneficiary_id"))
    id: int = identity()
    beneficiary_id: int = reference("beneficiaries.id")
    kind: str = Field(sa_type=Text)
    amount: Decimal = Field(sa_type=Numeric(12, 2))
    reason: str | None = Field(sa_type=Text)
    account_id: int = reference("accounts.id")
    settled_on: date
    at: datetime = instant()


class SettlementMonth(SQLModel, table=True):
    """An overpaid month, and how much of it a settlement settles."""

    __tablename__ = "settlement_months"
    __table_args__ = (
        ForeignKeyConstraint(["settlement_id", "beneficiary_id"], ["settlements.id", "settlements.beneficiary_id"]),
        Index("settlement_months_beneficiary", "beneficiary_id", "month"),
    )
    settlement_id: int = reference("settlements.id", primary_key=True)
    beneficiary_id: int = Field(sa_type=BigInteger)
    month: date = Field(primary_key=True)
    amount: Decimal = Field(sa_type=Numeric(12, 2))

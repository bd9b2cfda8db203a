"""The tables of the audit trail: entries, the keys that vouch for them, seals and days."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from storage.columns import identity, instant


class AuditKey(SQLModel, table=True):
    """A key of the trail, wrapped under SECRET_KEY."""

    __tablename__ = "audit_keys"
    id: int = identity()
    wrapped: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = instant()


class AuditClock(SQLModel, table=True):
    __tablename__ = "audit_clock"
    only_row: bool = Field(sa_column=Column(Boolean, primary_key=True, server_default=text("true")))
    opens: datetime = instant()
    latest: datetime = Field(
        sa_column=Column(DateTime(timezone=True), nullable=False, server_default=text("'2000-01-01'"))
    )


class AuditEntry(SQLModel, table=True):
    """What was done or refused, by whom, from where; written once. It refers to nothing: it stands by itself."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("audit_entries_at", "at"),
        Index("audit_entries_unit", "unit_id", "id"),
        Index("audit_entries_beneficiary", "beneficiary_id", "id"),
        Index("audit_entries_version", "beneficiary_id", "version", postgresql_where=text("version IS NOT NULL")),
        Index("audit_entries_roots", "id", postgresql_where=text("action = 'AUDIT_SEALED'")),
        UniqueConstraint("chain", "number", name="audit_entries_numbered"),
    )
    id: int = identity()
    chain: int = Field(sa_type=BigInteger)
    number: int = Field(sa_type=BigInteger)
    format: int = Field(sa_type=SmallInteger)
    at: datetime = instant()
    unit_id: int | None = Field(sa_type=BigInteger)
    account_id: int | None = Field(sa_type=BigInteger)
    session_id: UUID | None = Field(sa_type=Uuid)
    role: str | None = Field(sa_type=Text)
    address: str | None = Field(sa_type=Text)
    action: str = Field(sa_type=Text)
    beneficiary_id: int | None = Field(sa_type=BigInteger)
    version: int | None = Field(sa_type=Integer)
    body: str = Field(sa_type=Text)
    key_id: int = Field(sa_type=BigInteger)
    mac: bytes = Field(sa_type=LargeBinary)


class AuditChain(SQLModel, table=True):
    """The newest number of a chain."""

    __tablename__ = "audit_chains"
    chain: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    newest: int = Field(sa_type=BigInteger)


class _Sealed(SQLModel):
    key_id: int = Field(sa_type=BigInteger)
    mac: bytes = Field(sa_type=LargeBinary)


class AuditSeal(_Sealed, table=True):
    """A chain's entries of a day, by their ids, and its head after them; 0 is the agency's chain, -1 its runs'."""

    __tablename__ = "audit_seals"
    chain: int = Field(sa_type=BigInteger, primary_key=True)
    day: date = Field(primary_key=True, foreign_key="audit_days.day")
    entries: list[int] = Field(sa_column=Column(ARRAY(BigInteger), nullable=False))
    previous: bytes = Field(sa_type=LargeBinary)
    head: bytes = Field(sa_type=LargeBinary)


class AuditDay(_Sealed, table=True):
    """A sealed day: the root over the heads of its seals and the root of the day before."""

    __tablename__ = "audit_days"
    day: date = Field(primary_key=True)
    previous: bytes = Field(sa_type=LargeBinary)
    root: bytes = Field(sa_type=LargeBinary)

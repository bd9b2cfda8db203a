"""What people are told: warnings, what goes out about them, a demo's inbox, and whom to ask."""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlmodel import Field, SQLModel

from storage.columns import identity, instant, reference


class OutgoingMessage(SQLModel, table=True):
    """A message with the state of its delivery."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("messages_waiting", "next_at", postgresql_where=text("state = 'WAITING'")),
        Index("messages_withdrawn", "made_at", postgresql_where=text("state = 'WITHDRAWN'")),
    )
    id: uuid.UUID = Field(sa_column=Column(Uuid, primary_key=True))
    unit_id: int = reference("units.id")
    beneficiary_id: int | None = reference("beneficiaries.id", nullable=True)
    kind: str = Field(sa_type=Text)
    month: date
    status: str | None = Field(sa_type=Text)
    people: int = Field(sa_type=Integer)
    made_at: datetime = instant()
    state: str = Field(sa_column=Column(Text, nullable=False, server_default=text("'WAITING'")))
    channel: str | None = Field(sa_type=Text)
    attempts: int = Field(sa_column=Column(Integer, nullable=False, server_default=text("0")))
    next_at: datetime = instant()
    last_error: str | None = Field(sa_type=Text)
    closed_at: datetime | None = instant(nullable=True)


class Warned(SQLModel, table=True):
    """A warning of one person's."""

    __tablename__ = "warnings"
    __table_args__ = (
        UniqueConstraint("beneficiary_id", "kind", "month", "fact", name="nobody_is_warned_twice"),
        Index("warnings_message", "message_id"),
    )
    id: int = identity()
    beneficiary_id: int = reference("beneficiaries.id")
    kind: str = Field(sa_type=Text)
    month: date
    fact: int = Field(sa_type=BigInteger)
    status: str | None = Field(sa_type=Text)
    warned_on: date
    at: datetime = instant()
    message_id: uuid.UUID = Field(sa_column=Column(Uuid, ForeignKey("messages.id"), nullable=False))


class AgencyContact(SQLModel, table=True):
    """Where the agency of a district is asked."""

    __tablename__ = "agency_contacts"
    district: str = Field(sa_type=Text, primary_key=True)
    phone: str = Field(sa_type=Text)
    address: str = Field(sa_type=Text)
    hours: str = Field(sa_type=Text)


class InboxMessage(SQLModel, table=True):
    """A message that has arrived in the demo."""

    __tablename__ = "inbox"
    message_id: uuid.UUID = Field(sa_column=Column(Uuid, ForeignKey("messages.id"), primary_key=True))
    recipient: str = Field(sa_type=Text)
    text: str = Field(sa_type=Text)
    at: datetime = instant()

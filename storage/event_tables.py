"""The tables of what is followed live: events, their heads, and the seats of those who follow."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from storage.columns import instant


class EventHead(SQLModel, table=True):
    """The number of a unit's newest event; unit 0 is the agency."""

    __tablename__ = "event_heads"
    unit_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_type=BigInteger)


class Event(SQLModel, table=True):
    """What happened in a unit, numbered in the order of the commits."""

    __tablename__ = "events"
    __table_args__ = (Index("events_at", "at"),)
    unit_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    number: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    topic: str = Field(sa_type=Text)
    people: list[int] | None = Field(sa_column=Column(ARRAY(BigInteger)))
    month: date | None
    run: str | None = Field(sa_type=Text)
    state: str | None = Field(sa_type=Text)
    done: int | None = Field(sa_type=Integer)
    total: int | None = Field(sa_type=Integer)
    at: datetime = instant()


class Seat(SQLModel, table=True):
    """A socket or a subscription that an account holds open, until the lease ends."""

    __tablename__ = "seats"
    __table_args__ = (Index("seats_account", "account_id", "kind"),)
    id: UUID = Field(sa_column=Column(Uuid, primary_key=True, server_default=text("gen_random_uuid()")))
    account_id: int = Field(sa_type=BigInteger)
    kind: str = Field(sa_type=Text)
    kept_until: datetime = instant()

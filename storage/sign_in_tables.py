"""The tables of signing in: sessions, districts, keys, refresh tokens, counted attempts, second factors."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, LargeBinary, Text, Uuid, text
from sqlalchemy.dialects.postgresql import INT8MULTIRANGE, Range
from sqlmodel import Field, SQLModel

from storage.columns import identity, instant, reference


class Session(SQLModel, table=True):
    """An account that has signed in, until it ends."""

    __tablename__ = "sessions"
    __table_args__ = (Index("sessions_account", "account_id"),)
    id: uuid.UUID = Field(sa_column=Column(Uuid, primary_key=True, server_default=text("gen_random_uuid()")))
    account_id: int = reference("accounts.id")
    began_at: datetime = instant()
    ends_at: datetime = instant()
    address: str | None = Field(sa_type=Text)
    outside_token: bytes | None = Field(sa_type=LargeBinary, unique=True)
    ended_at: datetime | None = instant(nullable=True)
    ended_because: str | None = Field(sa_type=Text)


class District(SQLModel, table=True):
    """The ids of a district's units, which its accounts see: derived by a trigger of units."""

    __tablename__ = "districts"
    name: str = Field(sa_type=Text, primary_key=True)
    units: list[Range[int]] = Field(sa_column=Column(INT8MULTIRANGE, nullable=False))


class SigningKey(SQLModel, table=True):
    """A pair of Ed25519 keys, the private half wrapped; the newest signs."""

    __tablename__ = "signing_keys"
    __table_args__ = (
        Index(
            "signing_keys_one_signs",
            text("(verifies_until IS NULL)"),
            unique=True,
            postgresql_where=text("verifies_until IS NULL"),
        ),
    )
    id: int = identity()
    kid: str = Field(sa_type=Text, unique=True)
    public: bytes = Field(sa_type=LargeBinary)
    wrapped: bytes = Field(sa_type=LargeBinary)
    made_at: datetime = instant()
    verifies_until: datetime | None = instant(nullable=True)


class RefreshToken(SQLModel, table=True):
    """The digest of a refresh token, used or not."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        Index("refresh_tokens_session", "session_id"),
        Index("refresh_tokens_expired", "expires_at"),
    )
    digest: bytes = Field(sa_type=LargeBinary, primary_key=True)
    session_id: uuid.UUID = Field(sa_column=Column(Uuid, ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False))
    issued_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)


class SignInAttempts(SQLModel, table=True):
    """How often signing in failed under a key, until the span ends."""

    __tablename__ = "sign_in_attempts"
    __table_args__ = (Index("sign_in_attempts_ended", "ends_at"),)
    key: bytes = Field(sa_type=LargeBinary, primary_key=True)
    tries: int = Field(sa_type=Integer)
    ends_at: datetime = instant()


class SecondFactor(SQLModel, table=True):
    """The secret that an account shares with a phone, wrapped."""

    __tablename__ = "second_factors"
    account_id: int = reference("accounts.id", primary_key=True)
    wrapped: bytes = Field(sa_type=LargeBinary)
    enrolled_at: datetime = instant()
    last_step: int | None = Field(sa_type=BigInteger)

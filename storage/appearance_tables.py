"""The tables of certifying in person: challenges, and how somebody was seen."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, Integer, LargeBinary, Text
from sqlmodel import Field, SQLModel

from storage.columns import instant, reference


class FaceCheckChallenge(SQLModel, table=True):
    """The digest of a nonce that a face check has to be for."""

    __tablename__ = "face_check_challenges"
    __table_args__ = (
        Index("face_check_challenges_account", "account_id", "beneficiary_id"),
        Index("face_check_challenges_expired", "expires_at"),
    )
    digest: bytes = Field(sa_type=LargeBinary, primary_key=True)
    account_id: int = reference("accounts.id")
    beneficiary_id: int = reference("beneficiaries.id")
    issued_at: datetime = instant()
    expires_at: datetime = instant()
    used_at: datetime | None = instant(nullable=True)


class Appearance(SQLModel, table=True):
    """The evidence behind a certification by the person or by a window."""

    __tablename__ = "appearances"
    __table_args__ = (
        ForeignKeyConstraint(
            ["beneficiary_id", "version"], ["certifications.beneficiary_id", "certifications.version"]
        ),
    )
    beneficiary_id: int = Field(sa_type=BigInteger, primary_key=True)
    version: int = Field(sa_type=Integer, primary_key=True)
    evidence_id: int = Field(foreign_key="evidence.id", sa_type=BigInteger, unique=True)
    presence: str | None = Field(sa_type=Text)
    challenge: bytes | None = Field(sa_type=LargeBinary, unique=True)
    document_name: str | None = Field(sa_type=Text)
    document_sha256: str | None = Field(sa_type=Text)
    note: str | None = Field(sa_type=Text)

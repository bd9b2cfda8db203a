"""The table of what callers may still spend."""

from datetime import datetime

from sqlalchemy import Double, Index, LargeBinary
from sqlmodel import Field, SQLModel

from storage.columns import instant


class Allowance(SQLModel, table=True):
    """The points of one caller, as of a moment."""

    __tablename__ = "allowances"
    __table_args__ = (Index("allowances_filled", "filled_at"),)
    key: bytes = Field(sa_type=LargeBinary, primary_key=True)
    points: float = Field(sa_type=Double)
    filled_at: datetime = instant()

"""The table of persisted documents."""

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from storage.columns import instant


class PersistedDocument(SQLModel, table=True):
    """A GraphQL document by the hash of its text."""

    __tablename__ = "persisted_documents"
    hash: str = Field(sa_type=Text, primary_key=True)
    text: str = Field(sa_type=Text)
    persisted_at: datetime = instant()

"""Columns that every table writes alike."""

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Identity
from sqlmodel import Field


def identity() -> Any:
    return Field(default=None, sa_column=Column(BigInteger, Identity(always=True), primary_key=True))


def reference(target: str, *, nullable: bool = False, primary_key: bool = False) -> Any:
    return Field(foreign_key=target, sa_type=BigInteger, nullable=nullable, primary_key=primary_key)


def instant(*, nullable: bool = False) -> Any:
    return Field(sa_type=DateTime(timezone=True), nullable=nullable)

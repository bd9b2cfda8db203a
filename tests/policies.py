"""Policies as later notices would make them."""

from __future__ import annotations

import tomllib
from datetime import date

from domain.policy import FILE, PolicyBook


def amended(parameter: str, since: str, **values: object) -> PolicyBook:
    """The policy with a later entry of one parameter, as a later notice would add it."""
    entries = tomllib.loads(FILE.read_text(encoding="utf-8"))
    entries[parameter].append({"from": date.fromisoformat(since), "clause": "后续通知", **values})
    return PolicyBook(entries)

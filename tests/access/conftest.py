"""Whole operations, which ask for more than a client may."""

from __future__ import annotations

from dataclasses import replace

import pytest

from schema.documents import Longest
from web.hardening import limits


@pytest.fixture(autouse=True)
def without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whole operations over every field are more than any client may ask for; here it is about rows, not about work."""
    endless = {"cost": 10**9, "budget": 10**9, "refill": 10**7, "fields": 10**6, "breadth": 10**4}
    length = Longest(10**6, 10**5, 10**3)
    table = {role: replace(one, **endless, length=length) for role, one in limits.TABLE.items()}
    monkeypatch.setattr(limits, "TABLE", table)

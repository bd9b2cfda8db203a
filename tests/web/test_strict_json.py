"""JSON as it is read: strictly, however the quick reader comes to it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.hardening.body import strict

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=20)


@given(VALUES, st.booleans(), st.booleans())
def test_whatever_is_written_is_read_as_it_was(value: Any, compact: bool, escaped: bool) -> None:
    """As a browser writes it, and as others do; with the types of numbers that JSON's own reader makes."""
    text = json.dumps(value, ensure_ascii=escaped, separators=(",", ":") if compact else None)
    assert repr(strict(text)) == repr(json.loads(text))


@pytest.mark.parametrize(
    "text",
    ['{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '[{"a":1,"\\u0061":1}]', "NaN", "[Infinity]", "[1e999]", "[-1e999]", "{"],
)
def test_what_no_reader_may_take_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        strict(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", "1"), ("1.0", "1.0"), ("-0", "0"), ("-0.0", "-0.0"), ("1e2", "100.0"), ("18446744073709551616", str(2**64))],
)
def test_numbers_are_those_of_the_slow_reader(text: str, value: str) -> None:
    assert repr(strict(f"[{text}]")) == f"[{value}]"

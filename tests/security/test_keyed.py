"""A key that is hashed once answers what HMAC-SHA256 answers."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from security.keyed import Keyed


def test_the_second_case_of_rfc_4231() -> None:
    digest = Keyed(b"Jefe").digest(b"what do ya want for nothing?")
    assert digest.hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


@given(st.binary(max_size=64), st.lists(st.binary(max_size=200), min_size=1, max_size=3))
def test_the_library_says_the_same_of_every_text(key: bytes, texts: list[bytes]) -> None:
    """Text after text, under the same key."""
    keyed = Keyed(key)
    assert [keyed.digest(text) for text in texts] == [hmac.digest(key, text, "sha256") for text in texts]


def test_a_key_that_is_longer_than_a_block_is_refused() -> None:
    """RFC 2104 would hash it first; keys here are of 32 bytes."""
    with pytest.raises(ValueError, match="at most 64 bytes"):
        Keyed(b"k" * 65)

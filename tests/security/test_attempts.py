"""What an attempt to sign in is counted under."""

from __future__ import annotations

import pytest

from security.attempts import attempt
from security.keys import Secret
from tests.world import SCHOOL, id_number

SECRET = Secret("s" * 40)


def keys(username: str = SCHOOL, address: str = "203.0.113.7", secret: Secret = SECRET) -> list[bytes]:
    """Of the pair, the account and the address."""
    return [counter.key for counter in attempt(secret, username, address).counters]


def shared(one: list[bytes], other: list[bytes]) -> list[bool]:
    return [a == b for a, b in zip(one, other, strict=True)]


def test_an_attempt_counts_for_the_pair_the_account_and_the_address() -> None:
    assert shared(keys(), keys()) == [True, True, True]
    assert shared(keys(), keys(address="203.0.113.8")) == [False, True, False]
    assert shared(keys(), keys(username="auditor")) == [False, False, True]
    assert len(set(keys(username="203.0.113.7"))) == 3


def test_the_limits() -> None:
    limits = [
        (counter.limit.most, counter.limit.span.total_seconds()) for counter in attempt(SECRET, "a", "b").counters
    ]
    assert limits == [(5, 900), (50, 3600), (50, 900)]


def test_a_network_is_known_for_one_account() -> None:
    """Under a key that nothing is counted under."""
    known = attempt(SECRET, SCHOOL, "203.0.113.7").known
    others = [attempt(SECRET, "auditor", "203.0.113.7").known, attempt(SECRET, SCHOOL, "203.0.113.8").known]
    assert len({known, *others, *keys()}) == 6


def test_nobodys_name_or_address_is_in_a_key() -> None:
    """Nor can it be tried out without the secret."""
    made = keys(username=id_number(1))
    assert {len(key) for key in made} == {32}
    assert not [key for key in made if id_number(1).encode() in key or b"203.0.113.7" in key]
    assert shared(made, keys(username=id_number(1), secret=Secret("t" * 40))) == [False, False, False]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:ff::1", True),
        ("2001:db8::1", "2001:db8:0:100::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("", "203.0.113.7", False),
    ],
)
def test_an_address_is_what_one_subscriber_has(one: str, other: str, same: bool) -> None:
    """Of IPv6 that is a /56: its 256 networks are no way around the limit."""
    assert shared(keys(address=one), keys(address=other)) == [same, True, same]

"""Keys under the one secret."""

import pytest

from security.keys import Secret, WrongSecret

OLD, NEW = "o" * 40, "n" * 40


def test_each_purpose_has_a_key_of_its_own_that_is_always_the_same() -> None:
    secret = Secret(OLD)
    assert secret.derived("audit") == Secret(OLD).derived("audit")
    assert len({secret.derived("audit"), secret.derived("wrapping"), Secret(NEW).derived("audit")}) == 3


def test_a_wrapped_key_opens_for_its_purpose_only() -> None:
    wrapped = Secret(OLD).wrap(b"k" * 32, "signing")
    assert Secret(OLD).unwrap(wrapped, "signing") == b"k" * 32
    with pytest.raises(WrongSecret):
        Secret(OLD).unwrap(wrapped, "data")


def test_while_the_secret_changes_the_former_one_still_opens_and_the_current_one_wraps() -> None:
    wrapped = Secret(OLD).wrap(b"k" * 32, "signing")
    changing = Secret(NEW, OLD)
    again = changing.wrap(changing.unwrap(wrapped, "signing"), "signing")
    assert Secret(NEW).unwrap(again, "signing") == b"k" * 32
    with pytest.raises(WrongSecret):
        Secret(NEW).unwrap(wrapped, "signing")


@pytest.mark.parametrize("damaged", [b"", b"short", b"\0" * 60])
def test_what_is_damaged_is_not_opened(damaged: bytes) -> None:
    with pytest.raises(WrongSecret):
        Secret(OLD).unwrap(damaged, "signing")

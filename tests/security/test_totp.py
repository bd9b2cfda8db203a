"""One-time codes of a phone."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from security import totp

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # "12345678901234567890", of RFC 6238, appendix B


@pytest.mark.parametrize(
    ("seconds", "code"),
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_codes_of_the_rfc(seconds: int, code: str) -> None:
    """RFC 6238, appendix B, SHA-1; the last six of its eight digits."""
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.code(SECRET, at) == code
    assert totp.step_of(SECRET, code, at) == seconds // 30


def test_a_clock_may_be_off_by_half_a_minute() -> None:
    code = "081804"  # of the half minute from 1111111080 on
    off = {seconds: totp.step_of(SECRET, code, datetime.fromtimestamp(1111111080 + seconds, UTC))
           for seconds in (-31, -30, 0, 29, 30, 59, 60)}  # fmt: skip
    assert off == {-31: None, -30: 37037036, 0: 37037036, 29: 37037036, 30: 37037036, 59: 37037036, 60: None}


@pytest.mark.parametrize("typed", ["287 082", " 287082 ", "２８７０８２"])
def test_a_code_is_read_as_it_is_typed(typed: str) -> None:
    """In groups, as apps show it, and with the digits of a Chinese keyboard."""
    assert totp.step_of(SECRET, typed, datetime.fromtimestamp(59, UTC)) == 1


@pytest.mark.parametrize("typed", ["", "287083", "94287082", "28708", "28708a", "-87082", "\ud800" * 6, "²" * 6])
def test_what_is_no_code_is_refused(typed: str) -> None:
    assert totp.step_of(SECRET, typed, datetime.fromtimestamp(59, UTC)) is None


def test_a_new_secret_has_160_bits_and_a_phone_can_read_it() -> None:
    secret = totp.made()
    assert len(secret) == 32 and totp.made() != secret
    read = urlsplit(totp.uri(secret, "officer-shinan"))
    assert (read.scheme, read.netloc, unquote(read.path)) == ("otpauth", "totp", "/Renzheng:officer-shinan")
    assert parse_qs(read.query) == {"secret": [secret], "issuer": ["Renzheng"]}

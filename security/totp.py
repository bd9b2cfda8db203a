"""One-time codes, the second factor: six digits that change every half minute. RFC 6238."""

from __future__ import annotations

from datetime import datetime

import pyotp

STEP = 30  # seconds
_DRIFT = 1  # steps by which a phone's clock may be off, either way
_LENGTH = 6  # digits
_ISSUER = "Renzheng"


def made() -> str:
    """A new secret in base32, 160 bits: as long as RFC 4226 recommends."""
    return pyotp.random_base32(32)


def uri(secret: str, username: str) -> str:
    """What an authenticator app reads, as text or as a QR code."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=username, issuer_name=_ISSUER)


def code(secret: str, now: datetime) -> str:
    """The code that an app shows at `now`, the real time."""
    return pyotp.TOTP(secret, interval=STEP).at(now)


def step_of(secret: str, typed: str, now: datetime) -> int | None:
    """The half minute since 1970 whose code was typed; None where it is none of these minutes'."""
    digits = "".join(typed.split())
    if len(digits) != _LENGTH or not digits.isdecimal():
        return None
    current = int(now.timestamp()) // STEP
    steps = range(current - _DRIFT, current + _DRIFT + 1)
    totp = pyotp.TOTP(secret, interval=STEP)
    return next((step for step in steps if pyotp.utils.strings_equal(digits, totp.generate_otp(step))), None)

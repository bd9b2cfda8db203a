"""The languages that the service speaks, and which of them the request at hand is answered in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import lru_cache

from babel import negotiate_locale


class Language(StrEnum):
    """By its tag (BCP 47). Each has a catalogue in `locales/`."""

    __hash__ = str.__hash__  # an enum's own is slower, and every word is looked up by its language

    CHINESE = "zh-CN"
    ENGLISH = "en"


DEFAULT = Language.CHINESE
"""Of whoever names none that is spoken, and of everything that is sent to people unasked."""
_BY_PREFIX = {"zh": Language.CHINESE, "en": Language.ENGLISH}
_LONGEST = 200  # characters of the header
_SPOKEN: ContextVar[Language] = ContextVar("language", default=DEFAULT)
"""Of a request with everything that runs for it; of another at the same time it says nothing."""


def spoken() -> Language:
    return _SPOKEN.get()


def speak(language: Language) -> None:
    """From here on, until whatever runs now has ended."""
    _SPOKEN.set(language)


@contextmanager
def speaking(language: Language) -> Iterator[None]:
    """Within: that language."""
    before = _SPOKEN.set(language)
    try:
        yield
    finally:
        _SPOKEN.reset(before)


def headers() -> dict[str, str]:
    """What an answer with words says of its language."""
    return {"Content-Language": spoken(), "Vary": "Accept-Language"}


@lru_cache(maxsize=1000)
def preferred(header: str) -> Language:
    """The language for an Accept-Language: the best of those that are spoken. RFC 9110 12.5.4.

    A longer tag is shortened (en-GB, zh-Hans-CN); `*` is whatever is left, the default first.
    """
    wanted = _weighed(header[:_LONGEST])
    left = [prefix for prefix in _BY_PREFIX if wanted.get(prefix) != 0]
    liked = sorted((tag for tag, weight in wanted.items() if weight > 0), key=wanted.__getitem__, reverse=True)
    for tag in liked:
        found = negotiate_locale([tag], left, sep="-")
        if found or (tag == "*" and left):
            return _BY_PREFIX[found or left[0]]
    return DEFAULT


def _weighed(header: str) -> dict[str, float]:
    """The tags with their quality values; what has none that can be read is not wanted."""
    found = {}
    for part in header.lower().replace("_", "-").split(","):
        tag, _, weight = part.replace(" ", "").partition(";q=")
        if tag:
            found[tag] = _weight(weight or "1")
    return found


def _weight(text: str) -> float:
    """From 0 to 1, as RFC 9110 12.4.2 writes it."""
    return float(text) if text in ("0", "1") or (text[:2] in ("0.", "1.") and text[2:].isdigit()) else 0.0

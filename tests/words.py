"""Holds every message of an answer against the catalogue of the language that the answer says it is in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import httpx2

from schema.languages import Language
from schema.messages import catalogue

GAP = re.compile(r"\\\{[\w:]+\\\}")


async def of_the_catalogue(response: httpx2.Response) -> None:
    """For a client of the tests: whatever test it is, an error in words of our own making fails it."""
    if "json" not in response.headers.get("content-type", "") or "content-language" not in response.headers:
        return
    await response.aread()
    language = Language(response.headers["content-language"])
    for message in _messages(response.json() if response.content else None):
        assert is_known(message, language), f"not in the catalogue of {language}: {message}"


@cache
def is_known(message: str, language: Language) -> bool:
    return any(pattern.fullmatch(message) for pattern in _patterns(language))


@cache
def _patterns(language: Language) -> list[re.Pattern[str]]:
    """Each entry, with anything in its gaps."""
    return [re.compile(GAP.sub(".*", re.escape(words)), re.DOTALL) for words in catalogue(language).values()]


def _messages(answer: Any) -> Iterator[str]:
    """Of errors and userErrors, wherever they stand."""
    match answer:
        case {"message": str(message), **rest}:
            yield message
            yield from _messages(rest)
        case dict():
            for value in answer.values():
                yield from _messages(value)
        case list():
            for value in answer:
                yield from _messages(value)

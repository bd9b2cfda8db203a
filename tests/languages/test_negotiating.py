"""Which language an Accept-Language leads to. RFC 9110 12.5.4."""

from __future__ import annotations

import asyncio

import pytest

from schema import messages
from schema.languages import Language, preferred, speaking


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "zh-CN"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("zh", "zh-CN"),
        ("zh-Hans-CN", "zh-CN"),
        ("zh_TW", "zh-CN"),
        ("fr", "zh-CN"),
        ("fr, en;q=0.1", "en"),
        ("en;q=0.8, zh-CN;q=0.9", "zh-CN"),
        ("en ; q=0.9 , zh;q=0.8", "en"),
        ("en,zh", "en"),
        ("zh,en", "zh-CN"),
        ("*", "zh-CN"),
        ("en, *;q=0.5", "en"),
        ("zh;q=0, *", "en"),
        ("zh;q=0", "zh-CN"),
        ("en;q=0, zh;q=0, *", "zh-CN"),
        ("en;q=0", "zh-CN"),
        ("en;q=0.000, fr", "zh-CN"),
        ("en;q=much, zh;q=0.1", "zh-CN"),
        ("en;q=-1", "zh-CN"),
        ("en;q=1.5", "en"),
        ("english", "zh-CN"),
        (",,;q=1,", "zh-CN"),
        ("\x00\xff", "zh-CN"),
        ("x" * 100_000 + ",en", "zh-CN"),
    ],
)
def test_the_best_of_what_is_spoken_is_chosen(header: str, language: str) -> None:
    """By quality, then by order; what cannot be read is not wanted, and whoever wants nothing spoken gets Chinese."""
    assert preferred(header) == language


async def test_what_runs_at_once_speaks_each_its_own() -> None:
    async def said(language: Language) -> list[str]:
        with speaking(language):
            await asyncio.sleep(0)
            later = asyncio.create_task(asyncio.to_thread(messages.say, "fact.none"))
            await asyncio.sleep(0)
            return [messages.say("fact.none"), await later]

    chinese, english = await asyncio.gather(said(Language.CHINESE), said(Language.ENGLISH))
    assert (chinese, english) == (["无", "无"], ["none", "none"])
    assert messages.say("fact.none") == "无"

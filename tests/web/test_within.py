"""A limit of time, with one timer for all that run: what is cut off, when, and how it leaves."""

from __future__ import annotations

import asyncio

import pytest

from web.hardening.within import Within

SHORT, LONG = 0.05, 30.0


async def test_what_is_done_in_time_is_left_alone() -> None:
    within = Within(LONG)
    with within.limit() as limit:
        await asyncio.sleep(0)
    assert not limit.expired
    with pytest.raises(KeyError), within.limit() as limit:
        raise KeyError
    assert not limit.expired
    assert within._running == {}


async def test_what_takes_longer_is_cut_off_where_it_waits_and_each_by_itself() -> None:
    within, ends = Within(SHORT), list[str]()

    async def waiting(name: str, seconds: float) -> None:
        try:
            with within.limit():
                await asyncio.sleep(seconds)
            ends.append(f"{name} done")
        except TimeoutError:
            ends.append(f"{name} late")

    first = asyncio.create_task(waiting("first", LONG))
    quick = asyncio.create_task(waiting("quick", 0))
    await asyncio.sleep(SHORT / 2)
    second = asyncio.create_task(waiting("second", LONG))
    await asyncio.wait_for(asyncio.gather(first, quick, second), LONG)
    assert ends == ["quick done", "first late", "second late"]
    assert first.cancelling() == second.cancelling() == 0
    assert within._running == {}
    await asyncio.wait_for(waiting("third", LONG), LONG)  # after a time with nobody there is a timer again
    assert ends[-1] == "third late"


async def test_whoever_is_cancelled_by_others_is_cancelled() -> None:
    within = Within(LONG)

    async def waiting() -> None:
        with within.limit():
            await asyncio.sleep(LONG)

    task = asyncio.create_task(waiting())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert within._running == {}


async def test_a_cancel_beside_the_end_of_time_is_not_swallowed() -> None:
    within = Within(SHORT)

    async def waiting() -> None:
        with within.limit() as limit:
            try:
                await asyncio.sleep(LONG)
            except asyncio.CancelledError:
                assert limit.expired
                task.cancel()  # by somebody else, meanwhile
                raise

    task = asyncio.create_task(waiting())
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(task), LONG)
    assert task.cancelled()


async def test_what_goes_wrong_after_the_end_of_time_stays_what_it_is() -> None:
    limit = Within(SHORT).limit()

    async def failing() -> None:
        with limit:
            try:
                await asyncio.sleep(LONG)
            finally:
                raise KeyError

    task = asyncio.create_task(failing())
    with pytest.raises(KeyError):
        await task
    assert limit.expired
    assert task.cancelling() == 0

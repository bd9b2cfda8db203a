"""Coroutines side by side within one task: as `asyncio.gather` would run them."""

import asyncio
from collections.abc import Callable

import pytest

from schema.compiled.side_by_side import side_by_side
from schema.loading import Shielding

Told = list[str]


async def test_all_begin_before_any_goes_on() -> None:
    told: Told = []

    async def one(name: str) -> None:
        told.append(f"{name} begins")
        await asyncio.sleep(0)
        told.append(f"{name} ends")

    assert await side_by_side([one("a"), one("b")]) == []
    assert told == ["a begins", "b begins", "a ends", "b ends"]


async def test_none_waits_for_one_that_takes_longer() -> None:
    told: Told = []
    slow = asyncio.Event()

    async def last() -> None:
        await slow.wait()
        told.append("last")

    async def first() -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        told.append("first")
        slow.set()

    assert await side_by_side([last(), first()]) == []
    assert told == ["first", "last"]


async def test_those_that_wait_twice_are_gathered_twice() -> None:
    """What a loader gathers is what all of them ask for, at their first question and at their second."""
    asked: list[list[int]] = []

    async def load(keys: list[int]) -> list[int]:
        asked.append(keys)
        await asyncio.sleep(0)
        return keys

    loader = Shielding(load_fn=load)

    async def one(number: int) -> None:
        await loader.load(number)
        await loader.load(number + 10)

    assert await side_by_side([one(1), one(2), one(3)]) == []
    assert asked == [[1, 2, 3], [11, 12, 13]]


async def test_a_failure_is_told_when_all_have_ended() -> None:
    told: Told = []

    async def fails(when: int) -> None:
        for _ in range(when):
            await asyncio.sleep(0)
        raise ValueError(str(when))

    async def lasts() -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        told.append("ended")

    failures = await side_by_side([fails(2), lasts(), fails(0)])
    assert [str(failure) for failure in failures] == ["0", "2"]
    assert told == ["ended"]


async def test_a_cancel_reaches_each_where_it_waits_and_goes_on_when_all_have_ended() -> None:
    told: Told = []

    async def one(name: str) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.sleep(0)  # giving something back takes a while
            told.append(f"{name} has given back")
            raise

    running = asyncio.create_task(side_by_side([one("a"), one("b")]))
    await asyncio.sleep(0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert told == ["a has given back", "b has given back"]


async def test_a_cancel_reaches_whoever_was_about_to_go_on() -> None:
    """What it waited for came in the same turn; a task would be cancelled there as well."""
    came: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    told: Told = []

    async def ready() -> None:
        await came
        told.append("went on")
        await asyncio.Event().wait()

    async def within() -> None:
        await side_by_side([ready(), asyncio.Event().wait()])  # type: ignore[list-item]

    async def in_turn() -> None:
        while True:
            await asyncio.sleep(0)

    for course in ([ready(), in_turn()], [within(), within()]):
        came = asyncio.get_running_loop().create_future()
        running = asyncio.create_task(side_by_side(course))
        await asyncio.sleep(0)
        came.set_result(None)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(running, 5)
    assert told == []


async def test_time_that_runs_out_is_told_as_such() -> None:
    async def one() -> None:
        await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await side_by_side([one(), one()])


async def test_one_that_was_cancelled_by_another_is_a_failure() -> None:
    waited: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def waits() -> None:
        await waited

    async def does(what: Callable[[], object]) -> None:
        what()

    [failure] = await side_by_side([waits(), does(waited.cancel)])
    assert isinstance(failure, asyncio.CancelledError)


async def test_it_may_be_within_another() -> None:
    told: Told = []

    async def leaf(name: str) -> None:
        await asyncio.sleep(0)
        told.append(name)

    async def branch(name: str) -> None:
        await side_by_side([leaf(f"{name}1"), leaf(f"{name}2")])

    assert await side_by_side([branch("a"), branch("b")]) == []
    assert told == ["a1", "a2", "b1", "b2"]

"""Loaders: what gathers the edges of a page into single statements."""

import asyncio
import gc

import pytest

from schema.context import RequestContext
from schema.loading import Gathering, Shielding
from tests.world import World


async def test_who_gives_up_waiting_takes_nothing_from_others() -> None:
    """Beside an error the executor cancels what it waits for; other rows wait for the very same unit.

    Theirs was cancelled with it, and the whole request with them: it had no answer.
    """

    async def load(keys: list[int]) -> list[str]:
        return [f"unit {key}" for key in keys]

    loader = Shielding(load_fn=load)

    async def waiting() -> str:
        found: str = await loader.load(1)
        return found

    first, second = asyncio.create_task(waiting()), asyncio.create_task(waiting())
    await asyncio.sleep(0)
    first.cancel()
    assert await second == "unit 1"


async def test_keys_that_several_ask_for_at_once_are_one_question() -> None:
    asked: list[list[int]] = []

    async def load(keys: list[int]) -> list[str]:
        asked.append(keys)
        await asyncio.sleep(0)
        return [f"unit {key}" for key in keys]

    loader = Gathering(load)
    found = await asyncio.gather(loader.all([1, 2]), loader.all([2, 3]), loader.all([3]))
    assert [*found] == [["unit 1", "unit 2"], ["unit 2", "unit 3"], ["unit 3"]]
    assert await loader.all([3, 4, 1]) == ["unit 3", "unit 4", "unit 1"]
    assert asked == [[1, 2, 3], [4]]


async def test_who_asks_for_others_fails_for_them_too_and_the_next_asks_anew() -> None:
    async def load(keys: list[int]) -> list[int]:
        if 2 in keys:
            raise ValueError("not 2")
        return keys

    loader = Gathering(load)
    failed = await asyncio.gather(loader.all([1]), loader.all([2]), loader.all([3]), return_exceptions=True)
    assert [str(one) for one in failed] == ["not 2"] * 3
    assert await loader.all([1, 3]) == [1, 3]


async def test_who_is_cut_off_before_the_question_is_put_leaves_the_next_free_to_ask() -> None:
    async def load(keys: list[int]) -> list[int]:
        return keys

    loader = Gathering(load)
    first = asyncio.create_task(loader.all([1]))
    second = asyncio.create_task(loader.all([2]))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    assert await loader.all([2]) == [2]


async def test_an_answer_that_comes_before_somebody_waits_for_it_is_there() -> None:
    """Who asks for keys of its own, and for some that are on their way, hung until its time was over."""
    takes = {1: 3, 2: 8, 3: 1}

    async def load(keys: list[int]) -> list[int]:
        for _ in range(max(takes[key] for key in keys)):
            await asyncio.sleep(0)
        return keys

    loader = Gathering(load)

    async def later(ticks: int, keys: list[int]) -> list[int]:
        for _ in range(ticks):
            await asyncio.sleep(0)
        found: list[int] = await loader.all(keys)
        return found

    asked = asyncio.gather(later(0, [1]), later(2, [1, 2]), later(3, [2, 1]), later(3, [3, 2]), later(4, [1, 2, 3]))
    assert [*await asyncio.wait_for(asked, 10)] == [[1], [1, 2], [2, 1], [3, 2], [1, 2, 3]]


async def test_what_a_read_has_loaded_is_freed_with_it_and_needs_no_garbage_collector(world: World) -> None:
    """Loaders know the context, and the context its loaders: a page with histories left 250 objects in a circle."""
    await world.at("2019-06-01").units()
    await world.enrol()
    document = """{ unit { beneficiaries { edges { node {
        verdicts { edges { node { month } } } certificationPeriods { edges { node { startMonth } } } } } } } }"""
    await world.ask(document)  # from now on it is known, and goes the short way
    gc.collect()
    gc.disable()
    try:
        before = len(contexts_and_loaders())
        answer = await world.ask(document)
        after = len(contexts_and_loaders())
    finally:
        gc.enable()
    assert answer["unit"]["beneficiaries"]["edges"] != []
    assert after == before


def contexts_and_loaders() -> list[object]:
    """All that are there, of whichever request."""
    return [one for one in gc.get_objects() if isinstance(one, Gathering | RequestContext)]

"""Loaders: what gathers the edges of a page into single statements."""

import asyncio

from schema.context import Loader


async def test_who_gives_up_waiting_takes_nothing_from_others() -> None:
    """Beside an error the executor cancels what it waits for; other rows wait for the very same unit.

    Theirs was cancelled with it, and the whole request with them: it had no answer.
    """

    async def load(keys: list[int]) -> list[str]:
        return [f"unit {key}" for key in keys]

    loader = Loader(load_fn=load)

    async def waiting() -> str:
        found: str = await loader.load(1)
        return found

    first, second = asyncio.create_task(waiting()), asyncio.create_task(waiting())
    await asyncio.sleep(0)
    first.cancel()
    assert await second == "unit 1"

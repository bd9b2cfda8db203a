"""The service behind a real server."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.sockets.wire import served
from tests.world import World


@pytest.fixture
async def address(world: World) -> AsyncIterator[str]:
    """Where a school with two people is served."""
    await world.at("2019-06-05").units()
    await world.enrol(1)
    await world.enrol(2)
    async with served(world.app) as where:
        yield where

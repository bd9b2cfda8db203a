"""A desk at which files are loaded, and a month that is to be published in parts."""

from __future__ import annotations

import pytest

from tests.commands.files import Desk
from tests.storage.publishing import assessed, in_parts_of
from tests.world import World


@pytest.fixture
async def desk(world: World) -> Desk:
    await world.at("2019-06-05").units()
    await world.enrol(1)
    return Desk(world)


@pytest.fixture
async def may(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """May assessed on 4 June, to be published in parts of two: 1 and 2, 3 and 5, 6 and 7, 8."""
    in_parts_of(monkeypatch, 2)
    await assessed(world)
    return world

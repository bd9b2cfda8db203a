"""A desk at which files are loaded."""

from __future__ import annotations

import pytest

from tests.commands.files import Desk
from tests.world import World


@pytest.fixture
async def desk(world: World) -> Desk:
    await world.at("2019-06-05").units()
    await world.enrol(1)
    return Desk(world)

"""A connection of the API's pool is handed on without being reset: nothing of whoever had it stays in it."""

from __future__ import annotations

import pytest

from storage.database import Database
from tests.api.scenes import qualified
from tests.world import LOGIN, World

LEFT = """SELECT (SELECT count(*) FROM pg_settings WHERE setting IS DISTINCT FROM reset_val AND context = 'user'),
    current_setting('renzheng.account', true), current_setting('renzheng.unit', true),
    (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()),
    (SELECT count(*) FROM pg_listening_channels()), (SELECT count(*) FROM pg_cursors WHERE is_holdable),
    (SELECT count(*) FROM beneficiaries)"""


async def test_nothing_of_a_caller_stays_in_a_connection(
    world: World, dsn: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After reads, an act and a refusal over a pool of one connection: no setting, lock, listener, cursor or row."""
    people = await qualified(world, 2)
    pool = await Database.for_callers(LOGIN.at(dsn), size=1)
    monkeypatch.setattr(world.callers, "_hands", pool._hands)
    async with World.over(world.database, world.callers, world.owner, world.book, world.folder) as served:
        served.clock.instant = world.clock.instant
        await served.ask("{ unit { beneficiaries { totalCount edges { node { verdicts { edges { cursor } } } } } } }")
        assert (await served.act("batchPass", {"page": [{"beneficiaryId": people[0].node}]}))["userErrors"] == []
        assert await served.errors("{ unit { beneficiaries(first: -1) { totalCount } } }")
        async with served.callers.connection() as connection:
            row = await connection.fetchrow(LEFT)
    await pool.close()
    assert [value or 0 for value in row or ()] == [0] * 7

"""A payroll in parts, ended early, gone on with, and beside it the same in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from domain.month import Month
from resolvers import payroll as payrolls
from resolvers.payroll import FrozenPayroll
from storage import batches, payroll, payroll_entries
from storage.database import Connection
from storage.payroll import Totals
from tests.world import World

Written = tuple[list[tuple[Any, ...]], list[tuple[Any, ...]], Totals]
"""What a payroll wrote down: entries, of earlier months as well, lines, and what it comes to."""


class Ended(Exception):
    """The run ends here."""


async def written(connection: Connection, month: Month) -> Written:
    entries = await connection.fetch("SELECT * FROM payments WHERE payroll = $1 ORDER BY 1, 2", month.first_day)
    lines = await connection.fetch("SELECT * FROM payment_lines WHERE payroll = $1 ORDER BY 2, 3", month.first_day)
    totals = await payroll.totals(connection, month)
    return [tuple(row) for row in entries], [tuple(row) for row in lines], totals


async def at_once(world: World, month: Month) -> Written:
    """What one transaction writes at this moment, in one part and from nothing; it is undone."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(payroll_entries, "CHUNK", 1_000)
        patched.setattr(payroll_entries, "_COMPUTED", "in one go")  # what is under way is not gone on with
        async with world.database.connection() as connection:
            transaction = connection.transaction(isolation="repeatable_read")
            await transaction.start()
            at = await batches.enter(connection, world.clock.now())
            under_way = await payroll_entries.begin(connection, month)
            assert under_way.found == 0
            for first, last in under_way.parts():
                await under_way.write(connection, first, last)
            await payroll.freeze(connection, under_way, world.context().today, at)
            found = await written(connection, month)
            await transaction.rollback()
    return found


def ending_after(parts: int) -> Callable[[int, int], None]:
    """A progress bar at which the run ends when so many parts are done."""
    left = parts

    def advance(_: int, __: int) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Ended

    return advance


async def end_early(world: World, month: Month, parts: int) -> None:
    """A run that ends after so many parts."""
    with pytest.raises(Ended):
        await payrolls.freeze(world.context(), month, ending_after(parts))


async def freeze(world: World, month: Month) -> Written:
    """Freeze the month; what was written is all that is there of it."""
    frozen = await payrolls.freeze(world.context(), month)
    assert isinstance(frozen, FrozenPayroll) and not frozen.earlier
    async with world.database.connection() as connection:
        found = await written(connection, month)
    assert found[2] == frozen.totals
    assert await world.owner.fetchval("SELECT count(*) FROM payrolls_under_way") == 0
    return found

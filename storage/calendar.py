"""What the calendar needs to know: whose turn it is, whether anybody is to be judged, how far the ledger goes."""

from __future__ import annotations

from domain.month import Month
from storage.database import Connection
from storage.standings import month_of


async def is_mine(connection: Connection) -> bool:
    """Take the turn until the transaction ends; False where another worker has it."""
    mine: bool = await connection.fetchval("SELECT pg_try_advisory_xact_lock(x'63616c65'::int)")
    return mine


async def somebody_draws(connection: Connection, month: Month) -> bool:
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM beneficiaries WHERE terminated_from IS NULL AND benefit_from <= $1)", month.last_day
    )
    return found


async def last_frozen(connection: Connection) -> Month | None:
    """The last month of the ledger; None where there is none yet."""
    return month_of(await connection.fetchval("SELECT max(month) FROM payrolls"))

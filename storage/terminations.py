"""Terminations that stand, and their withdrawal: it leaves what a FAIL of the termination's day would have left."""

from __future__ import annotations

from domain.certification import Decision, Termination
from domain.history import Life
from domain.vocabulary import SurvivalStatus
from storage import acts
from storage.database import Connection, Reader
from storage.objections import Judge, Objection


async def standing(connection: Reader, beneficiary_id: int | None) -> tuple[int, Termination] | None:
    """The termination that ended the benefit, with its version; None where none did, or it was withdrawn."""
    row = await connection.fetchrow("SELECT * FROM standing_terminations WHERE beneficiary_id = $1", beneficiary_id)
    return (row["version"], Termination(SurvivalStatus(row["cause"]), row["occurred_on"])) if row else None


async def withdraw(connection: Connection, case: Objection, after: Life, by: Judge) -> None:
    """Write the withdrawal that the case's ruling comes to, and the life after it."""
    row = after.standing
    await connection.execute(
        """INSERT INTO termination_withdrawals (beneficiary_id, terminated_version, version, objection_id, account_id,
                                                withdrawn_on, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        row.id,
        case.terminated_version,
        row.version,
        case.id,
        by.account_id,
        by.on,
        by.at,
    )
    begun = next((one.start for one in after.suspensions if one.version == row.version), None)
    await acts.record(connection, [Decision(row, suspends_from=begun)], acts.Actor(by.account_id, None, by.on, by.at))
    await _put_in_force(connection, after)


async def _put_in_force(connection: Connection, after: Life) -> None:
    """Periods that the termination had ended reach as far again as the life says; of two with one start the later."""
    await connection.execute(
        """UPDATE certification_periods p SET in_force = daterange(n.first_month, n.until_month)
           FROM unnest($2::date[], $3::date[]) AS n (first_month, until_month)
           WHERE p.beneficiary_id = $1 AND p.in_force <> daterange(n.first_month, n.until_month)
             AND p.version = (SELECT max(q.version) FROM certification_periods q
                              WHERE q.beneficiary_id = $1 AND q.start_month = n.first_month)""",
        after.standing.id,
        [period.start.first_day for period in after.in_force],
        [(period.end + 1).first_day for period in after.in_force],
    )

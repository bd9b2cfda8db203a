"""Service periods in the database: opened once, and from then on only ended earlier."""

from __future__ import annotations

from collections.abc import Sequence

from domain.month import Month
from domain.period import Period
from domain.vocabulary import Method
from storage.database import Reader

OPEN = """
INSERT INTO certification_periods (beneficiary_id, category, version, start_month, cycle_months, method, at,
                                   end_month, in_force)
SELECT o.*, (o.start_month + make_interval(months => o.cycle_months))::date,
       daterange(o.start_month, (o.start_month + make_interval(months => o.cycle_months + 1))::date)
FROM ({source}) AS o (beneficiary_id, category, version, start_month, cycle_months, method, at)
"""
"""`source` selects (beneficiary_id, category, version, start_month, cycle_months, method, at)."""

# A renewal opens the new period first: the database lets a period end only where a recorded fact says so.
DEFER_OVERLAP = "SET CONSTRAINTS periods_in_force_never_overlap DEFERRED"

END = """
UPDATE certification_periods p SET in_force = p.in_force * daterange(NULL, n.first_month)
FROM ({source}) AS n (id, first_month, version)
WHERE p.beneficiary_id = n.id AND p.version < n.version AND upper(p.in_force) > n.first_month
"""
"""`source` selects (id, first_month, version): from that month on nothing older than that version stays in force."""

RENEW = f"""
WITH ended AS ({END.format(source="SELECT beneficiary_id, start_month, version FROM judged WHERE renews")}
               AND p.beneficiary_id BETWEEN {{first}} AND {{last}} RETURNING 1)
{OPEN.format(source="{source}")} WHERE (SELECT count(*) FROM ended) >= 0
"""
"""Both at once, for many: what is ended first is in nobody's way, and the fact by which it ends comes with it.

`judged` holds (beneficiary_id, start_month, version, renews), the people of an id from `first` to `last`, `source`
selects what is opened.
"""


async def in_force(connection: Reader, ids: Sequence[int]) -> dict[int, list[Period]]:
    """What is in force of each person's periods, oldest first."""
    rows = await connection.fetch(
        """SELECT beneficiary_id, method, lower(in_force) AS start_month,
                  (upper(in_force) - interval '1 month')::date AS end_month
           FROM certification_periods
           WHERE beneficiary_id = ANY($1) AND NOT isempty(in_force) ORDER BY beneficiary_id, start_month""",
        ids,
    )
    found: dict[int, list[Period]] = {}
    for row in rows:
        period = Period(Month.of(row["start_month"]), Month.of(row["end_month"]), Method(row["method"]))
        found.setdefault(row["beneficiary_id"], []).append(period)
    return found

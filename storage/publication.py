"""Publish a month in parts, each in a transaction of its own: the next people's verdicts, periods and standings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.month import Month
from domain.policy import Policy
from domain.vocabulary import Category, VerdictRenews
from storage import assessment, statistics
from storage.assessment import Anew
from storage.database import Connection, Reader
from storage.periods import RENEW
from storage.standings import month_of

CHUNK = 5_000  # people of a part: whoever acts on one of them waits for half a second of a core's work


@dataclass(frozen=True, slots=True)
class Turning:
    """How many people are concluded about, and how many of them would newly be called DISQUALIFIED."""

    people: int
    disqualified: int


@dataclass(frozen=True, slots=True)
class Part:
    """The next people whose verdicts are due, by their ids, and the id with which it all ends.

    `later` is the day on which they are published, where that is not the one on which the publication began.
    """

    first: int
    last: int
    end: int
    later: date | None


async def turning(connection: Connection) -> Turning:
    """What was `concluded` in this transaction, against what is published."""
    row = await connection.fetchrow(
        """SELECT count(*) AS people, count(*) FILTER (WHERE c.conclusion = 'DISQUALIFIED'
                  AND b.conclusion IS DISTINCT FROM 'DISQUALIFIED') AS disqualified
           FROM concluded c JOIN beneficiaries b ON b.id = c.beneficiary_id WHERE b.terminated_from IS NULL"""
    )
    assert row is not None
    return Turning(row["people"], row["disqualified"])


async def is_published(connection: Reader, month: Month) -> bool:
    """Whether the verdicts of the month are out: everybody's."""
    found: bool = await connection.fetchval(
        "SELECT EXISTS (SELECT FROM publications WHERE month = $1 AND finished_at IS NOT NULL)", month.first_day
    )
    return found


async def unfinished(connection: Reader) -> Month | None:
    """The month whose publication has begun and is not finished; the database lets there be one."""
    return month_of(await connection.fetchval("SELECT month FROM publications WHERE finished_at IS NULL"))


async def begin(connection: Connection, month: Month, on: date, at: datetime) -> None:
    """From now on the verdicts of the month are what was `concluded` in this transaction; all of them are due."""
    await connection.execute(
        "INSERT INTO publications (month, published_on, assessed_at, at) VALUES ($1, $2, $3, $3)",
        month.first_day,
        on,
        at,
    )
    due = await connection.execute(_DUE)
    await statistics.gather(connection, int(due.split()[-1]), "verdicts_due (beneficiary_id)")
    await connection.execute("DROP TABLE concluded")
    await connection.execute("DELETE FROM draft_verdicts WHERE month = $1", month.first_day)
    await connection.execute("DELETE FROM assessments WHERE month = $1", month.first_day)


async def next_part(connection: Connection, month: Month, on: date) -> Part | None:
    """Who comes next; None where nothing is due, or the month is finished. Published on that day, or later."""
    row = await connection.fetchrow(_NEXT, month.first_day, CHUNK, on)
    return None if row is None or row["last"] is None else Part(*row)


async def publish_part(connection: Connection, month: Month, policy: Policy, part: Part, at: datetime) -> None:
    """Write the verdicts of the part down, as far as the benefits go on, and renew what they renew."""
    # Written into the statements, so that they are planned for as many people as they are about.
    bounds = {"first": part.first, "last": part.last}
    # In the order of their ids, as the acts lock them: neither can wait for the other in a circle.
    await connection.execute(_LOCK.format(**bounds))
    await _conclude_anew(connection, month, policy, bounds)
    cycles = [policy.cycle_months[category] for category in Category]
    renews = policy.verdict_renews is VerdictRenews.ON_PUBLICATION
    await connection.execute(_JUDGED.format(**bounds), list(Category), cycles, renews)
    written = await connection.execute(_VERDICTS, month.first_day, part.later)
    opened = await connection.execute(RENEW.format(**bounds, source=_OPENED), at)
    await connection.execute(_STANDINGS.format(**bounds), month.first_day, part.later)
    await connection.execute(_OLDER.format(**bounds), month.first_day)
    await connection.execute("DROP TABLE judged")
    await connection.execute(_WRITTEN_DOWN.format(**bounds))
    people, renewed = (int(done.split()[-1]) for done in (written, opened))
    await connection.execute(_GONE_ON, month.first_day, part.last, people, renewed)


async def _conclude_anew(connection: Connection, month: Month, policy: Policy, bounds: dict[str, int]) -> None:
    """About whom something was said since: a record that was found false declares nobody dead, and keeps nobody paid.

    Records that came since do not count: the brake has not seen them.
    """
    row = await connection.fetchrow(_SAID_SINCE.format(**bounds), month.first_day)
    if row is None or not row["people"]:
        return
    await assessment.conclude(connection, month, policy, Anew(row["people"], row["assessed_at"]))
    await connection.execute(_CONCLUDED_ANEW)
    await connection.execute("DROP TABLE concluded")


async def finish(connection: Connection, month: Month, at: datetime) -> tuple[int, int]:
    """Nothing is due any more: the month is published; how many verdicts, and how many periods they renewed."""
    row = await connection.fetchrow(
        "UPDATE publications SET finished_at = $2 WHERE month = $1 RETURNING people, renewed", month.first_day, at
    )
    assert row is not None
    await statistics.gather(connection, row["people"], "verdicts", "beneficiaries", "certification_periods")
    return row["people"], row["renewed"]


_DUE = """
INSERT INTO verdicts_due (beneficiary_id, conclusion, rule, loss_kind, loss_on, activity_kind, activity_on, version)
SELECT c.beneficiary_id, c.conclusion, c.rule, c.loss_kind, c.loss_on, c.activity_kind, c.activity_on, b.version
FROM concluded c JOIN beneficiaries b ON b.id = c.beneficiary_id ORDER BY c.beneficiary_id
"""

# By an act, whose row has another version; by a ruling on another benefit of the person; by the agency. A ruling bears
# the clock of whoever ruled, no instant of the batches. What is asked anew needlessly is answered as before: a day is
# more than clocks differ.
_SAID_SINCE = """
SELECT p.assessed_at, array_agg(b.id ORDER BY b.id) AS people
FROM publications p, verdicts_due d JOIN beneficiaries b ON b.id = d.beneficiary_id
WHERE p.month = $1 AND d.beneficiary_id BETWEEN {first} AND {last} AND b.id BETWEEN {first} AND {last}
  AND (b.version <> d.version
       OR b.person_id = ANY (ARRAY(
           SELECT q.person_id FROM quarantines q, publications n
           WHERE n.month = $1 AND q.at >= n.published_on - 1))
       OR b.person_id = ANY (ARRAY(
           SELECT e.person_id FROM evidence_found_wrong w JOIN evidence e ON e.id = w.evidence_id, publications n
           WHERE n.month = $1 AND w.at > n.assessed_at)))
GROUP BY p.assessed_at
"""

_CONCLUDED_ANEW = """
UPDATE verdicts_due d
SET conclusion = c.conclusion, rule = c.rule, loss_kind = c.loss_kind, loss_on = c.loss_on,
    activity_kind = c.activity_kind, activity_on = c.activity_on
FROM concluded c WHERE c.beneficiary_id = d.beneficiary_id
"""

# What is written down is gone from `verdicts_due`, yet in its index until that is vacuumed: `through` leaps over it.
_NEXT = """
SELECT p.through + 1 AS first,
       (SELECT max(beneficiary_id) FROM (SELECT beneficiary_id FROM verdicts_due WHERE beneficiary_id > p.through
                                         ORDER BY beneficiary_id LIMIT $2) AS n) AS last,
       (SELECT max(beneficiary_id) FROM verdicts_due) AS end,
       CASE WHEN $3::date > p.published_on THEN $3::date END AS later
FROM publications p WHERE p.month = $1 AND p.finished_at IS NULL
"""

_LOCK = """
SELECT count(*) FROM (
    SELECT FROM beneficiaries b JOIN verdicts_due d ON d.beneficiary_id = b.id
    WHERE b.id BETWEEN {first} AND {last} AND d.beneficiary_id BETWEEN {first} AND {last}
    ORDER BY b.id FOR NO KEY UPDATE OF b) AS locked
"""

# A QUALIFIED verdict renews from the month of its last activity, but never after a human's FAIL.
_JUDGED = """
CREATE TEMP TABLE judged ON COMMIT DROP AS
SELECT d.beneficiary_id, d.conclusion, d.rule, d.loss_kind, d.loss_on, d.activity_kind, d.activity_on,
       b.category, b.version + 1 AS version, c.cycle_months, s.start_month, e.end_month,
       ($3 AND d.conclusion = 'QUALIFIED' AND b.suspended_from IS NULL
        AND (b.period_end IS NULL OR e.end_month > b.period_end)) AS renews
FROM verdicts_due d
JOIN beneficiaries b ON b.id = d.beneficiary_id
JOIN unnest($1::text[], $2::int[]) AS c (category, cycle_months) USING (category)
CROSS JOIN LATERAL (SELECT date_trunc('month', d.activity_on)::date AS start_month) AS s
CROSS JOIN LATERAL (SELECT (s.start_month + make_interval(months => c.cycle_months))::date AS end_month) AS e
WHERE d.beneficiary_id BETWEEN {first} AND {last} AND b.id BETWEEN {first} AND {last} AND b.terminated_from IS NULL
ORDER BY d.beneficiary_id
"""

# In the order of people, in which their indexes grow where they were looked up last.
_VERDICTS = """
INSERT INTO verdicts (beneficiary_id, month, version, conclusion, rule, loss_kind, loss_on, activity_kind, activity_on,
                      published_on)
SELECT beneficiary_id, $1::date, version, conclusion, rule, loss_kind, loss_on, activity_kind, activity_on, $2::date
FROM judged ORDER BY beneficiary_id
"""

_OPENED = """
SELECT beneficiary_id, category, version, start_month, cycle_months, 'VERDICT', $1::timestamptz
FROM judged WHERE renews ORDER BY beneficiary_id
"""

_RENEWED = """
version = j.version, period_start = CASE WHEN j.renews THEN j.start_month ELSE b.period_start END,
period_end = CASE WHEN j.renews THEN j.end_month ELSE b.period_end END,
period_method = CASE WHEN j.renews THEN 'VERDICT' ELSE b.period_method END,
paid_through = CASE WHEN j.renews THEN j.end_month ELSE b.paid_through END
"""

_STANDINGS = f"""
UPDATE beneficiaries b
SET verdict_month = $1::date, conclusion = j.conclusion, verdict_rule = j.rule, loss_kind = j.loss_kind,
    loss_on = j.loss_on, activity_kind = j.activity_kind, activity_on = j.activity_on,
    verdict_published_on = coalesce($2::date, p.published_on), verdict_assessed_at = p.assessed_at,
    verdict_answered = false, {_RENEWED}
FROM judged j JOIN publications p ON p.month = $1
WHERE j.beneficiary_id = b.id AND b.id BETWEEN {{first}} AND {{last}}
  AND (b.verdict_month IS NULL OR b.verdict_month < $1)
"""

# An older month published late renews, but does not take the place of a newer verdict on the row.
_OLDER = f"""
UPDATE beneficiaries b SET {_RENEWED} FROM judged j
WHERE j.beneficiary_id = b.id AND b.id BETWEEN {{first}} AND {{last}} AND b.verdict_month > $1
  AND EXISTS (SELECT FROM publications n WHERE n.month > $1)
"""

_WRITTEN_DOWN = "DELETE FROM verdicts_due WHERE beneficiary_id BETWEEN {first} AND {last}"
_GONE_ON = "UPDATE publications SET through = $2, people = people + $3, renewed = renewed + $4 WHERE month = $1"

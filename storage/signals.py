"""Signals of favours, each found in one statement over all acts of a month, each finding once. Notice 四(四)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.compliance import ReviewKind
from domain.month import Month
from domain.policy import Policy
from storage.database import Connection

_EVERY_ACT = """
every_act AS (
    SELECT c.*, b.unit_id, b.person_id FROM certifications c JOIN beneficiaries b ON b.id = c.beneficiary_id
    WHERE c.acted_on BETWEEN $1 AND $2
)
"""
# An act of a unit: how a person or a window acts says nothing of the unit.
_ACTS = f"""
{_EVERY_ACT},
acts AS (SELECT * FROM every_act WHERE method NOT IN ('SELF', 'SERVICE_WINDOW'))
"""
_OPEN = """
INSERT INTO compliance_reviews (kind, subject, unit_id, month, beneficiary_id, version, facts, opened_at)
SELECT found.*, $3 FROM ({found}) AS found ON CONFLICT (kind, subject) DO NOTHING
"""

# Between two acts of an account, or since it signed in, lies all the time in which it can have read the rows. A run
# goes on as long as its rows have not had their time, however few a call: `owed` is what they lack, in seconds.
# It also ends, whatever it owes, with an hour without an act, and is found then: whatever was found is not looked at
# again, so it must be whole.
_PAUSE = "interval '1 hour'"
_FASTER_THAN_READ = f"""
WITH {_ACTS},
submissions AS (
    SELECT account_id, at, min(unit_id) AS unit_id, count(*) FILTER (WHERE result = 'PASS') AS rows,
           account_id || ':' || extract(epoch FROM at) AS subject
    FROM acts GROUP BY account_id, at
),
timed AS (
    SELECT s.*, extract(epoch FROM at - greatest(
               lag(at) OVER account,
               (SELECT max(n.began_at) FROM sessions n WHERE n.account_id = s.account_id AND n.began_at <= s.at)))
           AS seconds, at - lag(at) OVER account >= {_PAUSE} AS rested
    FROM submissions s WINDOW account AS (PARTITION BY account_id ORDER BY at)
),
stints AS (
    SELECT *, count(*) FILTER (WHERE rested) OVER (PARTITION BY account_id ORDER BY at) AS stint FROM timed
),
lacking AS (
    SELECT *, sum(coalesce($4 * rows - seconds, 0)) OVER (PARTITION BY account_id, stint ORDER BY at) AS lack
    FROM stints
),
owing AS (
    SELECT *, lack - least(0, min(lack) OVER before) AS owed FROM lacking
    WINDOW before AS (PARTITION BY account_id, stint ORDER BY at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
),
numbered AS (
    SELECT *, count(*) FILTER (WHERE owed <= 0) OVER (PARTITION BY account_id, stint ORDER BY at) AS number FROM owing
),
runs AS (
    SELECT min(unit_id) AS unit_id, sum(rows) AS rows, sum(seconds) AS seconds,
           array_agg(subject ORDER BY at) AS subjects, max(at) AS last
    FROM numbered WHERE owed > 0 GROUP BY account_id, stint, number
)
{
    _OPEN.format(
        found=f'''
    SELECT 'FASTER_THAN_READ', subjects[1], unit_id, $1::date, NULL::bigint, NULL::int,
           jsonb_build_object('rows', rows, 'seconds', round(seconds))
    FROM runs
    WHERE rows >= $5 AND last + {_PAUSE} <= $3
      AND NOT EXISTS (SELECT FROM compliance_reviews r
                      WHERE r.kind = 'FASTER_THAN_READ' AND r.subject = ANY(subjects))'''
    )
}
"""

# What counts is the last act on each row: a mistake that was taken back does not show that somebody looks.
_ALL_PASSED = f"""
WITH {_ACTS},
last AS (SELECT DISTINCT ON (beneficiary_id) * FROM acts ORDER BY beneficiary_id, version DESC),
ends AS (
    SELECT b.unit_id FROM terminations t JOIN beneficiaries b ON b.id = t.beneficiary_id
    WHERE t.acted_on BETWEEN $1 AND $2
)
{
    _OPEN.format(
        found='''
    SELECT 'ALL_PASSED', unit_id || ':' || $1::date, unit_id, $1::date, NULL::bigint, NULL::int,
           jsonb_build_object('people', count(*))
    FROM last GROUP BY unit_id
    HAVING count(*) >= $4 AND bool_and(result = 'PASS') AND unit_id NOT IN (SELECT unit_id FROM ends)'''
    )
}
"""

# A name counts without its spaces, a contact by its digits, full-width ones too, without the country's code and zeros;
# where it has no digits, as it stands. A unit's finding is named by how the handler was written first.
_ONE_HANDLER = f"""
WITH {_ACTS},
written AS (
    SELECT handler_name, handler_contact, unit_id, count(*) AS acts, min(at) AS since,
           regexp_replace(normalize(handler_name, NFKC), '[[:space:]]', '', 'g') AS name,
           coalesce(nullif(substring(regexp_replace(normalize(handler_contact, NFKC), '[^0-9]', '', 'g')
                                     FROM '^(?:0*86)?0*(.*)$'), ''), handler_contact) AS contact,
           unit_id || ':' || $1::date || ':' || md5(handler_name || '|' || handler_contact) AS subject
    FROM acts GROUP BY handler_name, handler_contact, unit_id
),
answering AS (
    SELECT unit_id, sum(acts) AS acts, count(*) OVER (PARTITION BY name, contact) AS units,
           array_agg(handler_name ORDER BY since, subject) AS names,
           array_agg(subject ORDER BY since, subject) AS subjects
    FROM written GROUP BY name, contact, unit_id
)
{
    _OPEN.format(
        found='''
    SELECT 'ONE_HANDLER', subjects[1], unit_id, $1::date, NULL::bigint, NULL::int,
           jsonb_build_object('units', units, 'acts', acts, 'handler', names[1])
    FROM answering
    WHERE units >= $4 AND NOT EXISTS (SELECT FROM compliance_reviews r
                                      WHERE r.kind = 'ONE_HANDLER' AND r.subject = ANY(subjects))'''
    )
}
"""

# Whoever passed: a window may be deceived, and so may a face check. A PASS against DISQUALIFIED has its review already.
# A death is also what was said, and stands, of another benefit of the person.
_AFTER_DEATH_RECORD = f"""
WITH {_EVERY_ACT},
passes AS (SELECT beneficiary_id, version, unit_id, person_id, acted_on, at FROM every_act WHERE result = 'PASS'),
others AS (
    SELECT p.*, o.id AS other_id FROM passes p JOIN beneficiaries o USING (person_id) WHERE o.id <> p.beneficiary_id
),
after AS (
    SELECT p.beneficiary_id, p.version, p.unit_id, e.kind, e.occurred_on, e.id AS place
    FROM passes p JOIN counting_evidence e USING (person_id)
    WHERE e.kind = ANY($4::text[]) AND e.received_at <= p.at AND e.occurred_on <= p.acted_on
    UNION ALL
    SELECT p.beneficiary_id, p.version, p.unit_id, 'other_benefit_ended', t.occurred_on, 0
    FROM others p JOIN standing_terminations t ON t.beneficiary_id = p.other_id
    WHERE t.cause = 'DECEASED' AND t.at <= p.at
    UNION ALL
    SELECT p.beneficiary_id, p.version, p.unit_id, 'other_benefit_failed', f.occurred_on, 0
    FROM others p JOIN certifications f ON f.beneficiary_id = p.other_id
    WHERE f.survival_status = 'DECEASED' AND f.at <= p.at
      AND NOT EXISTS (SELECT FROM certifications u WHERE u.beneficiary_id = p.other_id AND u.version > f.version)
)
{
    _OPEN.format(
        found='''
    SELECT 'AFTER_DEATH_RECORD', a.beneficiary_id || ':' || a.version, a.unit_id, $1::date, a.beneficiary_id, a.version,
           jsonb_build_object('kind', (array_agg(a.kind ORDER BY a.occurred_on DESC, a.place))[1])
    FROM after a
    WHERE NOT EXISTS (SELECT FROM compliance_reviews r
                      WHERE r.beneficiary_id = a.beneficiary_id AND r.version = a.version
                        AND r.kind IN ('AGAINST_DISQUALIFIED', 'BATCH_ACKNOWLEDGED'))
    GROUP BY a.beneficiary_id, a.version, a.unit_id'''
    )
}
"""


async def find(
    connection: Connection, month: Month, policy: Policy, at: datetime, *, ended: bool
) -> dict[ReviewKind, int]:
    """Open a review for whatever the month's acts show and none has found; how many of each kind."""
    wanted: list[tuple[ReviewKind, str, Sequence[object]]] = [
        (ReviewKind.FASTER_THAN_READ, _FASTER_THAN_READ, (policy.fast_pass_seconds, policy.fast_pass_rows)),
        (ReviewKind.ONE_HANDLER, _ONE_HANDLER, (policy.one_handler_units,)),
        (ReviewKind.AFTER_DEATH_RECORD, _AFTER_DEATH_RECORD, (sorted(policy.death_records),)),
    ]
    if ended:  # until then somebody may still fail
        wanted.append((ReviewKind.ALL_PASSED, _ALL_PASSED, (policy.all_passed_people,)))
    found = {}
    for kind, statement, values in wanted:
        written = await connection.execute(statement, month.first_day, month.last_day, at, *values)
        found[kind] = int(written.split()[-1])
    return found

"""The tables of the peers: the same people and histories, in each of the two layouts that may suit a peer best.

Months and days are text as the API writes them, and what the service derives from today stands in a column: a peer has
nothing to work out. Whose benefit has ended is left out, so that a roster needs no filter.
"""

from __future__ import annotations

from enum import StrEnum

from storage.database import Connection


class Layout(StrEnum):
    STANDING = "standing"
    """The latest verdict and the period on the person's row, as the service has them."""
    NORMALISED = "normalised"
    """Each in a table of its own."""

    @property
    def schema(self) -> str:
        return f"peers_{self}"


async def make(owner: Connection) -> None:
    for layout in Layout:
        await owner.execute(f"CREATE SCHEMA {layout.schema}; SET search_path = {layout.schema}, public")
        await owner.execute(_UNITS + _PEOPLE.format(current=_ON_THE_ROW if layout is Layout.STANDING else ""))
        await owner.execute(_HISTORY + (_APART if layout is Layout.NORMALISED else ""))
        joined = _JOINED.format(schema=layout.schema) if layout is Layout.NORMALISED else ""
        await owner.execute(_FUNCTIONS.format(schema=layout.schema, joined=joined))
        await owner.execute("RESET search_path")
        made = await owner.fetch(
            "SELECT relid::regclass::text FROM pg_stat_user_tables WHERE schemaname = $1", layout.schema
        )
        await owner.execute(f"VACUUM (FREEZE, ANALYZE) {', '.join(row[0] for row in made)}")


_UNITS = """
CREATE TABLE units AS SELECT id, si_number, name FROM public.units ORDER BY id;
ALTER TABLE units ADD PRIMARY KEY (id), ADD UNIQUE (si_number);
"""

_VERDICT = """conclusion AS verdict_conclusion, to_char(verdict_month, 'YYYY-MM') AS verdict_month,
    verdict_answered, verdict_published_on::text"""
_COVERS = "period_start <= '2026-06-01' AND period_end >= '2026-06-01'"
_ON_THE_ROW = f""", {_VERDICT},
    CASE WHEN {_COVERS} THEN to_char(period_start, 'YYYY-MM') END AS period_start,
    CASE WHEN {_COVERS} THEN to_char(period_end, 'YYYY-MM') END AS period_end,
    CASE WHEN {_COVERS} THEN period_method END AS period_method"""
_PEOPLE = """
CREATE TABLE beneficiaries AS
SELECT id, unit_id, person_id, category, name, id_number_masked AS id_number, phone, contact_complete, version,
    CASE WHEN suspended_from <= '2026-06-01' THEN 'SUSPENDED' WHEN paid_through >= '2026-06-01' THEN 'PAYING'
         ELSE 'LAPSED' END AS payment_status,
    to_char(paid_through, 'YYYY-MM') AS paid_through,
    CASE WHEN conclusion <> 'QUALIFIED' AND NOT verdict_answered THEN '2026-06-30' END AS answer_by,
    (confirmed_in + interval '13 months - 1 day')::date::text AS confirm_by, roster_rank {current}
FROM public.beneficiaries WHERE terminated_from IS NULL ORDER BY id;
ALTER TABLE beneficiaries ADD PRIMARY KEY (id), ADD FOREIGN KEY (unit_id) REFERENCES units;
CREATE INDEX ON beneficiaries (unit_id, category, roster_rank, id);
CREATE INDEX ON beneficiaries (person_id);
"""

_HISTORY = """
CREATE TABLE verdicts AS
SELECT v.beneficiary_id, to_char(v.month, 'YYYY-MM') AS month, v.conclusion, p.published_on::text, false AS answered
FROM public.verdicts v JOIN public.publications p USING (month) JOIN beneficiaries b ON b.id = v.beneficiary_id
ORDER BY 1, 2;
ALTER TABLE verdicts ADD PRIMARY KEY (beneficiary_id, month),
    ADD FOREIGN KEY (beneficiary_id) REFERENCES beneficiaries;
CREATE TABLE periods AS
SELECT p.beneficiary_id, p.version, to_char(p.start_month, 'YYYY-MM') AS start_month,
       to_char(p.end_month, 'YYYY-MM') AS end_month, p.method
FROM public.certification_periods p JOIN beneficiaries b ON b.id = p.beneficiary_id ORDER BY 1, 2;
ALTER TABLE periods ADD PRIMARY KEY (beneficiary_id, version),
    ADD FOREIGN KEY (beneficiary_id) REFERENCES beneficiaries;
"""

_APART = f"""
CREATE TABLE current_verdicts AS
SELECT b.id AS beneficiary_id, {_VERDICT} FROM public.beneficiaries b JOIN beneficiaries USING (id) ORDER BY 1;
ALTER TABLE current_verdicts ADD PRIMARY KEY (beneficiary_id),
    ADD FOREIGN KEY (beneficiary_id) REFERENCES beneficiaries;
CREATE TABLE current_periods AS
SELECT b.id AS beneficiary_id, to_char(period_start, 'YYYY-MM') AS period_start,
       to_char(period_end, 'YYYY-MM') AS period_end, period_method
FROM public.beneficiaries b JOIN beneficiaries USING (id) WHERE {_COVERS} ORDER BY 1;
ALTER TABLE current_periods ADD PRIMARY KEY (beneficiary_id),
    ADD FOREIGN KEY (beneficiary_id) REFERENCES beneficiaries;
"""

_JOINED = "JOIN {schema}.current_verdicts c ON c.beneficiary_id = b.id"
_FUNCTIONS = """
CREATE TYPE summary AS (total integer, disqualified integer, pending integer, qualified integer, unanswered integer,
    overdue integer, lapsing_soon integer, lapsed integer, suspended integer, contact_incomplete integer,
    confirmation_overdue integer);
CREATE FUNCTION units_summary(unit units) RETURNS summary LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT count(*)::integer, count(*) FILTER (WHERE verdict_conclusion = 'DISQUALIFIED')::integer,
           count(*) FILTER (WHERE verdict_conclusion = 'PENDING')::integer,
           count(*) FILTER (WHERE verdict_conclusion = 'QUALIFIED')::integer,
           count(*) FILTER (WHERE answer_by IS NOT NULL)::integer,
           count(*) FILTER (WHERE answer_by IS NOT NULL AND (verdict_published_on < '2026-06-01' OR EXISTS (
               SELECT FROM {schema}.verdicts v
               WHERE v.beneficiary_id = b.id AND v.conclusion <> 'QUALIFIED' AND v.published_on < '2026-06-01'
                 AND NOT EXISTS (SELECT FROM {schema}.verdicts q WHERE q.beneficiary_id = b.id AND q.month > v.month
                                                                 AND q.conclusion = 'QUALIFIED'))))::integer,
           count(*) FILTER (WHERE payment_status <> 'SUSPENDED'
                              AND paid_through BETWEEN '2026-06' AND '2026-08')::integer,
           count(*) FILTER (WHERE payment_status = 'LAPSED')::integer,
           count(*) FILTER (WHERE payment_status = 'SUSPENDED')::integer,
           count(*) FILTER (WHERE NOT contact_complete)::integer,
           count(*) FILTER (WHERE confirm_by < '2026-06-10')::integer
    FROM {schema}.beneficiaries b {joined} WHERE b.unit_id = (units_summary.unit).id;
END;
CREATE FUNCTION units_search(unit units, search text) RETURNS SETOF beneficiaries LANGUAGE sql STABLE BEGIN ATOMIC
    SELECT b.* FROM {schema}.beneficiaries b
    WHERE b.unit_id = (units_search.unit).id AND b.category = 'RETIREE'
      AND strpos(lower(b.name), lower(units_search.search)) > 0
    ORDER BY b.roster_rank, b.id;
END;
"""

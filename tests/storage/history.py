"""One literal history in the database, for the tests that go around the application."""

from __future__ import annotations

from storage.database import Connection, Database

# Unit 1 and its account 1. Person 1 draws benefit 1 (RETIREE, 2019-01..2020-01), person 2 benefit 2 (SURVIVOR,
# 2019-03..2019-09), person 3 benefit 3, terminated. For May 2019 benefit 1 is DISQUALIFIED and passed nevertheless.
SEED = """
INSERT INTO units (si_number, name, district) VALUES ('370202000101', '小学', '市南区');
INSERT INTO persons (id_number_digest, id_number_sealed)
SELECT sha256(n), n FROM unnest('{number of person 1, number of person 2, number of person 3}'::bytea[]) AS n;
INSERT INTO accounts (username, role, unit_id, password_hash) VALUES ('370202000101', 'UNIT', 1, 'no hash');
INSERT INTO beneficiaries (unit_id, category, person_id, name, id_number_masked, benefit_from, confirmed_in,
                           period_start, period_end, period_method, paid_through)
VALUES (1, 'RETIREE', 1, '张三', '3702**********0011', '2005-01-01', '2019-01-01',
        '2019-01-01', '2020-01-01', 'ENROLMENT', '2020-01-01'),
       (1, 'SURVIVOR', 2, '李四', '3702**********0038', '2005-01-01', '2019-03-01',
        '2019-03-01', '2019-09-01', 'ENROLMENT', '2019-09-01'),
       (1, 'RETIREE', 3, '王五', '3702**********0054', '2005-01-01', '2019-01-01', NULL, NULL, NULL, NULL);
INSERT INTO benefit_rates VALUES (1, '2005-01-01', '[2019-01-05 09:00+08,)', 3000.00);
INSERT INTO evidence (person_id, source, kind, occurred_on, reference, received_at)
VALUES (1, 'health', 'cremation', '2019-05-02', 'H-1', '2019-06-01 09:00+08'),
       (1, 'transport', 'rail_travel', '2019-04-02', 'T-1', '2019-06-01 09:00+08');
INSERT INTO evidence_found_wrong VALUES (2, '他人的车票', '2019-06-01 10:00+08');
INSERT INTO publications VALUES ('2019-05-01', '2019-06-04', '2019-06-02 09:00+08', '2019-06-04 09:00+08');
INSERT INTO verdicts_due VALUES (1, 'DISQUALIFIED', 'loss', 'cremation', '2019-05-02', NULL, NULL, 1);
INSERT INTO verdicts (beneficiary_id, month, version, conclusion, rule, loss_kind, loss_on)
VALUES (1, '2019-05-01', 2, 'DISQUALIFIED', 'loss', 'cremation', '2019-05-02');
DELETE FROM verdicts_due;
UPDATE publications SET finished_at = at, through = 1, people = 1;
INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, reason, verdict_month,
                            handler_name, handler_contact, account_id, acted_on, at)
VALUES (1, 3, 'OVERRIDE', 'PASS', 'NORMAL', '本人到场', '2019-05-01', '李经办', '0532-85911234', 1,
        '2019-06-05', '2019-06-05 09:00+08');
INSERT INTO compliance_reviews (beneficiary_id, version, opened_at, kind, subject, unit_id, month)
VALUES (1, 3, '2019-06-05 09:00+08', 'AGAINST_DISQUALIFIED', '1:3', 1, '2019-06-01');
INSERT INTO terminations VALUES (3, 2, 'DECEASED', '2019-05-02', '李经办', '0532-85911234', 1,
                                 '2019-06-05', '2019-06-05 09:00+08');
INSERT INTO certification_periods (beneficiary_id, category, version, start_month, end_month, cycle_months, method,
                                   in_force, at)
VALUES (1, 'RETIREE', 1, '2019-01-01', '2020-01-01', 12, 'ENROLMENT', '[2019-01-01,2020-02-01)', '2019-01-05 09:00+08'),
       (2, 'SURVIVOR', 1, '2019-03-01', '2019-09-01', 6, 'ENROLMENT', '[2019-03-01,2019-10-01)', '2019-03-05 09:00+08');
INSERT INTO assessments VALUES ('2019-06-01', '2019-07-01 09:00+08');
INSERT INTO draft_verdicts VALUES ('2019-06-01', 1, 'PENDING', 'nothing');
"""


async def attempt(held: Database, statement: str) -> None:
    """Run a statement as the application's role and undo it; what the database refuses is raised."""
    async with held.connection() as connection:
        await undone(connection, statement)


async def undone(connection: Connection, statement: str) -> None:
    """Run a statement and undo it."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statement)
        await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    finally:
        await transaction.rollback()

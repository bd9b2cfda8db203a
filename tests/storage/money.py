"""A literal history with money on top of `history.SEED`, and the statements that the tests of its guards vary."""

from __future__ import annotations

from datetime import date

from domain.month import Month

# Account 1 is the unit's, 2 and 3 are officers', 4 is an officer's of another district, 5 the unit's again. Everybody
# gets 3000.00 a month. Frozen are 2019-06 to 2019-10. Benefit 1 is paid throughout, benefit 2 lapsed with 2019-09.
# Benefits 4 and 6 got a FAIL on 2019-06-20 and a PASS on 2019-09-10: case 1 reinstated 4 with 2019-10 and pays back
# 2019-07 to 2019-09, case 2 of 6 is open. Person 5 died in June, which was told in September: 2019-07 to 2019-09 are
# overpaid, 9000.00 in all.
MONEY = """
INSERT INTO accounts (username, role, district, password_hash)
VALUES ('officer-2', 'OFFICER', '市南区', 'no hash'), ('officer-3', 'OFFICER', '市南区', 'no hash'),
       ('officer-4', 'OFFICER', '市北区', 'no hash');
INSERT INTO accounts (username, role, unit_id, password_hash) VALUES ('unit-1-again', 'UNIT', 1, 'no hash');
INSERT INTO persons (id_number_digest, id_number_sealed)
SELECT sha256(n), n FROM unnest('{number of person 4, number of person 5, number of person 6}'::bytea[]) AS n;
INSERT INTO beneficiaries (unit_id, category, person_id, name, id_number_masked, benefit_from, confirmed_in)
VALUES (1, 'RETIREE', 4, '赵六', '3702**********0070', '2005-01-01', '2019-01-01'),
       (1, 'RETIREE', 5, '孙七', '3702**********0097', '2005-01-01', '2019-01-01'),
       (1, 'RETIREE', 6, '周八', '3702**********0118', '2005-01-01', '2019-01-01');
INSERT INTO benefit_rates SELECT id, '2005-01-01', '[2019-01-05 09:00+08,)', 3000.00 FROM unnest('{2,4,5,6}'::int[]) id;
INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, occurred_on,
                            handler_name, handler_contact, account_id, acted_on, at)
SELECT id, version, 'OVERRIDE', result, status, occurred_on, '李经办', '0532-85911234', 1, acted_on, acted_on
FROM unnest(ARRAY[4, 6]) AS id,
     (VALUES (2, 'FAIL', 'MISSING', DATE '2019-06-10', DATE '2019-06-20'),
             (3, 'PASS', 'NORMAL', NULL, DATE '2019-09-10')) AS a (version, result, status, occurred_on, acted_on);
INSERT INTO suspensions VALUES (4, 2, '[2019-07-01,)'), (6, 2, '[2019-07-01,)');
DO $$
DECLARE
    first date;
BEGIN
    FOR first IN SELECT generate_series(DATE '2019-05-01', '2019-12-01', interval '1 month') LOOP
        EXECUTE format('CREATE TABLE payments_%s PARTITION OF payments FOR VALUES FROM (%L) TO (%L)',
                       to_char(first, 'YYYY_MM'), first, first + interval '1 month');
    END LOOP;
END $$;
INSERT INTO publications (month, published_on, assessed_at, at, finished_at)
SELECT month, month + interval '1 month 3 days', '2019-06-02 09:00+08', '2019-06-04 09:00+08', '2019-06-04 09:00+08'
FROM generate_series(DATE '2019-06-01', '2019-12-01', interval '1 month') AS month;
INSERT INTO payrolls VALUES ('2019-06-01', '2019-06-08', '2019-06-08 09:00+08');
INSERT INTO payrolls VALUES ('2019-07-01', '2019-07-08', '2019-07-08 09:00+08');
INSERT INTO payrolls VALUES ('2019-08-01', '2019-08-08', '2019-08-08 09:00+08');
INSERT INTO payrolls VALUES ('2019-09-01', '2019-09-08', '2019-09-08 09:00+08');
INSERT INTO payrolls VALUES ('2019-10-01', '2019-10-08', '2019-10-08 09:00+08');
INSERT INTO payments (beneficiary_id, month, payroll, version, status, amount, basis)
SELECT id, month, month, 1, CASE WHEN paid THEN 'PAID' ELSE 'WITHHELD' END, CASE WHEN paid THEN 3000 ELSE 0 END,
       CASE WHEN paid THEN 'COVERED' ELSE basis END
FROM payrolls CROSS JOIN (VALUES (1, DATE '2020-02-01', 'LAPSED'), (2, '2019-10-01', 'LAPSED'),
                                 (4, '2019-07-01', 'SUSPENDED'), (5, '2019-10-01', 'TERMINATED'),
                                 (6, '2019-07-01', 'SUSPENDED')) AS p (id, stops, basis)
CROSS JOIN LATERAL (SELECT month < stops AS paid) AS c;
INSERT INTO terminations VALUES (5, 2, 'DECEASED', '2019-06-15', '李经办', '0532-85911234', 1,
                                 '2019-09-20', '2019-09-20 09:00+08');
INSERT INTO reinstatements (beneficiary_id, statement, document_names, document_sha256, claimed, handler_name,
                            handler_contact, submitted_by, submitted_on, submitted_at)
SELECT id, '本人健在', '{证明.pdf}', '{aa}', '{}', '李经办', '0532-85911234', 1, '2019-10-12', '2019-10-12 09:00+08'
FROM unnest(ARRAY[4, 6]) AS id;
UPDATE reinstatements SET status = 'APPROVED', reviewed_by = 2, reviewed_on = '2019-10-20', reviewed_at = '2019-10-20',
                          lifted_from = '2019-11-01', resumes_from = '2019-11-01', approved_version = 4 WHERE id = 1;
INSERT INTO reinstatement_months (beneficiary_id, month, reinstatement_id)
VALUES (4, '2019-07-01', 1), (4, '2019-08-01', 1), (4, '2019-09-01', 1);
UPDATE suspensions SET held = '[2019-07-01,2019-11-01)' WHERE beneficiary_id = 4;
UPDATE batch_clock SET last = '2019-10-08 09:00+08';
"""
NEWEST = "(SELECT max(id) FROM reinstatements)"
"""The case that was submitted last."""


def payroll(month: str) -> str:
    """The statement that freezes a month."""
    return f"INSERT INTO payrolls VALUES ('{month}-01', '{month}-08', '{month}-08 09:00+08');"


def published(month: str) -> str:
    """The statement that publishes a month; all from 2019-05 to 2019-12 are."""
    return f"INSERT INTO publications VALUES ('{month}-01', '{month}-28', now(), now(), now());"


def payment(person: int, month: str, amount: str = "3000.00", *, with_: str | None = None) -> str:
    """The statement that writes a paid month down; with another payroll than its own, a withheld one."""
    said = ("PAID", amount, "COVERED") if with_ is None else ("WITHHELD", "0", "LATE_ENROLMENT")
    status, sum_, basis = said
    return f"""
        INSERT INTO payments (beneficiary_id, month, payroll, version, status, amount, basis)
        VALUES ({person}, '{month}-01', '{with_ or month}-01', 9, '{status}', {sum_}, '{basis}');"""


def raised(person: int, since: str, amount: str = "3100.00", known: str = "[2019-10-15 09:00+08,)") -> str:
    """The statement that announces an amount."""
    return f"INSERT INTO benefit_rates VALUES ({person}, '{since}-01', '{known}', {amount});"


def back_pay(person: int, month: str, case: int | str, payroll: str = "2019-11", amount: str = "3000.00") -> str:
    """The statement that pays a month back with a payroll."""
    return f"INSERT INTO payment_lines VALUES ('{payroll}-01', {person}, '{month}-01', 'BACK_PAY', {amount}, {case});"


def adjustment(person: int, month: str, payroll: str = "2019-11", amount: str = "100.00") -> str:
    return f"INSERT INTO payment_lines VALUES ('{payroll}-01', {person}, '{month}-01', 'ADJUSTMENT', {amount}, NULL);"


def submitted(person: int, *, documents: str = "{证明.pdf}", digests: str = "{aa}", by: int = 1) -> str:
    """The statement that submits a case; it is the `NEWEST`."""
    return f"""
        INSERT INTO reinstatements (beneficiary_id, statement, document_names, document_sha256, claimed, handler_name,
                                    handler_contact, submitted_by, submitted_on, submitted_at)
        VALUES ({person}, '本人健在', '{documents}', '{digests}', '{{}}', '李经办', '0532-85911234', {by},
                '2019-10-12', '2019-10-12 09:00+08');"""


def approved(
    case: int | str = 2,
    on: str = "2019-10-20",
    *,
    by: int = 2,
    lifted: str = "NULL",
    resumes: str = "NULL",
    version: int = 4,
) -> str:
    """The statement that approves a case."""
    return f"""
        UPDATE reinstatements SET status = 'APPROVED', reviewed_by = {by}, reviewed_on = '{on}', reviewed_at = '{on}',
                                  lifted_from = {lifted}, resumes_from = {resumes}, approved_version = {version}
        WHERE id = {case};"""


def reinstated(on: str = "2019-10-20") -> str:
    """The statements that approve case 2 and end the suspension of person 6 with the month."""
    after = (Month.of(date.fromisoformat(on)) + 1).first_day
    return approved(on=on, lifted=f"'{after}'", resumes=f"'{after}'") + held_until(6, f"[2019-07-01,{after})")


def closed(status: str, case: int | str = 2, *, by: int = 2, reason: str = "NULL", on: str = "2019-10-20") -> str:
    """The statement that rejects or withdraws a case."""
    return f"""
        UPDATE reinstatements SET status = '{status}', reviewed_by = {by}, reviewed_on = '{on}',
                                  reviewed_at = '{on}', reason = {reason} WHERE id = {case};"""


def months(person: int, case: int | str, *claimed: str) -> str:
    """The statement that says which months a case pays back."""
    rows = ", ".join(f"({person}, '{month}-01', {case})" for month in claimed)
    return f"INSERT INTO reinstatement_months (beneficiary_id, month, reinstatement_id) VALUES {rows};"


def acted(
    person: int, result: str, on: str, *, version: int = 9, status: str = "MISSING", since: str | None = None
) -> str:
    """The statement that records a FAIL, of that day where no other is said, or a PASS."""
    status, occurred = (status, f"'{since or on}'") if result == "FAIL" else ("NORMAL", "NULL")
    return f"""
        INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, occurred_on,
                                    handler_name, handler_contact, account_id, acted_on, at)
        VALUES ({person}, {version}, 'OVERRIDE', '{result}', '{status}', {occurred}, '李经办', '0532-85911234', 1,
                '{on}', '{on} 09:00+08');"""


def terminated(person: int, since: str, *, version: int = 10) -> str:
    """The statement that records the end of a benefit, told on that day."""
    return f"""
        INSERT INTO terminations VALUES ({person}, {version}, 'DECEASED', '{since}', '李经办', '0532-85911234', 1,
                                         '{since}', '{since} 09:00+08');"""


def suspended(person: int, held: str, *, version: int = 9) -> str:
    return f"INSERT INTO suspensions VALUES ({person}, {version}, '{held}');"


def held_until(person: int, held: str, *, version: int = 2) -> str:
    return f"UPDATE suspensions SET held = '{held}' WHERE beneficiary_id = {person} AND version = {version};"


def settled(amount: str, kind: str = "INSTALMENT", reason: str = "NULL", *, person: int = 5) -> str:
    """The statement that settles a sum, without its months."""
    return f"""
        INSERT INTO settlements (beneficiary_id, kind, amount, reason, account_id, settled_on, at)
        VALUES ({person}, '{kind}', {amount}, {reason}, 2, '2019-10-21', '2019-10-21 09:00+08');"""


def of_months(person: int = 5, /, **amounts: str) -> str:
    """The statement that says which months of 2019 the last settlement settles: m07="3000.00" is July's."""
    rows = ", ".join(
        f"((SELECT max(id) FROM settlements), {person}, '2019-{month[1:]}-01', {amount})"
        for month, amount in amounts.items()
    )
    return f"INSERT INTO settlement_months VALUES {rows};"

"""The database keeps the rules against the application's own role, whatever the code above it does."""

from __future__ import annotations

import asyncpg
import pytest

from storage.database import Database
from tests.storage.history import attempt

HISTORY = [
    "appearances",
    "benefit_rates",
    "certifications",
    "compliance_reviews",
    "evidence",
    "evidence_found_wrong",
    "payment_lines",
    "payments",
    "payrolls",
    "publications",
    "quarantines",
    "objections",
    "reinstatement_months",
    "reinstatements",
    "settlement_months",
    "settlements",
    "suspensions",
    "terminations",
    "verdicts",
    "warnings",
]
MAY_UPDATE = {
    "units": "name district",
    "sessions": "ended_at ended_because",
    "persons": "id_number_digest id_number_sealed",
    "data_keys": "wrapped current",
    "second_factors": "wrapped enrolled_at last_step",
    "signing_keys": "verifies_until wrapped",
    "accounts": "role unit_id district person_id password_hash closed_at",
    "beneficiaries": """phone household_address residence_address version confirmed_in verdict_month conclusion
        verdict_rule loss_kind loss_on activity_kind activity_on verdict_published_on verdict_assessed_at
        verdict_answered period_start period_end period_method paid_through suspended_from held_through
        terminated_from""",
    "benefit_rates": "known",
    "certification_periods": "in_force",
    "reinstatements": "status reviewed_by reviewed_on reviewed_at reason lifted_from resumes_from approved_version",
    "suspensions": "held",
    "assessments": "month assessed_at",
    "agency_contacts": "phone address hours",
    "messages": "state channel attempts next_at last_error closed_at",
    "audit_keys": "wrapped",
    "batch_clock": "last",
    "publications": "finished_at through people renewed",
    "verdicts_due": "conclusion rule loss_kind loss_on activity_kind activity_on",
    "draft_verdicts": "month beneficiary_id conclusion rule loss_kind loss_on activity_kind activity_on",
    "idempotency_keys": "account_id key digest answer at",
}


def opened(start: str, end: str, in_force: str, *, person: int = 1, category: str = "RETIREE", cycle: int = 12) -> str:
    """The statement that opens a period."""
    return f"""
        INSERT INTO certification_periods (beneficiary_id, category, version, start_month, end_month, cycle_months,
                                           method, in_force, at)
        VALUES ({person}, '{category}', 9, '{start}', '{end}', {cycle}, 'CONFIRM', '{in_force}', '2020-02-05 09:00+08')
    """


def ended(in_force: str) -> str:
    """The statement that ends what is in force of person 1."""
    return f"UPDATE certification_periods SET in_force = '{in_force}' WHERE beneficiary_id = 1 AND version = 1"


def failed(on: str) -> str:
    """The statement that records a FAIL of person 1."""
    return f"""
        INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, occurred_on,
                                    handler_name, handler_contact, account_id, acted_on, at)
        VALUES (1, 9, 'OVERRIDE', 'FAIL', 'DECEASED', '{on}', '李经办', '0532-85911234', 1, '{on}', '{on} 09:00+08');
    """


def terminated(on: str) -> str:
    """The statement that records the end of person 1's benefit."""
    return f"""
        INSERT INTO terminations
        VALUES (1, 9, 'DECEASED', '{on}', '李经办', '0532-85911234', 1, '2019-06-20', '2019-06-20 09:00+08');
    """


async def test_a_period_behind_the_one_in_force_is_taken(held: Database) -> None:
    """The statement that the next tests vary is a good one: 2020-02 is the first month after 2019-01..2020-01."""
    await attempt(held, opened("2020-02-01", "2021-02-01", "[2020-02-01,2021-03-01)"))


@pytest.mark.parametrize("start", ["2019-01", "2019-06", "2020-01"])
async def test_periods_in_force_over_the_same_month_are_refused(held: Database, start: str) -> None:
    """rules.md 2, 6: at most one period is in force over any month; one shared month is too many."""
    end = f"{int(start[:4]) + 1}-{start[5:]}-01"
    with pytest.raises(asyncpg.ExclusionViolationError):
        await attempt(held, opened(f"{start}-01", end, f"[{start}-01,{end})"))


RENEWED = opened("2019-06-01", "2020-06-01", "[2019-06-01,2020-07-01)") + ";"
DEFERRED = "SET CONSTRAINTS periods_in_force_never_overlap DEFERRED;"


async def test_a_renewal_that_ends_the_one_before_it_is_taken(held: Database) -> None:
    """The older period keeps what it granted and loses only what the new one covers; both are done at the end."""
    await attempt(held, DEFERRED + RENEWED + ended("[2019-01-01,2019-06-01)"))


async def test_putting_the_check_off_does_not_put_it_away(held: Database) -> None:
    """An overlap that is left at the end of the transaction undoes all of it."""
    with pytest.raises(asyncpg.ExclusionViolationError):
        await attempt(held, DEFERRED + RENEWED)


@pytest.mark.parametrize(
    ("end", "in_force", "cycle"),
    [
        ("2021-03-01", "[2020-02-01,2021-04-01)", 12),  # longer than it says
        ("2021-01-01", "[2020-02-01,2021-02-01)", 12),  # shorter than it says
        ("2021-02-02", "[2020-02-01,2021-03-01)", 12),  # not a first day
        ("2021-02-01", "[2020-02-01,2021-04-01)", 12),  # in force longer than granted
        ("2021-02-01", "[2020-01-01,2021-03-01)", 12),  # in force before its start
    ],
)
async def test_a_period_of_another_length_than_its_cycle_is_refused(
    held: Database, end: str, in_force: str, cycle: int
) -> None:
    """Notice 三(一): a pass in month M is paid through M + cycle, neither more nor less."""
    with pytest.raises(asyncpg.CheckViolationError):
        await attempt(held, opened("2020-02-01", end, in_force, cycle=cycle))


@pytest.mark.parametrize(
    ("person", "category", "end", "cycle"),
    [
        (1, "RETIREE", "2022-02-01", 24),  # a cycle that the policy never held
        (1, "RETIREE", "2020-08-01", 6),  # a survivor's
        (1, "SURVIVOR", "2020-08-01", 6),  # another category than the person's
        (2, "RETIREE", "2021-02-01", 12),
    ],
)
async def test_a_cycle_that_is_not_the_categorys_is_refused(
    held: Database, person: int, category: str, end: str, cycle: int
) -> None:
    """Notice 三(一): 12 months for retirees, 6 for survivors, and the category is the beneficiary's own."""
    period = opened("2020-02-01", end, f"[2020-02-01,{end})", person=person, category=category, cycle=cycle)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await attempt(held, period)


@pytest.mark.parametrize(
    ("fact", "in_force"),
    [
        (failed("2019-06-20"), "[2019-01-01,2019-07-01)"),
        (terminated("2019-03-31"), "[2019-01-01,2019-04-01)"),
        (terminated("2018-11-30"), "empty"),
    ],
)
async def test_a_period_ends_by_a_fail_or_a_termination(held: Database, fact: str, in_force: str) -> None:
    """rules.md 2, 5 and 4: with the month of the act, or of the event."""
    await attempt(held, fact + ended(in_force))


@pytest.mark.parametrize(
    ("fact", "in_force"),
    [
        ("", "[2019-01-01,2019-07-01)"),
        ("", "empty"),
        (failed("2019-06-20"), "[2019-01-01,2019-06-01)"),
        (failed("2019-06-20"), "empty"),
        (terminated("2019-03-31"), "[2019-01-01,2019-05-01)"),
    ],
)
async def test_nobodys_payment_ends_without_a_fact_that_says_so(held: Database, fact: str, in_force: str) -> None:
    """A period in force ends by a later period, a FAIL or a termination, in exactly that month."""
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="ends by a later period"):
        await attempt(held, fact + ended(in_force))


@pytest.mark.parametrize("in_force", ["[2019-03-01,2020-02-01)", "[2018-12-01,2020-02-01)", "[2019-01-01,2020-03-01)"])
async def test_a_period_in_force_neither_grows_nor_moves_its_start(held: Database, in_force: str) -> None:
    """History is not rewritten: a period can only end earlier."""
    with pytest.raises(asyncpg.IntegrityConstraintViolationError):
        await attempt(held, ended(in_force))


async def test_what_was_ended_does_not_come_back(held: Database) -> None:
    """Neither an ended nor an emptied period is put in force again."""
    for fact, gone in ((failed("2019-06-20"), "[2019-01-01,2019-07-01)"), (terminated("2018-11-30"), "empty")):
        with pytest.raises(asyncpg.IntegrityConstraintViolationError, match="can only end earlier"):
            await attempt(held, f"{fact}{ended(gone)};{ended('[2019-01-01,2020-02-01)')}")


async def test_the_role_may_change_these_columns_and_no_others(held: Database) -> None:
    """What a period granted, who somebody is and what was recorded are in no list of what may be updated."""
    async with held.connection() as connection:
        rows = await connection.fetch(
            """SELECT table_name, string_agg(column_name, ' ') AS columns FROM information_schema.columns
               WHERE CASE WHEN table_schema = 'public' THEN has_column_privilege(
                   current_user, format('public.%I', table_name)::regclass, column_name, 'UPDATE') END
               GROUP BY table_name"""
        )
    found = {row["table_name"]: set(row["columns"].split()) for row in rows}
    assert found == {table: set(columns.split()) for table, columns in MAY_UPDATE.items()}


@pytest.mark.parametrize(
    "change",
    [
        "certification_periods SET end_month = '2020-02-01'",
        "certification_periods SET method = 'CONFIRM'",
        "certification_periods SET at = now()",
        "beneficiaries SET unit_id = 1",
        "beneficiaries SET person_id = 1",
        "beneficiaries SET category = 'SURVIVOR'",
        "beneficiaries SET name = '赵六'",
        "beneficiaries SET id = DEFAULT",
        "persons SET id = DEFAULT",
        "cycle_lengths SET months = 24",
        "alembic_version SET version_num = '0000'",
        *(f"{table} SET {column}" for table, column in [
            ("benefit_rates", "monthly_amount = 1"),
            ("benefit_rates", "from_month = '2019-01-01'"),
            ("certifications", "result = 'FAIL'"),
            ("compliance_reviews", "opened_at = now()"),
            ("evidence", "occurred_on = '2019-05-03'"),
            ("evidence_found_wrong", "reason = ''"),
            ("payment_lines", "amount = 1"),
            ("payments", "amount = 1"),
            ("payments", "status = 'PAID'"),
            ("payrolls", "frozen_on = '2019-06-05'"),
            ("publications", "published_on = '2019-06-05'"),
            ("reinstatement_months", "month = '2019-06-01'"),
            ("reinstatements", "statement = '另一说法'"),
            ("reinstatements", "submitted_by = 2"),
            ("reinstatements", "document_sha256 = '{}'"),
            ("settlement_months", "amount = 1"),
            ("settlements", "amount = 1"),
            ("suspensions", "version = 9"),
            ("terminations", "occurred_on = '2019-04-02'"),
            ("verdicts", "conclusion = 'QUALIFIED'"),
        ]),
    ],
)  # fmt: skip
async def test_history_and_keys_are_not_updated(held: Database, change: str) -> None:
    """Corrections are new records; what was recorded stays as it was."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f"denied for table {change.split()[0]}"):
        await attempt(held, f"UPDATE {change}")


@pytest.mark.parametrize("table", [*HISTORY, "beneficiaries", "certification_periods", "persons", "units", "accounts"])
async def test_nothing_recorded_is_removed(held: Database, table: str) -> None:
    """Neither DELETE nor TRUNCATE: a wrong row is answered by another row."""
    for statement in (f"DELETE FROM {table}", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f"denied for table {table}"):
            await attempt(held, statement)


@pytest.mark.parametrize("table", ["assessments", "draft_verdicts", "idempotency_keys"])
async def test_drafts_and_kept_answers_can_be_replaced(held: Database, table: str) -> None:
    """They are no history: a month before its publication, and answers kept for seven days."""
    await attempt(held, f"DELETE FROM {table}")

"""Entries beside the ledger join it whole, as everybody's row stands, with their payroll; else the database refuses."""

from __future__ import annotations

import asyncpg
import pytest

from storage.database import Database
from tests.storage.conftest import Write
from tests.storage.history import attempt
from tests.storage.money import payment, payroll, raised
from tests.storage.test_guards_of_the_ledger import DECEMBER, NOVEMBER, Integrity

OPENED = NOVEMBER + DECEMBER + "SELECT open_payroll('2020-01-01', 'a statement');"
JOINED = payroll("2020-01") + "SELECT close_payroll('2020-01-01');"
WHOLE = "a payroll is of everybody who draws, as their rows stand"


def entries(of: str = "true", paid: str = "false") -> str:
    """The statement that writes the entries of January 2020, of some or all, and pays some of them."""
    return f"""
        INSERT INTO payments_2020_01 (beneficiary_id, month, payroll, version, status, amount, basis)
        SELECT id, '2020-01-01', '2020-01-01', version, CASE WHEN {paid} THEN 'PAID' ELSE 'WITHHELD' END,
               CASE WHEN {paid} THEN 3000 ELSE 0 END, CASE WHEN {paid} THEN 'COVERED' ELSE 'LAPSED' END
        FROM beneficiaries WHERE {of};"""


async def test_the_entries_of_a_month_join_the_ledger_with_its_payroll(write: Write) -> None:
    """The statements that the next tests vary are good ones; what is opened twice goes on."""
    await write(OPENED + entries(paid="id = 1") + JOINED)
    again = "SELECT open_payroll('2020-01-01', 'a statement');"
    await write(OPENED + entries("id < 3", "id = 1") + again + entries("id >= 3") + JOINED)


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (OPENED + entries("id <> 3") + JOINED, WHOLE),
        (OPENED + entries() + "DELETE FROM payments_2020_01 WHERE beneficiary_id = 6;" + JOINED, WHOLE),
        (OPENED + entries() + "UPDATE beneficiaries SET version = version + 1 WHERE id = 2;" + JOINED, WHOLE),
        (OPENED + entries() + entries("id = 1").replace("SELECT id", "SELECT 99") + JOINED, WHOLE),
        (OPENED + JOINED, WHOLE),
        (OPENED + entries(paid="id = 1") + raised(1, "2019-09") + JOINED, "a month is paid at its own rate"),
        (
            OPENED + entries(paid="id = 1") + "UPDATE benefit_rates SET known = tstzrange(lower(known), '2019-10-15')"
            " WHERE beneficiary_id = 1;" + JOINED,
            "a month is paid at its own rate",
        ),
        (OPENED + entries(paid="id = 1").replace("3000", "3000.01"), "a month is paid at its own rate"),
        (OPENED + entries(paid="id = 6"), "nobody is paid while suspended, or after the end"),
        (OPENED + entries(paid="id = 5"), "nobody is paid while suspended, or after the end"),
        (OPENED + entries() + "SELECT close_payroll('2020-01-01')", "a month joins the ledger with its payroll"),
        ("SELECT close_payroll('2019-10-01')", "a month joins the ledger with its payroll"),
        (OPENED + entries() + JOINED + "SELECT close_payroll('2020-01-01')", "no entries of this month are under way"),
        (NOVEMBER + "SELECT close_payroll('2019-11-01')", "no entries of this month are under way"),
        ("SELECT open_payroll('2019-10-01', 'a statement')", "a frozen month is not opened again"),
        (OPENED + entries() + JOINED + "SELECT open_payroll('2020-01-01', 'b')", "a frozen month is not opened again"),
    ],
)
async def test_what_does_not_fit_does_not_join(write: Write, statements: str, said: str) -> None:
    with pytest.raises(Integrity, match=said):
        await write(statements)


async def test_a_raise_of_a_later_month_is_none_of_it(write: Write) -> None:
    await write(OPENED + entries(paid="id = 1") + raised(1, "2020-02") + JOINED)


async def test_nobody_is_there_twice_and_no_other_month(write: Write) -> None:
    with pytest.raises(asyncpg.UniqueViolationError, match="payments_2020_01_pkey"):
        await write(OPENED + entries() + entries("id = 1"))
    for other in ("month", "payroll"):
        wrong = entries("id = 1").replace("'2020-01-01', '2020-01-01'", "'2019-12-01', '2020-01-01'")
        if other == "payroll":
            wrong = entries("id = 1").replace("'2020-01-01', '2020-01-01'", "'2020-01-01', '2019-12-01'")
        with pytest.raises(asyncpg.CheckViolationError, match="payments_2020_01"):
            await write(OPENED + wrong)


async def test_no_row_is_looked_at_while_a_month_is_attached(
    paid: Database, owner: asyncpg.Connection[asyncpg.Record]
) -> None:
    """The check on its month tells PostgreSQL that it fits: attaching takes as long for one row as for a million."""
    said: list[str] = []
    transaction = owner.transaction()
    await transaction.start()
    await owner.execute(OPENED + entries() + payroll("2020-01") + "SET LOCAL client_min_messages = debug1")
    owner.add_log_listener(listen := lambda _, message: said.append(message.message))
    await owner.execute("SELECT close_payroll('2020-01-01')")
    owner.remove_log_listener(listen)
    await transaction.rollback()
    assert said == ['partition constraint for table "payments_2020_01" is implied by existing constraints']


async def test_only_first_days_are_opened(write: Write) -> None:
    """The one table that the role may have made, by the one function that makes it."""
    for day in ("2020-01-02", "2020-01-31"):
        with pytest.raises(asyncpg.InvalidParameterValueError, match="a month is named by its first day"):
            await write(f"SELECT open_payroll('{day}', 'a statement')")


async def test_what_is_under_way_takes_no_payments_through_the_ledger(write: Write) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="no partition of relation"):
        await write(OPENED + payroll("2020-01") + payment(1, "2020-01"))


async def test_a_month_that_has_joined_takes_no_more(write: Write) -> None:
    """Not even with its own payroll in the same transaction: everybody is there."""
    with pytest.raises(asyncpg.UniqueViolationError, match="payments_2020_01_pkey"):
        await write(OPENED + entries() + JOINED + payment(1, "2020-01"))


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE payments_2020_01 SET amount = 1", "table payments_2020_01"),
        ("TRUNCATE payments_2020_01", "table payments_2020_01"),
        ("DROP TABLE payments_2020_01", "must be owner of table payments_2020_01"),
        ("DROP TRIGGER payments_fit_their_rates ON payments_2020_01", "must be owner of relation payments_2020_01"),
        ("INSERT INTO payrolls_under_way VALUES ('2020-02-01', '', now())", "table payrolls_under_way"),
        ("UPDATE payrolls_under_way SET since = now()", "table payrolls_under_way"),
        ("DELETE FROM payrolls_under_way", "table payrolls_under_way"),
    ],
)
async def test_the_role_gets_round_no_guard_of_what_is_under_way(paid: Database, statement: str, said: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match=said):
        await attempt(paid, OPENED + statement)


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "INSERT INTO {} SELECT * FROM payments", "SELECT FROM {}"])
async def test_what_has_joined_is_touched_through_the_ledger_alone(paid: Database, statement: str) -> None:
    """The rights that the role had while it wrote the entries end with it."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="denied for table payments_2020_01"):
        await attempt(paid, OPENED + entries() + JOINED + statement.format("payments_2020_01"))


@pytest.mark.parametrize(
    "change", ["period_end = '2021-01-01'", "period_start = '2019-02-01'", "terminated_from = '2019-12-01'"]
)
async def test_a_run_changes_no_row_that_pays_without_its_version(paid: Database, change: str) -> None:
    """By its version an entry is known to be what the row says."""
    await attempt(paid, f"UPDATE beneficiaries SET version = version + 1, {change} WHERE id = 2")
    with pytest.raises(Integrity, match="changes with its version"):
        await attempt(paid, f"UPDATE beneficiaries SET {change} WHERE id = 2")

"""The ledger is written once, month after month; nobody's role adds to it, changes or empties it afterwards."""

from __future__ import annotations

import asyncpg
import pytest

from storage.database import Database
from tests.storage.conftest import Write
from tests.storage.history import attempt
from tests.storage.money import (
    NEWEST,
    adjustment,
    approved,
    back_pay,
    months,
    payment,
    payroll,
    published,
    raised,
    reinstated,
    submitted,
)

Integrity = asyncpg.IntegrityConstraintViolationError
NOVEMBER, DECEMBER = payroll("2019-11"), payroll("2019-12")
RAISED = raised(1, "2019-09")
LEDGER = ["payments", "payment_lines", "payrolls", "settlements", "settlement_months", "reinstatement_months"]
UNFIT = "back pay heals a withheld month of an approved case, an adjustment adds to a paid one"


async def test_a_month_is_paid_with_its_own_payroll(write: Write) -> None:
    """The statement that the next tests vary is a good one."""
    await write(NOVEMBER + payment(1, "2019-11"))


async def test_a_month_is_paid_once(write: Write) -> None:
    """The key of the ledger: a person and a month, with whichever payroll."""
    with pytest.raises(asyncpg.UniqueViolationError, match="payments_2019_11_pkey"):
        await write(NOVEMBER + payment(1, "2019-11") + payment(1, "2019-11", "1.00"))
    with pytest.raises(asyncpg.UniqueViolationError, match="payments_2019_10_pkey"):
        await write(NOVEMBER + payment(1, "2019-10", with_="2019-11"))


async def test_a_frozen_payroll_takes_no_more_payments(write: Write) -> None:
    """Neither of its own month nor of an earlier one; with a payroll of its own the month would be taken."""
    await write(NOVEMBER + payment(3, "2019-10", with_="2019-11"))
    for late in (payment(3, "2019-10"), payment(3, "2019-09", with_="2019-10")):
        with pytest.raises(Integrity, match="a frozen payroll takes no more payments"):
            await write(NOVEMBER + late)


async def test_a_payment_without_its_payroll_is_refused(write: Write) -> None:
    with pytest.raises(Integrity, match="a frozen payroll takes no more payments"):
        await write(payment(1, "2019-11"))


async def test_a_frozen_payroll_takes_no_more_lines(write: Write) -> None:
    await write(RAISED + NOVEMBER + adjustment(1, "2019-09"))
    with pytest.raises(Integrity, match="a frozen payroll takes no more payments"):
        await write(RAISED + adjustment(1, "2019-09", "2019-10"))


async def test_a_payment_is_somebodys(write: Write) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="a payment is somebody's"):
        await write(NOVEMBER + payment(99, "2019-11"))


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        (payment(1, "2019-11", "-0.01"), "payments_check"),
        (payment(1, "2019-11").replace("'PAID'", "'WITHHELD'").replace("'COVERED'", "'LAPSED'"), "payments_check"),
        (payment(1, "2019-11").replace("'COVERED'", "'LAPSED'"), "payments_check"),
        (payment(3, "2019-10", with_="2019-11").replace("'LATE_ENROLMENT'", "'LAPSED'"), "payments_check1"),
        (payment(1, "2019-11").replace("'2019-11-01', '2019-11-01'", "'2019-12-01', '2019-11-01'"), "payments_check1"),
        (payment(1, "2019-11").replace("-11-01'", "-11-02'"), "payments_month_check"),
    ],
)
async def test_an_entry_says_one_thing(write: Write, wrong: str, constraint: str) -> None:
    """A withheld month has no amount, a paid one a reason to be paid; only late enrolments have a later payroll."""
    with pytest.raises(asyncpg.CheckViolationError, match=f'"{constraint}"'):
        await write(NOVEMBER + wrong)


@pytest.mark.parametrize(("month", "before"), [("2019-12", ""), ("2020-11", "2020-10"), ("2019-05", "2019-04")])
async def test_payrolls_are_frozen_month_after_month(write: Write, month: str, before: str) -> None:
    """Neither with a gap nor before the first; 2019-11 follows 2019-10."""
    await write(NOVEMBER + DECEMBER)
    with pytest.raises(Integrity, match="payrolls are frozen month after month"):
        await write((published(before) if before else "") + payroll(month))


async def test_a_payroll_follows_the_publication_of_the_month_before(write: Write) -> None:
    """rules.md 5.1: verdicts come first; 2019-12 is published, 2020-01 is not."""
    through_january = NOVEMBER + DECEMBER + payroll("2020-01")
    await write(through_january + published("2020-01") + payroll("2020-02"))
    for of in ("", published("2020-02")):
        with pytest.raises(Integrity, match="a payroll follows the publication of the month before"):
            await write(through_january + of + payroll("2020-02"))


async def test_a_gap_within_one_statement_is_refused_as_well(write: Write) -> None:
    with pytest.raises(Integrity, match="payrolls are frozen month after month"):
        await write("INSERT INTO payrolls SELECT d, d, now() FROM unnest('{2019-11-01,2020-01-01}'::date[]) AS d")


async def test_a_month_is_frozen_once_and_not_before_it_begins(write: Write) -> None:
    with pytest.raises(asyncpg.UniqueViolationError, match="payrolls_pkey"):
        await write(payroll("2019-10"))
    with pytest.raises(asyncpg.CheckViolationError, match="payrolls_check"):
        await write(NOVEMBER.replace("2019-11-08'", "2019-10-31'"))


async def test_back_pay_heals_each_withheld_month_of_an_approved_case(write: Write) -> None:
    """The statements that the next tests vary are good ones."""
    await write(NOVEMBER + back_pay(4, "2019-07", 1) + back_pay(4, "2019-08", 1))
    await write(reinstated() + months(6, 2, "2019-07", "2019-10") + NOVEMBER + back_pay(6, "2019-10", 2))


async def test_back_pay_reaches_before_the_ledger(write: Write) -> None:
    """A suspension may be older than the first payroll: what a case claims of it needs no entry to heal."""
    case = reinstated() + months(6, 2, "2019-05", "2019-04") + NOVEMBER
    await write(case + back_pay(6, "2019-05", 2) + back_pay(6, "2019-04", 2))
    with pytest.raises(Integrity, match=UNFIT):
        await write(case + back_pay(6, "2019-03", 2))


async def test_back_pay_of_a_month_missing_in_the_ledger_is_refused(write: Write) -> None:
    """Within the ledger everybody's month has an entry, be it of a late enrolment; 3 has none."""
    case = submitted(3) + approved(NEWEST) + months(3, NEWEST, "2019-07") + raised(3, "2005-01", "3000.00") + NOVEMBER
    await write(case + payment(3, "2019-07", with_="2019-11") + back_pay(3, "2019-07", NEWEST))
    with pytest.raises(Integrity, match=UNFIT):
        await write(case + back_pay(3, "2019-07", NEWEST))


async def test_back_pay_of_a_paid_month_is_refused(write: Write) -> None:
    """An approved case does not make a paid month payable again; withheld it would be."""
    with pytest.raises(Integrity, match=UNFIT):
        await write(reinstated() + months(6, 2, "2019-06") + NOVEMBER + back_pay(6, "2019-06", 2))


@pytest.mark.parametrize(
    ("person", "month", "case"),
    [
        (2, "2019-10", 2),  # lapsed, of nobody's case
        (4, "2019-10", 1),  # of a case that pays other months back
        (6, "2019-07", 2),  # of a case that is still open
        (6, "2019-07", 1),  # of another person's
        (4, "2019-07", 2),
        (4, "2019-07", 99),
        (4, "2019-05", 1),  # before the ledger, and of no case
    ],
)
async def test_back_pay_without_an_approved_case_is_refused(write: Write, person: int, month: str, case: int) -> None:
    with pytest.raises(Integrity, match=UNFIT):
        await write(NOVEMBER + back_pay(person, month, case))


async def test_a_month_is_paid_back_once(write: Write) -> None:
    """Neither with the same payroll nor with a later one."""
    once = NOVEMBER + back_pay(4, "2019-07", 1)
    await write(once + DECEMBER + back_pay(4, "2019-08", 1, "2019-12"))
    with pytest.raises(asyncpg.UniqueViolationError, match="payment_lines_pkey"):
        await write(once + back_pay(4, "2019-07", 1))
    with pytest.raises(asyncpg.UniqueViolationError, match="payment_lines_back_pay_once"):
        await write(once + DECEMBER + back_pay(4, "2019-07", 1, "2019-12"))


@pytest.mark.parametrize("on", ["2019-11-01", "2019-11-07"])
async def test_back_pay_goes_out_after_the_month_of_the_approval(write: Write, on: str) -> None:
    """Notice 三(三): approved in month R, back pay goes out with R + 1, from whichever day of R."""
    for earlier in ("2019-10-31", "2019-10-20"):
        await write(reinstated(earlier) + months(6, 2, "2019-07") + NOVEMBER + back_pay(6, "2019-07", 2))
    approval = reinstated(on) + months(6, 2, "2019-07") + NOVEMBER
    await write(approval + DECEMBER + back_pay(6, "2019-07", 2, "2019-12"))
    with pytest.raises(Integrity, match=UNFIT):
        await write(approval + back_pay(6, "2019-07", 2))


async def test_an_adjustment_adds_to_what_was_paid(write: Write) -> None:
    """To a paid month, and to a withheld one once it was paid back."""
    healed = NOVEMBER + back_pay(4, "2019-07", 1) + raised(4, "2019-06") + raised(2, "2019-10") + DECEMBER
    await write(healed + adjustment(4, "2019-07", "2019-12") + adjustment(4, "2019-06", "2019-12"))
    for never in (adjustment(4, "2019-08", "2019-12"), adjustment(2, "2019-10", "2019-12")):
        with pytest.raises(Integrity, match=UNFIT):
            await write(healed + never)
    with pytest.raises(Integrity, match=UNFIT):
        await write(raised(1, "2019-05") + NOVEMBER + adjustment(1, "2019-05"))


@pytest.mark.parametrize(
    ("wrong", "constraint"),
    [
        (adjustment(1, "2019-09", amount="0.00"), "payment_lines_check"),
        (adjustment(1, "2019-09", amount="-100.00"), "payment_lines_check"),
        (adjustment(1, "2019-11"), "payment_lines_check1"),
        (adjustment(1, "2019-12"), "payment_lines_check1"),
        (adjustment(1, "2019-09").replace("NULL", "1"), "payment_lines_check2"),
        (back_pay(4, "2019-07", 1).replace(", 1);", ", NULL);"), "payment_lines_check2"),
    ],
)
async def test_a_line_adds_something_to_an_earlier_month(write: Write, wrong: str, constraint: str) -> None:
    """What was paid too much is never taken off in the ledger."""
    with pytest.raises(asyncpg.CheckViolationError, match=f'"{constraint}"'):
        await write(NOVEMBER + wrong)


@pytest.mark.parametrize("table", [*LEDGER, "suspensions", "benefit_rates", "reinstatements", "payments_2019_07"])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "DELETE FROM {} WHERE false", "TRUNCATE {}"])
async def test_nothing_of_the_ledger_is_removed(paid: Database, table: str, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f"permission denied for table {table}$"):
        await attempt(paid, statement.format(table))


@pytest.mark.parametrize(
    "change",
    [
        "payments SET amount = 1 WHERE beneficiary_id = 1",
        "payments SET version = version",
        "payments_2019_07 SET amount = 1",
        "payment_lines SET amount = 1",
        "payrolls SET frozen_at = now()",
        "reinstatement_months SET reinstatement_id = 2",
        "settlements SET amount = 1",
        "settlement_months SET amount = 1",
        "suspensions SET version = 3",
        "suspensions SET beneficiary_id = 6",
        "benefit_rates SET monthly_amount = 1",
        "benefit_rates SET known = known, from_month = '2019-01-01'",
    ],
)
async def test_nothing_of_the_ledger_is_rewritten(paid: Database, change: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f"permission denied for table {change.split()[0]}$"):
        await attempt(paid, f"UPDATE {change}")


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("INSERT INTO payments_2019_11 SELECT * FROM payments", "denied for table payments_2019_11"),
        ("CREATE TABLE payments_2020_01 (LIKE payments)", "denied for schema public"),
        ("CREATE TABLE public.payments_2020_01 PARTITION OF payments FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
         "denied for schema public"),
        ("ALTER TABLE payments DETACH PARTITION payments_2019_07", "must be owner of table payments"),
        ("DROP TABLE payments_2019_07", "must be owner of table payments_2019_07"),
        ("ALTER TABLE payments DISABLE TRIGGER ALL", "must be owner of table payments"),
        ("DROP TRIGGER lines_fit_their_months ON payment_lines", "must be owner of relation payment_lines"),
        ("CREATE OR REPLACE FUNCTION close_payroll(of date) RETURNS void LANGUAGE sql AS ''", "denied for schema"),
        ("CREATE OR REPLACE VIEW losses AS SELECT 1", "denied for schema public"),
        ("DROP VIEW overpaid_months", "must be owner of view overpaid_months"),
    ],
)  # fmt: skip
async def test_the_role_gets_round_no_guard_of_the_ledger(paid: Database, statement: str, said: str) -> None:
    """Partitions are nobody's but the owner's, the views and triggers as well."""
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match=said):
        await attempt(paid, statement)


async def test_a_month_whose_ledger_is_not_open_takes_nothing(write: Write) -> None:
    """No partition catches what fits in none."""
    with pytest.raises(asyncpg.CheckViolationError, match="no partition of relation"):
        await write(NOVEMBER + DECEMBER + payroll("2020-01") + payment(1, "2020-01"))

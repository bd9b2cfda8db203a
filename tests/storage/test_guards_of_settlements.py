"""A settlement settles the overpaid months that it names, in all what it says, and none beyond what was overpaid."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import asyncpg
import pytest

from domain.month import Month
from domain.overpayment import SettlementKind
from storage import overpayments
from storage.database import Connection, Database
from tests.storage.conftest import Write
from tests.storage.money import acted, of_months, settled, terminated

Integrity = asyncpg.IntegrityConstraintViolationError
WITHIN = "a settlement settles overpaid months, in all what it says, and none beyond what was overpaid"
THE_REST = settled("6000.00") + of_months(m08="3000.00", m09="3000.00")
KINDS = [("PAID_BACK", "NULL"), ("INSTALMENT", "NULL"), ("WAIVED", "'生活困难'")]


@pytest.mark.parametrize(("kind", "reason"), KINDS)
async def test_what_was_overpaid_is_settled_at_once_or_in_parts(write: Write, kind: str, reason: str) -> None:
    """rules.md 5.7; the statements that the next tests vary are good ones."""
    await write(settled("9000.00", kind, reason) + of_months(m07="3000.00", m08="3000.00", m09="3000.00"))
    part = settled("4000.00") + of_months(m07="3000.00", m08="1000.00")
    await write(part + settled("2000.50", kind, reason) + of_months(m08="2000.00", m09="0.50"))


@pytest.mark.parametrize(("kind", "reason"), KINDS)
async def test_no_more_is_settled_of_a_month_than_was_overpaid(write: Write, kind: str, reason: str) -> None:
    """Neither by one settlement nor by several, though other months are outstanding."""
    with pytest.raises(Integrity, match=WITHIN):
        await write(settled("3000.01", kind, reason) + of_months(m07="3000.01"))
    first = settled("2000.00") + of_months(m07="2000.00")
    await write(first + settled("1000.00", kind, reason) + of_months(m07="1000.00"))
    with pytest.raises(Integrity, match=WITHIN):
        await write(first + settled("1000.01", kind, reason) + of_months(m07="1000.01"))
    with pytest.raises(Integrity, match=WITHIN):
        await write(THE_REST + settled("0.01", kind, reason) + of_months(m08="0.01"))


async def test_a_settlement_names_its_months(write: Write) -> None:
    """At the end of the transaction at the latest."""
    for kind, reason in KINDS:
        with pytest.raises(Integrity, match="a settlement names the months that it settles"):
            await write(settled("100.00", kind, reason))
    with pytest.raises(Integrity, match="a settlement names the months that it settles"):
        await write(THE_REST + settled("100.00"))


async def test_the_months_of_a_settlement_add_up_to_it(write: Write) -> None:
    for months in (of_months(m07="99.99"), of_months(m07="100.01"), of_months(m07="50.00", m08="50.01")):
        with pytest.raises(Integrity, match=WITHIN):
            await write(settled("100.00") + months)


async def test_a_settlement_takes_no_more_months(write: Write) -> None:
    """They would add up to more than it says."""
    with pytest.raises(Integrity, match=WITHIN):
        await write(settled("100.00") + of_months(m07="100.00") + of_months(m08="100.00"))
    with pytest.raises(asyncpg.UniqueViolationError, match="settlement_months_pkey"):
        await write(settled("100.00") + of_months(m07="50.00", m08="50.00").replace("2019-08-01", "2019-07-01"))


@pytest.mark.parametrize("month", ["m06", "m10", "m11"])
async def test_only_overpaid_months_are_settled(write: Write, month: str) -> None:
    """June was owed, October was withheld, November is not in the ledger."""
    with pytest.raises(Integrity, match=WITHIN):
        await write(settled("100.00") + of_months(**{month: "100.00"}))
    with pytest.raises(Integrity, match=WITHIN):
        await write(settled("200.00") + of_months(m07="100.00", **{month: "100.00"}))


async def test_nothing_is_settled_where_nothing_was_overpaid(write: Write) -> None:
    with pytest.raises(Integrity, match=WITHIN):
        await write(settled("0.01", person=1) + of_months(1, m07="0.01"))
    for amount in ("0.00", "-1.00"):
        with pytest.raises(asyncpg.CheckViolationError, match="settlements_amount_check"):
            await write(settled(amount))
        with pytest.raises(asyncpg.CheckViolationError, match="settlement_months_amount_check"):
            await write(settled("100.00") + of_months(m07=amount))


async def test_a_settlement_settles_its_own_persons_months(write: Write) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="settlement_months_settlement_id_beneficiary_id"):
        await write(settled("100.00", person=1) + of_months(5, m07="100.00"))
    with pytest.raises(asyncpg.CheckViolationError, match="settlement_months_month_check"):
        await write(settled("100.00") + of_months(m07="100.00").replace("2019-07-01", "2019-07-02"))


async def test_a_waiver_has_a_reason(write: Write) -> None:
    await write(settled("100.00", "WAIVED", "'生活困难'") + of_months(m07="100.00"))
    for reason in ("NULL", "''", "' '"):
        with pytest.raises(asyncpg.CheckViolationError, match="waived_with_a_reason"):
            await write(settled("100.00", "WAIVED", reason))


# Person 1 is said on 2019-07-10 to have been in prison since May, and is out in August: June and July are overpaid.
# After a waiver of both somebody says that death was in August: September and October are overpaid as well.
PRISON = acted(1, "FAIL", "2019-07-10", version=5, status="IMPRISONED", since="2019-05-20")
WAIVED = settled("6000.00", "WAIVED", "'生活困难'", person=1) + of_months(1, m06="3000.00", m07="3000.00")
OUT = PRISON + acted(1, "PASS", "2019-08-10", version=6)
LATER = OUT + WAIVED + acted(1, "FAIL", "2019-10-20", version=7, status="DECEASED", since="2019-08-15")


async def test_a_waiver_of_one_claim_settles_no_later_one(write: Write) -> None:
    """rules.md 5.7: what was waived is not more than its months, and the later claim is there in full."""
    later = settled("6000.00", person=1) + of_months(1, m09="3000.00", m10="3000.00")
    await write(LATER + later)
    with pytest.raises(Integrity, match=WITHIN):
        await write(LATER + later.replace("2019-09-01", "2019-07-01"))
    with pytest.raises(Integrity, match=WITHIN):
        await write(OUT + WAIVED.replace("6000.00", "6000.01").replace("3000.00", "3000.01", 1))


async def test_what_only_a_fail_says_is_not_waived(write: Write) -> None:
    """It may turn out to be owed; once the time in prison has an end, or the benefit, it can be waived."""
    with pytest.raises(Integrity, match="what only a FAIL says is not waived"):
        await write(PRISON + WAIVED)
    await write(PRISON + WAIVED.replace("'WAIVED'", "'INSTALMENT'"))
    await write(OUT + WAIVED)
    await write(PRISON + terminated(1, "2019-10-20") + WAIVED)


async def read(connection: Connection, statements: str) -> overpayments.Overpayment:
    """Person 1's overpayment after the statements, which are undone."""
    transaction = connection.transaction()
    await transaction.start()
    try:
        await connection.execute(statements)
        return (await overpayments.of(connection, [1]))[1]
    finally:
        await transaction.rollback()


async def test_what_is_outstanding_is_outstanding_month_by_month(paid: Database, owner: Connection) -> None:
    """The reader of the same says so too."""
    found = await read(owner, LATER)
    assert (found.amount, found.settled) == (Decimal(12000), Decimal(6000))
    assert found.to_settle(SettlementKind.PAID_BACK) == {Month(2019, 9): Decimal(3000), Month(2019, 10): Decimal(3000)}
    assert found.to_settle(SettlementKind.WAIVED) == {}, "only a FAIL says so yet"
    assert found.refund_due == 0
    assert [(one.month, one.established) for one in found.months] == [
        (Month(2019, 6), True), (Month(2019, 7), True), (Month(2019, 9), False), (Month(2019, 10), False),
    ]  # fmt: skip


async def test_time_in_prison_is_established_by_the_end_of_the_benefit(paid: Database, owner: Connection) -> None:
    """By the next PASS, or by the termination; as long as there is neither it is only said."""
    said = await read(owner, PRISON)
    ended = await read(owner, PRISON + terminated(1, "2019-10-20"))
    overpaid = [Month(2019, month) for month in range(6, 11)]
    assert [(one.month, one.established) for one in said.months] == [(month, False) for month in overpaid]
    assert [(one.month, one.established) for one in ended.months] == [(month, True) for month in overpaid]


DEAD_SINCE_JULY = acted(1, "FAIL", "2019-10-05", version=5, status="DECEASED", since="2019-07-15")
COLLECTED = DEAD_SINCE_JULY + settled("3500.00", person=1) + of_months(1, m08="3000.00", m09="500.00")
IN_VAIN = COLLECTED + acted(1, "PASS", "2019-10-20", version=6)


def given_back(amount: str, **months: str) -> str:
    return settled(amount, "REFUNDED", person=1) + of_months(1, **months)


async def test_what_was_collected_of_months_that_were_owed_after_all_is_refunded(
    paid: Database, owner: Connection
) -> None:
    """A FAIL for death is corrected: nothing is overpaid, and what was collected is due back."""
    found = await read(owner, IN_VAIN)
    assert (found.months, found.refund_due) == ([], Decimal(3500))
    assert found.to_settle(SettlementKind.REFUNDED) == {Month(2019, 8): Decimal(3000), Month(2019, 9): Decimal(500)}


async def test_what_was_collected_in_vain_is_given_back_month_by_month(write: Write) -> None:
    """All of it, at once or in parts; no more, and for no other month."""
    await write(IN_VAIN + given_back("3500.00", m08="3000.00", m09="500.00"))
    part = IN_VAIN + given_back("2000.00", m08="2000.00")
    await write(part + given_back("1500.00", m08="1000.00", m09="500.00"))
    for beyond in ({"m08": "1000.01"}, {"m09": "500.01"}, {"m10": "0.01"}):
        with pytest.raises(Integrity, match=WITHIN):
            await write(part + given_back(*beyond.values(), **beyond))


async def test_nothing_is_given_back_of_a_month_that_is_overpaid(write: Write) -> None:
    """What was collected for it settles it; nor is a waiver ever given back."""
    with pytest.raises(Integrity, match=WITHIN):
        await write(COLLECTED + given_back("0.01", m08="0.01"))
    with pytest.raises(Integrity, match=WITHIN):
        await write(OUT + WAIVED + given_back("0.01", m06="0.01"))


@pytest.mark.parametrize(("second", "fits"), [("1500.00", True), ("1500.01", False)])
async def test_of_two_settlements_at_once_the_second_sees_the_first(
    paid: Database, owner: Connection, second: str, fits: bool
) -> None:
    """Each alone would stay within the month; the one waits until the other has ended."""
    async with paid.connection() as one, paid.connection() as other:
        first, later = one.transaction(), other.transaction()
        await first.start()
        await later.start()
        await one.execute(settled("1500.00") + of_months(m07="1500.00"))
        await other.execute(settled(second))
        id = await other.fetchval("SELECT max(id) FROM settlements")
        part = f"INSERT INTO settlement_months VALUES ({id}, 5, '2019-07-01', {second})"
        waiting = asyncio.create_task(other.execute(part))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
        await first.commit()
        try:
            if fits:
                await waiting
            else:
                with pytest.raises(Integrity, match=WITHIN):
                    await waiting
        finally:
            await later.rollback()
            await owner.execute("TRUNCATE settlements, settlement_months")

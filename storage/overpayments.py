"""Overpayments to recover: what the ledger paid for lost months, and what of it was settled. Rules 5.7."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from domain.access import Scope
from domain.money import ZERO
from domain.month import Month
from domain.overpayment import Settlement, SettlementKind
from storage.database import Connection
from storage.units import VISIBLE, visible


@dataclass(frozen=True, slots=True)
class OverpaidMonth:
    """What was paid for a month; provisional as long as only a FAIL says that nothing was owed."""

    month: Month
    amount: Decimal
    established: bool


@dataclass(frozen=True, slots=True)
class SettlementRecord:
    settlement: Settlement
    settled_on: date
    settled_by: str


@dataclass(slots=True)
class Overpayment:
    """One person's overpaid months and what of them was settled."""

    beneficiary_id: int
    months: list[OverpaidMonth] = field(default_factory=list)
    settlements: list[SettlementRecord] = field(default_factory=list)

    @property
    def amount(self) -> Decimal:
        return sum((month.amount for month in self.months), ZERO)

    @property
    def settled(self) -> Decimal:
        return sum((record.settlement.amount for record in self.settlements), ZERO)

    @property
    def outstanding(self) -> Decimal:
        return max(self.amount - self.settled, ZERO)

    @property
    def refund_due(self) -> Decimal:
        """What was collected for months that turned out to be owed after all."""
        collected = (r.settlement for r in self.settlements if r.settlement.kind is not SettlementKind.WAIVED)
        return max(sum((settlement.amount for settlement in collected), ZERO) - self.amount, ZERO)


async def of(connection: Connection, ids: Sequence[int]) -> dict[int, Overpayment]:
    """The overpayments of those among the people who have one."""
    found: dict[int, Overpayment] = {}
    for row in await connection.fetch(
        "SELECT * FROM overpaid_months WHERE beneficiary_id = ANY($1) ORDER BY beneficiary_id, month", list(ids)
    ):
        held = found.setdefault(row["beneficiary_id"], Overpayment(row["beneficiary_id"]))
        held.months.append(OverpaidMonth(Month.of(row["month"]), row["amount"], row["established"]))
    for id, records in (await _settlements(connection, ids)).items():
        found.setdefault(id, Overpayment(id)).settlements = records
    return found


async def _settlements(connection: Connection, ids: Sequence[int]) -> dict[int, list[SettlementRecord]]:
    records: dict[int, list[SettlementRecord]] = defaultdict(list)
    for row in await connection.fetch(
        """SELECT s.*, a.username FROM settlements s JOIN accounts a ON a.id = s.account_id
           WHERE s.beneficiary_id = ANY($1) ORDER BY s.id""",
        list(ids),
    ):
        settlement = Settlement(SettlementKind(row["kind"]), row["amount"], row["reason"])
        records[row["beneficiary_id"]].append(SettlementRecord(settlement, row["settled_on"], row["username"]))
    return records


async def listed(connection: Connection, scope: Scope, outstanding: bool, after: int | None, limit: int) -> list[int]:
    """The ids of people with an overpayment or a settlement; only where something is outstanding, if so asked."""
    rows = await connection.fetch(
        f"SELECT * FROM ({_CLAIMS}) AS c WHERE ($5::bigint IS NULL OR beneficiary_id > $5)"
        " ORDER BY beneficiary_id LIMIT $6",
        *visible(scope),
        outstanding,
        after,
        limit,
    )
    return [row["beneficiary_id"] for row in rows]


async def total(connection: Connection, scope: Scope, outstanding: bool) -> int:
    found: int = await connection.fetchval(f"SELECT count(*) FROM ({_CLAIMS}) AS c", *visible(scope), outstanding)
    return found


_CLAIMS = f"""
SELECT c.beneficiary_id
FROM (SELECT beneficiary_id, amount FROM overpaid_months
      UNION ALL SELECT beneficiary_id, -amount FROM settlements) AS c
JOIN beneficiaries b ON b.id = c.beneficiary_id JOIN units u ON u.id = b.unit_id
WHERE {VISIBLE}
GROUP BY c.beneficiary_id
HAVING NOT $4 OR sum(c.amount) > 0
"""


async def settle(
    connection: Connection, beneficiary_id: int, settlement: Settlement, account_id: int, on: date, at: datetime
) -> None:
    await connection.execute(
        """INSERT INTO settlements (beneficiary_id, kind, amount, reason, account_id, settled_on, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)""",
        beneficiary_id,
        settlement.kind,
        settlement.amount,
        settlement.reason,
        account_id,
        on,
        at,
    )

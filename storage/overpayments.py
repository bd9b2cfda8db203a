"""Overpayments to recover: what the ledger paid for lost months, and what of it was settled. Rules 5.7."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from domain.access import Scope
from domain.money import ZERO
from domain.month import Month
from domain.overpayment import Settlement, SettlementKind
from storage.database import Connection, Reader
from storage.parts import Part
from storage.units import WITHIN, within


@dataclass(frozen=True, slots=True)
class OverpaidMonth:
    """What was paid for a month; provisional as long as only a FAIL says that nothing was owed."""

    month: Month
    amount: Decimal
    established: bool
    settled: Decimal


@dataclass(frozen=True, slots=True)
class SettlementRecord:
    """A settlement, by whom and when."""

    settlement: Settlement
    settled_on: date
    settled_by: str


@dataclass(slots=True)
class Overpayment:
    """One person's overpaid months and what of them was settled."""

    beneficiary_id: int
    months: list[OverpaidMonth] = field(default_factory=list)
    settlements: list[SettlementRecord] = field(default_factory=list)
    refunds: dict[Month, Decimal] = field(default_factory=dict)
    """What was collected for months that turned out to be owed after all, and is to be given back."""

    @property
    def amount(self) -> Decimal:
        return sum((month.amount for month in self.months), ZERO)

    @property
    def settled(self) -> Decimal:
        return sum((month.settled for month in self.months), ZERO)

    @property
    def outstanding(self) -> Decimal:
        return self.amount - self.settled

    def to_settle(self, kind: SettlementKind) -> dict[Month, Decimal]:
        """What of each month such a settlement may settle: a waiver only what is established, so that it stands."""
        if kind is SettlementKind.REFUNDED:
            return self.refunds
        waived = kind is SettlementKind.WAIVED
        open_months = (m for m in self.months if m.amount > m.settled and (m.established or not waived))
        return {m.month: m.amount - m.settled for m in open_months}

    @property
    def provisional(self) -> Decimal:
        """What is outstanding, and only a FAIL says so."""
        return sum((m.amount - m.settled for m in self.months if not m.established), ZERO)

    @property
    def refund_due(self) -> Decimal:
        return sum(self.refunds.values(), ZERO)


async def of(connection: Reader, ids: Sequence[int]) -> dict[int, Overpayment]:
    """The overpayments of those among the people who have one."""
    found: dict[int, Overpayment] = {}
    for row in await connection.fetch(
        """SELECT o.*, coalesce((SELECT s.amount FROM settled_months s
                                 WHERE s.beneficiary_id = o.beneficiary_id AND s.month = o.month), 0.00) AS settled
           FROM overpaid_months o WHERE o.beneficiary_id = ANY($1) ORDER BY o.beneficiary_id, o.month""",
        list(ids),
    ):
        held = found.setdefault(row["beneficiary_id"], Overpayment(row["beneficiary_id"]))
        month = OverpaidMonth(Month.of(row["month"]), row["amount"], row["established"], row["settled"])
        held.months.append(month)
    for id, records in (await _settlements(connection, ids)).items():
        found.setdefault(id, Overpayment(id)).settlements = records
    for row in await connection.fetch("SELECT * FROM refunds_due WHERE beneficiary_id = ANY($1)", list(ids)):
        found[row["beneficiary_id"]].refunds[Month.of(row["month"])] = row["amount"]
    return found


async def _settlements(connection: Reader, ids: Sequence[int]) -> dict[int, list[SettlementRecord]]:
    records: dict[int, list[SettlementRecord]] = defaultdict(list)
    for row in await connection.fetch(
        """SELECT s.*, username_of(s.account_id) AS username FROM settlements s
           WHERE s.beneficiary_id = ANY($1) ORDER BY s.id""",
        list(ids),
    ):
        settlement = Settlement(SettlementKind(row["kind"]), row["amount"], row["reason"])
        records[row["beneficiary_id"]].append(SettlementRecord(settlement, row["settled_on"], row["username"]))
    return records


async def listed(connection: Reader, scope: Scope, outstanding: bool, part: Part) -> list[int]:
    """The ids of people with an overpayment or a settlement; only where something is outstanding, if so asked."""
    rows = await connection.fetch(
        f"SELECT * FROM ({_CLAIMS}) AS c WHERE {part.stretch('beneficiary_id', 4)}",
        *within(scope),
        outstanding,
        *part.values,
    )
    return [row["beneficiary_id"] for row in rows]


async def total(connection: Reader, scope: Scope, outstanding: bool) -> int:
    found: int = await connection.fetchval(f"SELECT count(*) FROM ({_CLAIMS}) AS c", *within(scope), outstanding)
    return found


_CLAIMS = f"""
SELECT c.beneficiary_id
FROM (SELECT beneficiary_id FROM overpaid_months UNION SELECT beneficiary_id FROM settlement_months) AS c
JOIN beneficiaries b ON b.id = c.beneficiary_id JOIN units u ON u.id = b.unit_id
WHERE {WITHIN}
GROUP BY c.beneficiary_id
HAVING NOT $3 OR EXISTS (
    SELECT FROM overpaid_months o
    WHERE o.beneficiary_id = c.beneficiary_id
      AND o.amount > coalesce((SELECT s.amount FROM settled_months s
                               WHERE s.beneficiary_id = o.beneficiary_id AND s.month = o.month), 0))
"""


async def settle(
    connection: Connection,
    beneficiary_id: int,
    settlement: Settlement,
    parts: Mapping[Month, Decimal],
    account_id: int,
    on: date,
    at: datetime,
) -> None:
    """Record the settlement with the months that it settles."""
    settlement_id = await connection.fetchval(
        """INSERT INTO settlements (beneficiary_id, kind, amount, reason, account_id, settled_on, at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id""",
        beneficiary_id,
        settlement.kind,
        settlement.amount,
        settlement.reason,
        account_id,
        on,
        at,
    )
    await connection.execute(
        """INSERT INTO settlement_months (settlement_id, beneficiary_id, month, amount)
           SELECT $1, $2, p.month, p.amount FROM unnest($3::date[], $4::numeric[]) AS p (month, amount)""",
        settlement_id,
        beneficiary_id,
        [month.first_day for month in parts],
        list(parts.values()),
    )

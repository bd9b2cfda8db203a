"""Random lots lived through the use cases, while every payroll is held against what the domain says before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from domain.access import Viewer
from domain.documents import Document
from domain.month import Month
from domain.objection import ObjectionKind, Outcome, Proof, Report, Ruling
from domain.payroll import Entry, Line, freeze, overpaid
from domain.reinstatement import Request, Review
from domain.submission import Act, Handler
from domain.vocabulary import ProofKind
from resolvers import accounts, objections, payroll, reinstatements
from resolvers.accounts import Known
from resolvers.intake.files import Rejected
from storage import batches, ledger, payroll_entries
from storage.histories import Moment
from tests.emptied import emptied
from tests.storage.lots import Ended, Event, Failed, Lot, Passed, Raised, Requested, Reviewed, Seen, TakenBack
from tests.world import CONTACT, DOCUMENT, HANDLER, OFFICER, SCHOOL, World, id_number

CHIEF = "officer-chief"

FIRST = Month(2019, 2)
"""The first month of all, and of the ledger unless told otherwise."""


@dataclass
class Lives:
    """The people of an example in their world; `differences` gathers where SQL and the domain disagree."""

    world: World
    lots: list[Lot]
    people: dict[int, int] = field(default_factory=dict)
    """The row's id of each lot, once enrolled."""
    waiting: list[Month] = field(default_factory=list)
    unit: Viewer | None = None
    chief: Viewer | None = None
    """The officer who reviews what units ask for, and what another's ruling has submitted."""

    async def begin(self) -> None:
        await emptied(self.world.owner)
        self.world.at(str((FIRST - 1).day(10)))
        await self.world.units()
        await self.world.officers(OFFICER, CHIEF)
        self.unit, self.chief = await self.world.viewer(SCHOOL), await self.world.viewer(CHIEF)

    async def live(self, paydays: list[int | None], begins: int = 0, ends_early: Sequence[int] = ()) -> None:
        """Enrol, act, publish and pay, month after month; the ledger begins after so many of them.

        A run of each month's 4th ends early, after so many parts.
        """
        for index, payday in enumerate(paydays):
            month = FIRST + index
            if index >= begins:
                self.waiting.append(month)
            await self._enrol(index, month)
            await self._days(index, month, 1, 4)
            await self.world.at(str(month.day(4))).publish(str(month - 1), release=True)
            if ends_early and self.waiting:
                await self._begin_to_pay(self.waiting[0], ends_early[index])
            await self._days(index, month, 4, payday or 31)
            if payday is not None:
                await self.pay(month.day(payday))
                await self._days(index, month, payday, 31)

    async def _begin_to_pay(self, month: Month, parts: int) -> None:
        """What a run leaves that ends after so many parts."""
        context = self.world.context()
        for part in range(parts):
            async with context.begin(at_one_moment=True) as transaction:
                await batches.enter(transaction, context.now)
                under_way = await payroll_entries.begin(transaction, month)
                if part < len(todo := list(under_way.parts())):
                    await under_way.write(transaction, *todo[part])

    async def pay(self, day: date) -> None:
        """Freeze whatever waits, and hold each payroll against what the domain says of everybody before it."""
        self.world.at(str(day), 12)
        for month in self.waiting:
            expected: dict[int, list[Entry | Line]] = {}
            for id, known in (await self.known()).items():
                entries, lines = freeze(known.account, month, known.frozen)
                expected[id] = [*entries, *_in_order(lines)]
            await payroll.freeze(self.world.context(), month)
            written = await self._written(month)
            wrong = [
                (self.lots[n], f"expected {expected[id]}", f"written {written[id]}")
                for n, id in self.people.items()
                if written[id] != expected[id]
            ]
            assert wrong == [], f"the payroll of {month}, frozen on {day}, differs"
        self.waiting = []
        await self.check_overpayments()

    async def check_overpayments(self) -> None:
        found = await self.world.owner.fetch("SELECT * FROM overpaid_months ORDER BY beneficiary_id, month")
        claimed = {
            (id, month): amount
            for id, known in (await self.known()).items()
            for month, amount in overpaid(known.account).items()
        }
        assert {(row["beneficiary_id"], Month.of(row["month"])): row["amount"] for row in found} == claimed

    async def known(self) -> dict[int, Known]:
        """Everybody, as things stand."""
        moments = [Moment.latest(id) for id in self.people.values()]
        found = await accounts.of(self.world.context(), moments)
        return {moment.beneficiary_id: known for moment, known in zip(moments, found, strict=True) if known}

    async def _written(self, month: Month) -> dict[int, list[Entry | Line]]:
        """What the payroll wrote: everybody's entries, then their lines."""
        ids = list(self.people.values())
        async with self.world.database.connection() as connection:
            books = await ledger.books(connection, ids)
        return {
            id: [
                *(entry for entry in books[id].entries.values() if entry.payroll == month),
                *_in_order([line for line in books[id].lines if line.payroll == month]),
            ]
            for id in ids
        }

    async def _enrol(self, index: int, month: Month) -> None:
        due = [n for n, lot in enumerate(self.lots) if lot.enrolled == index]
        if not due:
            return
        self.world.at(str(month.day(1)))
        rows = [
            {"unit_si_number": SCHOOL, "category": self.lots[n].category, "name": "张三", "id_number": id_number(n),
             **CONTACT, "benefit_from": str(month - self.lots[n].begun_ago), "monthly_amount": "3000.00",
             "certified_in": ""}
            for n in due
        ]  # fmt: skip
        await self.world.load("beneficiaries", rows)
        found = await self.world.owner.fetch(
            "SELECT b.id, id_number_digest FROM beneficiaries b JOIN persons p ON p.id = b.person_id"
        )
        ids = {row["id_number_digest"]: row["id"] for row in found}
        self.people |= {n: ids[self.world.gate.personal.digest(id_number(n))] for n in due}

    async def _days(self, index: int, month: Month, after: int, until: int) -> None:
        """What happens to everybody from one day to before another, in the order of the days."""
        due = [
            (day, n, event)
            for n, lot in enumerate(self.lots)
            if n in self.people
            for day, event in lot.on(index)
            if after <= day < until
        ]
        for day, n, event in sorted(due, key=lambda one: one[0]):
            self.world.at(str(month.day(day)), 13)
            await self._happen(n, event)

    async def _happen(self, n: int, event: Event) -> None:
        """One event, as far as the rules let it."""
        id, today = self.people[n], self.world.clock.now().date()
        match event:
            case Passed():
                await self.world.submit(Act.OVERRIDE, id, reason="本人到场")
            case Failed(status, days):
                await self.world.submit(Act.OVERRIDE, id, status=status, since=str(today - timedelta(days=days)))
            case Ended(status, days):
                await self.world.submit(Act.TERMINATE, id, status=status, since=str(today - timedelta(days=days)))
            case TakenBack():
                await take_back(self.world, id)
            case Seen(days):
                await self.world.evidence(n, "rail_travel", str(today - timedelta(days=days)))
            case Raised(ago, more):
                await self._raise(n, str(Month.of(today) - ago), more)
            case Requested():
                await self._request(id)
            case Reviewed(approve):
                await self._review(id, approve)

    async def _raise(self, n: int, since: str, more: Decimal) -> None:
        held = await self.world.owner.fetchval(
            "SELECT max(monthly_amount) FROM benefit_rates WHERE beneficiary_id = $1", self.people[n]
        )
        row = {"unit_si_number": SCHOOL, "category": self.lots[n].category, "id_number": id_number(n)}
        try:
            await self.world.load("rates", [{**row, "from_month": since, "monthly_amount": str(held + more)}])
        except Rejected:
            return  # it would lower what is paid, or begin before the benefit

    async def _request(self, id: int) -> None:
        asked = Request(str(id), id, "本人健在", (Document(**DOCUMENT),), Handler(**HANDLER))
        await reinstatements.request(self.world.context(self.unit), asked, None)

    async def _review(self, id: int, approve: bool) -> None:
        context = self.world.context(self.chief)
        [case] = await reinstatements.open_of(context, [id])
        if case is not None:
            await reinstatements.review(context, case.id, Review(approve, "材料不足"), None)


async def take_back(world: World, id: int, *, unit: str = SCHOOL) -> None:
    """The unit objects, and a ruling withdraws the termination, if there is one of somebody declared dead."""
    proof = Proof(ProofKind.WINDOW_VISIT, Document(**DOCUMENT))
    said = Report(str(id), id, None, ObjectionKind.DECLARED_DEAD, "本人健在", (proof,), Handler(**HANDLER))
    reported = await objections.report(world.context(await world.viewer(unit)), said, None)
    if reported.case is not None and reported.case.terminated_version is not None:
        officer, ruling = world.context(await world.viewer(OFFICER)), Ruling(Outcome.DATA_WRONG, "本人到场")
        assert (await objections.decide(officer, reported.case.id, ruling, None)).refusals == ()


def _in_order(lines: list[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (line.kind, line.month))

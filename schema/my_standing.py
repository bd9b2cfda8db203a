"""What a phone app shows to one person, in one query."""

from __future__ import annotations

from datetime import date

import strawberry

from domain.next_step import NextStep as Next
from domain.next_step import Step, next_steps
from domain.standing import Standing
from resolvers import my_standing, roster
from schema import ids, messages
from schema.beneficiaries import Beneficiary
from schema.context import Info
from schema.histories import LastActivity
from storage.units import Unit


@strawberry.type(description="Something to do or to wait for.")
class NextStep:
    beneficiary_id: strawberry.Private[int]
    next: strawberry.Private[Next]

    @strawberry.field(description="Its own id: the benefit's step.")
    def id(self) -> strawberry.ID:
        return ids.part("NextStep", self.beneficiary_id, text=self.next.step)

    @strawberry.field(description="What.")
    def step(self) -> Step:
        return self.next.step

    @strawberry.field(
        description="By which day, of PAYROLL on which; null: as soon as possible, or nobody can say yet."
    )
    def by(self) -> date | None:
        return self.next.by

    @strawberry.field(description="In words.")
    def text(self) -> str:
        return messages.next_step(self.next)


@strawberry.type(description="Where the agency (经办机构) of a district is asked.")
class Agency:
    id: strawberry.ID = strawberry.field(description="Its own id: the district's.")
    district: str = strawberry.field(description="The district.")
    phone: str = strawberry.field(description="The telephone.")
    address: str = strawberry.field(description="The address.")
    hours: str = strawberry.field(description="When somebody is there.")


@strawberry.type(description="One benefit of the person's, and what comes next.")
class MyBenefit:
    standing: strawberry.Private[Standing]
    unit: strawberry.Private[Unit]

    @strawberry.field(description="Its own id: the benefit's.")
    def id(self) -> strawberry.ID:
        return ids.part("MyBenefit", self.standing.id)

    @strawberry.field(description="The benefit: until when it is paid, its period, its warnings, its unit.")
    def beneficiary(self) -> Beneficiary:
        return Beneficiary(self.standing, self.unit)

    @strawberry.field(description="What is to be done or awaited, and by when.")
    async def next_steps(self, info: Info) -> list[NextStep]:
        case = await info.context.open_cases.load(self.standing.id)
        policy, today = info.context.policy, info.context.today
        found = next_steps(self.standing, case_open=case is not None, policy=policy, today=today)
        return [NextStep(beneficiary_id=self.standing.id, next=one) for one in found]

    @strawberry.field(description="The agency of the unit's district, null where its contact is not kept.")
    async def agency(self, info: Info) -> Agency | None:
        found = await info.context.agencies.load(self.unit.district)
        if found is None:
            return None
        id = ids.part("Agency", text=found.district)
        return Agency(id=id, district=found.district, phone=found.phone, address=found.address, hours=found.hours)


@strawberry.type(description="How a person stands: everything that their phone shows.")
class MyStanding:
    @strawberry.field(description="Its own id: the account's.")
    def id(self, info: Info) -> strawberry.ID:
        return ids.part("MyStanding", info.context.viewer.account_id)

    @strawberry.field(description="The date on which the server thinks it is, in Asia/Shanghai.")
    def today(self, info: Info) -> date:
        return info.context.today

    @strawberry.field(description="Each benefit.")
    async def benefits(self, info: Info) -> list[MyBenefit]:
        return [MyBenefit(standing=row, unit=unit) for row, unit in await roster.benefits(info.context)]

    @strawberry.field(
        description="What was recorded of the person in the last twelve months, newest first: kinds and months, never a"
        " place or an amount. What was found wrong is left out, and so is who gave a hint."
    )
    async def seen(self, info: Info) -> list[LastActivity]:
        found = await my_standing.seen(info.context)
        return [LastActivity.seen(info.context.viewer.account_id, kind, month) for kind, month in found]

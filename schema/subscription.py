"""Following live: each field, as it happens; with a resume token one goes on where one was cut off."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from typing import Annotated

import strawberry
from graphql import GraphQLError

from domain.month import Month
from resolvers import events, roster
from resolvers.live import NoSeat
from schema import ids
from schema.beneficiaries import Beneficiary
from schema.connections import resume_token, resumed
from schema.context import Info
from schema.errors import bad_input
from schema.messages import say
from schema.units import Unit
from storage.events import AGENCY, Event, RunKind, RunState, Topic
from storage.units import Unit as StoredUnit

BEATS_MOST = 60

After = Annotated[
    str | None,
    strawberry.argument(description="A resume token: first what has happened behind it. From now on unless given."),
]
SiNumber = Annotated[
    str | None,
    strawberry.argument(description="单位社保编号 of a unit that the account may see; a UNIT's own when left out."),
]
_RESUME = "Names this place: subscribe again `after` it, and nothing is lost or repeated. Kept for seven days."


@strawberry.type(description="Rows of a roster that acts have changed: every change since the event before.")
class RosterChange:
    id: strawberry.ID = strawberry.field(description="Its own id: the unit's events that it tells together.")
    unit: Unit = strawberry.field(description="The unit.")
    beneficiaries: list[Beneficiary] = strawberry.field(
        description="The rows as they now stand, in order of enrolment."
    )
    resume_token: str = strawberry.field(description=_RESUME)


@strawberry.type(description="A month's verdicts (大数据认证结论) were published: read the roster again.")
class VerdictsPublished:
    id: strawberry.ID = strawberry.field(description="Its own id: the unit's event.")
    unit: Unit = strawberry.field(description="The unit.")
    month: Month = strawberry.field(description="The month whose verdicts they are.")
    resume_token: str = strawberry.field(description=_RESUME)


@strawberry.type(description="How far a monthly run is.")
class RunProgress:
    id: strawberry.ID = strawberry.field(description="Its own id: the agency's event.")
    kind: RunKind = strawberry.field(description="Which run.")
    month: Month = strawberry.field(description="Its month.")
    done: int = strawberry.field(description="How many rows are done.")
    total: int | None = strawberry.field(description="Of how many; null while that is not known.")
    state: RunState = strawberry.field(description="Whether it goes on, has finished or failed.")
    resume_token: str = strawberry.field(description=_RESUME)


@strawberry.type(description="What can be followed live, over graphql-transport-ws or as server-sent events.")
class Subscription:
    @strawberry.subscription(
        description="The time, once a second, and then the end: for clients to try their connection."
    )
    async def heartbeat(
        self, info: Info, count: Annotated[int, strawberry.argument(description="How often, 60 times at most.")] = 3
    ) -> AsyncGenerator[datetime, None]:
        if not 1 <= count <= BEATS_MOST:
            raise bad_input("input.between", name="count", least=1, most=BEATS_MOST)
        return _beats(info, count)

    @strawberry.subscription(description="Changes of the roster by acts: of confirming, passing, ending, reinstating.")
    async def roster_changed(
        self, info: Info, after: After = None, si_number: SiNumber = None
    ) -> AsyncGenerator[RosterChange, None]:
        unit = await _unit(info, si_number)
        return _roster_changes(info, unit, resumed(info, unit.id, after))

    @strawberry.subscription(description="Publications of a month's verdicts that concern the unit.")
    async def verdicts_published(
        self, info: Info, after: After = None, si_number: SiNumber = None
    ) -> AsyncGenerator[VerdictsPublished, None]:
        unit = await _unit(info, si_number)
        return _publications(info, unit, resumed(info, unit.id, after))

    @strawberry.subscription(description="The agency's runs of a month, once a second at most while one goes on.")
    async def run_progress(self, info: Info, after: After = None) -> AsyncGenerator[RunProgress, None]:
        return _runs(info, resumed(info, AGENCY, after))


async def _unit(info: Info, si_number: str | None) -> StoredUnit:
    unit = await roster.unit(info.context, si_number)
    if unit is not None:
        return unit
    if si_number is None:
        raise bad_input("input.no_unit")
    info.context.miss_number("siNumber", si_number)
    raise GraphQLError(say("request.NOT_FOUND.unit"), extensions={"code": "NOT_FOUND"})


async def _beats(info: Info, count: int) -> AsyncGenerator[datetime, None]:
    for beat in range(count):
        await asyncio.sleep(1 if beat else 0)
        info.context.renew()
        yield info.context.now


async def _roster_changes(info: Info, unit: StoredUnit, after: int | None) -> AsyncGenerator[RosterChange, None]:
    async with aclosing(_followed(info, Topic.ROSTER, unit.id, after)) as changes:
        async for happened in changes:
            people = sorted({id for event in happened for id in event.people})
            rows = await info.context.beneficiaries.load_many(people)
            yield RosterChange(
                id=ids.part("RosterChange", unit.id, happened[0].number, happened[-1].number),
                unit=Unit(unit=unit),
                beneficiaries=[Beneficiary(row) for row in rows if row is not None],
                resume_token=resume_token(info, unit.id, happened[-1].number),
            )


async def _publications(info: Info, unit: StoredUnit, after: int | None) -> AsyncGenerator[VerdictsPublished, None]:
    async with aclosing(_followed(info, Topic.VERDICTS, unit.id, after)) as published:
        async for happened in published:
            for event in happened:
                assert event.month is not None  # as the table demands of the topic
                token = resume_token(info, unit.id, event.number)
                id = ids.part("VerdictsPublished", unit.id, event.number)
                yield VerdictsPublished(id=id, unit=Unit(unit=unit), month=event.month, resume_token=token)


async def _runs(info: Info, after: int | None) -> AsyncGenerator[RunProgress, None]:
    async with aclosing(_followed(info, Topic.RUN, AGENCY, after)) as told:
        async for happened in told:
            for event in happened:
                run = event.run
                assert run is not None  # as the table demands of the topic
                token = resume_token(info, AGENCY, event.number)
                yield RunProgress(
                    id=ids.part("RunProgress", event.number),
                    kind=run.kind,
                    month=run.month,
                    done=run.done,
                    total=run.total,
                    state=run.state,
                    resume_token=token,
                )


async def _followed(info: Info, topic: Topic, unit_id: int, after: int | None) -> AsyncGenerator[list[Event], None]:
    try:
        async with aclosing(events.follow(info.context, topic, unit_id, after)) as followed:
            async for happened in followed:
                info.context.renew()
                yield happened
    except events.NotKept:
        said = say("request.RESUME_TOKEN_TOO_OLD")
        raise GraphQLError(said, extensions={"code": "RESUME_TOKEN_TOO_OLD"}) from None
    except NoSeat:
        said = say("request.TOO_MANY_SUBSCRIPTIONS.account", limit=events.SUBSCRIPTIONS_MOST)
        raise GraphQLError(said, extensions={"code": "TOO_MANY_SUBSCRIPTIONS"}) from None

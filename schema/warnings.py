"""Warnings in the API."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from domain.month import Month
from domain.warning import DeliveryState, WarningKind
from resolvers import warnings
from schema import ids, messages
from schema.connections import Places, Uncounted, Window, uncounted
from schema.context import Info
from schema.ids import Kind
from schema.node import Node
from storage.warnings import Warned

if TYPE_CHECKING:
    from schema.beneficiaries import Beneficiary


@strawberry.type(description="How far the message about a warning has come.")
class Delivery:
    id: strawberry.ID = strawberry.field(description="Its own id: the warning's.")
    state: DeliveryState = strawberry.field(description="Where it is.")
    channel: str | None = strawberry.field(description="SMTP, WEBHOOK or INBOX; null before the first attempt.")
    attempts: int = strawberry.field(description="How often it was tried.")
    last_error: str | None = strawberry.field(description="A code of what went wrong last.")
    closed_at: datetime | None = strawberry.field(description="When it went out, or was given up.")


@strawberry.type(description="Something that a person, or their unit, was told in time (提醒).")
class Warning(Node):
    warned: strawberry.Private[Warned]

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.WARNING, self.warned.id))

    @strawberry.field(description="Why.")
    def kind(self) -> WarningKind:
        return self.warned.kind

    @strawberry.field(
        description="WINDOW_ENTERED: the last paid month; LAPSED, SUSPENDED: the first that is not;"
        " REINSTATED: the first that is paid again; ANSWER_OVERDUE: in which the answer is overdue;"
        " ANSWER_AGAIN_OVERDUE: by which it was to be given."
    )
    def month(self) -> Month:
        return self.warned.month

    @strawberry.field(description="What was told, in words.")
    def text(self) -> str:
        return messages.warned(self.warned.kind, self.warned.month, self.warned.status)

    @strawberry.field(description="The day of the warning.")
    def warned_on(self) -> date:
        return self.warned.warned_on

    @strawberry.field(description="How far the message about it has come.")
    def delivery(self, info: Info) -> Delivery:
        at, warned = self.warned.closed_at, self.warned
        return Delivery(
            id=ids.part("Delivery", warned.id),
            state=warned.state,
            channel=warned.channel,
            attempts=warned.attempts,
            last_error=warned.last_error,
            closed_at=at.astimezone(info.context.now.tzinfo) if at else None,
        )

    # The way back up: a unit reads its warnings as a list, and goes on to the person.
    @strawberry.field(description="Whom it is about.")
    async def beneficiary(self, info: Info) -> Annotated[Beneficiary, strawberry.lazy("schema.beneficiaries")]:
        from schema.beneficiaries import Beneficiary

        found = await info.context.beneficiaries.load(self.warned.beneficiary_id)
        assert found is not None  # whoever sees the warning sees the person
        return Beneficiary(found)


async def warnings_page(info: Info, window: Window) -> Uncounted[Warning]:
    return await uncounted(
        Places(info, "warnings"),
        window,
        lambda part: warnings.of_unit(info.context, part),
        lambda warned: warned.id,
        lambda warned: Warning(warned=warned),
    )

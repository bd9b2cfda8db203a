"""The audit trail in the API."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Annotated, Any

import strawberry

from domain.audit import AuditAction
from domain.vocabulary import Role
from resolvers import trail
from schema import ids
from schema.beneficiaries import Beneficiary
from schema.connections import Places, Uncounted, Window, uncounted
from schema.context import Info
from schema.ids import Kind
from schema.node import Node
from schema.units import Unit
from storage.trail import Chosen, Recorded

Actions = Annotated[list[AuditAction] | None, strawberry.argument(description="Only these.")]
From = Annotated[date | None, strawberry.argument(name="from", description="The first day.")]
Through = Annotated[date | None, strawberry.argument(description="The last day.")]


@strawberry.type(description="What an act changed.")
class AuditChange:
    id: strawberry.ID = strawberry.field(description="Its own id: its place in the entry.")
    field: str = strawberry.field(description="Which value of the person's row.")
    before: str | None = strawberry.field(description="As it was; contact data masked, beside a fingerprint.")
    after: str | None = strawberry.field(description="As it is.")


@strawberry.type(description="What else an entry tells: what was stated, which case, how many.")
class AuditFact:
    id: strawberry.ID = strawberry.field(description="Its own id: its place in the entry.")
    name: str = strawberry.field(description="What it is.")
    value: str | None = strawberry.field(description="In words or figures.")


@strawberry.type(description="An act, refusal, sign-in, unmasking or export: who, on what, when and from where.")
class AuditEntry(Node):
    entry: strawberry.Private[Recorded]

    @property
    def _body(self) -> dict[str, Any]:
        held: dict[str, Any] = json.loads(self.entry.body)
        return held

    @strawberry.field(description="The global id.")
    def id(self) -> strawberry.ID:
        return strawberry.ID(ids.encode(Kind.AUDIT_ENTRY, self.entry.id))

    @strawberry.field(description="The number of the entry, as `verify-audit` names it.")
    def entry_number(self) -> str:
        return str(self.entry.id)

    @strawberry.field(description="When.")
    def at(self, info: Info) -> datetime:
        return self.entry.at.astimezone(info.context.now.tzinfo)

    @strawberry.field(description="What was done or refused.")
    def action(self) -> AuditAction:
        return AuditAction(self.entry.action)

    @strawberry.field(description="Whose account it was; null where nobody was signed in, and for commands.")
    def username(self) -> str | None:
        return self.entry.username

    @strawberry.field(description="The role of that account.")
    def role(self) -> Role | None:
        return Role(self.entry.role) if self.entry.role else None

    @strawberry.field(
        description="The network address that it came from: for an AUDITOR, and of a unit's own accounts."
    )
    def address(self, info: Info) -> str | None:
        shown = info.context.viewer.role is Role.AUDITOR or self.entry.role == Role.UNIT
        return self.entry.address if shown else None

    @strawberry.field(description="The unit whose people, or whose account, it is about; null for the agency.")
    async def unit(self, info: Info) -> Unit | None:
        found = await info.context.units.load(self.entry.unit_id) if self.entry.unit_id is not None else None
        return Unit(unit=found) if found else None

    @strawberry.field(description="Whom it is about.")
    async def beneficiary(self, info: Info) -> Beneficiary | None:
        id = self.entry.beneficiary_id
        found = await info.context.beneficiaries.load(id) if id is not None else None
        return Beneficiary(found) if found else None

    @strawberry.field(description="What it changed.")
    def changes(self) -> list[AuditChange]:
        before, after = self._body.get("before", {}), self._body.get("after", {})
        return [
            AuditChange(
                id=ids.part("AuditChange", self.entry.id, text=name),
                field=name,
                before=_text(before.get(name)),
                after=_text(after.get(name)),
            )
            for name in sorted({*before, *after})
        ]

    @strawberry.field(description="Why it was refused: the codes of the refusals.")
    def reasons(self) -> list[str]:
        return list(self._body.get("codes", []))

    @strawberry.field(description="What else there is to know.")
    def facts(self) -> list[AuditFact]:
        return [
            AuditFact(id=ids.part("AuditFact", self.entry.id, text=name), name=name, value=_text(value))
            for name, value in self._body.get("facts", {}).items()
        ]

    @strawberry.field(description="Whether its day is sealed.")
    def sealed(self) -> bool:
        return self.entry.sealed


def _text(value: object) -> str | None:
    match value:
        case None | str():
            return value
        case list():
            return ", ".join(value)
        case _:
            return json.dumps(value)


async def audit_page(info: Info, asked: Chosen, window: Window) -> Uncounted[AuditEntry]:
    return await uncounted(
        Places(info, "audit"),
        window,
        lambda part: trail.page(info.context, asked, part),
        lambda entry: entry.id,
        lambda entry: AuditEntry(entry=entry),
    )

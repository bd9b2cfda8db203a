"""Who an account is, what it is there for, and which rows it may see. Rules 6; notice 附3, 四(四)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from domain.vocabulary import Role


class Duty(StrEnum):
    """What a role is there for. Whoever holds several accounts has one duty, whatever they draw as a PERSON."""

    CERTIFIES = "certifies"
    DECIDES = "decides"
    WATCHES = "watches"
    RUNS = "runs"


def duty_of(role: Role) -> Duty | None:
    """The duty of a role; None for a PERSON, who may be anybody."""
    match role:
        case Role.UNIT | Role.WINDOW:
            return Duty.CERTIFIES
        case Role.OFFICER:
            return Duty.DECIDES
        case Role.AUDITOR:
            return Duty.WATCHES
        case Role.SERVICE:
            return Duty.RUNS
        case Role.PERSON:
            return None


UNMASKS = frozenset({Role.UNIT, Role.WINDOW, Role.OFFICER})
"""Who may see a masked ID number in full for a reason, and find somebody by it."""


_PERSON = Role.PERSON  # asked for every person of a page, and Python 3.11 looks members up by a function


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in account: a UNIT has a unit, an OFFICER or WINDOW a district. The database knows it by its session."""

    account_id: int
    username: str
    role: Role
    unit_id: int | None = None
    district: str | None = None
    session: UUID | None = None

    @property
    def scope(self) -> Scope:
        """Where the account's lists lie. What of them it may see is the database's word."""
        match self.role:
            case Role.UNIT:
                return Scope(unit_id=self.unit_id)
            case Role.OFFICER | Role.WINDOW:
                return Scope(district=self.district)
            case Role.AUDITOR | Role.SERVICE | Role.PERSON:
                return Scope()

    @property
    def acts_for(self) -> int | None:
        """The unit for which the account certifies; None for those that do not."""
        return self.unit_id if self.role is Role.UNIT else None

    @property
    def needs_second_factor(self) -> bool:
        """A password alone opens no account that decides about money."""
        return self.role is Role.OFFICER

    @property
    def unmasks(self) -> bool:
        """Whether masked ID numbers are this account's to ask for, and to find people by."""
        return self.role in UNMASKS

    def knows(self, unit_id: int) -> bool:
        """Whether the contact data of the unit's people, as far as they are seen at all, are shown in full."""
        return self.role is _PERSON or self.unit_id == unit_id


@dataclass(frozen=True, slots=True)
class Scope:
    """A bound on lists, so that they are found by an index: one unit, one district, or everything."""

    unit_id: int | None = None
    district: str | None = None

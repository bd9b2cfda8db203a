"""Who an account is, and which rows it may see and act on."""

from __future__ import annotations

from dataclasses import dataclass

from domain.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in account: a UNIT has a unit, an OFFICER or WINDOW a district."""

    account_id: int
    username: str
    role: Role
    unit_id: int | None = None
    district: str | None = None

    @property
    def scope(self) -> Scope:
        """What the account may read. PERSON and WINDOW have no view of units."""
        match self.role:
            case Role.UNIT:
                return Scope(unit_id=self.unit_id, nothing=self.unit_id is None)
            case Role.OFFICER:
                return Scope(district=self.district, nothing=self.district is None)
            case Role.AUDITOR | Role.SERVICE:
                return Scope()
            case Role.PERSON | Role.WINDOW:
                return Scope(nothing=True)

    @property
    def acts_for(self) -> int | None:
        """The unit for which the account certifies; None for those that do not."""
        return self.unit_id if self.role is Role.UNIT else None

    @property
    def submits_cases(self) -> bool:
        """Reinstatement cases come from units, or from an officer to whom somebody came."""
        return self.role in (Role.UNIT, Role.OFFICER)

    @property
    def decides(self) -> bool:
        """Reviews cases and settles overpayments, for the agency (经办机构)."""
        return self.role is Role.OFFICER


@dataclass(frozen=True, slots=True)
class Scope:
    """A bound on rows: one unit, one district, everything (the default) or nothing."""

    unit_id: int | None = None
    district: str | None = None
    nothing: bool = False

"""What the audit trail is told of an act, a refusal or a run. Who, when and from where is added to it. Rules 6."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TypeAlias

from domain.certification import Decision
from domain.contact import Contact
from domain.refusal import Refusal
from domain.standing import Standing


class AuditAction(StrEnum):
    """What was done, or refused."""

    CONFIRM = "CONFIRM"
    OVERRIDE = "OVERRIDE"
    SUBMIT = "SUBMIT"
    BATCH_PASS = "BATCH_PASS"
    UPDATE_CONTACT = "UPDATE_CONTACT"
    TERMINATE = "TERMINATE"
    TERMINATION_WITHDRAWN = "TERMINATION_WITHDRAWN"
    CERTIFIED_SELF = "CERTIFIED_SELF"
    CERTIFIED_AT_WINDOW = "CERTIFIED_AT_WINDOW"
    REINSTATEMENT_REQUESTED = "REINSTATEMENT_REQUESTED"
    REINSTATEMENT_APPROVED = "REINSTATEMENT_APPROVED"
    REINSTATEMENT_REJECTED = "REINSTATEMENT_REJECTED"
    REINSTATEMENT_WITHDRAWN = "REINSTATEMENT_WITHDRAWN"
    OBJECTION_REPORTED = "OBJECTION_REPORTED"
    OBJECTION_TAKEN = "OBJECTION_TAKEN"
    OBJECTION_DECIDED = "OBJECTION_DECIDED"
    REVIEW_DECIDED = "REVIEW_DECIDED"
    SIGNALS_FOUND = "SIGNALS_FOUND"
    RECHECK_DRAWN = "RECHECK_DRAWN"
    SETTLED = "SETTLED"
    REFUSED = "REFUSED"
    ACCESS_REFUSED = "ACCESS_REFUSED"
    SIGNED_IN = "SIGNED_IN"
    SIGN_IN_REFUSED = "SIGN_IN_REFUSED"
    SIGNED_OUT = "SIGNED_OUT"
    SESSION_ENDED = "SESSION_ENDED"
    SECOND_FACTOR_ENROLLED = "SECOND_FACTOR_ENROLLED"
    REVEALED = "REVEALED"
    FOUND_BY_NUMBER = "FOUND_BY_NUMBER"
    EXPORTED = "EXPORTED"
    IMPORTED = "IMPORTED"
    ACCOUNT_ADDED = "ACCOUNT_ADDED"
    ACCOUNT_CHANGED = "ACCOUNT_CHANGED"
    ACCOUNT_CLOSED = "ACCOUNT_CLOSED"
    ACCOUNT_OPENED = "ACCOUNT_OPENED"
    FOUND_WRONG = "FOUND_WRONG"
    ASSESSED = "ASSESSED"
    PUBLICATION_BEGUN = "PUBLICATION_BEGUN"
    PUBLISHED = "PUBLISHED"
    PAYROLL_FROZEN = "PAYROLL_FROZEN"
    WARNED = "WARNED"
    KEYS_ROTATED = "KEYS_ROTATED"
    DOCUMENTS_PERSISTED = "DOCUMENTS_PERSISTED"
    AUDIT_SEALED = "AUDIT_SEALED"


class Means(StrEnum):
    """By what somebody showed who they are, when a session began or went on from elsewhere."""

    PASSWORD = "PASSWORD"
    PASSWORD_AND_SECOND_FACTOR = "PASSWORD_AND_SECOND_FACTOR"
    OUTSIDE_PROVIDER = "OUTSIDE_PROVIDER"
    REFRESH_FROM_ANOTHER_ADDRESS = "REFRESH_FROM_ANOTHER_ADDRESS"


RUNS = frozenset(
    {
        AuditAction.ASSESSED,
        AuditAction.PUBLICATION_BEGUN,
        AuditAction.PUBLISHED,
        AuditAction.PAYROLL_FROZEN,
        AuditAction.FOUND_WRONG,
    }
)
"""Told by runs that keep each other out until they end."""
PEOPLE_MOST = 200
"""How many people a refusal names: a page's; whoever sends more is refused for that."""

_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
Value: TypeAlias = str | int | bool | Sequence[str] | None
Values: TypeAlias = Mapping[str, Value]
Fingerprint: TypeAlias = Callable[[str, str], str]
"""Of what it is (`phone`), and the text. Short and keyed: the same for the same text of the same kind, and telling
nothing of it: who can have one kind of text fingerprinted at will learns nothing of another."""


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, as an act tells it. The unit is the one whose people, or whose account, it is about; None: the agency.

    `before` and `after` hold what changed, `facts` what else is to be known; `version` is that of the person's row
    after an act. No name, ID number, statement or document is told, contact data only as `contact_of` shows them.
    """

    action: AuditAction
    unit_id: int | None = None
    beneficiary_id: int | None = None
    version: int | None = None
    before: Values = field(default_factory=dict)
    after: Values = field(default_factory=dict)
    codes: Sequence[str] = ()
    facts: Values = field(default_factory=dict)

    def body(self, **also: Value) -> str:
        """Canonical JSON: sorted keys, no spaces, nothing that is empty."""
        parts = {"before": self.before, "after": self.after, "codes": list(self.codes), "facts": {**self.facts, **also}}
        held = {name: part for name, part in parts.items() if part}
        return _CANONICAL.encode(held)

    def with_facts(self, facts: Values) -> Told:
        """The same, with more to be known."""
        return replace(self, facts={**self.facts, **facts})

    def refused(self, refusals: Sequence[Refusal]) -> Told:
        """An attempt that the rules refused: by which codes."""
        return replace(self, codes=sorted({str(refusal.code) for refusal in refusals}))


def attempt(act: str, unit_id: int | None, people: Sequence[int | None] = (), **facts: Value) -> Told:
    """What an account of that unit, or of the agency, tries to do, and with whom: told only where it is refused.

    None among the people is somebody whose id is malformed.
    """
    known = [id for id in people if id is not None]
    if len(people) > 1:
        facts |= {"people": [str(id) for id in known[:PEOPLE_MOST]], "rows": len(people)}
    if malformed := len(people) - len(known):
        facts |= {"malformed": malformed}
    return Told(
        AuditAction.REFUSED, unit_id, known[0] if len(people) == len(known) == 1 else None, facts={"act": act, **facts}
    )


def act_on(
    action: AuditAction, before: Standing, after: Standing, fingerprint: Fingerprint, facts: Values | None = None
) -> Told:
    """An act that changed somebody's row: what of it is different now."""
    old, new = standing_of(before), standing_of(after)
    if before.contact != after.contact:  # seldom, and a fingerprint is not for nothing
        old, new = old | contact_of(before.contact, fingerprint), new | contact_of(after.contact, fingerprint)
    changed = [name for name in new if new[name] != old[name]]
    return Told(
        action,
        after.unit_id,
        after.id,
        after.version,
        {name: old[name] for name in changed},
        {name: new[name] for name in changed},
        facts=facts or {},
    )


def act_of(action: AuditAction, before: Standing, decision: Decision, fingerprint: Fingerprint, **also: Value) -> Told:
    """One row of a submission: what was stated of the person, and what it changed."""
    facts: dict[str, Value] = dict(also)
    if (act := decision.certification) is not None:
        facts |= {"method": act.method, "survival_status": act.survival_status, "result": act.result}
        facts |= {"verdict_month": _or_none(act.verdict_month), "occurred_on": _or_none(act.occurred_on)}
    if (end := decision.termination) is not None:
        facts |= {"cause": end.cause, "occurred_on": str(end.occurred_on)}
    return act_on(action, before, decision.standing, fingerprint, facts)


def standing_of(row: Standing) -> dict[str, Value]:
    """What of a standing an act may change, besides contact data."""
    period = f"{row.period.start}..{row.period.end} {row.period.method}" if row.period else None
    months = ("confirmed_in", "paid_through", "suspended_from", "held_through", "terminated_from")
    return {
        "version": row.version,
        "answered": row.verdict.answered if row.verdict else None,
        "period": period,
        **{name: _or_none(getattr(row, name)) for name in months},
    }


def contact_of(contact: Contact, fingerprint: Fingerprint) -> dict[str, Value]:
    """Contact data masked, each with its fingerprint: a change within the masked part shows as well."""
    masked = contact.masked()
    return {
        name: None
        if (text := getattr(contact, name)) is None
        else f"{getattr(masked, name)} #{fingerprint(name, text)}"
        for name in ("phone", "household_address", "residence_address")
    }


def _or_none(value: object) -> str | None:
    return None if value is None else str(value)

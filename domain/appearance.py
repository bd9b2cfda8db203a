"""A person who proved to be alive, to a phone's camera or to a window clerk: a PASS at once. Notice 一(三)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain.certification import Decision, certify, stated
from domain.documents import Document, obstacles_of_document
from domain.month import Month
from domain.policy import Policy
from domain.refusal import ErrorCode, Refusal
from domain.standing import Standing
from domain.submission import Handler, obstacles_of_handler
from domain.text import problem
from domain.vocabulary import EvidenceClass, Method, Presence, SurvivalStatus

_AT = ("input", "beneficiaryId")
_FACE_CHECK = "app_face_check"
_KINDS = {
    Presence.IN_PERSON: "window_visit",
    Presence.RELATIVE: "relative_visit",
    Presence.HOME_VISIT: "home_visit",
    Presence.CONSULATE: "consulate_visit",
}
_ON_PAPER = (Presence.RELATIVE, Presence.CONSULATE)
"""No clerk of ours saw the person: somebody else's paper says that they are alive."""


@dataclass(frozen=True, slots=True)
class Appearance:
    """Who appeared, and how. `presence` is None for the own face check, which has no handler (经办人) either.

    `id` is None where `reference` leads nowhere.
    """

    reference: str
    id: int | None
    presence: Presence | None = None
    handler: Handler | None = None
    document: Document | None = None
    note: str | None = None

    @property
    def kind(self) -> str:
        """The kind of evidence that it is."""
        return _FACE_CHECK if self.presence is None else _KINDS[self.presence]

    @property
    def method(self) -> Method:
        return Method.SELF if self.presence is None else Method.SERVICE_WINDOW


def appear(
    appearance: Appearance, standing: Standing | None, *, policy: Policy, today: date, own: bool = False
) -> Decision | list[Refusal]:
    """A PASS from this month on, also after a FAIL; contact data need not be complete. Notice 一(三), rules 2.5.

    `standing` is None where the row is not the account's; `own` whether it is that of the window's clerk, who has
    seen nobody then. The agency looks at what a relative brought. Notice 四(四).
    """
    refusals = [*_obstacles(appearance, standing, policy, own=own)]
    if refusals or standing is None:
        return refusals
    row = replace(standing, version=standing.version + 1)
    act = stated(appearance.method, SurvivalStatus.NORMAL, row)
    if appearance.presence is Presence.RELATIVE:
        act = replace(act, opens_review=True)
    return certify(act, row, policy, Month.of(today))


def _obstacles(appearance: Appearance, standing: Standing | None, policy: Policy, *, own: bool) -> Iterator[Refusal]:
    if appearance.handler is not None:
        yield from obstacles_of_handler(appearance.handler)
    yield from _of_the_papers(appearance)
    if standing is None:
        yield Refusal(ErrorCode.NOT_FOUND, _AT, appearance.reference)
    elif own:
        yield Refusal(ErrorCode.OWN_CASE, _AT, appearance.reference)
    elif standing.terminated_from is not None:
        yield Refusal(ErrorCode.ALREADY_TERMINATED, _AT, appearance.reference)
    elif policy.evidence_class.get(appearance.kind) is not EvidenceClass.A:
        yield Refusal(ErrorCode.PRESENCE_PROVES_NOTHING, ("input", "presence"), appearance.reference)


def _of_the_papers(appearance: Appearance) -> Iterator[Refusal]:
    if appearance.note is not None and problem(appearance.note):
        yield Refusal(ErrorCode.INVALID_TEXT, ("input", "note"), appearance.reference)
    if appearance.document is not None:
        yield from obstacles_of_document(appearance.document, ("input", "document"), appearance.reference)
    elif appearance.presence in _ON_PAPER:
        yield Refusal(ErrorCode.DOCUMENT_REQUIRED, ("input", "document"), appearance.reference, about="presence")

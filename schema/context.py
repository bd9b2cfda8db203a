"""A request's context: the use cases' own, and loaders that gather the edges of a page into single statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

import strawberry
from strawberry.dataloader import DataLoader

from domain.contact import numbers_masked
from domain.month import Month
from domain.quality import Dimension, Mistake
from domain.standing import Standing
from domain.verdict import Fact
from domain.vocabulary import Role
from resolvers import (
    accounts,
    compliance,
    entitlement,
    events,
    look_ups,
    my_standing,
    objections,
    overpayments,
    quality,
    reinstatements,
    roster,
    signals,
    trail,
    warnings,
)
from resolvers.accounts import Known
from resolvers.audit import Missed
from resolvers.context import Context
from resolvers.look_ups import LookUp
from resolvers.quality import Group
from resolvers.roster import History
from schema.compiled.stopped import Path
from schema.ids import Key
from schema.loading import Gathering, Shielding
from storage.compliance import Asked, Review
from storage.contacts import Agency
from storage.histories import Moment
from storage.ledger import Payment
from storage.objections import Objection
from storage.overpayments import Overpayment
from storage.parts import Part
from storage.quarantines import EarlierRuling
from storage.rechecks import Draw
from storage.reinstatements import Case
from storage.trail import Recorded
from storage.units import Unit
from storage.warnings import Warned

T = TypeVar("T")
_LOOK_UPS = "look-ups"


@dataclass
class RequestContext(Context):
    missed: Missed = field(default_factory=Missed)
    """What the request looked for and the account may not see, or nobody."""
    open_to_introspection: bool = False
    """Whether everybody may ask for the schema, not those alone whose role allows it."""
    token_ended: bool = False
    """Whether a token was sent that is none, or is over."""
    clock: Callable[[], datetime] | None = None
    """What a subscription reads again for each of its events."""
    failed: dict[Path, Exception] | None = None
    """Of a compiled read that was given up: the fields whose statements took too long, which are not asked again."""
    compiled: bool = False
    """Whether a compiled read asks: it ends as a whole. The ordinary executor cancels fields beside an error."""
    asked: dict[object, tuple[Part, Gathering]] = field(default_factory=dict, init=False)
    """Of histories: what is asked of everybody alike, and who brings it."""
    _loaders: dict[object, Gathering] = field(default_factory=dict, init=False)

    def forget(self) -> None:
        """Be as before anything was asked: the operation is run anew. What was recorded is not recorded again."""
        self.missed, self.compiled = Missed(), False
        found = self._loaders.get(_LOOK_UPS)
        self.done()
        if found is not None:
            self._loaders[_LOOK_UPS] = found

    def done(self) -> None:
        """Nothing more is asked of what was loaded. It knows the context, and would wait for the garbage collector."""
        self.asked.clear()
        self._loaders.clear()

    def miss(self, key: Key | None) -> None:
        """An id led nowhere; None is one that is malformed."""
        if key is None:
            self.missed.malformed += 1
        else:
            self.missed.ids.append(key.words())

    async def by_number(self, look_up: LookUp) -> list[Standing]:
        """Who has the number, looked for and recorded once a request; that nobody has it is recorded with the rest."""
        found: list[Standing] = await self._loader(_LOOK_UPS, lambda asked: look_ups.found(self, asked)).load(look_up)
        if not found:
            self.miss_number("idNumber", look_up.number)
        return found

    def words(self, text: str | None) -> str | None:
        """What somebody has written about a person: outside the person's own unit without whole numbers (rules 6)."""
        at_home = self.viewer.role in (Role.UNIT, Role.PERSON)  # who see their own rows only
        return text if text is None or at_home else numbers_masked(text)

    def miss_number(self, kind: str, typed: str) -> None:
        """A number that was typed led nowhere: it may be somebody's, and is told by its fingerprint."""
        self.missed.ids.append(f"{kind} #{self.gate.sealer.fingerprint(kind, typed)}")

    @property
    def units(self) -> DataLoader[int, Unit | None]:
        return self._loader("units", lambda ids: roster.units_by_id(self, ids))

    @property
    def beneficiaries(self) -> DataLoader[int, Standing | None]:
        return self._loader("beneficiaries", lambda ids: roster.beneficiaries_by_id(self, ids))

    def history(self, source: History[T], part: Part) -> Gathering:
        """The same page of everybody's history, loaded together: by `Moment`, lists of items."""
        return self._loader((source, part), lambda moments: roster.history(self, source, moments, part))

    def payments(self, first: Month | None, last: Month | None) -> DataLoader[int, list[Payment]]:
        return self._loader(("payments", first, last), lambda ids: entitlement.payments(self, ids, first, last))

    def known(self, as_of: date | None) -> DataLoader[Moment, Known | None]:
        """Everybody's life and money, loaded together once a day asked about."""
        return self._loader(("known", as_of), lambda moments: accounts.of(self, moments, as_of))

    @property
    def overpayments(self) -> DataLoader[int, Overpayment | None]:
        return self._loader("overpayments", lambda ids: overpayments.of(self, ids))

    @property
    def audit_entries(self) -> DataLoader[int, Recorded | None]:
        return self._loader("audit entries", lambda ids: trail.by_id(self, ids))

    @property
    def agencies(self) -> DataLoader[str, Agency | None]:
        """By the district."""
        return self._loader("agencies", lambda districts: my_standing.agencies(self, districts))

    @property
    def warned(self) -> DataLoader[int, Warned | None]:
        return self._loader("warned", lambda ids: warnings.by_id(self, ids))

    @property
    def warnings(self) -> DataLoader[int, list[Warned]]:
        """By the person's id."""
        return self._loader("warnings", lambda ids: warnings.of_people(self, ids))

    @property
    def cases(self) -> DataLoader[int, Case | None]:
        return self._loader("cases", lambda ids: reinstatements.by_id(self, ids))

    @property
    def open_cases(self) -> DataLoader[int, Case | None]:
        """By the person's id."""
        return self._loader("open cases", lambda ids: reinstatements.open_of(self, ids))

    @property
    def newest_events(self) -> DataLoader[int, int]:
        """By the unit's id."""
        return self._loader("newest events", lambda ids: events.newest(self, ids))

    @property
    def objections(self) -> DataLoader[int, Objection | None]:
        return self._loader("objections", lambda ids: objections.by_id(self, ids))

    @property
    def objections_of(self) -> DataLoader[int, list[Objection]]:
        """By the person's id, newest first."""
        return self._loader("objections of", lambda ids: objections.of_people(self, ids))

    @property
    def quarantined(self) -> DataLoader[int, list[Fact]]:
        """By the objection's id: what it found false."""
        return self._loader("quarantined", lambda ids: objections.quarantined(self, ids))

    @property
    def earlier_rulings(self) -> DataLoader[int, EarlierRuling | None]:
        """By the objection's id: the ruling on another case that found its record false."""
        return self._loader("earlier rulings", lambda ids: objections.earlier_rulings(self, ids))

    @property
    def reviews(self) -> DataLoader[int, Review | None]:
        return self._loader("reviews", lambda ids: compliance.by_id(self, ids))

    @property
    def asked_of(self) -> DataLoader[int, Asked | None]:
        """By the person's id: what the unit is to answer again."""
        return self._loader("asked of", lambda ids: compliance.asked_of(self, ids))

    @property
    def draws(self) -> DataLoader[int, Draw | None]:
        return self._loader("draws", lambda numbers: signals.by_number(self, numbers))

    def measured(self, first: Month, last: Month, by: Dimension) -> DataLoader[int, Group]:
        """The group of a number, of one measurement, which is taken once."""
        return self._loader(
            ("measured", first, last, by), lambda numbers: quality.by_number(self, first, last, by, numbers)
        )

    @property
    def mistakes_of(self) -> DataLoader[int, list[Mistake]]:
        """By the person's id."""
        return self._loader("mistakes of", lambda ids: quality.of_people(self, ids))

    def renew(self) -> None:
        """The next event of a subscription is like a request of its own: at another moment, with nothing remembered."""
        if self.clock is not None:
            self.now = self.clock()
        for of_the_day in ("policy", "month"):
            self.__dict__.pop(of_the_day, None)
        self.done()

    def _loader(self, key: object, load: Callable[[list[Any]], Any]) -> Gathering:
        if (found := self._loaders.get(key)) is None:
            kind = Gathering if self.compiled and key != _LOOK_UPS else Shielding
            found = self._loaders[key] = kind(load_fn=load)
        return found


Info = strawberry.Info[RequestContext, None]

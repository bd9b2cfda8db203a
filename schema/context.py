"""A request's context: the use cases' own, and loaders that gather the edges of a page into single statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

import strawberry
from strawberry.dataloader import DataLoader

from domain.month import Month
from domain.standing import Standing
from resolvers import accounts, entitlement, my_standing, overpayments, reinstatements, roster, warnings
from resolvers.accounts import Known
from resolvers.context import Context
from resolvers.roster import History
from storage.contacts import Agency
from storage.histories import Item, Moment
from storage.ledger import Payment
from storage.overpayments import Overpayment
from storage.reinstatements import Case
from storage.units import Unit
from storage.warnings import Warned

T = TypeVar("T")


@dataclass
class RequestContext(Context):
    not_found: int = 0
    """How many ids of the request led to nothing that the account may see."""
    _loaders: dict[object, DataLoader[Any, Any]] = field(default_factory=dict)

    @property
    def units(self) -> DataLoader[int, Unit | None]:
        return self._loader("units", lambda ids: roster.units_by_id(self, ids))

    @property
    def beneficiaries(self) -> DataLoader[int, Standing | None]:
        return self._loader("beneficiaries", lambda ids: roster.beneficiaries_by_id(self, ids))

    def history(self, source: History[T], limit: int, after: int | None) -> DataLoader[Moment, list[Item[T]]]:
        """The same page of everybody's history, loaded together."""
        return self._loader((source, limit, after), lambda moments: roster.history(self, source, moments, limit, after))

    def payments(self, first: Month | None, last: Month | None) -> DataLoader[int, list[Payment]]:
        return self._loader(("payments", first, last), lambda ids: entitlement.payments(self, ids, first, last))

    def known(self, as_of: date | None) -> DataLoader[Moment, Known | None]:
        """Everybody's life and money, loaded together once a day asked about."""
        return self._loader(("known", as_of), lambda moments: accounts.of(self, moments, as_of))

    @property
    def overpayments(self) -> DataLoader[int, Overpayment | None]:
        return self._loader("overpayments", lambda ids: overpayments.of(self, ids))

    @property
    def agencies(self) -> DataLoader[str, Agency | None]:
        """By the district."""
        return self._loader("agencies", lambda districts: my_standing.agencies(self, districts))

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

    def _loader(self, key: object, load: Callable[[list[Any]], Any]) -> DataLoader[Any, Any]:
        if key not in self._loaders:
            self._loaders[key] = DataLoader(load_fn=load)
        return self._loaders[key]


Info = strawberry.Info[RequestContext, None]

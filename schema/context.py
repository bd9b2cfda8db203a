"""A request's context: the use cases' own, and loaders that gather the edges of a page into single statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import strawberry
from strawberry.dataloader import DataLoader

from domain.standing import Standing
from resolvers import roster
from resolvers.context import Context
from resolvers.roster import History
from storage.histories import Item, Moment
from storage.units import Unit

T = TypeVar("T")


@dataclass
class RequestContext(Context):
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

    def _loader(self, key: object, load: Callable[[list[Any]], Any]) -> DataLoader[Any, Any]:
        if key not in self._loaders:
            self._loaders[key] = DataLoader(load_fn=load)
        return self._loaders[key]


Info = strawberry.Info[RequestContext, None]

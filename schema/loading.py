"""What loaders bring: for one field, or for all fields of a page at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from strawberry.dataloader import DataLoader

T = TypeVar("T")


class Gathering(DataLoader[Any, Any]):
    """Many keys that are asked for together are one question to it, and not one each."""

    def __init__(self, load_fn: Callable[[list[Any]], Awaitable[list[Any]]]) -> None:
        super().__init__(load_fn=load_fn)
        self._known: dict[Any, Any] = {}
        self._asked: dict[Any, _Question] = {}
        """Keys that are on their way."""
        self._open: _Question | None = None
        """What is about to be asked: whoever comes meanwhile joins it."""

    async def all(self, keys: Sequence[Any]) -> list[Any]:
        """What is brought for each of the keys, in their order; each is asked for once."""
        new = [key for key in dict.fromkeys(keys) if key not in self._known]
        if new:
            await self._bring(new)
        return [self._known[key] for key in keys]

    async def _bring(self, keys: Sequence[Any]) -> None:
        waiting = {self._asked[key].answer(): None for key in keys if key in self._asked}
        if new := [key for key in keys if key not in self._asked]:
            if self._open is None:
                await self._ask(_Question(new))
            else:
                self._asked |= self._open.joined(new)
                waiting[self._open.answer()] = None
        for answer in waiting:
            await answer

    async def _ask(self, question: _Question) -> None:
        """Whoever asks first asks for all who come before it goes out."""
        self._open = question
        self._asked |= dict.fromkeys(question.keys, question)
        with question.answering():
            try:
                await asyncio.sleep(0)
                self._open = None
                self._known.update(zip(question.keys, await self.load_fn(question.keys), strict=True))
            finally:
                if self._open is question:
                    self._open = None
                for key in question.keys:
                    del self._asked[key]


class _Question:
    """Keys that one asks for, and those who wait for it."""

    def __init__(self, keys: list[Any]) -> None:
        self.keys = keys
        self._answered: asyncio.Future[None] | None = None

    def joined(self, keys: list[Any]) -> dict[Any, _Question]:
        self.keys += keys
        return dict.fromkeys(keys, self)

    def answer(self) -> asyncio.Future[None]:
        """To be waited for: taken while it is on its way, so that it is there even if it ends before somebody waits."""
        if self._answered is None:
            self._answered = asyncio.get_running_loop().create_future()
        return self._answered

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Those who wait go on, or fail, as the one who asks does."""
        failed: BaseException | None = None
        try:
            yield
        except BaseException as error:
            failed = error
            raise
        finally:
            if self._answered is not None and not self._answered.done():
                if failed is None:
                    self._answered.set_result(None)
                else:
                    self._answered.set_exception(failed)


class Shielding(Gathering):
    """What several fields wait for is not given up because one of them is."""

    def load(self, key: Any) -> Awaitable[Any]:
        return asyncio.shield(super().load(key))


class Loading(Generic[T]):
    """What a field is made of is still to be brought, and how it is made: a resolver of a list may return this.

    Whoever awaits it waits for one. A compiled read gathers all that wait for the same loader: a page has dozens of
    them, and a coroutine and a future for each cost more than what they bring.
    """

    __slots__ = ("key", "loader", "made")

    def __init__(self, loader: Gathering, key: object, made: Callable[[Any], T]) -> None:
        self.loader, self.key, self.made = loader, key, made

    def __await__(self) -> Generator[Any, Any, T]:
        return self._alone().__await__()

    async def _alone(self) -> T:
        return self.made(await self.loader.load(self.key))

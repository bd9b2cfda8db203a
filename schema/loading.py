"""What loaders bring: for one field, or for all fields of a page at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from strawberry.dataloader import DataLoader

T = TypeVar("T")


class Gathering(DataLoader[Any, Any]):
    """Many keys that are asked for together are one question to it, and not one each."""

    def __init__(self, load_fn: Callable[[list[Any]], Awaitable[list[Any]]]) -> None:
        super().__init__(load_fn=load_fn)
        self._known: dict[Any, Any] = {}
        self._question: _Question | None = None

    async def all(self, keys: Sequence[Any]) -> list[Any]:
        """What is brought for each of the keys, in their order. Whoever asks first asks for all who ask meanwhile."""
        if self._question is not None:
            await self._question.joined(keys)
        elif new := [key for key in dict.fromkeys(keys) if key not in self._known]:
            await self._ask(_Question(new))
        return [self._known[key] for key in keys]

    async def _ask(self, question: _Question) -> None:
        self._question = question
        with question.answering():
            try:
                await asyncio.sleep(0)
            finally:
                self._question = None
            keys = list(question.keys)
            self._known.update(zip(keys, await self.load_fn(keys), strict=True))


class _Question:
    """Keys that are about to be asked for, and those who wait for somebody else to do it."""

    def __init__(self, keys: Iterable[Any]) -> None:
        self.keys = dict.fromkeys(keys)
        self._answered: asyncio.Future[None] | None = None

    async def joined(self, keys: Iterable[Any]) -> None:
        self.keys.update(dict.fromkeys(keys))
        if self._answered is None:
            self._answered = asyncio.get_running_loop().create_future()
        await self._answered

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
                self._answered.set_exception(failed) if failed else self._answered.set_result(None)


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

"""What extensions do around an operation, entered without looking each hook up again at every request."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import lru_cache
from inspect import isasyncgenfunction, isgeneratorfunction
from types import TracebackType
from typing import Any

from strawberry.extensions import SchemaExtension
from strawberry.extensions.runner import SchemaExtensionsRunner


class Hooks(SchemaExtensionsRunner):
    """The same extensions in the same order as Strawberry's own."""

    def operation(self) -> Any:
        return Around(self.extensions, "on_operation")

    def parsing(self) -> Any:
        return Around(self.extensions, "on_parse")

    def validation(self) -> Any:
        return Around(self.extensions, "on_validate")

    def executing(self) -> Any:
        return Around(self.extensions, "on_execute")


class Around:
    """One hook of every extension that has it: the first is entered first and left last."""

    __slots__ = ("_entered", "_extensions", "_name")

    def __init__(self, extensions: Sequence[SchemaExtension], name: str) -> None:
        self._extensions = extensions
        self._name = name
        self._entered: list[tuple[bool, Any]] = []

    async def __aenter__(self) -> None:
        try:
            for extension in self._extensions:
                kind: Any = type(extension)
                found = _hook(kind, self._name)
                if found is not None:
                    is_async, around = found
                    manager = around(extension)
                    await manager.__aenter__() if is_async else manager.__enter__()
                    self._entered.append((is_async, manager))
        except BaseException:
            await self._leave(*sys.exc_info())
            raise

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is not None:
            return await self._leave(kind, error, trace)
        try:
            while self._entered:
                is_async, manager = self._entered.pop()
                await manager.__aexit__(None, None, None) if is_async else manager.__exit__(None, None, None)
        except BaseException:
            await self._leave(*sys.exc_info())
            raise
        return False

    async def _leave(self, *failure: Any) -> bool:
        """Something failed: the hooks that were entered are told, as a stack of contexts tells them."""
        stack = AsyncExitStack()
        for is_async, manager in self._entered:
            (stack.push_async_exit if is_async else stack.push)(manager)
        self._entered = []
        return bool(await stack.__aexit__(*failure))


@lru_cache(maxsize=1000)
def _hook(extension: Any, name: str) -> tuple[bool, Callable[[Any], Any]] | None:
    """The hook as a context, and whether it is to be awaited; None where the extension has none."""
    hook: Any = getattr(extension, name)
    if hook is getattr(SchemaExtension, name):
        return None
    if isgeneratorfunction(hook):
        return False, contextmanager(hook)
    if isasyncgenfunction(hook):
        return True, asynccontextmanager(hook)
    raise TypeError(f"{extension.__name__}.{name} must be a generator: what comes before `yield`, and what after it")

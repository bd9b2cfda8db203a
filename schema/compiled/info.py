"""What resolvers are given as `info`: the context. The place in the document, its nodes and path are not known here."""

from __future__ import annotations

from typing import Any, NoReturn

from strawberry import Info

from schema.compiled.errors import Lacking


class _Nothing:
    """Whatever is asked of it, it has not got, and says so louder than a missing attribute."""

    __slots__ = ()

    def __getattr__(self, name: str) -> NoReturn:
        raise Lacking(name)


class _OnlyContext(_Nothing):
    __slots__ = ("context",)

    def __init__(self, context: object) -> None:
        self.context = context


NOTHING: Any = _Nothing()


def info_of(context: object) -> Info[Any, Any]:
    return Info(_raw_info=_OnlyContext(context), _field=NOTHING)  # type: ignore[arg-type]

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


NOTHING: Any = _Nothing()


class _OnlyContext(Info[Any, Any]):
    context: Any = None
    """An attribute, not a property: a page asks for it hundreds of times."""


def info_of(context: object) -> Info[Any, Any]:
    info = _OnlyContext(_raw_info=NOTHING, _field=NOTHING)
    info.context = context
    return info

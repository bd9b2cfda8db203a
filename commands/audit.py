"""`seal-audit` and `verify-audit`: the proof that nobody has touched what was recorded."""

from __future__ import annotations

import os
import pwd
from argparse import Namespace

from commands.progress import steps, working
from resolvers import sealing, verifying
from resolvers.context import Context


def operator() -> str:
    """Who runs a command, as the system knows them and not as the environment says."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # in a container, say
        return f"uid {os.getuid()}"


_TOLD = ("kind", "what", "month", "source", "format", "release", "preview", "lookup", "at_once", "once", "last")


def about(arguments: Namespace) -> dict[str, str]:
    """What a refused command was to do: what kind of thing, which month. Never a file, a name or words of anybody's."""
    given = {name: getattr(arguments, name, None) for name in _TOLD}
    return {name: str(value) for name, value in given.items() if value}


def named(arguments: Namespace) -> dict[str, str]:
    """The account and the unit that a command names, as typed: the trail keeps ids or fingerprints of them."""
    given = {"username": getattr(arguments, "username", None), "si_number": getattr(arguments, "unit", None)}
    return {name: str(value) for name, value in given.items() if value}


async def seal(context: Context, _: Namespace) -> None:
    with working("sealing the audit trail"):
        sealed = await sealing.seal(context)
    print(f"{sealed.days} days sealed")
    if sealed.newest is not None:
        print(f"root of {sealed.newest.day}, to be kept outside the database: {sealed.newest.root.hex()}")


async def verify(context: Context, arguments: Namespace) -> None:
    with steps("verifying the audit trail", "entries") as progress:
        found = await verifying.verify(context, arguments.expect, progress)
    print(f"{found.entries} entries fit, {found.days} days are sealed")
    if found.root is not None:
        print(f"root of the newest: {found.root.hex()}")
    if found.unsealed_since is not None:
        print(f"{found.unsealed} entries are not sealed yet, from {found.unsealed_since} on")

"""`import`: files in."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from commands.progress import reading
from resolvers.context import Context
from resolvers.errors import Refused
from resolvers.intake import accounts, files
from resolvers.intake.files import Loaded, Progress, Rejected
from resolvers.intake.reading import BadFile, Problem

KINDS = {"units": files.UNITS, "beneficiaries": files.BENEFICIARIES, "rates": files.RATES, "evidence": files.EVIDENCE}
ORDER = ("units", "accounts", "beneficiaries", "rates", "evidence")
"""The kinds of files, in the order in which one needs the other."""
SHOWN = 1000


async def load(context: Context, arguments: Namespace) -> None:
    if arguments.rejects is not None:
        _require_one_file(arguments.files, arguments.rejects)
    for file in arguments.files:
        loaded = await load_file(context, arguments.kind, file, arguments.rejects)
        _report(file, loaded, arguments.rejects)


def _require_one_file(files: Sequence[Path], rejects: Path) -> None:
    if len(files) > 1:
        raise Refused("--rejects goes with one FILE: load the files one by one")
    if rejects.exists() and files[0].exists() and rejects.samefile(files[0]):
        raise Refused("--rejects would overwrite the file that is loaded; name another")


async def load_file(context: Context, kind: str, file: Path, rejects: Path | None) -> Loaded:
    """Load one file; Refused where it cannot be, after its bad rows were shown."""
    try:
        with reading(file) as progress:
            return await load_quietly(context, kind, file, rejects, progress)
    except Rejected as rejected:
        _show("", rejected.problems)
        raise Refused(
            f"{file.name}: {_rows(rejected.problems)} cannot be loaded, so nothing was."
            " Mend the file, or load the good rows with --rejects FILE"
        ) from None
    except BadFile as error:
        raise Refused(f"{file.name}: {error}") from None
    except OSError as error:
        raise Refused(f"{error.filename or file}: {error.strerror}") from None


async def load_quietly(
    context: Context,
    kind: str,
    file: Path,
    rejects: Path | None = None,
    progress: Progress = lambda size: None,
) -> Loaded:
    if kind == "accounts":
        return await accounts.load(context, file, rejects=rejects, progress=progress)
    return await files.load(context, KINDS[kind], file, rejects=rejects, progress=progress)


def _report(file: Path, loaded: Loaded, rejects: Path | None) -> None:
    _show("warning: ", loaded.warnings)
    counts = ", ".join(f"{number} {what}" for what, number in loaded.counts.items())
    rest = f", {_rows(loaded.rejected)} written to {rejects}" if rejects is not None else ""
    print(f"{file.name}: {loaded.rows} rows read, {counts}{rest}")


def _show(label: str, problems: Sequence[Problem]) -> None:
    for problem in problems[:SHOWN]:
        column = f", {problem.column}" if problem.column else ""
        print(f"{label}line {problem.line}{column}: {problem.reason}", file=sys.stderr)
    if len(problems) > SHOWN:
        print(f"{label}… and {len(problems) - SHOWN} more; --rejects FILE writes all bad rows", file=sys.stderr)


def _rows(problems: Sequence[Problem]) -> str:
    number = len({problem.line for problem in problems})
    return "1 row" if number == 1 else f"{number} rows"

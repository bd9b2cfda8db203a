"""Progress of long work: a bar on a terminal, a plain line elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tqdm import tqdm


@contextmanager
def reading(file: Path) -> Iterator[Callable[[int], None]]:
    """A callback that takes how many bytes were read since its last call."""
    if not sys.stderr.isatty():
        print(f"reading {file.name}", file=sys.stderr)
        yield lambda size: None
        return
    with tqdm(total=file.stat().st_size, unit="B", unit_scale=True, desc=file.name, leave=False) as bar:

        def advance(size: int) -> None:
            bar.update(size)
            if bar.n >= (bar.total or 0):
                bar.set_description(f"{file.name}: checking and saving")

        yield advance


@contextmanager
def working(what: str) -> Iterator[None]:
    """Work of unknown length."""
    print(f"{what} …", file=sys.stderr, flush=True)
    yield


@contextmanager
def steps(what: str, unit: str = "people") -> Iterator[Callable[[int, int], None]]:
    """A callback that takes how much of how much is done."""
    print(f"{what} …", file=sys.stderr, flush=True)
    if not sys.stderr.isatty():
        yield lambda done, everything: None
        return
    with tqdm(desc=what, leave=False, unit=f" {unit}", unit_scale=True) as bar:

        def advance(done: int, everything: int) -> None:
            bar.total = everything
            bar.update(done - bar.n)

        yield advance

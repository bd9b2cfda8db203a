"""Files that cannot be read or written."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from resolvers.errors import Refused


@contextmanager
def naming(file: Path) -> Iterator[None]:
    """Say in one line which file stands in the way, and why."""
    try:
        yield
    except OSError as error:
        if error.filename is None:  # not about a file: the connection, say
            raise
        raise Refused(f"{file}: {error.strerror}") from None

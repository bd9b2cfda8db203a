"""Read a CSV file row by row: columns by name, each value by its column's rule."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

REJECT_COLUMNS = ("reject_line", "reject_column", "reject_reason")
"""What `--rejects` adds to a row; an import passes over them, so that the mended file can be loaded as it is."""

_REPORTED_EVERY = 1_000  # lines
_BATCH = 1_000  # rows that are read at once: few enough that a bad one among them costs little


class BadFile(Exception):
    """The file as a whole cannot be read; the message says why."""


class Problem(NamedTuple):
    """Why a row cannot be loaded. The reason never repeats the value: it may be personal data."""

    line: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column, and the function that reads its value or raises ValueError with the reason."""

    name: str
    read: Callable[[str], Any]
    as_typed: bool = False
    """Whether blanks around the value belong to it."""

    def all(self, texts: Iterable[str]) -> list[Any]:
        return list(map(self.read, texts if self.as_typed else map(str.strip, texts)))


Line = tuple[int, list[str]]
"""Its number and its values as they stand in the file."""


class Header(NamedTuple):
    """How many columns a file has, and the places of those that are wanted."""

    width: int
    order: list[int]


@dataclass(slots=True)
class Rows:
    """The rows of a file as typed tuples; what is wrong with the others gathers in `problems`, doubts in `warnings`."""

    file: Path
    columns: Sequence[Column]
    derive: Callable[[tuple[Any, ...]], tuple[Any, ...]] | None = None
    """What is staged for a row's values, where that is something else; raises ValueError(column, reason)."""
    progress: Callable[[int], None] = lambda size: None
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    count: int = 0

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        """Every good row, its line first."""
        names, records = _open(self.file, self.progress)
        header = Header(len(names), _order(names, [column.name for column in self.columns]))
        while batch := list(islice(records, _BATCH)):
            self.count += len(batch)
            yield from self._at_once(header, batch) or self._one_by_one(header, batch)

    def _at_once(self, header: Header, batch: Sequence[Line]) -> list[tuple[Any, ...]] | None:
        """The rows of a batch, column by column in half the time; None where there is something to say about one."""
        numbers, raw = zip(*batch, strict=True)
        if any(len(texts) != header.width for texts in raw):
            return None
        texts = list(zip(*raw, strict=True))
        try:
            values = [column.all(texts[place]) for column, place in zip(self.columns, header.order, strict=True)]
            if self.derive is None:
                return list(zip(numbers, *values, strict=True))
            return [(number, *self.derive(row)) for number, row in zip(numbers, zip(*values, strict=True), strict=True)]
        except (ValueError, Doubt):
            return None

    def _one_by_one(self, header: Header, batch: Sequence[Line]) -> Iterator[tuple[Any, ...]]:
        for number, raw in batch:
            if len(raw) != header.width:
                self.problems.append(Problem(number, "", f"has {len(raw)} values, the header another number"))
            elif (row := self._row(number, [raw[place] for place in header.order])) is not None:
                yield row

    def _row(self, line: int, raw: Sequence[str]) -> tuple[Any, ...] | None:
        values, before = [], len(self.problems)
        for column, text in zip(self.columns, raw, strict=True):
            try:
                values.append(column.read(text if column.as_typed else text.strip()))
            except Doubt as doubt:
                values.append(doubt.value)
                self.warnings.append(Problem(line, column.name, str(doubt)))
            except ValueError as error:
                self.problems.append(Problem(line, column.name, str(error)))
        if len(self.problems) > before:
            return None
        try:
            return (line, *(self.derive(tuple(values)) if self.derive else values))
        except ValueError as error:
            self.problems.append(Problem(line, *error.args))
            return None


class Doubt(Exception):
    """A value that is loaded with a warning, perhaps as another value."""

    def __init__(self, value: Any, reason: str) -> None:
        super().__init__(reason)
        self.value = value


def write_rejects(source: Path, target: Path, problems: Sequence[Problem]) -> None:
    """The bad rows as they were, with line, column and reason beside them. UTF-8 with a BOM, for spreadsheets."""
    reasons: dict[int, list[Problem]] = {}
    for problem in problems:
        reasons.setdefault(problem.line, []).append(problem)
    with target.open("w", encoding="utf-8-sig", errors="surrogateescape", newline="") as out:
        writer = csv.writer(out)
        header, records = _open(source)
        kept = [place for place, name in enumerate(header) if name.strip() not in REJECT_COLUMNS]
        writer.writerow([*(header[place] for place in kept), *REJECT_COLUMNS])
        for line, raw in records:
            if found := reasons.get(line):
                columns, texts = "; ".join(p.column for p in found), "; ".join(p.reason for p in found)
                whole = [raw[place] for place in kept] if len(raw) == len(header) else raw
                writer.writerow([*whole, line, columns, texts])


def _order(header: list[str], wanted: Sequence[str]) -> list[int]:
    names = [name.strip() for name in header]
    missing = [name for name in wanted if name not in names]
    unknown = [name for name in names if name not in wanted and name not in REJECT_COLUMNS]
    twice = len(names) - len(set(names))
    if missing or unknown or twice:
        # Unknown names are counted, not shown: a file without a header has people in its first line.
        raise BadFile(
            f"the header must be {','.join(wanted)}; missing: {', '.join(missing) or 'none'}, "
            f"unknown: {len(unknown)}, repeated: {twice}"
        )
    return [names.index(name) for name in wanted]


def _open(file: Path, progress: Callable[[int], None] = lambda size: None) -> tuple[list[str], Iterator[Line]]:
    lines = _lines(file, progress)
    reader = csv.reader(lines, strict=True)
    try:
        header = next(reader, None)
    except csv.Error as error:
        raise BadFile(f"line 1: {error}") from error
    if header is None:
        raise BadFile("the file is empty; it needs a header row")

    def records() -> Iterator[Line]:
        line = reader.line_num + 1
        try:
            for raw in reader:
                if raw:
                    yield line, raw
                line = reader.line_num + 1
        except csv.Error as error:
            raise BadFile(f"line {line}: {error}; nothing after it can be read") from error

    return header, records()


def _lines(file: Path, progress: Callable[[int], None]) -> Iterator[str]:
    """The file's lines; bytes that are not UTF-8 stay recognisable for the check of their value."""
    with file.open("rb") as raw:
        text = io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="")
        reported = 0
        for number, line in enumerate(text):
            yield line
            if number % _REPORTED_EVERY == 0:
                progress(raw.tell() - reported)
                reported = raw.tell()
        progress(raw.tell() - reported)

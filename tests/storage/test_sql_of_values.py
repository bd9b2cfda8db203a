"""No statement is made of values: what is put into SQL is a constant, or named here with its reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
SQL = re.compile(r"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|ORDER BY|GRANT|REVOKE|CREATE|AND)\b")
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*|\w+\.[A-Z][A-Z0-9_]*")
PART = re.compile(r"part\.(stretch|order)\(|_OPEN\.format\(found=|(number|seconds)\('\w\.\w+'\)$")
"""Columns and placeholders of the code (storage/parts.py, storage/days.py), and queries that storage/signals.py puts
together."""
PLAIN: dict[str, set[str]] = {
    "storage/database.py": {"query", "place"},  # a statement within one, and the number of a placeholder
    "storage/histories.py": {"shown"},  # of this file's own three
    "storage/intake.py": {"declared", "rest", "key"},  # columns of this file's own tables
    "storage/logins.py": {"own", "other", "login.name"},  # quoted names of databases and logins
    "storage/objections.py": {"order"},  # ASC or DESC
    "storage/parts.py": {
        "column",
        "behind",
        "ahead",
        "place",
        "place + 1",
        "place + 2",
        "bound.format(f'${place}')",
        "bound.format(f'${place + 1}')",
        "self.order(newest_first)",
    },
    "storage/payroll_entries.py": {  # the month's table, as the database named it, and ids
        "first",
        "last",
        "self.entries",
        "part",
        "people",
        "row['entries']",
    },
    "storage/payroll.py": {
        "_RATE.format(of='c')",
        "_RATE.format(of='d')",
        "_NOT_LOST.format(of='c')",
        "_NOT_LOST.format(of='d')",
    },
    "storage/periods.py": {  # the file's own statements, put together
        "END.format(source='SELECT beneficiary_id, start_month, version FROM judged WHERE renews')",
        "OPEN.format(source='{source}')",
    },
    "storage/replica.py": {"name"},  # a quoted name of a database
    "storage/roster.py": {  # conditions of this file with placeholders in the place of values
        "statement.value(part.limit + 1, 'bigint')",
        "direction",
        "self._held()",
        "warned",
        "statement.chosen(chosen)",
        "columns",
        "statement.chosen(RosterFilter(unit_id, category))",
        "LONG_OPEN.format(self._day(0))",
        "name",
        "self._day(0)",
        "self._not_yet('terminated_from')",
        "when",
        "' AND '.join(conditions)",
        "overdue",
    },
    "storage/unrecorded.py": {  # tables, columns and actions of this file's own statements
        "table",
        "actions",
        "fact",
        "done",
        "alike",
        "action",
        "statement",
    },
    "storage/trail.py": {"where", "len(values) + 1"},  # conditions of this file, and the number of a placeholder
    "storage/warnings.py": {"LONG_OPEN.format('$1::date')"},
}
"""By file: what else is put into a statement, each looked at; it is no value of anybody's."""


def put_into_statements(file: Path) -> Iterator[str]:
    """The expressions within every f-string that reads like SQL."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
            if SQL.search(text):
                put = (ast.unparse(part.value) for part in node.values if isinstance(part, ast.FormattedValue))
                yield from (one for one in put if not PART.match(one))


def test_what_is_put_into_a_statement_is_no_value() -> None:
    """Values travel beside the statement, so that no text of anybody's becomes SQL."""
    found = {
        str(file.relative_to(ROOT)): others
        for folder in ("storage", "resolvers", "schema", "web", "security")
        for file in sorted((ROOT / folder).glob("**/*.py"))
        if "migrations" not in file.parts
        and (others := {one for one in put_into_statements(file) if not CONSTANT.fullmatch(one)})
    }
    assert found == PLAIN


def test_only_the_storage_speaks_sql() -> None:
    for folder in ("resolvers", "schema", "web", "security", "domain"):
        for file in (ROOT / folder).glob("**/*.py"):
            assert not re.search(r"[\"'](SELECT|INSERT INTO|UPDATE|DELETE FROM) ", file.read_text("utf-8")), file

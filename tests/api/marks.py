"""Marked personal data, what listens for it, and documents that carry it everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from tests.world import SCHOOL, id_number
from web import measured

NAME, NUMBER, BORN = "欧阳标记", id_number(777), ("19450101", "1945-01-01")
CONTACT = {
    "phone": "13987654321",
    "household_address": "青岛市市北区标记路11号",
    "residence_address": "青岛市李沧区标记路22号",
}
HANDLER = {"name": "司徒标记", "contact": "0532-87654321"}
STATEMENT, REASON, PASSWORD = "标记陈述：本人健在", "标记理由：电话核实", "标记密码-correct-horse"
PAPER = {"name": "标记证明.pdf", "sha256": "b" * 64}
MARKS = (NAME, NUMBER, *BORN, *CONTACT.values(), *HANDLER.values(), STATEMENT, REASON, PASSWORD, PAPER["name"], "标记")

ROW = {
    "unit_si_number": SCHOOL, "category": "RETIREE", "name": NAME, "id_number": NUMBER, **CONTACT,
    "benefit_from": "2005-01", "monthly_amount": "3000.00", "certified_in": "2019-01",
}  # fmt: skip


@dataclass
class Listener:
    """Everything that is said beside the answers themselves: logs, both streams of commands, errors, metrics."""

    log: StringIO
    printed: pytest.CaptureFixture[str]
    libraries: pytest.LogCaptureFixture
    overheard: str = ""

    def hear(self, *said: object) -> None:
        self.overheard += "".join(map(str, said))

    def marks(self) -> list[str]:
        """The marks in what was said until now."""
        self.hear(*self.printed.readouterr(), self.log.getvalue(), self.libraries.text, measured.text().decode())
        return [mark for mark in MARKS if mark in self.overheard]


def misused(root: GraphQLObjectType, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Documents and variables in which every argument of every root field is, or holds, a mark."""
    for name, field in root.fields.items():
        selection = "" if is_leaf_type(get_named_type(field.type)) else " { __typename }"
        yield f"{kind} {NAME} {{ {name}{selection} }}", {}
        for argument, declared in field.args.items():
            for mark in (NUMBER, NAME):
                yield f'{kind} {{ {name}({argument}: "{mark}"){selection} }}', {}
                for value in (mark, [mark], {mark: mark}, {"beneficiaryId": mark, "reason": mark}):
                    yield f"{kind}($v: {declared.type}) {{ {name}({argument}: $v){selection} }}", {"v": value}

"""Every line of the threat model points to a test that is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINES = [line for line in (ROOT / "docs/threat-model.md").read_text(encoding="utf-8").splitlines() if line[:1] == "|"][
    2:
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split("|")[1].strip()[:60])
def test_a_threat_is_answered_by_a_test(line: str) -> None:
    found = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", line)
    assert found
    for file, name in found:
        text = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {name}(" in text if name else "def test_" in text


@pytest.mark.parametrize("kind", ["S", "T", "R", "I", "D", "E"])
def test_every_kind_of_threat_is_thought_about(kind: str) -> None:
    assert any(f"**{kind}**" in line for line in LINES)

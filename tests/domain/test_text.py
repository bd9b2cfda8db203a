"""Plain text: its length and what cannot be printed."""

import pytest

from domain.text import is_blank, problem


@pytest.mark.parametrize("text", ["", "上门核实，本人健在", "第一行\n第二行\t列", "𠮷野家", "👵", "字" * 500])
def test_text_of_any_script_with_line_breaks_may_be_saved(text: str) -> None:
    assert problem(text) is None


@pytest.mark.parametrize("text", ["a\x00b", "\x1b[31m", "\ud800", "\ue000", "\u0378", "a\x7fb"])
def test_control_characters_and_unassigned_ones_may_not(text: str) -> None:
    assert problem(text) == "unprintable"


def test_text_may_be_as_long_as_its_field() -> None:
    assert problem("字" * 501) == "too_long"
    assert problem("字" * 100, 100) is None
    assert problem("字" * 101, 100) == "too_long"


@pytest.mark.parametrize(("text", "blank"), [(None, True), ("", True), (" \u3000\n\t", True), (" 。", False)])
def test_text_of_blanks_says_nothing(text: str | None, blank: bool) -> None:
    assert is_blank(text) is blank

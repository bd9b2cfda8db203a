"""The check that no release takes anything from clients (docs/schema-policy.md), on small schemas."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from schema import evolution, sdl
from schema.build import SCHEMA
from schema.evolution import objections, warnings

TODAY = date(2026, 12, 1)
RELEASED = """
type Query { unit(number: String, kind: Kind = OPEN): Unit }
type Unit { name: String! phone: String @deprecated(reason: "Until 2026-11-30: use contact instead.") }
input UnitInput { name: String! note: String }
enum Kind { OPEN CLOSED }
"""


def changed(*changes: tuple[str, str]) -> str:
    text = RELEASED
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    return text


PHONE = ' phone: String @deprecated(reason: "Until 2026-11-30: use contact instead.")'


def test_the_same_schema_and_a_larger_one_are_welcome() -> None:
    larger = changed(("name: String! note", "name: String! size: Int note"), ("type Unit {", "type Unit { id: ID!"))
    assert objections(RELEASED, RELEASED, TODAY) == []
    assert objections(RELEASED, larger, TODAY) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("name: String! phone", "phone"), "Field Unit.name was removed."),
        (("name: String! phone", "name: String phone"), "Field Unit.name changed type from String! to String."),
        (("number: String, ", ""), "Argument Query.unit(number:) was removed."),
        (
            ("number: String,", "number: String!,"),
            "Argument Query.unit(number:) has changed type from String to String!.",
        ),
        (("OPEN CLOSED", "OPEN"), "Enum value Kind.CLOSED was removed."),
        (("note: String }", "note: String size: Int! }"), "A required field UnitInput.size was added."),
        (("note: String }", "}"), "Field UnitInput.note was removed."),
    ],
)
def test_what_breaks_a_client_is_named(change: tuple[str, str], said: str) -> None:
    assert objections(RELEASED, changed(change), TODAY) == [said]


def test_what_was_deprecated_goes_when_its_day_has_passed() -> None:
    """The day itself still counts."""
    without = changed((PHONE, ""))
    assert objections(RELEASED, without, TODAY) == []
    assert objections(RELEASED, without, date(2026, 11, 30)) == ["Field Unit.phone was removed."]


def test_a_deprecation_that_no_release_showed_frees_nothing() -> None:
    """What was never announced to clients is as if it had not been deprecated."""
    released = changed((PHONE, " phone: String"))
    assert objections(released, changed((PHONE, "")), TODAY) == ["Field Unit.phone was removed."]


def test_a_type_goes_with_the_last_field_that_led_to_it() -> None:
    released = changed(("phone: String @", "phone: Phone @")) + "type Phone { number: String }"
    assert objections(released, changed((PHONE, "")), TODAY) == []
    still_led_to = released.replace("name: String! phone", "name: String! fax: Phone phone")
    assert objections(still_led_to, changed((PHONE, "")), TODAY) == [
        "Phone was removed.",
        "Field Unit.fax was removed.",
    ]


@pytest.mark.parametrize("reason", ['"no longer"', '"Until soon: use name."', '"Until 2027-02-30: use name."'])
def test_a_deprecation_says_until_when(reason: str) -> None:
    built = changed(("note: String", f"note: String @deprecated(reason: {reason})"))
    [said] = objections(RELEASED, built, TODAY)
    assert said.startswith("UnitInput.note is deprecated without a term")


def test_a_deprecation_gives_180_days() -> None:
    """Of a value, an argument and a field alike."""
    term = 'CLOSED @deprecated(reason: "Until 2027-05-29: use OPEN instead.")'
    built = changed(("OPEN CLOSED", f"OPEN {term}"))
    assert objections(RELEASED, built, TODAY) == ["Kind.CLOSED is deprecated for less than 180 days."]
    assert objections(RELEASED, built.replace("05-29", "05-30"), TODAY) == []
    argument = changed(("number: String,", 'number: String @deprecated(reason: "Until 2026-12-02: use kind."),'))
    assert objections(RELEASED, argument, TODAY) == ["Query.unit.number is deprecated for less than 180 days."]


def test_a_term_is_put_off_and_never_brought_forward() -> None:
    """Clients have planned with the day that a release gave them."""
    released = changed(("Until 2026-11-30", "Until 2027-06-30"))
    for day in ("2026-11-26", "2027-06-29"):
        [said] = objections(released, released.replace("2027-06-30", day), TODAY)
        assert said == "Unit.phone is deprecated until 2027-06-30, and that day is not brought forward."
    assert objections(released, released.replace("2027-06-30", "2027-07-01"), TODAY) == []


def test_what_a_client_may_notice_is_a_warning() -> None:
    built = changed(("OPEN CLOSED", "OPEN CLOSED MOVED"), ("= OPEN", "= CLOSED"))
    assert objections(RELEASED, built, TODAY) == []
    assert sorted(warnings(RELEASED, built)) == [
        "Enum value Kind.MOVED was added.",
        "Query.unit(kind:) has changed defaultValue from OPEN to CLOSED.",
    ]


def test_a_release_is_refused_while_it_breaks_clients(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The released file stays as it is, and the answer names what is in the way."""
    released = tmp_path / "schema.released.graphql"
    more = SCHEMA.as_str().replace("type Viewer {", "type Viewer {\n  nickname: String")
    released.write_text(more, encoding="utf-8")
    monkeypatch.setattr(sdl, "RELEASED", released)
    assert sdl.main(["--release"]) == sdl.main(["--check"]) == 1
    assert released.read_text(encoding="utf-8") == more
    assert "breaking: Field Viewer.nickname was removed." in capsys.readouterr().err


def test_a_release_writes_the_schema(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released = tmp_path / "schema.released.graphql"
    monkeypatch.setattr(sdl, "RELEASED", released)
    assert sdl.main(["--release"]) == 0
    assert released.read_text(encoding="utf-8") == SCHEMA.as_str() + "\n"


def test_the_term_is_what_the_policy_says() -> None:
    policy = (Path(__file__).parents[2] / "docs" / "schema-policy.md").read_text(encoding="utf-8")
    assert f"{evolution.NOTICE.days} days" in policy


def test_without_the_released_schema_the_check_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Or its removal would turn the check off."""
    assert not sdl.evolves(tmp_path / "schema.released.graphql", "type Query { a: Int }", TODAY)
    assert "schema.released.graphql is missing" in capsys.readouterr().err

"""Which rows an account may see and act on."""

import pytest

from domain.access import Duty, Scope, Viewer, duty_of
from domain.vocabulary import Role


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.UNIT, Scope(unit_id=7)),
        (Role.OFFICER, Scope(district="市南区")),
        (Role.AUDITOR, Scope()),
        (Role.SERVICE, Scope()),
        (Role.PERSON, Scope()),
        (Role.WINDOW, Scope(district="市南区")),
    ],
)
def test_a_role_bounds_the_rows_that_are_seen(role: Role, scope: Scope) -> None:
    assert Viewer(1, "someone", role, unit_id=7, district="市南区").scope == scope


@pytest.mark.parametrize(
    ("role", "own", "foreign"),
    [
        (Role.UNIT, True, False),
        (Role.PERSON, True, True),
        (Role.WINDOW, False, False),
        (Role.OFFICER, False, False),
        (Role.AUDITOR, False, False),
    ],
)
def test_contact_data_are_in_full_for_the_own_unit_and_the_person(role: Role, own: bool, foreign: bool) -> None:
    """A PERSON sees nobody's rows but the own ones."""
    viewer = Viewer(1, "someone", role, unit_id=7 if role is Role.UNIT else None)
    assert (viewer.knows(7), viewer.knows(8)) == (own, foreign)


def test_every_duty_has_its_roles() -> None:
    """Who certifies does not decide, who decides does not watch, who runs the months does none of it. Notice 四(四)."""
    assert {role: duty_of(role) for role in Role} == {
        Role.UNIT: Duty.CERTIFIES,
        Role.WINDOW: Duty.CERTIFIES,
        Role.OFFICER: Duty.DECIDES,
        Role.AUDITOR: Duty.WATCHES,
        Role.SERVICE: Duty.RUNS,
        Role.PERSON: None,
    }


def test_a_unit_without_a_number_acts_for_nobody() -> None:
    assert Viewer(1, "someone", Role.UNIT).acts_for is None

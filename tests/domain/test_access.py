"""Which rows an account may see and act on."""

import pytest

from domain.access import Scope, Viewer
from domain.vocabulary import Role


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        (Role.UNIT, Scope(unit_id=7)),
        (Role.OFFICER, Scope(district="市南区")),
        (Role.AUDITOR, Scope()),
        (Role.SERVICE, Scope()),
        (Role.PERSON, Scope(nothing=True)),
        (Role.WINDOW, Scope(nothing=True)),
    ],
)
def test_a_role_bounds_the_rows_that_are_seen(role: Role, scope: Scope) -> None:
    assert Viewer(1, "someone", role, unit_id=7, district="市南区").scope == scope


@pytest.mark.parametrize("role", [Role.UNIT, Role.OFFICER])
def test_an_account_without_its_bound_sees_nothing_rather_than_everything(role: Role) -> None:
    assert Viewer(1, "someone", role).scope.nothing is True


def test_the_auditor_and_the_service_are_bound_by_nothing() -> None:
    assert Viewer(1, "auditor", Role.AUDITOR).scope == Scope(unit_id=None, district=None, nothing=False)


def test_a_unit_without_a_number_acts_for_nobody() -> None:
    assert Viewer(1, "someone", Role.UNIT).acts_for is None

"""Sign-in accounts of the units, the agency and two persons."""

from collections.abc import Iterable, Sequence

from demo.addresses import DISTRICTS
from demo.plan import UnitPlan

_OPERATORS = ("zhangmin", "sunyan", "yuqing", "wangbo", "lijing")


def rows(units: Sequence[UnitPlan], persons: Iterable[str], password: str) -> list[dict[str, str]]:
    """Two accounts a unit, officers and windows by district, an auditor, the service, the persons."""
    districts = list(dict.fromkeys(unit.district for unit in units))
    return [
        *(row for n, unit in enumerate(units) for row in _of_unit(unit, _OPERATORS[n % 5], password)),
        *(_row(f"officer-{_slug(each)}", "OFFICER", password, district=each) for each in districts),
        *(_row(f"window-{_slug(each)}", "WINDOW", password, district=each) for each in districts),
        _row("auditor", "AUDITOR", password),
        _row("service", "SERVICE", password),
        *(_row(f"person-{n}", "PERSON", password, person=each) for n, each in enumerate(persons, 1)),
    ]


def _of_unit(unit: UnitPlan, operator: str, password: str) -> list[dict[str, str]]:
    names = (unit.si_number, f"{unit.si_number}/{operator}")
    return [_row(name, "UNIT", password, unit=unit.si_number) for name in names]


def _slug(district: str) -> str:
    return DISTRICTS[district].slug


def _row(
    username: str, role: str, password: str, *, unit: str = "", district: str = "", person: str = ""
) -> dict[str, str]:
    return {
        "username": username,
        "role": role,
        "unit_si_number": unit,
        "district": district,
        "id_number": person,
        "password": password,
    }

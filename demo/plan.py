"""Which units are generated, and how many beneficiaries each has."""

from dataclasses import dataclass


@dataclass(frozen=True)
class UnitPlan:
    """A unit to generate; `district` is a key of `addresses.DISTRICTS`, `people` the rows of its roster."""

    si_number: str
    name: str
    district: str
    people: int


UNITS: tuple[UnitPlan, ...] = (
    UnitPlan("370202000101", "青岛市市南区听潮路小学", "市南区", 60),
    UnitPlan("370203000502", "青岛市市北区海岸绿化事务局", "市北区", 500),
    UnitPlan("370212005003", "青岛崂湾医院集团", "崂山区", 5000),
)

"""The people: retirees, and the spouses, parents and children who survive one."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from random import Random

from demo.addresses import draw_home
from demo.identity import Identities
from demo.names import full_name

OLDEST = 97
_FEMALE_SHARE = 0.56
_MOBILE_PREFIXES = (
    *range(130, 134), *range(135, 140), *range(150, 154), *range(155, 160), 166, 173, 176, 177, 178,
    180, 182, 183, *range(185, 190), 198,
)  # fmt: skip


class Role(Enum):
    """What makes somebody a beneficiary."""

    RETIREE = "retiree"
    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"


@dataclass(frozen=True)
class Person:
    """A person; `retired_at` is the age of retirement, 0 for those who never worked for a unit."""

    role: Role
    name: str
    id_number: str
    born: date
    age: int
    retired_at: int
    phone: str
    household: str
    residence: str


@dataclass
class Registry:
    """Draws people as of one day."""

    rng: Random
    today: date
    identities: Identities

    def draw(self, role: Role, unit_district: str, *, legacy: bool = False) -> Person:
        """Somebody new; `legacy` gives an identity number whose check character fails."""
        rng = self.rng
        female, retired_at, age = _vitals(rng, role)
        born = _years_before(self.today, age) - timedelta(days=rng.randrange(365))
        home = draw_home(rng, unit_district)
        identify = self.identities.draw_legacy if legacy else self.identities.draw
        return Person(
            role,
            full_name(rng, born.year, female=female),
            identify(born, female=female),
            born,
            age,
            retired_at,
            _phone(rng, age, in_qingdao=home.in_qingdao),
            home.household,
            home.residence,
        )

    def stranger(self) -> str:
        """The identity number of somebody on no roster."""
        born = _years_before(self.today, self.rng.randrange(30, 90)) - timedelta(days=self.rng.randrange(365))
        return self.identities.draw(born, female=self.rng.random() < 0.5)


def _vitals(rng: Random, role: Role) -> tuple[bool, int, int]:
    """Sex, age of retirement (men 60; women 55, or 50 as workers), and age in full years."""
    female = rng.random() < (0.82 if role is Role.SPOUSE else _FEMALE_SHARE)
    match role:
        case Role.RETIREE:
            retired_at = (55 if rng.random() < 0.8 else 50) if female else 60
            return female, retired_at, retired_at + 1 + int((OLDEST - retired_at) * rng.betavariate(1.3, 2.7))
        case Role.SPOUSE:
            return female, 0, 60 + int((OLDEST + 1 - 60) * rng.betavariate(2.0, 2.2))
        case Role.PARENT:
            return female, 0, rng.randrange(74, OLDEST + 1)
        case Role.CHILD:
            return female, 0, rng.randrange(6, 21)


def _phone(rng: Random, age: int, *, in_qingdao: bool) -> str:
    """A mobile number, or for some of the elderly in Qingdao a landline."""
    if in_qingdao and age >= 70 and rng.random() < 0.22:
        return f"0532-8{rng.randrange(2_000_000, 9_000_000)}"
    return f"{rng.choice(_MOBILE_PREFIXES)}{rng.randrange(100_000_000):08d}"


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28))

"""Citizen identity numbers of 18 characters, as GB 11643 forms them."""

from dataclasses import dataclass, field
from datetime import date
from random import Random

_CHECK_CHARACTERS = "10X98765432"
_WEIGHTS = tuple(2 ** (17 - position) % 11 for position in range(17))


@dataclass(frozen=True)
class Area:
    """A division of Qingdao that registers births, from one year to another."""

    code: str
    weight: int
    since: int = 1900
    until: int = 9999


# An older person's number carries the code in force when numbers were first given out (1984 and after).
_AREAS = (
    Area("370202", 17),  # 市南区
    Area("370203", 19),  # 市北区
    Area("370205", 10, until=2012),  # 四方区, joined to 市北区 in 2012
    Area("370211", 10),  # 黄岛区
    Area("370212", 9),  # 崂山区
    Area("370213", 11),  # 李沧区
    Area("370214", 8),  # 城阳区
    Area("370281", 5),  # 胶州市
    Area("370282", 5, until=2016),  # 即墨市
    Area("370215", 5, since=2018),  # 即墨区
    Area("370283", 4),  # 平度市
    Area("370284", 4, until=2012),  # 胶南市, joined to 黄岛区 in 2012
    Area("370285", 3),  # 莱西市
)


def check_character(body: str) -> str:
    """The eighteenth character for the first seventeen digits. ISO 7064 MOD 11-2."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return _CHECK_CHARACTERS[total % 11]


@dataclass
class Identities:
    """Gives out identity numbers, none twice."""

    rng: Random
    _given: set[str] = field(default_factory=set)

    def draw(self, born: date, *, female: bool) -> str:
        """A valid number; the sequence number of three digits is odd for men and even for women."""
        while (body := self._body(born, female=female)) in self._given:
            pass
        self._given.add(body)
        return body + check_character(body)

    def draw_legacy(self, born: date, *, female: bool) -> str:
        """A number whose check character is wrong, as old paper records sometimes have it."""
        number = self.draw(born, female=female)
        wrong = [digit for digit in "0123456789" if digit != number[-1]]
        return number[:-1] + self.rng.choice(wrong)

    def _body(self, born: date, *, female: bool) -> str:
        areas = [area for area in _AREAS if area.since <= born.year <= area.until]
        area = self.rng.choices(areas, [each.weight for each in areas])[0]
        sequence = 2 * self.rng.randrange(1, 500) + (0 if female else 1)
        return f"{area.code}{born:%Y%m%d}{sequence:03d}"

"""Who draws what through which unit."""

from collections.abc import Iterator
from random import Random

from demo.benefits import RETIREE, SURVIVOR, Claim
from demo.people import Person, Registry, Role
from demo.plan import UnitPlan

_SURVIVOR_SHARE = 0.12
_SECOND_BENEFIT_CHANCE = 0.025
_LEGACY_EVERY, _LEGACY_FIRST = 1000, 17


class Roster:
    """Enrols unit after unit; a retiree may also be a survivor, in the same unit or a later one."""

    def __init__(self, rng: Random, registry: Registry) -> None:
        self.legacy_ids: set[str] = set()
        self._rng = rng
        self._registry = registry
        self._possible_widows: list[Person] = []

    def enrol(self, unit: UnitPlan) -> list[Claim]:
        """As many claims as the plan says: retirees first, then survivors."""
        survivors = round(unit.people * _SURVIVOR_SHARE)
        retirees = [self._retiree(unit, n) for n in range(unit.people - survivors)]
        self._possible_widows += [person for person in retirees if person.age >= 65]
        others = self._survivors(unit, survivors)
        return [
            *(Claim(unit.si_number, RETIREE, person) for person in retirees),
            *(Claim(unit.si_number, SURVIVOR, person) for person in others),
        ]

    def _retiree(self, unit: UnitPlan, number: int) -> Person:
        legacy = number % _LEGACY_EVERY == _LEGACY_FIRST
        person = self._registry.draw(Role.RETIREE, unit.district, legacy=legacy)
        if legacy:
            self.legacy_ids.add(person.id_number)
        return person

    def _survivors(self, unit: UnitPlan, count: int) -> Iterator[Person]:
        for n in range(count):
            role = {3: Role.CHILD, 5: Role.PARENT}.get(n % 8, Role.SPOUSE)
            if role is Role.SPOUSE and self._possible_widows and self._rng.random() < _SECOND_BENEFIT_CHANCE:
                yield self._possible_widows.pop(self._rng.randrange(len(self._possible_widows)))
            else:
                yield self._registry.draw(role, unit.district)

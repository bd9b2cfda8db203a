"""Rows of the roster: since when a benefit is drawn, how much, and when it was last certified."""

from dataclasses import dataclass
from random import Random

from demo.months import iso, month_of
from demo.people import Person, Role
from demo.stories import Fate

RETIREE, SURVIVOR = "RETIREE", "SURVIVOR"
_CYCLE = {RETIREE: 12, SURVIVOR: 6}
_CHILD_MONTHS, _SURVIVOR_MONTHS = 96, 240
_PHONE_GAP, _ADDRESS_GAP = 0.06, 0.03

# The months, counted from the current one, in which periods end: covered, about to lapse, just lapsed, lapsed
# long ago; and how many of a hundred stand so. Lively people lapse rarely: a verdict would have renewed them.
_ENDS = ((3, 12), (0, 2), (-2, -1), (-20, -4))
_LIVELY = (90, 7, 2, 1)
_QUIET = (55, 24, 12, 9)


@dataclass(frozen=True)
class Claim:
    """A benefit that a person draws through a unit."""

    unit: str
    category: str
    person: Person


@dataclass(frozen=True)
class Ledger:
    """Draws the figures of a claim as of one month."""

    rng: Random
    this_month: int

    def row(self, claim: Claim, fate: Fate) -> dict[str, str]:
        """The CSV row; a few have gaps in their contact data."""
        person = claim.person
        benefit_from = self._benefit_from(claim, fate)
        return {
            "unit_si_number": claim.unit,
            "category": claim.category,
            "name": person.name,
            "id_number": person.id_number,
            "phone": self._or_gap(person.phone, _PHONE_GAP),
            "household_address": self._or_gap(person.household, _ADDRESS_GAP),
            "residence_address": self._or_gap(person.residence, _ADDRESS_GAP),
            "benefit_from": iso(benefit_from),
            "monthly_amount": self._amount(claim.category, person.age),
            "certified_in": self._certified_in(claim.category, fate, benefit_from),
        }

    def _benefit_from(self, claim: Claim, fate: Fate) -> int:
        """A retiree's: soon after reaching the age. A survivor's: some time in the past years."""
        person, rng = claim.person, self.rng
        if claim.category == RETIREE:
            reached = month_of(person.born) + 12 * person.retired_at
            return min(reached + 1 + rng.randrange(7), self.this_month)
        longest = _SURVIVOR_MONTHS
        if person.role is Role.CHILD:
            longest = min(_CHILD_MONTHS, self.this_month - month_of(person.born))
        return self.this_month - rng.randint(24 if fate.story.is_loss else 0, longest)

    def _certified_in(self, category: str, fate: Fate, benefit_from: int) -> str:
        """The month in which the running period starts; empty where that is the first month."""
        first, last = self.rng.choices(_ENDS, _QUIET if fate.story.is_quiet else _LIVELY)[0]
        cycle = _CYCLE[category]
        certified = self.this_month + self.rng.randint(first, min(last, cycle)) - cycle
        if fate.story.is_loss:
            certified = min(certified, self.this_month - fate.months_back - 1)
        return iso(certified) if certified > benefit_from else ""

    def _amount(self, category: str, age: int) -> str:
        """Yuan a month, two places; the older rank of a longer career earns a little more."""
        low, high, mean = (310_000, 1_280_000, 590_000 + 2_500 * (age - 50))
        if category == SURVIVOR:
            low, high, mean = 72_000, 198_000, 118_000
        cents = min(high, max(low, round(self.rng.gauss(mean, mean * 0.17))))
        return f"{cents // 100}.{cents % 100:02d}"

    def _or_gap(self, value: str, chance: float) -> str:
        return "" if self.rng.random() < chance else value

"""Puts the demo data together: rosters, fates, evidence and accounts, the same for the same seed and day."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from demo import accounts, evidence
from demo.benefits import Claim, Ledger
from demo.fates import Record, records
from demo.identity import Identities
from demo.months import Window, month_of
from demo.people import Person, Registry
from demo.plan import UNITS, UnitPlan
from demo.roster import Roster
from demo.stories import Fate, Story, assign

DEMO_PASSWORD = "Renzheng-2019"
DEMO_SECOND_FACTOR = "RENZHENGDEMORENZHENGDEMORENZHENG"  # base32; it opens nothing but the demo
_STRANGERS = 9


@dataclass(frozen=True)
class DemoData:
    """CSV rows by column name; `legacy_ids` are the identity numbers whose check character fails."""

    units: list[dict[str, str]]
    accounts: list[dict[str, str]]
    beneficiaries: list[dict[str, str]]
    evidence: list[dict[str, str]]
    legacy_ids: frozenset[str]


def generate(
    today: date, *, seed: int = 2019, password: str = DEMO_PASSWORD, units: tuple[UnitPlan, ...] = UNITS
) -> DemoData:
    """The demo data as of a day. Evidence covers the twelve complete months before it and the days since."""
    rng = Random(seed)
    registry = Registry(rng, today, Identities(rng))
    roster = Roster(rng, registry)
    claims, fates = _enrol(rng, roster, units)
    window = Window.before(today)
    strangers = evidence.of_strangers(rng, [registry.stranger() for _ in range(_STRANGERS)], window)
    ledger = Ledger(rng, month_of(today))
    return DemoData(
        units=[{"si_number": unit.si_number, "name": unit.name, "district": unit.district} for unit in units],
        accounts=accounts.rows(units, _app_users(claims, fates), password),
        beneficiaries=[ledger.row(claim, fates[claim.person]) for claim in claims],
        evidence=evidence.rows([*_known(rng, fates, window), *strangers]),
        legacy_ids=frozenset(roster.legacy_ids),
    )


def _enrol(rng: Random, roster: Roster, units: Sequence[UnitPlan]) -> tuple[list[Claim], dict[Person, Fate]]:
    """The claims of all units, and one fate for each person, however many benefits they draw."""
    claims: list[Claim] = []
    fates: dict[Person, Fate] = {}
    for unit in units:
        enrolled = roster.enrol(unit)
        newcomers = dict.fromkeys(claim.person for claim in enrolled if claim.person not in fates)
        fates |= assign(rng, list(newcomers))
        claims += enrolled
    return claims, fates


def _known(rng: Random, fates: dict[Person, Fate], window: Window) -> Iterator[Record]:
    for person, fate in fates.items():
        yield from records(rng, person, fate, window)


def _app_users(claims: Sequence[Claim], fates: dict[Person, Fate]) -> list[str]:
    """Identity numbers: of somebody about whom the data are silent, and of somebody with two benefits."""
    benefits = Counter(claim.person for claim in claims)
    silent = [person.id_number for person in benefits if fates[person].story is Story.SILENT]
    twice = [person.id_number for person, count in benefits.items() if count > 1]
    return list(dict.fromkeys(silent[:1] + twice[:1]))

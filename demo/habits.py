"""Ways of living, as the signs of life they leave behind month by month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from demo.months import Window
from demo.people import Person

_SPRING = (3, 4, 5)
_AUTUMN = (9, 10, 11)
_OFFICE_HOURS = frozenset({"window_visit", "home_visit", "bank_counter", "health_check", "vaccination"})


class Sign(NamedTuple):
    """One thing that happened to a person: its kind and its day."""

    kind: str
    day: date


@dataclass(frozen=True)
class Habit:
    """Something done in a month with a chance; with a `season`, in one drawn month of it only."""

    kind: str
    chance: float
    season: tuple[int, ...] = ()


_CHECK_UP = Habit("health_check", 0.7, _SPRING)
_JAB = Habit("vaccination", 0.6, _AUTUMN)

_LIVES: dict[str, tuple[Habit, ...]] = {
    "chronic": (Habit("pharmacy_card", 0.90), Habit("outpatient_card", 0.20), _CHECK_UP, _JAB),
    "traveller": (
        Habit("rail_travel", 0.40),
        Habit("air_travel", 0.12),
        Habit("border_crossing", 0.03),
        Habit("pharmacy_card", 0.35),
        Habit("bus_card", 0.25),
        _CHECK_UP,
    ),
    "patient": (
        Habit("inpatient_stay", 0.20),
        Habit("outpatient_card", 0.65),
        Habit("pharmacy_card", 0.40),
        _CHECK_UP,
    ),
    "saver": (
        Habit("bank_counter", 0.50),
        Habit("atm_card", 0.30),
        Habit("bus_card", 0.40),
        Habit("window_visit", 0.03),
        _CHECK_UP,
        _JAB,
    ),
    "online": (
        Habit("app_face_check", 0.24),
        Habit("atm_card", 0.35),
        Habit("bus_card", 0.40),
        Habit("rail_travel", 0.10),
        _JAB,
    ),
    "visited": (
        Habit("home_visit", 0.22),
        Habit("outpatient_card", 0.35),
        Habit("pharmacy_card", 0.60),
        _CHECK_UP,
        _JAB,
    ),
    "student": (
        Habit("bus_card", 0.85),
        Habit("outpatient_card", 0.20),
        Habit("app_face_check", 0.12),
        Habit("health_check", 0.9, _AUTUMN),
        _JAB,
    ),
}

# Up to an age: how many of a hundred live which way.
_BY_AGE: tuple[tuple[int, dict[str, int]], ...] = (
    (25, {"student": 100}),
    (69, {"traveller": 30, "chronic": 28, "saver": 16, "online": 20, "patient": 6}),
    (79, {"traveller": 14, "chronic": 40, "saver": 20, "online": 10, "patient": 16}),
    (199, {"traveller": 3, "chronic": 38, "saver": 9, "online": 4, "patient": 22, "visited": 24}),
)


def live(rng: Random, person: Person, window: Window, *, until: date | None = None) -> list[Sign]:
    """The signs of a life led in one way throughout the window, or until a day."""
    habits = _LIVES[_way_of_life(rng, person)]
    last = until or window.last
    return [sign for habit in habits for sign in _practise(rng, habit, window) if sign.day <= last]


def _way_of_life(rng: Random, person: Person) -> str:
    ways = next(ways for age, ways in _BY_AGE if person.age <= age)
    return rng.choices(tuple(ways), tuple(ways.values()))[0]


def _practise(rng: Random, habit: Habit, window: Window) -> Iterator[Sign]:
    season = rng.choice(habit.season) if habit.season else 0
    for days in window.working if habit.kind in _OFFICE_HOURS else window.months:
        if not days or (season and days[0].month != season):
            continue
        if rng.random() < habit.chance * min(1.0, len(days) / 20):
            yield Sign(habit.kind, days[int(rng.random() * len(days))])

"""The signs that each story leaves behind."""

from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from demo.habits import Sign, live
from demo.months import Window
from demo.people import Person
from demo.stories import Fate, Story

_CARDS = ("pharmacy_card", "outpatient_card", "bus_card", "atm_card")
_INDIRECT = {
    Story.RETURNED_MAIL: "returned_mail",
    Story.TIP_OFF: "tip_off",
    Story.OTHER_SCHEME: "other_scheme_ended",
}


class Record(NamedTuple):
    """A sign about a person, and the day on which its sender reported it."""

    id_number: str
    kind: str
    day: date
    reported: date


def records(rng: Random, person: Person, fate: Fate, window: Window) -> list[Record]:
    """What the senders know of a person by the end of the window."""
    found = [Record(person.id_number, kind, day, day) for kind, day in _signs(rng, person, fate, window)]
    if fate.story is Story.LATE_DEATH:
        found = [each if each.kind != "death_certificate" else _reported_late(rng, each) for each in found]
    return [each for each in found if each.reported <= window.last]


def _reported_late(rng: Random, record: Record) -> Record:
    return record._replace(reported=record.day + timedelta(days=rng.randrange(62, 86)))


def _signs(rng: Random, person: Person, fate: Fate, window: Window) -> list[Sign]:
    days = window.months[fate.months_back]
    day = days[int(rng.random() * min(len(days), 24))] if days else window.last
    match fate.story:
        case Story.STEADY:
            return live(rng, person, window)
        case Story.DEATH | Story.LATE_DEATH | Story.SENTENCED:
            return live(rng, person, window, until=day - timedelta(days=1)) + _loss(rng, fate.story, day)
        case Story.WRONG_DEATH:
            return live(rng, person, window) + _wrong_death(rng, days)
        case Story.RETURNED_MAIL | Story.TIP_OFF | Story.OTHER_SCHEME:
            return [*live(rng, person, window), Sign(_INDIRECT[fate.story], day)]
        case Story.FADED:
            return live(rng, person, window, until=day)
        case Story.ONE_CARD:
            return [Sign(rng.choice(_CARDS), day)]
        case Story.ONE_DAY:
            return [Sign("pharmacy_card", day)] * 2
        case Story.TWO_CARDS:
            return [Sign("pharmacy_card", day), Sign("bus_card", day)]
        case Story.SILENT:
            return []


def _loss(rng: Random, story: Story, day: date) -> list[Sign]:
    """Records of the loss itself, and a last stay in hospital before some deaths."""
    if story is Story.SENTENCED:
        return [Sign("effective_judgment", day)]
    stay = [Sign("inpatient_stay", day - timedelta(days=rng.randrange(3, 20)))] if rng.random() < 0.6 else []
    if story is Story.LATE_DEATH:
        cancelled = day + timedelta(days=rng.randrange(62, 86))
        return [*stay, Sign("death_certificate", day), Sign("household_cancellation", cancelled)]
    after = day + timedelta(days=1)
    return [
        *stay,
        Sign("death_certificate", day),
        Sign("cremation", after),
        Sign("household_cancellation", after + timedelta(days=1)),
    ]


def _wrong_death(rng: Random, days: list[date]) -> list[Sign]:
    """A cremation under the wrong number; its owner passes a rail gate ten to forty days later."""
    cremated = days[rng.randrange(9)]
    return [
        Sign("cremation", cremated),
        Sign("rail_travel", cremated + timedelta(days=rng.randrange(10, 41))),
    ]

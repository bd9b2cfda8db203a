"""What befell whom: most people live on; a fixed share of every unit has a story that a verdict must tell."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from random import Random

from demo.people import Person, Role


class Story(Enum):
    """The kinds of story, in the words of the assessment."""

    STEADY = "signs of life all year"
    DEATH = "died: medical certificate, cremation, household cancelled"
    LATE_DEATH = "died, reported two months later and more"
    SENTENCED = "imprisoned by an effective judgment"
    WRONG_DEATH = "cremation recorded of somebody who travels afterwards"
    RETURNED_MAIL = "mail came back"
    TIP_OFF = "somebody tipped off the agency"
    OTHER_SCHEME = "another scheme ended its benefit"
    ONE_CARD = "a single use of a card that can be lent"
    ONE_DAY = "two pharmacy purchases on one day, nothing else"
    TWO_CARDS = "pharmacy and bus card on one day, nothing else"
    FADED = "signs of life until more than half a year ago"
    SILENT = "nothing"

    @property
    def is_loss(self) -> bool:
        """Whether the benefit ought to end."""
        return self in _LOSSES

    @property
    def is_quiet(self) -> bool:
        """Whether the data have little or nothing to say for this person."""
        return self in _QUIET


_LOSSES = frozenset({Story.DEATH, Story.LATE_DEATH, Story.SENTENCED})
_QUIET = frozenset({Story.ONE_CARD, Story.ONE_DAY, Story.TWO_CARDS, Story.FADED, Story.SILENT})


@dataclass(frozen=True)
class Fate:
    """A person's story and how many months back it happened (0: in the current month)."""

    story: Story
    months_back: int = 0


@dataclass(frozen=True)
class _Quota:
    """The share of a unit's people with a story; units of `from_size` and more have `at_least` so many."""

    story: Story
    share: float
    at_least: int = 0
    from_size: int = 0
    earliest: int = 0
    latest: int = 0


_QUOTAS = (
    _Quota(Story.DEATH, 0.0044, at_least=1),
    _Quota(Story.LATE_DEATH, 0.0004, at_least=1, from_size=300, earliest=6, latest=4),
    _Quota(Story.SENTENCED, 0.0006, at_least=1, from_size=300, earliest=12, latest=2),
    _Quota(Story.WRONG_DEATH, 0.0006, at_least=1, earliest=9, latest=2),
    _Quota(Story.RETURNED_MAIL, 0.0040, at_least=1, earliest=11, latest=1),
    _Quota(Story.TIP_OFF, 0.0020, at_least=1, from_size=300, earliest=11, latest=1),
    _Quota(Story.OTHER_SCHEME, 0.0030, at_least=1, from_size=300, earliest=11, latest=1),
    _Quota(Story.ONE_CARD, 0.0100, at_least=1, earliest=3, latest=1),
    _Quota(Story.ONE_DAY, 0.0060, at_least=1, from_size=300, earliest=3, latest=1),
    _Quota(Story.TWO_CARDS, 0.0060, at_least=1, from_size=300, earliest=2, latest=1),
    _Quota(Story.FADED, 0.0200, at_least=1, earliest=10, latest=7),
    _Quota(Story.SILENT, 0.0480, at_least=2),
)


def assign(rng: Random, people: Sequence[Person]) -> dict[Person, Fate]:
    """The fate of every one of a unit's people."""
    waiting: dict[str, deque[Fate]] = {group: deque() for group in ("elder", "adult", "anyone")}
    for fate in _fates(rng, len(people)):
        waiting[_told_of(fate.story)].append(fate)
    fates = dict.fromkeys(people, Fate(Story.STEADY))
    for person in rng.sample(people, len(people)):
        queue = next((waiting[group] for group in _groups(person) if waiting[group]), None)
        if queue:
            fates[person] = queue.popleft()
    return fates


def _fates(rng: Random, size: int) -> Iterator[Fate]:
    for quota in _QUOTAS:
        least = quota.at_least if size >= quota.from_size else 0
        count = max(round(quota.share * size), least)
        for months_back in _deaths(count) if quota.story is Story.DEATH else _draws(rng, quota, count):
            yield Fate(quota.story, months_back)


def _deaths(count: int) -> Iterable[int]:
    """Deaths trickle: spread evenly over the year; the first lies in the last complete month.

    Where there are more than twelve, one is in the current month.
    """
    spread = [1 + n * 12 // count for n in range(count)]
    return [*spread[:-1], 0] if count > 12 else spread


def _draws(rng: Random, quota: _Quota, count: int) -> Iterable[int]:
    return (rng.randint(quota.latest, quota.earliest) for _ in range(count))


def _told_of(story: Story) -> str:
    match story:
        case Story.DEATH | Story.LATE_DEATH:
            return "elder"
        case Story.SENTENCED | Story.WRONG_DEATH | Story.TIP_OFF:
            return "adult"
        case _:
            return "anyone"


def _groups(person: Person) -> tuple[str, ...]:
    """The groups a person belongs to; losses befall people long entitled, so that payments precede them."""
    if person.age >= 74:
        return ("elder", "anyone")
    if person.role is Role.RETIREE and person.age >= person.retired_at + 3:
        return ("adult", "anyone")
    return ("anyone",)

"""The standing on the row equals what history says, whatever happened and in whatever order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.month import Month
from domain.standing import Standing
from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers import check
from resolvers.check import Checked
from resolvers.errors import Refused
from storage import publication, standings
from tests.emptied import emptied
from tests.policies import amended
from tests.storage.lived import take_back
from tests.storage.publishing import interrupted
from tests.world import BUREAU, SCHOOL, World

# From September 2019 on a QUALIFIED verdict renews only when the unit confirms it.
BOOK = amended("verdict_renews", "2019-09-01", value="on_confirmation")
PHASES = [phase for phase in Phase if phase is not Phase.explain]
UNCLEAN = [HealthCheck.function_scoped_fixture]  # every example empties the world itself
START = date(2019, 6, 5)
NEVER = Month(1, 1)
PEOPLE = [  # (serial, unit, category, certified_in); serial 1 draws two benefits
    (1, SCHOOL, "RETIREE", "2018-07"),
    (1, BUREAU, "SURVIVOR", "2019-03"),
    (2, SCHOOL, "SURVIVOR", "2018-10"),
    (3, SCHOOL, "RETIREE", "2019-06"),
]
UNIT_OF = {row: unit for row, (_, unit, _, _) in enumerate(PEOPLE, 1)}
KINDS = ["rail_travel", "home_visit", "bus_card", "pharmacy_card", "cremation", "tip_off"]
ROWS = st.integers(1, len(PEOPLE))


@dataclass(frozen=True)
class Wait:
    days: int


@dataclass(frozen=True)
class Learn:
    serial: int
    kind: str
    days_ago: int


@dataclass(frozen=True)
class Answer:
    act: Act
    rows: tuple[int, ...]
    status: SurvivalStatus
    days_ago: int


@dataclass(frozen=True)
class Publish:
    wait: int
    months_ago: int
    between: Answer | None
    """What a unit does between the assessment and the publication."""
    stands_still: int | None = None
    """For so many days, when the first verdict is written down; None: for no moment."""
    meanwhile: Answer | None = None


@dataclass(frozen=True)
class TakeBack:
    """A ruling withdraws the termination of somebody declared dead, and passes the person."""

    row: int


Step = Wait | Learn | Publish | Answer | TakeBack
ANSWERS = st.builds(
    Answer,
    st.sampled_from([*Act, Act.OVERRIDE, Act.SUBMIT]),
    st.lists(ROWS, min_size=1, max_size=3, unique=True).map(tuple),
    st.sampled_from([SurvivalStatus.NORMAL, SurvivalStatus.NORMAL, *SurvivalStatus]),
    st.sampled_from([0, 3, 45, 200]),
)
STEPS: st.SearchStrategy[list[Step]] = st.lists(
    st.one_of(
        st.builds(Wait, st.sampled_from([1, 20, 31, 100])),
        st.builds(Learn, st.sampled_from([1, 1, 2, 3]), st.sampled_from(KINDS), st.sampled_from([0, 9, 40, 130])),
        st.builds(
            Publish,
            st.sampled_from([0, 31]),
            st.sampled_from([1, 1, 1, 2, 3]),
            st.none() | ANSWERS,
            st.sampled_from([None, None, 0, 1, 31]),
            st.none() | ANSWERS,
        ),
        ANSWERS,
        st.builds(TakeBack, ROWS),
        st.builds(Answer, st.just(Act.TERMINATE), st.tuples(ROWS), st.just(SurvivalStatus.DECEASED), st.just(45)),
    ),
    min_size=5,
    max_size=25,
)


@dataclass
class Story:
    """A world in which steps are taken, each as far as the rules let it."""

    world: World
    today: date = START

    async def begin(self) -> None:
        await emptied(self.world.owner)
        self.world.book = BOOK
        self._set()
        await self.world.units(SCHOOL, BUREAU)
        await self.world.officers()
        for serial, unit, category, certified_in in PEOPLE:
            await self.world.enrol(serial, unit=unit, category=category, certified_in=certified_in)

    async def take(self, step: Step) -> None:
        match step:
            case Wait(days):
                self.today += timedelta(days=days)
                self._set()
            case Learn(serial, kind, days_ago):
                await self.world.evidence(serial, kind, str(self.today - timedelta(days=days_ago)))
            case Publish(wait, months_ago):
                await self.take(Wait(wait))
                await self._publish(Month.of(self.today) - months_ago, step)
            case TakeBack(row):
                await take_back(self.world, row, unit=UNIT_OF[row])
            case Answer(act, rows, status, days_ago):
                await self._answer(act, rows, status, str(self.today - timedelta(days=days_ago)))

    async def _publish(self, month: Month, how: Publish) -> None:
        try:
            await self.world.assess(str(month))
            if how.between is not None:
                await self.take(how.between)
            if how.stands_still is not None:
                await self._first_part(month, how.stands_still, how.meanwhile)
            await self.world.publish_only(str(month), release=True)
        except Refused:
            return  # too early, or published before

    async def _first_part(self, month: Month, days: int, meanwhile: Answer | None) -> None:
        with patch.object(publication, "CHUNK", 1):
            await interrupted(self.world, 1, month, release=True)
        if meanwhile is not None:
            await self.take(meanwhile)
        await self.take(Wait(days))

    async def _answer(self, act: Act, rows: tuple[int, ...], status: SurvivalStatus, since: str) -> None:
        if act in (Act.CONFIRM, Act.BATCH_PASS, Act.UPDATE_CONTACT):
            status = SurvivalStatus.NORMAL
        day = None if status is SurvivalStatus.NORMAL else since
        for unit in (SCHOOL, BUREAU):
            if mine := [row for row in rows if UNIT_OF[row] == unit]:
                await self.world.submit(act, *mine, status=status, since=day, reason="已核实", as_=unit)

    def _set(self) -> None:
        self.world.at(str(self.today))

    async def overlaps(self) -> int:
        """Pairs of periods of one person that are in force over the same month."""
        found: int = await self.world.owner.fetchval(
            """SELECT count(*) FROM certification_periods a JOIN certification_periods b
               ON a.beneficiary_id = b.beneficiary_id AND a.id < b.id AND a.in_force && b.in_force"""
        )
        return found


@settings(max_examples=25, deadline=None, phases=PHASES, suppress_health_check=UNCLEAN)
@given(steps=STEPS)
async def test_every_row_equals_its_history(world: World, steps: list[Step]) -> None:
    """Evidence, months in any order, acts of two units, both renewal rules: the row is what its facts make it."""
    story = Story(world)
    await story.begin()
    for step in steps:
        await story.take(step)
    assert await check.standings(world.context()) == Checked(len(PEOPLE), [])
    assert await story.overlaps() == 0


@settings(max_examples=15, deadline=None, phases=PHASES, suppress_health_check=UNCLEAN)
@given(steps=STEPS)
async def test_no_pass_and_no_verdict_shortens_what_is_paid(world: World, steps: list[Step]) -> None:
    """rules.md 2, 3: only a FAIL or a termination ends earlier; every period granted ends exactly at M + cycle."""
    story = Story(world)
    await story.begin()
    for step in steps:
        before = await _rows(world)
        await story.take(step)
        asked = (step, getattr(step, "between", None), getattr(step, "meanwhile", None))
        acts = [one for one in asked if isinstance(one, Answer)]
        if all(act.status is SurvivalStatus.NORMAL for act in acts):
            for id, row in (await _rows(world)).items():
                assert (row.paid_through or NEVER) >= (before[id].paid_through or NEVER)
    assert await world.owner.fetchval(
        """SELECT bool_and(end_month = start_month + make_interval(months => CASE category WHEN 'RETIREE' THEN 12
                                                                                           ELSE 6 END))
           FROM certification_periods"""
    )


async def _rows(world: World) -> dict[int, Standing]:
    async with world.database.connection() as connection:
        return await standings.by_id(connection, list(UNIT_OF))

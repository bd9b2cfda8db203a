"""The demo data as a new user finds it: made at the first start, here one that was killed and started again."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import pytest

from demo import DEMO_PASSWORD, UNITS
from domain.access import Viewer
from domain.month import Month
from domain.policy import PolicyBook
from domain.vocabulary import Category, Role
from resolvers import check, roster
from resolvers.check import Checked
from resolvers.context import Context
from resolvers.passwords import Passwords
from resolvers.tokens import Tokens
from storage.database import Database
from storage.embedded import AlreadyServedError, EmbeddedPostgres
from storage.roster import Attention, Summary
from tests.commands.service import SECRET, Service, started
from web.clock import SHANGHAI

NOW = "2019-06-05T09:00:00+08:00"
SIZES = {unit.si_number: unit.people for unit in UNITS}
SCHOOL, BUREAU, HOSPITAL = SIZES
WANTED = [
    Attention.UNANSWERED,
    Attention.LAPSING_SOON,
    Attention.LAPSED,
    Attention.SUSPENDED,
    Attention.CONTACT_INCOMPLETE,
]
SIGN_IN = """
mutation SignIn($username: String!, $password: String!) {
  signIn(input: {username: $username, password: $password}) { accessToken viewer { today } }
}
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with the demo, whose first start was killed when half of the months were published."""
    data_dir = tmp_path_factory.mktemp("demo") / "data"
    with started(data_dir, CLOCK=NOW) as killed:
        killed.await_words("2018-12: verdicts published")
        killed.stop(signal.SIGKILL)
    with started(data_dir, CLOCK=NOW) as service:
        service.await_ready()
        yield service


@dataclass
class Demo:
    context: Context
    connection: asyncpg.Connection[asyncpg.Record]
    units: dict[str, int]
    """Ids by social insurance number."""

    async def summary(self, si_number: str, category: Category | None = None) -> Summary:
        return await roster.summary(self.context, self.units[si_number], category)

    async def count(self, where: str) -> int:
        found: int = await self.connection.fetchval(f"SELECT count(*) FROM {where}")
        return found


@pytest.fixture(scope="module")
async def demo(served: Service) -> AsyncIterator[Demo]:
    with pytest.raises(AlreadyServedError) as running:
        EmbeddedPostgres(served.data_dir / "postgres").start()
    assert running.value.dsn is not None
    connection = await asyncpg.connect(running.value.dsn)
    database = await Database.connect(running.value.dsn)
    now = datetime.fromisoformat(NOW).astimezone(SHANGHAI)
    auditor = Viewer(1, "auditor", Role.AUDITOR)
    context = Context(database, PolicyBook.read(), now, Tokens(SECRET), Passwords(), auditor)
    units = {row["si_number"]: row["id"] for row in await connection.fetch("SELECT id, si_number FROM units")}
    yield Demo(context, connection, units)
    await database.close()
    await connection.close()


async def test_there_are_three_units_of_60_500_and_5000_people(demo: Demo) -> None:
    """A primary school, a district bureau, a hospital group: each whole, nobody left from the killed start."""
    rows = await demo.connection.fetch(
        "SELECT si_number, count(*) FROM units u JOIN beneficiaries b ON b.unit_id = u.id GROUP BY si_number"
    )
    assert {row["si_number"]: row["count"] for row in rows} == SIZES
    assert sorted(SIZES.values()) == [60, 500, 5000]


async def test_the_killed_start_left_no_database_behind(demo: Demo) -> None:
    """What it was filling was forgotten."""
    rows = await demo.connection.fetch("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1")
    assert [row["datname"] for row in rows] == ["postgres", "renzheng"]


async def test_every_unit_has_every_conclusion(demo: Demo) -> None:
    """The first page shows what a clerk has to do, whichever unit is looked at."""
    for unit in SIZES:
        counted = await demo.summary(unit)
        assert min(counted.disqualified, counted.pending, counted.qualified) > 0, unit
        assert counted.disqualified < counted.pending < counted.qualified, unit


async def test_every_rule_that_the_demo_tells_is_there(demo: Demo) -> None:
    """Losses, contradicted and answered ones, indirect ones, one card only, and silence."""
    rows = await demo.connection.fetch("SELECT DISTINCT rule FROM verdicts")
    assert {row["rule"] for row in rows} >= {
        "loss",
        "loss_contradicted",
        "indirect_loss",
        "life",
        "lendable_only",
        "out_of_date",
        "nothing",
    }


async def test_everything_that_wants_attention_occurs(demo: Demo) -> None:
    """About to lapse, lapsed, suspended, unanswered, incomplete contact data."""
    attention = (await demo.summary(HOSPITAL)).attention
    shown = {kind: number for kind, number in attention.items() if kind in WANTED}
    assert min(shown.values()) > 0, shown
    school = (await demo.summary(SCHOOL)).attention
    assert school[Attention.UNANSWERED] > 0
    assert school[Attention.CONTACT_INCOMPLETE] > 0
    assert school[Attention.LAPSING_SOON] > 0


async def test_some_benefits_have_ended_and_some_people_were_confirmed(demo: Demo) -> None:
    """A year of a unit's work: terminations, overrides against the data and reviews, confirmations."""
    assert await demo.count("terminations") > 0
    assert await demo.count("certifications WHERE method = 'CONFIRM'") > 0
    assert await demo.count("certifications WHERE method = 'OVERRIDE' AND result = 'PASS'") > 0
    assert await demo.count("certifications WHERE method = 'OVERRIDE' AND result = 'FAIL'") > 0


async def test_the_last_published_month_is_the_one_before_this(demo: Demo) -> None:
    """On 2019-06-05 May has been published, the day before; ten months in a row."""
    rows = await demo.connection.fetch("SELECT month, published_on FROM publications ORDER BY month")
    months = [Month.of(row["month"]) for row in rows]
    assert months == [Month(2019, 5) - back for back in range(9, -1, -1)]
    assert [row["published_on"] for row in rows] == [(month + 1).day(4) for month in months]


async def test_every_row_of_the_demo_equals_its_history(demo: Demo) -> None:
    """5,560 lives told again from their facts."""
    assert await check.standings(demo.context) == Checked(5560, [])


async def test_nothing_of_it_lies_in_the_future(demo: Demo) -> None:
    """The demo knows no more than the day on which it was made."""
    assert await demo.count("evidence WHERE occurred_on > '2019-06-05' OR received_at > '2019-06-06'") == 0
    assert await demo.count("certifications WHERE acted_on > '2019-06-05'") == 0


@pytest.mark.parametrize("username", [SCHOOL, f"{SCHOOL}/zhangmin", "auditor", "service", "officer-shinan"])
def test_the_accounts_that_are_announced_can_sign_in(served: Service, username: str) -> None:
    """With the password that the start has printed."""
    assert DEMO_PASSWORD in served.said()
    answer = served.ask(SIGN_IN, username=username, password=DEMO_PASSWORD)["signIn"]
    assert answer["viewer"] == {"today": "2019-06-05"}


def test_the_start_says_what_it_does_in_a_few_lines(served: Service) -> None:
    """A new user reads the address, the accounts and what to try first, not the log of a year of acts."""
    assert "Making the demo data" in served.said()
    assert "Try first" in served.said()
    before_serving = served.said().split("Ctrl-C stops it.")[0]
    assert len(before_serving.splitlines()) < 40

"""The demo data as a new user finds it: made at the first start, here one that was killed and started again."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import asyncpg
import pytest

from demo import DEMO_PASSWORD, DEMO_SECOND_FACTOR, UNITS
from domain.access import Viewer
from domain.month import Month
from domain.policy import PolicyBook
from domain.vocabulary import Category, Role
from resolvers import check, keyring, roster, verifying
from resolvers.check import Checked
from resolvers.context import Context
from security.gate import Gate
from security.keys import Secret
from storage.database import Database
from storage.embedded import AlreadyServedError, EmbeddedPostgres
from storage.roster import Attention, Summary
from tests.commands.service import Service, run, started
from tests.commands.sheets import csv_rows
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
mutation SignIn($username: String!, $password: String!, $code: String) {
  signIn(input: {username: $username, password: $password, code: $code}) { accessToken viewer { today } }
}
"""
ROSTER = """
{ unit { beneficiaries(conclusion: [QUALIFIED]) { edges { node { id contactComplete } } } } }
"""
CONFIRM = """
mutation Confirm($input: ConfirmCertificationInput!) {
  confirmCertification(input: $input) {
    beneficiaries { certificationPeriod { startMonth endMonth } } userErrors { code }
  }
}
"""
QUEUE = """
{
  objections(first: 50) { totalCount edges { node { status overdue beneficiary { unit { siNumber } } } } }
  complianceReviews(first: 200) { totalCount edges { node { kind status unit { siNumber } } } }
}
"""
AGENCY = """
{
  overpayments(first: 200) { totalCount edges { node { outstanding } } }
  reinstatements(status: SUBMITTED) { totalCount edges { node { status months amount } } }
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
        service.await_words("days sealed; root of 2019-06-04: ")
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
    database = await Database.for_batches(running.value.dsn)
    now = datetime.fromisoformat(NOW).astimezone(SHANGHAI)
    auditor = Viewer(1, "auditor", Role.AUDITOR)
    secret = Secret((served.data_dir / "secret_key").read_text(encoding="ascii"))
    context = Context(database, PolicyBook.read(), now, Gate(secret), auditor)
    await keyring.load(context)
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


async def test_what_its_units_and_its_agency_did_is_in_a_whole_audit_trail(demo: Demo) -> None:
    """Every act an entry; the work beside the service has sealed every day before today."""
    found = await verifying.verify(demo.context, None, lambda done, total: None)
    assert found.days > 270 and found.entries > found.unsealed
    acts = await demo.count("certifications") + await demo.count("terminations")
    assert await demo.count("audit_entries WHERE action IN ('SUBMIT', 'OVERRIDE', 'TERMINATE')") == acts


async def test_nothing_of_it_lies_in_the_future(demo: Demo) -> None:
    """The demo knows no more than the day on which it was made."""
    assert await demo.count("evidence WHERE occurred_on > '2019-06-05' OR received_at > '2019-06-06'") == 0
    assert await demo.count("certifications WHERE acted_on > '2019-06-05'") == 0
    assert await demo.count("payrolls WHERE frozen_on > '2019-06-05'") == 0
    assert await demo.count("reinstatements WHERE greatest(submitted_on, reviewed_on) > '2019-06-05'") == 0
    assert await demo.count("benefit_rates WHERE lower(known) > '2019-06-06'") == 0


async def test_a_payroll_was_frozen_month_after_month(demo: Demo) -> None:
    """From the first on, each on its 8th; on 2019-06-05 June's day has not come."""
    rows = await demo.connection.fetch("SELECT month, frozen_on FROM payrolls ORDER BY month")
    months = [Month.of(row["month"]) for row in rows]
    assert months == [Month(2019, 5) - back for back in range(8, -1, -1)]
    assert [row["frozen_on"] for row in rows] == [month.day(8) for month in months]


async def test_everybody_stands_in_every_payroll_once(demo: Demo) -> None:
    """PAID or WITHHELD, from the first month of the benefit on."""
    drawing = "beneficiaries b JOIN payrolls r ON r.month >= b.benefit_from"
    assert await demo.count("payments") == await demo.count(drawing)
    assert await demo.count("payments WHERE status = 'PAID'") > 0
    rows = await demo.connection.fetch("SELECT DISTINCT basis FROM payments")
    assert {row["basis"] for row in rows} >= {"COVERED", "LAPSED", "SUSPENDED", "TERMINATED"}


async def test_cases_were_approved_and_paid_back(demo: Demo) -> None:
    """Reviewed by another than the submitter; each month that a case claimed has gone out once."""
    assert await demo.count("reinstatements WHERE status = 'APPROVED'") > 0
    assert await demo.count("reinstatements WHERE reviewed_by = submitted_by") == 0
    claimed = "reinstatement_months c JOIN payrolls r ON r.month > c.month"
    paid = "payment_lines n WHERE n.kind = 'BACK_PAY' AND (n.beneficiary_id, n.month) = (c.beneficiary_id, c.month)"
    assert await demo.count("payment_lines WHERE kind = 'BACK_PAY'") == await demo.count("reinstatement_months")
    assert await demo.count(f"{claimed} WHERE NOT EXISTS (SELECT FROM {paid})") == 0


async def test_a_raise_dated_back_went_out_as_adjustments(demo: Demo) -> None:
    """Announced at the end of February from December on: three months more with the payroll of March."""
    rows = await demo.connection.fetch(
        "SELECT DISTINCT month FROM payment_lines WHERE kind = 'ADJUSTMENT' AND payroll = '2019-03-01' ORDER BY month"
    )
    assert [str(Month.of(row["month"])) for row in rows] == ["2018-12", "2019-01", "2019-02"]
    first = await demo.connection.fetchval("SELECT min(payroll)::text FROM payment_lines WHERE kind = 'ADJUSTMENT'")
    assert first == "2019-03-01"


def test_the_agency_finds_money_to_recover(served: Service) -> None:
    """Overpayments of people whose loss was learnt late."""
    found = served.ask(AGENCY, signed_in(served, "auditor"))
    assert found["overpayments"]["totalCount"] > 0
    assert all(Decimal(edge["node"]["outstanding"]) > 0 for edge in found["overpayments"]["edges"])


def test_the_agency_finds_a_case_to_review(served: Service) -> None:
    """The last case is not yet approved: whoever opens the queue finds it, with its months and what they come to."""
    found = served.ask(AGENCY, signed_in(served, "auditor"))
    assert found["reinstatements"]["totalCount"] > 0
    for edge in found["reinstatements"]["edges"]:
        assert edge["node"]["status"] == "SUBMITTED"
        assert edge["node"]["months"]
        assert Decimal(edge["node"]["amount"]) > 0


def test_the_agency_finds_objections_and_reviews_in_every_state(served: Service) -> None:
    """In each district: some wait, some are decided; a case is taken and late. Whoever opens a queue has work."""
    found = served.ask(QUEUE, signed_in(served, "auditor"))
    cases = [edge["node"] for edge in found["objections"]["edges"]]
    assert found["objections"]["totalCount"] == len(cases)
    reviews = [edge["node"] for edge in found["complianceReviews"]["edges"]]
    for unit in SIZES:
        own = [case for case in cases if case["beneficiary"]["unit"]["siNumber"] == unit]
        assert {case["status"] for case in own} == {"REPORTED", "TAKEN", "DECIDED"}, unit
        assert {case["overdue"] for case in own if case["status"] == "REPORTED"} >= {False}, unit
        looked_at = [review for review in reviews if review["unit"]["siNumber"] == unit]
        assert {review["status"] for review in looked_at} == {"OPEN", "DECIDED"}, unit
    assert {review["kind"] for review in reviews} >= {"RECHECK", "AGAINST_DISQUALIFIED"}


def test_the_next_payroll_can_be_previewed_and_the_last_exported(served: Service, tmp_path: Path) -> None:
    """The commands that a new user tries, beside the server."""
    preview = run("payroll", "2019-06", "--preview", DATA_DIR=str(served.data_dir), CLOCK=NOW)
    assert (preview.returncode, preview.stdout.splitlines()[0]) == (0, "2019-06, a preview: 5560 people")
    assert preview.stdout.splitlines()[-1] == (
        "it cannot be frozen yet: the payroll of 2019-06 is frozen from 2019-06-08 on; today is 2019-06-05"
    )
    file = tmp_path / "may.csv"
    export = run("export", "payroll", "2019-05", "--out", file, DATA_DIR=str(served.data_dir), CLOCK=NOW)
    assert export.returncode == 0, export.stderr
    header, *rows, total = csv_rows(file)
    for column in ("amount", "back_pay", "adjustments", "total"):
        place = header.index(column)
        assert sum(Decimal(row[place]) for row in rows) == Decimal(total[place])
    assert export.stdout.endswith(f"control total {total[header.index('total')]}\n")


@pytest.mark.parametrize("username", [SCHOOL, f"{SCHOOL}/zhangmin", "auditor", "service"])
def test_the_accounts_that_are_announced_can_sign_in(served: Service, username: str) -> None:
    """With the password that the start has printed."""
    assert DEMO_PASSWORD in served.said()
    answer = served.ask(SIGN_IN, username=username, password=DEMO_PASSWORD)["signIn"]
    assert answer["viewer"] == {"today": "2019-06-05"}


def test_the_announced_officer_signs_in_with_the_code_that_a_command_shows(served: Service) -> None:
    """The demo's secret is printed as well, for an authenticator app."""
    assert DEMO_SECOND_FACTOR in served.said()
    shown = run("second-factor", "officer-shinan", "--code", DATA_DIR=str(served.data_dir), CLOCK=NOW)
    assert shown.returncode == 0, shown.stderr
    given = {"username": "officer-shinan", "password": DEMO_PASSWORD, "code": shown.stdout.strip()}
    assert served.ask(SIGN_IN, **given)["signIn"]["viewer"] == {"today": "2019-06-05"}


def signed_in(served: Service, username: str) -> str:
    """The token of an account of the demo."""
    return str(served.ask(SIGN_IN, username=username, password=DEMO_PASSWORD)["signIn"]["accessToken"])


async def test_the_first_steps_that_are_announced_work(served: Service, demo: Demo) -> None:
    """Sign in as the school, look at its roster, confirm somebody who is QUALIFIED; the row still equals its life."""
    assert "sign in as the school, look at its roster, confirm somebody who is QUALIFIED" in served.said()
    token = signed_in(served, SCHOOL)
    edges = served.ask(ROSTER, token)["unit"]["beneficiaries"]["edges"]
    edge = next(edge for edge in edges if edge["node"]["contactComplete"])
    handler = {"name": "李经办", "contact": "0532-85911234"}
    answer = served.ask(CONFIRM, token, input={"beneficiaryId": edge["node"]["id"], "handler": handler})
    confirmed = answer["confirmCertification"]
    assert confirmed["userErrors"] == []
    assert confirmed["beneficiaries"][0]["certificationPeriod"] == {"startMonth": "2019-06", "endMonth": "2020-06"}
    assert await check.standings(demo.context) == Checked(5560, [])


def test_the_start_says_what_it_does_in_a_few_lines(served: Service) -> None:
    """A new user reads the address, the accounts and what to try first, not the log of a year of acts."""
    assert "Making the demo data" in served.said()
    assert "Try first" in served.said()
    before_serving = served.said().split("Ctrl-C stops it.")[0]
    assert len(before_serving.splitlines()) < 40

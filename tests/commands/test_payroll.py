"""`payroll MONTH`: a month is frozen on its day, in its turn, once and whole. Rules 5.1."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from resolvers import payroll as payrolls
from resolvers.errors import Refused
from storage import payroll
from tests.commands.files import Desk, good, text
from tests.commands.ledger import changing, failed, ledger, lines, passed, personal_in, ran, said, without_partition
from tests.policies import amended
from tests.world import World, id_number


@pytest.fixture
async def school(world: World) -> World:
    """The school on 2019-06-08 with one person, May published, and no month frozen."""
    await world.at("2019-06-01").units()
    await world.enrol(1)
    await world.at("2019-06-04").publish("2019-05")
    return world.at("2019-06-08")


async def refusal(world: World, *typed: object) -> str:
    """Why the command is refused; it must be, and change nothing."""
    before = await Desk(world).dump()
    with pytest.raises(Refused) as refused:
        await said(world, *typed)
    assert await Desk(world).dump() == before
    return str(refused.value)


async def test_a_month_is_frozen_from_its_payroll_day_on(school: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The last hour of the 7th is too early, the first of the 8th is not; the message names the day."""
    assert await refusal(school.at("2019-06-07", hour=23), "payroll", "2019-06") == (
        "the payroll of 2019-06 is frozen from 2019-06-08 on; today is 2019-06-07"
    )
    capsys.readouterr()
    await said(school.at("2019-06-08", hour=0), "payroll", "2019-06")
    assert await ledger(school, 1) == {"2019-06": "PAID 3000.00"}
    shown = capsys.readouterr()
    assert shown.out.splitlines() == ["2019-06: 1 people", "  PAID               1             3000.00 yuan"]
    assert shown.err == "freezing 2019-06 …\n"


async def test_a_month_to_come_is_refused(school: World) -> None:
    """Its day has not come, however far off it is."""
    assert "from 2019-07-08 on" in await refusal(school, "payroll", "2019-07")
    assert "from 9999-12-08 on" in await refusal(school, "payroll", "9999-12")


@pytest.mark.parametrize("month", ["2017-12", "0001-01"])
async def test_a_month_before_the_policy_is_refused(school: World, month: str) -> None:
    """Nobody knows by which values it would be paid."""
    assert "the policy has no values before 2018-01-01" in await refusal(school, "payroll", month)


async def test_a_payroll_comes_after_the_verdicts_of_the_month_before(school: World) -> None:
    """The message names the command that comes first; it freezes once that has run (rules 5.1)."""
    school.at("2019-07-08")
    assert (
        await refusal(school, "payroll", "2019-07") == "the verdicts of 2019-06 are not published; run: publish 2019-06"
    )
    await school.assess("2019-06")
    assert "run: publish 2019-06" in await refusal(school, "payroll", "2019-07")
    await school.publish_only("2019-06")
    await said(school, "payroll", "2019-07")
    assert list(await ledger(school, 1)) == ["2019-07"]


async def test_the_payroll_day_is_the_months_own(school: World) -> None:
    """The 8th for June, the 12th from July on, as a later notice may say."""
    school.book = amended("payroll_day", "2019-07-01", value=12)
    await said(school, "payroll", "2019-06")
    await school.at("2019-07-11").publish("2019-06")
    assert await refusal(school, "payroll", "2019-07") == (
        "the payroll of 2019-07 is frozen from 2019-07-12 on; today is 2019-07-11"
    )
    await said(school.at("2019-07-12"), "payroll", "2019-07")
    assert list(await ledger(school, 1)) == ["2019-06", "2019-07"]


async def test_months_are_frozen_one_after_another(school: World) -> None:
    """The message names the month that comes first."""
    await said(school, "payroll", "2019-06")
    for month in ("2019-06", "2019-07"):
        await school.at("2019-08-08").publish(month)
    assert await refusal(school, "payroll", "2019-08") == "the payroll of 2019-07 comes first; run: payroll 2019-07"
    await said(school, "payroll", "2019-07")
    await said(school, "payroll", "2019-08")
    assert list(await ledger(school, 1)) == ["2019-06", "2019-07", "2019-08"]


async def test_nothing_is_frozen_before_the_first_payroll(school: World) -> None:
    """The ledger begins with the month that was frozen first."""
    await school.publish("2019-04")
    await said(school, "payroll", "2019-06")
    assert await refusal(school, "payroll", "2019-05") == (
        "the ledger begins with 2019-06; earlier months cannot be frozen any more"
    )


async def test_nobody_is_sent_to_publish_a_month_that_can_not_be_frozen_anyway(school: World) -> None:
    """A publication cannot be taken back: it must not be asked for in vain."""
    await said(school, "payroll", "2019-06")
    assert "the ledger begins with 2019-06" in await refusal(school, "payroll", "2019-05")


async def test_freezing_twice_changes_nothing(school: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither on the same day nor later, when people have come and gone since: the ledger says what was paid."""
    await said(school, "payroll", "2019-06")
    first = capsys.readouterr().out
    await failed(school, 1, "2019-06-20", "2019-06-10")
    await school.enrol(2)
    before = await Desk(school).dump()
    await said(school.at("2019-09-01"), "payroll", "2019-06")
    assert await Desk(school).dump() == before
    assert capsys.readouterr().out == "2019-06: was frozen before; nothing changed\n" + first


async def test_what_a_frozen_payroll_comes_to_stays(school: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever is enrolled later is in a later payroll, which fills the ledger: June paid one person and always will."""
    await said(school, "payroll", "2019-06")
    first = capsys.readouterr().out
    await school.at("2019-06-20").enrol(2)
    await school.payroll("2019-07")
    await said(school, "payroll", "2019-06")
    assert capsys.readouterr().out == "2019-06: was frozen before; nothing changed\n" + first


async def test_freezing_at_the_same_time_is_freezing_once(school: World) -> None:
    """Two operators, or an operator and the calendar: one of them finds it done."""
    month = school.context().month
    results = await asyncio.gather(*(payrolls.freeze(school.context(), month) for _ in range(4)))
    assert sorted(result.earlier for result in results) == [False, True, True, True]
    assert {str(result.totals) for result in results} == {str(results[0].totals)}
    assert await Desk(school).count("payments") == 1


async def test_the_totals_are_printed_by_what_was_paid_and_why_not(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    """People and yuan, withheld ones by reason, back pay and adjustments by line."""
    await changing(world)
    capsys.readouterr()
    await said(world.at("2019-11-08"), "payroll", "2019-11")
    shown = capsys.readouterr()
    assert shown.out.splitlines() == [
        "2019-11: 5 people",
        "  PAID               4            11700.50 yuan",
        "  WITHHELD           1  SUSPENDED",
        "  ADJUSTMENT          3              300.00 yuan",
        "  BACK_PAY           4            12300.00 yuan",
    ]
    assert personal_in(shown.out + shown.err) == []


async def test_the_month_is_what_the_totals_say(world: World) -> None:
    """Rules 7, cases 8, 16 and 17, in one payroll."""
    ids = await changing(world)
    await said(world.at("2019-11-08"), "payroll", "2019-11")
    november = {name: (await ledger(world, id))["2019-11"] for name, id in ids.items()}
    assert november == {
        "stops": "WITHHELD SUSPENDED",
        "resumes": "PAID 3100.00",
        "raised": "PAID 3100.00",
        "same": "PAID 3000.00",
        "starts": "PAID 2500.50",
    }
    assert await lines(world, ids["resumes"]) == [
        "2019-11: BACK_PAY 2019-07 3000.00",
        *(f"2019-11: BACK_PAY {month} 3100.00" for month in ("2019-08", "2019-09", "2019-10")),
    ]
    assert await lines(world, ids["raised"]) == [
        f"2019-11: ADJUSTMENT {month} 100.00" for month in ("2019-08", "2019-09", "2019-10")
    ]
    assert [await lines(world, ids[name]) for name in ("stops", "same", "starts")] == [[], [], []]


async def test_whoever_draws_from_a_later_month_on_has_no_entry(school: World) -> None:
    """June, frozen late, is nobody's who begins in July, and July fills nothing in before their benefit."""
    late = await school.at("2019-07-08").enrol(2, benefit_from="2019-07", certified_in="")
    await said(school, "payroll", "2019-06")
    assert await ledger(school, late) == {}
    await school.payroll("2019-07")
    assert await ledger(school, late) == {"2019-07": "PAID 3000.00"}


async def test_a_late_run_pays_by_the_month_it_is_for(school: World) -> None:
    """June frozen in September: a FAIL of June leaves June paid, and the rate is June's, not today's."""
    await failed(school, 1, "2019-06-20", "2019-06-10")
    await school.at("2019-07-04").raised(1, "2019-07", "3100.00")
    await said(school.at("2019-09-10"), "payroll", "2019-06")
    assert await ledger(school, 1) == {"2019-06": "PAID 3000.00"}
    row = await school.owner.fetchrow("SELECT month::text, frozen_on::text FROM payrolls")
    assert row is not None
    assert tuple(row) == ("2019-06-01", "2019-09-10")
    await school.publish("2019-06")
    await said(school, "payroll", "2019-07")
    assert (await ledger(school, 1))["2019-07"] == "WITHHELD SUSPENDED"


async def enrolled_late(school: World) -> int:
    """Somebody who draws since 2019-05, and is enrolled when June and July are frozen; the row's id."""
    await school.officers()
    await school.payroll("2019-06", "2019-07")
    id = await school.at("2019-07-20").enrol(2, benefit_from="2019-05", certified_in="")
    await school.payroll("2019-08")
    return id


async def test_whoever_is_enrolled_late_is_withheld_in_the_frozen_months(school: World) -> None:
    """Nothing went out then, and the ledger says so; the months before the first payroll are none of its business."""
    id = await enrolled_late(school)
    assert await ledger(school, id) == {
        "2019-06": "WITHHELD LATE_ENROLMENT",
        "2019-07": "WITHHELD LATE_ENROLMENT",
        "2019-08": "PAID 3000.00",
    }
    await school.payroll("2019-09")
    assert list(await ledger(school, id)) == ["2019-06", "2019-07", "2019-08", "2019-09"]
    assert await ledger(school, 1) == dict.fromkeys(("2019-06", "2019-07", "2019-08", "2019-09"), "PAID 3000.00")


async def test_whoever_is_enrolled_late_may_claim_the_frozen_months(school: World) -> None:
    """They are unpaid months like others (rules 4): claimed by a case, and paid with the payroll after its approval."""
    id = await enrolled_late(school)
    await passed(school, id, "2019-08-20")
    asked: Any = await school.request(id)
    assert asked["userErrors"] == []
    assert asked["reinstatement"]["months"] == ["2019-06", "2019-07"]
    await school.at("2019-08-21").review(asked["reinstatement"]["id"])
    await school.payroll("2019-09")
    assert await lines(school, id) == ["2019-09: BACK_PAY 2019-06 3000.00", "2019-09: BACK_PAY 2019-07 3000.00"]


@pytest.mark.parametrize("step", ["_adjust", "totals"])
async def test_a_failure_at_the_end_leaves_nothing_in_the_ledger(
    world: World, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No payroll, no entries, no partition; what was written beside it is gone on with, and then it succeeds."""
    await changing(world)
    await without_partition(world, "2019-11")
    before = await Desk(world.at("2019-11-08")).dump()

    async def fail(*_: object) -> None:
        raise ConnectionResetError

    with monkeypatch.context() as patched:
        patched.setattr(payroll, step, fail)
        with pytest.raises(ConnectionResetError):
            await said(world, "payroll", "2019-11")
    after = await Desk(world).dump()
    assert len(after.pop("payments_2019_11")) == len(after.pop("payrolls_under_way")) + 4 == 5
    assert after == {name: rows for name, rows in before.items() if name != "payrolls_under_way"}
    newest = "FROM events WHERE topic = 'RUN' ORDER BY number DESC LIMIT 1"
    assert await world.owner.fetchval(f"SELECT state {newest}") == "FAILED"
    await said(world, "payroll", "2019-11")
    assert await world.owner.fetchval(f"SELECT state {newest}") == "FINISHED"
    assert await Desk(world).count("payments WHERE month = '2019-11-01'") == 5


async def test_the_process_says_how_it_ended(school: World, dsn: str) -> None:
    """0 for done, also when it was done before; 1 and one clear line for refused; 2 for wrong usage."""
    done = ran(dsn, "2019-06-08", "payroll", "2019-06")
    assert (done.returncode, done.stderr) == (0, "freezing 2019-06 …\n")
    assert done.stdout.startswith("2019-06: 1 people\n")
    before = await Desk(school).dump()
    again = ran(dsn, "2019-06-09", "payroll", "2019-06")
    assert (again.returncode, again.stdout) == (0, "2019-06: was frozen before; nothing changed\n" + done.stdout)
    early = ran(dsn, "2019-06-09", "payroll", "2019-07")
    assert (early.returncode, early.stdout) == (1, "")
    assert early.stderr.splitlines() == [
        "freezing 2019-07 …",
        "renzheng: the payroll of 2019-07 is frozen from 2019-07-08 on; today is 2019-06-09",
    ]
    assert ran(dsn, "2019-06-09", "payroll").returncode == 2
    assert await Desk(school).dump() == before


async def test_a_payroll_waits_for_a_file_of_rates(school: World) -> None:
    """Both go on, one after the other: the raise is either in the month or an adjustment of the next, never lost."""
    desk = Desk(school)
    rates = text("rates", good("rates", id_number=id_number(1), from_month="2019-06"))
    month = school.context().month
    await asyncio.gather(payrolls.freeze(school.context(), month), desk.load("rates", rates))
    await school.payroll("2019-07")
    paid: str = await school.owner.fetchval(
        """SELECT ((SELECT sum(amount) FROM payments) + (SELECT coalesce(sum(amount), 0) FROM payment_lines))::text"""
    )
    assert paid == "6200.00"

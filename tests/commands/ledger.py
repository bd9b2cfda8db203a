"""What the tests of `payroll` and `export` begin with, and the commands as an operator types them."""

from __future__ import annotations

import subprocess

from commands.parser import parser
from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from tests.commands.service import run
from tests.world import SCHOOL, SECRET, World, id_number


async def said(world: World, *typed: object) -> None:
    """Run a command of `server.py` over the world's database, at the world's time."""
    arguments = parser().parse_args([str(word) for word in typed])
    await arguments.run(world.context(), arguments)


def ran(dsn: str, now: str, *typed: object) -> subprocess.CompletedProcess[str]:
    """The same as a process of its own, as of nine o'clock of that day."""
    return run(*typed, DATABASE_URL=dsn, SECRET_KEY=SECRET, CLOCK=f"{now}T09:00:00+08:00", REHEARSAL="1")


async def without_partition(world: World, *months: str) -> None:
    """Forget the partitions of months that other tests have frozen: whoever makes one is then seen."""
    for month in months:
        await world.owner.execute(f"DROP TABLE IF EXISTS payments_{month.replace('-', '_')}")


async def ledger(world: World, id: int) -> dict[str, str]:
    """Each of somebody's months as `PAID 3000.00` or `WITHHELD SUSPENDED`."""
    rows = await world.owner.fetch(
        "SELECT month, status, amount, basis FROM payments WHERE beneficiary_id = $1 ORDER BY month", id
    )
    return {
        f"{row['month']:%Y-%m}": f"{row['status']} {row['amount'] if row['status'] == 'PAID' else row['basis']}"
        for row in rows
    }


async def lines(world: World, id: int) -> list[str]:
    """What went out for somebody's earlier months, as `2019-11: BACK_PAY 2019-07 3000.00`."""
    rows = await world.owner.fetch(
        "SELECT payroll, kind, month, amount FROM payment_lines WHERE beneficiary_id = $1 ORDER BY payroll, month", id
    )
    return [f"{row['payroll']:%Y-%m}: {row['kind']} {row['month']:%Y-%m} {row['amount']}" for row in rows]


async def failed(world: World, id: int, on: str, died: str) -> None:
    """The unit states on that day that somebody has died."""
    await world.at(on).submit(Act.OVERRIDE, id, status=SurvivalStatus.DECEASED, since=died)


async def passed(world: World, id: int, on: str) -> None:
    """The unit states on that day that somebody is alive."""
    await world.at(on).submit(Act.OVERRIDE, id, reason="本人到场")


async def changing(world: World) -> dict[str, int]:
    """Payrolls from 2019-06 to 2019-10 and, on 2019-11-05, five people whose November differs from October, or not.

    `stops` was failed in October; `resumes` is case 8 with a raise meanwhile, `starts` draws from November on, `raised`
    has a raise dated back to August, and `same` goes on as before.
    """
    await world.at("2019-06-05").units()
    await world.officers()
    names = ("stops", "resumes", "raised", "same")
    ids = {name: await world.enrol(serial) for serial, name in enumerate(names, 1)}
    await world.payroll("2019-06")
    await failed(world, ids["resumes"], "2019-06-20", "2019-06-10")
    await world.payroll("2019-07", "2019-08", "2019-09")
    await passed(world, ids["resumes"], "2019-09-10")
    await world.payroll("2019-10")
    await world.at("2019-10-15").raised(3, "2019-08", "3100.00")
    await world.raised(2, "2019-08", "3100.00")
    case = await world.at("2019-10-16").request(ids["resumes"])
    await world.at("2019-10-20").review(case["reinstatement"]["id"])
    await failed(world, ids["stops"], "2019-10-20", "2019-10-18")
    await world.at("2019-11-04").publish("2019-10")
    world.at("2019-11-05")
    ids["starts"] = await world.enrol(5, benefit_from="2019-11", certified_in="", monthly_amount="2500.50")
    return ids


PERSONAL = ["张三", "13812345678", "香港中路", SCHOOL + "9", *map(id_number, range(1, 10))]


def personal_in(shown: str) -> list[str]:
    """The names, phones, addresses and whole ID numbers that a text shows."""
    return [word for word in PERSONAL if word in shown]

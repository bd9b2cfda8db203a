"""What is told of commands: imports, monthly runs, keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from domain.month import Month
from resolvers import export
from resolvers.errors import Refused
from tests.api.scenes import enrolled, qualified
from tests.audit.trail import entries, newest, sealed, the_entry, verified
from tests.commands.ledger import ran, said
from tests.world import BUREAU, SCHOOL, World


async def test_an_import_is_recorded_with_its_files_digest(world: World, tmp_path: Path) -> None:
    """The same file again is an import again, of which everything stays as it was."""
    file = tmp_path / "units.csv"
    file.write_text("si_number,name,district\n370202000101,小学,市南区\n", encoding="utf-8")
    for added in (1, 0):
        since = await newest(world)
        await said(world, "import", "units", file)
        entry = await the_entry(world, since)
        assert (entry.action, entry.username, entry.unit_id) == ("IMPORTED", None, None)
        assert entry.body["facts"] == {
            "kind": "units", "operator": "operator", "rows": 1, "added": added, "changed": 0, "rejected": 0,
            "sha256": "e0a86e86e28452b143fe4e71ce38db98fff06562dd30e85ad263487b86a5c339",
        }  # fmt: skip


async def test_the_monthly_run_is_recorded_step_by_step(world: World) -> None:
    """Assessed, published, frozen, exported: the month and its figures, and who ran it."""
    await world.units()
    await enrolled(world.at("2019-06-01"), 2)
    since = await newest(world)
    for day, command in (("2019-06-03", "assess 2019-05"), ("2019-06-04", "publish 2019-05"),
                         ("2019-06-08", "payroll 2019-06")):  # fmt: skip
        await said(world.at(day), *command.split())
    async with export.frozen_payroll(world.context(), Month.parse("2019-06")):
        pass
    month = {"operator": "operator", "month": "2019-05"}
    paid = {"operator": "operator", "month": "2019-06"}
    assert [(one.action, one.body["facts"]) for one in await entries(world, since)] == [
        ("ASSESSED", {**month, "PENDING": 2}),
        ("PUBLICATION_BEGUN", {**month, "people": 2, "disqualified": 0, "released": False}),
        ("PUBLISHED", {**month, "people": 2, "renewed": 0}),
        ("PAYROLL_FROZEN", {**paid, "COVERED": "2, 6000.00 yuan"}),
        ("EXPORTED", {**paid, "what": "payroll", "people": 2, "total": "6000.00"}),
    ]


async def test_doing_it_again_changes_nothing_and_is_no_act(world: World) -> None:
    await world.units()
    await enrolled(world.at("2019-06-01"), 2)
    await world.payroll("2019-06")
    since = await newest(world)
    for command in ("publish 2019-05", "payroll 2019-06"):
        await said(world, *command.split())
    assert await entries(world, since) == []


async def test_a_record_found_wrong_is_recorded(world: World) -> None:
    await world.units()
    await world.enrol(1)
    await world.evidence(1, "rail_travel", "2019-05-20")
    since = await newest(world)
    await said(world, "found-wrong", "transport", "R-4", "--reason", "他人的车票")
    entry = await the_entry(world, since)
    assert (entry.action, entry.body["facts"]["source"]) == ("FOUND_WRONG", "transport")
    assert "他人的车票" not in str(entry)
    with pytest.raises(Refused):
        await said(world, "found-wrong", "transport", "R-4", "--reason", "他人的车票")


async def test_a_rotation_of_keys_is_recorded_and_takes_the_trails_along(world: World) -> None:
    """Its keys are wrapped under the current secret like the others; what they vouch for stays."""
    await qualified(world)
    since = await newest(world)
    before = await world.owner.fetchval("SELECT wrapped FROM audit_keys")
    await said(world, "rotate-keys")
    entry = await the_entry(world, since)
    assert (entry.action, entry.body["facts"]["purposes"]) == ("KEYS_ROTATED", ["ID_NUMBER"])
    assert await world.owner.fetchval("SELECT wrapped FROM audit_keys") != before
    await sealed(world)
    await verified(world)


@pytest.mark.parametrize(
    ("command", "facts"),
    [
        (["revoke", SCHOOL, "--reason", " "], {"account": 1}),
        (["revoke", "nobody", "--reason", "x"], {"username": "#"}),
        (["export", "roster", "--unit", BUREAU], {"what": "roster", "format": "csv", "siNumber": "#"}),
    ],
)
async def test_a_refused_command_tells_which_account_or_unit_it_named(
    world: World, dsn: str, command: list[str], facts: dict[str, Any]
) -> None:
    """By its id where there is one, else by a fingerprint of what was typed."""
    await world.units()
    since = await newest(world)
    assert ran(dsn, "2019-06-05", *command).returncode == 1
    found = (await the_entry(world, since)).body["facts"]
    assert found.pop("operator") and found.pop("act") == command[0]
    assert {name: value[:1] if str(value).startswith("#") else value for name, value in found.items()} == facts

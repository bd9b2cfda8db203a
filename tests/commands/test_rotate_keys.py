"""`rotate-keys`: new keys while the service runs, however often it is interrupted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from resolvers import keyring, rotation
from resolvers.errors import Refused
from security.keys import Secret
from security.personal import PersonalData, Purpose
from storage import keys
from tests.api.rosters import nodes, roster, shown
from tests.api.scenes import Person, account, enrolled
from tests.api.test_reveal import reveal
from tests.commands.files import good, text
from tests.commands.ledger import said
from tests.commands.service import run
from tests.world import SCHOOL, SECRET, World, id_number

CHUNK = 2
PEOPLE = 5


class Killed(Exception):
    pass


@pytest.fixture
async def people(world: World, monkeypatch: pytest.MonkeyPatch) -> list[Person]:
    """People of the school, and chunks of two."""
    monkeypatch.setattr(rotation, "CHUNK", CHUNK)
    await world.units()
    return await enrolled(world, PEOPLE)


async def interrupted(world: World, *, lookup: bool, chunks: int = 1) -> None:
    """A rotation that is killed after so many chunks."""

    def die(done: int, everything: int) -> None:
        assert everything == PEOPLE
        if done >= chunks * CHUNK:
            raise Killed

    with pytest.raises(Killed):
        await rotation.rotate(world.context(), lookup=lookup, progress=die)


async def purposes(world: World) -> list[tuple[str, bool]]:
    """The keys that there are, each with whether it is current."""
    return [(key["purpose"], key["current"]) for key in await keys.held(world.owner)]


async def under_the_current_keys(world: World) -> int:
    """How many people are sealed under the current key and found by the current one."""
    personal = await keyring.fresh(PersonalData(Secret(SECRET)), world.owner)
    rows = await world.owner.fetch("SELECT id_number_digest AS digest, id_number_sealed AS sealed FROM persons")
    return sum(
        row["sealed"].startswith(personal.sealing)
        and personal.digest(personal.open(row["sealed"], row["digest"])) == row["digest"]
        for row in rows
    )


async def everybody_is_read(world: World, people: list[Person]) -> None:
    """Found by the whole number, and shown in full to who asks."""
    for person in people:
        assert shown(await roster(world, search=id_number(person.serial))) == nodes(person)
        assert (await reveal(world, person.node))["idNumber"] == id_number(person.serial)


@pytest.mark.parametrize("lookup", [False, True])
async def test_everybody_is_sealed_anew_and_the_former_keys_are_gone(
    world: World, people: list[Person], lookup: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    before = await world.owner.fetch("SELECT * FROM persons ORDER BY id")
    held = {key["id"] for key in await keys.held(world.owner)}
    await said(world, "rotate-keys", *["--lookup"] * lookup)
    after = await world.owner.fetch("SELECT * FROM persons ORDER BY id")
    assert all(one["id_number_sealed"] != other["id_number_sealed"] for one, other in zip(before, after, strict=True))
    changed = [one["id_number_digest"] != other["id_number_digest"] for one, other in zip(before, after, strict=True)]
    assert changed == [lookup] * PEOPLE
    assert sorted(await purposes(world)) == [("ID_NUMBER", True), ("LOOKUP", True)]
    assert len({key["id"] for key in await keys.held(world.owner)} - held) == 1 + lookup
    assert await under_the_current_keys(world) == PEOPLE
    await everybody_is_read(world, people)
    assert "5 ID numbers sealed anew" in capsys.readouterr().out


@pytest.mark.parametrize("lookup", [False, True])
async def test_a_running_service_reads_everybody_at_every_moment(
    world: World, people: list[Person], lookup: bool
) -> None:
    """The service has its keys from before; whoever is found by the new key and whoever is not yet are found alike."""
    await everybody_is_read(world, people)
    for sealed in (2, 4):
        await interrupted(world, lookup=lookup)
        assert await under_the_current_keys(world) == sealed
        await everybody_is_read(world, people)
    await rotation.rotate(world.context(), lookup=lookup)
    await everybody_is_read(world, people)


@pytest.mark.parametrize("lookup", [False, True])
async def test_what_was_interrupted_goes_on_where_it_was(
    world: World, people: list[Person], lookup: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    """No second set of keys is made, and nobody is sealed twice."""
    await interrupted(world, lookup=lookup, chunks=2)
    made = await purposes(world)
    assert sorted(made) == sorted(
        [("ID_NUMBER", False), ("ID_NUMBER", True), *([("LOOKUP", False)] * lookup), ("LOOKUP", True)]
    )
    await said(world, "rotate-keys", *["--lookup"] * lookup)
    assert sorted(await purposes(world)) == [("ID_NUMBER", True), ("LOOKUP", True)]
    shown = capsys.readouterr().out
    assert "went on with the rotation that was interrupted\n1 ID numbers sealed anew" in shown
    assert "once more" not in shown
    assert await under_the_current_keys(world) == PEOPLE


async def test_a_rotation_of_lookups_does_not_begin_within_another(
    world: World, people: list[Person], capsys: pytest.CaptureFixture[str]
) -> None:
    """The one that was begun is ended first, and whoever asked is told."""
    await interrupted(world, lookup=False)
    await said(world, "rotate-keys", "--lookup")
    assert "left the key for look-ups as it was: run it once more" in capsys.readouterr().out
    rotated = await rotation.rotate(world.context(), lookup=True)
    assert (rotated.people, rotated.resumed) == (PEOPLE, False)
    assert rotated.purposes == set(Purpose)


async def test_a_second_rotation_beside_the_first_helps_it(world: World, people: list[Person]) -> None:
    """Two operators at once: one set of keys, everybody sealed."""
    await asyncio.gather(*(rotation.rotate(world.context(), lookup=True) for _ in range(2)))
    assert sorted(await purposes(world)) == [("ID_NUMBER", True), ("LOOKUP", True)]
    assert await under_the_current_keys(world) == PEOPLE


NUMBERED = {
    "beneficiaries": good("beneficiaries", id_number=id_number(1)),
    "rates": good("rates"),
    "evidence": good("evidence"),
    "accounts": good("accounts", username="p", role="PERSON", unit_si_number="", id_number=id_number(1)),
}


@pytest.mark.parametrize("kind", NUMBERED)
async def test_while_lookups_rotate_files_with_numbers_wait(
    world: World, people: list[Person], kind: str, tmp_path: Path
) -> None:
    """Somebody who is still found by the former key would become two people."""
    await interrupted(world, lookup=True)
    file = tmp_path / "file.csv"
    file.write_text(text(kind, NUMBERED[kind]), encoding="utf-8")
    with pytest.raises(Refused, match=r"the key for look-ups is being rotated; .* end it: rotate-keys"):
        await said(world, "import", kind, file)
    await rotation.rotate(world.context(), lookup=True)
    await said(world, "import", kind, file)
    assert await world.owner.fetchval("SELECT count(*) FROM persons") == PEOPLE


async def test_while_only_the_seal_rotates_people_are_enrolled(world: World, people: list[Person]) -> None:
    """They come under the new key at once; whoever is known stays one person."""
    await interrupted(world, lookup=False)
    await enrolled(world, 2, first=PEOPLE, category="SURVIVOR")
    assert await world.owner.fetchval("SELECT count(*) FROM persons") == PEOPLE + 1
    assert (await rotation.rotate(world.context(), lookup=False)).people == PEOPLE - CHUNK
    assert await under_the_current_keys(world) == PEOPLE + 1


async def test_a_rotation_waits_for_an_import_that_has_looked_at_the_keys(world: World, people: list[Person]) -> None:
    """What it brings in would otherwise be found by a key that is about to go."""
    async with world.context().begin() as importing:
        await keyring.settled(PersonalData(Secret(SECRET)), importing)
        rotating = asyncio.create_task(rotation.rotate(world.context(), lookup=True))
        await asyncio.sleep(0.2)
        assert sorted(await purposes(world)) == [("ID_NUMBER", True), ("LOOKUP", True)]
    assert (await rotating).people == PEOPLE


async def test_a_person_account_is_the_same_person_after_a_rotation(world: World, people: list[Person]) -> None:
    await account(world, "before", "PERSON", id_number=id_number(3))
    await rotation.rotate(world.context(), lookup=True)
    await account(world, "after", "PERSON", id_number=id_number(3))
    found = await world.owner.fetch("SELECT DISTINCT person_id FROM accounts WHERE role = 'PERSON'")
    assert len(found) == 1


def test_the_secret_and_the_cipher_change_by_a_rotation(tmp_path: Path) -> None:
    """Both secrets open meanwhile; afterwards the former opens nothing, and says so in one line."""
    data = str(tmp_path / "data")
    old, new = "the former secret, of forty characters..", "the secret from now on, of forty letters"
    file = tmp_path / "units.csv"
    file.write_text(f"si_number,name,district\n{SCHOOL},小学,市南区\n", encoding="utf-8")
    run("import", "units", file, DATA_DIR=data, SECRET_KEY=old)
    refused = run("migrate", DATA_DIR=data, SECRET_KEY=new)
    wrong = "renzheng: SECRET_KEY does not open the key for ID_NUMBER: it was wrapped under another one\n"
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", wrong)
    both = {"DATA_DIR": data, "SECRET_KEY": new, "FORMER_SECRET_KEY": old, "CIPHER": "SM4_GCM"}
    assert run("migrate", **both).returncode == 0
    rotated = run("rotate-keys", **both)
    assert (rotated.returncode, rotated.stdout.count("sealed anew")) == (0, 1)
    assert run("migrate", DATA_DIR=data, SECRET_KEY=new).returncode == 0
    assert run("migrate", DATA_DIR=data, SECRET_KEY=old).stderr == wrong

"""ID numbers of before are sealed by the migration, and none stays in the clear, in a column or in a file."""

from __future__ import annotations

import asyncpg
import pytest

from domain.policy import PolicyBook
from security.keys import Secret, WrongSecret
from security.personal import PersonalData
from storage import keys, migrate
from storage.database import Connection, Database, Login
from tests.storage.test_migrations import at_revision
from tests.world import LOGIN, id_number, personal_data

NUMBERS = [*map(id_number, range(1, 8)), "370202450101001"]


async def before(
    dsn: str, book: PolicyBook, numbers: list[str]
) -> tuple[asyncpg.Connection[asyncpg.Record], list[str]]:
    """A database whose people are kept by their numbers, in this order."""
    owner = await at_revision("0005", dsn, book)
    await owner.execute("INSERT INTO persons (id_number) SELECT * FROM unnest($1::text[])", numbers)
    return owner, numbers


async def held(connection: Connection) -> PersonalData:
    """The keys of the database, opened by the tests' secret."""
    personal = personal_data()
    personal.hold(await keys.held(connection))
    return personal


async def test_a_database_of_before_has_its_numbers_sealed(empty: str, book: PolicyBook) -> None:
    """Chunk by chunk, everybody once, a legacy number of 15 digits as well; ids stay."""
    owner, numbers = await before(empty, book, [*NUMBERS, *(f"{n:018}" for n in range(12_000))])
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    personal = await held(owner)
    rows = await owner.fetch("SELECT * FROM persons ORDER BY id")
    opened = [(row["id"], personal.open(row["id_number_sealed"], row["id_number_digest"])) for row in rows]
    assert opened == list(enumerate(numbers, 1))
    assert [row["id_number_digest"] for row in rows] == [personal.digest(number) for number in numbers]
    await owner.close()


async def test_after_the_migration_the_files_of_the_table_hold_no_number(empty: str, book: PolicyBook) -> None:
    """A dropped column stays in its rows, and updated rows stay in their pages, until the table is written anew."""
    owner, _ = await before(empty, book, NUMBERS)
    assert await on_disk(owner) == NUMBERS
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    assert await on_disk(owner) == []
    await owner.close()


async def on_disk(owner: asyncpg.Connection[asyncpg.Record]) -> list[str]:
    """The numbers that the table's and its indexes' files show, once everything is written."""
    await owner.execute("CHECKPOINT")
    files = await owner.fetch(
        """SELECT pg_read_binary_file(pg_relation_filepath(oid)) AS bytes FROM pg_class
           WHERE oid = 'persons'::regclass
              OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = 'persons'::regclass)"""
    )
    return [number for number in NUMBERS if any(number.encode() in file["bytes"] for file in files)]


async def test_the_first_keys_come_with_the_migration_and_stay(empty: str, book: PolicyBook) -> None:
    """Every start migrates; none makes another key."""
    for _ in range(2):
        await migrate.upgrade(empty, book, LOGIN, personal_data())
    owner = await asyncpg.connect(empty)
    found = await owner.fetch("SELECT purpose, cipher, current FROM data_keys ORDER BY id")
    assert [tuple(row) for row in found] == [("ID_NUMBER", "AES_GCM_SIV", True), ("LOOKUP", None, True)]
    with pytest.raises(WrongSecret):
        PersonalData(Secret("another secret of more than forty characters")).hold(await keys.held(owner))
    await owner.close()


async def test_a_start_with_a_wrong_secret_changes_nothing(empty: str, book: PolicyBook) -> None:
    """Its login would have taken the place of the one that the running API uses."""
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    wrong = Secret("another secret of more than forty characters")
    with pytest.raises(WrongSecret):
        await migrate.upgrade(empty, book, Login.of(wrong.derived("login")), PersonalData(wrong))
    await (await asyncpg.connect(LOGIN.at(empty))).close()


async def test_one_key_of_a_purpose_is_current(empty: str, book: PolicyBook) -> None:
    await migrate.upgrade(empty, book, LOGIN, personal_data())
    owner = await asyncpg.connect(empty)
    with pytest.raises(asyncpg.UniqueViolationError):
        await owner.execute(
            "INSERT INTO data_keys (purpose, wrapped, current, made_at) VALUES ('LOOKUP', '', true, now())"
        )
    await owner.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE persons SET id_number_sealed = ''",
        "UPDATE persons SET id_number_digest = sha256('')",
        "INSERT INTO persons (id_number_digest, id_number_sealed) VALUES (sha256('x'), '')",
        "UPDATE data_keys SET wrapped = ''",
        "DELETE FROM data_keys",
        "INSERT INTO data_keys (purpose, wrapped, current, made_at) VALUES ('LOOKUP', '', false, now())",
    ],
)
async def test_the_api_changes_neither_keys_nor_numbers(callers: Database, statement: str) -> None:
    """It reads them; the commands make them."""
    async with callers.connection() as connection:
        assert len(await keys.held(connection)) == 2
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)


@pytest.mark.parametrize("digest", ["''", "sha256('x') || 'y'", "sha512('x')"])
async def test_a_digest_has_32_bytes(owner: asyncpg.Connection[asyncpg.Record], digest: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError):
        await owner.execute(f"INSERT INTO persons (id_number_digest, id_number_sealed) VALUES ({digest}, '')")

"""The embedded PostgreSQL keeps its data, ends with its owner and heals by itself. Every server is real."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from storage.embedded import SOCKETS, AlreadyServedError, EmbeddedPostgres, EmbeddedPostgresError
from storage.programs import processes_of

ROOT = Path(__file__).parents[2]
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "16MB"}
OWNER = f"""
import pathlib, sys, time
from storage.embedded import EmbeddedPostgres
EmbeddedPostgres(pathlib.Path(sys.argv[1]), settings={FAST!r}).start()
print("ready", flush=True)
time.sleep(600)
"""


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster as the first start makes it, whose server has ended; the tests copy it."""
    data_dir = tmp_path_factory.mktemp("made") / "data"
    with EmbeddedPostgres(data_dir, settings=FAST):
        pass
    return data_dir / "cluster"


@pytest.fixture
def copied(made: Path, data_dir: Path) -> None:
    """A data directory in which a server ran before."""
    data_dir.mkdir()
    subprocess.run(["cp", "-a", made, data_dir / "cluster"], check=True)


@pytest.fixture
def server(data_dir: Path, copied: None) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(data_dir, settings=FAST) as server:
        yield server


@pytest.fixture
def owner(data_dir: Path, copied: None) -> Iterator["subprocess.Popen[str]"]:
    """Another process that serves the data directory."""
    command = [sys.executable, "-c", OWNER, str(data_dir)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()
    wait_until_gone(data_dir)
    shutil.rmtree(SOCKETS / cluster_name(data_dir), ignore_errors=True)


def postmaster_pid(data_dir: Path) -> int:
    return int((data_dir / "cluster" / "postmaster.pid").read_text().split()[0])


def cluster_name(data_dir: Path) -> str:
    state = data_dir.stat()
    return f"renzheng-{state.st_dev:x}-{state.st_ino:x}"


def wait_until_gone(data_dir: Path) -> None:
    deadline = time.monotonic() + 15
    while processes_of(cluster_name(data_dir)):
        assert time.monotonic() < deadline, "PostgreSQL outlived its owner"
        time.sleep(0.02)


def owner_dsn(data_dir: Path) -> str:
    with pytest.raises(AlreadyServedError) as refused:
        EmbeddedPostgres(data_dir).start()
    assert refused.value.dsn is not None
    return refused.value.dsn


async def ask(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_data_outlives_a_restart(server: EmbeddedPostgres) -> None:
    """What was written before `stop` is there after the next `start`."""
    await ask(server.dsn("renzheng"), "CREATE TABLE kept AS SELECT '张三丰' AS name")
    server.stop()
    server.stop()
    assert await ask(server.start(), "SELECT name FROM kept") == "张三丰"


async def test_chinese_names_can_be_searched(server: EmbeddedPostgres) -> None:
    """pg_trgm takes Chinese characters for letters, and btree_gist is there for temporal keys."""
    await ask(server.dsn("renzheng"), "CREATE EXTENSION pg_trgm")
    await ask(server.dsn("renzheng"), "CREATE EXTENSION btree_gist")
    assert await ask(server.dsn("renzheng"), "SELECT cardinality(show_trgm('张三丰'))") == 4


async def test_only_its_user_can_connect(server: EmbeddedPostgres) -> None:
    """There is no TCP, and nobody else can open the directory of the socket."""
    dsn = server.dsn("renzheng")
    assert await ask(dsn, "SHOW listen_addresses") == ""
    sockets = Path(str(await ask(dsn, "SHOW unix_socket_directories")))
    assert sockets.stat().st_mode & 0o777 == 0o700
    assert (await ask(dsn, "SHOW data_directory_mode")) == "0700"


async def test_folders_above_keep_their_modes(data_dir: Path) -> None:
    """A folder closed to everybody else stays closed; the server works below it, however long the path."""
    data_dir.mkdir(mode=0o700)
    deep = data_dir / ("深" * 40) / ("long " * 20).strip()
    with EmbeddedPostgres(deep, settings=FAST) as server:
        assert await ask(server.dsn("renzheng"), "SELECT 1") == 1
    assert data_dir.stat().st_mode & 0o777 == 0o700


async def test_statements_and_values_stay_out_of_the_log(server: EmbeddedPostgres, data_dir: Path) -> None:
    """A refused statement leaves neither its text nor its values in the log."""
    for refused in ("SELECT '370202194910010018'::date", "SELECT phone_13800000000"):
        with pytest.raises(asyncpg.PostgresError):
            await ask(server.dsn("renzheng"), refused)
    server.stop()
    written = (data_dir / "postgres.log").read_text()
    assert "database system is shut down" in written
    assert "370202194910010018" not in written
    assert "13800000000" not in written


async def test_ends_when_its_owner_is_killed(owner: "subprocess.Popen[str]", data_dir: Path) -> None:
    """After a kill -9 of the owner PostgreSQL goes by itself; a start right afterwards waits for it."""
    await ask(owner_dsn(data_dir), "CREATE TABLE kept AS SELECT 1 AS id")
    owner.kill()
    owner.wait()
    with EmbeddedPostgres(data_dir, settings=FAST) as server:
        assert await ask(server.dsn("renzheng"), "SELECT id FROM kept") == 1


async def test_leaves_nothing_running_without_a_next_start(owner: "subprocess.Popen[str]", data_dir: Path) -> None:
    """Nobody has to start again for the server of a killed owner to go."""
    owner.kill()
    owner.wait()
    wait_until_gone(data_dir)


async def test_ctrl_c_leaves_the_shutdown_to_the_owner(server: EmbeddedPostgres, data_dir: Path) -> None:
    """A terminal signals the process group of its foreground job, which the server is not in."""
    assert os.getpgid(postmaster_pid(data_dir)) != os.getpgid(0)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGQUIT])
async def test_recovers_from_a_crash(server: EmbeddedPostgres, data_dir: Path, number: signal.Signals) -> None:
    """After a crash of PostgreSQL itself the same object starts it again, with what was committed."""
    await ask(server.dsn("renzheng"), "CREATE TABLE kept AS SELECT 1 AS id")
    await ask(server.dsn("renzheng"), "CHECKPOINT")
    os.kill(postmaster_pid(data_dir), number)
    server.stop()
    assert await ask(server.start(), "SELECT id FROM kept") == 1


async def test_a_pid_file_that_names_another_process_is_ignored(server: EmbeddedPostgres, data_dir: Path) -> None:
    """After a power cut, or in a new container, the pid in postmaster.pid may be anybody's."""
    server.stop()
    left = f"{os.getppid()}\n{data_dir}\n1700000000\n5432\n/tmp\n\n  1 1\nready\n"
    (data_dir / "cluster" / "postmaster.pid").write_text(left)
    assert await ask(server.start(), "SELECT 1") == 1


async def test_a_second_server_is_refused(owner: "subprocess.Popen[str]", data_dir: Path) -> None:
    """The message names the process that serves; its server goes on."""
    with pytest.raises(AlreadyServedError, match=rf"already served by pid {owner.pid}\b") as refused:
        EmbeddedPostgres(data_dir).start()
    assert refused.value.pid == owner.pid
    assert await ask(owner_dsn(data_dir), "SELECT 1") == 1


async def test_an_unfinished_cluster_is_made_anew(data_dir: Path) -> None:
    """What an interrupted first start left is removed."""
    unfinished = data_dir / "cluster.new-left"
    (unfinished / "base").mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    with EmbeddedPostgres(data_dir, settings=FAST) as server:
        assert await ask(server.dsn("renzheng"), "SELECT 1") == 1
    assert [path.name for path in data_dir.glob("cluster*")] == ["cluster"]


async def test_another_major_version_is_named(server: EmbeddedPostgres, data_dir: Path) -> None:
    """Data of another PostgreSQL is refused with both versions and the way out, and stays as it is."""
    server.stop()
    (data_dir / "cluster" / "PG_VERSION").write_text("17\n")
    with pytest.raises(EmbeddedPostgresError, match=r"made by PostgreSQL 17, and PostgreSQL 18.* pg_dump"):
        server.start()


async def test_a_wrong_setting_is_named(data_dir: Path) -> None:
    """When PostgreSQL does not start, the message is what PostgreSQL says, and nothing is left behind."""
    with pytest.raises(EmbeddedPostgresError, match="max_connections"):
        EmbeddedPostgres(data_dir, settings={**FAST, "max_connections": "0"}).start()
    with EmbeddedPostgres(data_dir, settings=FAST) as server:
        assert await ask(server.dsn("renzheng"), "SELECT 1") == 1


def test_there_is_no_address_before_the_start(data_dir: Path) -> None:
    """A DSN without a server behind it is refused."""
    with pytest.raises(EmbeddedPostgresError, match="call start"):
        EmbeddedPostgres(data_dir).dsn("renzheng")

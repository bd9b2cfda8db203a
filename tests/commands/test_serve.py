"""`server.py serve`: what it answers, and what goes on beside it. One real server for all of these tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.commands.files import good, text
from tests.commands.service import Service, free_port, run, started
from tests.world import SCHOOL, id_number

SIGN_IN = """
mutation SignIn($username: String!, $password: String!) {
  signIn(input: {username: $username, password: $password}) { accessToken viewer { today } }
}
"""
ROSTER = "{ unit { siNumber beneficiaries { edges { node { name verdict { conclusion } } } } } }"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """An empty service in a rehearsal of 2019-06-05, with two workers."""
    data_dir = tmp_path_factory.mktemp("served") / "data"
    with started(data_dir, "--empty", "--workers", 2, CLOCK="2019-06-05T09:00:00+08:00") as service:
        service.await_ready()
        yield service


def command(served: Service, *arguments: object) -> str:
    """What a command says that is run beside the server."""
    done = run(*arguments, DATA_DIR=str(served.data_dir), CLOCK="2019-06-05T09:00:00+08:00")
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def token(served: Service, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The school's operator, signed in; the school, its people and its month came in while it was served."""
    folder = tmp_path_factory.mktemp("files")
    rows = {
        "units": good("units", si_number=SCHOOL),
        "accounts": good("accounts"),
        "beneficiaries": good("beneficiaries"),
        "evidence": good("evidence", id_number=id_number(7)),
    }
    for kind, row in rows.items():
        (folder / f"{kind}.csv").write_text(text(kind, row), encoding="utf-8")
        assert "1 rows read, 1 added" in command(served, "import", kind, folder / f"{kind}.csv")
    signed_in = served.ask(SIGN_IN, username=f"{SCHOOL}/li", password="a good password")["signIn"]
    assert signed_in["viewer"] == {"today": "2019-06-05"}
    return str(signed_in["accessToken"])


def test_it_says_where_it_is_and_how_it_ends(served: Service) -> None:
    """The address to open, and no demo accounts where there is no demo."""
    assert f"http://127.0.0.1:{served.port}/graphql" in served.said()
    assert "Ctrl-C stops it." in served.said()
    assert "password" not in served.said()


def test_it_is_alive_and_ready(served: Service) -> None:
    """/healthz: the process answers. /readyz: the database is reachable and migrated."""
    assert served.get("/healthz") == (200, {"status": "alive"})
    assert served.get("/readyz") == (200, {"status": "ready"})


def test_the_rehearsals_clock_is_every_workers(served: Service, token: str) -> None:
    """CLOCK=2019-06-05T09:00:00+08:00 makes today 2019-06-05, whichever worker answers."""
    days = {served.ask("{ viewer { today } }", token)["viewer"]["today"] for _ in range(12)}
    assert days == {"2019-06-05"}


def test_commands_work_while_it_is_served(served: Service, token: str) -> None:
    """Import, assessment and publication go into the database that is served; the roster shows them at once."""
    assert command(served, "assess", "2019-05") == "2019-05: 1 QUALIFIED\n"
    published = command(served, "publish", "2019-05")
    assert published.startswith("2019-05: 1 verdicts published, 1 periods renewed\n")
    [edge] = served.ask(ROSTER, token)["unit"]["beneficiaries"]["edges"]
    assert edge["node"] == {"name": "张三", "verdict": {"conclusion": "QUALIFIED"}}
    assert command(served, "verify-standings") == "1 rows equal their history\n"


def test_a_refused_command_changes_nothing_and_the_service_goes_on(served: Service, tmp_path: Path) -> None:
    """Exit status 1, every bad row, and one clear line."""
    file = tmp_path / "units.csv"
    file.write_text(text("units", good("units"), good("units", name="")), encoding="utf-8")
    refused = run("import", "units", file, DATA_DIR=str(served.data_dir))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        "reading units.csv",
        "line 3, name: is empty",
        "renzheng: units.csv: 1 row cannot be loaded, so nothing was. Mend the file, or load the good rows with"
        " --rejects FILE",
    ]
    assert served.get("/readyz")[0] == 200


def test_a_second_server_over_the_same_data_is_refused(served: Service) -> None:
    """It names the process that serves; that one goes on."""
    refused = run("serve", "--empty", "--port", free_port(), DATA_DIR=str(served.data_dir))
    assert (refused.returncode, refused.stdout) == (1, "")
    [line] = refused.stderr.splitlines()
    assert f"is already served by pid {served.process.pid}: stop that process first" in line
    assert served.get("/readyz")[0] == 200


def test_a_port_that_is_taken_is_refused_before_anything_is_started(served: Service, tmp_path: Path) -> None:
    """The message names the address and the way out; no database was made for it."""
    refused = run("serve", "--empty", "--port", served.port, DATA_DIR=str(tmp_path / "data"))
    assert (refused.returncode, refused.stdout) == (1, "")
    [line] = refused.stderr.splitlines()
    assert line.startswith(f"renzheng: cannot listen on 127.0.0.1:{served.port}: ")
    assert not (tmp_path / "data").exists()


def test_what_is_logged_holds_nothing_personal(served: Service, token: str) -> None:
    """Neither names nor numbers, passwords nor tokens."""
    said = served.said()
    assert '"path":"/graphql"' in said
    assert not [word for word in ("张三", id_number(7), "13812345678", "a good password", token) if word in said]

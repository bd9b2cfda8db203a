"""`server.py`: its help, its exit status, and what it refuses before anything is done."""

from __future__ import annotations

import os
import socket
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

import pytest
import uvicorn

import commands.serve
import server
from security.outside import Provider
from settings import SECRET_SHORTEST, Settings, SettingsError
from tests.commands.service import run
from tests.world import SECRET
from web.hardening.openness import Documents, Introspection, Openness

EXPLAINED = {
    "serve": ["--host", "--port", "--workers", "--empty", "no demo data"],
    "migrate": [],
    "import": ["{units,accounts,beneficiaries,rates,evidence}", "FILE", "--rejects", "the good rows"],
    "assess": ["MONTH", "YYYY-MM", "after its end"],
    "publish": ["MONTH", "YYYY-MM", "--release", "what the brake holds"],
    "payroll": ["MONTH", "YYYY-MM", "--preview", "write nothing", "--list", "FILE", "as CSV"],
    "export": ["WHAT", "payroll", "control total"],
    "export payroll": ["MONTH", "YYYY-MM", "--format {csv,xlsx}", "--out FILE", "payroll-MONTH.FORMAT"],
    "found-wrong": ["{human_resources,medical_insurance,health,transport,justice,banks}", "reference", "--reason"],
    "rotate-keys": ["--lookup", "SECRET_KEY", "FORMER_SECRET_KEY", "interrupted"],
    "revoke": ["USERNAME", "--reason", "kept with the sessions"],
    "second-factor": ["USERNAME", "an OFFICER", "--code"],
    "rotate-signing-key": ["--at-once", "it may have leaked"],
    "seal-audit": [],
    "verify-audit": ["--expect ROOT", "kept outside"],
    "verify-standings": [],
}
VARIABLES = [
    "DATABASE_URL", "DATA_DIR", "SECRET_KEY", "FORMER_SECRET_KEY", "CIPHER", "CLOCK", "REHEARSAL",
    "FORWARDED_ALLOW_IPS", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL", "OIDC_USERNAME_CLAIM",
    "OIDC_SECOND_FACTOR",
]  # fmt: skip


def exit_of(arguments: Sequence[str]) -> object:
    with pytest.raises(SystemExit) as ended:
        server.main(arguments)
    return ended.value.code


def test_help_explains_every_command_and_variable() -> None:
    """Nobody has to read the code to operate the service."""
    shown = run("--help")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert not [word for word in [*" ".join(EXPLAINED).split(), *VARIABLES] if word not in shown.stdout]


@pytest.mark.parametrize("command", list(EXPLAINED))
def test_every_command_has_a_help_of_its_own(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Its arguments, each with what it does."""
    assert exit_of([*command.split(), "--help"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"usage: server.py {command}")
    assert not [word for word in EXPLAINED[command] if word not in " ".join(shown.split())]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["certify"], "invalid choice: 'certify'"),
        (["import"], "the following arguments are required: kind, FILE"),
        (["import", "people", "people.csv"], "invalid choice: 'people'"),
        (["import", "units"], "the following arguments are required: FILE"),
        (["assess"], "the following arguments are required: MONTH"),
        (["assess", "2019-13"], "a month is written YYYY-MM, such as 2019-06"),
        (["publish", "May"], "a month is written YYYY-MM, such as 2019-06"),
        (["publish", "2019-05", "--force"], "unrecognized arguments: --force"),
        (["payroll"], "the following arguments are required: MONTH"),
        (["payroll", "2019-6"], "a month is written YYYY-MM, such as 2019-06"),
        (["payroll", "2019-06", "--list"], "argument --list: expected one argument"),
        (["payroll", "2019-06", "--release"], "unrecognized arguments: --release"),
        (["export"], "the following arguments are required: WHAT"),
        (["export", "payroll"], "the following arguments are required: MONTH"),
        (["export", "payroll", "2019-00"], "a month is written YYYY-MM, such as 2019-06"),
        (["export", "payroll", "2019-06", "--format", "pdf"], "invalid choice: 'pdf'"),
        (["export", "people", "2019-06"], "invalid choice: 'people'"),
        (["found-wrong", "health", "H-1"], "the following arguments are required: --reason"),
        (["found-wrong", "police", "H-1", "--reason", "x"], "invalid choice: 'police'"),
        (["revoke", "officer"], "the following arguments are required: --reason"),
        (["second-factor"], "the following arguments are required: USERNAME"),
        (["verify-audit", "--expect", "abc"], "a root has 64 hexadecimal digits"),
        (["serve", "--port", "http"], "a port is a number from 1 to 65535"),
        (["serve", "--port", "0"], "a port is a number from 1 to 65535"),
        (["serve", "--port", "65536"], "a port is a number from 1 to 65535"),
        (["--port", "8000"], "invalid choice: '8000'"),
    ],
)
def test_wrong_usage_is_exit_status_2(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the usage and what is wrong with it, on standard error."""
    assert exit_of(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("usage: server.py")
    assert said in shown.err


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment in which nothing is set; the data directory that it then gets."""
    for name in (*VARIABLES, "CLOCK_OFFSET"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"DATABASE_URL": "postgresql:///x"}, "SECRET_KEY is required with DATABASE_URL"),
        ({"DATABASE_URL": "postgresql:///x", "SECRET_KEY": ""}, "SECRET_KEY is required with DATABASE_URL"),
        ({"SECRET_KEY": "x" * 31}, "SECRET_KEY needs 32 characters or more"),
        ({"SECRET_KEY": "123456789" * 5}, "SECRET_KEY needs 10 different characters or more; draw it at random"),
        ({"CIPHER": "ROT13"}, "CIPHER: Input should be 'AES_GCM_SIV' or 'SM4_GCM'"),
        ({"CLOCK": "2019-06-05T09:00:00"}, "CLOCK needs an offset, such as 2019-06-05T09:00:00+08:00"),
        (
            {"CLOCK": "2019-06-05T09:00:00+08:00", "DATABASE_URL": "postgresql:///x", "SECRET_KEY": SECRET},
            "CLOCK is refused with DATABASE_URL unless REHEARSAL=1",
        ),
        (
            {"CLOCK": "2019-06-05T09:00:00+08:00", "DATABASE_URL": "postgresql:///x", "SECRET_KEY": SECRET,
             "REHEARSAL": "0"},
            "CLOCK is refused with DATABASE_URL unless REHEARSAL=1",
        ),
        ({"METRICS_TOKEN": "x" * 31}, "METRICS_TOKEN: needs 32 characters or more"),
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_ISSUER and OIDC_AUDIENCE go together"),
        ({"OIDC_AUDIENCE": "renzheng"}, "OIDC_ISSUER and OIDC_AUDIENCE go together"),
        ({"OIDC_ISSUER": "http://id.example", "OIDC_AUDIENCE": "x"}, "OIDC_ISSUER: must begin with https://"),
        ({"OIDC_JWKS_URL": "file:///etc/passwd"}, "OIDC_JWKS_URL: must begin with https://"),
        (
            {"CLOCK_OFFSET": "60", "DATABASE_URL": "postgresql:///x", "SECRET_KEY": SECRET},
            "CLOCK is refused with DATABASE_URL unless REHEARSAL=1",
        ),
    ],
)  # fmt: skip
def test_an_environment_that_does_not_fit_together_is_refused(
    bare: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], said: str
) -> None:
    """The message names the variable; nothing was started or written."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        Settings.read()
    assert str(refused.value) == said
    assert not bare.exists()


def test_a_wrong_value_is_named_and_not_shown(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be a secret in the wrong variable."""
    monkeypatch.setenv("CLOCK", "hunter2")
    with pytest.raises(SettingsError, match=r"^CLOCK: ") as refused:
        Settings.read()
    assert "hunter2" not in str(refused.value)


def test_a_rehearsal_over_a_given_database_is_asked_for(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """REHEARSAL=1 says that the database is not the real one."""
    for name, value in {"CLOCK": "2019-06-05T09:00:00+08:00", "DATABASE_URL": "postgresql:///x",
                        "SECRET_KEY": SECRET, "REHEARSAL": "1"}.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    assert Settings.read().offset().days < -2000


def test_an_outside_provider_is_what_the_environment_says(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None where nothing is said; an issuer and an audience are enough."""
    assert Settings.read().provider() is None
    for name, value in {"OIDC_ISSUER": "https://id.example", "OIDC_AUDIENCE": "renzheng"}.items():
        monkeypatch.setenv(name, value)
    methods = frozenset({"otp", "mfa"})
    assert Settings.read().provider() == Provider("https://id.example", "renzheng", None, "preferred_username", methods)
    monkeypatch.setenv("OIDC_SECOND_FACTOR", "sc, fpt")
    found = Settings.read().provider()
    assert found is not None and found.second_factor == {"sc", "fpt"}


def test_the_generated_secret_is_kept_and_only_its_owners_to_read(bare: Path) -> None:
    """Tokens outlive a restart, and nobody else on the machine can make one."""
    first = Settings.read().secret()
    assert len(first) >= SECRET_SHORTEST
    assert Settings.read().secret() == first
    assert (bare / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("left", ["", "\n", "half"])
def test_a_secret_that_was_left_unfinished_is_made_anew(bare: Path, left: str) -> None:
    """A start that was killed while it wrote must not leave a service whose tokens anybody can sign."""
    bare.mkdir()
    (bare / "secret_key").write_text(left)
    assert len(Settings.read().secret()) >= SECRET_SHORTEST


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://nobody@127.0.0.1:1/none", "cannot reach the database"),
        ("mysql://127.0.0.1/none", "DATABASE_URL"),
        ("postgresql://127.0.0.1:port/none", "DATABASE_URL"),
    ],
)
def test_a_refused_command_is_exit_status_1_and_one_clear_line(url: str, said: str) -> None:
    """Not a page of Python: the last line says what is wrong; a log entry before it is one line too."""
    refused = run("migrate", DATABASE_URL=url, SECRET_KEY=SECRET)
    assert (refused.returncode, refused.stdout) == (1, "")
    *logged, line = refused.stderr.splitlines()
    assert line.startswith("renzheng: ")
    assert said in line
    assert [entry for entry in logged if not entry.startswith("{")] == []


@pytest.fixture
def begun(bare: Path, monkeypatch: pytest.MonkeyPatch) -> list[uvicorn.Config]:
    """With what workers would have been started."""
    held: list[uvicorn.Config] = []

    class Supervisor:
        def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
            held.append(config)

        def run(self) -> None:
            """Nothing is started."""

    monkeypatch.setattr(commands.serve, "Multiprocess", Supervisor)
    monkeypatch.setattr(os, "environ", dict(os.environ))
    return held


def serve(*, demo: bool = False) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        commands.serve.serve(Namespace(workers=2), listening, Settings.read(), "postgresql:///none", demo=demo)


def test_a_worker_that_is_slow_to_start_is_waited_for(begun: list[uvicorn.Config]) -> None:
    """On a busy machine a worker takes longer than five seconds to import; killed for it, none would ever serve."""
    serve()
    [config] = begun
    assert config.workers == 2
    assert config.timeout_worker_healthcheck >= 60


@pytest.mark.parametrize(
    ("demo", "set_to", "workers"),
    [(True, None, "everybody"), (False, None, "roles"), (True, "roles", "roles"), (False, "everybody", "everybody")],
)
def test_in_the_demo_everybody_may_introspect_unless_it_is_set(
    begun: list[uvicorn.Config], monkeypatch: pytest.MonkeyPatch, demo: bool, set_to: str | None, workers: str
) -> None:
    """What the workers are told."""
    if set_to:
        monkeypatch.setenv("INTROSPECTION", set_to)
    serve(demo=demo)
    assert os.environ["INTROSPECTION"] == workers


@pytest.mark.parametrize("origins", ["app.example.org", "https://app.example.org/", "*", "https://a.example,ftp://b"])
def test_what_is_no_origin_is_refused(bare: Path, monkeypatch: pytest.MonkeyPatch, origins: str) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", origins)
    with pytest.raises(SettingsError, match=r"^ALLOWED_ORIGINS: must be origins"):
        Settings.read()


def test_the_endpoint_is_closed_unless_it_is_set(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No origins, introspection by roles; any document, for the schema guards itself."""
    assert Settings.read().openness() == Openness(Introspection.ROLES, Documents.ANY, ())
    for name, value in (("INTROSPECTION", "everybody"), ("DOCUMENTS", "trusted")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ALLOWED_ORIGINS", "https://a.example, https://b.example:8443,")
    opened = ("https://a.example", "https://b.example:8443")
    assert Settings.read().openness() == Openness(Introspection.EVERYBODY, Documents.TRUSTED, opened)

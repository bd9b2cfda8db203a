"""A private PostgreSQL for a machine that has none.

`data_dir` holds everything that lasts:

    cluster/       the database; made as `cluster.new-…` and renamed when it is whole
    postgres.log   starts, stops and crashes; no statement and no row value
    lock           held by the process that serves, with its pid inside

The server listens on a socket in a directory of mode 0700 under /tmp and nowhere else. Whoever can open that
directory is trusted: the server's user, and root. Started by root, that user is the owner of the cluster, or
for a new one the first of `renzheng`, `postgres` and `nobody` that the machine has; folders above the cluster
keep their modes.

On Linux the server shuts down by itself when the process that started it dies in any way. Elsewhere only
`stop` does it.
"""

import contextlib
import fcntl
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Self
from urllib.parse import quote

from storage.programs import (
    ENVIRONMENT,
    SUPERUSER,
    Account,
    EmbeddedPostgresError,
    account_for,
    address_of,
    as_account,
    create_cluster,
    find_binaries,
    last_lines,
    processes_of,
    require_version,
    spawn,
)

__all__ = ["DATABASE", "SOCKETS", "AlreadyServedError", "EmbeddedPostgres", "EmbeddedPostgresError"]

DATABASE = "renzheng"
LOG_LIMIT = 4 * 1024 * 1024  # bytes; a longer log is set aside as postgres.log.1 at the next start
SOCKETS = Path("/tmp")  # short: a socket's path has at most 107 bytes
READY_WITHIN = 600.0  # seconds; recovery after a power cut replays up to max_wal_size
# Signals and the seconds each is given: fast shutdown, immediate shutdown, force.
SHUTDOWN = ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 10.0))

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "min_dynamic_shared_memory": "64MB",  # parallel queries, where a container's /dev/shm is small
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    # Statements and row values are personal data. `log` ranks above `error`: no refused statement is logged.
    "log_min_messages": "log",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_checkpoints": "off",
}

CREATE_DATABASE = f"""
SELECT 'CREATE DATABASE {DATABASE}' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}')
\\gexec
"""

log = logging.getLogger(__name__)


class AlreadyServedError(EmbeddedPostgresError):
    """Another live process serves the data directory.

    `pid` is that process, `dsn` the way to its database `renzheng`; None while that process is starting.
    """

    def __init__(self, data_dir: Path, pid: int | None, dsn: str | None) -> None:
        super().__init__(
            f"{data_dir} is already served by pid {pid or 'of a starting process'}: stop that process first,"
            " or choose another DATA_DIR"
        )
        self.pid = pid
        self.dsn = dsn


class EmbeddedPostgres:
    """One server over one data directory.

    `settings` are PostgreSQL settings by name and override `SETTINGS`. `fsync=off` is for tests.
    """

    def __init__(self, data_dir: Path, *, settings: Mapping[str, str] = {}) -> None:
        self._data_dir = Path(os.path.abspath(data_dir))
        self._settings = {**SETTINGS, **settings}
        self._cluster = self._data_dir / "cluster"
        self._lock: int | None = None
        self._sockets: Path | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> str:
        """Start the server and return the superuser's DSN of the database `renzheng`, both made when missing.

        Returns at once when it runs already. Raises `EmbeddedPostgresError`; then nothing is left running.
        """
        if self._process is None or self._process.poll() is not None:
            self.stop()
            try:
                self._start()
            except BaseException as error:
                self.stop()
                if isinstance(error, OSError | subprocess.SubprocessError):
                    raise EmbeddedPostgresError(
                        f"cannot run PostgreSQL in {self._data_dir}: {error}. Start as the user who owns that"
                        " folder, choose another DATA_DIR, or set DATABASE_URL"
                    ) from error
                raise
        return self.dsn(DATABASE)

    def stop(self) -> None:
        """Disconnect every client and shut down in order. Does nothing when it does not run."""
        process, self._process = self._process, None
        if process is not None:
            _shut_down(process)
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def dsn(self, database: str) -> str:
        """The superuser's DSN of a database. Raises `EmbeddedPostgresError` before `start`."""
        if self._sockets is None:
            raise EmbeddedPostgresError("the embedded PostgreSQL does not run: call start() first")
        return _dsn(self._sockets, database)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _start(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        self._lock = _lock(self._data_dir)
        name = "renzheng-{0.st_dev:x}-{0.st_ino:x}".format(self._data_dir.stat())
        _await_end_of_predecessor(name, self._cluster)
        account = account_for(self._cluster)
        binaries = find_binaries(account)
        if not self._cluster.exists():
            create_cluster(self._cluster, binaries, account, sync=self._settings.get("fsync") != "off")
        require_version(self._cluster, binaries)
        self._sockets = _socket_directory(name, account)
        self._launch(name, binaries, account)

    def _launch(self, name: str, binaries: Path, account: Account | None) -> None:
        settings = {**self._settings, "cluster_name": name, "unix_socket_directories": str(self._sockets)}
        with _open_log(self._data_dir / "postgres.log") as output:
            begin = output.seek(0, os.SEEK_END)
            self._process = spawn(
                as_account(account, binaries / "postgres", "-D", address_of(self._cluster, account))
                + [f"--{setting}={value}" for setting, value in settings.items()],
                self._cluster,
                output,
            )
            deadline = time.monotonic() + READY_WITHIN
            while not _is_ready(self._cluster):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    output.seek(begin)
                    raise EmbeddedPostgresError(f"PostgreSQL did not start: {last_lines(output.read())}")
                time.sleep(0.02)
        _create_database(binaries, self.dsn("postgres"))


def _shut_down(process: subprocess.Popen[bytes]) -> None:
    for number, seconds in SHUTDOWN:
        process.send_signal(number)
        try:
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            log.warning("PostgreSQL (pid %d) is still there %d s after %s", process.pid, seconds, number.name)
        else:
            return


def _lock(data_dir: Path) -> int:
    """Take the data directory until the returned descriptor is closed, or this process ends."""
    descriptor = os.open(data_dir / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        pid = os.read(descriptor, 32)
        os.close(descriptor)
        dsn = _dsn_of_running(data_dir / "cluster")
        raise AlreadyServedError(data_dir, int(pid) if pid else None, dsn) from None
    os.ftruncate(descriptor, 0)
    os.write(descriptor, b"%d" % os.getpid())
    return descriptor


def _await_end_of_predecessor(name: str, cluster: Path) -> None:
    """Wait until no process of a killed owner's server is left, then remove its postmaster.pid.

    That file has to go: in a container its pid often belongs to some other process by now, which PostgreSQL
    would take for a live server. Where there is no /proc, PostgreSQL is left to decide.
    """
    patience = time.monotonic() + SHUTDOWN[0][1]
    while left := processes_of(name):
        late = time.monotonic() - patience
        if late > SHUTDOWN[-1][1]:
            raise EmbeddedPostgresError(f"processes of an earlier PostgreSQL do not end: kill -9 {left}")
        for pid in left if late > 0 else ():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.05)
    if sys.platform == "linux":
        (cluster / "postmaster.pid").unlink(missing_ok=True)


def _socket_directory(name: str, account: Account | None) -> Path:
    """A fresh directory that only the server's user can open."""
    path = SOCKETS / name
    shutil.rmtree(path, ignore_errors=True)  # of a server that was killed
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:  # somebody else's
        path = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=SOCKETS))
    if account is not None:
        os.chown(path, *account)
    return path


def _open_log(path: Path) -> IO[bytes]:
    """Open the log for appending, with the old one set aside when it is long. Only its owner may read it."""
    if path.exists() and path.stat().st_size > LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    return open(os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600), "r+b", buffering=0)


def _is_ready(cluster: Path) -> bool:
    return _postmaster_lines(cluster)[7:8] == ["ready"]


def _dsn_of_running(cluster: Path) -> str | None:
    """The DSN of a server that another process started; None while it is not ready."""
    return _dsn(Path(_postmaster_lines(cluster)[4]), DATABASE) if _is_ready(cluster) else None


def _postmaster_lines(cluster: Path) -> list[str]:
    """The lines of postmaster.pid: 0 is the pid, 4 the socket directory, 7 the state."""
    try:
        return [line.strip() for line in (cluster / "postmaster.pid").read_text().splitlines()]
    except OSError:
        return []


def _dsn(sockets: Path, database: str) -> str:
    return f"postgresql://{SUPERUSER}@/{quote(database, safe='')}?host={quote(str(sockets))}"


def _create_database(binaries: Path, dsn: str) -> None:
    psql = subprocess.run(
        [binaries / "psql", "-Xqv", "ON_ERROR_STOP=1", dsn],
        input=CREATE_DATABASE.encode(),
        env=ENVIRONMENT,
        capture_output=True,
        check=False,
    )
    if psql.returncode != 0:
        raise EmbeddedPostgresError(f"cannot create the database {DATABASE}: {last_lines(psql.stderr)}")

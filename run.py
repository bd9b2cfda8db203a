"""Prepare the environment in `.venv` and run the service: `python3 run.py ...` is `python server.py ...`.

For work on the code (paths are relative to the project): `test [ARGUMENTS OF PYTEST]`, `check`, `fix`, `clients`, which
generates what the clients are made of and compiles it (Node.js), `suites [--from FOLDER]`, which runs conformance
suites of others against a service of its own, `bench`, which measures it beside its peers (`bench --help`), and
`lock [ARGUMENTS OF UV]`, which writes requirements.lock anew.

It needs Python 3.11 or newer and nothing else. The packages come from where pip or uv are configured to look.
"""

import configparser
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NoReturn

if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts this has not read pyproject.toml
    sys.exit("Renzheng needs Python 3.11 or newer; this is Python " + platform.python_version())

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".synced"
LOCK = ROOT / "requirements.lock"
TOOLS = ROOT / ".tools"
UV_VERSION = "0.13.9"

CHECKS: dict[str, Sequence[object]] = {
    "ruff format --check .": ("-m", "ruff", "format", "--check", "."),
    "ruff check .": ("-m", "ruff", "check", "."),
    "mypy": ("-m", "mypy"),
    "lint-imports": (VENV / "bin" / "lint-imports",),
    "python -m schema.sdl --check": ("-m", "schema.sdl", "--check"),
}
FIXES: dict[str, Sequence[object]] = {
    "ruff format .": ("-m", "ruff", "format", "."),
    "ruff check --fix .": ("-m", "ruff", "check", "--fix", "."),
    "python -m schema.sdl --write": ("-m", "schema.sdl", "--write"),
}
COMPILE = (
    *("pip", "compile", "--universal", "--python-version", "3.11", "--group", "dev", "pyproject.toml"),
    *(
        "--quiet",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        "--no-emit-index-url",
        "-o",
        "requirements.lock",
    ),
)
# What pip is told, and the variable by which uv is told the same.
PIP_AND_UV = {
    "index-url": "UV_INDEX_URL",
    "extra-index-url": "UV_EXTRA_INDEX_URL",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}


def main(arguments: Sequence[str]) -> NoReturn:
    command, *rest = arguments or ["serve"]
    if command == "lock":
        with locked(TOOLS / "lock"):
            uv = find_uv()
        os.chdir(ROOT)
        execute(uv, *COMPILE, *rest, environment=uv_environment(os.environ, pip_settings()))
    if command == "clients":
        execute(Path(sys.executable), ROOT / "clients" / "build.py")
    prepare_environment()
    if command == "test":
        os.chdir(ROOT)
        execute(PYTHON, "-m", "pytest", *rest)
    if command == "suites":
        os.chdir(ROOT)
        execute(PYTHON, "-m", "tests.suites", *rest)
    if command == "bench":
        os.chdir(ROOT)
        execute(PYTHON, "-m", "bench", *rest)
    if command == "check":
        sys.exit(run_all(CHECKS))
    if command == "fix":
        sys.exit(run_all(FIXES))
    execute(PYTHON, ROOT / "server.py", *arguments)


def execute(program: Path, *arguments: object, environment: Mapping[str, str] = os.environ) -> NoReturn:
    """Become the program: its exit status and the signals it gets are this process's own."""
    sys.stdout.flush()
    os.execve(program, [str(program), *map(str, arguments)], dict(environment))


def run_all(steps: Mapping[str, Sequence[object]]) -> int:
    """Run every step from the project's folder, and name those that failed. Returns the exit status."""
    failed = []
    for title, arguments in steps.items():
        print(f"\n> {title}", flush=True)
        if subprocess.run([PYTHON, *map(str, arguments)], cwd=ROOT, check=False).returncode != 0:
            failed.append(title)
    print(f"\nFailed: {', '.join(failed)}" if failed else "\nAll passed.", flush=True)
    return 1 if failed else 0


def prepare_environment() -> None:
    """Bring `.venv` to what requirements.lock says, once for each content of it and each Python.

    The stamp is removed first and written last: an environment without one was left half done and is made
    anew.
    """
    wanted = stamp(LOCK.read_bytes())
    if read_stamp() == wanted:
        return
    with locked(TOOLS / "lock"):
        found = read_stamp()
        if found == wanted:  # another start was faster
            return
        uv = find_uv()
        say("installing the packages of requirements.lock into .venv")
        STAMP.unlink(missing_ok=True)
        if found is None or interpreter_of(found) != interpreter_of(wanted):
            run_uv(uv, "venv", "--quiet", "--clear", "--python", os.path.realpath(sys.executable), str(VENV))
        offline = ["--no-index"] if pip_settings().get("no-index") in ("1", "true", "yes", "on") else []
        run_uv(uv, "pip", "sync", "--quiet", "--require-hashes", *offline, "--python", str(PYTHON), str(LOCK))
        STAMP.write_text(wanted)


def stamp(lock: bytes) -> str:
    """What an environment was made from: the interpreter, on the first line, and the digest of the lock."""
    interpreter = f"{platform.python_version()} {os.path.realpath(sys.executable)}"
    return f"{interpreter}\n{hashlib.sha256(lock).hexdigest()}\n"


def interpreter_of(text: str) -> str:
    return text.partition("\n")[0]


def read_stamp() -> str | None:
    """The stamp of the environment; None when it has none, or no Python that runs."""
    try:
        return STAMP.read_text() if PYTHON.exists() else None
    except FileNotFoundError:
        return None


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for other starts that are at the same work. The lock ends with this process at the latest."""
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def find_uv() -> Path:
    """The installer: the machine's own, else one that is put into `.tools`."""
    found = shutil.which("uv")
    if found is not None:
        return Path(found)
    uv = TOOLS / f"uv-{UV_VERSION}"
    if not uv.exists():
        say(f"installing uv {UV_VERSION} into .tools")
        draft = TOOLS / "draft"
        shutil.rmtree(draft, ignore_errors=True)  # of a start that was killed
        install_uv(draft)
        draft.rename(uv)
    return uv / "bin" / "uv"


def install_uv(target: Path) -> None:
    """Install with this Python's pip into a folder of its own, else with the pip of a new environment."""
    requirement = f"uv=={UV_VERSION}"
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    if importlib.util.find_spec("pip") is not None:
        commands = [[sys.executable, *pip, "--target", str(target), requirement]]
    elif importlib.util.find_spec("ensurepip") is not None:
        python = str(target / "bin" / "python")
        commands = [[sys.executable, "-m", "venv", str(target)], [python, *pip, requirement]]
    else:
        sys.exit(
            "This Python has neither pip nor ensurepip. Install one of them (on Debian and Ubuntu:"
            " apt install python3-venv), or uv, and start again."
        )
    settings = {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    for command in commands:
        if subprocess.run(command, env={**os.environ, **settings}, check=False).returncode != 0:
            shutil.rmtree(target, ignore_errors=True)
            sys.exit(f"Cannot install {requirement}; the reason stands above. uv on the PATH would do as well.")


def run_uv(uv: Path, *arguments: str) -> None:
    environment = uv_environment(os.environ, pip_settings())
    if subprocess.run([uv, *arguments], cwd=ROOT, env=environment, check=False).returncode != 0:
        sys.exit("Cannot make the environment in .venv; the reason stands above.")


def pip_settings() -> dict[str, str]:
    """What pip's files and variables say about where packages come from, by the name of pip's option."""
    home = Path(os.path.expanduser("~"))
    files = [Path("/etc/pip.conf"), home / ".pip/pip.conf", home / ".config/pip/pip.conf"]
    parser = configparser.RawConfigParser()
    with contextlib.suppress(configparser.Error, OSError):
        parser.read([*files, Path(os.environ.get("PIP_CONFIG_FILE", os.devnull))])
    sections = [dict(parser[name]) for name in ("global", "install") if parser.has_section(name)]
    variables = {
        name[4:].lower().replace("_", "-"): text for name, text in os.environ.items() if name.startswith("PIP_")
    }
    return {option: text for source in (*sections, variables) for option, text in source.items()}


def uv_environment(environment: Mapping[str, str], pip: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: what pip is told holds for it too, unless uv itself is told otherwise."""
    told = {PIP_AND_UV[option]: " ".join(text.split()) for option, text in pip.items() if option in PIP_AND_UV}
    if "UV_FIND_LINKS" in told:
        told["UV_FIND_LINKS"] = told["UV_FIND_LINKS"].replace(" ", ",")
    # pip looks at all indexes alike. The hashes of the lock keep a wrong package out.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", **told, **environment}


def say(text: str) -> None:
    print(f"run.py: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)

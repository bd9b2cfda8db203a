"""`python3 run.py suites`: suites that were not written for this project, against a service of the demo's own.

They are copied into `.tools/suites`, beside the packages of their lock, and never into the project.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import run
from demo import DEMO_PASSWORD, UNITS
from tests.commands.service import Service, started

ROOT = Path(__file__).parents[1]
DEFAULT = ROOT.parent / "shared/suites"
SCALARS = ROOT / "tests/scalars_for_suites.py"
CACHE = ROOT / ".tools/suites"
ACCOUNT = UNITS[0].si_number
"""Its lists are not empty and it may write; in the demo it may introspect as everybody may."""
AUDITOR = "auditor"
AS_AUDITOR = "relay auditor"
"""No account may use every list: what is not the school's is the auditor's, and each waives what is the other's."""
SIGN_IN = "mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }"
HEARTBEAT = "subscription { heartbeat(count: 3) }"
INIT_WAIT = 4  # seconds until the service gives up a socket that says nothing
_LOCKS = ("package-lock.json", "requirements.txt")


def main(arguments: Sequence[str]) -> int:
    """Run the suites; 0 where all of them passed."""
    parser = argparse.ArgumentParser(prog="run.py suites", description="Run suites of others. Needs node and npm.")
    parser.add_argument("--from", dest="folder", type=Path, default=DEFAULT, help="where they are (../shared/suites)")
    parser.add_argument("--only", nargs="+", default=list(SUITES), choices=list(SUITES), metavar="SUITE", help="some")
    parser.add_argument("--base", type=Path, metavar="FILE", help="the released schema.graphql, for sdl")
    asked = parser.parse_args(arguments)
    closing = dict(ran(installed(asked.folder), asked.only, asked.base))
    print("\n" + "\n".join(f"{name:<15}{line}" for name, line in closing.items()))
    return 0 if all(line.endswith(" 0 failed") for line in closing.values()) else 1


def installed(folder: Path) -> Path:
    """The suites as they are now, beside the packages of their lock; whatever was broken off is done again."""
    digest = hashlib.sha256(b"".join((folder / lock).read_bytes() for lock in _LOCKS)).hexdigest()
    place = CACHE / digest[:16]
    shutil.copytree(folder, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules", "venv"))
    shutil.copy(SCALARS, place / "sitecustomize.py")
    if not (place / ".installed").exists():
        run.say("installing the packages of the suites into .tools/suites")
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=place, check=True)
        uv = run.find_uv()
        run.run_uv(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(place / "venv"))
        packages = ("-r", str(place / "requirements.txt"))
        run.run_uv(uv, "pip", "install", "--quiet", "--python", str(place / "venv/bin/python"), *packages)
        (place / ".installed").touch()
    return place


def ran(suites: Path, names: Sequence[str], base: Path | None) -> Iterator[tuple[str, str]]:
    """Each suite with its closing line, against one service that is made for them and thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        print("making the demo's data …", flush=True)
        with started(Path(folder) / "data", SOCKET_INIT_TIMEOUT=str(INIT_WAIT)) as service:
            service.await_ready()
            for name in names:
                line = _of_the_file(Path(folder), base) if name == "sdl" else _of_the_service(name, suites, service)
                yield name, closing_line(suites, line)


def _of_the_service(name: str, suites: Path, service: Service) -> list[str]:
    """A suite's command line, with a fresh token: one lives for a quarter of an hour."""
    username = AUDITOR if name == AS_AUDITOR else ACCOUNT
    token = service.ask(SIGN_IN, input={"username": username, "password": DEMO_PASSWORD})["signIn"]["accessToken"]
    program = [str(suites / "venv/bin/python"), "fuzz.py"] if name == "fuzz" else ["node", f"{name.split()[0]}.mjs"]
    return [*program, f"http://127.0.0.1:{service.port}/graphql", "--token", token, *SUITES[name]]


def _of_the_file(folder: Path, base: Path | None) -> list[str]:
    """The one suite that reads schema.graphql, and the documents of our own clients without their packages."""
    line = ["node", "sdl.mjs", str(ROOT / "schema.graphql"), *(["--base", str(base.resolve())] if base else [])]
    if not (ROOT / "clients").exists():
        return line
    clients = shutil.copytree(ROOT / "clients", folder / "clients", ignore=shutil.ignore_patterns("node_modules"))
    return [*line, "--documents", str(clients)]


def closing_line(suites: Path, line: Sequence[str]) -> str:
    """Run it, show what it says but for what passed, and return how it ends."""
    print(f"\n> {Path(line[1]).stem}", flush=True)
    told = os.environ | {"PYTHONPATH": str(suites)}  # how our scalars are written
    done = subprocess.run(line, cwd=suites, env=told, stdout=subprocess.PIPE, text=True, check=False)
    said = done.stdout.splitlines() or ["it said nothing"]
    print("\n".join(each for each in said if not each.startswith("PASS")), flush=True)
    return said[-1] if done.returncode in (0, 1) else f"{said[-1]}; ended with {done.returncode}"


SUITES: dict[str, Sequence[str]] = {
    "http-audits": (),
    "relay": ("--waive", "R20:complianceReviews"),
    AS_AUDITOR: ("--waive", "R20:unit.beneficiaries,R20:warnings"),
    "ws-protocol": ("--auth", "--subscription", HEARTBEAT, "--init-wait", str(INIT_WAIT + 2)),
    "sdl": (),
    "fuzz": ("--mutations", "--examples", "50"),
}
"""With what each is run; the one that writes most comes last."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Generates what clients are made of (TypeScript types, persisted documents, Kotlin types), and compiles it.

Fails where what was generated before is out of date; it is written anew then, to be looked at and committed.
"""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
PACKAGES = ROOT / "node_modules"
STAMP = PACKAGES / ".installed"


def main() -> int:
    if shutil.which("npm") is None:
        print("The clients need Node.js 20 or newer, with npm: install it, and start again.", file=sys.stderr)
        return 1
    _install()
    before = _generated()
    _run("npm", "run", "--silent", "generate")
    _run("npm", "run", "--silent", "types")
    after = _generated()
    stale = sorted(str(file) for file in before.keys() | after.keys() if before.get(file) != after.get(file))
    for file in stale:
        print(f"clients/{file} was out of date. It is written anew: commit it.", file=sys.stderr)
    return 1 if stale else 0


def _install() -> None:
    """What package-lock.json pins, once for each content of it."""
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if not STAMP.exists() or STAMP.read_text() != wanted:
        _run("npm", "ci", "--no-audit", "--no-fund", "--loglevel=error")
        STAMP.write_text(wanted)


def _generated() -> dict[Path, bytes]:
    files = (file for folder in ROOT.glob("*/generated") for file in folder.rglob("*") if file.is_file())
    return {file.relative_to(ROOT): file.read_bytes() for file in files}


def _run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{done.stdout}{done.stderr}clients: {' '.join(command)} failed.")


if __name__ == "__main__":
    sys.exit(main())

"""`schema.graphql`, the schema as clients see it, and `schema.released.graphql`, as the last release showed it.

`--write` the first anew; `--check` that it is up to date and takes nothing from clients of the second; `--release`
writes the second anew.
"""

import argparse
import difflib
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from schema import evolution
from schema.build import SCHEMA

FILE = Path(__file__).parents[1] / "schema.graphql"
RELEASED = FILE.with_name("schema.released.graphql")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m schema.sdl", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write schema.graphql anew")
    parser.add_argument("--check", action="store_true", help="exit 1 where it differs, or breaks clients (the default)")
    parser.add_argument("--release", action="store_true", help="write schema.released.graphql, unless clients break")
    asked = parser.parse_args(arguments)
    built = SCHEMA.as_str() + "\n"
    if asked.write:
        FILE.write_text(built, encoding="utf-8")
        return 0
    fits = (asked.release and not RELEASED.exists()) or evolves(RELEASED, built, date.today())
    if asked.release:
        if fits:
            RELEASED.write_text(built, encoding="utf-8")
        return 0 if fits else 1
    return 0 if fits & is_written(FILE, built) else 1


def is_written(file: Path, built: str) -> bool:
    """Whether the file holds the schema; says how it differs."""
    held = file.read_text(encoding="utf-8") if file.exists() else ""
    difference = list(difflib.unified_diff(held.splitlines(), built.splitlines(), file.name, "the code"))
    print("\n".join(difference), end="\n" if difference else "", file=sys.stderr)
    return not difference


def evolves(released: Path, built: str, today: date) -> bool:
    """Whether clients of the released schema can go on with this one; says what is in their way."""
    if not released.exists():
        print(f"{released.name} is missing: nothing tells what clients rely on", file=sys.stderr)
        return False
    before = released.read_text(encoding="utf-8")
    for change in evolution.warnings(before, built):
        print(f"warning: {change}", file=sys.stderr)
    broken = evolution.objections(before, built, today)
    for change in broken:
        print(f"breaking: {change} See docs/schema-policy.md.", file=sys.stderr)
    return not broken


if __name__ == "__main__":
    sys.exit(main())

"""`schema.graphql`, the schema as clients see it: `--write` it, or `--check` that it is up to date."""

import argparse
import difflib
import sys
from pathlib import Path

from schema.build import SCHEMA

FILE = Path(__file__).parents[1] / "schema.graphql"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m schema.sdl", description=__doc__)
    parser.add_argument("--write", action="store_true", help="write schema.graphql anew")
    parser.add_argument("--check", action="store_true", help="exit 1 where schema.graphql differs (the default)")
    built = SCHEMA.as_str() + "\n"
    if parser.parse_args().write:
        FILE.write_text(built, encoding="utf-8")
        return 0
    held = FILE.read_text(encoding="utf-8") if FILE.exists() else ""
    difference = list(difflib.unified_diff(held.splitlines(), built.splitlines(), "schema.graphql", "the code"))
    print("\n".join(difference), end="\n" if difference else "", file=sys.stderr)
    return 1 if difference else 0


if __name__ == "__main__":
    sys.exit(main())

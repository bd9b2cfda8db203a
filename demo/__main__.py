"""`python -m demo FOLDER [--today YYYY-MM-DD] [--seed N]` writes the demo data as CSV files."""

import argparse
from datetime import date
from pathlib import Path

from demo import generate, write


def main() -> None:
    """Generate as of a day and write; the clock is read only where no day is given."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="Write the demo data as CSV files.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--today", type=date.fromisoformat, metavar="YYYY-MM-DD", default=None)
    parser.add_argument("--seed", type=int, default=2019)
    arguments = parser.parse_args()
    data = generate(arguments.today or date.today(), seed=arguments.seed)
    write(data, arguments.folder)
    for name in ("units", "accounts", "beneficiaries", "evidence"):
        print(f"{arguments.folder / name}.csv: {len(getattr(data, name))} rows")


if __name__ == "__main__":
    main()

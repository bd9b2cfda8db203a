"""Writes demo data as the CSV files that the import commands read."""

import csv
from collections.abc import Sequence
from pathlib import Path

from demo.generator import DemoData

_UNITS = "si_number,name,district"
_ACCOUNTS = "username,role,unit_si_number,district,id_number,password"
_BENEFICIARIES = (
    "unit_si_number,category,name,id_number,phone,household_address,residence_address,"
    "benefit_from,monthly_amount,certified_in"
)
_EVIDENCE = "id_number,source,kind,occurred_on,reference"


def write(data: DemoData, folder: Path) -> None:
    """Write `units.csv`, `accounts.csv`, `beneficiaries.csv` and `evidence.csv`; UTF-8, RFC 4180."""
    folder.mkdir(parents=True, exist_ok=True)
    _write(folder / "units.csv", _UNITS, data.units)
    _write(folder / "accounts.csv", _ACCOUNTS, data.accounts)
    _write(folder / "beneficiaries.csv", _BENEFICIARIES, data.beneficiaries)
    _write(folder / "evidence.csv", _EVIDENCE, data.evidence)


def _write(path: Path, columns: str, rows: Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns.split(","))
        writer.writeheader()
        writer.writerows(rows)

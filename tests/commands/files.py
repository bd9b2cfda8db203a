"""CSV files as a test writes them, and what the database holds after an import."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from commands.load import load_quietly
from domain.month import Month
from resolvers.intake.files import Loaded, Rejected
from resolvers.intake.reading import Problem
from tests.world import SCHOOL, World, id_number

HEADERS = {
    "units": "si_number,name,district",
    "accounts": "username,role,unit_si_number,district,id_number,password",
    "beneficiaries": "unit_si_number,category,name,id_number,phone,household_address,residence_address,benefit_from,"
    "monthly_amount,certified_in",
    "rates": "unit_si_number,category,id_number,from_month,monthly_amount",
    "evidence": "id_number,source,kind,occurred_on,reference",
}
GOOD = {
    "units": ("370202000909", "青岛市市南区某小学", "市南区"),
    "accounts": (f"{SCHOOL}/li", "UNIT", SCHOOL, "", "", "a good password"),
    "beneficiaries": (SCHOOL, "RETIREE", "张三", id_number(7), "13812345678", "青岛市市南区香港中路1号",
                      "青岛市崂山区海尔路60号", "2005-01", "3000.00", "2019-01"),
    "rates": (SCHOOL, "RETIREE", id_number(1), "2019-07", "3100.00"),
    "evidence": (id_number(1), "transport", "rail_travel", "2019-05-20", "T-1"),
}  # fmt: skip
KINDS = list(HEADERS)
KEY = {"units": "si_number", "accounts": "username", "beneficiaries": "id_number", "rates": "from_month",
       "evidence": "reference"}  # fmt: skip


def good(kind: str, /, **values: str) -> dict[str, str]:
    """A good row of that kind, with other values where given."""
    return dict(zip(HEADERS[kind].split(","), GOOD[kind], strict=True)) | values


def another(kind: str, serial: int = 0) -> dict[str, str]:
    """A good row of that kind with a key of its own."""
    key = KEY[kind]
    match key:
        case "id_number":
            return good(kind, id_number=id_number(100 + serial))
        case "from_month":
            return good(kind, from_month=str(Month(2019, 8) + serial))
        case _:
            return good(kind, **{key: f"{good(kind)[key]}{serial}"})


def text(kind: str, *rows: dict[str, str]) -> str:
    """A file of that kind; no value here needs quotes."""
    return "\n".join([HEADERS[kind], *(",".join(row.values()) for row in rows)]) + "\n"


@dataclass
class Desk:
    """Where files lie and are loaded from: a world with the school, whose person 1 is enrolled."""

    world: World
    serial: int = 0

    def file(self, content: str | bytes) -> Path:
        self.serial += 1
        file = self.world.folder / f"file-{self.serial}.csv"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return file

    async def load(self, kind: str, content: str | bytes | Path, rejects: Path | None = None) -> Loaded:
        file = content if isinstance(content, Path) else self.file(content)
        return await load_quietly(self.world.context(), kind, file, rejects)

    async def problems(self, kind: str, content: str | bytes) -> list[Problem]:
        """Why the file is refused, row by row; nothing of it may be there afterwards."""
        before = await self.dump()
        with pytest.raises(Rejected) as refused:
            await self.load(kind, content)
        assert await self.dump() == before
        return refused.value.problems

    async def dump(self) -> dict[str, list[str]]:
        """Every row of every table, as text, but for the clock of the batches and what is told of a failure."""
        owner = self.world.owner
        tables = await owner.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename NOT IN ('batch_clock', 'audit_entries', 'audit_chains', 'audit_clock', 'events',"
            " 'event_heads') ORDER BY 1"
        )
        return {
            name: [row[0] for row in await owner.fetch(f"SELECT t::text FROM {name} AS t ORDER BY 1")]
            for (name,) in tables
        }

    async def count(self, table: str) -> int:
        found: int = await self.world.owner.fetchval(f"SELECT count(*) FROM {table}")
        return found

"""Two districts with three units, people of every fate, acts, cases and money of each, and an account of every role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers import signals
from tests.world import BUREAU, HANDLER, OFFICER, SCHOOL, World, id_number, node_id

ELSEWHERE = "370214000001"
"""A unit of the other district."""


@dataclass
class District:
    """Three units of two districts with acts, cases and money of each, and an account of every role."""

    world: World
    sessions: dict[str, UUID]
    people: dict[str, set[int]]
    """By unit number: the ids of its people."""
    units: dict[str, int]
    """By unit number: its id."""
    cases: dict[int, int]
    """By person: the id of a case."""
    versions: dict[int, int]
    """By person: the version of a certification."""
    objections: dict[int, int]
    """By person: the id of an objection."""
    reviews: dict[int, int]
    """By person: the id of a compliance review."""

    async def token(self, who: str) -> str:
        """A bearer token of the account."""
        header = await self.world.token(who)
        return header["Authorization"].removeprefix("Bearer ")

    async def everything_about(self, unit: str) -> list[str]:
        """Every row of the unit's people, in every table, as text."""
        people = sorted(self.people[unit])
        found = [await self.world.owner.fetchval(ROWS.format(table="beneficiaries", column="id"), people)]
        for table in HELD:
            found.append(await self.world.owner.fetchval(ROWS.format(table=table, column="beneficiary_id"), people))
        return found

    async def seen(self, who: str, table: str) -> set[int]:
        """Whose rows a statement without a WHERE returns."""
        column = "id" if table == "beneficiaries" else "beneficiary_id"
        async with self.world.callers.reading(self.sessions[who]) as connection:
            return {row["id"] for row in await connection.fetch(f"SELECT {column} AS id FROM {table}")}


async def lived(world: World) -> District:
    await world.at("2019-06-01").units(SCHOOL, BUREAU)
    await world.load("units", [{"si_number": ELSEWHERE, "name": "外区某校", "district": "城阳区"}])
    await world.officers()
    await world.officers("officer-chengyang", district="城阳区")
    blank = {"unit_si_number": "", "district": "", "id_number": "", "password": "correct horse"}
    others = [
        {**blank, "username": ELSEWHERE, "role": "UNIT", "unit_si_number": ELSEWHERE},
        {**blank, "username": "auditor", "role": "AUDITOR"},
        {**blank, "username": "service", "role": "SERVICE"},
        {**blank, "username": "window", "role": "WINDOW", "district": "市南区"},
        {**blank, "username": "person", "role": "PERSON", "id_number": id_number(1)},
        {**blank, "username": "nobody", "role": "PERSON", "id_number": id_number(900)},
    ]
    await world.load("accounts", others)
    people: dict[str, set[int]] = {}
    for place, unit in enumerate((SCHOOL, BUREAU, ELSEWHERE)):
        whose = "外人" if unit == ELSEWHERE else "张三"
        people[unit] = {await world.enrol(10 * place + n, unit=unit, name=f"{whose}{n}") for n in (1, 2, 3)}
    await world.payroll("2019-06")
    for unit, ids in people.items():
        await _fates(world, unit, sorted(ids))
    await world.payroll("2019-07", "2019-08")
    for unit, ids in people.items():
        await _healed(world, unit, sorted(ids))
    await world.payroll("2019-09")
    await signals.run(world.context())
    sessions = {who: (await world.viewer(who)).session for who in WHO}
    return District(
        world,
        {who: session for who, session in sessions.items() if session},
        people,
        await _pairs(world, "SELECT si_number, id FROM units"),
        await _pairs(world, "SELECT beneficiary_id, max(id) FROM reinstatements GROUP BY 1"),
        await _pairs(world, "SELECT beneficiary_id, max(version) FROM certifications GROUP BY 1"),
        await _pairs(world, "SELECT beneficiary_id, max(id) FROM objections GROUP BY 1"),
        await _pairs(world, "SELECT beneficiary_id, max(id) FROM compliance_reviews GROUP BY 1"),
    )


async def _pairs(world: World, statement: str) -> dict[Any, int]:
    return {row[0]: row[1] for row in await world.owner.fetch(statement)}


HELD = (
    "certifications", "terminations", "certification_periods", "suspensions", "reinstatements", "reinstatement_months",
    "settlements", "settlement_months", "payments", "payment_lines", "verdicts", "benefit_rates", "objections",
    "compliance_reviews",
)  # fmt: skip
ROWS = "SELECT jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t))::text FROM {table} t WHERE {column} = ANY($1)"


WHO = (
    SCHOOL, BUREAU, ELSEWHERE, OFFICER, "officer-chengyang", "auditor", "service", "window", "person", "nobody"
)  # fmt: skip


async def _fates(world: World, unit: str, ids: list[int]) -> None:
    """One suspended, one ended long ago, one left alone."""
    world.at("2019-06-20")
    await world.submit(Act.OVERRIDE, ids[0], status=SurvivalStatus.MISSING, since="2019-06-19", as_=unit)
    await world.submit(Act.TERMINATE, ids[1], status=SurvivalStatus.DECEASED, since="2019-04-15", as_=unit)


async def _healed(world: World, unit: str, ids: list[int]) -> None:
    """The suspended one is found, paid back, and objected for; of the ended one's overpayment a part is paid."""
    officer = "officer-chengyang" if unit == ELSEWHERE else OFFICER
    world.at("2019-08-20")
    await world.submit(Act.OVERRIDE, ids[0], reason="本人到场", as_=unit)
    case = (await world.request(ids[0], as_=unit))["reinstatement"]["id"]
    assert (await world.review(case, as_=officer))["userErrors"] == []
    objection = """mutation($i: ReportVerdictErrorInput!) {
        reportVerdictError(input: $i) { userErrors { code } } }"""
    wrong = {"beneficiaryId": node_id(ids[0]), "month": "2019-06", "statement": "本人健在", "handler": HANDLER}
    assert (await world.ask(objection, {"i": wrong}, as_=unit))["reportVerdictError"] == {"userErrors": []}
    settle = "mutation($i: SettleOverpaymentInput!) { settleOverpayment(input: $i) { userErrors { code } } }"
    paid = {"beneficiaryId": node_id(ids[1]), "kind": "INSTALMENT", "amount": "1000.00"}
    assert (await world.ask(settle, {"i": paid}, as_=officer))["settleOverpayment"] == {"userErrors": []}


def whose(district: District, who: str) -> set[int]:
    """Whose rows the account is to see."""
    units = {SCHOOL: [SCHOOL], BUREAU: [BUREAU], ELSEWHERE: [ELSEWHERE], OFFICER: [SCHOOL, BUREAU],
             "window": [SCHOOL, BUREAU], "officer-chengyang": [ELSEWHERE],
             "auditor": [SCHOOL, BUREAU, ELSEWHERE], "service": [SCHOOL, BUREAU, ELSEWHERE]}  # fmt: skip
    if who == "person":
        return {min(district.people[SCHOOL])}
    return {id for unit in units.get(who, []) for id in district.people[unit]}

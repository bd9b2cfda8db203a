"""Two districts with three units, people of every fate, acts, cases and money of each, and an account of every role."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from domain.submission import Act, Handler
from domain.vocabulary import SurvivalStatus
from resolvers import signals, warnings
from schema import ids
from schema.ids import Kind
from tests.world import BUREAU, HANDLER, OFFICER, SCHOOL, World, id_number, node_id

ELSEWHERE = "370214000001"
"""A unit of the other district."""
MARKS = {SCHOOL: "校", BUREAU: "局", ELSEWHERE: "外"}
"""What every text holds that was written down at or about a unit's people."""
PEOPLE = range(1, 7)
_COMMON = re.compile(r"\d{4}-\d\d.*|-?\d+\.\d+.*|[A-Za-z_]+|\d{1,5}|.{0,2}|.*\.\.\..*")
"""Words that everybody's rows hold: dates, codes, sums of money, small figures."""


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

    async def foreign_values(self, who: str) -> set[str]:
        """Every text in a row of people whom the account may not see, and their ids, but what its own rows hold."""
        own = whose(self, who)
        all_people = {id for held in self.people.values() for id in held}
        found, held = await self._values(all_people - own), await self._values(own)
        ids_of = {text for id in all_people - own for text in self._ids(id)} - {
            text for id in own for text in self._ids(id)
        }
        return {text for text in found - held if not _COMMON.fullmatch(text)} | ids_of

    async def _values(self, people: set[int]) -> set[str]:
        """The texts in the rows of people, of their units and of what the trail tells of either."""
        units = [self.units[unit] for unit, held in self.people.items() if held & people]
        values: set[str] = set()
        for table, column in (("beneficiaries", "id"), *((table, "beneficiary_id") for table in HELD)):
            values |= _texts(await self.world.owner.fetchval(ROWS.format(table=table, column=column), sorted(people)))
        values |= _texts(await self.world.owner.fetchval(ROWS.format(table="units", column="id"), units))
        told = "SELECT body FROM audit_entries WHERE beneficiary_id = ANY($1)"
        return values.union(*(_texts(row["body"]) for row in await self.world.owner.fetch(told, sorted(people))))

    def _ids(self, person: int) -> list[str]:
        unit = next(self.units[unit] for unit, held in self.people.items() if person in held)
        case, version = self.cases.get(person), self.versions.get(person)
        return [
            ids.encode(Kind.BENEFICIARY, person),
            ids.encode(Kind.UNIT, unit),
            *([ids.encode(Kind.REINSTATEMENT, case)] if case else []),
            *([ids.encode(Kind.CERTIFICATION, person, version)] if version else []),
        ]

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
    people = {unit: {await _enrolled(world, unit, 10 * place + n) for n in PEOPLE} for place, unit in enumerate(MARKS)}
    await world.payroll("2019-06")
    for unit, held in people.items():
        await _fates(world, unit, sorted(held))
    await world.payroll("2019-07", "2019-08")
    for unit, held in people.items():
        await _healed(world, unit, sorted(held))
    await world.payroll("2019-09")
    await signals.run(world.context())
    await warnings.warn(world.context())
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


async def _enrolled(world: World, unit: str, serial: int) -> int:
    """Somebody whose every value is nobody else's."""
    mark = MARKS[unit]
    address = {"household_address": f"{mark}家路{serial}号", "residence_address": f"{mark}住路{serial}号"}
    phone = f"139{serial:04}{serial:04}"
    return await world.enrol(serial, unit=unit, name=f"{mark}人{serial:03}", phone=phone, **address)


def _texts(value: Any) -> set[str]:
    """Every text within a value, and within the JSON that a text is."""
    match value:
        case str() if value[:1] in "[{" and value:
            return _texts(json.loads(value)) if value[-1:] in "]}" and '"' in value else {value}
        case str():
            return {value}
        case dict():
            return {text for one in value.values() for text in _texts(one)}
        case list():
            return {text for one in value for text in _texts(one)}
        case _:
            return set()


async def _pairs(world: World, statement: str) -> dict[Any, int]:
    return {row[0]: row[1] for row in await world.owner.fetch(statement)}


HELD = (
    "certifications", "terminations", "termination_withdrawals", "certification_periods", "suspensions",
    "reinstatements", "reinstatement_months", "settlements", "settlement_months", "payments", "payment_lines",
    "verdicts", "benefit_rates", "objections", "compliance_reviews", "warnings",
)  # fmt: skip
ROWS = "SELECT jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t))::text FROM {table} t WHERE {column} = ANY($1)"


WHO = (
    SCHOOL, BUREAU, ELSEWHERE, OFFICER, "officer-chengyang", "auditor", "service", "window", "person", "nobody"
)  # fmt: skip


async def _fates(world: World, unit: str, ids: list[int]) -> None:
    """One suspended, one ended long ago, one left alone."""
    world.at("2019-06-20")
    by = Handler(f"{MARKS[unit]}经办", f"0532-{unit[-8:]}")
    await world.submit(Act.OVERRIDE, ids[0], status=SurvivalStatus.MISSING, since="2019-06-19", handler=by, as_=unit)
    await world.submit(Act.TERMINATE, ids[1], status=SurvivalStatus.DECEASED, since="2019-04-15", handler=by, as_=unit)
    for id in ids[3:]:
        reason = f"{MARKS[unit]}本人到场"
        await world.submit(Act.OVERRIDE, id, reason=reason, handler=by, as_=unit)


async def _healed(world: World, unit: str, ids: list[int]) -> None:
    """The suspended one is found, paid back, and objected for; of the ended one's overpayment a part is paid."""
    officer = "officer-chengyang" if unit == ELSEWHERE else OFFICER
    world.at("2019-08-20")
    mark, number = MARKS[unit], list(MARKS).index(unit)
    by = Handler(f"{mark}经办", f"0532-{unit[-8:]}")
    await world.submit(Act.OVERRIDE, ids[0], reason=f"{mark}本人到场", handler=by, as_=unit)
    proof = {"name": f"{mark}证明.pdf", "sha256": f"{number}" * 64}
    asked = {"handler": {"name": by.name, "contact": by.contact}, "documents": [proof], "statement": f"{mark}申请恢复"}
    case = (await world.request(ids[0], as_=unit, **asked))["reinstatement"]["id"]
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

"""What the API tests begin with: people with a published verdict, accounts of every role, and what is saved of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from schema import ids
from schema.ids import Kind
from tests.world import CONTACT, PASSWORD, SCHOOL, World, id_number, node_id

EVIDENCE = {
    "QUALIFIED": [("transport", "rail_travel", "2019-05-20")],
    "PENDING": [],
    "DISQUALIFIED": [("justice", "cremation", "2019-05-02")],
    "CONFLICT": [("justice", "cremation", "2019-05-02"), ("transport", "rail_travel", "2019-05-20")],
}
"""What of May 2019 makes a person's verdict what it is called."""

SAVED = (
    "beneficiaries", "certifications", "certification_periods", "terminations", "compliance_reviews", "verdicts",
    "objections", "quarantines", "suspensions", "reinstatements", "reinstatement_months", "settlements", "payments",
    "payment_lines",
)  # fmt: skip


@dataclass
class Person:
    """Somebody enrolled, by the row's id and the number of the test's own that made the ID number."""

    id: int
    serial: int

    @property
    def node(self) -> str:
        return node_id(self.id)


async def enrolled(world: World, number: int = 1, *, first: int = 1, unit: str = SCHOOL, **fields: str) -> list[Person]:
    """People with complete contact data, in a period since 2019-01, of one file."""
    serials = range(first, first + number)
    rows = [
        {"unit_si_number": unit, "category": "RETIREE", "name": f"张三{serial}", "id_number": id_number(serial),
         **CONTACT, "benefit_from": "2005-01", "monthly_amount": "3000.00", "certified_in": "2019-01", **fields}
        for serial in serials
    ]  # fmt: skip
    await world.load("beneficiaries", rows)
    found = await world.owner.fetch(
        """SELECT b.id, n.id_number_digest FROM beneficiaries b JOIN persons n ON n.id = b.person_id
           JOIN units u ON u.id = b.unit_id WHERE u.si_number = $1 AND b.category = $2""",
        unit,
        fields.get("category", "RETIREE"),
    )
    ids = {row["id_number_digest"]: row["id"] for row in found}
    return [Person(ids[world.gate.personal.digest(id_number(serial))], serial) for serial in serials]


async def seen(world: World, *facts: tuple[Person, str, str, str]) -> None:
    """Evidence (person, source, kind, day) of one file."""
    world._serial += 1
    rows = [
        {"id_number": id_number(person.serial), "source": source, "kind": kind, "occurred_on": day,
         "reference": f"S-{world._serial}-{place}"}
        for place, (person, source, kind, day) in enumerate(facts)
    ]  # fmt: skip
    if rows:
        await world.load("evidence", rows)


async def concluded(world: World, *people: tuple[Person, str]) -> None:
    """Import the evidence that makes these conclusions for May 2019 and publish it on 4 June; it is then 5 June."""
    world.at("2019-06-01")
    await seen(world, *((person, *fact) for person, conclusion in people for fact in EVIDENCE[conclusion]))
    await world.at("2019-06-04").publish("2019-05", release=True)
    world.at("2019-06-05")


async def judged(world: World, *conclusions: str, unit: str = SCHOOL, **fields: Any) -> list[Person]:
    """People of a new unit with these conclusions for May 2019, published on 4 June; it is 5 June 2019."""
    await world.units(unit)
    people = await enrolled(world.at("2019-06-01"), len(conclusions), unit=unit, **fields)
    await concluded(world, *zip(people, conclusions, strict=True))
    return people


async def qualified(world: World, number: int = 1, **fields: Any) -> list[Person]:
    """QUALIFIED people: version 2, in the period 2019-05 to 2020-05 that the verdict opened."""
    return await judged(world, *["QUALIFIED"] * number, **fields)


async def account(world: World, username: str, role: str, **belongs: str) -> str:
    """Another account, by its username."""
    blank = {"unit_si_number": "", "district": "", "id_number": ""}
    await world.load("accounts", [{"username": username, "role": role, **blank, "password": PASSWORD, **belongs}])
    return username


async def unit_of(world: World, si_number: str) -> str:
    """The global id of a unit."""
    found: int = await world.owner.fetchval("SELECT id FROM units WHERE si_number = $1", si_number)
    return ids.encode(Kind.UNIT, found)


async def saved(world: World) -> dict[str, Any]:
    """Everything that an act could change, as it stands in the database."""
    return {
        table: await world.owner.fetchval(f"SELECT jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)) FROM {table} t")
        for table in SAVED
    }


async def reviews(world: World) -> list[int]:
    """For whom the agency has a review to do."""
    rows = await world.owner.fetch("SELECT beneficiary_id FROM compliance_reviews ORDER BY 1")
    return [row["beneficiary_id"] for row in rows]


def period(row: Any) -> str | None:
    """A row's period as the rules write it: 2019-06..2020-06 CONFIRM."""
    return span(row["certificationPeriod"])


def span(found: Any) -> str | None:
    return found and f"{found['startMonth']}..{found['endMonth']} {found['method']}"


def periods(row: Any) -> list[str | None]:
    return [span(edge["node"]) for edge in row["certificationPeriods"]["edges"]]


def acts(row: Any) -> list[tuple[str, str, str]]:
    """Method, survival status and result of a row's certifications, newest first."""
    nodes = [edge["node"] for edge in row["certifications"]["edges"]]
    return [(node["method"], node["survivalStatus"], node["result"]) for node in nodes]

"""What the tests of money begin with: lives at a known point of the worked cases, and the documents that ask."""

from __future__ import annotations

from typing import Any

from tests.api.scenes import Person, enrolled, qualified
from tests.fragments import CASE_ANSWER
from tests.world import OFFICER, SCHOOL, World

PASS: dict[str, Any] = {"survivalStatus": "NORMAL"}
DEATH: dict[str, Any] = {"survivalStatus": "DECEASED", "occurredOn": "2019-06-10"}
PRISON: dict[str, Any] = {"survivalStatus": "IMPRISONED", "occurredOn": "2019-06-10"}
CHIEF = "officer-chief"
"""Another officer of the same district."""

CASES = """
query($status: ReinstatementStatus, $of: ID, $first: Int, $after: String) {
  reinstatements(status: $status, beneficiaryId: $of, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    edges { cursor node { id status months beneficiary { id } } } } }
"""
SETTLEMENT = """
fragment Owed on Overpayment {
  amount settled outstanding months { month amount established } beneficiary { id }
  settlements { kind amount reason settledOn settledBy }
}
"""
OVERPAYMENTS = (
    """
query($outstanding: Boolean! = true, $first: Int, $after: String) {
  overpayments(outstanding: $outstanding, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } edges { cursor node { ...Owed } } } }
"""
    + SETTLEMENT
)


def ledger(money: Any) -> dict[str, str]:
    """Each month as `PAID 3000.00` or `WITHHELD SUSPENDED`."""
    return {
        p["month"]: f"{p['status']} {p['amount'] if p['status'] == 'PAID' else p['basis']}" for p in money["payments"]
    }


def codes(payload: Any) -> list[str]:
    return [error["code"] for error in payload["userErrors"]]


def named(payload: Any) -> list[tuple[str, str]]:
    """Code and dotted path of each obstacle."""
    return [(error["code"], ".".join(error["path"])) for error in payload["userErrors"]]


# Lives.


async def stated(world: World, person: Person, status: dict[str, Any] = PASS, on: str | None = None) -> Any:
    """The unit states the person's survival status, and nothing stands in the way."""
    if on is not None:
        world.at(on)
    payload = await world.act("overrideVerdict", {"beneficiaryId": person.node, **status})
    assert payload["userErrors"] == []
    return payload


async def ended(world: World, person: Person, occurred_on: str, cause: str = "DECEASED") -> Any:
    """The unit terminates the benefit."""
    given = {"beneficiaryId": person.node, "cause": cause, "occurredOn": occurred_on}
    payload = await world.act("terminateBenefit", given)
    assert payload["userErrors"] == []
    return payload


async def failed_on_20_june(world: World, fail: dict[str, Any] = DEATH) -> Person:
    """Case 6: a retiree with 3000 a month, overridden to FAIL (DECEASED 2019-06-10) on 2019-06-20."""
    [person] = await qualified(world)
    await world.officers(OFFICER, CHIEF)
    await world.payroll("2019-06")
    await stated(world, person, fail, "2019-06-20")
    return person


async def passed_on_10_september(world: World, fail: dict[str, Any] = DEATH) -> Person:
    """Case 8 before its request: FAIL on 2019-06-20, PASS on 2019-09-10, payrolls through 2019-10."""
    person = await failed_on_20_june(world, fail)
    await world.payroll("2019-07", "2019-08", "2019-09")
    await stated(world, person, PASS, "2019-09-10")
    await world.payroll("2019-10")
    return person


async def suspended(world: World, passed: bool = True) -> Person:
    """FAIL on 2019-06-20 and, if so asked, PASS on 2019-07-10; no payroll was ever frozen."""
    [person] = await qualified(world)
    await world.officers(OFFICER, CHIEF)
    await stated(world, person, DEATH, "2019-06-20")
    world.at("2019-07-10")
    if passed:
        await stated(world, person)
    return person


async def overpaid(world: World, people: int = 1) -> list[Person]:
    """Case 11, of several people: died 2019-03-15, terminated on 2019-06-20, paid through 2019-06: 9000.00 each."""
    await world.units()
    await world.officers(OFFICER, CHIEF)
    found = await enrolled(world.at("2019-01-05"), people)
    await world.payroll("2019-02", "2019-03", "2019-04", "2019-05", "2019-06")
    for person in found:
        await ended(world.at("2019-06-20"), person, "2019-03-15")
    return found


# Acts and questions beside those of the world.


async def asked(world: World, person: Person, on: str | None = None, **other: Any) -> Any:
    """The case that a request makes."""
    payload = await (world.at(on) if on else world).request(person.id, **other)
    assert payload["userErrors"] == []
    return payload["reinstatement"]


async def approved(world: World, case: Any, on: str | None = None) -> Any:
    """The case as its approval leaves it."""
    payload = await (world.at(on) if on else world).review(case["id"])
    assert payload["userErrors"] == []
    return payload["reinstatement"]


async def withdraw(world: World, case: str, *, as_: str = SCHOOL, **other: Any) -> Any:
    """The payload of a withdrawal."""
    document = f"""mutation($i: WithdrawReinstatementInput!) {{
        withdrawReinstatement(input: $i) {{ ...CaseAnswer }} }} {CASE_ANSWER}"""
    return (await world.ask(document, {"i": {"reinstatementId": case, **other}}, as_=as_))["withdrawReinstatement"]


async def settle(world: World, person: Person, kind: str, amount: str, *, as_: str = OFFICER, **other: Any) -> Any:
    """The payload of a settlement."""
    document = f"""mutation($i: SettleOverpaymentInput!) {{ settleOverpayment(input: $i) {{
        overpayment {{ ...Owed }} userErrors {{ code message path beneficiaryId }} }} }} {SETTLEMENT}"""
    given = {"beneficiaryId": person.node, "kind": kind, "amount": amount, **other}
    return (await world.ask(document, {"i": given}, as_=as_))["settleOverpayment"]


async def cases(world: World, *, as_: str = SCHOOL, **chosen: Any) -> Any:
    """A page of the cases."""
    return (await world.ask(CASES, chosen, as_=as_))["reinstatements"]


async def overpayments(world: World, *, as_: str = OFFICER, **chosen: Any) -> Any:
    """A page of the overpayments."""
    return (await world.ask(OVERPAYMENTS, chosen, as_=as_))["overpayments"]

"""Refusals: asked for with everything that the payload says of them, and shown to save nothing."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tests.api.scenes import Person, saved
from tests.world import HANDLER, SCHOOL, World

DOCUMENT = """
mutation Act($input: %sInput!) { %s(input: $input) {
  renewed notice
  beneficiaries { id version }
  userErrors { code message path beneficiaryId }
  unsaved {
    handlerName handlerContact reason acknowledgedDisqualified
    entries { beneficiaryId version survivalStatus occurredOn reason
              contact { phone householdAddress residenceAddress } }
  }
} }
"""
MONEY_DOCUMENT = """
mutation Act($input: %sInput!) { %s(input: $input) { %s userErrors { code message path beneficiaryId } } }
"""


SHOWN = {
    "settleOverpayment": "overpayment { amount }",
    "reportVerdictError": "objection { id }",
    "takeObjection": "objection { id }",
    "decideObjection": "objection { id }",
    "decideComplianceReview": "review { id }",
}


@dataclass(frozen=True, slots=True)
class Case:
    """An act that is refused for one reason: `make` prepares the world and gives the input."""

    code: str
    act: str
    path: str
    make: Callable[[World], Awaitable[dict[str, Any]]]
    row: str | None = "beneficiaryId"
    """Where in the input the row stands that the refusal names; None for none."""
    as_: str = SCHOOL
    """Whose act it is."""

    def __str__(self) -> str:
        return f"{self.code}-{self.act}-{self.path}"


async def answered(world: World, mutation: str, given: dict[str, Any], *, as_: str = SCHOOL) -> Any:
    """The payload with all that it says, the typed submission included."""
    document = DOCUMENT % (mutation[0].upper() + mutation[1:], mutation)
    data = await world.ask(document, {"input": {"handler": HANDLER, **given}}, as_=as_)
    return data[mutation]


async def refused(world: World, mutation: str, given: dict[str, Any]) -> Any:
    """The payload of an act that is refused: nothing saved, nothing of what was typed lost, words in Chinese."""
    before = await saved(world)
    payload = await answered(world, mutation, given)
    assert await saved(world) == before
    assert (payload["renewed"], payload["notice"]) == (0, None)
    assert payload["unsaved"] == typed({"handler": HANDLER, **given})
    in_words(payload)
    return payload


async def refused_about_money(world: World, mutation: str, given: dict[str, Any], *, as_: str) -> Any:
    """The payload of a refused act on a case, an overpayment or a review: nothing saved or shown, words in Chinese."""
    shown = SHOWN.get(mutation, "reinstatement { id }")
    document = MONEY_DOCUMENT % (mutation[0].upper() + mutation[1:], mutation, shown)
    before = await saved(world)
    payload = (await world.ask(document, {"input": given}, as_=as_))[mutation]
    assert await saved(world) == before
    assert [value for name, value in payload.items() if name != "userErrors"] == [None]
    in_words(payload)
    return payload


def in_words(payload: Any) -> None:
    """Each obstacle is told in Chinese, and no gap in the words is left open."""
    assert payload["userErrors"]
    for error in payload["userErrors"]:
        assert re.search(r"[\u4e00-\u9fff]{4}", error["message"]), error
        assert "{" not in error["message"]


def typed(given: dict[str, Any]) -> dict[str, Any]:
    """What the refusal of this input has to carry back."""
    rows = given.get("entries", given.get("page", [given]))
    return {
        "handlerName": given["handler"]["name"],
        "handlerContact": given["handler"]["contact"],
        "reason": given.get("reason") if "page" in given else None,
        "acknowledgedDisqualified": sorted(set(given.get("acknowledgedDisqualified", []))),
        "entries": [_typed_row(row, of_a_page="page" in given) for row in rows],
    }


def _typed_row(row: dict[str, Any], *, of_a_page: bool) -> dict[str, Any]:
    contact = row.get("contact") or {}
    return {
        "beneficiaryId": row["beneficiaryId"],
        "version": row.get("version"),
        "survivalStatus": row.get("survivalStatus", row.get("cause", "NORMAL")),
        "occurredOn": row.get("occurredOn"),
        "reason": None if of_a_page else row.get("reason"),
        "contact": {name: contact.get(name) for name in ("phone", "householdAddress", "residenceAddress")},
    }


def at(given: Any, path: str) -> Any:
    """The value of the input at a dotted path."""
    for step in path.split("."):
        given = given[int(step)] if isinstance(given, list) else given[step]
    return given


def entries(*rows: tuple[Person, dict[str, Any]]) -> dict[str, Any]:
    """The entries of a submission: NORMAL unless told otherwise."""
    made = [{"beneficiaryId": person.node, "survivalStatus": "NORMAL", **rest} for person, rest in rows]
    return {"entries": made}


def page(*rows: tuple[Person, dict[str, Any]]) -> dict[str, Any]:
    return {"page": [{"beneficiaryId": person.node, **rest} for person, rest in rows]}

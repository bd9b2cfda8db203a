"""What is asked: each read in the words of each server, so that all of them answer the same.

Aliases make up for names that differ. A peer is told the unit or the person, the service knows them by the token.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bench.layouts import Layout

Path = tuple[str | int, ...]

SERVICE = "service"
POSTGRAPHILE = {layout: f"PostGraphile, {layout}" for layout in Layout}
MERCURIUS = {layout: f"Mercurius, {layout}" for layout in Layout}
PEERS = (*POSTGRAPHILE.values(), *MERCURIUS.values())


@dataclass(frozen=True, slots=True)
class Asked:
    """A document, and where in its answer that lies which all servers answer alike."""

    document: str
    path: Path


@dataclass(frozen=True, slots=True)
class Operation:
    name: str
    title: str
    asked: Mapping[str, Asked]
    """By server."""
    by_person: bool = False
    """Asked by persons, else by units."""
    paged: bool = False
    """Every unit is asked for its second page as well."""
    variables: Mapping[str, Any] = field(default_factory=dict)


_PLAIN = """name idNumber phone category version contactComplete paymentStatus paidThrough answerBy confirmBy"""
_NESTED = f"""id {_PLAIN}
  verdict {{ conclusion month answered publishedOn }} certificationPeriod {{ startMonth endMonth method }}"""
_ON_THE_ROW = f"""rowId {_PLAIN}
  verdict_conclusion: verdictConclusion verdict_month: verdictMonth verdict_answered: verdictAnswered
  verdict_publishedOn: verdictPublishedOn certificationPeriod_startMonth: periodStart
  certificationPeriod_endMonth: periodEnd certificationPeriod_method: periodMethod"""
_APART = f"""rowId {_PLAIN}
  verdict: currentVerdictByBeneficiaryId {{
    conclusion: verdictConclusion month: verdictMonth answered: verdictAnswered publishedOn: verdictPublishedOn }}
  certificationPeriod: currentPeriodByBeneficiaryId {{
    startMonth: periodStart endMonth: periodEnd method: periodMethod }}"""
_ROWS = {Layout.STANDING: _ON_THE_ROW, Layout.NORMALISED: _APART}
_PAGE = "pageInfo { hasNextPage endCursor } edges { cursor node { %s } }"
_HISTORY = """ verdicts(first: %(n)s) { edges { node { conclusion month answered publishedOn } } }
  certificationPeriods(first: %(n)s) { edges { node { startMonth endMonth method } } }"""
_HISTORY_OF_TABLES = """
  verdicts: verdictsByBeneficiaryId(first: %(n)s, orderBy: [MONTH_DESC]) {
    edges { node { conclusion month answered publishedOn } } }
  certificationPeriods: periodsByBeneficiaryId(first: %(n)s, orderBy: [VERSION_DESC]) {
    edges { node { startMonth endMonth method } } }"""
_SUMMARY = """summary { total disqualified pending qualified unanswered overdue lapsingSoon lapsed suspended
  contactIncomplete confirmationOverdue }"""
_ROSTER_OF_TABLES = """beneficiaries: beneficiariesByUnitId(
  condition: {category: "RETIREE"}, orderBy: [ROSTER_RANK_ASC, ROW_ID_ASC], first: 20, after: $after)"""


def _of_a_unit(ours: str, theirs: str, postgraphile: Mapping[Layout, str], more: str = "") -> dict[str, Asked]:
    """A query for parts of a unit: ours, Mercurius', PostGraphile's over each layout. `more`: further variables."""
    asked = {SERVICE: Asked(f"query Asked{_declared(more)} {{ unit {{ siNumber name {ours} }} }}", ("unit",))}
    unit = _declared("$unit: String! " + more)
    for layout in Layout:
        mercurius = f"query Asked{unit} {{ unit(siNumber: $unit) {{ siNumber name {theirs} }} }}"
        asked[MERCURIUS[layout]] = Asked(mercurius, ("unit",))
        unique = f"unit: unitBySiNumber(siNumber: $unit) {{ siNumber name {postgraphile[layout]} }}"
        asked[POSTGRAPHILE[layout]] = Asked(
            f"query Asked{unit.replace('$after: String', '$after: Cursor')} {{ {unique} }}", ("unit",)
        )
    return asked


def _declared(variables: str) -> str:
    return f"({variables.strip()})" if variables.strip() else ""


def _roster(history: str, of_tables: str) -> dict[str, Asked]:
    page = f"beneficiaries(first: 20, after: $after) {{ {_PAGE % (_NESTED + history)} }}"
    tables = {layout: f"{_ROSTER_OF_TABLES} {{ {_PAGE % (row + of_tables)} }}" for layout, row in _ROWS.items()}
    return _of_a_unit(page, page, tables, "$after: String")


def _search() -> dict[str, Asked]:
    page = f"beneficiaries(first: 20, search: $search) {{ {_PAGE % _NESTED} }}"
    tables = {
        layout: f"beneficiaries: search(search: $search, first: 20) {{ {_PAGE % row} }}"
        for layout, row in _ROWS.items()
    }
    return _of_a_unit(page, page, tables, "$search: String")


def _standing() -> dict[str, Asked]:
    length = {"n": 12}
    row = f"{_NESTED} unit {{ siNumber name }} {_HISTORY % length}"
    asked = {
        SERVICE: Asked(
            f"query Asked {{ myStanding {{ benefits {{ beneficiary {{ {row} }} }} }} }}",
            ("myStanding", "benefits", 0, "beneficiary"),
        )
    }
    for layout in Layout:
        asked[MERCURIUS[layout]] = Asked(
            f"query Asked($person: String!) {{ person(id: $person) {{ {row} }} }}", ("person", 0)
        )
        tables = f"{_ROWS[layout]} unit: unitByUnitId {{ siNumber name }} {_HISTORY_OF_TABLES % length}"
        asked[POSTGRAPHILE[layout]] = Asked(
            "query Asked($person: BigInt!) { person: allBeneficiaries(condition: {personId: $person}) "
            f"{{ nodes {{ {tables} }} }} }}",
            ("person", "nodes", 0),
        )
    return asked


_EACH_SUMMARY = dict.fromkeys(Layout, _SUMMARY)
_SHORT = {"n": 3}

OPERATIONS = (
    Operation("roster", "roster page, 20 rows", _roster("", ""), paged=True),
    Operation("history", "roster page with history", _roster(_HISTORY % _SHORT, _HISTORY_OF_TABLES % _SHORT)),
    Operation("standing", "one person's standing", _standing(), by_person=True),
    Operation("summary", "summary (dashboard)", _of_a_unit(_SUMMARY, _SUMMARY, _EACH_SUMMARY)),
    Operation("search", "search by a part of the name", _search(), variables={"search": "秀"}),
)

"""The people of a benchmark: skewed, whole, found by their numbers, and the same to a peer as to the service."""

from __future__ import annotations

import pytest

from bench.layouts import Layout
from bench.people import MONTH, NUMBERED, Shape
from domain import identity
from security.gate import Gate
from storage.database import Connection
from storage.standings import COLUMNS, standing_of


@pytest.mark.parametrize(
    ("people", "units", "large", "operators"),
    [(10_000, 20, 1, 100), (100_000, 200, 1, 10), (1_000_000, 2_000, 10, 1), (10_000_000, 20_000, 100, 1)],
)
def test_a_fifth_draws_through_a_few_large_units(people: int, units: int, large: int, operators: int) -> None:
    shape = Shape(people)
    assert (shape.units, shape.large, shape.operators) == (units, large, operators)


async def test_a_large_unit_has_many_times_the_people_of_another(filled: Connection) -> None:
    rows = await filled.fetch("SELECT unit_id, count(*) AS people FROM beneficiaries GROUP BY 1 ORDER BY 2 DESC")
    assert [tuple(rows[0]), len(rows)] == [(1, 200), 20]
    assert 60 > rows[1]["people"] > 20


async def test_the_district_has_its_units(filled: Connection) -> None:
    """An officer sees by what a trigger keeps, and none runs while people are made."""
    row = await filled.fetchrow(
        "SELECT name, units @> 1::bigint AS first, units @> 21::bigint AS beyond FROM districts"
    )
    assert tuple(row or ()) == ("市南区", True, False)


async def test_everybody_has_a_history_and_the_constraints_are_back(filled: Connection) -> None:
    tables = ("persons", "beneficiaries", "verdicts", "certification_periods", "benefit_rates", "evidence")
    counts = [await filled.fetchval(f"SELECT count(*) FROM {table}") for table in tables]
    assert counts == [1_000, 1_000, 3_000, 3_000, 1_000, 3_000]
    kept = await filled.fetch("SELECT conname FROM pg_constraint WHERE conname = 'periods_in_force_never_overlap'")
    assert len(kept) == 1


async def test_units_and_persons_have_enough_accounts_to_share_the_load(filled: Connection) -> None:
    rows = await filled.fetch(
        "SELECT role, count(*) FROM accounts a JOIN sessions s ON s.account_id = a.id GROUP BY 1 ORDER BY 1"
    )
    ended = await filled.fetchval("SELECT count(*) FROM beneficiaries WHERE terminated_from IS NOT NULL")
    assert [tuple(row) for row in rows] == [
        ("AUDITOR", 1),
        ("OFFICER", 1),
        ("PERSON", 1_000 - ended),
        ("UNIT", 2_000),
    ]


async def test_a_person_is_found_by_a_valid_number_under_the_database_s_own_key(filled: Connection, gate: Gate) -> None:
    rows = await filled.fetch(
        f"SELECT number, id_number_digest FROM {NUMBERED.format(first=1, last=1_000)} JOIN persons ON id = p"
    )
    assert len({row["number"] for row in rows}) == 1_000
    assert all(identity.is_valid(row["number"]) for row in rows)
    assert all(gate.personal.digest(row["number"]) == row["id_number_digest"] for row in rows)


@pytest.mark.parametrize("layout", list(Layout))
async def test_a_peer_has_what_the_domain_derives(filled: Connection, layout: Layout) -> None:
    """Of everybody whose benefit goes on: whether it is paid, and the period that covers the month."""
    joined = "LEFT JOIN peers_normalised.current_periods c ON c.beneficiary_id = p.id"
    rows = await filled.fetch(
        f"""SELECT {COLUMNS}, p.payment_status, {"c" if layout is Layout.NORMALISED else "p"}.period_start AS starts
            FROM beneficiaries b JOIN {layout.schema}.beneficiaries p USING (id)
            {joined if layout is Layout.NORMALISED else ""}"""
    )
    ended = await filled.fetchval("SELECT count(*) FROM beneficiaries WHERE terminated_from IS NOT NULL")
    assert len(rows) == 1_000 - ended
    assert {row["payment_status"] for row in rows} == {"PAYING", "LAPSED", "SUSPENDED"}
    for row in rows:
        standing = standing_of(row)
        period = standing.period_covering(MONTH)
        assert row["payment_status"] == standing.payment_status(MONTH)
        assert row["starts"] == (str(period.start) if period else None)

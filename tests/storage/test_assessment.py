"""The assessment in SQL concludes what `domain.verdict.conclude` concludes, whatever the evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import asyncpg
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.month import Month
from domain.policy import PolicyBook
from domain.verdict import Fact, Finding, Record, conclude
from domain.vocabulary import Category, EvidenceClass
from storage import assessment
from storage.database import BATCHES, Connection, Database
from storage.standings import finding_of
from tests.emptied import emptied
from tests.policies import amended

MONTH = Month(2019, 5)
ANSWERED = datetime(2019, 6, 2, 1, 0, tzinfo=UTC)
RECEIVED = [ANSWERED - timedelta(days=30), ANSWERED, ANSWERED + timedelta(microseconds=1)]
# Around both windows' first days (2018-12-01 and 2019-03-01), the month's end, and a stretch in which days repeat.
EDGES = [
    date(2018, 11, 30),
    date(2018, 12, 1),
    date(2019, 2, 28),
    date(2019, 3, 1),
    date(2019, 5, 31),
    date(2019, 6, 1),
]
DAYS = st.sampled_from([*EDGES, date(2008, 2, 29), *(date(2019, 5, day) for day in range(1, 6))])
BOOK = PolicyBook.read()
POLICY = BOOK.of(MONTH)
PHASES = (Phase.reuse, Phase.generate)  # a failure shows the people concerned; there is nothing to shrink for minutes


@dataclass(frozen=True)
class Somebody:
    """A person with the rows through which a benefit is drawn, and what is known and was answered."""

    categories: frozenset[Category]
    records: list[Record]
    answered: list[datetime]
    """A PASS of every row for each; the last of them counts."""
    quarantined: frozenset[Fact] = frozenset()
    """Kinds and days found false of this person, whether a record says so or not."""


def kinds(*classes: EvidenceClass) -> st.SearchStrategy[str]:
    return st.sampled_from(sorted(kind for kind, of in POLICY.evidence_class.items() if of in classes))


def records(*classes: EvidenceClass, at_most: int) -> st.SearchStrategy[list[Record]]:
    one = st.builds(Record, kinds(*classes), DAYS, st.sampled_from(RECEIVED), st.sampled_from([False, False, True]))
    return st.lists(one, max_size=at_most)


# Losses and signs of life are drawn apart: mixed evenly, nearly everybody would be lost.
EVIDENCE = st.builds(
    lambda life, lendable, loss, hint: [*life, *lendable, *loss, *hint],
    records(EvidenceClass.A, EvidenceClass.B, at_most=2),
    records(EvidenceClass.C, at_most=3),
    records(EvidenceClass.D, at_most=2),
    records(EvidenceClass.E, at_most=1),
)
ANSWERS = st.lists(st.sampled_from([ANSWERED - timedelta(days=60), ANSWERED]), max_size=2)


@st.composite
def somebody(draw: st.DrawFn) -> Somebody:
    """What is quarantined are now and then records that are there, or such as are not."""
    known = draw(EVIDENCE)
    facts = [Fact(record.kind, record.occurred_on) for record in known] or [Fact("cremation", EDGES[0])]
    quarantined = draw(st.frozensets(st.sampled_from(facts), max_size=1) | st.just(frozenset()))
    return Somebody(draw(st.frozensets(st.sampled_from(Category), min_size=1)), known, draw(ANSWERS), quarantined)


PEOPLE = st.lists(
    somebody(),
    min_size=30,
    max_size=60,
)


@pytest.fixture(scope="module", autouse=True)
async def nobody(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    """Only the people of an example are assessed."""
    await emptied(owner)


async def load(connection: Connection, people: Sequence[Somebody]) -> None:
    """Put the people in, with person n as person_id n + 1. The ids of rows are the database's own."""
    await connection.execute("INSERT INTO units (si_number, name, district) VALUES ('1', '单位', '市南区')")
    await connection.execute(
        """INSERT INTO accounts (username, role, unit_id, password_hash)
           SELECT '1', 'UNIT', id, '' FROM units WHERE si_number = '1'"""
    )
    await connection.execute(
        """INSERT INTO persons (id_number_digest, id_number_sealed)
           SELECT sha256(n::text::bytea), n::text::bytea FROM generate_series(0, $1::int) AS n""",
        len(people) - 1,
    )
    rows = [(n, category) for n, one in enumerate(people) for category in one.categories]
    await connection.execute(
        """INSERT INTO beneficiaries (unit_id, category, person_id, name, id_number_masked, benefit_from, confirmed_in)
           SELECT u.id, n.category, p.id, '某人', '', '2005-01-01', '2005-01-01'
           FROM unnest($1::int[], $2::text[]) AS n (person, category)
           JOIN persons p ON p.id_number_sealed = n.person::text::bytea CROSS JOIN units u""",
        [n for n, _ in rows],
        [category for _, category in rows],
    )
    await _load_evidence(connection, [(n, record) for n, one in enumerate(people) for record in one.records])
    await _quarantine(connection, [(n, fact) for n, one in enumerate(people) for fact in one.quarantined])
    answers = [(n, at) for n, one in enumerate(people) for at in one.answered]
    await connection.execute(
        """INSERT INTO certifications (beneficiary_id, version, method, result, survival_status, answers_losses_through,
                                       handler_name, handler_contact, account_id, acted_on, at)
           SELECT b.id, n.position, 'OVERRIDE', 'PASS', 'NORMAL', n.through, '李', '1', a.id, '2019-06-05', n.through
           FROM unnest($1::int[], $2::timestamptz[]) WITH ORDINALITY AS n (person, through, position)
           JOIN persons p ON p.id_number_sealed = n.person::text::bytea JOIN beneficiaries b ON b.person_id = p.id
           CROSS JOIN accounts a""",
        [n for n, _ in answers],
        [at for _, at in answers],
    )


async def _load_evidence(connection: Connection, found: Sequence[tuple[int, Record]]) -> None:
    await connection.execute(
        """INSERT INTO evidence (person_id, source, kind, occurred_on, reference, received_at)
           SELECT p.id, 'health', n.kind, n.occurred_on, n.position::text, n.received_at
           FROM unnest($1::int[], $2::text[], $3::date[], $4::timestamptz[])
                WITH ORDINALITY AS n (person, kind, occurred_on, received_at, position)
           JOIN persons p ON p.id_number_sealed = n.person::text::bytea""",
        [n for n, _ in found],
        [record.kind for _, record in found],
        [record.occurred_on for _, record in found],
        [record.received_at for _, record in found],
    )
    await connection.execute(
        """INSERT INTO evidence_found_wrong
           SELECT e.id, '', '2019-06-02' FROM evidence e WHERE e.reference = ANY($1)""",
        [str(position) for position, (_, record) in enumerate(found, 1) if record.found_wrong],
    )


async def _quarantine(connection: Connection, found: Sequence[tuple[int, Fact]]) -> None:
    """Straight into the table, around its guards: which ruling says so is not of interest here."""
    await connection.execute("SET LOCAL ROLE NONE; SET LOCAL session_replication_role = replica")
    await connection.execute(
        """INSERT INTO quarantines (person_id, kind, occurred_on, objection_id, at)
           SELECT p.id, n.kind, n.occurred_on, 1, '2019-06-02'
           FROM unnest($1::int[], $2::text[], $3::date[]) AS n (person, kind, occurred_on)
           JOIN persons p ON p.id_number_sealed = n.person::text::bytea""",
        [n for n, _ in found],
        [fact.kind for _, fact in found],
        [fact.occurred_on for _, fact in found],
    )
    await connection.execute(f"SET LOCAL session_replication_role = origin; SET LOCAL ROLE {BATCHES}")


async def drafted(connection: Connection) -> dict[tuple[int, Category], tuple[str, Finding]]:
    """The month's draft by person and category."""
    rows = await connection.fetch(
        """SELECT d.*, convert_from(p.id_number_sealed, 'UTF8')::int AS person, b.category
           FROM draft_verdicts d JOIN beneficiaries b ON b.id = d.beneficiary_id JOIN persons p ON p.id = b.person_id
           WHERE d.month = $1""",
        MONTH.first_day,
    )
    return {(row["person"], Category(row["category"])): (row["conclusion"], finding_of(row, "rule")) for row in rows}


async def check(pool: Database, book: PolicyBook, people: Sequence[Somebody]) -> None:
    """Compare every row, in a transaction that is undone."""
    policy = book.of(MONTH)
    async with pool.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            await load(connection, people)
            counts = await assessment.assess(connection, MONTH, policy, ANSWERED + timedelta(hours=1))
            found = await drafted(connection)
        finally:
            await transaction.rollback()
    expected = {}
    for n, one in enumerate(people):
        for category in one.categories:
            finding = conclude(category, MONTH, one.records, policy, max(one.answered, default=None), one.quarantined)
            expected[n, category] = (finding.conclusion.value, finding)
    assert found.keys() == expected.keys()
    assert sum(counts.values()) == len(expected)
    assert [(people[n], found[n, of], said) for (n, of), said in expected.items() if found[n, of] != said] == []


@settings(max_examples=30, deadline=None, phases=PHASES)
@given(people=PEOPLE)
async def test_sql_concludes_what_the_domain_concludes(pool: Database, people: list[Somebody]) -> None:
    """Conclusion, rule, loss and last activity of every row equal those of the pure function. Notice 一(三)."""
    await check(pool, BOOK, people)


@settings(max_examples=10, deadline=None, phases=PHASES)
@given(people=PEOPLE)
async def test_sql_takes_windows_minimum_and_classes_from_the_policy(pool: Database, people: list[Somebody]) -> None:
    """Under other values of the dated policy the two still agree: no parameter is a literal in either."""
    book = amended("evidence_window", "2019-01-01", RETIREE=3, SURVIVOR=1)
    await check(pool, book, people)
    await check(pool, amended("lendable_minimum", "2019-01-01", value=3), people)
    moved = {"A": ["rail_travel"], "B": ["bus_card"], "C": ["home_visit"], "D": ["tip_off"], "E": ["cremation"]}
    await check(pool, amended("evidence_class", "2019-01-01", **moved), people)

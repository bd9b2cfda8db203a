"""The roster's SQL counts and finds exactly the rows of which the domain says the same in Python."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from domain.month import Month
from domain.policy import Policy, PolicyBook
from domain.standing import Standing
from domain.vocabulary import Category, Conclusion, PaymentStatus
from storage import roster, standings
from storage.database import Connection, Database
from storage.roster import Attention, RosterFilter, Slice
from tests.policies import amended

NOW = Month(2019, 6)
BOOK = PolicyBook.read()
OTHER = amended("warning_months", "2019-06-01", value=1)
# The months before, at and behind every boundary: this month, the warning window's end, the duty to confirm.
MONTHS = st.one_of(
    st.sampled_from([NOW + months for months in (-14, -13, -12, -11, -1, 0, 1, 2, 3, 12)]),
    st.builds(Month, st.integers(2017, 2020), st.integers(1, 12)),
)
DAYS = MONTHS.map(lambda month: month.first_day)
RULES = {"DISQUALIFIED": "loss", "PENDING": "nothing", "QUALIFIED": "life"}
TEXT = st.sampled_from([None, "13812345678"])
PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(Category),
        st.sampled_from([None, *RULES]),
        st.booleans(),  # answered
        st.builds(Month.day, MONTHS, st.sampled_from([1, 4, 31])),  # published_on
        st.none() | DAYS,  # paid_through
        st.one_of(st.none(), st.none(), DAYS),  # suspended_from
        st.one_of(st.none(), st.none(), DAYS),  # terminated_from
        DAYS,  # confirmed_in
        TEXT,
        TEXT,
        TEXT,
    ),
    min_size=20,
    max_size=60,
)
MONTHS_ASKED = st.one_of(st.just(NOW), MONTHS)


def holds(kind: Attention, row: Standing, month: Month, policy: Policy) -> bool:
    """What the domain says of a row, asked on the first day of the month."""
    answer_by = row.verdict.answer_by if row.verdict else None
    says: dict[Attention, Callable[[], bool]] = {
        Attention.UNANSWERED: lambda: row.verdict is not None and row.verdict.open,
        Attention.OVERDUE: lambda: answer_by is not None and answer_by < month.first_day,
        Attention.LAPSING_SOON: lambda: row.lapses_soon(month, policy),
        Attention.LAPSED: lambda: row.payment_status(month) is PaymentStatus.LAPSED,
        Attention.SUSPENDED: lambda: row.payment_status(month) is PaymentStatus.SUSPENDED,
        Attention.CONTACT_INCOMPLETE: lambda: not row.contact.complete,
        Attention.CONFIRMATION_OVERDUE: lambda: (
            row.terminated_from is None and row.confirm_by(policy) < month.first_day
        ),
        Attention.ANSWER_AGAIN: lambda: False,  # nobody was asked here, and no row tells of it
    }
    return says[kind]()


async def load(connection: Connection, people: list[tuple[object, ...]]) -> int:
    """Put the rows in; the id of their unit."""
    unit: int = await connection.fetchval(
        "INSERT INTO units (si_number, name, district) VALUES ('1', '单位', '市南区') RETURNING id"
    )
    await connection.execute(
        """INSERT INTO persons (id_number_digest, id_number_sealed)
           SELECT sha256(n::text::bytea), n::text::bytea FROM generate_series(1, $1::int) AS n""",
        len(people),
    )
    await connection.executemany(
        """INSERT INTO beneficiaries (unit_id, person_id, name, id_number_masked, benefit_from, category, conclusion,
               verdict_month, verdict_rule, verdict_published_on, verdict_assessed_at, verdict_answered, paid_through,
               suspended_from, terminated_from, confirmed_in, phone, household_address, residence_address)
           SELECT $1, p.id, '某人', '', '2005-01-01', $3, $4,
                  v.month, $5, CASE WHEN v.month IS NOT NULL THEN $7::date END,
                  CASE WHEN v.month IS NOT NULL THEN now() END, CASE WHEN v.month IS NOT NULL THEN $6::bool END,
                  $8, $9, $10, $11, $12, $13, $14
           FROM persons p, (SELECT CASE WHEN $4::text IS NOT NULL THEN date '2019-05-01' END AS month) AS v
           WHERE p.id_number_sealed = $2::text::bytea""",
        [
            (unit, str(n), category, conclusion, RULES.get(str(conclusion)), *rest)
            for n, (category, conclusion, *rest) in enumerate(people, 1)
        ],
    )
    return unit


async def rows_of(connection: Connection, unit: int) -> list[Standing]:
    ids = [row["id"] for row in await connection.fetch("SELECT id FROM beneficiaries WHERE unit_id = $1", unit)]
    return list((await standings.by_id(connection, ids)).values())


async def compare(connection: Connection, unit: int, month: Month, policy: Policy) -> None:
    rows = await rows_of(connection, unit)
    for category in (None, *Category):
        listed = [row for row in rows if category in (None, row.category) and row.terminated_from is None]
        await compare_summary(connection, unit, category, listed, month, policy)
    for ended in (False, True):
        for kind in Attention:
            chosen = RosterFilter(unit, None, attention=kind, include_terminated=ended)
            page = await roster.page(connection, chosen, Slice(100), month, policy)
            expected = {
                row.id
                for row in rows
                if holds(kind, row, month, policy) and (ended or row.terminated_from is None)
            }  # fmt: skip
            assert {row.standing.id for row in page.rows} == expected, kind
            assert await roster.total(connection, chosen, month, policy) == len(expected), kind


async def compare_summary(
    connection: Connection, unit: int, category: Category | None, listed: list[Standing], month: Month, policy: Policy
) -> None:
    counted = await roster.summary(connection, unit, category, month, policy)
    said = {c: sum(row.verdict is not None and row.verdict.conclusion is c for row in listed) for c in Conclusion}
    assert counted.total == len(listed)
    assert counted.attention == {kind: sum(holds(kind, row, month, policy) for row in listed) for kind in Attention}
    assert (counted.disqualified, counted.pending, counted.qualified) == tuple(said[c] for c in Conclusion)


@settings(max_examples=40, deadline=None, phases=(Phase.reuse, Phase.generate))
@given(people=PEOPLE, month=MONTHS_ASKED, book=st.sampled_from([BOOK, BOOK, OTHER]))
async def test_every_filter_and_count_is_the_domains_answer(
    pool: Database, people: list[tuple[object, ...]], month: Month, book: PolicyBook
) -> None:
    """The list, its total and the summary agree with each other and with the rules, in any month and policy."""
    async with pool.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            unit = await load(connection, people)
            await compare(connection, unit, month, book.on(date(2019, 6, 5)))
        finally:
            await transaction.rollback()


def in_order(row: Standing) -> tuple[int, int]:
    """DISQUALIFIED, PENDING, QUALIFIED, nobody judged yet, ended; then a stable order. rules.md 3, 4."""
    order = [Conclusion.DISQUALIFIED, Conclusion.PENDING, Conclusion.QUALIFIED, None]
    conclusion = row.verdict.conclusion if row.verdict else None
    return (len(order) if row.terminated_from is not None else order.index(conclusion), row.id)


@settings(max_examples=20, deadline=None, phases=(Phase.reuse, Phase.generate))
@given(people=PEOPLE, size=st.integers(1, 25), conclusions=st.none() | st.sets(st.sampled_from(Conclusion)))
async def test_pages_from_either_end_make_up_the_list(
    pool: Database, people: list[tuple[object, ...]], size: int, conclusions: set[Conclusion] | None
) -> None:
    """Notice 附6: worst first; walking forwards or backwards by pages of any size shows every row once, in order."""
    policy = BOOK.on(date(2019, 6, 5))
    async with pool.connection() as connection:
        transaction = connection.transaction()
        await transaction.start()
        try:
            unit = await load(connection, people)
            expected = [
                row.id
                for row in sorted(await rows_of(connection, unit), key=in_order)
                if conclusions is None or (row.verdict is not None and row.verdict.conclusion in conclusions)
            ]
            chosen = RosterFilter(unit, None, list(conclusions) if conclusions is not None else None, None, None, True)
            for backwards in (False, True):
                assert await walked(connection, chosen, size, policy, backwards=backwards) == expected
        finally:
            await transaction.rollback()


async def walked(
    connection: Connection, chosen: RosterFilter, size: int, policy: Policy, *, backwards: bool
) -> list[int]:
    """The ids of all pages, in the order of the list."""
    found: list[int] = []
    part = Slice(size, backwards=backwards)
    while True:
        page = await roster.page(connection, chosen, part, NOW, policy)
        ids = [row.standing.id for row in page.rows]
        found = ids + found if backwards else found + ids
        if not (page.more_before if backwards else page.more_after):
            return found
        edge = page.rows[0 if backwards else -1].position
        part = Slice(size, before=edge, backwards=True) if backwards else Slice(size, after=edge)

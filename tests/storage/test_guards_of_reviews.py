"""A compliance review is of an act or of a unit, found once and decided once, by an officer of the district. 四(四)."""

from __future__ import annotations

import asyncpg
import pytest

from tests.storage.conftest import Write
from tests.storage.history import undone

Integrity = asyncpg.IntegrityConstraintViolationError


@pytest.fixture
async def write(paid: object, owner: asyncpg.Connection[asyncpg.Record]) -> Write:
    """The batch role decides none; the owner may write anything that the guards let through."""
    return lambda statement: undone(owner, statement)


def opened(kind: str = "RECHECK", person: str = "1", version: str = "3", subject: str = "1:3") -> str:
    """The statement that opens a review of the PASS of person 1."""
    return f"""INSERT INTO compliance_reviews (kind, subject, unit_id, month, beneficiary_id, version, opened_at)
               VALUES ('{kind}', '{subject}', 1, '2019-06-01', {person}, {version}, '2019-06-05 09:00+08');"""


def decided(by: int = 2, outcome: str = "IN_ORDER", other: dict[str, str] | None = None) -> str:
    """The statement that decides the review that the history holds."""
    row = {
        "outcome": f"'{outcome}'",
        "reason": "'已核实'",
        "decided_by": str(by),
        "decided_at": "now()",
        **(other or {}),
    }
    return f"UPDATE compliance_reviews SET {', '.join(f'{n} = {v}' for n, v in row.items())} WHERE subject = '1:3';"


async def test_a_finding_is_made_once(write: Write) -> None:
    await write(opened())
    with pytest.raises(asyncpg.UniqueViolationError, match="compliance_reviews_kind_subject_key"):
        await write(opened() + opened())


@pytest.mark.parametrize(("kind", "person", "version"), [
    ("RECHECK", "NULL", "NULL"), ("ALL_PASSED", "1", "3"), ("RECHECK", "1", "NULL"), ("RECHECK", "NULL", "3"),
])  # fmt: skip
async def test_a_review_is_of_an_act_or_of_a_unit(write: Write, kind: str, person: str, version: str) -> None:
    await write(opened("ALL_PASSED", "NULL", "NULL"))
    with pytest.raises(asyncpg.CheckViolationError, match="review_is_of_an_act_or_a_unit"):
        await write(opened(kind, person, version))


async def test_a_review_is_decided_once(write: Write) -> None:
    await write(decided())
    for again in (decided(outcome="TO_INVESTIGATE"), decided(outcome="NULL").replace("'NULL'", "NULL")):
        with pytest.raises(Integrity, match="decided once"):
            await write(decided() + again)


@pytest.mark.parametrize("by", [1, 4, 5, 99])
async def test_a_review_is_decided_by_an_officer_of_the_district(write: Write, by: int) -> None:
    with pytest.raises(Integrity, match="decided by an officer of the district"):
        await write(decided(by=by))


@pytest.mark.parametrize("missing", ["reason", "decided_at"])
async def test_a_decision_is_whole(write: Write, missing: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="review_is_decided_whole"):
        await write(decided(other={missing: "NULL"}))


async def test_only_a_pass_without_ground_is_answered_again_and_every_such_is(write: Write) -> None:
    asks = {"answer_by": "'2019-06-20'", "asked_version": "3"}
    await write(decided(outcome="WITHOUT_GROUND", other=asks))
    cases: list[tuple[str, dict[str, str]]] = [
        ("IN_ORDER", asks), ("WITHOUT_GROUND", {}), ("WITHOUT_GROUND", {"answer_by": "now()"})
    ]  # fmt: skip
    for outcome, other in cases:
        with pytest.raises(asyncpg.CheckViolationError, match="only_a_pass_without_ground_is_answered_again"):
            await write(decided(outcome=outcome, other=other))


async def test_a_month_is_drawn_from_once_by_a_seed_that_cannot_be_guessed(write: Write) -> None:
    draw = "INSERT INTO recheck_draws VALUES ('2019-06-01', '市南区', repeat('a', 32), 0.1, 0.95, 30, 24, now());"
    await write(draw)
    with pytest.raises(asyncpg.UniqueViolationError):
        await write(draw + draw)
    for wrong in (draw.replace("32", "8"), draw.replace("24", "31"), draw.replace("-01'", "-02'")):
        with pytest.raises(asyncpg.CheckViolationError):
            await write(wrong)

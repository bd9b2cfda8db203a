"""A month is published as it was concluded, for everybody, once: the database holds it whatever a run does."""

from __future__ import annotations

import asyncpg
import pytest

from storage.database import Database
from tests.storage.history import attempt

# Of the history: May is published, June is assessed. Person 3's benefit has ended.
BEGUN = """
INSERT INTO publications (month, published_on, assessed_at, at) VALUES ('2019-06-01', '2019-07-04', now(), now());
INSERT INTO verdicts_due (beneficiary_id, conclusion, rule, version)
VALUES (1, 'PENDING', 'nothing', 8), (3, 'PENDING', 'nothing', 8);
INSERT INTO verdicts_due VALUES (2, 'QUALIFIED', 'life', NULL, NULL, 'rail_travel', '2019-06-20', 8);
UPDATE beneficiaries SET terminated_from = '2019-06-01', version = version + 1 WHERE id = 3;
"""
FIRST = "INSERT INTO verdicts VALUES (1, '2019-06-01', 9, 'PENDING', 'nothing');"
SECOND = """INSERT INTO verdicts
            VALUES (2, '2019-06-01', 9, 'QUALIFIED', 'life', NULL, NULL, 'rail_travel', '2019-06-20');"""
WRITTEN = f"""
{BEGUN} {FIRST} DELETE FROM verdicts_due WHERE beneficiary_id = 1; UPDATE publications SET through = 1
WHERE month = '2019-06-01'; {SECOND} DELETE FROM verdicts_due;
"""
FINISHED = "UPDATE publications SET finished_at = now(), through = 3 WHERE month = '2019-06-01';"
PAYROLL = (
    "SELECT open_payroll('2019-07-01', 'anyhow'); INSERT INTO payrolls VALUES ('2019-07-01', '2019-07-08', now());"
)


async def refused(held: Database, statement: str, because: str) -> None:
    with pytest.raises(asyncpg.IntegrityConstraintViolationError, match=because):
        await attempt(held, statement)


async def test_what_is_due_is_written_down_part_after_part(held: Database) -> None:
    """The statements that the next tests vary are good ones; who has ended gets no verdict, and is due no more."""
    await attempt(held, WRITTEN + FINISHED + PAYROLL)


async def test_a_published_month_takes_no_more_verdicts(held: Database) -> None:
    """Neither one that was published long ago nor one that was finished just now."""
    late = "INSERT INTO verdicts VALUES (2, '2019-05-01', 9, 'PENDING', 'nothing')"
    await refused(held, late, "takes no more verdicts")
    third = "INSERT INTO verdicts VALUES (3, '2019-06-01', 9, 'PENDING', 'nothing')"
    await refused(held, WRITTEN + FINISHED + third, "takes no more verdicts")


@pytest.mark.parametrize(
    "verdict",
    [
        "(1, '2019-06-01', 9, 'QUALIFIED', 'life')",
        "(1, '2019-06-01', 9, 'PENDING', 'out_of_date')",
        "(1, '2019-06-01', 9, 'PENDING', 'nothing', 'cremation', '2019-06-02')",
        "(2, '2019-06-01', 9, 'QUALIFIED', 'life', NULL, NULL, 'rail_travel', '2019-06-21')",
    ],
)
async def test_a_verdict_says_what_was_concluded(held: Database, verdict: str) -> None:
    """Neither another conclusion nor another day of it."""
    await refused(held, f"{BEGUN} INSERT INTO verdicts VALUES {verdict}", "what was concluded")


async def test_nobody_gets_a_verdict_that_is_not_due(held: Database) -> None:
    """Once it is written down it is due no more."""
    begun, _, _ = BEGUN.partition(";")
    await refused(held, f"{begun}; {FIRST}", "what was concluded")
    await refused(held, BEGUN + FIRST + FIRST, "verdicts_pkey")


async def test_nobody_is_left_out(held: Database) -> None:
    """What is due stays until the verdict is there or the benefit has ended, and nothing is finished before."""
    await refused(held, BEGUN + "DELETE FROM verdicts_due WHERE beneficiary_id = 2", "what is due stays")
    await refused(held, BEGUN + FIRST + SECOND + FINISHED, "no verdict is due any more")


async def test_what_is_due_is_said_when_it_begins(held: Database) -> None:
    """Nobody is added on the way, and nothing is due without a publication."""
    due = "INSERT INTO verdicts_due (beneficiary_id, conclusion, rule, version) VALUES (2, 'PENDING', 'nothing', 8)"
    await refused(held, due, "written when a publication begins")
    on_the_way = f"DELETE FROM verdicts_due; {due}"
    await refused(held, WRITTEN + on_the_way, "written when a publication begins")


@pytest.mark.parametrize(
    "change",
    [
        "finished_at = NULL WHERE month = '2019-05-01'",
        "people = 7 WHERE month = '2019-05-01'",
        "through = 9 WHERE month = '2019-05-01'",
    ],
)
async def test_a_finished_publication_stands(held: Database, change: str) -> None:
    """It never becomes unfinished, and its figures are what they are."""
    await refused(held, f"UPDATE publications SET {change}", "goes on until it is finished")


async def test_a_publication_only_goes_on(held: Database) -> None:
    """Nobody is published about a second time."""
    back = "UPDATE publications SET through = 0 WHERE month = '2019-06-01'"
    await refused(held, WRITTEN + back, "goes on until it is finished")


@pytest.mark.parametrize("column", ["month", "published_on", "assessed_at", "at"])
async def test_when_it_began_stands(held: Database, column: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await attempt(held, f"{BEGUN} UPDATE publications SET {column} = {column}")


async def test_one_month_is_published_after_another(held: Database) -> None:
    another = "INSERT INTO publications VALUES ('2019-07-01', '2019-08-04', now(), now())"
    await refused(held, BEGUN + another, "publications_one_at_a_time")
    await attempt(held, WRITTEN + FINISHED + another)


async def test_a_payroll_follows_a_finished_publication(held: Database) -> None:
    """Half of a month's verdicts are none."""
    await refused(held, WRITTEN + PAYROLL, "a payroll follows the publication")

"""Cases are decided once, by another, on documents; suspensions begin and end by facts; settlements stay within."""

from __future__ import annotations

import asyncio
import re

import asyncpg
import pytest

from storage.database import Database
from tests.storage.conftest import Write
from tests.storage.money import acted, approved, closed, held_until, months, settled, submitted, suspended

Integrity = asyncpg.IntegrityConstraintViolationError
ENDS = "a suspension ends with the month of an approved case, or is withdrawn before it began"
BEGINS = "a suspension begins in the month after its FAIL"


async def test_a_person_has_one_open_case(write: Write) -> None:
    """rules.md 5.6; once the open one is closed, whichever way, there may be another."""
    await write(submitted(1) + submitted(4))
    for close in (approved(), closed("REJECTED", reason="'材料不足'"), closed("WITHDRAWN", by=1)):
        await write(close + submitted(6))
    with pytest.raises(asyncpg.UniqueViolationError, match="reinstatements_one_open"):
        await write(submitted(6))
    with pytest.raises(asyncpg.UniqueViolationError, match="reinstatements_one_open"):
        await write(submitted(1) + submitted(1))


@pytest.mark.parametrize(("documents", "digests"), [("{}", "{}"), ("{}", "{aa}"), ("{一,二}", "{aa}")])
async def test_a_case_has_documents_each_with_its_digest(write: Write, documents: str, digests: str) -> None:
    await write(submitted(1, documents="{一,二}", digests="{aa,bb}"))
    with pytest.raises(asyncpg.CheckViolationError, match="case_has_documents"):
        await write(submitted(1, documents=documents, digests=digests))


async def test_a_case_says_why(write: Write) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="reinstatements_statement_check"):
        await write(submitted(1).replace("本人健在", " "))


async def test_a_case_is_reviewed_by_another_than_submitted_it(write: Write) -> None:
    """Whoever submitted it may withdraw it, no more."""
    await write(approved(by=2))
    await write(approved(by=3))
    await write(closed("WITHDRAWN", by=1))
    for review in (approved(2, by=1), closed("REJECTED", by=1, reason="'材料不足'")):
        with pytest.raises(asyncpg.CheckViolationError, match="case_is_reviewed_by_another"):
            await write(review)


async def test_a_rejection_has_a_reason(write: Write) -> None:
    await write(closed("REJECTED", reason="'材料不足'"))
    for reason in ("NULL", "''", "'  '"):
        with pytest.raises(asyncpg.CheckViolationError, match="case_is_rejected_with_a_reason"):
            await write(closed("REJECTED", reason=reason))


@pytest.mark.parametrize("missing", ["reviewed_by", "reviewed_on", "reviewed_at"])
async def test_a_review_says_who_and_when(write: Write, missing: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="case_is_reviewed_whole"):
        await write(re.sub(f"{missing} = [^,]+", f"{missing} = NULL", approved()))


@pytest.mark.parametrize("status", ["SUBMITTED", "APPROVED", "REJECTED", "WITHDRAWN"])
@pytest.mark.parametrize("first", [approved(), closed("REJECTED", reason="'材料不足'"), closed("WITHDRAWN", by=1)])
async def test_a_closed_case_is_neither_opened_nor_decided_again(write: Write, first: str, status: str) -> None:
    again = {
        "SUBMITTED": """UPDATE reinstatements SET status = 'SUBMITTED', reviewed_by = NULL, reviewed_on = NULL,
                        reviewed_at = NULL, reason = NULL, approved_version = NULL WHERE id = 2""",
        "APPROVED": approved(by=3, version=5),
        "REJECTED": closed("REJECTED", by=3, reason="'另有说明'"),
        "WITHDRAWN": closed("WITHDRAWN", by=1),
    }[status]
    await write(first)
    with pytest.raises(Integrity, match="a case is approved, rejected or withdrawn once"):
        await write(first + again)


async def test_months_come_with_the_approval(write: Write) -> None:
    """An approved case takes no more of them later, and none after its own month."""
    await write(approved() + months(6, 2, "2019-07", "2019-08", "2019-09", "2019-10"))
    with pytest.raises(Integrity, match="an approved case takes no more months"):
        await write(months(4, 1, "2019-10"))
    with pytest.raises(Integrity, match="and none after its own"):
        await write(approved() + months(6, 2, "2019-10", "2019-11"))


async def test_only_an_approved_case_of_the_person_has_months(write: Write) -> None:
    for person, case, before in ((6, 2, ""), (6, 2, closed("WITHDRAWN", by=1)), (4, 2, approved())):
        with pytest.raises(asyncpg.ForeignKeyViolationError, match="reinstatement_months_reinstatement_id"):
            await write(before + months(person, case, "2019-10"))


async def test_a_month_is_claimed_once_ever(write: Write) -> None:
    approval = """UPDATE reinstatements SET status = 'APPROVED', reviewed_by = 2, reviewed_on = '2019-10-21',
                  reviewed_at = '2019-10-21', approved_version = 5 WHERE beneficiary_id = 4 AND status = 'SUBMITTED';"""
    claim = "INSERT INTO reinstatement_months SELECT 4, '{}-01', id FROM reinstatements WHERE approved_version = 5"
    await write(submitted(4) + approval + claim.format("2019-10"))
    with pytest.raises(asyncpg.UniqueViolationError, match="reinstatement_months_pkey"):
        await write(submitted(4) + approval + claim.format("2019-07"))


@pytest.mark.parametrize("months_held", ["[2019-12-01,)", "[2020-02-01,)", "[2020-01-01,2020-03-01)", "empty"])
async def test_a_suspension_begins_in_the_month_after_its_fail(write: Write, months_held: str) -> None:
    """Notice 三(二); and nobody knows yet when it ends."""
    fail = acted(1, "FAIL", "2019-12-20")
    await write(fail + suspended(1, "[2020-01-01,)"))
    with pytest.raises(Integrity, match=BEGINS):
        await write(fail + suspended(1, months_held))


async def test_a_suspension_needs_a_fail(write: Write) -> None:
    with pytest.raises(Integrity, match=BEGINS):
        await write(acted(1, "PASS", "2019-12-20") + suspended(1, "[2020-01-01,)"))
    with pytest.raises(asyncpg.ForeignKeyViolationError, match="suspensions_beneficiary_id_version_fkey"):
        await write(suspended(1, "[2020-01-01,)"))


async def test_a_suspension_begins_on_a_first_day(write: Write) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="suspensions_held_check"):
        await write(acted(1, "FAIL", "2019-12-20") + suspended(1, "[2020-01-02,)"))


async def test_suspensions_of_one_person_never_overlap(write: Write) -> None:
    """4's ended with 2019-10, so that a FAIL of October suspends again; 6's goes on."""
    for person, outcome in ((4, None), (6, asyncpg.ExclusionViolationError)):
        again = acted(person, "FAIL", "2019-10-25") + suspended(person, "[2019-11-01,)")
        if outcome is None:
            await write(again)
        else:
            with pytest.raises(outcome, match="suspensions_never_overlap"):
                await write(again)


async def test_a_suspension_ends_with_the_month_of_an_approved_case(write: Write) -> None:
    """Notice 三(三): approved in 2019-10, paid again from 2019-11."""
    end = held_until(6, "[2019-07-01,2019-11-01)")
    await write(approved(resumes="'2019-11-01'") + end)
    for before in (
        "",  # nothing was approved
        approved(),  # a case that resumes nothing
        closed("REJECTED", reason="'材料不足'"),
        approved(on="2019-09-20", resumes="'2019-11-01'"),  # resumes later than the month after
        approved(on="2019-11-20", resumes="'2019-11-01'"),
        approved(resumes="'2019-11-01'", version=2),  # not after the FAIL
    ):
        with pytest.raises(Integrity, match=ENDS):
            await write(before + end)


@pytest.mark.parametrize(
    "months_held",
    ["[2019-07-01,2019-10-01)", "[2019-07-01,2019-12-01)", "[2019-08-01,2019-11-01)", "[2019-06-01,2019-11-01)"],
)
async def test_a_suspension_ends_when_the_case_says_and_keeps_its_start(write: Write, months_held: str) -> None:
    with pytest.raises(Integrity, match=ENDS):
        await write(approved(resumes="'2019-11-01'") + held_until(6, months_held))


async def test_an_ended_suspension_stays_as_it_is(write: Write) -> None:
    for again in ("[2019-07-01,)", "empty", "[2019-07-01,2019-10-01)", "[2019-07-01,2019-12-01)"):
        with pytest.raises(Integrity, match=ENDS):
            await write(held_until(4, again))


async def test_only_a_suspension_that_has_not_begun_is_withdrawn(write: Write) -> None:
    """rules.md 4: a FAIL corrected by a PASS in the same month; afterwards it takes a case."""
    fail = acted(1, "FAIL", "2019-12-20", version=8) + suspended(1, "[2020-01-01,)", version=8)
    withdrawn = held_until(1, "empty", version=8)
    await write(fail + acted(1, "PASS", "2019-12-31") + withdrawn)
    for before in (
        fail,  # no PASS
        fail + acted(1, "PASS", "2020-01-01"),  # too late
        fail + acted(1, "PASS", "2019-12-20", version=7),  # before the FAIL
    ):
        with pytest.raises(Integrity, match=ENDS):
            await write(before + withdrawn)
    with pytest.raises(Integrity, match=ENDS):
        await write(held_until(6, "empty"))


@pytest.mark.parametrize(("kind", "reason"), [("PAID_BACK", "NULL"), ("INSTALMENT", "NULL"), ("WAIVED", "'生活困难'")])
async def test_no_more_is_settled_than_was_overpaid(write: Write, kind: str, reason: str) -> None:
    """rules.md 5.7: 7500.00 were overpaid; in one go or in parts."""
    await write(settled("7500.00", kind, reason))
    await write(settled("7000.00") + settled("500.00", kind, reason))
    for too_much in (settled("7500.01", kind, reason), settled("7000.00") + settled("500.01", kind, reason)):
        with pytest.raises(Integrity, match="more would be settled than was overpaid"):
            await write(too_much)


async def test_nothing_is_settled_where_nothing_was_overpaid(write: Write) -> None:
    with pytest.raises(Integrity, match="more would be settled than was overpaid"):
        await write(settled("0.01", person=1))
    for amount in ("0.00", "-1.00"):
        with pytest.raises(asyncpg.CheckViolationError, match="settlements_amount_check"):
            await write(settled(amount))


async def test_a_waiver_has_a_reason(write: Write) -> None:
    await write(settled("100.00", "WAIVED", "'生活困难'"))
    for reason in ("NULL", "''", "' '"):
        with pytest.raises(asyncpg.CheckViolationError, match="waived_with_a_reason"):
            await write(settled("100.00", "WAIVED", reason))


@pytest.mark.parametrize(("second", "fits"), [("3500.00", True), ("3500.01", False)])
async def test_of_two_settlements_at_once_the_second_sees_the_first(paid: Database, second: str, fits: bool) -> None:
    """Each alone would stay within the claim; the one waits until the other has ended."""
    async with paid.reading() as one, paid.reading() as other:
        first, later = one.transaction(), other.transaction()
        await first.start()
        await later.start()
        await one.execute(settled("4000.00"))
        waiting = asyncio.create_task(other.execute(settled(second)))
        done, _ = await asyncio.wait([waiting], timeout=0.3)
        assert not done
        await first.commit()
        try:
            if fits:
                await waiting
            else:
                with pytest.raises(Integrity, match="more would be settled than was overpaid"):
                    await waiting
        finally:
            await later.rollback()


@pytest.fixture(autouse=True)
async def unsettled(owner: asyncpg.Connection[asyncpg.Record], paid: Database) -> None:
    """What a test of two sessions had to leave behind is forgotten before the next."""
    await owner.execute("TRUNCATE settlements")

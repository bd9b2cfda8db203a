"""Cases are submitted, and decided once, by another, on documents; suspensions begin and end by facts."""

from __future__ import annotations

import re

import asyncpg
import pytest

from tests.storage.conftest import Write
from tests.storage.money import (
    NEWEST,
    acted,
    approved,
    closed,
    held_until,
    months,
    reinstated,
    submitted,
    suspended,
)

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


async def test_a_case_begins_with_its_submission(write: Write) -> None:
    """None is there that nobody submitted and somebody else decided."""
    columns = "reviewed_by, reviewed_on, reviewed_at, reason, approved_version, status"
    for status, version in (("APPROVED", "9"), ("REJECTED", "NULL"), ("WITHDRAWN", "NULL")):
        decided = submitted(1).replace("submitted_at)", f"submitted_at, {columns})")
        said = f"'2019-10-12 09:00+08', 2, '2019-10-20', '2019-10-20', '材料不足', {version}, '{status}')"
        with pytest.raises(Integrity, match="a case begins with its submission"):
            await write(decided.replace("'2019-10-12 09:00+08')", said))


async def test_a_case_is_reviewed_by_another_than_submitted_it(write: Write) -> None:
    """Whoever submitted it may withdraw it, no more; an officer too."""
    of_officer = submitted(1, by=3)
    await write(of_officer + approved(NEWEST, by=2))
    await write(of_officer + closed("WITHDRAWN", NEWEST, by=3))
    for review in (approved(NEWEST, by=3), closed("REJECTED", NEWEST, by=3, reason="'材料不足'")):
        with pytest.raises(asyncpg.CheckViolationError, match="case_is_reviewed_by_another"):
            await write(of_officer + review)


@pytest.mark.parametrize("by", [1, 4, 5, 99])
async def test_a_case_is_reviewed_by_an_officer_of_the_district(write: Write, by: int) -> None:
    """Neither by a unit, whoever of it submitted the case, nor by another district's officer, nor by nobody."""
    await write(approved(by=2))
    await write(approved(by=3))
    for review in (approved(by=by), closed("REJECTED", by=by, reason="'材料不足'")):
        with pytest.raises(Integrity, match="a case is reviewed by an officer of the district"):
            await write(review)


async def test_a_case_is_reviewed_after_it_was_submitted(write: Write) -> None:
    """On the same day at the earliest: a month is not claimed back by an earlier review."""
    for review in (approved, lambda on: closed("REJECTED", reason="'材料不足'", on=on)):
        await write(review(on="2019-10-12"))
        for earlier in ("2019-10-11", "2019-09-30", "-infinity"):
            with pytest.raises(asyncpg.CheckViolationError, match="case_is_reviewed_after_it_was_submitted"):
                await write(review(on=earlier))


async def test_a_rejection_has_a_reason(write: Write) -> None:
    await write(closed("REJECTED", reason="'材料不足'"))
    for reason in ("NULL", "''", "'  '"):
        with pytest.raises(asyncpg.CheckViolationError, match="case_is_rejected_with_a_reason"):
            await write(closed("REJECTED", reason=reason))


@pytest.mark.parametrize("missing", ["reviewed_by", "reviewed_on", "reviewed_at"])
async def test_a_review_says_who_and_when(write: Write, missing: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match="case_is_reviewed_whole"):
        await write(re.sub(f"{missing} = [^,]+", f"{missing} = NULL", closed("WITHDRAWN", by=1)))


@pytest.mark.parametrize("status", ["SUBMITTED", "APPROVED", "REJECTED", "WITHDRAWN"])
@pytest.mark.parametrize("first", [approved(), closed("REJECTED", reason="'材料不足'"), closed("WITHDRAWN", by=1)])
async def test_a_closed_case_is_neither_opened_nor_decided_again(write: Write, first: str, status: str) -> None:
    again = {
        "SUBMITTED": """UPDATE reinstatements SET status = 'SUBMITTED', reviewed_by = NULL, reviewed_on = NULL,
                        reviewed_at = NULL, reason = NULL, approved_version = NULL, lifted_from = NULL,
                        resumes_from = NULL WHERE id = 2""",
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
    another = submitted(4) + approved(NEWEST, on="2019-10-21", version=5)
    await write(another + months(4, NEWEST, "2019-10"))
    with pytest.raises(asyncpg.UniqueViolationError, match="reinstatement_months_pkey"):
        await write(another + months(4, NEWEST, "2019-07"))


async def test_months_are_first_days_and_finite(write: Write) -> None:
    for month in ("2019-07-02", "-infinity"):
        with pytest.raises(asyncpg.CheckViolationError, match="reinstatement_months_month_check"):
            await write(approved() + months(6, 2, "2019-07").replace("2019-07-01", month))


@pytest.mark.parametrize("months_held", ["[2019-12-01,)", "[2020-02-01,)", "[2020-01-01,2020-03-01)", "empty"])
async def test_a_suspension_begins_in_the_month_after_its_fail(write: Write, months_held: str) -> None:
    """Notice 三(二); and nobody knows yet when it ends."""
    fail = acted(1, "FAIL", "2019-12-20")
    await write(fail + suspended(1, "[2020-01-01,)"))
    with pytest.raises(Integrity, match=BEGINS):
        await write(fail + suspended(1, months_held))


async def test_a_suspension_needs_a_fail(write: Write) -> None:
    for before in (acted(1, "PASS", "2019-12-20"), ""):
        with pytest.raises(Integrity, match=BEGINS):
            await write(before + suspended(1, "[2020-01-01,)"))


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


LIFTED = "'2019-11-01'"


async def test_a_suspension_ends_with_the_month_of_an_approved_case(write: Write) -> None:
    """Notice 三(三): approved in 2019-10, held no more from 2019-11."""
    end, later = held_until(6, "[2019-07-01,2019-11-01)"), held_until(6, "[2019-07-01,2019-12-01)")
    await write(reinstated())
    await write(approved(lifted=LIFTED) + end)  # no period reaches 2019-11: nothing resumes
    for before in (
        "",  # nothing was approved
        approved(),  # a case that lifts nothing
        closed("REJECTED", reason="'材料不足'"),
        approved(on="2019-11-20", lifted=LIFTED),  # lifted with its own month
        approved(lifted=LIFTED, version=2),  # not after the FAIL
    ):
        with pytest.raises(Integrity, match=ENDS):
            await write(before + end)
    with pytest.raises(Integrity, match=ENDS):
        await write(approved(lifted="'2019-12-01'") + later)  # lifted later than the month after


async def test_what_resumes_is_what_was_lifted(write: Write) -> None:
    """Only an approval lifts a suspension; paid again is from the same month on, or not at all."""
    for resumes in ("'2019-12-01'", "'2019-10-01'"):
        with pytest.raises(asyncpg.CheckViolationError, match="reinstatements_check"):
            await write(approved(lifted=LIFTED, resumes=resumes))
    with pytest.raises(asyncpg.CheckViolationError, match="reinstatements_check"):
        await write(approved(resumes=LIFTED))
    with pytest.raises(asyncpg.CheckViolationError, match="reinstatements_check"):
        await write(closed("WITHDRAWN", by=1).replace("reason =", f"lifted_from = {LIFTED}, reason ="))
    with pytest.raises(asyncpg.CheckViolationError, match="reinstatements_lifted_from_check"):
        await write(approved(lifted="'2019-11-02'"))


@pytest.mark.parametrize(
    "months_held",
    ["[2019-07-01,2019-10-01)", "[2019-07-01,2019-12-01)", "[2019-08-01,2019-11-01)", "[2019-06-01,2019-11-01)"],
)
async def test_a_suspension_ends_when_the_case_says_and_keeps_its_start(write: Write, months_held: str) -> None:
    with pytest.raises(Integrity, match=ENDS):
        await write(approved(lifted=LIFTED) + held_until(6, months_held))


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

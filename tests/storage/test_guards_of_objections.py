"""Objections are reported once, taken and decided by an officer of the district, and decided once; around the API."""

from __future__ import annotations

import asyncpg
import pytest

from tests.storage.conftest import Write
from tests.storage.history import undone
from tests.storage.money import acted

Integrity = asyncpg.IntegrityConstraintViolationError
NEWEST = "(SELECT max(id) FROM objections)"
DECIDED_ONCE = "an objection is decided once"


@pytest.fixture
async def write(paid: object, owner: asyncpg.Connection[asyncpg.Record]) -> Write:
    """The batch role writes no objection; the owner may write anything that the guards let through."""
    return lambda statement: undone(owner, statement)


def reported(**other: str) -> str:
    """The statement that reports the verdict on person 1 for 2019-05."""
    row = {
        "beneficiary_id": "1", "verdict_month": "'2019-05-01'", "kind": "'DECLARED_DEAD'", "statement": "'本人健在'",
        "proof_kinds": "'{WINDOW_VISIT}'", "document_names": "'{记录}'", "document_sha256": "'{aa}'",
        "handler_name": "'李经办'", "handler_contact": "'1'", "reported_by": "1", "reported_as": "'UNIT'",
        "reported_on": "'2019-06-05'", "reported_at": "'2019-06-05 09:00+08'", "due_at": "'2019-06-08 09:00+08'",
        **other,
    }  # fmt: skip
    return f"INSERT INTO objections ({', '.join(row)}) VALUES ({', '.join(row.values())});"


def decided(by: int = 2, outcome: str = "DATA_WRONG", other: dict[str, str] | None = None, **more: str) -> str:
    """The statement that decides the newest."""
    row = {
        "taken_by": str(by), "taken_at": "now()", "outcome": f"'{outcome}'", "reason": "'已核实'",
        "decided_on": "'2019-06-06'", "decided_at": "now()", **(other or {}), **more,
    }  # fmt: skip
    return f"UPDATE objections SET {', '.join(f'{n} = {v}' for n, v in row.items())} WHERE id = {NEWEST};"


def quarantined(person: int = 1) -> str:
    return f"INSERT INTO quarantines VALUES ({person}, 'cremation', '2019-05-02', {NEWEST}, now());"


async def test_a_verdict_has_one_open_objection(write: Write) -> None:
    await write(reported() + decided() + reported())
    with pytest.raises(asyncpg.UniqueViolationError, match="objections_one_open"):
        await write(reported() + reported())


@pytest.mark.parametrize(("other", "constraint"), [
    ({"statement": "' '"}, "objections_statement_check"),
    ({"kind": "'SOMETHING'"}, "objections_kind_check"),
    ({"due_at": "'2019-06-05 09:00+08'"}, "objections_check"),
    ({"document_sha256": "'{aa,bb}'"}, "objection_has_whole_proofs"),
    ({"handler_name": "NULL"}, "unit_names_its_handler"),
    ({"reported_as": "'PERSON'"}, "unit_names_its_handler"),
    ({"reported_as": "'OFFICER'"}, "objections_reported_as_check"),
])  # fmt: skip
async def test_a_report_is_whole(write: Write, other: dict[str, str], constraint: str) -> None:
    with pytest.raises(asyncpg.CheckViolationError, match=constraint):
        await write(reported(**other))


async def test_an_objection_is_about_a_published_verdict(write: Write) -> None:
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await write(reported(verdict_month="'2019-04-01'"))


async def test_an_objection_begins_with_its_report(write: Write) -> None:
    with pytest.raises(Integrity, match="begins with its report"):
        await write(reported(taken_by="2", taken_at="now()"))


@pytest.mark.parametrize("by", [1, 4, 5, 99])
async def test_it_is_taken_and_decided_by_an_officer_of_the_district(write: Write, by: int) -> None:
    """Neither by a unit nor by another district's officer nor by nobody."""
    await write(reported() + decided(by=3))
    taken = f"UPDATE objections SET taken_by = {by}, taken_at = now() WHERE id = {NEWEST}"
    for statement in (decided(by=by), taken):
        with pytest.raises(Integrity, match="by an officer of the district"):
            await write(reported() + statement)


async def test_a_ruling_says_who_when_and_why(write: Write) -> None:
    for missing in ("reason", "decided_on", "decided_at"):
        with pytest.raises(asyncpg.CheckViolationError, match="objection_is_decided_whole"):
            await write(reported() + decided(other={missing: "NULL"}))
    with pytest.raises(asyncpg.CheckViolationError, match="objections_reason_check"):
        await write(reported() + decided(reason="' '"))
    with pytest.raises(asyncpg.CheckViolationError, match="objections_check"):
        await write(reported() + decided(decided_on="'2019-06-04'"))


async def test_an_objection_is_decided_once(write: Write) -> None:
    for again in (decided(outcome="VERDICT_RIGHT"), decided(by=3), f"UPDATE objections SET outcome = NULL,"
                  f" reason = NULL, decided_on = NULL, decided_at = NULL WHERE id = {NEWEST}"):  # fmt: skip
        with pytest.raises(Integrity, match=DECIDED_ONCE):
            await write(reported() + decided() + again)


async def test_proofs_are_only_added(write: Write) -> None:
    kinds, names = "'{WINDOW_VISIT,HOME_VISIT}'", "'{记录,另一}'"
    await write(reported() + decided(proof_kinds=kinds, document_names=names, document_sha256="'{aa,bb}'"))
    with pytest.raises(Integrity, match="proofs are only added"):
        await write(reported() + decided(proof_kinds=kinds, document_names=names, document_sha256="'{bb,cc}'"))


async def test_only_wrong_data_about_somebody_declared_dead_restore_anybody(write: Write) -> None:
    act = acted(1, "PASS", "2019-06-06", version=20)
    await write(reported() + act + decided(passed_version="20"))
    for report, ruling in (
        (reported(), decided(outcome="RULE_WRONG", passed_version="20")),
        (reported(kind="'OTHER'"), decided(passed_version="20")),
    ):
        with pytest.raises(asyncpg.CheckViolationError, match="only_wrong_data_restores"):
            await write(report + act + ruling)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await write(reported() + decided(passed_version="21"))


async def test_a_quarantine_comes_with_its_ruling_and_of_its_person(write: Write) -> None:
    await write(reported() + decided() + quarantined())
    for before, person in (
        (reported(), 1),
        (reported() + decided(outcome="VERDICT_RIGHT"), 1),
        (reported() + decided(), 2),
    ):
        with pytest.raises(Integrity, match="only the ruling that data were wrong"):
            await write(before + quarantined(person))


async def test_one_ruling_decides_another_case_with_its_own_outcome(write: Write) -> None:
    """Of the same benefit, of who was declared dead, and in the ruling on the first."""
    first = "(SELECT min(id) FROM objections)"
    begun = reported() + decided() + reported()
    await write(begun + decided(decided_with=first))
    with pytest.raises(asyncpg.CheckViolationError, match="one_ruling_answers_who_was_declared_dead"):
        await write(begun + decided(outcome="RULE_WRONG", decided_with=first))
    with pytest.raises(asyncpg.CheckViolationError, match="one_ruling_answers_who_was_declared_dead"):
        await write(reported() + decided() + reported(kind="'OTHER'") + decided(decided_with=first))
    for ruling, other in ((decided(outcome="VERDICT_RIGHT"), first), (decided(), NEWEST), (decided(), "10000")):
        with pytest.raises(Integrity, match="in the ruling on that one"):
            await write(reported() + ruling + reported() + decided(decided_with=other))

"""`publish` in parts: whatever ends one, and whatever happens before it goes on, everybody gets one verdict."""

from __future__ import annotations

import asyncio
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest

from domain.month import Month
from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers import batch, check, payroll
from resolvers.check import Checked
from resolvers.errors import Refused
from storage import batches, publication
from tests.audit.trail import sealed, verified
from tests.commands.ledger import said
from tests.storage.publishing import (
    DUE,
    LIFE,
    MAY,
    assessed,
    in_parts_of,
    interrupted,
    left_by,
    published,
    verdicts,
)
from tests.world import BUREAU, SCHOOL, World

UNIT_OF = {id: unit for id, (unit, _, _) in enumerate(LIFE, start=1)}


@pytest.mark.parametrize("people", [1, 2, 3, 7, 100])
async def test_a_month_in_parts_is_the_month_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch, people: int
) -> None:
    """Verdicts, rows, periods, versions, events, entries: of parts of any size the same is left."""
    await assessed(world)
    assert (await published(world)).people == DUE
    at_once = await left_by(world)
    in_parts_of(monkeypatch, people)
    await assessed(world)
    done = await published(world)
    assert (done.people, done.renewed, done.earlier) == (DUE, 3, False)
    assert await left_by(world) == at_once
    assert at_once["drafts"] == [(0, 0, 0)]
    assert [unit for unit, *_ in at_once["told"]] == [1, 2]


@pytest.mark.parametrize("parts", [1, 2, 3, 4])
async def test_what_ends_early_goes_on_and_comes_to_the_same(may: World, parts: int) -> None:
    """Also when it ends again, and when PostgreSQL crashes in between: a draft is then gone."""
    await published(may)
    at_once = await left_by(may)
    await assessed(may)
    await interrupted(may, parts)
    assert len(await verdicts(may)) == min(2 * parts, DUE)
    assert (await left_by(may))["told"] == []
    await may.owner.execute("TRUNCATE draft_verdicts")
    if parts < 4:
        await interrupted(may, 1)
    done = await published(may)
    assert (done.people, done.renewed, done.earlier) == (DUE, 3, False)
    assert await left_by(may) == at_once
    assert (await published(may)).earlier
    assert await left_by(may) == at_once
    assert await check.standings(may.context()) == Checked(8, [])
    await sealed(may)
    await verified(may)


async def test_a_run_that_ends_within_a_part_leaves_nothing_of_it(may: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither verdicts without their periods nor periods without their rows."""
    await interrupted(may, 1)
    before = await left_by(may)
    with monkeypatch.context() as patch:
        patch.setattr(publication, "_WRITTEN_DOWN", "SELECT 1 / 0")
        with pytest.raises(Exception, match="division by zero"):
            await published(may)
    assert await left_by(may) == before
    assert (await published(may)).people == DUE


async def test_the_operator_is_told_of_the_whole_month(may: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The run that finishes counts what the others did."""
    await interrupted(may, 2)
    await said(may, "publish", "2019-05")
    assert capsys.readouterr().out == "2019-05: 7 verdicts published, 3 periods renewed\n"


async def test_a_brake_that_was_released_is_not_asked_again(may: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was decided when it began holds until it is finished; the trail says who decided, and what for."""
    monkeypatch.setattr(batch, "brakes", lambda *_: True)
    with pytest.raises(Refused, match=r"^held: 1 of 7 people would turn DISQUALIFIED"):
        await published(may)
    assert (await left_by(may))["publications"] == []
    monkeypatch.setattr(publication, "finish", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await batch.publish(may.context(), MAY, release=True)
    monkeypatch.undo()
    assert (await published(may)).people == DUE
    assert (await left_by(may))["recorded"] == [
        (
            "PUBLICATION_BEGUN",
            '{"facts":{"disqualified":1,"month":"2019-05","operator":"operator","people":7,"released":true}}',
        ),
        ("PUBLISHED", '{"facts":{"month":"2019-05","operator":"operator","people":7,"renewed":3}}'),
    ]


@pytest.mark.parametrize("people", [1, 2, 100])
@pytest.mark.parametrize("in_turn", [True, False], ids=["in turn", "without a turn"])
async def test_several_who_publish_at_once_double_nothing(
    may: World, monkeypatch: pytest.MonkeyPatch, people: int, *, in_turn: bool
) -> None:
    """One does it all and the others find it done; where nobody waits for a turn, part after part is somebody's."""
    await published(may)
    at_once = await left_by(may)
    await assessed(may)
    in_parts_of(monkeypatch, people)
    if not in_turn:
        monkeypatch.setattr(batches, "turn", lambda *_: nullcontext())
    done = await asyncio.gather(*(published(may) for _ in range(4)))
    assert sorted(one.earlier for one in done) == [False, True, True, True]
    assert await left_by(may) == at_once


# What happens between two parts: of the people of 1 and 2 after their verdicts, of the others before.


async def test_acts_in_between_come_after_some_verdicts_and_before_others(may: World) -> None:
    """A batch pass of everybody who goes on: each row keeps both, in the order in which they came."""
    await interrupted(may, 1)
    for unit in (SCHOOL, BUREAU):
        people = [id for id, of in UNIT_OF.items() if of == unit and id != 4]
        assert (await may.submit(Act.BATCH_PASS, *people, reason="已核实", as_=unit)).refusals == ()
    await published(may)
    versions = {id: version for id, (version, *_) in (await verdicts(may)).items()}
    assert versions == {1: 2, 2: 2, 3: 3, 5: 4, 6: 3, 7: 3, 8: 3}
    rows = await may.owner.fetch("SELECT id, version, verdict_answered FROM beneficiaries ORDER BY id")
    assert [tuple(row) for row in rows] == [
        (1, 3, True), (2, 3, True), (3, 3, False), (4, 2, None), (5, 4, False), (6, 3, False), (7, 3, False),
        (8, 3, False),
    ]  # fmt: skip
    assert await check.standings(may.context()) == Checked(8, [])


@pytest.mark.parametrize("parts", [1, 4])
async def test_whom_a_unit_fails_in_between_no_later_verdict_renews(may: World, parts: int) -> None:
    """A machine never undoes a human's FAIL; one that came after the verdict ends what that renewed."""
    await interrupted(may, parts)
    await may.submit(Act.OVERRIDE, 8, status=SurvivalStatus.MISSING, since="2019-06-02")
    assert (await published(may)).renewed == (2 if parts == 1 else 3)
    row = await may.owner.fetchrow("SELECT conclusion, paid_through, suspended_from FROM beneficiaries WHERE id = 8")
    assert row is not None and tuple(row) == ("QUALIFIED", date(2019, 6, 1), date(2019, 7, 1))
    assert await check.standings(may.context()) == Checked(8, [])


@pytest.mark.parametrize(("parts", "people"), [(1, 6), (4, 7)])
async def test_whose_benefit_ends_in_between_gets_no_later_verdict(may: World, parts: int, people: int) -> None:
    """An ended benefit is not judged; a verdict of before stays."""
    await interrupted(may, parts)
    await may.submit(Act.TERMINATE, 8, status=SurvivalStatus.DECEASED, since="2019-06-02")
    assert (await published(may)).people == people
    assert (8 in await verdicts(may)) == (parts == 4)
    assert await check.standings(may.context()) == Checked(8, [])


QUARANTINED = """
SET session_replication_role = replica;
INSERT INTO quarantines (person_id, kind, occurred_on, objection_id, at)
SELECT person_id, 'rail_travel', '2019-05-10', 1, '2019-06-04 09:00+08' FROM beneficiaries WHERE id = 6;
RESET session_replication_role
"""
"""As a ruling on a case does, that the sign of life of person 6 was somebody else's."""


async def test_records_that_come_in_between_wait_and_those_found_false_count_no_more(may: World) -> None:
    """The brake has not seen what is new, which speaks in the next month. What was found false says nothing."""
    await published(may)
    at_once = await verdicts(may)
    await assessed(may)
    wrong = await may.owner.fetchval("SELECT reference FROM evidence WHERE kind = 'cremation'")
    await interrupted(may, 1)
    await may.evidence(8, "cremation", "2019-05-30", "justice")
    await may.evidence(7, "tip_off", "2019-05-30", "justice")
    await batch.find_wrong(may.context(), "justice", wrong, "他人的记录")
    await may.owner.execute(QUARANTINED)
    await may.enrol(9, certified_in="2018-12")
    await published(may)
    # Of 3 the cremation was found wrong, of 6 the sign of life.
    said = {id: conclusion for id, (_, conclusion, _) in at_once.items()} | {3: "PENDING", 6: "PENDING"}
    assert {id: conclusion for id, (_, conclusion, _) in (await verdicts(may)).items()} == said
    assert await check.standings(may.context()) == Checked(9, [])
    await may.at("2019-07-04").publish("2019-06")
    june = await may.owner.fetch(
        "SELECT beneficiary_id, conclusion FROM verdicts WHERE month = '2019-06-01' ORDER BY 1"
    )
    assert [tuple(row) for row in june] == [
        (1, "QUALIFIED"), (2, "PENDING"), (3, "PENDING"), (5, "QUALIFIED"), (6, "PENDING"), (7, "PENDING"),
        (8, "DISQUALIFIED"), (9, "PENDING"),
    ]  # fmt: skip


async def test_no_payroll_has_half_of_an_older_month(may: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither where it begins, nor where the publication has begun beside it; what it has written is gone on with."""
    await published(may)
    await may.assess("2019-04")
    await interrupted(may, 1, Month(2019, 4))
    reason = "the publication of 2019-04 is not finished; run: publish 2019-04"
    june = Month(2019, 6)
    with pytest.raises(Refused, match=reason):
        await payroll.freeze(may.at("2019-06-08").context(), june)
    assert (await payroll.preview(may.context(), june)).not_before == reason
    with monkeypatch.context() as patch:
        seen = iter([None])  # by the run when it begins

        async def unfinished(_: object) -> Month | None:
            return next(seen, Month(2019, 4))

        patch.setattr(publication, "unfinished", unfinished)
        with pytest.raises(Refused, match=reason):
            await payroll.freeze(may.context(), june)
    assert await may.owner.fetchval("SELECT count(*) FROM payrolls") == 0
    await batch.publish(may.context(), Month(2019, 4))
    frozen = await payroll.freeze(may.context(), june)
    assert sum(people for people, _ in frozen.totals.entries.values()) == 8


async def test_a_lost_turn_takes_nothing_from_the_run(may: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What holds it may be ended by PostgreSQL at any time: the month is published, and told as such."""
    publish_part, ended = publication.publish_part, list[bool]()

    async def losing(*given: Any) -> None:
        await publish_part(*given)
        rows = await may.owner.fetch(
            "SELECT pg_terminate_backend(pid) AS ended FROM pg_locks WHERE locktype = 'advisory' AND objid = $1",
            batches.PUBLISHING,
        )
        ended.extend(row["ended"] for row in rows)

    monkeypatch.setattr(publication, "publish_part", losing)
    done = await batch.publish(may.context(), MAY)
    assert ended == [True]
    assert (done.people, done.earlier) == (DUE, False)
    told = await may.owner.fetch("SELECT state FROM events WHERE topic = 'RUN' ORDER BY number")
    assert told[-1]["state"] == "FINISHED"

"""What an assessment concludes of files that came in: literal cases, rules.md 3 and 7."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from domain.submission import Act
from domain.vocabulary import SurvivalStatus
from resolvers import batch
from tests.world import BUREAU, World


class Drafted(NamedTuple):
    conclusion: str
    rule: str
    loss: str | None = None
    activity: str | None = None


LATE_LOSS = Drafted("DISQUALIFIED", "loss", "death_certificate 2019-05-01")


async def drafts(world: World, month: str = "2019-05") -> dict[int, Drafted]:
    """The month's draft, by the row's id; a fact is its kind and day."""
    rows = await world.owner.fetch(
        """SELECT beneficiary_id, conclusion, rule, loss_kind || ' ' || loss_on AS loss,
                  activity_kind || ' ' || activity_on AS activity
           FROM draft_verdicts WHERE to_char(month, 'YYYY-MM') = $1""",
        month,
    )
    return {row["beneficiary_id"]: Drafted(*list(row)[1:]) for row in rows}


@pytest.fixture
async def school(world: World) -> World:
    """The school on 2019-06-01, the first day on which May can be assessed."""
    await world.at("2019-06-01").units()
    return world


async def concluded(world: World, *evidence: tuple[str, str]) -> Drafted:
    """What is concluded of one retiree for May 2019."""
    person = await world.enrol(1)
    for kind, day in evidence:
        await world.evidence(1, kind, day)
    await world.assess("2019-05")
    return (await drafts(world))[person]


async def test_case_12_a_gate_after_a_cremation_is_a_conflict(school: World) -> None:
    """Cremation record 2019-05-02, rail gate 2019-05-20: PENDING, never a silent pass."""
    found = await concluded(school, ("cremation", "2019-05-02"), ("rail_travel", "2019-05-20"))
    assert found == ("PENDING", "loss_contradicted", "cremation 2019-05-02", "rail_travel 2019-05-20")


async def test_a_gate_on_the_day_of_the_loss_is_none(school: World) -> None:
    """Only a sign of life after that day contradicts; this one the person may have passed before dying."""
    found = await concluded(school, ("cremation", "2019-05-02"), ("rail_travel", "2019-05-02"))
    assert found == ("DISQUALIFIED", "loss", "cremation 2019-05-02", "rail_travel 2019-05-02")


async def test_case_13_two_uses_of_one_card_on_one_day_qualify_nobody(school: World) -> None:
    """Two pharmacy card uses on one day, nothing else: PENDING."""
    found = await concluded(school, ("pharmacy_card", "2019-05-20"), ("pharmacy_card", "2019-05-20"))
    assert found == ("PENDING", "lendable_only", None, "pharmacy_card 2019-05-20")


@pytest.mark.parametrize(("kind", "day"), [("bus_card", "2019-05-20"), ("pharmacy_card", "2019-05-21")])
async def test_case_14_two_kinds_or_two_dates_qualify(school: World, kind: str, day: str) -> None:
    """Pharmacy and bus card on one day: QUALIFIED. So do two dates of one card."""
    found = await concluded(school, ("pharmacy_card", "2019-05-20"), (kind, day))
    assert found == ("QUALIFIED", "life", None, f"{max(kind, 'pharmacy_card')} {day}")


@pytest.mark.parametrize(
    ("day", "conclusion", "rule"),
    [("2018-12-01", "QUALIFIED", "life"), ("2018-11-30", "PENDING", "out_of_date")],
)
async def test_case_15_the_window_opens_six_months_back(school: World, day: str, conclusion: str, rule: str) -> None:
    """Rail gate on 2018-12-01, retiree, verdict for 2019-05: QUALIFIED; on 2018-11-30 it would be PENDING."""
    assert await concluded(school, ("rail_travel", day)) == (conclusion, rule, None, f"rail_travel {day}")


async def test_nothing_known_is_pending(school: World) -> None:
    """Silence proves neither life nor death."""
    assert await concluded(school) == Drafted("PENDING", "nothing")


async def test_what_happened_after_the_month_does_not_count(school: World) -> None:
    """A month is concluded from what is dated up to its end."""
    found = await concluded(school.at("2019-06-10"), ("rail_travel", "2019-05-31"), ("cremation", "2019-06-01"))
    assert found == ("QUALIFIED", "life", None, "rail_travel 2019-05-31")


async def test_one_persons_evidence_feeds_every_row(school: World) -> None:
    """Who draws two benefits is one person: a gate in March is recent for the retiree, not for the survivor."""
    await school.units(BUREAU)
    retiree = await school.enrol(1)
    survivor = await school.enrol(1, unit=BUREAU, category="SURVIVOR")
    await school.evidence(1, "rail_travel", "2019-02-28")
    assert await school.assess("2019-05") == {"QUALIFIED": 1, "PENDING": 1}
    assert await drafts(school) == {
        retiree: ("QUALIFIED", "life", None, "rail_travel 2019-02-28"),
        survivor: ("PENDING", "out_of_date", None, "rail_travel 2019-02-28"),
    }
    await school.evidence(1, "cremation", "2019-05-02")
    assert await school.assess("2019-05") == {"DISQUALIFIED": 2}


async def test_one_rows_answer_is_not_the_others(school: World) -> None:
    """A PASS against a loss record answers it for the row that was passed."""
    await school.units(BUREAU)
    retiree = await school.enrol(1)
    other = await school.enrol(1, unit=BUREAU)
    await school.evidence(1, "cremation", "2019-05-02")
    await school.at("2019-06-04").publish("2019-05", release=True)
    await school.at("2019-06-10").submit(Act.OVERRIDE, retiree, reason="本人到场")
    await school.at("2019-07-01").assess("2019-06")
    rules = {id: draft.rule for id, draft in (await drafts(school, "2019-06")).items()}
    assert rules == {retiree: "loss_answered", other: "loss"}


async def test_a_loss_record_that_came_after_the_answer_is_unanswered(school: World) -> None:
    """The unit answered the cremation that the verdict showed, not a certificate that nobody had seen."""
    person = await school.enrol(1)
    await school.evidence(1, "cremation", "2019-05-02")
    await school.at("2019-06-04").publish("2019-05", release=True)
    await school.at("2019-06-10").submit(Act.OVERRIDE, person, reason="本人到场")
    await school.at("2019-06-11").evidence(1, "death_certificate", "2019-05-01")
    await school.at("2019-07-01").assess("2019-06")
    assert (await drafts(school, "2019-06"))[person] == LATE_LOSS


async def test_a_file_that_waited_for_a_publication_was_not_seen_by_it(school: World) -> None:
    """An import begun before a publication may be saved after it.

    The unit's answer to that verdict is no answer to the import's records.
    """
    person = await school.enrol(1)
    await school.evidence(1, "cremation", "2019-05-02")
    await school.at("2019-06-04", hour=12).assess("2019-05")
    await school.publish_only("2019-05")
    await school.at("2019-06-04", hour=11).evidence(1, "death_certificate", "2019-05-01")
    await school.at("2019-06-10").submit(Act.OVERRIDE, person, reason="本人到场")
    await school.at("2019-07-01").assess("2019-06")
    assert (await drafts(school, "2019-06"))[person] == LATE_LOSS


async def test_what_an_assessment_has_seen_came_before_it(school: World) -> None:
    """Also where its clock is behind the import's: a rehearsal's begins anew with every command.

    The unit's answer to the verdict answers the record that made it.
    """
    person = await school.enrol(1)
    await school.at("2019-06-04", hour=12).evidence(1, "cremation", "2019-05-02")
    await school.at("2019-06-04", hour=11).assess("2019-05")
    await school.publish_only("2019-05")
    await school.at("2019-06-10").submit(Act.OVERRIDE, person, reason="本人到场")
    await school.at("2019-07-01").assess("2019-06")
    assert (await drafts(school, "2019-06"))[person].rule == "loss_answered"


async def test_the_terminated_are_not_assessed(school: World) -> None:
    """A benefit that has ended asks for no sign of life."""
    gone, left = await school.enrol(1), await school.enrol(2)
    await school.submit(Act.TERMINATE, gone, status=SurvivalStatus.DECEASED, since="2019-05-10")
    assert await school.assess("2019-05") == {"PENDING": 1}
    assert list(await drafts(school)) == [left]


async def test_a_benefit_that_has_not_begun_is_not_assessed(school: World) -> None:
    """Whoever draws from June on is nobody's concern in May."""
    began = await school.enrol(1, benefit_from="2019-05", certified_in="")
    await school.enrol(2, benefit_from="2019-06", certified_in="")
    await school.assess("2019-05")
    assert list(await drafts(school)) == [began]


async def test_assessing_again_replaces_the_draft(school: World) -> None:
    """Until its publication a month can be assessed as often as new data comes in."""
    person = await school.enrol(1)
    assert await school.assess("2019-05") == {"PENDING": 1}
    await school.evidence(1, "rail_travel", "2019-05-20")
    assert await school.assess("2019-05") == {"QUALIFIED": 1}
    assert await school.assess("2019-05") == {"QUALIFIED": 1}
    assert await drafts(school) == {person: ("QUALIFIED", "life", None, "rail_travel 2019-05-20")}


async def test_a_draft_is_nothing_that_a_unit_sees(school: World) -> None:
    """Notice 一(四): before publication the row shows no verdict, and nothing of its history."""
    person = await school.enrol(1)
    await school.assess("2019-05")
    assert (await school.person(person))["verdict"] is None
    assert (await school.person(person))["version"] == 1


async def test_records_that_came_after_the_assessment_count_in_the_publication(school: World) -> None:
    """A publication concludes once more from what is there: the draft was for looking at."""
    person = await school.enrol(1)
    assert await school.assess("2019-05") == {"PENDING": 1}
    await school.at("2019-06-02").evidence(1, "rail_travel", "2019-05-31")
    await school.at("2019-06-04").publish_only("2019-05")
    assert (await school.person(person))["verdict"]["conclusion"] == "QUALIFIED"


async def test_a_record_found_wrong_after_the_assessment_counts_no_more(school: World) -> None:
    """A record that the agency has found wrong counts no more: not in the publication two days later either."""
    person = await school.enrol(1)
    await school.evidence(1, "death_certificate", "2019-05-02", source="health")
    assert await school.at("2019-06-02").assess("2019-05") == {"DISQUALIFIED": 1}
    reference = await school.owner.fetchval("SELECT reference FROM evidence")
    await batch.find_wrong(school.at("2019-06-03").context(), "health", reference, "重名")
    await school.at("2019-06-04").publish_only("2019-05")
    assert (await school.person(person))["verdict"]["conclusion"] == "PENDING"


async def test_a_loss_answered_after_the_assessment_is_pending_in_the_publication(school: World) -> None:
    """Between the 1st and the 4th of every month: a re-run never undoes a human decision."""
    person = await school.enrol(1)
    await school.at("2019-06-01").evidence(1, "death_certificate", "2019-05-02", source="health")
    await school.at("2019-06-04").publish("2019-05")
    await school.at("2019-07-01").assess("2019-06")
    await school.at("2019-07-02").submit(Act.OVERRIDE, person, reason="本人到场")
    await school.at("2019-07-04").publish_only("2019-06")
    assert (await school.person(person))["verdict"]["conclusion"] == "PENDING"


async def test_who_is_enrolled_after_the_assessment_gets_a_verdict_too(school: World) -> None:
    """Nobody is left without a verdict for having come on the 3rd."""
    await school.enrol(1)
    await school.at("2019-06-01").assess("2019-05")
    late = await school.at("2019-06-03").enrol(2)
    await school.at("2019-06-04").publish_only("2019-05")
    assert (await school.person(late))["verdict"]["month"] == "2019-05"


async def test_an_answer_between_the_assessment_and_the_publication_counts(school: World) -> None:
    """A PASS given on the 3rd is not followed on the 4th by the DISQUALIFIED that it has answered."""
    person = await school.enrol(1)
    await school.evidence(1, "cremation", "2019-05-02")
    await school.at("2019-06-04").publish("2019-05", release=True)
    await school.at("2019-07-01").assess("2019-06")
    await school.at("2019-07-03").submit(Act.OVERRIDE, person, reason="本人到场")
    await school.at("2019-07-04").publish_only("2019-06")
    assert (await school.person(person))["verdict"]["conclusion"] == "PENDING"

"""Which verdicts turned out wrong, by the domain alone. Notice 三(四)."""

from __future__ import annotations

from datetime import date

from domain.certification import Certification, Termination, Withdrawal
from domain.history import Fact
from domain.month import Month
from domain.quality import Known, Mistake, MistakeKind, mistakes, stood
from domain.verdict import Fact as Evidence
from domain.verdict import Finding, Rule, Verdict
from domain.vocabulary import CertificationResult, Method, SurvivalStatus
from tests.lives import ASSESSED

CREMATION = Evidence("cremation", date(2019, 5, 2))
TRAIN = Evidence("rail_travel", date(2019, 3, 5))


def verdict(version: int, month: str, rule: Rule, evidence: Evidence = CREMATION) -> Fact:
    """Published on the 4th of the month after."""
    of = Month.parse(month)
    on = (of + 1).day(4)
    finding = Finding(rule, evidence) if rule.rests_on_loss else Finding(rule, activity=evidence)
    return Fact(version, Verdict(of, finding, on, ASSESSED), on)


def dead(version: int, month: str, evidence: Evidence = CREMATION) -> Fact:
    return verdict(version, month, Rule.LOSS, evidence)


def alive(version: int, month: str) -> Fact:
    return verdict(version, month, Rule.LIFE, TRAIN)


def passed(version: int, on: str) -> Fact:
    act = Certification(Method.OVERRIDE, CertificationResult.PASS, SurvivalStatus.NORMAL)
    return Fact(version, act, date.fromisoformat(on))


def failed(version: int, on: str, event: str, status: SurvivalStatus = SurvivalStatus.DECEASED) -> Fact:
    act = Certification(Method.OVERRIDE, CertificationResult.FAIL, status, date.fromisoformat(event))
    return Fact(version, act, date.fromisoformat(on))


def ended(version: int, on: str, event: str) -> Fact:
    return Fact(version, Termination(SurvivalStatus.DECEASED, date.fromisoformat(event)), date.fromisoformat(on))


def found(
    *facts: Fact,
    ruled: dict[str, str] | None = None,
    groundless: tuple[int, ...] = (),
    quarantined: str | None = None,
) -> list[str]:
    """Each mistake as `FALSE_DISQUALIFIED 2019-05,2019-06 for 20 days`; `quarantined`: the day of the cremation's."""
    false = {CREMATION: date.fromisoformat(quarantined)} if quarantined else {}
    days = {Month.parse(month): date.fromisoformat(day) for month, day in (ruled or {}).items()}
    known = Known(1, 1, facts, days, frozenset(groundless), false)
    return [f"{m.kind} {','.join(map(str, m.months))} for {m.days} days" for m in mistakes(known)]


def test_a_disqualified_verdict_is_false_once_a_human_finds_the_person_alive() -> None:
    assert found(dead(2, "2019-05"), passed(3, "2019-06-20")) == ["FALSE_DISQUALIFIED 2019-05 for 16 days"]
    assert found(dead(2, "2019-05")) == []
    assert found(dead(2, "2019-05"), failed(3, "2019-06-20", "2019-05-02")) == []
    assert found(passed(2, "2019-06-03"), dead(3, "2019-05")) == []  # passed before


def test_months_that_rest_on_one_record_are_one_mistake() -> None:
    """It stood from the first publication on; another record is another mistake."""
    other = Evidence("death_certificate", date(2019, 6, 1))
    assert found(dead(2, "2019-05"), failed(3, "2019-06-20", "2019-05-02"), dead(4, "2019-06"),
                 passed(5, "2019-08-21")) == ["FALSE_DISQUALIFIED 2019-05,2019-06 for 78 days"]  # fmt: skip
    assert found(dead(2, "2019-05"), passed(3, "2019-06-20"), dead(4, "2019-06", other), passed(5, "2019-07-10")) == [
        "FALSE_DISQUALIFIED 2019-05 for 16 days",
        "FALSE_DISQUALIFIED 2019-06 for 6 days",
    ]


def test_a_pass_that_a_later_statement_undoes_proves_nothing() -> None:
    """A death before the PASS, told after it; one that came later leaves the verdict as false as it was."""
    facts = (dead(2, "2019-05"), passed(3, "2019-06-20"))
    assert found(*facts, ended(4, "2019-09-01", "2019-05-02")) == []
    assert found(*facts, failed(4, "2019-09-01", "2019-06-20")) == []
    assert found(*facts, ended(4, "2019-09-01", "2019-08-30")) == ["FALSE_DISQUALIFIED 2019-05 for 16 days"]


def test_a_pass_without_ground_proves_nothing_and_a_ruling_does_without_a_pass() -> None:
    facts = (dead(2, "2019-05"), passed(3, "2019-06-20"))
    assert found(*facts, groundless=(3,)) == []
    assert found(dead(2, "2019-05"), ruled={"2019-05": "2019-06-10"}) == ["FALSE_DISQUALIFIED 2019-05 for 6 days"]
    assert found(*facts, ruled={"2019-05": "2019-06-10"}) == ["FALSE_DISQUALIFIED 2019-05 for 6 days"]


def test_a_death_is_missed_as_long_as_the_data_say_qualified_after_it() -> None:
    """Died on 10 March: the verdict of February was right, those of March to July were not."""
    facts = [alive(n, f"2019-0{n}") for n in range(2, 8)]
    assert found(*facts, ended(9, "2019-08-20", "2019-03-10")) == [
        "MISSED_DEATH 2019-03,2019-04,2019-05,2019-06,2019-07 for 138 days"
    ]
    assert found(*facts, failed(9, "2019-08-20", "2019-03-10")) == [
        "MISSED_DEATH 2019-03,2019-04,2019-05,2019-06,2019-07 for 138 days"
    ]
    assert found(*facts, ended(9, "2019-08-20", "2019-08-10")) == []


def test_a_death_that_the_data_found_in_the_end_stood_until_then() -> None:
    facts = (alive(2, "2019-03"), dead(3, "2019-04"), ended(4, "2019-08-20", "2019-03-10"))
    assert found(*facts) == ["MISSED_DEATH 2019-03 for 30 days"]


def test_a_pending_verdict_asks_and_misses_nothing() -> None:
    assert found(verdict(2, "2019-03", Rule.OUT_OF_DATE, TRAIN), ended(3, "2019-08-20", "2019-03-10")) == []


def test_a_death_that_a_pass_took_back_was_none_and_the_missing_are_not_dead() -> None:
    facts = (alive(2, "2019-03"), failed(3, "2019-04-20", "2019-03-10"))
    assert found(*facts, passed(4, "2019-04-25")) == []
    assert found(alive(2, "2019-03"), failed(3, "2019-04-20", "2019-03-10", SurvivalStatus.MISSING)) == []


def test_the_second_statement_of_a_death_does_not_make_it_longer() -> None:
    """A FAIL in August, the end of the benefit in October: it was known in August."""
    facts = (alive(2, "2019-03"), failed(3, "2019-08-20", "2019-03-10"), ended(4, "2019-10-01", "2019-03-10"))
    assert found(*facts) == ["MISSED_DEATH 2019-03 for 138 days"]


def test_the_death_is_of_the_day_that_was_stated_last() -> None:
    """Failed for the day on which somebody noticed, ended for the day on the certificate; known since the FAIL."""
    facts = [alive(n, f"2019-0{n}") for n in range(2, 8)]
    assert found(*facts, failed(9, "2019-08-20", "2019-07-10"), ended(10, "2019-10-01", "2019-03-10")) == [
        "MISSED_DEATH 2019-03,2019-04,2019-05,2019-06,2019-07 for 138 days"
    ]
    assert found(*facts, failed(9, "2019-08-20", "2019-03-10"), ended(10, "2019-10-01", "2019-06-10")) == [
        "MISSED_DEATH 2019-06,2019-07 for 47 days"
    ]


def test_every_verdict_on_a_quarantined_record_is_false() -> None:
    """Whatever was objected to; also one that was published the day after the ruling."""
    facts = (dead(2, "2019-05"), dead(3, "2019-06"))
    assert found(*facts, quarantined="2019-07-14") == ["FALSE_DISQUALIFIED 2019-05,2019-06 for 40 days"]
    assert found(*facts, quarantined="2019-06-14") == ["FALSE_DISQUALIFIED 2019-05 for 10 days"]
    assert found(*facts, quarantined="2019-06-03") == ["FALSE_DISQUALIFIED 2019-05 for 0 days"]
    assert found(dead(2, "2019-05", TRAIN), quarantined="2019-07-14") == []


def test_how_long_mistakes_stood() -> None:
    def of(days: int) -> Mistake:
        since = date(2019, 6, 4)
        until = date.fromordinal(since.toordinal() + days)
        return Mistake(MistakeKind.MISSED_DEATH, 1, 1, (Month(2019, 5),), since, until, TRAIN)

    assert (stood([]).total, stood([]).median, stood([]).longest) == (0, 0.0, 0)
    some = stood([of(3), of(10), of(30), of(5)])
    assert (some.total, some.median, some.longest) == (48, 7.5, 30)


def withdrawn(version: int, of: int, on: str) -> Fact:
    return Fact(version, Withdrawal(of), date.fromisoformat(on))


def test_a_withdrawn_termination_says_of_no_death_and_its_ruling_found_the_person_alive() -> None:
    """Whether or not the ruling could pass the person in the same step."""
    told = ended(3, "2019-06-20", "2019-05-02")
    assert found(alive(2, "2019-05"), told) == ["MISSED_DEATH 2019-05 for 16 days"]
    assert found(alive(2, "2019-05"), told, withdrawn(4, 3, "2019-07-01")) == []
    back = ["FALSE_DISQUALIFIED 2019-05 for 27 days"]
    assert found(dead(2, "2019-05"), told) == []
    assert found(dead(2, "2019-05"), told, withdrawn(4, 3, "2019-07-01")) == back
    assert found(dead(2, "2019-05"), told, withdrawn(4, 3, "2019-07-01"), passed(5, "2019-07-01")) == back


def test_a_termination_after_a_withdrawn_one_says_what_it_says() -> None:
    again = ended(5, "2019-09-20", "2019-05-02")
    assert found(alive(2, "2019-05"), ended(3, "2019-06-20", "2019-05-02"), withdrawn(4, 3, "2019-07-01"), again) == [
        "MISSED_DEATH 2019-05 for 108 days"
    ]

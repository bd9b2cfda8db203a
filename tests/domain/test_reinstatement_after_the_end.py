"""After the end of a benefit: what was owed until the event is claimed, and nothing resumes. Notice 三(三), 附11."""

from collections.abc import Callable

import pytest

from domain.month import Month
from domain.reinstatement import claimable, request_obstacles, resumes_from, review_obstacles
from domain.vocabulary import SurvivalStatus
from tests.domain.story import APPROVE, REQUEST, Story, codes
from tests.domain.test_reinstatement import passed, suspended


@pytest.mark.parametrize("story", [suspended, passed])
def test_after_the_end_a_case_pays_through_the_month_of_the_event(story: Callable[[], Story]) -> None:
    """Withheld from July; died on 2019-08-10: 07 and 08 were owed, passed since or not. Nothing resumes."""
    at = story().terminated("2019-09-20", since="2019-08-10").at("2019-09")
    assert claimable(at) == [Month(2019, 7), Month(2019, 8)]
    assert request_obstacles(REQUEST, at) == []
    assert review_obstacles(APPROVE, own=False, at=at) == []
    assert resumes_from(at) is None


def test_the_day_of_the_event_proves_life_for_somebody_who_had_lapsed() -> None:
    """Lapsed after 2020-06 and never passed again; alive until 2020-08-10, as the termination says."""
    story = Story("2019-06..2020-06").payrolls("2020-06..2020-09").terminated("2020-09-20", since="2020-08-10")
    assert story.claimable("2020-09") == ["2020-07", "2020-08"]


def test_time_in_prison_stays_lost_after_the_end() -> None:
    """In prison since 06-10, as the unit said; died there on 2019-08-10."""
    story = suspended(SurvivalStatus.IMPRISONED).terminated("2019-09-20", since="2019-08-10")
    assert story.claimable("2019-09") == []
    assert codes(request_obstacles(REQUEST, story.at("2019-09"))) == ["ALREADY_TERMINATED"]

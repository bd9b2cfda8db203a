"""Tokens that were verified are remembered: some thousand, and none longer than it is valid."""

from datetime import UTC, datetime, timedelta

from domain.access import Viewer
from domain.vocabulary import Role
from security.seen import Few, Seen

NOW = datetime(2019, 6, 5, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=15)
AUDITOR = Viewer(1, "auditor", Role.AUDITOR)


def test_a_token_is_remembered_until_it_ends() -> None:
    seen = Seen()
    seen.remember("token", AUDITOR, LATER)
    assert seen.viewer("token", NOW) == AUDITOR
    assert seen.viewer("other", NOW) is None
    assert seen.viewer("token", LATER) is None
    assert seen.viewer("token", NOW) is None


def test_what_was_used_longest_ago_is_forgotten_first() -> None:
    seen = Seen(most=2)
    for token in ("a", "b"):
        seen.remember(token, AUDITOR, LATER)
    seen.viewer("a", NOW)
    seen.remember("c", AUDITOR, LATER)
    assert [seen.viewer(token, NOW) is None for token in "abc"] == [False, True, False]


def test_only_some_within_a_minute_and_the_rest_are_counted() -> None:
    few = Few(most=2)
    assert [few.admit(NOW) for _ in range(5)] == [0, 0, None, None, None]
    assert [few.admit(NOW + timedelta(seconds=59)), few.admit(NOW + timedelta(seconds=60))] == [None, 4]
    assert few.admit(NOW + timedelta(seconds=60)) == 0


def test_any_text_can_be_asked_about() -> None:
    assert Seen().viewer("\ud800", NOW) is None

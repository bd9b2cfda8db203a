"""Rates: which monthly amount holds in a month."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from domain.money import ZERO, Rate, rate_of
from domain.month import Month

KNOWN = datetime(2019, 1, 2, tzinfo=UTC)
FIRST = Rate(Month(2019, 1), Decimal("3000.00"), KNOWN)
RAISED = Rate(Month(2019, 8), Decimal("3100.00"), KNOWN)
LATEST = Rate(Month(2020, 1), Decimal("3050.50"), KNOWN)


@pytest.mark.parametrize(
    ("month", "rate"),
    [
        (Month(2018, 12), None),
        (Month(2019, 1), FIRST),
        (Month(2019, 7), FIRST),
        (Month(2019, 8), RAISED),
        (Month(2019, 12), RAISED),
        (Month(2020, 1), LATEST),
        (Month(2029, 1), LATEST),
    ],
)
def test_a_rate_holds_until_the_next_one_begins(month: Month, rate: Rate | None) -> None:
    """Whichever is higher, and in whatever order they are given."""
    assert rate_of([FIRST, RAISED, LATEST], month) == rate
    assert rate_of([LATEST, FIRST, RAISED], month) == rate


def test_somebody_without_a_rate_has_none_in_any_month() -> None:
    assert rate_of([], Month(2019, 6)) is None


def test_nothing_is_written_with_two_places_like_any_amount() -> None:
    assert str(ZERO) == "0.00"
    assert str(ZERO + Decimal("3000.00")) == "3000.00"

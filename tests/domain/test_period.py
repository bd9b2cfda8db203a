"""Periods: what they cover, when a new one replaces them, and what stays in force."""

import pytest

from domain.month import Month
from domain.period import in_force_after, in_force_with, opened, renewal
from domain.vocabulary import Category, Method
from tests.lives import POLICY, period, span, spans


@pytest.mark.parametrize(
    ("category", "month", "expected"),
    [
        (Category.RETIREE, Month(2019, 6), "2019-06..2020-06"),
        (Category.RETIREE, Month(2019, 12), "2019-12..2020-12"),
        (Category.RETIREE, Month(2020, 2), "2020-02..2021-02"),
        (Category.SURVIVOR, Month(2019, 6), "2019-06..2019-12"),
        (Category.SURVIVOR, Month(2019, 7), "2019-07..2020-01"),
        (Category.SURVIVOR, Month(2019, 12), "2019-12..2020-06"),
    ],
)
def test_a_pass_is_paid_through_its_month_plus_the_cycle(category: Category, month: Month, expected: str) -> None:
    new = opened(category, month, Method.CONFIRM, POLICY)
    assert span(new) == expected
    assert new.method is Method.CONFIRM


def test_a_period_covers_both_of_its_ends() -> None:
    year = period("2019-06..2020-06")
    assert [year.covers(m) for m in (Month(2019, 5), Month(2019, 6), Month(2020, 6), Month(2020, 7))] == [
        False,
        True,
        True,
        False,
    ]


def test_a_periods_months_are_its_cycle() -> None:
    assert period("2019-06..2020-06").months == 12
    assert period("2019-12..2020-06").months == 6
    assert period("2019-06..2019-06").months == 0


@pytest.mark.parametrize(
    ("running", "new", "expected"),
    [
        (None, "2019-06..2020-06", "2019-06..2020-06"),
        ("2018-12..2019-12", "2019-06..2020-06", "2019-06..2020-06"),
        ("2018-03..2019-03", "2019-06..2020-06", "2019-06..2020-06"),
        ("2019-06..2020-06", "2019-06..2020-06", None),
        ("2019-07..2020-07", "2019-06..2020-06", None),
    ],
)
def test_only_what_reaches_further_renews(running: str | None, new: str, expected: str | None) -> None:
    assert span(renewal(period(running) if running else None, period(new))) == expected


@pytest.mark.parametrize(
    ("last", "left"),
    [
        (Month(2020, 12), ["2018-01..2018-12", "2019-06..2020-06"]),
        (Month(2020, 1), ["2018-01..2018-12", "2019-06..2020-01"]),
        (Month(2019, 6), ["2018-01..2018-12", "2019-06..2019-06"]),
        (Month(2019, 5), ["2018-01..2018-12"]),
        (Month(2019, 3), ["2018-01..2018-12"]),
        (Month(2018, 1), ["2018-01..2018-01"]),
        (Month(2017, 12), []),
    ],
)
def test_nothing_stays_in_force_after_the_last_month(last: Month, left: list[str]) -> None:
    periods = [period("2018-01..2018-12"), period("2019-06..2020-06")]
    assert spans(in_force_after(periods, last)) == left


def test_what_stays_in_force_keeps_how_it_came_about() -> None:
    [left] = in_force_after([period("2019-06..2020-06", Method.BATCH_PASS)], Month(2019, 9))
    assert left.method is Method.BATCH_PASS


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        (["2018-09..2019-09"], "2019-06..2020-06", ["2018-09..2019-05", "2019-06..2020-06"]),
        (["2018-03..2019-03"], "2019-06..2020-06", ["2018-03..2019-03", "2019-06..2020-06"]),
        (["2018-05..2019-05"], "2019-06..2020-06", ["2018-05..2019-05", "2019-06..2020-06"]),
        (["2019-06..2019-06"], "2019-06..2020-06", ["2019-06..2020-06"]),
        (
            ["2018-01..2018-11", "2018-12..2019-12"],
            "2019-03..2020-03",
            ["2018-01..2018-11", "2018-12..2019-02", "2019-03..2020-03"],
        ),
        ([], "2019-06..2020-06", ["2019-06..2020-06"]),
    ],
)
def test_a_renewal_ends_the_one_before_in_the_month_before_its_own_start(
    before: list[str], new: str, after: list[str]
) -> None:
    assert spans(in_force_with([period(one) for one in before], period(new))) == after

"""The month's arithmetic at the turns of years and in February."""

from datetime import date

import pytest

from domain.month import Month


@pytest.mark.parametrize(
    ("start", "months", "reached"),
    [
        (Month(2019, 12), 1, Month(2020, 1)),
        (Month(2019, 6), 12, Month(2020, 6)),
        (Month(2019, 7), 6, Month(2020, 1)),
        (Month(2019, 1), 11, Month(2019, 12)),
        (Month(2019, 12), 12, Month(2020, 12)),
        (Month(2019, 6), 0, Month(2019, 6)),
        (Month(2019, 6), 25, Month(2021, 7)),
        (Month(2019, 6), -6, Month(2018, 12)),
    ],
)
def test_adding_months_carries_over_the_year(start: Month, months: int, reached: Month) -> None:
    assert start + months == reached


@pytest.mark.parametrize(
    ("start", "months", "reached"),
    [
        (Month(2020, 1), 1, Month(2019, 12)),
        (Month(2019, 5), 5, Month(2018, 12)),
        (Month(2019, 12), 11, Month(2019, 1)),
        (Month(2019, 12), 12, Month(2018, 12)),
        (Month(2019, 1), 25, Month(2016, 12)),
    ],
)
def test_subtracting_months_carries_over_the_year(start: Month, months: int, reached: Month) -> None:
    assert start - months == reached


@pytest.mark.parametrize(
    ("month", "last"),
    [
        (Month(2019, 2), date(2019, 2, 28)),
        (Month(2020, 2), date(2020, 2, 29)),
        (Month(2000, 2), date(2000, 2, 29)),
        (Month(2100, 2), date(2100, 2, 28)),
        (Month(2019, 4), date(2019, 4, 30)),
        (Month(2019, 12), date(2019, 12, 31)),
    ],
)
def test_a_month_knows_its_last_day(month: Month, last: date) -> None:
    assert month.last_day == last


def test_a_month_knows_its_first_day_and_the_month_of_a_day() -> None:
    assert Month(2020, 2).first_day == date(2020, 2, 1)
    assert Month.of(date(2020, 2, 29)) == Month(2020, 2)


def test_a_day_that_a_month_lacks_is_its_last_one() -> None:
    assert Month(2019, 2).day(31) == date(2019, 2, 28)
    assert Month(2020, 2).day(30) == date(2020, 2, 29)
    assert Month(2019, 6).day(8) == date(2019, 6, 8)


def test_months_are_ordered_by_the_calendar() -> None:
    assert Month(2018, 12) < Month(2019, 1) < Month(2019, 11)
    assert min(Month(2020, 1), Month(2019, 12)) == Month(2019, 12)


def test_a_month_is_read_as_it_is_written() -> None:
    assert Month.parse("2019-06") == Month(2019, 6)
    assert str(Month(2019, 6)) == "2019-06"
    assert str(Month(987, 11)) == "0987-11"


@pytest.mark.parametrize(
    "text",
    ["", "2019", "2019-6", "2019-13", "2019-00", "0000-06", "2019-06-05", "2019/06", " 2019-06", "2019-06\n"],
)
def test_anything_else_is_no_month(text: str) -> None:
    with pytest.raises(ValueError):
        Month.parse(text)


@pytest.mark.parametrize("text", ["２０１９-06", "٢٠١٩-06"])
def test_the_digits_of_a_month_are_those_of_ascii(text: str) -> None:
    with pytest.raises(ValueError):
        Month.parse(text)


@pytest.mark.parametrize(("year", "month"), [(2019, 0), (2019, 13), (0, 6), (10000, 1)])
def test_a_month_outside_the_calendar_cannot_be_made(year: int, month: int) -> None:
    with pytest.raises(ValueError, match="no such month"):
        Month(year, month)


def test_the_calendar_reaches_from_year_1_to_year_9999() -> None:
    assert Month(1, 1).first_day == date(1, 1, 1)
    assert Month(9999, 12).last_day == date(9999, 12, 31)
    with pytest.raises(ValueError, match="no such month"):
        Month(9999, 12) + 1

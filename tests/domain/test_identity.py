"""ID numbers: check digits, legacy numbers, and what a mask shows."""

import pytest

from domain.identity import check_digit, is_number, is_valid, masked, normalised


@pytest.mark.parametrize("number", ["11010519491231002X", "440524188001010014", "370202194903070014"])
def test_a_number_that_keeps_the_standard_is_valid(number: str) -> None:
    """The first two are the examples of GB 11643; the third is of Shinan district."""
    assert is_valid(number) is True


@pytest.mark.parametrize(
    ("first17", "digit"),
    [("11010519491231002", "X"), ("44052418800101001", "4"), ("37020219490307001", "4")],
)
def test_the_check_digit_follows_from_the_first_17(first17: str, digit: str) -> None:
    assert check_digit(first17) == digit


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310020",  # another check digit
        "110105194912310029",
        "110105194913310021",  # month 13, with the check digit that fits
        "110105194902300020",  # 30 February
        "110105000012310026",  # year 0
        "11010519491231002x",  # not normalised
        "1101051949123100",  # too short
        "110105491231002",  # of the first generation
        "",
    ],
)
def test_a_number_that_breaks_the_standard_is_not_valid(number: str) -> None:
    assert is_valid(number) is False


@pytest.mark.parametrize(
    ("first17", "digit"),
    [("11010519491331002", "1"), ("11010519490230002", "0"), ("11010519490431002", "X"), ("11010500001231002", "6")],
)
def test_the_day_of_birth_is_looked_at_even_if_the_check_digit_fits(first17: str, digit: str) -> None:
    assert check_digit(first17) == digit
    assert is_valid(first17 + digit) is False


def test_one_wrong_digit_anywhere_shows() -> None:
    number = "440524188001010014"
    for place in range(17):
        wrong = str((int(number[place]) + 1) % 10)
        assert is_valid(number[:place] + wrong + number[place + 1 :]) is False


@pytest.mark.parametrize("number", ["370202491231002", "110105194912310020", "11010519491231002X"])
def test_a_legacy_number_has_the_shape_of_one_and_is_kept(number: str) -> None:
    assert is_number(number) is True


@pytest.mark.parametrize(
    "text",
    ["", "3702", "37020219490307001", "3702021949030700166", "X10105194912310020", "11010519491231002x"],
)
def test_what_has_not_the_shape_is_no_number(text: str) -> None:
    assert is_number(text) is False


def test_the_digits_of_a_number_are_those_of_ascii() -> None:
    assert is_number("３７０２０２１９４９０３０７００１６") is False


def test_a_number_is_kept_without_blanks_and_with_a_capital_x() -> None:
    assert normalised(" 110105 19491231\u3000002x\n") == "11010519491231002X"


def test_a_mask_shows_neither_day_of_birth_nor_more_than_the_ends() -> None:
    assert masked("370202194903071234") == "3702**********1234"
    assert masked("11010519491231002X") == "1101**********002X"


def test_a_mask_hides_the_whole_day_of_birth_of_a_legacy_number() -> None:
    """In 370202 490307 001 the last four characters would show a digit of the day."""
    shown = masked("370202490307001")
    assert len(shown) == 15
    assert set(shown[6:12]) == {"*"}

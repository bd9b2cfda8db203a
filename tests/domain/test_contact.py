"""Contact data: what is complete, what is a phone and an address, how an edit merges."""

import pytest

from domain.contact import Contact, is_address, is_phone
from tests.lives import COMPLETE


@pytest.mark.parametrize(
    "text",
    ["13800005678", "19912345678", "0532-85911234", "053285911234", "010-62345678", "0532-85911234-8012"],
)
def test_a_mobile_and_a_line_with_its_area_code_are_phones(text: str) -> None:
    assert is_phone(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1380000567",
        "138000056789",
        "12800005678",
        "85911234",
        "0532-15911234",
        "0532 85911234",
        "+8613800005678",
        "13800005678\n",
        "电话",
    ],
)
def test_anything_else_is_no_phone(text: str) -> None:
    assert is_phone(text) is False


def test_the_digits_of_a_phone_are_those_of_ascii() -> None:
    assert is_phone("１３８００００５６７８") is False


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("青岛市", False),
        ("青岛市南", True),
        ("路" * 200, True),
        ("路" * 201, False),
        ("青岛市\x00市南区", False),
        ("", False),
    ],
)
def test_an_address_has_4_to_200_printable_characters(text: str, fits: bool) -> None:
    assert is_address(text) is fits


def test_contact_data_is_complete_with_all_three_fields() -> None:
    assert COMPLETE.complete is True
    assert COMPLETE.missing() == []


def test_missing_fields_are_named_in_their_order() -> None:
    assert Contact().missing() == ["phone", "household_address", "residence_address"]
    assert Contact(household_address="青岛市市南区").missing() == ["phone", "residence_address"]
    assert Contact(household_address="青岛市市南区").complete is False


def test_an_edit_replaces_what_it_gives_and_leaves_the_rest() -> None:
    edited = COMPLETE.edited(Contact(phone="0532-85911234"))
    assert edited == Contact("0532-85911234", COMPLETE.household_address, COMPLETE.residence_address)
    assert COMPLETE.edited(Contact()) == COMPLETE


def test_blanks_around_a_value_are_dropped_and_missing_values_stay_missing() -> None:
    assert Contact(" 13800005678 ", None, "\u3000青岛市市南区\n").trimmed() == Contact(
        "13800005678", None, "青岛市市南区"
    )


def test_fields_that_cannot_be_saved_are_named() -> None:
    assert Contact("138", "路", "青").invalid() == ["phone", "household_address", "residence_address"]
    assert Contact(None, "青岛市市南区", "").invalid() == ["residence_address"]
    assert Contact().invalid() == []

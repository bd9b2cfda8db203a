"""`signIn`: with a unit's social insurance number and its password. Notice 附3."""

import re
from typing import Any

from tests.api.scenes import account
from tests.world import PASSWORD, SCHOOL, World

SIGN_IN = """
mutation($username: String!, $password: String!) {
  signIn(input: { username: $username, password: $password }) {
    accessToken expiresAt
    viewer { role username today unit { siNumber } }
    userErrors { code message path beneficiaryId }
  }
}
"""


async def sign_in(world: World, username: str, password: str) -> Any:
    """The payload, asked for without a token."""
    given = {"username": username, "password": password}
    answer = (await world.post({"query": SIGN_IN, "variables": given})).json()
    assert "errors" not in answer, answer
    return answer["data"]["signIn"]


async def test_a_unit_signs_in_with_its_number_and_is_told_who_it_is(world: World) -> None:
    """A token, when it ends, and the viewer with the date on which the server thinks it is."""
    await world.units()
    payload = await sign_in(world.at("2019-06-05", hour=9), SCHOOL, PASSWORD)
    assert payload["userErrors"] == []
    assert payload["expiresAt"] == "2019-06-05T17:00:00+08:00"
    viewer = {"role": "UNIT", "username": SCHOOL, "today": "2019-06-05", "unit": {"siNumber": SCHOOL}}
    assert payload["viewer"] == viewer
    headers = {"Authorization": f"Bearer {payload['accessToken']}"}
    document = {"query": "{ viewer { role username today unit { siNumber } } }"}
    assert (await world.post(document, headers)).json() == {"data": {"viewer": viewer}}


async def test_the_token_holds_until_the_evening_and_not_longer(world: World) -> None:
    """Eight hours, a clerk's working day; the service's clock decides."""
    await world.units()
    payload = await sign_in(world.at("2019-06-05", hour=9), SCHOOL, PASSWORD)
    headers = {"Authorization": f"bearer {payload['accessToken']}"}
    document = {"query": "{ viewer { username } }"}
    assert "errors" not in (await world.at("2019-06-05", hour=16).post(document, headers)).json()
    for day, hour in (("2019-06-05", 17), ("2019-06-05", 18), ("2020-01-01", 9)):
        [error] = (await world.at(day, hour=hour).post(document, headers)).json()["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"


async def test_accounts_without_a_unit_sign_in_too(world: World) -> None:
    """An officer signs in with another username."""
    officer = await account(world, "officer", "OFFICER", district="市南区")
    payload = await sign_in(world, officer, PASSWORD)
    assert payload["viewer"] == {"role": "OFFICER", "username": "officer", "today": "2019-06-05", "unit": None}


async def test_bad_credentials_are_told_apart_by_nothing(world: World) -> None:
    """An unknown name and a wrong password are answered alike: BAD_CREDENTIALS, in Chinese, without a token."""
    await world.units()
    wrong = ["wrong password", "", PASSWORD + " ", PASSWORD.upper(), "密码" * 5000, "\0"]
    nobody = ["nobody", "", f" {SCHOOL}", "\0", "' OR '1'='1"]
    pairs = [(SCHOOL, password) for password in wrong] + [(username, PASSWORD) for username in nobody]
    said = []
    for username, password in pairs:
        payload = await sign_in(world, username, password)
        assert (payload["accessToken"], payload["expiresAt"], payload["viewer"]) == (None, None, None)
        said.append(payload["userErrors"])
    assert said == [said[0]] * len(pairs)
    [error] = said[0]
    assert re.fullmatch(r"[\u4e00-\u9fff]{8,}。", error.pop("message"))
    assert error == {"code": "BAD_CREDENTIALS", "path": ["input"], "beneficiaryId": None}


async def test_a_changed_password_holds_at_once(world: World) -> None:
    """Accounts are loaded again with a new password; the old one is of no use any more."""
    await world.units()
    row = {"username": SCHOOL, "role": "UNIT", "unit_si_number": SCHOOL, "district": "", "id_number": ""}
    await world.load("accounts", [{**row, "password": "another horse"}])
    assert (await sign_in(world, SCHOOL, PASSWORD))["accessToken"] is None
    assert (await sign_in(world, SCHOOL, "another horse"))["accessToken"] is not None

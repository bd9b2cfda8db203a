"""Every refusal of an act: its code, the exact path, the row, words in Chinese, and nothing saved."""

import pytest

from domain.refusal import ErrorCode
from schema.messages import catalogue
from tests.api.cases import CASES
from tests.api.refusals import Case, at, refused
from tests.api.scenes import qualified, unit_of
from tests.world import BUREAU, HANDLER, SCHOOL, World, node_id

LATER = {
    "NOTHING_TO_REINSTATE",
    "PASS_REQUIRED_FIRST",
    "REINSTATEMENT_OPEN",
    "DOCUMENT_REQUIRED",
    "REVIEWER_IS_SUBMITTER",
    "ALREADY_REVIEWED",
}
"""Codes of acts that are still to come; none of them has words yet."""
ELSEWHERE = {"BAD_CREDENTIALS"}
"""A refusal without rows: test_sign_in.py."""


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_refusal_names_the_row_and_the_field_and_saves_nothing(world: World, case: Case) -> None:
    """All saved or none, and the answer names every row that stands in the way, with a code and the field (rules 4)."""
    given = await case.make(world)
    payload = await refused(world, case.act, given)
    named = [(error["code"], error["path"], error["beneficiaryId"]) for error in payload["userErrors"]]
    row = None if case.row is None else at({"handler": HANDLER, **given}, case.row)
    assert named == [(case.code, ["input", *case.path.split(".")], row)]
    if case.code == "STALE_VERSION":
        assert payload["beneficiaries"] == [{"id": given["beneficiaryId"], "version": 2}]
    else:
        assert payload["beneficiaries"] == []


def test_every_code_has_a_test_or_is_still_to_come() -> None:
    """A code without a test fails here, and so does one that is named as still to come and has words already."""
    tested = {case.code for case in CASES} | ELSEWHERE
    assert tested | LATER == {code.value for code in ErrorCode}
    assert not tested & LATER
    assert [code for code in sorted(LATER) if f"error.{code}" in catalogue()] == []


def test_every_act_is_refused_in_some_test() -> None:
    """No act is without its refusals."""
    assert {case.act for case in CASES} == {
        "confirmCertification",
        "overrideVerdict",
        "submitCertifications",
        "batchPass",
        "updateContact",
        "terminateBenefit",
    }


async def test_unknown_foreign_malformed_and_other_ids_are_refused_alike(world: World) -> None:
    """A row that is not yours looks exactly like a row that does not exist (rules 6)."""
    [foreigner] = await qualified(world, unit=BUREAU)
    await world.units(SCHOOL)
    said = set()
    for id in (foreigner.node, node_id(10**9), "x", await unit_of(world, SCHOOL), await unit_of(world, BUREAU)):
        payload = await refused(world, "confirmCertification", {"beneficiaryId": id, "version": 7})
        [error] = payload["userErrors"]
        assert error["beneficiaryId"] == id
        said.add((error["code"], error["message"], tuple(error["path"]), tuple(payload["beneficiaries"])))
    assert len(said) == 1

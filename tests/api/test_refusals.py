"""Every refusal of an act: its code, the exact path, the row, words in Chinese, and nothing saved."""

import pytest
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.utils.str_converters import to_camel_case

from domain.refusal import ErrorCode
from schema.build import SCHEMA
from tests.api.cases import CASES
from tests.api.cases_of_money import CASES as CASES_OF_MONEY
from tests.api.cases_of_the_agency import CASES as CASES_OF_THE_AGENCY
from tests.api.money import named, suspended
from tests.api.refusals import Case, at, refused, refused_about_money
from tests.api.scenes import qualified, unit_of
from tests.world import BUREAU, DOCUMENT, HANDLER, SCHOOL, World, node_id

ELSEWHERE = {
    "BAD_CREDENTIALS", "TOO_MANY_ATTEMPTS", "SECOND_FACTOR_REQUIRED", "BAD_SECOND_FACTOR",
    "SECOND_FACTOR_NOT_ENROLLED", "BAD_REFRESH_TOKEN",
    "FACE_CHECK_UNAVAILABLE", "UNKNOWN_CHALLENGE", "CHALLENGE_EXPIRED", "CHALLENGE_USED", "INVALID_ATTESTATION",
    "ATTESTATION_NOT_FOR_US", "ATTESTATION_EXPIRED", "ATTESTATION_OF_ANOTHER", "ATTESTATION_TOO_WEAK",
    "PRESENCE_PROVES_NOTHING",
}  # fmt: skip
"""Refusals without rows: test_sign_in.py, test_throttle.py, test_second_factor.py, test_sessions.py; of certifying in
person: test_certify_self.py, test_certify_at_window.py."""

APART = {"sign_in", "refresh_session", "sign_out", "sign_out_everywhere", "reveal_personal_data",
         "certification_challenge", "certify_self", "certify_at_window"}  # fmt: skip
"""Mutations that save nothing of a person, or are another role's: beside those files, test_reveal.py."""


EVERY = [*CASES, *CASES_OF_MONEY, *CASES_OF_THE_AGENCY]


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_refusal_names_the_row_and_the_field_and_saves_nothing(world: World, case: Case) -> None:
    """All saved or none, and the answer names every row that stands in the way, with a code and the field (rules 4)."""
    given = await case.make(world)
    payload = await refused(world, case.act, given)
    found = [(error["code"], error["path"], error["beneficiaryId"]) for error in payload["userErrors"]]
    row = None if case.row is None else at({"handler": HANDLER, **given}, case.row)
    assert found == [(case.code, ["input", *case.path.split(".")], row)]
    if case.code == "STALE_VERSION":
        assert payload["beneficiaries"] == [{"id": given["beneficiaryId"], "version": 2}]
    else:
        assert payload["beneficiaries"] == []


@pytest.mark.parametrize(
    "case", [*CASES_OF_MONEY, *CASES_OF_THE_AGENCY], ids=lambda case: f"{case}-{case.make.__name__}"
)
async def test_a_refusal_about_a_case_names_the_field_and_saves_nothing(world: World, case: Case) -> None:
    """Cases, settlements, objections, reviews: the one obstacle with its code, field and row; nothing saved."""
    given = await case.make(world)
    payload = await refused_about_money(world, case.act, given, as_=case.as_)
    found = [(error["code"], error["path"], error["beneficiaryId"]) for error in payload["userErrors"]]
    row = None if case.row is None else at(given, case.row)
    assert found == [(case.code, ["input", *case.path.split(".")], row)]


async def test_every_obstacle_of_a_request_is_named_at_once(world: World) -> None:
    """Whoever mends a request mends it once: papers, handler and person together."""
    person = await suspended(world, passed=False)
    documents = [{"name": "", "sha256": "x"}, DOCUMENT, DOCUMENT]
    given = {"beneficiaryId": person.node, "statement": "", "documents": documents}
    handler = {"handler": {"name": "", "contact": " "}}
    payload = await refused_about_money(world, "requestReinstatement", {**given, **handler}, as_=SCHOOL)
    assert sorted(named(payload)) == [
        ("DUPLICATE_ROW", "input.documents.2.sha256"),
        ("HANDLER_REQUIRED", "input.handler.contact"),
        ("HANDLER_REQUIRED", "input.handler.name"),
        ("INVALID_DOCUMENT", "input.documents.0.name"),
        ("INVALID_DOCUMENT", "input.documents.0.sha256"),
        ("PASS_REQUIRED_FIRST", "input.beneficiaryId"),
        ("REASON_REQUIRED", "input.statement"),
    ]


def test_every_code_has_a_test() -> None:
    """A code that no act is refused with fails here."""
    assert {case.code for case in EVERY} | ELSEWHERE == {code.value for code in ErrorCode}


def test_every_act_is_refused_in_some_test() -> None:
    """No act is without its refusals."""
    mutations = SCHEMA.get_type_by_name("Mutation")
    assert isinstance(mutations, StrawberryObjectDefinition)
    acts = {field.python_name for field in mutations.fields} - APART
    tested = {case.act for case in EVERY}
    assert tested == {to_camel_case(act) for act in acts}


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

"""Answers over HTTP in the language that was asked for: data, refusals, errors, and what HTTP itself refuses."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from schema.compiled.reads import Reads
from tests.api.scenes import Person, qualified
from tests.world import HANDLER, SCHOOL, World, id_number

ROSTER = "{ unit { beneficiaries { edges { node { verdict { description lastActivity { label } } } } } } }"
TOLD = {
    "zh-CN": ("2018年12月至2019年5月期间有活动记录：2019年5月铁路实名乘车（B类），具备资格。", "铁路实名乘车"),
    "en": (
        "From 2018-12 to 2019-05 there was activity: railway journey under the real name in 2019-05 (class B)."
        " Qualified.",
        "railway journey under the real name",
    ),
}
WHY = """query Why($id: ID!) { node(id: $id) { ... on Beneficiary { entitlement(month: "2019-07") {
    reason facts { text } changes { text } } } } }"""
NO_REASON = """mutation Act($input: OverrideVerdictInput!) { overrideVerdict(input: $input) {
    userErrors { code message } } }"""


async def asked(world: World, document: str, language: str, **variables: Any) -> Any:
    headers = {"Accept-Language": language, **await world.token(SCHOOL)}
    return await world.post({"query": document, "variables": variables}, headers)


def told(response: Any) -> tuple[str, str]:
    [edge] = response.json()["data"]["unit"]["beneficiaries"]["edges"]
    verdict = edge["node"]["verdict"]
    return verdict["description"], verdict["lastActivity"]["label"]


@pytest.mark.parametrize("path", ["compiled", "ordinary"])
async def test_one_document_is_answered_in_one_language_after_another(
    world: World, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document is read and compiled once; its words are those of each request, also of requests at once."""
    await qualified(world)
    if path == "ordinary":
        monkeypatch.setattr(Reads, "_read", lambda *_: None)
    languages = ["zh-CN", "en", "zh-CN", "en", "en", "zh-CN"]
    for language in languages:
        response = await asked(world, ROSTER, language)
        assert told(response) == TOLD[language]
        assert response.headers["content-language"] == language
        assert response.headers["vary"] == "Accept-Language"
    at_once = await asyncio.gather(*(asked(world, ROSTER, language) for language in languages))
    assert [told(response) for response in at_once] == [TOLD[language] for language in languages]


async def test_whoever_names_no_language_is_answered_in_chinese(world: World) -> None:
    await qualified(world)
    response = await world.post({"query": ROSTER}, await world.token(SCHOOL))
    assert (told(response), response.headers["content-language"]) == (TOLD["zh-CN"], "zh-CN")


async def why(world: World, person: Person, language: str) -> Any:
    found = (await asked(world, WHY, language, id=person.node)).json()["data"]["node"]["entitlement"]
    return found["reason"], found["facts"][0]["text"], [change["text"] for change in found["changes"]]


async def test_an_explanation_is_in_the_language_asked_for(world: World) -> None:
    """Why a month is paid, on which facts, and what would change it."""
    [person] = await qualified(world)
    assert await why(world, person, "zh") == (
        "在认证服务期内（2019年5月至2020年5月）。",
        "认证服务期2019年5月至2020年5月（大数据认证）。",
        [
            "认定“不通过”则暂停发放（不晚于2019年6月30日）",
            "办理待遇终止且事件发生在该月之前，则不再发放",
        ],
    )
    assert await why(world, person, "en") == (
        "Within the certification period (2019-05 to 2020-05).",
        "Certification period from 2019-05 to 2020-05 (certified by data).",
        ["A FAIL suspends payment (by 2019-06-30)",
         "A termination whose cause lies before that month ends it"],
    )  # fmt: skip


async def test_a_refusal_is_in_the_language_asked_for_also_when_it_is_replayed(world: World) -> None:
    """What is kept under an idempotency key is what was done, not its words."""
    [person] = await qualified(world)
    row = {"beneficiaryId": person.node, "survivalStatus": "DECEASED"}
    given = {"handler": HANDLER, "idempotencyKey": "k-1", **row}
    said = [
        (await asked(world, NO_REASON, language, input=given)).json()["data"]["overrideVerdict"]["userErrors"]
        for language in ("zh-CN", "en", "zh-CN")
    ]
    chinese = [{"code": "OCCURRED_ON_REQUIRED", "message": "请填写发生日期。"}]
    english = [{"code": "OCCURRED_ON_REQUIRED", "message": "Give the day on which it happened."}]
    assert said == [chinese, english, chinese]


PAIRS = {
    "{ unit { siNumber } }": ("请先登录，并随请求发送令牌：Authorization: Bearer …",
                              "Sign in first, and send the token: Authorization: Bearer …"),
    "{": ("查询文档有语法错误。", "Syntax error in the document."),
    "{ unti }": ("查询文档不符合接口定义：Cannot query field 'unti' on type 'Query'.",
                 "The document does not fit the schema: Cannot query field 'unti' on type 'Query'."),
    'query A { __typename } query B { __typename }': (
        "查询文档中有多个操作，请用operationName指明一个。",
        "The document has several operations: say which with operationName."),
    "{" + " ".join(f"a{n}: __typename" for n in range(9)) + "}": (
        "操作的根字段数：请求9，上限3。请减少一次请求的内容。",
        "Fields at the root of an operation: 9 asked for, 3 allowed. Ask for less at once."),
}  # fmt: skip


@pytest.mark.parametrize("document", PAIRS, ids=lambda text: text[:12])
async def test_an_error_of_the_request_is_in_the_language_asked_for(world: World, document: str) -> None:
    """Codes are the same; what was found out about a document for one request is told anew to the next."""
    answers = [await world.post({"query": document}, {"Accept-Language": one}) for one in ("zh", "en", "zh")]
    said = [response.json()["errors"][0] for response in answers]
    chinese, english = PAIRS[document]
    assert [error["message"] for error in said] == [chinese, english, chinese]
    assert len({error["extensions"]["code"] for error in said}) == 1


async def test_a_bad_scalar_in_a_document_is_told_anew_in_each_language(world: World) -> None:
    """Validation keeps what it found with the document: a key, never words."""
    [person] = await qualified(world)
    literal = WHY.replace('"2019-07"', '"2019-7"')
    said = [
        (await asked(world, literal, language, id=person.node)).json()["errors"][0]["message"]
        for language in ("en", "zh", "en")
    ]
    english = "a month is written YYYY-MM, such as 2019-06"
    assert said == [english, "月份写作YYYY-MM，如2019-06", english]


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nowhere", 404, "There is nothing at this address."),
        ("PUT", "/graphql", 405, "This method is not taken here; GraphQL is asked by GET or POST."),
        ("GET", "/graphql?query=%7Ba%7D&query=b", 400, "A parameter is there twice."),
        ("GET", "/graphql?query=" + "x" * 9_000, 414, "The address has more than 8000 bytes: send a POST."),
        ("POST", "/graphql", 415, "Send the body as Content-Type: application/json, in UTF-8."),
    ],
)
async def test_what_http_refuses_is_in_the_language_asked_for(
    world: World, method: str, path: str, status: int, words: str
) -> None:
    response = await world.http.request(method, path, headers={"Accept-Language": "en"})
    assert (response.status_code, response.json()["errors"][0]["message"]) == (status, words)
    assert (response.headers["content-language"], response.headers["vary"]) == ("en", "Accept-Language")
    chinese = await world.http.request(method, path, headers={"Accept-Language": "de"})
    assert chinese.headers["content-language"] == "zh-CN"
    assert chinese.json()["errors"][0]["message"] != words


async def test_a_failure_is_told_in_the_language_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also what is found out when the answer is written."""
    await qualified(world)

    async def boom(*_: object) -> None:
        raise RuntimeError(id_number(1))

    monkeypatch.setattr("storage.roster.page", boom)
    [error] = (await asked(world, ROSTER, "en")).json()["errors"]
    assert error["message"].startswith("Something went wrong; tell the operator this id: ")

"""What clerks read about money and refusals: every reason, lever, fact and obstacle has words, and no gap in them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.certification import Certification, Termination, Withdrawal
from domain.entitlement import Basis, Change, Lever
from domain.history import Fact, Reinstated
from domain.money import Rate
from domain.month import Month
from domain.payroll import Entry, LedgerStatus, Line, LineKind
from domain.period import Period
from domain.refusal import ErrorCode, Refusal
from domain.stops import Loss
from domain.verdict import Finding, Rule, Verdict
from domain.vocabulary import CertificationResult, Conclusion, Method, SurvivalStatus
from resolvers.entitlement import Ground, GroundKind
from schema import messages
from tests.api.money import withdraw
from tests.world import World

JULY, AUGUST = Month(2019, 7), Month(2019, 8)
DAY = date(2019, 7, 20)
FACTS: dict[str, dict[str, str | int]] = {
    "TOO_MANY_ROWS": {"limit": 20},
    "TOO_MANY_ATTEMPTS": {"minutes": 15},
    "INVALID_AMOUNT": {"outstanding": "9000.00"},
    "INVALID_RECORD": {"kind": "cremation", "day": "2019-05-02"},
}
PASSED = Certification(Method.OVERRIDE, CertificationResult.PASS, SurvivalStatus.NORMAL)
FAILED = Certification(Method.OVERRIDE, CertificationResult.FAIL, SurvivalStatus.DECEASED, date(2019, 7, 1))
VERDICT = Verdict(Month(2019, 6), Finding(Rule.NOTHING, None, None), date(2019, 7, 4), datetime(2019, 7, 1, tzinfo=UTC))
GROUNDS: list[tuple[GroundKind, Ground, str]] = [
    (GroundKind.PERIOD, Period(JULY, AUGUST, Method.CONFIRM), "认证服务期2019年7月至2019年8月（单位确认）。"),
    (GroundKind.VERDICT, Fact(2, VERDICT, date(2019, 7, 4)), "2019年6月大数据认证结论：待核实（2019年7月4日公布）。"),
    (GroundKind.ACT, Fact(3, PASSED, DAY), "2019年7月20日单位认定：生存状态“正常”，通过。"),
    (GroundKind.ACT, Fact(3, FAILED, DAY), "2019年7月20日单位认定：生存状态“去世”（2019年7月1日起），不通过。"),
    (
        GroundKind.TERMINATION,
        Fact(4, Termination(SurvivalStatus.MISSING, date(2019, 7, 1)), DAY),
        "2019年7月20日办理待遇终止：失踪（2019年7月1日）。",
    ),
    (
        GroundKind.WITHDRAWAL,
        Fact(5, Withdrawal(4), DAY),
        "2019年7月20日撤回待遇终止：补发业务复核通过前，按认定不通过暂停发放。",
    ),
    (GroundKind.CASE, Fact(5, Reinstated(1, (JULY,)), DAY), "2019年7月20日恢复（补发）申请复核通过。"),
    (
        GroundKind.RATE,
        Rate(JULY, Decimal("3000.00"), datetime(2019, 7, 1, tzinfo=UTC)),
        "自2019年7月起月标准3000.00元。",
    ),
    (
        GroundKind.PAYMENT,
        Entry(JULY, JULY, LedgerStatus.PAID, Decimal("3000.00"), Basis.COVERED),
        "2019年7月已发放3000.00元。",
    ),
    (
        GroundKind.PAYMENT,
        Entry(JULY, JULY, LedgerStatus.WITHHELD, Decimal("0.00"), Basis.LAPSED),
        "2019年7月未发放：该月没有认证服务期的记录。",
    ),
    (
        GroundKind.LOSS,
        Loss(JULY, SurvivalStatus.DECEASED, JULY),
        "去世：自2019年7月起不再享有待遇。",
    ),
    (
        GroundKind.LOSS,
        Loss(JULY, SurvivalStatus.IMPRISONED, JULY, AUGUST),
        "服刑：2019年7月至2019年8月不享有待遇，不予补发。",
    ),
    (
        GroundKind.BACK_PAY,
        Line(AUGUST, JULY, LineKind.BACK_PAY, Decimal("3000.00"), 1),
        "随2019年8月补发3000.00元。",
    ),
]


def complete(said: str) -> bool:
    """Chinese, with no gap left open and none filled with nothing."""
    chinese = re.search(r"[\u4e00-\u9fff]{2}", said) is not None
    return chinese and not re.search(r"[{}]|None|（）|自起|于复核|（至）", said)


def keys(prefix: str) -> set[str]:
    return {key.removeprefix(prefix) for key in messages.catalogue() if key.startswith(prefix)}


def test_every_basis_is_told_with_its_months() -> None:
    """Why a month is paid or not (basis.*); a stop says from when."""
    assert keys("basis.") == {basis.value for basis in Basis} | {"LAPSED.before"}
    for basis in Basis:
        said = messages.basis(basis, JULY, AUGUST)
        assert complete(said), said
        asks_for = {Basis.LATE_ENROLMENT: 0, Basis.UNKNOWN: 0, Basis.COVERED: 2}.get(basis, 1)
        assert (said.count("2019年7月") + said.count("2019年8月")) == asks_for, said
        assert re.fullmatch(r"[二三四附](\([一二三四五]\)|\d+)?", basis.clause), basis.clause


def test_every_lever_is_told_with_and_without_a_day() -> None:
    """What would change the answer, and by when (lever.*)."""
    assert keys("lever.") == {lever.value for lever in Lever} | {"by", "not_before"}
    for lever in Lever:
        undated = messages.change(Change(lever))
        assert complete(undated), undated
        assert messages.change(Change(lever, DAY)) == f"{undated}（不晚于2019年7月20日）"


@pytest.mark.parametrize(("kind", "ground", "words"), GROUNDS, ids=lambda of: of if isinstance(of, str) else "")
def test_every_fact_is_told(kind: GroundKind, ground: Ground, words: str) -> None:
    """What an answer rests on (ground.*), word for word."""
    assert messages.ground(kind, ground) == words
    assert complete(words)


def test_no_kind_of_fact_is_without_words() -> None:
    """Each kind once at least, each result and each ledger status."""
    assert {kind for kind, _, _ in GROUNDS} == set(GroundKind)
    plain = {kind.value for kind in GroundKind} - {"ACT", "PAYMENT", "LOSS"}
    split = {f"ACT.{result}" for result in CertificationResult} | {f"PAYMENT.{status}" for status in LedgerStatus}
    split |= {"LOSS.open", "LOSS.ended"}
    assert keys("ground.") == plain | split


def test_every_word_of_the_field_is_told() -> None:
    """Methods, survival statuses and conclusions, as facts quote them."""
    for prefix, of in (("method.", Method), ("status.", SurvivalStatus), ("conclusion.", Conclusion)):
        assert keys(prefix) == {value.value for value in of}
        assert all(complete(messages.say(f"{prefix}{value}")) for value in of)


def test_every_refusal_is_told_whatever_it_is_about() -> None:
    """error.<code> and, where several words tell it, error.<code>.<about>."""
    told = [(code, about) for code, _, about in (key.partition(".") for key in keys("error."))]
    assert {code for code, about in told if not about} == {code.value for code in ErrorCode}
    assert {"statement", "rejection", "waiver"} <= {about for code, about in told if code == "REASON_REQUIRED"}
    for code, about in told:
        said = messages.refusal(Refusal(ErrorCode(code), ("input",), None, FACTS.get(code, {}), about))
        assert complete(said), said


def test_the_words_that_a_rule_asks_for_exist() -> None:
    """What the code says a refusal is about stands in the catalogue, and the other way round."""
    root = Path(__file__).parents[2]
    sources = [*(root / "domain").glob("*.py"), *(root / "resolvers").glob("*.py")]
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    asked = set(re.findall(r'about ?= ?"(\w+)"', text)) | set(re.findall(r'facts, "(\w+)"\)', text))
    assert asked == {key.partition(".")[2] for key in keys("error.") if "." in key}


async def test_a_refused_case_is_not_called_a_person(world: World) -> None:
    """NOT_FOUND of a review or a withdrawal is about a case (申请), not about somebody on the roster."""
    await world.officers()
    await world.units()
    for payload in (await world.review("x"), await withdraw(world, "x")):
        [error] = payload["userErrors"]
        assert error["code"] == "NOT_FOUND"
        assert "人员" not in error["message"]

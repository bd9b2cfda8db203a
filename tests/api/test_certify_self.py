"""Somebody certifies themselves by a face check: a PASS at once, and every attestation that is none. Notice 一(三)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from resolvers import check, upkeep
from security.face_checks import FaceChecks, Provider
from tests.api.scenes import Person, enrolled, judged, qualified, saved, span
from tests.audit.trail import entries, newest
from tests.faces import AUDIENCE, ISSUER, SUBJECT_KEY, Faces, certify, challenged, claims, nonce, with_app
from tests.world import BUREAU, SCHOOL, World, id_number


async def codes(world: World, person: Person, attestation: str) -> list[str]:
    return [error["code"] for error in (await certify(world, person, attestation))["userErrors"]]


async def test_a_face_check_is_a_pass_at_once(world: World) -> None:
    """Case 1 by app: certified on 2019-06-05, paid through 2020-06; the verdict counts as answered."""
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    answer = await certify(world, person, faces.sign(claims(world, await nonce(world, person))))
    assert answer["userErrors"] == []
    assert (answer["renewed"], answer["notice"]) == (True, None)
    row = answer["beneficiary"]
    assert (span(row["certificationPeriod"]), row["paidThrough"]) == ("2019-06..2020-06 SELF", "2020-06")
    assert row["verdict"] == {"conclusion": "PENDING", "answered": True}
    assert row["certifications"]["edges"][0]["node"] == {
        "method": "SELF", "result": "PASS", "survivalStatus": "NORMAL", "handlerName": None, "presence": None,
        "verdictMonth": "2019-05",
    }  # fmt: skip
    assert (await check.standings(world.context())).differing == []


async def test_it_leaves_evidence_of_class_a_which_the_next_verdict_sees(world: World) -> None:
    """Of today, with a reference of its own: June's verdict is QUALIFIED by it."""
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    await certify(world, person, faces.sign(claims(world, await nonce(world, person))))
    [row] = await world.owner.fetch("SELECT source, kind, occurred_on::text, reference FROM evidence")
    assert tuple(row)[:3] == ("human_resources", "app_face_check", "2019-06-05")
    assert row["reference"].startswith("renzheng:")
    await world.at("2019-07-04").publish("2019-06")
    verdict = (await world.person(person.id))["verdict"]
    assert (verdict["conclusion"], verdict["lastActivity"]["kind"]) == ("QUALIFIED", "app_face_check")


async def test_after_a_fail_it_is_a_pass_and_payment_waits_for_the_reinstatement(world: World) -> None:
    """Rules 2.5: like after any other PASS."""
    [person] = await qualified(world)
    faces = await with_app(world, person)
    await world.act(
        "overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "MISSING", "occurredOn": "2019-06-03"}
    )
    world.at("2019-09-10").phone.instant = world.clock.instant
    answer = await certify(world, person, faces.sign(claims(world, await nonce(world, person))))
    row = answer["beneficiary"]
    assert (row["paymentStatus"], span(row["certificationPeriod"])) == ("SUSPENDED", "2019-09..2020-09 SELF")
    assert "恢复" in answer["notice"]
    assert (await check.standings(world.context())).differing == []


async def test_a_fail_of_this_month_stands_corrected(world: World) -> None:
    """Case 7 by app: never suspended."""
    [person] = await qualified(world)
    faces = await with_app(world, person)
    await world.act(
        "overrideVerdict", {"beneficiaryId": person.node, "survivalStatus": "MISSING", "occurredOn": "2019-06-03"}
    )
    row = (await certify(world, person, faces.sign(claims(world, await nonce(world, person)))))["beneficiary"]
    assert (row["paymentStatus"], row["paidThrough"]) == ("PAYING", "2020-06")
    assert (await check.standings(world.context())).differing == []


async def test_somebody_declared_dead_by_data_passes_and_the_agency_looks_at_it(world: World) -> None:
    """A PASS against DISQUALIFIED opens a review whoever gave it; the cremation record makes a conflict from now on."""
    [person] = await judged(world, "DISQUALIFIED")
    faces = await with_app(world, person)
    answer = await certify(world, person, faces.sign(claims(world, await nonce(world, person))))
    assert answer["userErrors"] == []
    assert await world.owner.fetchval("SELECT count(*) FROM compliance_reviews") == 1
    await world.at("2019-07-04").publish("2019-06")
    assert (await world.person(person.id))["verdict"]["conclusion"] == "PENDING"


async def test_incomplete_contact_data_are_in_nobodys_way(world: World) -> None:
    """附7 asks a unit for them."""
    [person] = await judged(world, "PENDING", phone="", residence_address="")
    faces = await with_app(world, person)
    answer = await certify(world, person, faces.sign(claims(world, await nonce(world, person))))
    assert answer["userErrors"] == []


async def test_the_yearly_duty_of_the_unit_is_not_done_by_it(world: World) -> None:
    """四(一) asks the unit to confirm; the person is not the unit."""
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    before = (await world.person(person.id))["confirmBy"]
    await certify(world, person, faces.sign(claims(world, await nonce(world, person))))
    assert (await world.person(person.id))["confirmBy"] == before


Forged = Callable[[World, Faces, str], str]


def other_key(world: World, faces: Faces, asked: str) -> str:
    return jwt.encode(claims(world, asked), Ed25519PrivateKey.generate(), "EdDSA", {"kid": "faces"})


def unsigned(world: World, faces: Faces, asked: str) -> str:
    return jwt.encode(claims(world, asked), "", "none", {"kid": "faces"})


def by_shared_secret(world: World, faces: Faces, asked: str) -> str:
    """HS256 with the public key as the secret: the old confusion of algorithms."""
    return jwt.encode(claims(world, asked), faces.private.public_key().public_bytes_raw(), "HS256", {"kid": "faces"})


def of_another_header(world: World, faces: Faces, asked: str) -> str:
    return faces.sign(claims(world, asked), kid="unknown")


def changed(world: World, faces: Faces, asked: str) -> str:
    """Another person's claims under this signature."""
    head, _, signature = faces.sign(claims(world, asked)).split(".")
    return ".".join([head, faces.sign(claims(world, asked, 2)).split(".")[1], signature])


def with_(**other: Any) -> Forged:
    return lambda world, faces, asked: faces.sign(claims(world, asked, **other))


def from_now(**seconds: int) -> Forged:
    """Times relative to now."""

    def made(world: World, faces: Faces, asked: str) -> str:
        now = int(world.phone.now().timestamp())
        return faces.sign(claims(world, asked, **{name: now + of for name, of in seconds.items()}))

    return made


NONE: dict[str, tuple[str, Forged]] = {
    "forged with another key": ("INVALID_ATTESTATION", other_key),
    "not signed at all": ("INVALID_ATTESTATION", unsigned),
    "signed with a shared secret": ("INVALID_ATTESTATION", by_shared_secret),
    "under a key nobody knows": ("INVALID_ATTESTATION", of_another_header),
    "changed after it was signed": ("INVALID_ATTESTATION", changed),
    "no JWT": ("INVALID_ATTESTATION", lambda *_: "我还活着"),
    "empty": ("INVALID_ATTESTATION", lambda *_: ""),
    "without end": ("INVALID_ATTESTATION", lambda *_: "e" * 100_000),
    "for an hour": ("INVALID_ATTESTATION", from_now(exp=3600)),
    "without an end": ("INVALID_ATTESTATION", with_(exp=None)),
    "ending beyond all years": ("INVALID_ATTESTATION", with_(exp=10**30)),
    "without a nonce": ("INVALID_ATTESTATION", with_(nonce=None)),
    "with a nonce that is no text": ("INVALID_ATTESTATION", with_(nonce=7)),
    "without liveness": ("INVALID_ATTESTATION", with_(liveness=None)),
    "of another provider": ("ATTESTATION_NOT_FOR_US", with_(iss="https://other.example")),
    "for another service": ("ATTESTATION_NOT_FOR_US", with_(aud="another-city")),
    "expired": ("ATTESTATION_EXPIRED", from_now(iat=-180, exp=0)),
    "of the future": ("ATTESTATION_EXPIRED", from_now(iat=60, exp=120)),
    "of a photograph": ("ATTESTATION_TOO_WEAK", with_(liveness=False)),
    "of a truthy liveness": ("ATTESTATION_TOO_WEAK", with_(liveness="true")),
    "of a password": ("ATTESTATION_TOO_WEAK", with_(amr=["pwd"])),
    "of a list that is none": ("ATTESTATION_TOO_WEAK", with_(amr="face")),
    "of somebody else": ("ATTESTATION_OF_ANOTHER", with_(serial=2)),
    "of an ID number in the open": ("ATTESTATION_OF_ANOTHER", with_(sub=id_number(1))),
    "for a nonce that was made up": ("UNKNOWN_CHALLENGE", with_(nonce="n" * 43)),
    "for half a surrogate": ("UNKNOWN_CHALLENGE", with_(nonce="\ud800")),
}  # fmt: skip


@pytest.mark.parametrize("name", NONE)
async def test_an_attestation_that_is_none_is_refused(world: World, name: str) -> None:
    """With its code, at the field, in words; nothing is saved, and the attempt is in the audit trail."""
    code, forged = NONE[name]
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    attestation, before, since = (
        forged(world, faces, await nonce(world, person)),
        await saved(world),
        await newest(world),
    )
    answer = await certify(world, person, attestation)
    [error] = answer["userErrors"]
    assert (error["code"], error["path"], error["beneficiaryId"]) == (code, ["input", "attestation"], person.node)
    assert answer["beneficiary"] is None
    assert "认证" in error["message"]
    assert await saved(world) == before
    assert await world.owner.fetchval("SELECT count(*) FROM evidence") == 0
    [told] = await entries(world, since)
    assert (told.action, told.username, told.beneficiary_id) == ("REFUSED", "person-1", person.id)
    assert told.body == {"codes": [code], "facts": {"act": "certifySelf"}}


async def test_an_attestation_is_of_use_once(world: World) -> None:
    """Also under another idempotency key; the same key replays the first answer."""
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    attestation = faces.sign(claims(world, await nonce(world, person)))
    first = await certify(world, person, attestation, idempotencyKey="k")
    world.phone.advance(hours=1)
    assert await certify(world, person, attestation, idempotencyKey="k") == first
    world.phone.advance(hours=-1)
    assert await codes(world, person, attestation) == ["CHALLENGE_USED"]
    fresh = faces.sign(claims(world, await nonce(world, person)))
    assert [e["code"] for e in (await certify(world, person, fresh, idempotencyKey="k"))["userErrors"]] == [
        "IDEMPOTENCY_KEY_REUSED"
    ]
    assert await world.owner.fetchval("SELECT count(*) FROM certifications") == 1


async def test_the_same_attestation_eight_times_at_once_certifies_once(world: World) -> None:
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    attestation = faces.sign(claims(world, await nonce(world, person)))
    answers = await asyncio.gather(*(codes(world, person, attestation) for _ in range(8)))
    assert sorted(answers) == [[], *[["CHALLENGE_USED"]] * 7]
    for table in ("certifications", "evidence", "appearances"):
        assert await world.owner.fetchval(f"SELECT count(*) FROM {table}") == 1


async def test_a_challenge_ends(world: World) -> None:
    """Ten minutes by the service's clock; the provider's token is younger than that."""
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    asked = await challenged(world, person)
    assert asked["expiresAt"] == "2019-06-05T09:10:00+08:00"
    assert (asked["issuer"], asked["audience"]) == (ISSUER, AUDIENCE)
    world.clock.advance(minutes=10)
    assert await codes(world, person, faces.sign(claims(world, asked["nonce"]))) == ["CHALLENGE_EXPIRED"]
    await upkeep.run(world.context())
    assert await codes(world, person, faces.sign(claims(world, asked["nonce"]))) == ["CHALLENGE_EXPIRED"]
    world.clock.advance(days=2)
    await upkeep.run(world.context())
    assert await codes(world, person, faces.sign(claims(world, asked["nonce"]))) == ["UNKNOWN_CHALLENGE"]


async def test_the_newest_challenge_counts(world: World) -> None:
    """Nobody collects nonces for later."""
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    former, newer = await nonce(world, person), await nonce(world, person)
    assert await codes(world, person, faces.sign(claims(world, former))) == ["UNKNOWN_CHALLENGE"]
    assert await codes(world, person, faces.sign(claims(world, newer))) == []


async def test_a_nonce_is_the_persons_and_the_benefits(world: World) -> None:
    """Another account's nonce, and that of one's other benefit, are unknown."""
    await world.units(SCHOOL, BUREAU)
    first, second = await enrolled(world, 2)
    [other] = await enrolled(world, unit=BUREAU)
    faces = await with_app(world, first, second)
    theirs = await nonce(world, second, "person-2")
    assert await codes(world, first, faces.sign(claims(world, theirs))) == ["UNKNOWN_CHALLENGE"]
    own_other = await nonce(world, other)
    assert await codes(world, first, faces.sign(claims(world, own_other))) == ["UNKNOWN_CHALLENGE"]
    assert await codes(world, other, faces.sign(claims(world, own_other))) == []


async def test_nobody_certifies_somebody_else(world: World) -> None:
    """A foreign row is NOT_FOUND, with the own face or theirs; so is a challenge for it."""
    await world.units()
    first, second = await enrolled(world, 2)
    faces = await with_app(world, first, second)
    assert [e["code"] for e in (await challenged(world, second))["userErrors"]] == ["NOT_FOUND"]
    theirs = await nonce(world, second, "person-2")
    for serial in (1, 2):
        assert await codes(world, second, faces.sign(claims(world, theirs, serial))) == ["NOT_FOUND"]
    assert await world.owner.fetchval("SELECT count(*) FROM certifications") == 0


async def test_a_benefit_that_has_ended_is_not_certified(world: World) -> None:
    [person] = await qualified(world)
    faces = await with_app(world, person)
    await world.act("terminateBenefit", {"beneficiaryId": person.node, "cause": "DECEASED", "occurredOn": "2019-06-03"})
    assert await codes(world, person, faces.sign(claims(world, await nonce(world, person)))) == ["ALREADY_TERMINATED"]


async def test_without_a_provider_nobody_can(world: World) -> None:
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    attestation = faces.sign(claims(world, await nonce(world, person)))
    world.gate.face_checks = None
    assert [e["code"] for e in (await challenged(world, person))["userErrors"]] == ["FACE_CHECK_UNAVAILABLE"]
    assert await codes(world, person, attestation) == ["FACE_CHECK_UNAVAILABLE"]


async def test_the_providers_keys_come_from_a_file_and_may_be_away(world: World, tmp_path: Path) -> None:
    """FACE_CHECK_JWKS: a JSON Web Key Set; where it cannot be read nobody is told that the face was wrong."""
    [person] = await judged(world, "PENDING")
    faces, file = await with_app(world, person), tmp_path / "keys.json"
    world.gate.face_checks = FaceChecks(Provider(ISSUER, AUDIENCE, file.as_uri(), SUBJECT_KEY))
    attestation = faces.sign(claims(world, await nonce(world, person)))
    assert await codes(world, person, attestation) == ["FACE_CHECK_UNAVAILABLE"]
    key = faces.get_signing_key_from_jwt(attestation)._jwk_data
    file.write_text(json.dumps({"keys": [{**key, "kid": "faces", "use": "sig"}]}))
    assert await codes(world, person, attestation) == []


async def test_it_is_told_to_the_audit_trail_without_the_face_or_the_number(world: World) -> None:
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    attestation, since = faces.sign(claims(world, await nonce(world, person))), await newest(world)
    await certify(world, person, attestation)
    [told] = await entries(world, since)
    assert (told.action, told.username, told.beneficiary_id, told.version) == (
        "CERTIFIED_SELF",
        "person-1",
        person.id,
        3,
    )
    assert told.body["facts"] | {"reference": ""} == {
        "evidence": "app_face_check", "method": "SELF", "occurred_on": None, "reference": "", "result": "PASS",
        "survival_status": "NORMAL", "verdict_month": "2019-05",
    }  # fmt: skip
    assert id_number(1) not in json.dumps(told.body)


async def test_only_the_digest_of_a_nonce_is_kept(world: World) -> None:
    [person] = await judged(world, "PENDING")
    await with_app(world, person)
    asked = await nonce(world, person)
    kept = await world.owner.fetchval("SELECT digest FROM face_check_challenges")
    assert asked.encode() not in kept and len(kept) == 32
    assert len(asked) >= 43


async def test_the_service_s_own_time_is_not_the_providers(world: World) -> None:
    """In a rehearsal the clock is years off; the provider goes by the real time."""
    [person] = await judged(world, "PENDING")
    faces = await with_app(world, person)
    world.phone.instant = world.clock.instant + timedelta(days=2000)
    assert await codes(world, person, faces.sign(claims(world, await nonce(world, person)))) == []

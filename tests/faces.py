"""A face-check provider as a test has it: its key, its attestations, and what else may be signed."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt import PyJWK
from jwt.algorithms import OKPAlgorithm

from security.face_checks import FaceChecks, Provider
from tests.api.scenes import Person, account
from tests.world import World, id_number

ISSUER, AUDIENCE = "https://faces.example", "renzheng-of-qingdao"
SUBJECT_KEY = b"shared with the provider, of 40 characters"


@dataclass
class Faces:
    """Signs with its own key whatever a test wants signed."""

    private: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    def get_signing_key_from_jwt(self, token: str) -> PyJWK:
        if jwt.get_unverified_header(token).get("kid") != "faces":
            raise jwt.PyJWKClientError("there is no such key")
        return PyJWK({**OKPAlgorithm.to_jwk(self.private.public_key(), as_dict=True), "alg": "EdDSA"})

    def checks(self) -> FaceChecks:
        return FaceChecks(Provider(ISSUER, AUDIENCE, "", SUBJECT_KEY), self)

    def sign(self, claims: dict[str, Any], **header: str) -> str:
        return jwt.encode(claims, self.private, "EdDSA", {"kid": "faces", **header})


def claims(world: World, asked: str, serial: int = 1, **other: Any) -> dict[str, Any]:
    """What the provider says of the person with that number, now; other claims as given, None: left out."""
    now = world.phone.now()
    subject = hmac.new(SUBJECT_KEY, id_number(serial).encode(), hashlib.sha256).hexdigest()
    said = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "nonce": asked, "iat": int(now.timestamp()),
        "exp": int((now + timedelta(minutes=3)).timestamp()), "amr": ["face"], "liveness": True, **other,
    }  # fmt: skip
    return {name: value for name, value in said.items() if value is not None}


CHALLENGE = """mutation($i: CertificationChallengeInput!) { certificationChallenge(input: $i) {
    nonce expiresAt issuer audience userErrors { code message path beneficiaryId } } }"""
ROW = """id version paymentStatus paidThrough certificationPeriod { startMonth endMonth method }
    verdict { conclusion answered }
    certifications(first: 3) { edges { node { method result survivalStatus handlerName presence verdictMonth } } }"""
SELF = f"""mutation($i: CertifySelfInput!) {{ certifySelf(input: $i) {{
    renewed notice beneficiary {{ {ROW} }} userErrors {{ code message path beneficiaryId }} }} }}"""
WINDOW = f"""mutation($i: CertifyAtWindowInput!) {{ certifyAtWindow(input: $i) {{
    renewed notice beneficiary {{ {ROW} }} userErrors {{ code message path beneficiaryId }} }} }}"""


async def with_app(world: World, *people: Person) -> Faces:
    """Each of the people has an account, person-SERIAL, and the service takes the attestations of this provider."""
    faces = Faces()
    world.gate.face_checks = faces.checks()
    for person in people:
        await account(world, f"person-{person.serial}", "PERSON", id_number=id_number(person.serial))
    return faces


async def challenged(world: World, person: Person, as_: str = "person-1") -> Any:
    given = {"i": {"beneficiaryId": person.node}}
    return (await world.ask(CHALLENGE, given, as_=as_))["certificationChallenge"]


async def nonce(world: World, person: Person, as_: str = "person-1") -> str:
    found: str = (await challenged(world, person, as_))["nonce"]
    return found


async def certify(world: World, person: Person, attestation: str, as_: str = "person-1", **other: Any) -> Any:
    given = {"i": {"beneficiaryId": person.node, "attestation": attestation, **other}}
    return (await world.ask(SELF, given, as_=as_))["certifySelf"]


async def seen_at_window(world: World, person: Person, presence: str = "IN_PERSON", **other: Any) -> Any:
    handler = {"name": "窗口王", "contact": "0532-85911200"}
    given = {"beneficiaryId": person.node, "presence": presence, "handler": handler, **other}
    return (await world.ask(WINDOW, {"i": given}, as_="window"))["certifyAtWindow"]

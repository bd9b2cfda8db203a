"""Access tokens under Ed25519 keys that change."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from domain.access import Viewer
from domain.vocabulary import Role
from security.tokens import SigningKey, Tokens, UnknownKey

NOW = datetime(2019, 6, 5, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
SESSION = UUID("00000000-0000-4000-8000-000000000001")
SCHOOL = Viewer(7, "370202000101", Role.UNIT, unit_id=3, session=SESSION)
FIRST, SECOND = SigningKey.made(), SigningKey.made()


def knowing(*keys: SigningKey) -> Tokens:
    tokens = Tokens()
    tokens.know(keys, NOW)
    return tokens


def test_a_token_says_whose_it_is_for_a_quarter_of_an_hour() -> None:
    tokens = knowing(FIRST)
    token = tokens.issue(SCHOOL, NOW)
    assert token.expires_at == NOW + timedelta(minutes=15)
    assert tokens.read(token.text, NOW) == SCHOOL
    assert tokens.read(token.text, NOW + timedelta(minutes=14, seconds=59)) == SCHOOL
    assert tokens.read(token.text, NOW + timedelta(minutes=15)) is None


def test_a_token_ends_with_its_session() -> None:
    until = NOW + timedelta(minutes=4)
    token = knowing(FIRST).issue(SCHOOL, NOW, until)
    assert token.expires_at == until
    assert knowing(FIRST).read(token.text, until) is None


def test_what_a_token_says() -> None:
    token = knowing(FIRST).issue(SCHOOL, NOW).text
    assert jwt.get_unverified_header(token) == {"alg": "EdDSA", "kid": FIRST.kid, "typ": "JWT"}
    assert jwt.decode(token, options={"verify_signature": False}) == {
        "iss": "renzheng", "aud": "renzheng", "sub": "7", "sid": "00000000-0000-4000-8000-000000000001",
        "iat": 1559696400, "exp": 1559697300, "username": "370202000101", "role": "UNIT", "unit": 3, "district": None,
    }  # fmt: skip


def test_the_newest_key_signs_and_the_former_still_verifies() -> None:
    old = knowing(FIRST).issue(SCHOOL, NOW).text
    tokens = knowing(FIRST, SECOND)
    new = tokens.issue(SCHOOL, NOW).text
    assert jwt.get_unverified_header(new)["kid"] == SECOND.kid
    assert [tokens.read(text, NOW) for text in (old, new)] == [SCHOOL, SCHOOL]


def test_a_key_that_was_given_up_verifies_nothing_not_even_what_was_seen_before() -> None:
    tokens = knowing(FIRST)
    text = tokens.issue(SCHOOL, NOW).text
    assert tokens.read(text, NOW) == SCHOOL
    tokens.know([SECOND], NOW)
    with pytest.raises(UnknownKey):
        tokens.read(text, NOW)


def test_a_token_is_verified_once(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = knowing(FIRST)
    text = tokens.issue(SCHOOL, NOW).text
    tokens.read(text, NOW)
    monkeypatch.setattr(Tokens, "_verified", None)
    assert tokens.read(text, NOW) == SCHOOL


def forged(**changes: object) -> str:
    """A token of the first key with other claims."""
    assert FIRST.private is not None
    claims = jwt.decode(knowing(FIRST).issue(SCHOOL, NOW).text, options={"verify_signature": False})
    changed = {name: value for name, value in {**claims, **changes}.items() if value is not None}
    return jwt.encode(changed, Ed25519PrivateKey.from_private_bytes(FIRST.private), "EdDSA", {"kid": FIRST.kid})


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "elsewhere"}, {"aud": "elsewhere"}, {"sub": None}, {"sub": "nobody"}, {"sid": None}, {"sid": "1"},
        {"exp": None}, {"exp": "never"}, {"exp": 10**20}, {"iat": None}, {"role": "ROOT"}, {"role": None},
    ],
)  # fmt: skip
def test_a_token_that_says_something_else_is_none(changes: dict[str, object]) -> None:
    assert knowing(FIRST).read(forged(**changes), NOW) is None


def test_a_forged_token_is_none() -> None:
    """Another key under the same name, another's claims, no signature, the public key as a shared secret, garbage."""
    tokens = knowing(FIRST)
    head, body, signature = tokens.issue(SCHOOL, NOW).text.split(".")
    _, other, _ = tokens.issue(replace(SCHOOL, role=Role.AUDITOR, unit_id=None), NOW).text.split(".")
    impostor = knowing(replace(SECOND, kid=FIRST.kid)).issue(SCHOOL, NOW).text
    claims = jwt.decode(f"{head}.{body}.{signature}", options={"verify_signature": False})
    named = {"kid": FIRST.kid}
    shared = jwt.encode(claims, FIRST.public, "HS256", named)
    unsigned = jwt.encode(claims, "", "none", named)
    deep = base64.urlsafe_b64encode(b'{"kid": ' + b"[" * 100_000).decode().rstrip("=")
    bad = [impostor, shared, unsigned, f"{head}.{other}.{signature}", f"{head}.{body}.", "", "a.b.c", f"{deep}.a.b"]
    assert [tokens.read(text, NOW) for text in bad] == [None] * len(bad)


def test_of_a_token_there_is_one_spelling() -> None:
    """A decoder takes padding and stray letters; whoever goes by a token's text would take them for other tokens."""
    tokens = knowing(FIRST)
    text = tokens.issue(SCHOOL, NOW).text
    bad = [f"{text}==", f"{text}=", f"{text}!", text[:-1] + chr(ord(text[-1]) + 1)]
    assert [tokens.read(other, NOW) for other in bad] == [None] * 4
    assert tokens.read(text, NOW) == SCHOOL


def test_the_public_keys_are_published_and_verify_what_was_signed() -> None:
    tokens = knowing(FIRST, SECOND)
    published = json.loads(json.dumps(tokens.jwks()))
    assert [key["kid"] for key in published["keys"]] == [FIRST.kid, SECOND.kid]
    assert {key["kty"] for key in published["keys"]} == {"OKP"}
    assert not [key for key in published["keys"] if "d" in key]
    text = tokens.issue(SCHOOL, NOW).text
    key = jwt.PyJWKSet.from_dict(published)[SECOND.kid]
    claims = jwt.decode(text, key, ["EdDSA"], audience="renzheng", options={"verify_exp": False})
    assert claims["sub"] == "7"

"""ID numbers as the database may hold them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from cryptography.exceptions import InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from security.ciphers import Cipher
from security.keys import Secret, WrongSecret
from security.personal import PersonalData, Purpose, UnknownKey, WrappedKey

SECRET = Secret("s" * 40)
NUMBER, OTHERS = "370202194501010011", "370202194501010038"

numbers = st.from_regex(r"[0-9]{17}[0-9X]|[0-9]{15}", fullmatch=True)
texts = st.text(max_size=200)
anything = st.binary(max_size=64)


@dataclass
class Ring:
    """The keys of a database, as a rotation changes them."""

    keys: list[WrappedKey] = field(default_factory=list)

    def __iter__(self) -> Iterator[WrappedKey]:
        return iter(self.keys)

    def rotated(self, personal: PersonalData, *purposes: Purpose) -> PersonalData:
        """Another key of each purpose is made current, and they are held."""
        former = [key._replace(current=key.current and key.purpose not in purposes) for key in self.keys]
        made = [
            WrappedKey(len(former) + n, purpose, *personal.new_key(purpose), True)
            for n, purpose in enumerate(purposes, 1)
        ]
        self.keys = former + made
        personal.hold(self.keys)
        return personal


def held(cipher: Cipher = Cipher.AES_GCM_SIV) -> tuple[PersonalData, Ring]:
    ring = Ring()
    return ring.rotated(PersonalData(SECRET, cipher), *Purpose), ring


BY_CIPHER = {cipher: held(cipher)[0] for cipher in Cipher}
ciphers = pytest.mark.parametrize("cipher", list(Cipher))


@ciphers
@given(text=texts, bound_to=anything)
def test_what_is_sealed_opens_beside_what_it_was_sealed_beside(cipher: Cipher, text: str, bound_to: bytes) -> None:
    personal = BY_CIPHER[cipher]
    assert personal.open(personal.seal(text, bound_to), bound_to) == text


@ciphers
@given(text=texts, bound_to=anything, beside=anything)
def test_it_opens_beside_nothing_else(cipher: Cipher, text: str, bound_to: bytes, beside: bytes) -> None:
    """Moved to another person's row, a sealed number is nobody's."""
    personal = BY_CIPHER[cipher]
    if beside != bound_to:
        with pytest.raises(InvalidTag):
            personal.open(personal.seal(text, bound_to), beside)


@ciphers
@given(text=texts, place=st.integers(min_value=0), bit=st.integers(0, 7))
def test_no_changed_bit_goes_unnoticed(cipher: Cipher, text: str, place: int, bit: int) -> None:
    personal = BY_CIPHER[cipher]
    sealed = bytearray(personal.seal(text, b"row"))
    sealed[place % len(sealed)] ^= 1 << bit
    with pytest.raises((InvalidTag, UnknownKey)):
        personal.open(bytes(sealed), b"row")


@ciphers
@given(number=numbers)
def test_a_sealed_number_shows_nothing_of_itself_and_never_looks_the_same(cipher: Cipher, number: str) -> None:
    personal = BY_CIPHER[cipher]
    (digest, once), (same, again) = personal.sealed(number), personal.sealed(number)
    assert digest == same and once != again
    assert number.encode() not in once + digest
    assert len(digest) == 32
    assert len(once) == len(again) == 4 + 12 + len(number) + 16  # key id, nonce, ciphertext, tag


@given(number=numbers, other=numbers)
def test_equal_numbers_and_no_others_have_equal_digests(number: str, other: str) -> None:
    personal = BY_CIPHER[Cipher.AES_GCM_SIV]
    assert (personal.digest(number) == personal.digest(other)) == (number == other)


def test_without_the_key_a_digest_cannot_be_made() -> None:
    """Another database's keys find nobody: all ID numbers could be tried against a plain hash in an afternoon."""
    one, another = held()[0], held()[0]
    assert one.digest(NUMBER) != another.digest(NUMBER)
    with pytest.raises(InvalidTag):
        another.open(one.seal(NUMBER, b""), b"")


def test_the_keys_of_the_ciphers_are_of_their_length() -> None:
    """256 bits of AES; SM4 has 128 and no others."""
    assert [len(cipher.new_key()) for cipher in (Cipher.AES_GCM_SIV, Cipher.SM4_GCM)] == [32, 16]


def test_sm4_is_that_of_the_standard() -> None:
    """RFC 8998, appendix A.1: key, nonce, associated data, plaintext, ciphertext with tag."""
    key, nonce = bytes.fromhex("0123456789abcdeffedcba9876543210"), bytes.fromhex("00001234567800000000abcd")
    associated = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex("aa" * 8 + "bb" * 8 + "cc" * 8 + "dd" * 8 + "ee" * 8 + "ff" * 8 + "ee" * 8 + "aa" * 8)
    sealed = bytes.fromhex(
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
        "83de3541e4c2b58177e065a9bf7b62ec"
    )
    aead = Cipher.SM4_GCM.under(key)
    assert aead.encrypt(nonce, plain, associated) == sealed
    assert aead.decrypt(nonce, sealed, associated) == plain


def test_the_cipher_of_new_keys_may_change_and_the_former_keys_still_open() -> None:
    """By configuration: the next rotation brings everybody to the other cipher."""
    before, ring = held(Cipher.AES_GCM_SIV)
    sealed = before.seal(NUMBER, b"row")
    after = ring.rotated(PersonalData(SECRET, Cipher.SM4_GCM), Purpose.ID_NUMBER)
    assert [key.cipher for key in ring] == ["AES_GCM_SIV", None, "SM4_GCM"]
    assert after.open(sealed, b"row") == NUMBER
    assert not sealed.startswith(after.sealing)
    assert after.seal(NUMBER, b"row").startswith(after.sealing)


def test_during_a_rotation_a_number_is_looked_for_by_both_keys() -> None:
    personal, ring = held()
    former = personal.digest(NUMBER)
    assert not personal.rotates_lookups
    ring.rotated(personal, Purpose.LOOKUP)
    assert personal.rotates_lookups
    assert personal.digests(NUMBER) == [personal.digest(NUMBER), former]
    assert former not in personal.digests(OTHERS)


def test_when_the_former_key_is_gone_it_finds_nobody_more() -> None:
    personal, ring = held()
    former = personal.digest(NUMBER)
    ring.rotated(personal, Purpose.LOOKUP)
    personal.hold(key for key in ring if key.current)
    assert former not in personal.digests(NUMBER)
    assert not personal.rotates_lookups


def test_what_another_process_sealed_under_a_newer_key_is_told_from_what_is_damaged() -> None:
    """It opens once the keys are held as they are now."""
    here, ring = held()
    there = ring.rotated(PersonalData(SECRET), Purpose.ID_NUMBER)
    sealed = there.seal(NUMBER, b"row")
    with pytest.raises(UnknownKey):
        here.open(sealed, b"row")
    here.hold(ring)
    assert here.open(sealed, b"row") == NUMBER


def test_keys_wrapped_under_another_secret_are_not_held() -> None:
    _, ring = held()
    with pytest.raises(WrongSecret, match="SECRET_KEY does not open the key for ID_NUMBER"):
        PersonalData(Secret("t" * 40)).hold(ring)


def test_while_the_secret_changes_the_keys_are_wrapped_anew() -> None:
    personal, ring = held()
    sealed = personal.seal(NUMBER, b"row")
    changing = PersonalData(Secret("t" * 40, "s" * 40))
    changing.hold(ring)
    anew = [key._replace(wrapped=changing.wrapped_anew(key)) for key in ring]
    changed = PersonalData(Secret("t" * 40))
    changed.hold(anew)
    assert changed.open(sealed, b"row") == NUMBER

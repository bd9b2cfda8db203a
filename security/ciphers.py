"""The ciphers for what lies encrypted in a column: each binds associated data and notices every change."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Protocol

from cryptography.hazmat.primitives import ciphers
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM

NONCE_LENGTH = 12  # bytes
_TAG_LENGTH = 16  # bytes


class Cipher(StrEnum):
    """AES of 256 bits, which forgives a repeated nonce (RFC 8452), or the national SM4 of 128 (GB/T 32907)."""

    AES_GCM_SIV = "AES_GCM_SIV"
    SM4_GCM = "SM4_GCM"

    def new_key(self) -> bytes:
        return os.urandom(32 if self is Cipher.AES_GCM_SIV else 16)

    def under(self, key: bytes) -> Aead:
        return AESGCMSIV(key) if self is Cipher.AES_GCM_SIV else _Sm4Gcm(key)


class Aead(Protocol):
    """Ciphertexts end with their tag; what was changed, moved or is of another key raises InvalidTag."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes: ...


class _Sm4Gcm:
    def __init__(self, key: bytes) -> None:
        self._algorithm = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        encryptor = ciphers.Cipher(self._algorithm, GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(associated_data)
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes, /) -> bytes:
        ciphertext, tag = data[:-_TAG_LENGTH], data[-_TAG_LENGTH:]
        decryptor = ciphers.Cipher(self._algorithm, GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(associated_data)
        return decryptor.update(ciphertext) + decryptor.finalize()

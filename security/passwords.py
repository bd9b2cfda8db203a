"""Password hashes: Argon2id, in threads, a few at a time, because one takes tenths of a second."""

from __future__ import annotations

import asyncio
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2


class Passwords:
    """Hash and verify; nothing here is ever logged."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = asyncio.Semaphore(AT_ONCE)

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash("nobody has this password")

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Whether the password fits; without a hash False, after as long a time."""
        async with self._turns:
            fits = await asyncio.to_thread(self._fits, password_hash, password)
        return fits and password_hash is not None

    def is_outgrown(self, password_hash: str) -> bool:
        """Whether a hash made today would be stronger: the parameters have grown since."""
        return self._hasher.check_needs_rehash(password_hash)

    def _fits(self, password_hash: str | None, password: str) -> bool:
        nobody = self._nobody  # made for whoever comes first, so that it tells nothing of a name
        try:
            return self._hasher.verify(password_hash or nobody, password)
        except (VerificationError, InvalidHashError):
            return False

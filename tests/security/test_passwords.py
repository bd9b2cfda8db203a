"""Password hashes."""

from argon2 import PasswordHasher

from security.passwords import Passwords

SMALL = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
GREATER = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1)


async def test_a_password_fits_its_own_hash_only() -> None:
    passwords = Passwords(SMALL)
    held = await passwords.hash("correct horse")
    assert held.startswith("$argon2id$")
    assert await passwords.verify(held, "correct horse")
    assert not await passwords.verify(held, "another horse")
    assert not await passwords.verify(None, "nobody has this password")
    assert not await passwords.verify("no hash", "correct horse")


async def test_a_hash_is_outgrown_when_the_parameters_are_greater() -> None:
    held = await Passwords(SMALL).hash("correct horse")
    assert not Passwords(SMALL).is_outgrown(held)
    assert Passwords(GREATER).is_outgrown(held)
    assert await Passwords(GREATER).verify(held, "correct horse")

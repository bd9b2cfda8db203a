"""An act under an idempotency key: carried out once, its first answer replayed to the letter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from pydantic import TypeAdapter

from domain.refusal import ErrorCode, Refusal
from domain.text import problem
from resolvers.context import Context
from storage import idempotency
from storage.database import Connection

T = TypeVar("T")

_KEY_LONGEST = 200


async def once(
    context: Context,
    key: str | None,
    said: dict[str, Any],
    carry_out: Callable[[Connection], Awaitable[T]],
    form: TypeAdapter[T],
    refused: Callable[[Refusal], T],
) -> T:
    """Carry out in one transaction; under a key, return the first answer, be it given now or earlier.

    `said` is what the account asked for; the same key with something else is refused.
    """
    if key is not None and (not key or problem(key, _KEY_LONGEST)):
        return refused(Refusal(ErrorCode.INVALID_TEXT, ("input", "idempotencyKey")))
    async with context.begin() as transaction:
        if key is None:
            return await carry_out(transaction)
        account, digest = context.viewer.account_id, _digest(said)
        earlier = await idempotency.claim(transaction, account, key, digest, context.now)
        if earlier is None:
            answer = await carry_out(transaction)
            await idempotency.keep(transaction, account, key, _written(form, answer))
            return answer
        if earlier.digest != digest:
            return refused(Refusal(ErrorCode.IDEMPOTENCY_KEY_REUSED, ("input", "idempotencyKey")))
        return form.validate_python(json.loads(earlier.answer))


def _written(form: TypeAdapter[T], answer: T) -> str:
    """ASCII: an id that a client made up may hold what UTF-8 cannot write."""
    return json.dumps(form.dump_python(answer, mode="json"))


def _digest(said: dict[str, Any]) -> bytes:
    """The same for the same input of the same act, whatever the key."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).digest()

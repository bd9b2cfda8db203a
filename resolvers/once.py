"""An act under an idempotency key: carried out once, its first answer replayed to the letter."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol, TypeVar

from pydantic import TypeAdapter

from domain.audit import Told
from domain.refusal import ErrorCode, Refusal
from domain.text import problem
from resolvers import audit
from resolvers.context import Context
from storage import idempotency
from storage.database import Connection


class Refusable(Protocol):
    """What an act comes to."""

    @property
    def refusals(self) -> tuple[Refusal, ...]: ...


T = TypeVar("T", bound=Refusable)

_KEY_LONGEST = 200


async def once(
    context: Context,
    key: str | None,
    said: dict[str, Any],
    attempt: Told,
    carry_out: Callable[[Connection], Awaitable[T]],
    form: TypeAdapter[T],
    refused: Callable[[Refusal], T],
) -> T:
    """Carry out in one transaction; under a key, return the first answer, be it given now or earlier.

    `said` is what the account asked for, needed under a key only: the same key with something else is refused. A
    refusal is recorded as the attempt that it was; an answer that is given again is no act.
    """
    async with context.begin() as transaction:
        before = await _before(context, transaction, key, said)
        if isinstance(before, str):
            return form.validate_python(json.loads(before))
        answer = refused(before) if before else await carry_out(transaction)
        if key is not None and before is None:
            await idempotency.keep(transaction, context.viewer.account_id, key, _written(form, answer))
        if answer.refusals:
            await audit.record(context, transaction, attempt.refused(answer.refusals))
        return answer


async def _before(
    context: Context, transaction: Connection, key: str | None, said: dict[str, Any]
) -> str | Refusal | None:
    """What was answered under the key, or why it cannot be one; None: it is taken now, or there is none."""
    if key is None:
        return None
    if not key or problem(key, _KEY_LONGEST):
        return Refusal(ErrorCode.INVALID_TEXT, ("input", "idempotencyKey"))
    digest = _digest(said)
    earlier = await idempotency.claim(transaction, context.viewer.account_id, key, digest, context.now)
    if earlier is None:
        return None
    if earlier.digest != digest:
        return Refusal(ErrorCode.IDEMPOTENCY_KEY_REUSED, ("input", "idempotencyKey"))
    return earlier.answer


def _written(form: TypeAdapter[T], answer: T) -> str:
    """ASCII: an id that a client made up may hold what UTF-8 cannot write."""
    return json.dumps(form.dump_python(answer, mode="json"))


def _digest(said: dict[str, Any]) -> bytes:
    """The same for the same input of the same act, whatever the key."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode()).digest()

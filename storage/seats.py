"""Seats: how many sockets and subscriptions an account holds open, counted over every worker.

A seat is a lease in the machine's time. A worker keeps up those it holds; those of one that died run out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from storage.database import Reader

KEPT = timedelta(seconds=90)


class SeatKind(StrEnum):
    SOCKET = "SOCKET"
    SUBSCRIPTION = "SUBSCRIPTION"


async def take(connection: Reader, kind: SeatKind, most: int) -> UUID | None:
    """A seat of the account whose session was entered; None where it has as many already."""
    seat: UUID | None = await connection.fetchval("SELECT take_seat($1, $2, $3)", kind, most, KEPT)
    return seat


async def keep(connection: Reader, seats: Sequence[UUID]) -> None:
    """Keep these for another while, and forget those that have run out."""
    await connection.fetchval("SELECT keep_seats($1, $2)", list(seats), KEPT)


async def leave(connection: Reader, seat: UUID) -> None:
    await connection.fetchval("SELECT leave_seat($1)", seat)

"""What stops a benefit, as dated facts: suspensions (暂停) after a FAIL, and the losses that somebody stated."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from domain.month import Month
from domain.vocabulary import SurvivalStatus


@dataclass(frozen=True, slots=True)
class Suspension:
    """Payment held from `start` on; `end` is the last held month, once a reinstatement was approved in it.

    `version` is that of the FAIL, or of the withdrawal of a termination. Notice 三(二), 三(三).
    """

    start: Month
    version: int
    end: Month | None = None

    def holds(self, month: Month) -> bool:
        return self.start <= month and (self.end is None or month <= self.end)


@dataclass(frozen=True, slots=True)
class Loss:
    """The months in which, as things stand, nothing was owed: from the month after the event on. Notice 三(二), 附11.

    `end` is the last of them, for time in prison; `told_in` the month in which the unit said so.
    """

    start: Month
    status: SurvivalStatus
    told_in: Month
    end: Month | None = None
    final: bool = False
    """The benefit was ended because of it."""

    @property
    def established(self) -> bool:
        """More than what a FAIL that still stands supposes."""
        return self.final or self.end is not None

    def covers(self, month: Month) -> bool:
        return self.start <= month and (self.end is None or month <= self.end)


def lost(losses: Iterable[Loss], month: Month) -> bool:
    return any(loss.covers(month) for loss in losses)


def after_pass(losses: Iterable[Loss], month: Month) -> tuple[Loss, ...]:
    """What a PASS leaves: time served in prison, up to the month before it. The dead and missing were neither.

    A FAIL of the same month simply stands corrected. Notice 三(二), 三(三).
    """
    served = (
        loss if loss.end is not None else replace(loss, end=month - 1)
        for loss in losses
        if loss.status is SurvivalStatus.IMPRISONED and (loss.end is not None or loss.told_in != month)
    )
    return tuple(loss for loss in served if loss.end is None or loss.start <= loss.end)


def after_termination(losses: Iterable[Loss], end: Loss) -> tuple[Loss, ...]:
    """The end of the benefit settles what a FAIL supposed; time in prison was real. Notice 附11."""
    served = (replace(loss, final=True) for loss in losses if loss.status is SurvivalStatus.IMPRISONED)
    return (*served, end)

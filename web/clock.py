"""The service's clock, in Asia/Shanghai. It is read once a request."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock:
    """The machine's clock; in a rehearsal it is ahead or behind by a fixed offset."""

    def __init__(self, offset: timedelta = timedelta(0)) -> None:
        self._offset = offset

    def now(self) -> datetime:
        return datetime.now(SHANGHAI) + self._offset

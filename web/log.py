"""Structured logs. What they hold is chosen field by field: no name, number, address or document ever gets here."""

from __future__ import annotations

import logging
import sys
import traceback
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
import structlog

from web import measured

_ROOT = str(Path(__file__).parents[1])


def configure() -> None:
    """One JSON object a line on standard error; third-party loggers may only warn."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(lambda line, default: orjson.dumps(line, default).decode()),
        ],
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s", stream=sys.stderr)


def logger() -> Any:
    return structlog.get_logger()


def request(method: str, path: str, status: int, seconds: float) -> None:
    """One was answered: a line, and its numbers. `path` is one of ours.

    The line is as the processors would make it, in a quarter of their time.
    """
    measured.request(path, str(status), seconds)
    told = {"method": method, "path": path, "status": status, "ms": round(seconds * 1000, 1)}
    line = {**told, "event": "request", "level": "info", "timestamp": datetime.now(UTC)}
    _sink(structlog.get_config()["logger_factory"]).msg(orjson.dumps(line, option=orjson.OPT_UTC_Z).decode())


@lru_cache(maxsize=1)
def _sink(factory: Callable[[], Any]) -> Any:
    return factory()


def failure(error: BaseException, **facts: object) -> str:
    """Log what went wrong as its type and place, never its words, which may quote a row. Returns the id to show."""
    incident = uuid.uuid4().hex
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(_ROOT) and "site-packages" not in frame.filename]
    logger().error(
        "failed",
        incident=incident,
        error=type(error).__qualname__,
        sqlstate=getattr(error, "sqlstate", None),
        constraint=getattr(error, "constraint_name", None),
        at=[f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno} {frame.name}" for frame in ours or frames[-3:]],
        **facts,
    )
    return incident

"""Run a script of several statements, which a prepared statement cannot hold, or what SQL alone cannot do."""

from collections.abc import Awaitable, Callable
from typing import Any

from alembic import op


def execute(script: str) -> None:
    run(lambda driver: driver.execute(script))


def run(work: Callable[..., Awaitable[Any]], *arguments: object) -> None:
    """Run the work on the driver's own connection, within the migration's transaction."""
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: work(driver, *arguments))

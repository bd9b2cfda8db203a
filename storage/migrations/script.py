"""Run a script of several statements, which a prepared statement cannot hold."""

from typing import Any

from alembic import op


def execute(script: str) -> None:
    connection: Any = op.get_bind().connection.dbapi_connection
    connection.run_async(lambda driver: driver.execute(script))

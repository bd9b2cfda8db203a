"""The role as which the API logs in: of this database alone, and owner of nothing."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.database import BATCHES, CALLERS, PREFIX, Login


async def admit(connection: AsyncConnection, login: Login) -> None:
    """Make the role where it is missing, and let nobody else but the owner's roles into the database.

    Another login of ours was made under another SECRET_KEY: it is shut out.
    """
    await connection.execute(text(_MAKE.format(name=login.name, password=login.password, callers=CALLERS)))
    own = await connection.scalar(text("SELECT quote_ident(current_database())"))
    for statement in (
        f"REVOKE CONNECT, TEMPORARY ON DATABASE {own} FROM PUBLIC",
        f"GRANT CONNECT ON DATABASE {own} TO {login.name}",
        f"GRANT TEMPORARY ON DATABASE {own} TO {BATCHES}",
        *(f"REVOKE CONNECT ON DATABASE {own} FROM {other}" for other in await _others(connection, login)),
    ):
        await connection.execute(text(statement))


async def _others(connection: AsyncConnection, login: Login) -> list[str]:
    found = await connection.scalars(
        text(
            """SELECT rolname FROM pg_roles
               WHERE starts_with(rolname, :prefix) AND rolname <> :name
                 AND has_database_privilege(rolname, current_database(), 'CONNECT')"""
        ),
        {"prefix": PREFIX, "name": login.name},
    )
    return list(found)


# Two databases of one cluster may make it at the same moment.
_MAKE = """
DO $$
BEGIN
    CREATE ROLE {name} LOGIN PASSWORD '{password}' IN ROLE {callers};
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$
"""

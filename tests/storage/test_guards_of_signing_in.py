"""What the API's role may do with sessions, tokens, attempts and second factors: what a function lets it, no more."""

from __future__ import annotations

from collections.abc import Iterable

import asyncpg
import pytest

from storage.database import Database

ASKED = {
    "sessions": ("SELECT * FROM sessions", "UPDATE sessions SET ended_at = NULL", "DELETE FROM sessions"),
    "refresh_tokens": ("SELECT * FROM refresh_tokens", "UPDATE refresh_tokens SET used_at = NULL"),
    "sign_in_attempts": ("SELECT * FROM sign_in_attempts", "DELETE FROM sign_in_attempts"),
    "allowances": ("SELECT * FROM allowances", "UPDATE allowances SET points = 0", "DELETE FROM allowances"),
    "second_factors": ("SELECT * FROM second_factors", "UPDATE second_factors SET last_step = NULL"),
    "signing_keys": (
        "INSERT INTO signing_keys (kid, public, wrapped, made_at) VALUES ('x', '', '', now())",
        "UPDATE signing_keys SET verifies_until = NULL",
        "DELETE FROM signing_keys",
    ),
    "accounts": ("UPDATE accounts SET password_hash = 'x'", "SELECT password_hash FROM accounts"),
}
FUNCTIONS = [
    "begin_session", "begin_outside_session", "hand_out_refresh_token", "refresh_session", "end_own_sessions",
    "admit_attempt", "give_back_attempt", "second_factor_of", "use_second_factor", "outgrow_password",
    "lease_points",
]  # fmt: skip


def statements() -> Iterable[tuple[str, str]]:
    return ((table, statement) for table, asked in ASKED.items() for statement in asked)


@pytest.mark.parametrize(("table", "statement"), list(statements()))
async def test_the_apis_role_is_refused(callers: Database, table: str, statement: str) -> None:
    async with callers.connection() as connection:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match=f"permission denied for table {table}"):
            await connection.execute(statement)


async def test_nobody_but_the_services_roles_may_call_the_functions(
    owner: asyncpg.Connection[asyncpg.Record],
) -> None:
    """Each runs as the owner: it must not be open to whoever logs in, nor look anything up in another's schema."""
    rows = await owner.fetch(
        """SELECT proname, has_function_privilege('public', oid, 'EXECUTE') AS open, prosecdef AS definer,
                  proconfig = ARRAY['search_path=pg_catalog, public'] AS fixed
           FROM pg_proc WHERE proname = ANY($1)""",
        FUNCTIONS,
    )
    assert sorted(tuple(row) for row in rows) == sorted((name, False, True, True) for name in FUNCTIONS)


async def test_a_key_of_another_length_is_none(owner: asyncpg.Connection[asyncpg.Record]) -> None:
    for statement in (
        "INSERT INTO signing_keys (kid, public, wrapped, made_at) VALUES ('x', 'short', '', now())",
        "INSERT INTO sign_in_attempts VALUES ('short', 0, now())",
        "INSERT INTO allowances VALUES ('short', 0, now())",
    ):
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute(statement)

"""`accounts.csv`: who may sign in. Passwords are hashed one by one, in threads."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from domain.access import Duty, duty_of
from domain.audit import AuditAction, Told, Values
from domain.text import is_blank
from domain.vocabulary import Role
from resolvers import audit, keyring
from resolvers.context import Context
from resolvers.intake import values
from resolvers.intake.files import Loaded, Progress, Rejected, told
from resolvers.intake.reading import Column, Problem, Rows, write_rejects
from security.personal import PersonalData
from storage import accounts, sessions
from storage.accounts import AccountRow, Saved
from storage.sessions import Ending

PASSWORD_SHORTEST = 8

_BELONGS_TO = {
    Role.UNIT: "unit_si_number",
    Role.OFFICER: "district",
    Role.WINDOW: "district",
    Role.PERSON: "id_number",
}


@dataclass(frozen=True, slots=True)
class _Line:
    line: int
    username: str
    role: Role
    unit_si_number: str | None
    district: str | None
    id_number: str | None
    password: str


def _password(value: str) -> str:
    read = values.text()(value)
    if is_blank(read):
        raise ValueError("is empty")
    if len(read) < PASSWORD_SHORTEST:
        raise ValueError(f"is shorter than {PASSWORD_SHORTEST} characters")
    return read


COLUMNS = [
    Column("username", values.username),
    Column("role", values.choice(Role)),
    Column("unit_si_number", values.optional(values.si_number)),
    Column("district", values.optional(values.text())),
    Column("id_number", values.optional(values.id_number)),
    Column("password", _password, as_typed=True),
]


def _checked(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A UNIT names its unit, an OFFICER or WINDOW a district, a PERSON an ID number, which others may as well."""
    username, role, unit, district, number, _ = row
    given = {"unit_si_number": unit, "district": district, "id_number": number}
    for column, value in given.items():
        needed = _BELONGS_TO.get(role) == column
        if (value is None) if needed else (value is not None and column != "id_number"):
            needs = _BELONGS_TO.get(role, "neither a unit nor a district")
            raise ValueError(column, f"does not fit the role; {role} needs {needs}")
    if role is Role.UNIT and username.split("/")[0] != unit:
        raise ValueError("username", "must be the unit's number, or number/operator")
    return row


async def load(context: Context, file: Path, *, rejects: Path | None, progress: Progress) -> Loaded:
    """Load the accounts of a file. One whose password and rights are as before stays untouched, and signed in."""
    rows = Rows(file, COLUMNS, _checked, progress)
    lines = [_Line(*row) for row in rows]
    found = {*rows.problems, *_repeated(lines), *await _without_unit(context, lines), *await _unfit(context, lines)}
    problems = sorted(found)
    if problems and rejects is None:
        raise Rejected(problems)
    bad = {problem.line for problem in problems}
    wanted = list({line.username: line for line in lines if line.line not in bad}.values())
    hashes = await _hashes(context, wanted)
    async with context.begin() as transaction:
        personal = await keyring.settled(context.gate.personal, transaction)
        to_save = [_row(line, hash, personal) for line, hash in zip(wanted, hashes, strict=True)]
        saved = await accounts.save(transaction, to_save)
        changed = [account.id for account in saved if not account.is_new]
        await sessions.end_all(transaction, changed, Ending.ACCOUNT_CHANGED, context.now)
        counts = {"added": len(saved) - len(changed), "changed": len(changed)}
        loaded = Loaded(rows.count, counts, problems, rows.warnings)
        await audit.record(context, transaction, told("accounts", file, loaded), *map(_told, saved))
        if rejects is not None:
            write_rejects(file, rejects, problems)
    return loaded


def _told(account: Saved) -> Told:
    """Whose right to do what has come or changed; the password only as far as it is another."""
    action = AuditAction.ACCOUNT_ADDED if account.is_new else AuditAction.ACCOUNT_CHANGED
    before: Values = {"unit": account.unit_before, "district": account.district_before}
    after: Values = {"unit": account.unit_id, "district": account.district}
    facts: Values = {
        "account": account.id,
        "role": account.role,
        "password_changed": account.password,
        "holder_changed": account.holder,
    }
    return Told(action, account.unit_id, before={} if account.is_new else before, after=after, facts=facts)


def _repeated(lines: list[_Line]) -> list[Problem]:
    first: dict[str, _Line] = {}
    return [
        Problem(line.line, "username", f"stands in line {earlier.line} with other content")
        for line in lines
        if (earlier := first.setdefault(line.username, line)) is not line and _content(earlier) != _content(line)
    ]


def _content(line: _Line) -> tuple[object, ...]:
    return (line.role, line.unit_si_number, line.district, line.id_number, line.password)


async def _without_unit(context: Context, lines: list[_Line]) -> list[Problem]:
    named = sorted({line.unit_si_number for line in lines if line.unit_si_number is not None})
    async with context.reading() as connection:
        unknown = await accounts.unknown_units(connection, named)
    reason = "no such unit; import units first"
    return [Problem(line.line, "unit_si_number", reason) for line in lines if line.unit_si_number in unknown]


async def _unfit(context: Context, lines: list[_Line]) -> list[Problem]:
    """Accounts that would change their role, or whose holder has another duty. Rules 6."""
    digests = {line.id_number: context.gate.personal.digest(line.id_number) for line in lines if line.id_number}
    async with context.reading() as connection:
        held = await accounts.holders(connection, [line.username for line in lines], list(digests.values()))
    roles = {holder.username: holder.role for holder in held}
    duties: dict[bytes, Duty] = {
        holder.digest: duty for holder in held if holder.digest is not None and (duty := duty_of(holder.role))
    }
    return [problem for line in lines if (problem := _unfitness(line, roles, duties, digests))]


def _unfitness(
    line: _Line, roles: Mapping[str, Role], duties: dict[bytes, Duty], digests: Mapping[str, bytes]
) -> Problem | None:
    if roles.get(line.username, line.role) is not line.role:
        return Problem(line.line, "role", "an account keeps its role: give the new role an account of its own")
    duty = duty_of(line.role)
    if line.id_number is None or duty is None:
        return None
    if duties.setdefault(digests[line.id_number], duty) is not duty:
        reason = "this person's other account has another duty: who certifies, decides, watches or runs does one only"
        return Problem(line.line, "id_number", reason)
    return None


async def _hashes(context: Context, lines: list[_Line]) -> list[str]:
    async with context.reading() as connection:
        held = await accounts.password_hashes(connection, [line.username for line in lines])
    return await asyncio.gather(*(_hash(context, held.get(line.username), line.password) for line in lines))


def _row(line: _Line, password_hash: str, personal: PersonalData) -> AccountRow:
    digest, sealed = personal.sealed(line.id_number) if line.id_number else (None, None)
    return AccountRow(line.username, line.role, line.unit_si_number, line.district, digest, sealed, password_hash)


async def _hash(context: Context, held: str | None, password: str) -> str:
    """The hash that is held where it still fits, so that loading a file twice changes nothing."""
    if held is not None and await context.gate.passwords.verify(held, password):
        return held
    return await context.gate.passwords.hash(password)

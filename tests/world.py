"""The service as a test drives it: its clock set, its files written, its API called over HTTP."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import asyncpg
import httpx2
from argon2 import PasswordHasher
from starlette.applications import Starlette

from commands.load import load_quietly
from domain.access import Viewer
from domain.contact import Contact
from domain.identity import check_digit
from domain.month import Month
from domain.policy import PolicyBook
from domain.submission import Act, Entry, Handler, Submission
from domain.vocabulary import SurvivalStatus
from resolvers import batch, certifications, keyring, payroll
from resolvers.context import Context
from resolvers.intake.files import Loaded
from resolvers.outcome import Outcome
from resolvers.sessions import entered
from schema import ids
from security.gate import Gate
from security.keys import Secret
from security.outside import Outside
from security.passwords import Passwords
from security.personal import PersonalData
from storage import accounts, publication
from storage.database import Database, Login
from tests.fragments import ANSWER, CASE_ANSWER, MONEY, PERSON
from tests.serving import Borrowed, SetClock, client
from web.app import application
from web.clock import SHANGHAI
from web.hardening.openness import Openness
from web.hardening.sockets import SocketBounds

SECRET = "a secret of the tests, of forty characters"
LOGIN = Login.of(Secret(SECRET).derived("login"))
PASSWORD = "correct horse"
HANDLER = {"name": "李经办", "contact": "0532-85911234"}
CONTACT = {
    "phone": "13812345678",
    "household_address": "青岛市市南区香港中路1号",
    "residence_address": "青岛市市南区香港中路1号",
}
SCHOOL, BUREAU = "370202000101", "370203000502"
OFFICER = "officer-shinan"
DOCUMENT = {"name": "社区居住证明.pdf", "sha256": "a" * 64}
_CHEAP = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def personal_data() -> PersonalData:
    """What opens the keys of one database of the tests."""
    return PersonalData(Secret(SECRET))


def id_number(serial: int) -> str:
    """A valid ID number, another for each serial up to 999."""
    first17 = f"37020219450101{serial:03}"
    return first17 + check_digit(first17)


def node_id(beneficiary: int) -> str:
    return ids.encode(ids.Kind.BENEFICIARY, beneficiary)


@dataclass
class World:
    database: Database
    """As the commands use it."""
    callers: Database
    """As the API uses it."""
    owner: asyncpg.Connection[asyncpg.Record]
    book: PolicyBook
    folder: Path
    http: httpx2.AsyncClient
    clock: SetClock
    gate: Gate
    app: Starlette
    phone: SetClock
    """What authenticator apps and outside providers go by."""
    _serial: int = 0

    @classmethod
    @asynccontextmanager
    async def over(
        cls,
        database: Database,
        callers: Database,
        owner: asyncpg.Connection[asyncpg.Record],
        book: PolicyBook,
        folder: Path,
    ) -> AsyncIterator[World]:
        clock, phone = SetClock(), SetClock()
        gate = Gate(Secret(SECRET), passwords=_CHEAP, real_time=phone.now)
        await keyring.begin(Context(database, book, clock.now(), gate))
        app = application(Borrowed(callers).connect, book, clock, gate)
        async with app.router.lifespan_context(app), client(app) as http:
            yield cls(database, callers, owner, book, folder, http, clock, gate, app, phone)

    @asynccontextmanager
    async def seen_from(self, address: str) -> AsyncIterator[World]:
        """The same service, used from another address."""
        async with client(self.app, address) as http:
            yield replace(self, http=http)

    @asynccontextmanager
    async def another_worker(
        self,
        dsn: str,
        outside: Outside | None = None,
        bounds: SocketBounds = SocketBounds(),  # noqa: B008
    ) -> AsyncIterator[World]:
        """The same service in another process: with a pool, keys and memory of its own."""
        gate = Gate(Secret(SECRET), passwords=_CHEAP, outside=outside, real_time=self.phone.now)
        connect = lambda: Database.for_callers(LOGIN.at(dsn), size=3)  # noqa: E731
        app = application(connect, self.book, self.clock, gate, sockets=bounds)
        async with app.router.lifespan_context(app), client(app) as http:
            yield replace(self, http=http, gate=gate, app=app)

    @asynccontextmanager
    async def opened(self, openness: Openness) -> AsyncIterator[World]:
        """The same service, started with other settings."""
        app = application(Borrowed(self.callers).connect, self.book, self.clock, self.gate, openness)
        async with app.router.lifespan_context(app), client(app) as http:
            yield replace(self, http=http, app=app)

    @asynccontextmanager
    async def under(self, book: PolicyBook) -> AsyncIterator[World]:
        """The same service under another policy."""
        app = application(Borrowed(self.callers).connect, book, self.clock, self.gate)
        async with app.router.lifespan_context(app), client(app) as http:
            yield replace(self, http=http, app=app, book=book)

    # Time and the use cases.

    def at(self, day: str, hour: int = 9) -> World:
        """Set the clock to that civil day in Shanghai."""
        self.clock.instant = datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)
        return self

    def context(self, caller: Viewer | None = None) -> Context:
        """What a command is given; with a caller, what a request of the API is."""
        given = (self.book, self.clock.now(), self.gate)
        return Context(self.callers, *given, caller) if caller else Context(self.database, *given, operator="operator")

    async def viewer(self, username: str) -> Viewer:
        """An account, signed in."""
        async with self.callers.reading() as connection:
            account = await accounts.credentials(connection, username)
        assert account is not None
        viewer = await entered(self.context(account.viewer), account)
        assert viewer is not None
        return viewer

    async def load(self, kind: str, rows: list[dict[str, str]], **options: Any) -> Loaded:
        """Import rows as a file of that kind."""
        self._serial += 1
        file = self.folder / f"{kind}-{self._serial}.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, fieldnames=list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return await load_quietly(self.context(), kind, file, **options)

    async def units(self, *si_numbers: str) -> None:
        """Units, each with an account of its number."""
        wanted = si_numbers or (SCHOOL,)
        await self.load("units", [{"si_number": n, "name": f"单位{n}", "district": "市南区"} for n in wanted])
        await self.load(
            "accounts",
            [
                {"username": n, "role": "UNIT", "unit_si_number": n, "district": "", "id_number": "",
                 "password": PASSWORD}
                for n in wanted
            ],
        )  # fmt: skip

    async def enrol(self, serial: int = 1, *, unit: str = SCHOOL, certified_in: str = "2019-01", **other: str) -> int:
        """Enrol somebody with complete contact data; the row's id."""
        row = {
            "unit_si_number": unit, "category": "RETIREE", "name": f"张三{serial}", "id_number": id_number(serial),
            **CONTACT, "benefit_from": "2005-01", "monthly_amount": "3000.00", "certified_in": certified_in, **other,
        }  # fmt: skip
        await self.load("beneficiaries", [row])
        found: int = await self.owner.fetchval("SELECT max(id) FROM beneficiaries")
        return found

    async def evidence(self, serial: int, kind: str, occurred_on: str, source: str = "transport") -> None:
        self._serial += 1
        reference = f"R-{self._serial}"
        row = {"id_number": id_number(serial), "source": source, "kind": kind, "occurred_on": occurred_on}
        await self.load("evidence", [{**row, "reference": reference}])

    async def assess(self, month: str) -> dict[str, int]:
        return (await batch.assess(self.context(), Month.parse(month))).conclusions

    async def publish(self, month: str, *, release: bool = False) -> batch.Published:
        """Assess and publish the month."""
        await self.assess(month)
        return await self.publish_only(month, release=release)

    async def publish_only(self, month: str, *, release: bool = False) -> batch.Published:
        """Publish the month as it was assessed before."""
        return await batch.publish(self.context(), Month.parse(month), release=release)

    async def payroll(self, *months: str) -> None:
        """Freeze each month on its payroll day, with the verdicts of the month before published."""
        for month in map(Month.parse, months):
            self.at(str(month.day(8)))
            async with self.database.reading() as connection:
                published = await publication.is_published(connection, month - 1)
            if not published:
                await self.publish(str(month - 1))
            await payroll.freeze(self.context(), month)

    async def officers(self, *usernames: str, district: str = "市南区") -> None:
        """Officers of the district."""
        await self.load(
            "accounts",
            [
                {"username": n, "role": "OFFICER", "unit_si_number": "", "district": district, "id_number": "",
                 "password": PASSWORD}
                for n in usernames or (OFFICER,)
            ],
        )  # fmt: skip

    async def raised(self, serial: int, since: str, amount: str, *, unit: str = SCHOOL) -> None:
        """Import a raise of one person."""
        row = {"unit_si_number": unit, "category": "RETIREE", "id_number": id_number(serial), "from_month": since}
        await self.load("rates", [{**row, "monthly_amount": amount}])

    async def submit(
        self,
        act: Act,
        *people: int,
        status: SurvivalStatus = SurvivalStatus.NORMAL,
        since: str | None = None,
        reason: str | None = None,
        contact: Contact | None = None,
        handler: Handler | None = None,
        as_: str = SCHOOL,
    ) -> Outcome:
        """The unit's act on its rows, straight to the use case; a batch pass acknowledges every row."""
        day = date.fromisoformat(since) if since else None
        entries = tuple(
            Entry(str(id), id, ("input",), None, status, day, reason, contact or Contact()) for id in people
        )
        sent = Submission(act, entries, handler or Handler(**HANDLER), reason, frozenset(str(id) for id in people))
        return await certifications.submit(self.context(await self.viewer(as_)), sent)

    # The API.

    async def post(self, body: Any, headers: dict[str, str] | None = None) -> httpx2.Response:
        return await self.http.post("/graphql", json=body, headers=headers or {})

    async def token(self, username: str) -> dict[str, str]:
        """The authorization header of an account, without the cost of a sign-in."""
        token = self.gate.tokens.issue(await self.viewer(username), self.clock.now())
        return {"Authorization": f"Bearer {token.text}"}

    async def ask(self, document: str, variables: dict[str, Any] | None = None, *, as_: str = SCHOOL) -> Any:
        """The data of an answer without errors."""
        response = await self.post({"query": document, "variables": variables or {}}, await self.token(as_))
        answer = response.json()
        assert "errors" not in answer, answer["errors"]
        return answer["data"]

    async def errors(self, document: str, variables: dict[str, Any] | None = None, *, as_: str = SCHOOL) -> Any:
        """The errors of an answer that has them."""
        response = await self.post({"query": document, "variables": variables or {}}, await self.token(as_))
        return response.json()["errors"]

    async def act(self, mutation: str, input: dict[str, Any], *, as_: str = SCHOOL) -> Any:
        """The payload of an act; the handler is filled in."""
        kind = mutation[0].upper() + mutation[1:]
        document = f"mutation Act($input: {kind}Input!) {{ {mutation}(input: $input) {{ ...Answer }} }} {ANSWER}"
        return (await self.ask(document, {"input": {"handler": HANDLER, **input}}, as_=as_))[mutation]

    async def request(self, id: int, *, as_: str = SCHOOL, **other: Any) -> Any:
        """The payload of a request for reinstatement."""
        input = {"beneficiaryId": node_id(id), "statement": "本人健在，申请恢复", "documents": [DOCUMENT], **other}
        document = f"""mutation Ask($input: RequestReinstatementInput!) {{
            requestReinstatement(input: $input) {{ ...CaseAnswer }} }} {CASE_ANSWER}"""
        return (await self.ask(document, {"input": {"handler": HANDLER, **input}}, as_=as_))["requestReinstatement"]

    async def review(self, case: str, *, approve: bool = True, as_: str | None = None, **other: Any) -> Any:
        """The payload of an officer's review."""
        document = f"""mutation Review($input: ReviewReinstatementInput!) {{
            reviewReinstatement(input: $input) {{ ...CaseAnswer }} }} {CASE_ANSWER}"""
        input = {"reinstatementId": case, "approve": approve, **other}
        return (await self.ask(document, {"input": input}, as_=as_ or OFFICER))["reviewReinstatement"]

    async def money(self, id: int, *, as_: str = SCHOOL) -> Any:
        """A person's ledger, cases, stops and overpayment."""
        document = f"query Money($id: ID!) {{ node(id: $id) {{ ...Money }} }} {MONEY}"
        return (await self.ask(document, {"id": node_id(id)}, as_=as_))["node"]

    async def entitlement(self, id: int, month: str, as_of: str | None = None, *, as_: str = SCHOOL) -> Any:
        document = """query Why($id: ID!, $month: Month!, $asOf: Date) { node(id: $id) { ... on Beneficiary {
            entitlement(month: $month, asOf: $asOf) { month payable basis reason clause paid amount
                facts { kind text id } changes { lever text by } } } } }"""
        asked = {"id": node_id(id), "month": month, "asOf": as_of}
        return (await self.ask(document, asked, as_=as_))["node"]["entitlement"]

    async def person(self, id: int, *, as_: str = SCHOOL) -> Any:
        document = f"query Person($id: ID!) {{ node(id: $id) {{ ...Person }} }} {PERSON}"
        return (await self.ask(document, {"id": node_id(id)}, as_=as_))["node"]

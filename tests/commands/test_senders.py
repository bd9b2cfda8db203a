"""Warnings leave by a signed webhook or by mail; what goes wrong is a code, and nobody's data. Rules 6."""

from __future__ import annotations

import hashlib
import hmac
import json
import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from uuid import UUID

import pytest

from commands import senders
from commands.senders import Mail, Webhook, sender_of
from domain.warning import Audience, WarningKind
from resolvers.warnings import Inbox, Letter
from settings import Settings, SettingsError
from tests.world import World
from web.clock import SHANGHAI

KEY = "shared with the gateway, of 40 characters"
LETTER = Letter(
    UUID(int=7),
    WarningKind.LAPSED,
    Audience.PERSON,
    "13812345678",
    "待遇自2020年2月起停发。",
    datetime(2020, 2, 1, 9, tzinfo=SHANGHAI),
)


@dataclass
class Gateway:
    """An HTTP server that answers with a status and keeps what it was sent."""

    status: int = 200
    address: str = ""
    asked: list[tuple[dict[str, str], bytes]] = field(default_factory=list)


@contextmanager
def gateway(status: int = 200) -> Iterator[Gateway]:
    held = Gateway(status)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            held.asked.append(({name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(held.status)
            self.send_header("Location", held.address)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing is printed."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        held.address = f"http://127.0.0.1:{server.server_port}/sms"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield held
        finally:
            server.shutdown()
            thread.join()


async def test_a_webhook_is_signed_over_its_time_and_its_body(world: World) -> None:
    """The receiver computes it again; the id is the same in header and body, and at every attempt."""
    with gateway() as held:
        sender = Webhook(held.address, KEY.encode(), world.context())
        assert await sender.send(LETTER) is None
        assert await sender.send(LETTER) is None
    for headers, body in held.asked:
        assert json.loads(body) == {
            "id": "00000000-0000-0000-0000-000000000007",
            "kind": "LAPSED",
            "to": {"phone": "13812345678"},
            "language": "zh-CN",
            "text": "待遇自2020年2月起停发。",
            "madeAt": "2020-02-01T09:00:00+08:00",
        }
        assert headers["idempotency-key"] == "00000000-0000-0000-0000-000000000007"
        at, signature = (part.partition("=")[2] for part in headers["renzheng-signature"].split(","))
        assert int(at) == int(world.phone.now().timestamp())
        assert signature == hmac.new(KEY.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(("status", "code"), [(204, None), (302, "HTTP_302"), (400, "HTTP_400"), (503, "HTTP_503")])
async def test_what_a_gateway_answers_is_a_code(world: World, status: int, code: str | None) -> None:
    """A redirection is not followed: it would take the number somewhere else."""
    with gateway(status) as held:
        assert await Webhook(held.address, KEY.encode(), world.context()).send(LETTER) == code
    assert len(held.asked) == 1


async def test_a_gateway_that_is_away_is_unreachable(world: World) -> None:
    with gateway() as held:
        address = held.address
    assert await Webhook(address, KEY.encode(), world.context()).send(LETTER) == "UNREACHABLE"


@contextmanager
def dripping(answer: bytes) -> Iterator[str]:
    """A gateway that answers a byte every 20 ms, so that no single read takes long, as long as it is listened to."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                for byte in answer:
                    time.sleep(0.02)
                    self.request.sendall(bytes([byte]))

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/sms"
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\nA: b" + b"c" * 60 + b"\r\n\r\n", b"H" * 80])
async def test_a_gateway_that_drips_its_answer_is_given_up(
    world: World, monkeypatch: pytest.MonkeyPatch, answer: bytes
) -> None:
    """The time is that of the whole delivery: whoever waits for each byte anew holds up everybody else's warnings."""
    monkeypatch.setattr(senders, "_TIMEOUT", 0.5)
    with dripping(answer) as address:
        assert await Webhook(address, KEY.encode(), world.context()).send(LETTER) == "TIMEOUT"


async def test_a_mail_server_that_drips_its_greeting_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(senders, "_TIMEOUT", 0.5)
    with dripping(b"220 " + b"h" * 60 + b"\r\n") as address:
        server = address.replace("http", "smtp").removesuffix("/sms")
        assert await Mail(server, "noreply@agency.example", TO).send(LETTER) == "TIMEOUT"


@contextmanager
def mail_server(refusing: bytes = b"") -> Iterator[tuple[str, list[bytes]]]:
    """A mail server that says yes to everything, or at the end what it is given, and keeps the lines it was sent."""
    lines: list[bytes] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            data = False
            while line := self.rfile.readline():
                lines.append(line.rstrip(b"\r\n"))
                if data and line != b".\r\n":
                    continue
                ended, data = data, line.upper() == b"DATA\r\n"
                answer = b"354 go on" if data else refusing if ended and refusing else b"250 well"
                self.wfile.write((b"221 bye" if line.upper() == b"QUIT\r\n" else answer) + b"\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{server.server_address[1]}", lines
        finally:
            server.shutdown()
            thread.join()


TO: dict[Audience, str | None] = {Audience.PERSON: "{to}@sms.example", Audience.UNIT: None}


async def test_a_mail_goes_to_the_gateways_mailbox_under_its_id() -> None:
    with mail_server() as (address, lines):
        assert await Mail(address, "noreply@agency.example", TO).send(LETTER) is None
    assert b"RCPT TO:<13812345678@sms.example>" in [
        line.upper().replace(b"SMS.EXAMPLE", b"sms.example") for line in lines
    ]
    assert b"Message-ID: <00000000-0000-0000-0000-000000000007@renzheng>" in lines


async def test_what_a_mail_server_says_is_a_code() -> None:
    with mail_server(b"451 try later, 13812345678") as (address, _):
        assert await Mail(address, "noreply@agency.example", TO).send(LETTER) == "SMTP_451"
    assert await Mail(address, "noreply@agency.example", TO).send(LETTER) == "UNREACHABLE"


async def test_whoever_has_no_mailbox_is_not_written_to() -> None:
    letter = Letter(LETTER.id, LETTER.kind, Audience.UNIT, "370202000101", LETTER.text, LETTER.at)
    assert await Mail("smtp://127.0.0.1:1", "noreply@agency.example", TO).send(letter) == "NO_ADDRESS"


def settings(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    for name, value in given.items():
        monkeypatch.setenv(name.upper(), value)
    return Settings.read()


async def test_the_environment_says_which_sender(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """None is set: a demo has its inbox, and a service only shows what there is."""
    assert sender_of(settings(monkeypatch), world.context(), demo=False) is None
    assert isinstance(sender_of(settings(monkeypatch), world.context(), demo=True), Inbox)
    mail = settings(monkeypatch, warning_smtp="smtps://mail.example", warning_smtp_from="noreply@agency.example")
    assert isinstance(sender_of(mail, world.context(), demo=True), Mail)
    hook = settings(monkeypatch, warning_webhook="https://sms.example/send", warning_webhook_key=KEY)
    assert isinstance(sender_of(hook, world.context(), demo=True), Webhook)


WRONG: dict[str, dict[str, str]] = {
    "WARNING_WEBHOOK_KEY": {"warning_webhook": "https://sms.example"},
    "WARNING_WEBHOOK": {"warning_webhook": "http://sms.example", "warning_webhook_key": KEY},
    "characters": {"warning_webhook": "https://sms.example", "warning_webhook_key": "short"},
    "WARNING_SMTP": {"warning_smtp": "smtp://mail.example", "warning_smtp_from": "a@b.example"},
    "WARNING_SMTP_FROM": {"warning_smtp": "smtps://mail.example"},
    "FACE_CHECK_JWKS": {"face_check_issuer": "https://faces.example"},
    "FACE_CHECK_JWKS: must": {"face_check_jwks": "http://faces.example/keys"},
    "FACE_CHECK_SUBJECT_KEY needs": {
        "face_check_issuer": "i", "face_check_jwks": "file:///keys.json", "face_check_subject_key": "short"
    },
}  # fmt: skip


@pytest.mark.parametrize("said", WRONG)
def test_settings_that_do_not_fit_say_so(said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the variable's name; never its value."""
    with pytest.raises(SettingsError, match=said):
        settings(monkeypatch, **WRONG[said])

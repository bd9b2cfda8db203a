"""How warnings leave: by mail, or by a signed webhook behind which a gateway sends them to phones."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import smtplib
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import format_datetime
from http.client import HTTPException
from urllib.parse import unquote, urlsplit

from commands.deadline import Deadline, timed_handlers, timed_mail
from domain.warning import Audience
from resolvers.context import Context
from resolvers.warnings import Inbox, Letter, Sender
from schema import messages
from schema.languages import spoken
from settings import Settings

_TIMEOUT = 10  # seconds
_PORTS = {"smtp": 25, "smtps": 465, "smtp+starttls": 587}


def sender_of(settings: Settings, context: Context, *, demo: bool) -> Sender | None:
    """The one that the environment sets; the inbox of a demo; None where warnings are only shown."""
    if settings.warning_webhook is not None and settings.warning_webhook_key is not None:
        return Webhook(settings.warning_webhook, settings.warning_webhook_key.encode(), context)
    if settings.warning_smtp is not None and settings.warning_smtp_from is not None:
        to = {Audience.PERSON: settings.warning_smtp_person_to, Audience.UNIT: settings.warning_smtp_unit_to}
        return Mail(settings.warning_smtp, settings.warning_smtp_from, to)
    return Inbox(context) if demo else None


class _Stays(urllib.request.HTTPRedirectHandler):
    """Nobody's phone number is sent on to where an answer points."""

    def redirect_request(self, *_: object) -> None:
        return None


class Webhook:
    """POST of a JSON object, signed over time and body: Renzheng-Signature: t=SECONDS,v1=HMAC-SHA256 of "t.body".

    The id is the letter's, also in Idempotency-Key: a receiver that has seen it takes it as done.
    """

    channel = "WEBHOOK"

    def __init__(self, address: str, key: bytes, context: Context) -> None:
        self._address = address
        self._key = key
        self._now = context.gate.real_time

    async def send(self, letter: Letter) -> str | None:
        return await asyncio.to_thread(_coded, lambda: self._post(letter))

    def _post(self, letter: Letter) -> None:
        body = self._body(letter)
        request = urllib.request.Request(self._address, body, method="POST")
        request.add_header("Content-Type", "application/json")
        request.add_header("Idempotency-Key", str(letter.id))
        request.add_header("Renzheng-Signature", self._signed(body))
        with Deadline(_TIMEOUT) as deadline:
            opener = urllib.request.build_opener(_Stays(), *timed_handlers(deadline))
            with opener.open(request, timeout=_TIMEOUT):
                pass  # whatever it says, it has taken the letter

    def _signed(self, body: bytes) -> str:
        at = int(self._now().timestamp())
        return f"t={at},v1={hmac.new(self._key, str(at).encode() + b'.' + body, hashlib.sha256).hexdigest()}"

    def _body(self, letter: Letter) -> bytes:
        to = "phone" if letter.audience is Audience.PERSON else "unit"
        said = {
            "id": str(letter.id),
            "kind": letter.kind,
            "to": {to: letter.recipient},
            "language": spoken(),
            "text": letter.text,
            "madeAt": letter.at.isoformat(),
        }
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()


class Mail:
    """By SMTP: to a unit's mailbox, and to a person's phone by way of a mail gateway. The id is the Message-ID."""

    channel = "SMTP"

    def __init__(self, server: str, sender: str, to: dict[Audience, str | None]) -> None:
        self._server = urlsplit(server)
        self._from = sender
        self._to = to

    async def send(self, letter: Letter) -> str | None:
        pattern = self._to[letter.audience]
        if pattern is None:
            return "NO_ADDRESS"
        mail = self._written(letter, pattern.replace("{to}", letter.recipient))
        return await asyncio.to_thread(_coded, lambda: self._hand_over(mail))

    def _written(self, letter: Letter, to: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"], mail["To"] = self._from, to
        mail["Subject"] = messages.say("warning.subject")
        mail["Message-ID"] = f"<{letter.id}@renzheng>"
        mail["Content-Language"] = spoken()
        mail["Date"] = format_datetime(letter.at)
        mail.set_content(letter.text)
        return mail

    def _hand_over(self, mail: EmailMessage) -> None:
        place, context = self._server, ssl.create_default_context()
        where = (place.hostname or "", place.port or _PORTS[place.scheme])
        encrypted = place.scheme == "smtps"
        how = {"context": context} if encrypted else {}
        with (
            Deadline(_TIMEOUT) as deadline,
            timed_mail(deadline, encrypted=encrypted)(*where, timeout=_TIMEOUT, **how) as server,
        ):
            if place.scheme == "smtp+starttls":
                server.starttls(context=context)
            if place.username is not None:
                server.login(unquote(place.username), unquote(place.password or ""))
            server.send_message(mail)


def _coded(work: Callable[[], None]) -> str | None:
    """What went wrong, as a code: the words of an error may quote a number or an address."""
    try:
        work()
    except urllib.error.HTTPError as error:
        error.close()
        return f"HTTP_{error.code}"
    except smtplib.SMTPResponseException as error:
        return f"SMTP_{error.smtp_code}"
    except smtplib.SMTPException as error:
        return type(error).__name__
    except TimeoutError:
        return "TIMEOUT"
    except (OSError, HTTPException):
        return "UNREACHABLE"
    return None

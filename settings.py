"""What the environment (or `.env` beside this file) says."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from security import face_checks
from security.ciphers import Cipher
from security.outside import Provider
from storage.database import Patience
from web.hardening.openness import Documents, Introspection, Openness

ROOT = Path(__file__).parent
SECRET_SHORTEST = 32  # characters
SECRET_DIFFERENT = 10  # of them at least: what was typed by leaning on a key is no secret
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


class SettingsError(Exception):
    """The environment does not fit together; the message names the variable."""


class Settings(BaseSettings):
    """The field descriptions are the help of `server.py`."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", env_file_encoding="utf-8", extra="ignore")

    database_url: str | None = Field(
        default=None, description="PostgreSQL 18; without it an embedded one in DATA_DIR is used"
    )
    data_dir: Path = Field(default=ROOT / ".data", description="where the embedded database lives (default: .data)")
    secret_key: str | None = Field(
        default=None,
        description=f"what every key is kept under, {SECRET_SHORTEST} characters or more; required with DATABASE_URL",
    )
    former_secret_key: str | None = Field(
        default=None, description="while SECRET_KEY changes: the one before; unset after rotate-keys"
    )
    cipher: Cipher = Field(
        default=Cipher.AES_GCM_SIV,
        description=f"of new keys for ID numbers: {' or '.join(Cipher)} (default: {Cipher.AES_GCM_SIV})",
    )
    clock: datetime | None = Field(
        default=None, description="a rehearsal: the clock starts at this RFC 3339 instant and runs on"
    )
    clock_offset: float | None = Field(default=None, description="seconds; set for worker processes in place of CLOCK")
    rehearsal: bool = Field(default=False, description="1 allows CLOCK together with DATABASE_URL")
    forwarded_allow_ips: str = Field(
        default="127.0.0.1,::1", description="proxies whose X-Forwarded-For says where a request is from"
    )
    allowed_origins: str = Field(
        default="", description="whose pages may call the API from a browser: https://… by commas (default: none)"
    )
    introspection: Introspection | None = Field(
        default=None, description="of the schema, by roles or everybody (default: everybody in the demo, else roles)"
    )
    documents: Documents = Field(
        default=Documents.ANY,
        description="any, automatic (remembered by hash), or trusted: persisted ones only (default: any)",
    )
    request_timeout: float = Field(
        default=20.0, gt=0, description="seconds after which a request is stopped (default: 20)"
    )
    statement_timeout: float = Field(
        default=10.0, gt=0, description="seconds after which PostgreSQL stops a request's statement (default: 10)"
    )
    lock_timeout: float = Field(
        default=5.0, gt=0, description="seconds that a request waits for another's act to end (default: 5)"
    )
    idle_timeout: float = Field(
        default=15.0, gt=0, description="seconds after which an idle transaction of a request is ended (default: 15)"
    )
    socket_init_timeout: float = Field(
        default=10.0, gt=0, description="seconds until a socket must have said who it is (default: 10)"
    )
    metrics_token: str | None = Field(
        default=None,
        description=f"who sends it may read /metrics, {SECRET_SHORTEST} characters or more (default: this machine)",
    )
    oidc_issuer: str | None = Field(default=None, description="an OpenID provider whose tokens are taken as well")
    oidc_audience: str | None = Field(default=None, description="as what the provider knows this service")
    oidc_jwks_url: str | None = Field(default=None, description="the provider's keys (default: as it publishes)")
    oidc_username_claim: str = Field(
        default="preferred_username", description="which claim is the account (default: preferred_username)"
    )
    oidc_second_factor: str = Field(
        default="mfa,otp", description="amr values that are a second factor (default: mfa,otp)"
    )

    face_check_issuer: str | None = Field(
        default=None, description="the provider of face checks by which people certify themselves"
    )
    face_check_jwks: str | None = Field(
        default=None, description="its public keys (Ed25519): an https:// address, or file:///… with a JSON Web Key Set"
    )
    face_check_subject_key: str | None = Field(
        default=None,
        description=f"shared with it, {SECRET_SHORTEST} characters or more: its subject is the HMAC-SHA256 of the ID"
        " number under this key",
    )
    face_check_audience: str = Field(
        default=face_checks.AUDIENCE,
        description=f"as what the provider knows this service (default: {face_checks.AUDIENCE})",
    )
    demo_face_check: bool = Field(
        default=False, description="set for worker processes of the demo: its stand-in attests faces"
    )

    warning_webhook: str | None = Field(
        default=None, description="where warnings are posted to, for a gateway that sends them to phones"
    )
    warning_webhook_key: str | None = Field(
        default=None, description=f"signs what is posted, {SECRET_SHORTEST} characters or more"
    )
    warning_smtp: str | None = Field(
        default=None,
        description="or a mail server: smtps://, smtp+starttls:// (or on this machine smtp://) user:password@host",
    )
    warning_smtp_from: str | None = Field(default=None, description="from whom the mail is")
    warning_smtp_person_to: str | None = Field(
        default=None, description="a mail gateway to phones, such as {to}@sms.example.org; {to} is the number"
    )
    warning_smtp_unit_to: str | None = Field(
        default=None, description="the mailboxes of units, such as {to}@units.example.org; {to} is 单位社保编号"
    )

    @classmethod
    def read(cls) -> Settings:
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError("; ".join(_said(detail) for detail in error.errors())) from None

    @field_validator(
        *("database_url", "secret_key", "former_secret_key", "clock", "introspection"),
        *("metrics_token", "oidc_issuer", "oidc_audience", "oidc_jwks_url"),
        *("face_check_issuer", "face_check_jwks", "face_check_subject_key"),
        *("warning_webhook", "warning_webhook_key", "warning_smtp", "warning_smtp_from"),
        *("warning_smtp_person_to", "warning_smtp_unit_to"),
        mode="before",
    )
    @classmethod
    def _empty_is_absent(cls, value: object) -> object:
        return None if value == "" else value

    @field_validator("database_url")
    @classmethod
    def _leads_to_postgresql(cls, value: str | None) -> str | None:
        if value is not None and (urlsplit(value).scheme not in ("postgresql", "postgres") or not _port_fits(value)):
            raise ValueError("must be of the form postgresql://user:password@host:port/database")
        return value

    @field_validator("oidc_issuer", "oidc_jwks_url", "warning_webhook")
    @classmethod
    def _cannot_be_read_along(cls, value: str | None) -> str | None:
        if value is not None and not _is_private(value):
            raise ValueError("must begin with https://")
        return value

    @field_validator("metrics_token")
    @classmethod
    def _cannot_be_guessed(cls, value: str | None) -> str | None:
        if value is not None and len(value) < SECRET_SHORTEST:
            raise ValueError(f"needs {SECRET_SHORTEST} characters or more")
        return value

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        if any(not _is_origin(origin) for origin in _listed(value)):
            raise ValueError("must be origins such as https://app.example.org, separated by commas")
        return value

    @model_validator(mode="after")
    def _provider_is_whole(self) -> Settings:
        if (self.oidc_issuer is None) != (self.oidc_audience is None):
            raise ValueError("OIDC_ISSUER and OIDC_AUDIENCE go together")
        return self

    @field_validator("face_check_jwks")
    @classmethod
    def _leads_to_keys(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith("file:///") and not _is_private(value):
            raise ValueError("must begin with https:// or file:///")
        return value

    @field_validator("warning_smtp")
    @classmethod
    def _leads_to_a_mail_server(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "smtps://host")
        private = parts.scheme in ("smtps", "smtp+starttls") or parts.hostname in _THIS_MACHINE
        if parts.scheme not in ("smtp", "smtps", "smtp+starttls") or not parts.hostname or not private:
            raise ValueError("must be smtps://host or smtp+starttls://host")
        return value

    @model_validator(mode="after")
    def _senders_are_whole(self) -> Settings:
        if (self.warning_webhook is None) != (self.warning_webhook_key is None):
            raise ValueError("WARNING_WEBHOOK and WARNING_WEBHOOK_KEY go together")
        if self.warning_webhook_key is not None and len(self.warning_webhook_key) < SECRET_SHORTEST:
            raise ValueError(f"WARNING_WEBHOOK_KEY needs {SECRET_SHORTEST} characters or more")
        if (self.warning_smtp is None) != (self.warning_smtp_from is None):
            raise ValueError("WARNING_SMTP and WARNING_SMTP_FROM go together")
        return self

    @model_validator(mode="after")
    def _face_check_is_whole(self) -> Settings:
        given = [self.face_check_issuer, self.face_check_jwks, self.face_check_subject_key]
        if any(given) and not all(given):
            raise ValueError("FACE_CHECK_ISSUER, FACE_CHECK_JWKS and FACE_CHECK_SUBJECT_KEY go together")
        if self.face_check_subject_key is not None and len(self.face_check_subject_key) < SECRET_SHORTEST:
            raise ValueError(f"FACE_CHECK_SUBJECT_KEY needs {SECRET_SHORTEST} characters or more")
        return self

    @model_validator(mode="after")
    def _consistent(self) -> Settings:
        if self.database_url and not self.secret_key:
            raise ValueError("SECRET_KEY is required with DATABASE_URL")
        if self.secret_key is not None and len(self.secret_key) < SECRET_SHORTEST:
            raise ValueError(f"SECRET_KEY needs {SECRET_SHORTEST} characters or more")
        if self.secret_key is not None and len(set(self.secret_key)) < SECRET_DIFFERENT:
            raise ValueError(f"SECRET_KEY needs {SECRET_DIFFERENT} different characters or more; draw it at random")
        if self.clock is not None and self.clock.tzinfo is None:
            raise ValueError("CLOCK needs an offset, such as 2019-06-05T09:00:00+08:00")
        rehearses = self.clock is not None or self.clock_offset is not None
        if rehearses and self.database_url and not self.rehearsal:
            raise ValueError("CLOCK is refused with DATABASE_URL unless REHEARSAL=1")
        return self

    def secret(self) -> str:
        """The given key, or the one kept beside the embedded database."""
        return self.secret_key or _kept(self.data_dir / "secret_key")

    def provider(self) -> Provider | None:
        """The outside provider whose tokens are taken, if any."""
        if self.oidc_issuer is None or self.oidc_audience is None:
            return None
        methods = frozenset(name.strip() for name in self.oidc_second_factor.split(","))
        return Provider(self.oidc_issuer, self.oidc_audience, self.oidc_jwks_url, self.oidc_username_claim, methods)

    def openness(self) -> Openness:
        """How far the endpoint opens."""
        introspection = self.introspection or Introspection.ROLES
        return Openness(introspection, self.documents, tuple(_listed(self.allowed_origins)))

    def patience(self) -> Patience:
        """How long PostgreSQL goes on for a request."""
        return Patience(self.statement_timeout, self.lock_timeout, self.idle_timeout)

    def face_check(self) -> face_checks.Provider | None:
        """The provider of face checks, if any."""
        issuer, jwks, key = self.face_check_issuer, self.face_check_jwks, self.face_check_subject_key
        if issuer is None or jwks is None or key is None:
            return None
        return face_checks.Provider(issuer, self.face_check_audience, jwks, key.encode())

    def offset(self) -> timedelta:
        """How far the rehearsal's clock is from the machine's, as of now."""
        if self.clock_offset is not None:
            return timedelta(seconds=self.clock_offset)
        return self.clock - datetime.now(UTC) if self.clock is not None else timedelta(0)


def _is_private(address: str) -> bool:
    """Whether nobody on the way can read along, or change what is read."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)


def _port_fits(url: str) -> bool:
    try:
        return urlsplit(url).port != 0
    except ValueError:
        return False


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and text == f"{parts.scheme}://{parts.netloc}"


def _said(detail: object) -> str:
    """Without the value, which may be a secret."""
    assert isinstance(detail, dict)
    name = "_".join(map(str, detail["loc"])).upper()
    message = str(detail["msg"]).removeprefix("Value error, ")
    return f"{name}: {message}" if name else message


def _kept(file: Path) -> str:
    """The secret in that file; where there is none, or only the beginning of one, a new one."""
    held = file.read_text(encoding="ascii", errors="replace").strip() if file.exists() else ""
    if len(held) >= SECRET_SHORTEST:
        return held
    file.parent.mkdir(parents=True, exist_ok=True)
    made = secrets.token_urlsafe(48)
    beside = file.with_suffix(".new")
    beside.unlink(missing_ok=True)
    beside.touch(mode=0o600)
    beside.write_text(made, encoding="ascii")
    beside.replace(file)
    return made

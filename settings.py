"""What the environment (or `.env` beside this file) says."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

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
    oidc_issuer: str | None = Field(default=None, description="an OpenID provider whose tokens are taken as well")
    oidc_audience: str | None = Field(default=None, description="as what the provider knows this service")
    oidc_jwks_url: str | None = Field(default=None, description="the provider's keys (default: as it publishes)")
    oidc_username_claim: str = Field(
        default="preferred_username", description="which claim is the account (default: preferred_username)"
    )
    oidc_second_factor: str = Field(
        default="mfa,otp", description="amr values that are a second factor (default: mfa,otp)"
    )

    @classmethod
    def read(cls) -> Settings:
        try:
            return cls()
        except ValidationError as error:
            raise SettingsError("; ".join(_said(detail) for detail in error.errors())) from None

    @field_validator(
        *("database_url", "secret_key", "former_secret_key", "clock", "introspection"),
        *("oidc_issuer", "oidc_audience", "oidc_jwks_url"),
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

    @field_validator("oidc_issuer", "oidc_jwks_url")
    @classmethod
    def _cannot_be_read_along(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "https://")
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _THIS_MACHINE):
            raise ValueError("must begin with https://")
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

    def offset(self) -> timedelta:
        """How far the rehearsal's clock is from the machine's, as of now."""
        if self.clock_offset is not None:
            return timedelta(seconds=self.clock_offset)
        return self.clock - datetime.now(UTC) if self.clock is not None else timedelta(0)


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

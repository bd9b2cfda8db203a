"""How far the endpoint opens, as the settings say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Introspection(StrEnum):
    """Who may ask for the schema: those whose role allows it, or everybody."""

    ROLES = "roles"
    EVERYBODY = "everybody"


class Documents(StrEnum):
    """What may be sent: any document; any, remembered by its hash; or what was persisted."""

    ANY = "any"
    AUTOMATIC = "automatic"
    TRUSTED = "trusted"


@dataclass(frozen=True, slots=True)
class Openness:
    introspection: Introspection = Introspection.ROLES
    documents: Documents = Documents.ANY
    origins: tuple[str, ...] = ()
    """Whose pages may call the API from a browser."""


CLOSED = Openness()
"""As far as it is without a setting."""

"""How a signed token is spelled: a signature has several spellings, and none of them makes another token."""

from __future__ import annotations

import base64


def signed(token: str) -> str:
    """What of a token its signature covers: the same however the signature is spelled, or made once more."""
    return token.rpartition(".")[0]


def is_canonical(token: str) -> bool:
    """Whether the signature is written as RFC 7515 has it: base64url without padding, no letter or bit to spare."""
    signature = token.rpartition(".")[2]
    try:
        raw = base64.b64decode(signature + "=" * (-len(signature) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return False
    return base64.urlsafe_b64encode(raw).decode().rstrip("=") == signature

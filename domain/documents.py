"""Documents: proofs by name and SHA-256; the files themselves stay with who has them. Notice 三(三)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from domain.refusal import ErrorCode, Refusal
from domain.text import is_blank, problem

_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NAME_LONGEST = 200
DOCUMENTS_MOST = 20


@dataclass(frozen=True, slots=True)
class Document:
    """A piece of proof by name and SHA-256 (64 hexadecimal digits); the file itself stays with the unit."""

    name: str
    sha256: str


def obstacles_of_documents(documents: Sequence[Document], field: str, reference: str | None = None) -> list[Refusal]:
    """Too many of them, or one without a name or digest, or twice the same."""
    if len(documents) > DOCUMENTS_MOST:
        facts: dict[str, str | int] = {"limit": DOCUMENTS_MOST}
        return [Refusal(ErrorCode.TOO_MANY_ROWS, ("input", field), reference, facts, "documents")]
    seen: set[str] = set()
    found = []
    for place, document in enumerate(documents):
        path, digest = ("input", field, str(place)), document.sha256.lower()
        if is_blank(document.name) or problem(document.name, _NAME_LONGEST):
            found.append(Refusal(ErrorCode.INVALID_DOCUMENT, (*path, "name"), reference))
        if not _SHA256.fullmatch(digest):
            found.append(Refusal(ErrorCode.INVALID_DOCUMENT, (*path, "sha256"), reference))
        elif digest in seen:
            found.append(Refusal(ErrorCode.DUPLICATE_ROW, (*path, "sha256"), reference, about="documents"))
        seen.add(digest)
    return found

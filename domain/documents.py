"""Documents: proofs by name and SHA-256; the files themselves stay with who has them. Notice 三(三)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
    found: list[Refusal] = []
    for place, document in enumerate(documents):
        path, digest = ("input", field, str(place)), document.sha256.lower()
        found += obstacles_of_document(document, path, reference)
        if digest in seen and _SHA256.fullmatch(digest):
            found.append(Refusal(ErrorCode.DUPLICATE_ROW, (*path, "sha256"), reference, about="documents"))
        seen.add(digest)
    return found


def obstacles_of_document(document: Document, path: tuple[str, ...], reference: str | None) -> Iterator[Refusal]:
    """Whether it can be told by its name and its SHA-256."""
    if is_blank(document.name) or problem(document.name, _NAME_LONGEST):
        yield Refusal(ErrorCode.INVALID_DOCUMENT, (*path, "name"), reference)
    if not _SHA256.fullmatch(document.sha256.lower()):
        yield Refusal(ErrorCode.INVALID_DOCUMENT, (*path, "sha256"), reference)

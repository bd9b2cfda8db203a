"""`persist`: the documents that clients were built with."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from resolvers import documents
from resolvers.context import Context
from resolvers.errors import Refused
from schema.manifests import BadManifest, read


async def persist(context: Context, arguments: Namespace) -> None:
    texts: dict[str, str] = {}
    bad = False
    for file in arguments.manifests:
        try:
            texts |= read(_text(file))
        except BadManifest as error:
            bad = True
            print(*(f"{file.name}: {problem}" for problem in error.problems), sep="\n", file=sys.stderr)
    if bad:
        raise Refused("nothing was persisted; mend what is named above, or generate it anew")
    added = await documents.persist(context, texts)
    print(f"{len(texts)} documents read, {added} new")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except OSError as error:
        raise Refused(f"{error.filename or file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BadManifest("is not UTF-8") from None

"""`persist`: manifests as generators write them, all of their documents or none."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from commands import documents
from resolvers.errors import Refused
from tests.world import World

WHO = "query Who { viewer { username } }"
DAY = "query Day { viewer { today } }"
UNKNOWN, BROKEN = "query Bad { viewer { password } }", "query Bad {"
FRAGMENT = "fragment Who on Viewer { username }"
MD5 = "0123456789abcdef0123456789abcdef"
# As sha256sum and sha1sum print them:
WHO_SHA256 = "dddca49800665e887bfb1ec2ebd611723bb13db84c3d15630799b8f8f3d83cc0"
WHO_SHA1 = "996d8038cae120c4adbc837751566119e3d4b6f2"
DAY_SHA256 = "f29c20c4c23c62b58ed596a3154c3515e5127d769339691a2e2f69c9c0424da3"
UNKNOWN_SHA256 = "3d18fe2ad046adf8ff06a54bd1bcd084c8ffcd06bc7b215d6c809ad55e8c76d6"
BROKEN_SHA256 = "652af7f8a78c5542cb0f66bc9f2344cab6c90a0ac746ae7e8461b20b3e1d875a"
FRAGMENT_SHA256 = "a69f6a4bc90a238eba3d41705ba2f5f4e942c0ecf8dba47b9da44ee643d68903"


async def persist(world: World, *manifests: Any) -> None:
    files = []
    for n, manifest in enumerate(manifests):
        file = world.folder / f"manifest-{n}.json"
        file.write_text(manifest if isinstance(manifest, str) else json.dumps(manifest), encoding="utf-8")
        files.append(file)
    await documents.persist(world.context(), Namespace(manifests=files))


async def held(world: World) -> dict[str, str]:
    return {row["hash"]: row["text"] for row in await world.owner.fetch("SELECT hash, text FROM persisted_documents")}


async def test_a_hash_may_say_what_it_is(world: World) -> None:
    """The client preset writes `sha256:` before it, where it is told the algorithm."""
    await persist(world, {f"sha256:{WHO_SHA256}": WHO})
    assert (await held(world))[WHO_SHA256] == WHO


async def test_a_manifest_of_the_client_preset_is_taken(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """`persisted-documents.json`: {hash: document}, by SHA-256 or SHA-1. Taken twice it changes nothing."""
    manifest = {WHO_SHA256: WHO, WHO_SHA1: WHO, DAY_SHA256: DAY}
    await persist(world, manifest)
    await persist(world, manifest)
    assert await held(world) == manifest
    assert capsys.readouterr().out == "3 documents read, 3 new\n3 documents read, 0 new\n"


async def test_a_manifest_of_apollo_is_taken(world: World) -> None:
    operations = [{"id": WHO_SHA256, "name": "Who", "type": "query", "body": WHO}]
    await persist(world, {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations})
    assert await held(world) == {WHO_SHA256: WHO}


async def test_of_manifests_with_a_bad_document_nothing_is_taken_and_each_is_named(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = {
        DAY_SHA256: WHO,
        MD5: DAY,
        UNKNOWN_SHA256: UNKNOWN,
        BROKEN_SHA256: BROKEN,
        FRAGMENT_SHA256: FRAGMENT,
    }
    with pytest.raises(Refused, match=r"^nothing was persisted; "):
        await persist(world, {WHO_SHA256: WHO}, bad)
    assert await held(world) == {}
    assert capsys.readouterr().err.splitlines() == [
        f"manifest-1.json: {DAY_SHA256}: is not the hash of its document",
        f"manifest-1.json: {MD5}: is no SHA-256 or SHA-1; tell the generator to use one of them",
        f"manifest-1.json: {UNKNOWN_SHA256}: Cannot query field 'password' on type 'Viewer'.",
        f"manifest-1.json: {BROKEN_SHA256}: its document cannot be parsed",
        f"manifest-1.json: {FRAGMENT_SHA256}: its document has no operation",
        f"manifest-1.json: {FRAGMENT_SHA256}: Fragment 'Who' is never used.",
    ]


@pytest.mark.parametrize(
    "text", ["", "[]", "1", '{"a": 1}', '{"format": "apollo-persisted-query-manifest"}', "[" * 9999]
)
async def test_what_is_no_manifest_is_refused(world: World, text: str) -> None:
    with pytest.raises(Refused, match=r"^nothing was persisted; "):
        await persist(world, text)


async def test_a_file_that_is_not_there_is_named(world: World, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"none\.json: No such file"):
        await documents.persist(world.context(), Namespace(manifests=[tmp_path / "none.json"]))

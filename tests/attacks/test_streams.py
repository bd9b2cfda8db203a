"""Over a stream, be it a socket or events, the same limits hold; a refusal ends the operation, not the connection."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.routing import Route
from strawberry.types.execution import PreExecutionError

from schema.context import RequestContext
from tests.attacks.payloads import PAGES, nested
from tests.world import SCHOOL, World
from web.endpoint import Endpoint


def endpoint(world: World) -> Endpoint:
    [route] = [one for one in world.app.routes if isinstance(one, Route) and one.path == "/graphql"]
    assert isinstance(route.endpoint, Endpoint)
    return route.endpoint


async def streamed(world: World, document: str) -> list[Any]:
    context = RequestContext(
        world.callers, world.book, world.clock.now(), world.gate, await world.viewer(SCHOOL), "192.0.2.1"
    )
    return [result async for result in await endpoint(world).schema.stream(document, context_value=context)]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("{", None),
        ("{viewer{" + "a " * 5_000 + "}}", "LIMIT_TOKENS"),
        (nested(10), "LIMIT_DEPTH"),
        ("{viewer{" + "role " * 60 + "}}", "LIMIT_DUPLICATES"),
        (PAGES, "LIMIT_COST"),
    ],
)
async def test_a_refusal_is_one_result(world: World, document: str, code: str | None) -> None:
    """Nothing is raised: whoever reads the stream goes on with its other operations."""
    await world.units()
    [result] = await streamed(world, document)
    assert isinstance(result, PreExecutionError)
    [error] = result.errors or []
    assert (error.extensions or {}).get("code") == code


async def test_an_ordinary_operation_is_answered_with_its_cost(world: World) -> None:
    await world.units()
    [result] = await streamed(world, "{viewer{role}}")
    assert result.data == {"viewer": {"role": "UNIT"}}
    assert result.extensions["cost"]["requested"] == 11

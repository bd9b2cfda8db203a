"""What is counted of a document, by hand."""

from __future__ import annotations

import pytest
from graphql import get_introspection_query, parse

from web.hardening import limits
from web.hardening.bounds import CHARACTERS
from web.hardening.limits import TABLE, Limits
from web.hardening.shape import Shape, excess, measure


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("{a}", Shape(operations=1, depth=1, breadth=1, fields=1, root_fields=1)),
        (
            "{a{b{c} d}} query q{x y z}",
            Shape(operations=2, depth=3, breadth=3, fields=4, root_fields=3),
        ),
        (
            "{a{...f} b:a{...f}} fragment f on A{x:c @skip(if:true) c c}",
            Shape(1, 1, depth=2, breadth=3, fields=8, root_fields=2, aliases=3, directives=2, duplicates=2),
        ),
        (
            "query q @d {... on Query @e {a ...f @f}} fragment f on Query{b{c}}",
            Shape(1, 1, depth=2, breadth=2, fields=3, root_fields=2, directives=3),
        ),
        (
            "{a a a{b b} ... {a} ... on Q{a a} ... on R{a}}",
            Shape(1, depth=2, breadth=7, fields=9, root_fields=7, duplicates=3 + 1 + 1),
        ),
        ("fragment f on A{b{c{d}}}", Shape(fragments=1, depth=3, breadth=1, fields=3)),
    ],
)
def test_a_shape(document: str, expected: Shape) -> None:
    """Fragments count wherever they are spread; a name counts again where it is merged with itself on the same type."""
    assert measure(parse(document)) == expected


def test_the_first_limit_that_is_passed_is_named() -> None:
    refused = excess(Shape(operations=1, depth=16, fields=2_000), limits.TABLE[None])
    assert refused is not None
    assert refused.extensions == {"code": "LIMIT_DEPTH", "limit": 15, "requested": 16}
    assert refused.message == "字段嵌套层数：请求16，上限15。请减少一次请求的内容。"


def test_numbers_of_hundreds_of_digits_are_not_said() -> None:
    refused = excess(Shape(fields=2**900), limits.TABLE[None])
    assert refused is not None
    assert refused.extensions is not None
    assert refused.extensions["requested"] == 10**9


def test_whoever_is_not_signed_in_has_the_least() -> None:
    """Of everything but the budget, which an office shares."""
    for role, allowed in TABLE.items():
        for name in set(Limits.__slots__) - {"budget", "refill"}:
            least, more = getattr(TABLE[None], name), getattr(allowed, name)
            if name == "length":
                assert all(getattr(least, unit) <= getattr(more, unit) for unit in least.__slots__), role
            else:
                assert least <= more, (role, name)


@pytest.mark.parametrize("role", TABLE)
def test_the_standard_introspection_has_a_shape_that_anybody_may_send(role: object) -> None:
    """GraphiQL sends it before anybody has signed in; whether it is answered is another question."""
    document = get_introspection_query(
        specified_by_url=True, directive_is_repeatable=True, schema_description=True, input_value_deprecation=True
    )
    assert excess(measure(parse(document)), TABLE[role]) is None  # type: ignore[index]
    assert len(document) <= TABLE[role].length.characters  # type: ignore[index]


@pytest.mark.parametrize("role", TABLE)
def test_no_request_is_dearer_than_a_budget(role: object) -> None:
    """Else it would be told to try again for ever."""
    allowed = TABLE[role]  # type: ignore[index]
    assert allowed.cost <= allowed.budget
    assert allowed.length.characters // CHARACTERS + 1 <= allowed.budget

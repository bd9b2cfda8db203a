"""What a worker remembers of documents: bounded, and nobody can push out what others use."""

from __future__ import annotations

import pytest
from graphql import GraphQLError

from schema.documents import NO_LIMIT, Documents, Longest

SHORT = 2_000 + 800 * 3 + 8 * 3  # bytes of {a}, as they are counted


def test_a_document_is_parsed_once() -> None:
    known = Documents(1_000_000)
    assert known.read("{a}", NO_LIMIT) is known.read("{a}", NO_LIMIT)
    assert known.size == SHORT


def test_what_is_remembered_has_an_end() -> None:
    """Huge documents push each other out."""
    known = Documents(1_000_000)
    for n in range(200):
        known.read("{" + f"a{n} " * 100 + "}", NO_LIMIT)
        known.read(f'{{a(b:"{n}{"x" * 10_000}")}}', NO_LIMIT)
        assert known.size <= 1_000_000


def test_a_flood_of_new_documents_leaves_what_signed_in_callers_use() -> None:
    """Theirs is kept from its second use on; the flood has the rest, and so has whoever is not signed in."""
    known = Documents(100 * SHORT)
    for _ in range(2):
        known.read("{a}", NO_LIMIT, keep=True)
        known.read("{b}", NO_LIMIT, keep=False)
    for n in range(1_000):
        known.read(f"{{c{n}}}", NO_LIMIT)
    assert known.get("{a}") is not None
    assert known.get("{b}") is None


def test_one_that_is_larger_than_the_room_is_not_remembered() -> None:
    known = Documents(10_000)
    known.read("{" + "a " * 100 + "}", NO_LIMIT)
    assert known.size == 0


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{aaaaaaaaaa}", "LIMIT_CHARACTERS"),
        ("{a b c d}", "LIMIT_TOKENS"),
        ("{a}#\n#", "LIMIT_COMMENTS"),
    ],
)
def test_a_document_that_one_may_send_is_too_long_for_another(text: str, code: str) -> None:
    """Whether it was parsed for somebody before or not."""
    known = Documents(1_000_000)
    for _ in range(2):
        with pytest.raises(GraphQLError) as refused:
            known.read(text, Longest(characters=10, tokens=5, comments=1))
        assert refused.value.extensions is not None
        assert refused.value.extensions["code"] == code
        known.read(text, NO_LIMIT)

"""What is compiled, what is not, and what happens where a resolver does what nobody foresaw."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Annotated, Any, NoReturn, cast

import pytest
import strawberry
from strawberry import Info
from strawberry.extensions import SchemaExtension
from strawberry.permission import BasePermission

from schema.build import SCHEMA, Schema
from schema.compiled.document import Document
from schema.documents import KNOWN, NO_LIMIT, Reading
from schema.loading import Gathering, Loading


@dataclass
class Asked:
    """A context that remembers what was done with it."""

    calls: list[str] = field(default_factory=list)
    forgotten: int = 0
    finished: int = 0
    caller: None = None
    toys: Gathering = field(init=False)

    def __post_init__(self) -> None:
        self.toys = Gathering(self._found)

    async def _found(self, dogs: list[str]) -> list[str]:
        self.calls.append(f"toys of {', '.join(dogs)}")
        for _ in range(5):
            await asyncio.sleep(0)
        if "Tired" in dogs:
            raise QueryCanceledError(dogs)
        return [f"ball of {dog}" for dog in dogs]

    def forget(self) -> None:
        self.forgotten += 1

    def done(self) -> None:
        self.finished += 1


@strawberry.interface
class Named:
    name: str


@strawberry.type
class Cat(Named):
    lives: int = 9


@strawberry.type
class Dog(Named):
    barks: bool = True

    @strawberry.field
    async def tail(self, info: Info) -> int:
        return cast(int, await stopped(info, "tail"))

    @strawberry.field
    async def ears(self, info: Info) -> int | None:
        return cast(int, await stopped(info, f"ears of {self.name}"))

    @strawberry.field(graphql_type=list[str] | None)  # type: ignore[untyped-decorator]
    def toys(self, info: Info) -> Loading[list[str]]:
        return Loading(info.context.toys, self.name, lambda found: [found])

    @strawberry.field(graphql_type=list[Named])  # type: ignore[untyped-decorator]
    def mates(self, info: Info) -> Loading[list[Named]]:
        return Loading(info.context.toys, f"{self.name}'s mate", lambda found: [Dog(name=found)])

    @strawberry.field
    async def again(self) -> Dog:
        return self

    @strawberry.field
    async def friends(self, first: int = 1) -> list[Named]:
        await asyncio.sleep(0)
        return [Cat(name=f"cat {number}") for number in range(first)]


class QueryCanceledError(Exception):
    """As PostgreSQL's driver raises it when a statement has taken too long."""

    sqlstate = "57014"


async def stopped(info: Info, what: str) -> NoReturn:
    await asyncio.sleep(0)
    info.context.calls.append(what)
    raise QueryCanceledError(what)


class Denied(BasePermission):
    message = "no"

    def has_permission(self, *_: Any, **__: Any) -> bool:
        return False


Words = Annotated[list[str] | None, strawberry.argument(description="Some.")]


@strawberry.type
class Query:
    @strawberry.field
    def tired(self) -> list[Dog]:
        return [Dog(name="Rex"), Dog(name="Tired")]

    @strawberry.field
    def pets(self) -> list[Named]:
        return [Cat(name="Tom"), Dog(name="Rex")]

    @strawberry.field
    def dogs(self) -> list[Dog]:
        return [Dog(name="Rex"), Dog(name="Bello")]

    @strawberry.field
    async def pack(self) -> list[Dog] | None:
        return [Dog(name="Rex"), Dog(name="Bello")]

    @strawberry.field
    async def later_dogs(self) -> list[Dog]:
        for _ in range(3):  # while the first question is on its way
            await asyncio.sleep(0)
        return [Dog(name="Rex"), Dog(name="Bello")]

    @strawberry.field
    async def slow(self, info: Info) -> int | None:
        return cast(int, await stopped(info, "slow"))

    @strawberry.field
    async def quick(self, info: Info) -> int | None:
        info.context.calls.append("quick")
        return 1

    @strawberry.field
    def place(self, info: Info) -> str:
        return f"{info.path.key}"

    @strawberry.field
    def later(self) -> str:
        async def text() -> str:
            return "late"

        return cast(str, text())

    @strawberry.field
    async def missing(self) -> str:
        return cast(str, None)

    @strawberry.field
    def fails(self, info: Info) -> str | None:
        info.context.calls.append("fails")
        raise ValueError("it does")

    @strawberry.field
    def words(self, info: Info, words: Words = None, times: int = 1) -> list[str]:
        words = words if words is not None else []
        words.append("more")
        return words * times

    @strawberry.field(permission_classes=[Denied])  # type: ignore[untyped-decorator]
    def denied(self) -> str | None:
        return "never"

    @strawberry.field
    def large(self) -> int:
        return 2**40

    @strawberry.field
    def either(self) -> Annotated[Cat | Dog, strawberry.union("Either")]:
        return Cat(name="Tom")


@strawberry.type
class Mutation:
    @strawberry.mutation
    def touch(self) -> int:
        return 1


def parsed(text: str) -> Document:
    return cast(Document, KNOWN.read(text, NO_LIMIT).node)


def schema(*extensions: type[SchemaExtension]) -> Schema:
    return Schema(Query, Mutation, types=[Cat, Dog], extensions=[Reading, *extensions])


async def both(document: str, **variables: Any) -> tuple[Any, str, Asked]:
    """The answer, how it was made, and its context; the ordinary executor says the same."""
    compiled, context = schema(), Asked()
    found = await compiled.execute(document, variables, context)
    [how] = compiled.reads.taken
    ordinary = Schema(Query, Mutation, types=[Cat, Dog])
    expected = await ordinary.execute(document, variables, Asked())
    assert (found.data, found.errors) == (expected.data, expected.errors)
    assert set(ordinary.reads.taken) == {"ordinary"}
    return found, how, context


TOM, REX = {"name": "Tom"}, {"name": "Rex"}
CATS = [{"name": "cat 0"}, {"name": "cat 1"}]
SKIPPED = "query($no: Boolean!) { a: pets @skip(if: $no) { name } pets { name @include(if: $no) } }"
MERGED = "{ pets { name } pets { __typename } ...P ...P } fragment P on Query { pets { n: name } }"


@pytest.mark.parametrize(
    ("document", "variables", "data"),
    [
        ("{ pets { __typename name } }", {}, {"pets": [{"__typename": "Cat", **TOM}, {"__typename": "Dog", **REX}]}),
        (
            "{ pets { ... on Dog { barks n: name } ... on Cat { lives } name } }",
            {},
            {"pets": [{"lives": 9, **TOM}, {"barks": True, "n": "Rex", **REX}]},
        ),
        (
            "query($n: Int!) { pets { ... on Dog { friends(first: $n) { name } } } }",
            {"n": 2},
            {"pets": [{}, {"friends": CATS}]},
        ),
        ('query($n: Int = 3) { words(words: ["a"], times: $n) }', {}, {"words": ["a", "more"] * 3}),
        ("query($w: [String!]) { words(words: $w) }", {"w": ["b"]}, {"words": ["b", "more"]}),
        ("query($n: Int!) { words(times: $n) }", {"n": 0}, {"words": []}),
        (SKIPPED, {"no": True}, {"pets": [TOM, REX]}),
        (MERGED, {}, {"pets": [{**TOM, "__typename": "Cat", "n": "Tom"}, {**REX, "__typename": "Dog", "n": "Rex"}]}),
    ],
)
async def test_a_read_is_compiled(document: str, variables: dict[str, Any], data: Any) -> None:
    """Interfaces, fragments, merged fields, directives, arguments with and without variables and defaults."""
    found, how, _ = await both(document, **variables)
    assert (found.data, list(found.data)) == (data, list(data))
    assert how == "compiled"


@pytest.mark.parametrize(
    "document",
    ["{ __schema { queryType { name } } }", "mutation { touch }", "{ denied }", "{ either { ... on Cat { lives } } }"],
    ids=["introspection", "mutation", "permission", "union"],
)
async def test_what_the_compiler_does_not_know_runs_as_ever(document: str) -> None:
    """By itself: nobody has to say so."""
    _, how, _ = await both(document)
    assert how == "ordinary"


@pytest.mark.parametrize("document", ["{ missing }", "{ large }", "{ fails }", "{ pets { name } fails }", "{ later }"])
async def test_what_goes_wrong_is_the_ordinary_executors_to_tell(document: str) -> None:
    """A null where none may be, a value that does not fit, an error, a value to be awaited: from a fresh context."""
    _, how, context = await both(document)
    assert (how, context.forgotten) == ("ordinary after all", 1)


@pytest.mark.parametrize(
    ("document", "data", "calls"),
    [
        ("{ slow }", {"slow": None}, ["slow"]),
        ("{ s: slow quick pets { name } }", {"s": None, "quick": 1, "pets": [TOM, REX]}, ["quick", "slow", "quick"]),
        ("{ dogs { name tail } quick }", None, ["quick", "tail", "tail", "quick"]),
        ("{ pack { name t: tail } slow }", {"pack": None, "slow": None}, ["slow", "tail", "tail"]),
        (
            "{ pack { ears name } dogs { name ears } }",
            {"pack": [{"ears": None, **REX}, {"ears": None, "name": "Bello"}],
             "dogs": [{**REX, "ears": None}, {"name": "Bello", "ears": None}]},
            ["ears of Bello"] * 2 + ["ears of Rex"] * 2,
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("code", ["57014", "55P03"], ids=["by its time", "by a lock"])
async def test_a_statement_that_took_too_long_is_not_sent_again(
    monkeypatch: pytest.MonkeyPatch, code: str, document: str, data: Any, calls: list[str]
) -> None:
    """The ordinary executor tells of it, its place and its nulls, and does not wait for it a second time."""
    monkeypatch.setattr(QueryCanceledError, "sqlstate", code)
    found, how, context = await both(document)
    assert (found.data, how) == (data, "ordinary after all")
    assert sorted(context.calls) == sorted(calls)


BALLS = [{"toys": ["ball of Rex"]}, {"toys": ["ball of Bello"]}]


@pytest.mark.parametrize(
    ("document", "data", "calls"),
    [
        ("{ dogs { toys } }", {"dogs": BALLS}, ["toys of Rex, Bello"]),
        ("{ dogs { again { toys } } }", {"dogs": [{"again": one} for one in BALLS]}, ["toys of Rex, Bello"]),
        ("{ dogs { a: toys b: toys } }", None, ["toys of Rex, Bello"]),
        ("{ dogs { again { toys } } pack { toys } }", None, ["toys of Rex, Bello"]),
        ("{ dogs { toys } laterDogs { toys } }", None, ["toys of Rex, Bello"]),
        (
            "{ dogs { mates { ... on Dog { toys } } } }",
            {"dogs": [{"mates": [{"toys": [f"ball of ball of {dog}'s mate"]}]} for dog in ("Rex", "Bello")]},
            ["toys of Rex's mate, Bello's mate", "toys of ball of Rex's mate, ball of Bello's mate"],
        ),
    ],
    ids=["of a list", "of coroutines", "twice", "of two lists", "while it is asked", "within one another"],
)  # fmt: skip
async def test_what_a_loader_brings_is_asked_for_together(document: str, data: Any, calls: list[str]) -> None:
    """However many fields wait for it, and wherever they stand."""
    found, how, context = await both(document)
    assert how == "compiled"
    assert data is None or found.data == data
    assert (context.calls, context.finished) == (calls, 1)


async def test_what_a_loader_cannot_bring_in_time_is_not_asked_for_again() -> None:
    found, how, context = await both("{ tired { name toys } quick }")
    assert (found.data["tired"], found.data["quick"]) == ([{**REX, "toys": None}, {"name": "Tired", "toys": None}], 1)
    assert how == "ordinary after all"
    assert sorted(context.calls) == ["quick", "quick", "toys of Rex, Tired"]


@pytest.mark.parametrize("given", [{}, {"n": None}, {"n": "x"}, {"n": 2**40}])
async def test_a_variable_that_does_not_fit_is_refused_in_the_executors_words(given: dict[str, Any]) -> None:
    found, how, _ = await both("query($n: Int!) { words(times: $n) }", **given)
    assert "Variable '$n'" in str(found.errors)
    assert how == "ordinary after all"


async def test_an_operation_that_needs_more_than_the_context_is_tried_once() -> None:
    """A resolver may ask for its path: the compiled path has none, and says so at once."""
    asked, context = schema(), Asked()
    answers = [(await asked.execute("{ place }", context_value=context)).data for _ in range(3)]
    assert answers == [{"place": "place"}] * 3
    assert asked.reads.taken == {"ordinary after all": 1, "ordinary": 2}
    assert context.forgotten == 1


async def test_what_a_resolver_does_to_its_arguments_stays_in_its_request() -> None:
    """A list that was written into the document is another at every request."""
    asked = schema()
    answers = [(await asked.execute('{ words(words: ["a"]) }', context_value=Asked())).data for _ in range(2)]
    assert answers == [{"words": ["a", "more"]}] * 2
    assert asked.reads.taken == {"compiled": 2}


async def test_an_extension_around_resolvers_is_never_left_out() -> None:
    """`resolve` of an extension wraps every field: only the ordinary executor calls it."""

    class Shouting(SchemaExtension):
        def resolve(self, _next: Any, root: Any, info: Any, *args: Any, **given: Any) -> Any:
            return _next(root, info, *args, **given)

    asked = schema(Shouting)
    assert (await asked.execute("{ pets { name } }", context_value=Asked())).errors is None
    assert asked.reads.taken == {"ordinary": 1}


async def test_nothing_of_the_client_stands_in_the_source() -> None:
    """Keys, strings and numbers of a document are names of constants: there is nothing to break out of."""
    text = """query Q($first: Int) { evil_key: unit(siNumber: "'); import os #") { name
        evil_list: beneficiaries(first: $first, search: "evil_search") { edges { node { id } } } } }"""
    read = parsed(text).read(SCHEMA, None)
    assert read is not None
    source = read.source(read.variables.coerced({"first": 1})).text
    assert "evil" not in source
    assert "import" not in source
    assert "# Beneficiary" in source


async def test_a_function_is_compiled_once_and_for_few_variants() -> None:
    """One for each set of values of the variables by which something is skipped, sixteen of an operation at most."""
    names = [f"v{number}" for number in range(5)]
    declared = ", ".join(f"${name}: Boolean!" for name in names)
    fields = " ".join(f"{name}: pets @skip(if: ${name}) {{ name }}" for name in names)
    document, asked = f"query({declared}) {{ {fields} __typename }}", schema()
    for number in range(32):
        variables = {name: bool(number >> place & 1) for place, name in enumerate(names)}
        for _ in range(2):
            await asked.execute(document, variables, Asked())
    read = parsed(document).read(asked, None)
    assert read is not None
    assert len(read.functions) == 16
    assert asked.reads.taken == {"compiled": 32, "ordinary": 32}


def test_a_document_is_known_by_itself() -> None:
    """The same text is the same document; the visitors of the executor take it for any other."""
    first = parsed("{ unit { name } }")
    assert parsed("{ unit { name } }") is first
    assert first != Document(definitions=first.definitions)
    assert first.kind == "document"

"""The Python source of an operation: one function for each object that is selected, its fields in a dictionary.

    def operation(info, variables):
        a0 = arguments_0(variables)
        def object_1(o, later):  # Beneficiary
            answer = {
                k1: v if type(v := f1(o)) is str else s0(v),
                k2: None,
            }
            later.append((f2(o, info=info, **a0), answer, k2, complete_0))
            return answer
        return object_1

Nothing of the client's stands in it: keys, constants and functions are names with a number. What is of the schema's
own (attributes, parameters, names of types) was written by whoever wrote the schema.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import EnumType
from typing import Any, get_origin

from graphql import (
    GraphQLEnumType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLScalarType,
    get_named_type,
)
from strawberry import Schema
from strawberry.types.enum import StrawberryEnumDefinition

from domain.remembered import Remembered
from schema.compiled import values
from schema.compiled.arguments import given_to, known
from schema.compiled.errors import NotCompiled
from schema.compiled.selection import DEFINITION, Field, Object, class_of
from schema.loading import Loading


class Source:
    """Written once: `text` and the objects that its names stand for."""

    def __init__(self, schema: Schema, root: Object) -> None:
        self.names: dict[str, Any] = {"listed": values.listed}
        self._schema = schema
        self._known: dict[tuple[str, int], str] = {}
        self._head: list[str] = []
        self._functions: list[str] = []
        first = self._object(root, check=False)
        body = [*self._head, *self._functions, f"return {first}"]
        self.text = "\n".join(["def operation(info, variables):", *(f"    {line}" for line in body), ""])

    def function(self) -> Callable[..., Callable[[Any, Any], Any]]:
        """The operation: given `info` and the variables, the function of its root object."""
        names = dict(self.names)
        exec(compile(self.text, "<compiled operation>", "exec"), names)
        operation: Callable[..., Callable[[Any, Any], Any]] = names["operation"]
        return operation

    # Objects and their fields.

    def _object(self, of: Object, *, check: bool = True) -> str:
        """Write the function of an object; its name."""
        fields = [(self._name("k", field.key), field) for field in of.fields]
        entries = [f"        {key}: {self._entry(of, field)}," for key, field in fields]
        awaited = [self._awaited(key, field) for key, field in fields if _is_async(field)]
        name = f"object_{len(self._functions)}"
        self._functions += [
            f"def {name}(o, later):  # {of.type.name}",
            *(self._check(of.type) if check else ()),
            "    answer = {" if awaited else "    return {",
            *entries,
            "    }",
            *(f"    {line}" for line in awaited),
            *(["    return answer"] if awaited else ()),
        ]
        return name

    def _check(self, type_: GraphQLObjectType) -> list[str]:
        own, fits = class_of(type_), self._named("fits", type_, values.fits)
        unless = "" if own is None else f"if type(o) is not {self._name('t', own)}: "
        return [f"    {unless}{fits}(o)"]

    def _entry(self, of: Object, field: Field) -> str:
        if field.graphql is None:
            return self._name("k", of.type.name)
        return "None" if _is_async(field) else self._value(field.graphql.type, self._call(field), field)

    def _awaited(self, key: str, field: Field) -> str:
        assert field.graphql is not None
        value = self._value(field.graphql.type, "v", field)
        complete = f"complete_{len(self._functions)}"
        self._functions += [f"def {complete}(v, later):", f"    return {value}"]
        return f"later.append(({self._call(field)}, answer, {key}, {complete}))"

    def _call(self, field: Field) -> str:
        """The field's resolver, called; a plain field is an attribute."""
        assert field.definition is not None
        resolver = field.definition.base_resolver
        if resolver is None:
            return f"o.{field.definition.python_name}"
        given = [*(["o"] if resolver.self_parameter else []), *(f"{name}={what}" for name, what in given_to(field))]
        return f"{self._name('f', resolver.wrapped_func)}({', '.join([*given, *self._arguments(field)])})"

    def _arguments(self, field: Field) -> list[str]:
        if not field.definition or not field.definition.arguments:
            return []
        found = known(self._schema, field)
        if found.other is not None:
            return [f"**{self._once('arguments', found.other)}"]
        if any(one.may_be_left_out for one in found.variables):
            return [f"**{self._once('arguments', found.given)}"]
        constants = [f"{name}={self._name('c', value)}" for name, value in found.constants.items()]
        return [*constants, *(f"{one.name}={self._once('taken', one.of)}" for one in found.variables)]

    def _once(self, kind: str, of: Callable[[Any], Any]) -> str:
        """What the variables say, read once a request; the name of it."""
        place = f"a{len(self._head)}"
        self._head.append(f"{place} = {self._name(kind, of)}(variables)")
        return place

    # Values. An expression that is read twice is kept in `v`; `x…` are the items of a list.

    def _value(self, type_: GraphQLOutputType, expression: str, field: Field, depth: int = 0) -> str:
        if isinstance(type_, GraphQLNonNull):
            return self._present(type_.of_type, expression, field, depth)
        first, again = _kept(expression)
        return f"None if {first} is None else {self._present(type_, again, field, depth)}"

    def _present(self, type_: Any, expression: str, field: Field, depth: int) -> str:
        if isinstance(type_, GraphQLList):
            item = f"x{depth}"
            return f"[{self._value(type_.of_type, item, field, depth + 1)} for {item} in listed({expression})]"
        if field.objects:
            return self._composite(expression, field)
        return self._leaf(type_, expression)

    def _composite(self, expression: str, field: Field) -> str:
        assert field.graphql is not None
        if isinstance(get_named_type(field.graphql.type), GraphQLObjectType):
            return f"{self._object(field.objects[0])}({expression}, later)"
        classes = [(self._name("t", _own_class(one.type)), self._object(one)) for one in field.objects]
        by = f"by_{len(self._functions)}"
        self._functions.append(f"{by} = {{{', '.join(f'{cls}: {function}' for cls, function in classes)}}}")
        first, again = _kept(expression)
        return f"{by}[type({first})]({again}, later)"

    def _leaf(self, leaf: GraphQLLeafType, expression: str) -> str:
        own = self._named("s", leaf, values.serialised)
        first, again = _kept(expression)
        if isinstance(leaf, GraphQLEnumType):
            members = _members(leaf)
            is_one = f"type({first}) is {self._name('t', members)}"
            if values.are_called_by_their_names(leaf, members):
                return f"{again}._name_ if {is_one} else {own}({again})"
            names = self._named("e", leaf, lambda enum: values.names_of(enum, members))
            return f"{names}[{again}] if {is_one} else {own}({again})"
        assert isinstance(leaf, GraphQLScalarType)
        if leaf.name in values.REMEMBERED:
            texts = self._named("texts", leaf, lambda scalar: Remembered(values.serialised(scalar)))
            is_one = f"type({first}) is {self._name('t', values.REMEMBERED[leaf.name])}"
            return f"{texts}[{again}] if {is_one} else {own}({again})"
        if leaf not in values.AS_IT_IS:
            return f"{own}({expression})"
        test = values.AS_IT_IS[leaf].format(again).replace(again, first, 1)
        return f"{again} if {test} else {own}({again})"

    # Names.

    def _name(self, kind: str, value: Any) -> str:
        return self._named(kind, value, lambda same: same)

    def _named(self, kind: str, of: Any, made: Callable[[Any], Any]) -> str:
        """The name of what is made of something, once."""
        key = (kind, id(of))
        if key not in self._known:
            self._known[key] = f"{kind}_{len(self._known)}"
            self.names[self._known[key]] = made(of)
            self.names[f"of_{self._known[key]}"] = of  # its id stays its own as long as the names live
        return self._known[key]


def _kept(expression: str) -> tuple[str, str]:
    """How to read an expression first, and again."""
    return (expression, expression) if expression.isidentifier() else (f"(v := {expression})", "v")


def _own_class(type_: GraphQLObjectType) -> type:
    if (found := class_of(type_)) is None:
        raise NotCompiled
    return found


def _is_async(field: Field) -> bool:
    if field.definition is None or (resolver := field.definition.base_resolver) is None:
        return False
    given = resolver.type_annotation
    return resolver.is_async or (given is not None and get_origin(given.evaluate()) is Loading)


def _members(leaf: GraphQLEnumType) -> EnumType:
    definition = leaf.extensions.get(DEFINITION)
    if not isinstance(definition, StrawberryEnumDefinition):
        raise NotCompiled
    return definition.wrapped_cls

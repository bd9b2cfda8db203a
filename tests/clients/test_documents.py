"""The documents of the clients: those that are trusted, those that are in the files, and who may use them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from graphql import DocumentNode, OperationDefinitionNode, OperationType, parse, validate

from domain.vocabulary import Role
from schema.access import RULES, fields_of
from schema.build import SCHEMA
from tests.api.scenes import account, qualified
from tests.world import SCHOOL, World, id_number

CLIENTS = Path(__file__).parents[2] / "clients"
GRAPH = SCHEMA._schema
WHOSE = {"phone": Role.PERSON, "dashboard": Role.UNIT}


def manifest(client: str) -> dict[str, str]:
    """Documents by their hashes, as the code generator wrote them."""
    text = (CLIENTS / client / "generated" / "persisted-documents.json").read_text(encoding="utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def operations(document: DocumentNode) -> list[OperationDefinitionNode]:
    return [definition for definition in document.definitions if isinstance(definition, OperationDefinitionNode)]


def names(document: DocumentNode) -> list[str]:
    return [operation.name.value for operation in operations(document) if operation.name]


@pytest.mark.parametrize("client", WHOSE)
def test_a_trusted_document_is_known_by_the_sha256_of_its_text(client: str) -> None:
    for key, text in manifest(client).items():
        assert key == f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"


@pytest.mark.parametrize("client", WHOSE)
def test_every_operation_of_a_client_is_trusted_and_valid(client: str) -> None:
    """One operation a document, all of those in the file, and none beside them."""
    written = parse((CLIENTS / client / "documents.graphql").read_text(encoding="utf-8"))
    trusted = [parse(text) for text in manifest(client).values()]
    assert [validate(GRAPH, document) for document in (written, *trusted)] == [[]] * (1 + len(trusted))
    assert sorted(name for document in trusted for name in names(document)) == sorted(names(written))
    assert {len(operations(document)) for document in trusted} == {1}


@pytest.mark.parametrize(("client", "role"), WHOSE.items())
def test_a_client_asks_for_nothing_that_its_role_may_not_use(client: str, role: Role) -> None:
    for text in manifest(client).values():
        document = parse(text)
        [operation] = operations(document)
        used = fields_of(GRAPH, document, operation)
        assert [field for field in used if (rule := RULES[field]) is not None and role not in rule] == []


async def test_every_query_of_the_clients_is_answered(world: World) -> None:
    """Mutations are tested beside what they do."""
    [person] = await qualified(world)
    person_account = await account(world, "person", "PERSON", id_number=id_number(1))
    variables = {"id": person.node, "month": "2019-06", "from": "2019-01", "through": "2019-06"}
    for client, username in (("phone", person_account), ("dashboard", SCHOOL)):
        for text in manifest(client).values():
            [operation] = operations(parse(text))
            if operation.operation is OperationType.QUERY:
                wanted = {variable.variable.name.value for variable in operation.variable_definitions or ()}
                asked = {name: value for name, value in variables.items() if name in wanted}
                assert None not in (await world.ask(text, asked, as_=username)).values()

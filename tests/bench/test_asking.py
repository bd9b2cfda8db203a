"""Answers of different servers become alike, and what differs is named."""

from __future__ import annotations

import pytest

from bench.asking import Question, difference, plain
from bench.operations import OPERATIONS, PEERS, SERVICE, Asked, Operation
from bench.recording import Statement, script


def test_nested_and_flat_answers_are_alike() -> None:
    ours = {"id": "x", "name": "王秀英", "verdict": {"month": "2026-05"}, "period": None}
    theirs = {"rowId": "7", "name": "王秀英", "verdict_month": "2026-05", "period_start": None}
    assert plain(ours) == plain(theirs) == {"name": "王秀英", "verdict_month": "2026-05"}


def test_a_connection_is_its_rows_and_whether_there_are_more() -> None:
    page = {"pageInfo": {"hasNextPage": True, "endCursor": "c"}, "edges": [{"cursor": "c", "node": {"name": "a"}}]}
    assert plain(page) == {"rows": [{"name": "a"}], "more": {"hasNextPage": True}}


def test_adifference_is_named_by_its_place() -> None:
    assert difference({"rows": [{"a": 1}, {"a": 2}]}, {"rows": [{"a": 1}, {"a": 3}]}) == "rows: [1] a: 2 and 3"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.name)
def test_every_operation_is_asked_of_every_server(operation: Operation) -> None:
    assert set(operation.asked) == {SERVICE, *PEERS}


def test_a_request_is_whole() -> None:
    request = Question(Asked("query Asked { a }", ()), {"b": "英"}, "t").request()
    head, _, body = request.partition(b"\r\n\r\n")
    assert b"Authorization: Bearer t" in head
    assert f"Content-Length: {len(body)}".encode() in head


def test_statements_are_written_for_pgbench_with_their_types() -> None:
    statements = [
        Statement("SELECT enter($1)", ['"pg_catalog".uuid']),
        Statement("SELECT chain, number, id FROM claim_audit_entries($1) ORDER BY 1", ['"pg_catalog".int8[]']),
        Statement("UPDATE beneficiaries SET version = $1", ['"pg_catalog".int4']),
        Statement("INSERT INTO audit_entries SELECT $1, $2, $3", ['"t".a', None, '"t".c']),
    ]
    assert script(statements, "UPDATE beneficiaries").splitlines() == [
        "SELECT * FROM bench.calls WHERE n = (SELECT nextval('bench.next_call')) \\gset",
        "BEGIN;",
        'SELECT enter(:s0_0::"pg_catalog".uuid);',
        "SELECT array_agg(id ORDER BY chain, number)::text AS ids, array_agg(number ORDER BY chain, number)::text AS"
        ' numbers FROM (SELECT chain, number, id FROM claim_audit_entries(:s1_0::"pg_catalog".int8[]) ORDER BY 1)'
        " AS claimed \\gset",
        'INSERT INTO audit_entries SELECT :ids::"t".a, NULL, :numbers::"t".c;',
        "COMMIT;",
    ]

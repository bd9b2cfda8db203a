"""The catalogues: nothing missing, fuzzy, unused or filled otherwise, and no message of the API outside them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po

from domain.entitlement import Basis, Lever
from domain.next_step import Step
from domain.policy import PolicyBook
from domain.refusal import ErrorCode
from domain.verdict import Rule
from domain.vocabulary import Conclusion, Method, SurvivalStatus
from domain.warning import WarningKind
from schema.languages import Language
from schema.messages import FOLDER, catalogue
from web.hardening.shape import Shape

ROOT = Path(__file__).parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}|[\u4e00-\u9fff]")
FAMILIES = "request|input|scalar|limit|document|http|socket|error|notice|variable|warning|step"
KEY = re.compile(rf"(?!http\.(response|request|disconnect))({FAMILIES})(\.\w+)+")  # those are of ASGI
PROTOCOLS = {"document.not_persisted", "socket.unauthorized", "socket.id_taken"}
"""Words that other specifications fix: the same in every language."""
CLAUSE = re.compile(r"[一二三四附](\([一二三四五]\)|\d+)?")
PROGRAMMERS = ("access", "context", "evolution", "hooks", "manifests", "sdl", "enums", "agency_enums")
"""Files of the schema whose literals are names, descriptions, or words for those who run commands."""
CODE = ("schema/compiled", "web/measured.py", *(f"schema/{name}.py" for name in PROGRAMMERS))
NO_MESSAGE = {
    "Document is nested too deeply. Parsing aborted.",  # read out of the parser's own errors
    "Variable values are nested too deeply.",  # the executor's own
    "of an objection",  # a part of ids
    "no database",  # these two are of /readyz, for whoever runs the service
    "not migrated; run: migrate",
}
CHINESE_KEYS = catalogue(Language.CHINESE)


def sources(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (f for f in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in f.parts)


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def literals(file: Path, *, whole: bool = False) -> Iterator[tuple[int, str]]:
    """Texts of the code, with their lines, that are neither docstrings nor descriptions of the schema.

    `whole`: without the parts of those that are put together.
    """
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(node.value)
        if whole and isinstance(node, ast.JoinedStr):
            skipped.update(node.values)
        if isinstance(node, ast.keyword) and node.arg in ("description", "deprecation_reason"):
            skipped.update(ast.walk(node.value))
        if isinstance(node, ast.Assign) and _is_described(file, node):
            skipped.update(ast.walk(node.value))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in skipped:
            yield node.lineno, node.value


def _is_described(file: Path, node: ast.Assign) -> bool:
    """Whether what is assigned is a description, or an input's table of them, used as such further down."""
    names = {target.id for target in node.targets if isinstance(target, ast.Name)}
    keywords = [k for k in ast.walk(tree(file)) if isinstance(k, ast.keyword) and k.arg == "description"]
    return any(isinstance(n, ast.Name) and n.id in names for k in keywords for n in ast.walk(k.value))


def said() -> Iterator[tuple[Path, ast.expr]]:
    """The key in every call that says something."""
    for file in sources("schema", "web", "commands"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and _name(node.func) in ("say", "bad_input", "BadScalar") and node.args:
                yield file, node.args[0]


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def pattern(key: ast.expr) -> re.Pattern[str] | None:
    """What a key that is put together may be."""
    if not isinstance(key, ast.JoinedStr):
        return None
    parts = [re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"\w+" for p in key.values]
    return re.compile("".join(parts))


@pytest.mark.parametrize("language", Language)
def test_every_catalogue_has_every_entry_once(language: Language) -> None:
    """Neither missing nor fuzzy, empty or written twice."""
    file = FOLDER / f"{language.replace('-', '_')}.po"
    with file.open("rb") as opened:
        entries = [message for message in read_po(opened) if message.id]
    assert {str(message.id) for message in entries} == set(CHINESE_KEYS)
    assert [message.id for message in entries if message.fuzzy or not message.string] == []
    written = Counter(re.findall(r'^msgid "(.+)"$', file.read_text(encoding="utf-8"), re.MULTILINE))
    assert [key for key, times in written.items() if times > 1] == []
    assert not re.search("^#~", file.read_text(encoding="utf-8"), re.MULTILINE)  # what is out of use is not kept


def test_every_language_fills_the_same_gaps() -> None:
    for key, words in CHINESE_KEYS.items():
        assert gaps(catalogue(Language.ENGLISH)[key]) == gaps(words), key


def gaps(words: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(words) if name is not None}


def test_every_language_is_written_in_its_own_script() -> None:
    """But for the words of protocols; `variable.how` and its like are a sign alone."""
    for key, words in catalogue(Language.ENGLISH).items():
        assert not CHINESE.search(words), key
    plain = {key for key, words in CHINESE_KEYS.items() if not CHINESE.search(words)}
    assert plain == PROTOCOLS | {"variable.how"}


def test_whatever_is_said_stands_in_the_catalogues() -> None:
    for file, key in said():
        if isinstance(key, ast.Constant):
            assert key.value in CHINESE_KEYS, (file, key.value)
        elif (made := pattern(key)) is not None and KEY.match(made.pattern.replace("\\", "")):
            assert any(made.fullmatch(known) for known in CHINESE_KEYS), (file, made.pattern)


def test_whatever_looks_like_a_key_is_one() -> None:
    """Keys that are kept in a constant or a table before they are said."""
    for file in sources("schema", "web"):
        for line, text in literals(file, whole=True):
            assert not KEY.fullmatch(text) or text in CHINESE_KEYS, (file, line, text)


def test_nothing_in_the_catalogues_is_unused() -> None:
    """Every entry is said somewhere: by its whole key, or by one that is put together."""
    whole = {text for file in sources("schema", "web", "commands") for _, text in literals(file)}
    made = [
        found
        for file in sources("schema", "web", "commands")
        for node in ast.walk(tree(file))
        if isinstance(node, ast.expr) and (found := pattern(node)) is not None and not found.pattern.startswith(r"\w+")
    ]
    unused = [key for key in CHINESE_KEYS if key not in whole and not any(one.fullmatch(key) for one in made)]
    assert unused == []


def test_the_words_of_the_field_are_all_there_and_no_others() -> None:
    """What keys are put together of: a value without words would fail a whole page."""
    policy = PolicyBook.read()
    kinds = set(policy.on(date(2026, 11, 26)).evidence_class)
    families = {
        "kind": kinds,
        "verdict": {*Rule, "life_by_cards"},
        "conclusion": set(Conclusion),
        "status": set(SurvivalStatus),
        "method": set(Method),
        "basis": {*Basis, "LAPSED.before"},
        "lever": {*Lever, "by", "not_before"},
        "step": {*Step, "by"},
        "warning": {*WarningKind, "subject", "ANSWER_OVERDUE.unit", "ANSWER_AGAIN_OVERDUE.unit"},
        "limit": {*Shape.__dataclass_fields__, "list", "values", "cost", "excess"},
    }
    for family, values in families.items():
        found = {key.partition(".")[2] for key in CHINESE_KEYS if key.startswith(f"{family}.")}
        assert found == set(map(str, values)), family
    assert set(ErrorCode) == {key.split(".")[1] for key in CHINESE_KEYS if key.startswith("error.")}


def test_no_sentence_of_the_api_is_outside_the_catalogues() -> None:
    """In what answers requests no literal is a sentence, but for those that no request is answered with."""
    found = [
        (str(file.relative_to(ROOT)), line, text)
        for file in sources("schema", "web")
        if not str(file.relative_to(ROOT)).startswith(CODE)
        for line, text in literals(file)
        if SENTENCE.search(text) and text not in NO_MESSAGE and not _is_pattern(text)
    ]
    assert found == []


def test_no_error_is_made_with_a_literal() -> None:
    """Not even a word: where an error's message is given, something from the catalogues is."""
    message = {"GraphQLError": 0, "HTTPException": 1, "answer": 2, "_with": 2, "_refusal": 1}
    for file in sources("schema", "web"):
        for node in ast.walk(tree(file)):
            if isinstance(node, ast.Call) and (place := message.get(_name(node.func))) is not None:
                given = node.args[place] if len(node.args) > place else None
                empty = isinstance(given, ast.Constant) and given.value == ""  # of errors whose words are found later
                assert empty or not isinstance(given, ast.Constant | ast.JoinedStr), (file, node.lineno)


def _is_pattern(text: str) -> bool:
    """A regular expression that reads the errors of others."""
    return "(?" in text or "[" in text or "\\." in text


def test_no_chinese_is_outside_the_catalogues() -> None:
    """Below the schema, refusals are codes with facts; what is Chinese there is the clause of a rule."""
    found = [
        (str(file.relative_to(ROOT)), line, text)
        for file in sources("domain", "resolvers", "security", "storage")
        for line, text in literals(file)
        if CHINESE.search(text) and not CLAUSE.fullmatch(text) and not _is_sql(text)
    ]
    assert found == []


def _is_sql(text: str) -> bool:
    """A statement, whose comments quote the notice."""
    return "\n" in text or text.lstrip().startswith("--")

"""Every code has words in both languages, with the same facts in them."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import guiju.diagnostics.words as words_module
from guiju.diagnostics.finding import Finding, Found, Place
from guiju.diagnostics.words import codes, fix, sentence, severity, word
from guiju.source.files import read_file
from guiju.source.node import data

ENGINE = Path(words_module.__file__).parents[1]
FOLDER = ENGINE / "diagnostics" / "messages"
ROOMS = {path.stem: path for path in sorted(FOLDER.glob("*.yaml")) if path.stem != "words"}
CODE = re.compile(r"[a-z][a-z_]*\.[a-z][a-z0-9]*(-[a-z0-9]+)*")
NAMES = re.compile(r"\{([a-z][a-z0-9_]*(?::word)?)\}")


def entries() -> Iterator[tuple[str, dict[str, object]]]:
    for room, path in ROOMS.items():
        found = Found()
        node = read_file(path, path.name, found)
        assert node is not None, found.findings
        yield from ((f"{room}.{key}", entry) for key, entry in data(node).items() if key != "words")


def templates(entry: dict[str, object]) -> Iterator[tuple[str, str]]:
    fixes = entry.get("fix", [])
    for each in [entry, *(fixes if isinstance(fixes, list) else [fixes])]:
        yield each["zh"], each["en"]


def texts_for_codes(node: ast.AST) -> Iterator[object]:
    """Every text with a hyphen after the dot, and the first argument of a call that notes something."""
    if isinstance(node, ast.Constant) and "-" in str(node.value):
        yield node.value
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name in ("add", "_error", "wrong", "NotComputed", "Finding"):
            yield node.args[0].value


def used_codes() -> dict[str, str]:
    """Codes that are written out in the engine → a file that uses them."""
    used = {}
    for path in sorted(ENGINE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for code in texts_for_codes(node):
                if isinstance(code, str) and CODE.fullmatch(code):
                    used[code] = path.relative_to(ENGINE).as_posix()
    return used


@pytest.mark.parametrize(("code", "file"), sorted(used_codes().items()))
def test_every_code_has_words(code: str, file: str) -> None:
    assert code in codes(), f"{file} uses {code}"


@pytest.mark.parametrize(("code", "entry"), list(entries()), ids=lambda value: value if isinstance(value, str) else "")
def test_both_languages_tell_the_same_facts(code: str, entry: dict[str, object]) -> None:
    for zh, en in templates(entry):
        assert sorted(set(NAMES.findall(zh))) == sorted(set(NAMES.findall(en))), code
        assert zh.strip()
        assert en.strip()
        assert not zh.endswith("。"), "sentences are put together with others, so they end without a full stop"
        assert not en.endswith(".")


@pytest.mark.parametrize("room", ["source", "schema"])
def test_no_words_without_use(room: str) -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in sorted((ENGINE / "source").glob("*.py")))
    for code in codes():
        if code.startswith(f"{room}."):
            assert f'"{code}"' in text or f'"{code.partition(".")[2]}"' in text, code


def finding(code: str, **facts: str) -> Finding:
    return Finding(code, Place("a.yaml", 1, 1), tuple(facts.items()))


def test_a_sentence() -> None:
    known = finding("source.duplicate-key", key="coal")
    assert severity(known.code) == "error"
    assert sentence(known, "zh") == "键“coal”在同一处写了两次"
    assert sentence(known, "en") == "the key 'coal' is given twice"


def test_facts_are_not_filled_in_twice() -> None:
    assert "{file}" in sentence(finding("source.missing-file", file="{file}"), "en")


def test_words_inside_a_sentence() -> None:
    wrong = finding("schema.type", expected="text, number", got="map")
    assert sentence(wrong, "zh") == "这里应为文本、数值，写的是映射（键值表）"
    assert sentence(wrong, "en") == "expected here is text, a number; this is a map"


def test_a_word_of_the_room() -> None:
    pattern = r"^\d{4}-\d{2}-\d{2}$"
    assert word(pattern, "en", "schema") == "a date such as 2025-01-31"
    assert word(pattern, "en") == pattern
    assert "2025-01-31" in sentence(finding("schema.pattern", written="x", pattern=pattern), "zh")


def test_a_fact_that_differs_by_language() -> None:
    both = finding("schema.not", description_zh="说明", description_en="Help")
    assert (fix(both, "zh"), fix(both, "en")) == ("说明", "Help")


def test_the_first_fix_whose_facts_are_known() -> None:
    assert fix(finding("schema.unknown-key", nearest="title", allowed="title"), "en") == "did you mean 'title'?"
    assert (
        fix(finding("schema.unknown-key", nearest="", allowed="title"), "en")
        == "the keys that may stand here are title"
    )
    assert fix(finding("schema.unknown-key", nearest="", allowed=""), "en") is None
    assert fix(finding("schema.minimum"), "en") is None


@pytest.mark.parametrize(
    "code", ["source.no-such", "no_such_room.x", "nonsense", "../words.x", "words.first", "schema.words"]
)
def test_a_code_without_words(code: str) -> None:
    with pytest.raises(KeyError):
        severity(code)


def patterns(schema: object) -> Iterator[str]:
    """Every pattern of a schema: of texts and of names of keys."""
    if isinstance(schema, list):
        for each in schema:
            yield from patterns(each)
    if isinstance(schema, dict):
        yield from schema.get("patternProperties", {})
        yield from ([schema["pattern"]] if isinstance(schema.get("pattern"), str) else [])
        for each in schema.values():
            yield from patterns(each)


def test_no_pattern_of_a_case_is_shown_bare() -> None:
    schema = json.loads((Path(__file__).parents[2] / "schemas" / "case-1.schema.json").read_text(encoding="utf-8"))
    bare = {
        each for each in patterns(schema) if word(each, "zh", "schema") == each or word(each, "en", "schema") == each
    }
    assert bare == set()

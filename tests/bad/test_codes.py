"""Every code that the engine can say has words and an example; every code with words can be said."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from corpus import CASES, ROOMS, expected

import guiju
from guiju.diagnostics.words import codes

ENGINE = Path(guiju.__file__).parent
CODE = re.compile(rf"({'|'.join(ROOMS)})\.[a-z0-9]+(-[a-z0-9]+)*")
GAP = re.compile(r'NotComputed\(\s*"([a-z0-9-]+)"')

# Guards behind the schema: it refuses such input first, and says so in its own words.
BEHIND_THE_SCHEMA = {
    "indicator.negative-weight": "schema.minimum",
    "indicator.no-value": "schema.required",
    "input.no-unit": "schema.required",
    "interval.text": "schema.pattern",
    "parameter.no-unit": "schema.required",
    "ruleset.format": "schema.const",
    "score.one-anchor": "schema.min-items",
    "case.no-ruleset": "schema.required",
    "case.no-value": "schema.required",
}
OTHERWISE_NOT_IN_THE_CORPUS = {
    "source.unreadable": "the system must refuse a file: tests/source",
    "source.too-many-values": "takes two million values; with a lower limit: tests/source",
    "source.broken": "for complaints that no parser of today has; with a made-up one: tests/source",
    "record.too-large": "takes a gigabyte; with a lower limit: tests/record",
    "record.too-many": "takes twenty thousand files; with a lower limit: tests/record",
    "record.outside": "a folder of the same name must lie where the command is called: tests/record",
    "record.two-rulesets": "takes two folders of rulesets: tests/record",
    "record.document-left-out": "a library must be missing: tests/record",
    "record.document-not-possible": "takes a workbook of a million rows; with a lower limit: tests/record",
    "record.other-library": "only where documents are made again: tests/record",
    "series.too-many": "takes two million readings",
    "series.no-pyarrow": "only where pyarrow is not installed: tests/series",
    "series.float": "of a Parquet file: tests/series",
    "ruleset.no-files": "a folder without ruleset.yaml is not found in the first place",
}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(ENGINE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def texts(node: ast.AST) -> Iterator[str]:
    """The texts written out in an expression."""
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            yield part.value


def said() -> set[str]:
    """What is handed to `found.add`, `self.wrong`, `case.add`, UnitError, or called `code`; and why a value is missing."""
    result: set[str] = set()
    for path, tree in trees():
        room = "schema." if path.parent.name == "source" else ""
        for node in ast.walk(tree):
            first = _first(node)
            result |= {text if "." in text else room + text for text in texts(first)} if first is not None else set()
        result |= {f"value.{what}" for what in GAP.findall(path.read_text(encoding="utf-8"))}
    return {code for code in result if CODE.fullmatch(code)}


def _first(node: ast.AST) -> ast.AST | None:
    """The expression that gives a code, if the node is a place where one is given."""
    if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
        return node.value
    if isinstance(node, ast.Call) and node.args:
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in ("add", "wrong", "UnitError", "_limit", "_size"):
            return node.args[0]
    return None


def mentioned() -> set[str]:
    """Every code that stands anywhere in the engine; and the two rooms whose codes are put together."""
    whole = {text for _, tree in trees() for text in texts(tree)}
    rules = "\n".join(path.read_text(encoding="utf-8") for path in (ENGINE / "source").glob("schema*.py"))
    return (
        whole
        | said()
        | {f"value.{text}" for text in whole}
        | {f"schema.{text}" for text in re.findall(r'"([a-z-]+)"', rules)}
    )


def test_every_code_has_words() -> None:
    assert said() - set(codes()) == set()


def test_every_code_with_words_is_used() -> None:
    assert set(codes()) - mentioned() == set()


def test_every_code_has_an_example() -> None:
    shown = {expected(folder)["code"] for folder in CASES}
    excused = {*BEHIND_THE_SCHEMA, *OTHERWISE_NOT_IN_THE_CORPUS}
    assert set(codes()) - shown - excused == set()
    assert shown & excused == set(), "these have an example after all"
    assert set(BEHIND_THE_SCHEMA.values()) <= shown

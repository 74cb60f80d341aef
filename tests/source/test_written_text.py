"""Node → YAML → the same data, whatever the text; JSON → the same data as Python's own reader."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.diagnostics.finding import Found
from guiju.source.characters import is_control
from guiju.source.json_text import read_json
from guiju.source.node import Node, data
from guiju.source.yaml_text import read_text
from guiju.source.yaml_write import flow, key, text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).filter(lambda each: not is_control(each))
ODD = ["", " ", "no", "yes", "null", "~", "007", "1e3", "12:30", "2024-01-01", "-", "- a", "a: b", "a #b", "#", "&a", "*a", "!t", "%", "@x",
       "`", "'", '"', "\\", "{a}", "[a]", "a,b", "：", "a：b", "\u200b", "\n", "a\n b", "\t", "１２", "+5", ".5", "0x1F", "<<", "=", "a ", "…", "🙂"]  # fmt: skip


@pytest.mark.parametrize("written", ODD)
def test_odd_text(written: str) -> None:
    comes_back(written)


@given(TEXTS)
def test_any_text(written: str) -> None:
    comes_back(written)


def comes_back(written: str) -> None:
    """As a value in a block, as one in a flow map, and as a key."""
    found = Found()
    yaml = f"a: {text(written)}\nb: {{c: {text(written)}, d: [{text(written)}]}}\n"
    if written.strip():
        yaml += f"e: {{{key(written)}: 1}}\n" if "\n" not in written else ""
    node = read_text(yaml, "x.yaml", found)
    assert node is not None, (yaml, found.findings)
    got = data(node)
    assert (got["a"], got["b"]["c"], got["b"]["d"]) == (written, written, [written])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.decimals("-1e9", "1e9", places=6) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES)
def test_json_is_read_as_python_reads_it(value: object) -> None:
    written = json.dumps(value, ensure_ascii=False, default=float, indent="\t")
    found = Found()
    node = read_json(written, "x.json", found)
    assert node is not None, found.findings
    assert plain(data(node)) == plain(json.loads(written, parse_float=Decimal))
    assert flow(node)


def plain(value: object) -> object:
    """Decimals by their value: 1.0 is 1."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return Decimal(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


def test_places_of_json() -> None:
    found = Found()
    node = read_json('{\r\n  "a": [1.50,\n   "x"]}', "x.json", found)
    assert node is not None
    items = node.value["a"].value  # type: ignore[index, call-overload, union-attr]
    assert [(item.place.line, item.place.column, item.text) for item in items] == [(2, 9, "1.50"), (3, 4, "x")]
    assert (node.keys["a"].line, node.keys["a"].column, node.keys["a"].length) == (2, 3, 3)


@pytest.mark.parametrize(
    ("written", "code", "line", "column"),
    [
        ("", "source.json", 1, 1),
        ("{", "source.json", 1, 2),
        ('{"a": 1,}', "source.json", 1, 9),
        ('{"a" 1}', "source.json", 1, 6),
        ("[1 2]", "source.json", 1, 4),
        ("[01]", "source.json", 1, 2),
        ("nul", "source.json", 1, 1),
        ("[1] x", "source.json", 1, 5),
        ('["a\n"]', "source.json", 1, 4),
        ('{"a": 1,\n "a": 2}', "source.duplicate-key", 2, 2),
        ("[" * 200, "source.too-deep", 1, 102),
        ("[1e400]", "source.number-size", 1, 2),
        ("[1.23456789012345678901234567890123456789]", "source.number-digits", 1, 2),
        ('["\\u0007"]', "source.control-escape", 1, 2),
    ],
)
def test_broken_json(written: str, code: str, line: int, column: int) -> None:
    found = Found()
    assert read_json(written, "x.json", found) is None
    (finding,) = found.findings
    assert finding.place
    assert (finding.code, finding.place.line, finding.place.column) == (code, line, column)


@pytest.mark.parametrize(
    ("written", "value", "shown"), [("1e-5", "0.00001", "0.00001"), ("1.5E3", "1500", "1500"), ("-0", "0", "-0")]
)
def test_numbers_as_programs_write_them(written: str, value: str, shown: str) -> None:
    node = read_json(written, "x.json", Found())
    assert isinstance(node, Node)
    assert node.value == Decimal(value)
    assert node.text == shown

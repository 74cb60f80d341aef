"""Laws of the reader: what was written is read back; no text at all makes it raise."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from guiju.diagnostics.finding import Found
from guiju.diagnostics.show import as_data, as_text
from guiju.source.files import read_file
from guiju.source.node import Node, data
from guiju.source.yaml_text import read_text

LETTERS = st.characters(exclude_categories=["Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"])
KEYS = st.one_of(
    st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda key: key not in ("null", "true", "false")),
    st.text(LETTERS, min_size=1, max_size=6).filter(str.strip),
)
NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20),
    st.decimals(-(10**9), 10**9, places=4).map(lambda number: number or Decimal("0.0000")),
)
TEXTS = st.text(st.one_of(LETTERS, st.sampled_from("\n :-#'\"")), max_size=20)
TREES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=15,
)


def quoted(text: str, single: bool) -> str:
    if single and "\n" not in text:
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False)


def inline(tree: Any, single: bool) -> str:
    if isinstance(tree, dict):
        return "{" + ", ".join(f"{quoted(k, single)}: {inline(v, single)}" for k, v in tree.items()) + "}"
    if isinstance(tree, list):
        return "[" + ", ".join(inline(each, single) for each in tree) + "]"
    if isinstance(tree, str):
        return quoted(tree, single)
    return (
        {None: "null", True: "true", False: "false"}.get(tree, str(tree))
        if isinstance(tree, bool | None)
        else str(tree)
    )


def block(tree: Any, indent: str, single: bool) -> str:
    if isinstance(tree, dict) and tree:
        return "".join(f"{indent}{quoted(k, single)}:{below(v, indent, single)}" for k, v in tree.items())
    if isinstance(tree, list) and tree:
        return "".join(f"{indent}-{below(each, indent, single)}" for each in tree)
    return f"{indent}{inline(tree, single)}\n"


def below(tree: Any, indent: str, single: bool) -> str:
    nested = isinstance(tree, (dict, list)) and tree
    return "\n" + block(tree, indent + "  ", single) if nested else f" {inline(tree, single)}\n"


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same kinds: 1 is not true, and 1 not 1.0."""
    return json.dumps(one, default=str) == json.dumps(other, default=str)


def places_are_right(node: Node, lines: list[str]) -> None:
    if isinstance(node.value, dict):
        for key, place in node.keys.items():
            written = lines[place.line - 1][place.column - 1 :][: place.length]
            assert written in (quoted(key, True), quoted(key, False))
            places_are_right(node.value[key], lines)
    elif isinstance(node.value, tuple):
        for item in node.value:
            places_are_right(item, lines)
    elif node.style == "plain":
        assert lines[node.place.line - 1][node.place.column - 1 :].startswith(node.text)
    else:
        assert lines[node.place.line - 1][node.place.column - 1] in "'\""


@given(TREES, st.booleans(), st.booleans())
def test_what_was_written_is_read_back(tree: Any, as_block: bool, single: bool) -> None:
    if tree is None:
        return  # an empty file
    text = block(tree, "", single) if as_block else inline(tree, single)
    found = Found()
    node = read_text(text, "a.yaml", found)
    assert node is not None, (text, found.findings)
    assert same(data(node), tree)
    places_are_right(node, text.split("\n"))


YAML_LIKE = st.text(
    st.sampled_from(
        [
            *"abno01 .:,-+_?!&*#|>%@`'\"\\[]{}()\n\r\t~<=/eExX：，－“”１．　煤",
            "\x00",
            "\x85",
            "\u2028",
            "\ufeff",
            "\ud800",
            "\u200b",
            "🏭",
        ]
    ),
    max_size=60,
)


@settings(max_examples=400)
@given(st.one_of(YAML_LIKE, st.text(max_size=60)))
def test_no_text_raises(text: str) -> None:
    found = Found()
    node = read_text(text, "a.yaml", found)
    assert (node is None) == (len(found) > 0)
    as_text(found.findings, "zh", lambda _file, line: dict(enumerate(text.splitlines(), 1)).get(line))
    as_data(found.findings)


@given(st.binary(max_size=60))
def test_no_bytes_raise(tmp_path_factory: Any, raw: bytes) -> None:
    path: Path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    found = Found()
    assert (read_file(path, "any.yaml", found) is None) == (len(found) > 0)

"""What a cell says ↔ a Node: values by the kind of their input, lists of evidence, remarks in one or two languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.ruleset.model import Input
from guiju.source.json_text import number
from guiju.source.node import Node, is_map
from guiju.source.scalars import Refused
from guiju.workbook.choices import choice
from guiju.workbook.model import UNKNOWN, Cell, Option

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,4})?")
_DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?")
_BOTH = re.compile(r"zh: (.*?)\nen: (.*)", re.DOTALL)
_BETWEEN = re.compile(r"[,，、;；\n]")
_TRUTHS = {"true": True, "false": False}
_NO_KEYS: Mapping[str, Place] = {}


# -- cells → Nodes ----------------------------------------------------------------------------------------------------------
def text_node(text: str, place: Place) -> Node:
    return Node(text, place, text, _NO_KEYS, "double")


def map_node(entries: Mapping[str, Node], place: Place, keys: Mapping[str, Place] | None = None) -> Node:
    """A map; a key stands where its value stands, unless it is said."""
    return Node(dict(entries), place, "", keys or {name: node.place for name, node in entries.items()}, "")


def list_node(items: Iterable[Node], place: Place) -> Node:
    return Node(tuple(items), place, "", _NO_KEYS, "")


def value_node(cell: Cell, item: Input, names: Mapping[str, str], found: Found) -> Node:
    """The value in the kind of its input where the text is one; else the text, so that the reader of cases says what is wrong."""
    text, place = cell.text.strip(), cell.place
    if text == UNKNOWN or not text:
        return Node(None, place, "null", _NO_KEYS, "plain")
    if item.type in ("number", "integer"):
        return number_node(text, place, found)
    if item.type == "boolean":
        word = choice(text, names)
        return Node(_TRUTHS[word], place, word, _NO_KEYS, "plain") if word in _TRUTHS else text_node(text, place)
    if item.type == "choice":
        return text_node(choice(text, names), place)
    return text_node(day(text) if item.type == "date" else cell.text, place)


def number_node(text: str, place: Place, found: Found) -> Node:
    if not _NUMBER.fullmatch(text):
        return text_node(text, place)
    value, written = number(text)
    if isinstance(value, Refused):
        found.add(value.code, place, written=text[:60], instead="", quoted=f'"{text[:60]}"')
        return text_node(text, place)
    return Node(value, place, written, _NO_KEYS, "plain")


def truth_node(cell: Cell, names: Mapping[str, str]) -> Node:
    word = choice(cell.text.strip(), names)
    return Node(_TRUTHS.get(word, word), cell.place, word, _NO_KEYS, "plain")


def day(text: str) -> str:
    """2024-01-05 for 2024/1/5 and 2024年1月5日; whatever else as it is."""
    match = _DAY.fullmatch(text)
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}" if match else text


def detail_node(name: str, cell: Cell, names: Mapping[str, str], found: Found) -> Node:
    """One of the details of a value."""
    text, place = cell.text.strip(), cell.place
    if name == "evidence":
        ids = [part.strip() for part in _BETWEEN.split(text)]
        return list_node((text_node(part, place) for part in ids if part), place)
    if name == "uncertainty":
        return number_node(text, place, found)
    if name in ("origin", "tier"):
        return text_node(choice(text, names), place)
    return remark_node(cell)


def remark_node(cell: Cell) -> Node:
    """A text, or one in both languages, written as two lines that begin with zh: and en:."""
    match = _BOTH.fullmatch(cell.text)
    if match is None:
        return text_node(cell.text, cell.place)
    return map_node({"zh": text_node(match[1], cell.place), "en": text_node(match[2], cell.place)}, cell.place)


# -- Nodes → texts of cells -------------------------------------------------------------------------------------------------
def value_text(node: Node, options: Sequence[Option]) -> str:
    """A value as it stands in a cell: choices by their label."""
    if node.value is None:
        return UNKNOWN
    text = str(node.value).lower() if isinstance(node.value, bool) else node.text
    return next((option.label for option in options if option.key == text), text)


def detail_text(node: Node, options: Sequence[Option]) -> str:
    if isinstance(node.value, tuple):
        return ", ".join(str(each.value) for each in node.value)
    if is_map(node):
        entries = cast(Mapping[str, Node], node.value)
        return f"zh: {entries['zh'].value}\nen: {entries['en'].value}"
    return value_text(node, options)


def scalar_text(node: Node) -> Any:
    return node.text if not isinstance(node.value, bool) else str(node.value).lower()

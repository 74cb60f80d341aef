"""JSON → Node: the same data as YAML, with the numbers as programs write them (1e-5), which YAML readers take differently."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

from guiju.diagnostics.finding import Found, Place
from guiju.source.characters import is_control, place_of
from guiju.source.node import Node
from guiju.source.scalars import Refused, resolve
from guiju.source.yaml_text import MAX_CHARACTERS, MAX_DEPTH

_BLANK = re.compile(r"[ \t\r\n]*")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,4})?(?![0-9A-Za-z.])")
_STRINGS = json.JSONDecoder()
_WORD = re.compile(r"true|false|null")
_WORDS = {"true": True, "false": False, "null": None}
_MOST = 80  # digits of a number before it is looked at more closely


class _BrokenError(Exception):
    """Where the text is no JSON; the finding is made by whoever catches it."""

    def __init__(self, code: str, index: int, **facts: object) -> None:
        super().__init__(code)
        self.code, self.index, self.facts = code, index, facts


def read_json(text: str, file: str, found: Found) -> Node | None:
    """The data of a JSON text, or None after adding a finding."""
    if len(text) > MAX_CHARACTERS:
        found.add("source.too-large", Place(file, 1, 1), limit=MAX_CHARACTERS // 1_000_000)
        return None
    reader = _Reader(text.removeprefix("\ufeff"), file)
    try:
        return reader.whole()
    except _BrokenError as broken:
        facts: dict[str, Any] = broken.facts
        found.add(broken.code, place_of(reader.text, broken.index, file), **facts)
        return None


class _Reader:
    """Walks the text; places are found by counting lines once."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.starts = [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", text))]
        self.line = 0

    def whole(self) -> Node:
        node, end = self.value(self.blank(0), 0)
        if self.blank(end) != len(self.text):
            raise _BrokenError("source.json", self.blank(end))
        return node

    def place(self, start: int, end: int) -> Place:
        """Only ever asked in the order of the text."""
        while self.line + 1 < len(self.starts) and self.starts[self.line + 1] <= start:
            self.line += 1
        return Place(self.file, self.line + 1, start - self.starts[self.line] + 1, max(1, end - start))

    def blank(self, index: int) -> int:
        match = _BLANK.match(self.text, index)
        return match.end() if match else index

    def value(self, index: int, depth: int) -> tuple[Node, int]:
        if depth > MAX_DEPTH:
            raise _BrokenError("source.too-deep", index, limit=MAX_DEPTH)
        sign = self.text[index : index + 1]
        if sign == "{":
            return self.map(index, depth)
        if sign == "[":
            return self.list(index, depth)
        if sign == '"':
            place = self.place(index, index + 1)
            content, end = self.string(index)
            return Node(content, place, content, {}, "double"), end
        return self.scalar(index)

    def map(self, index: int, depth: int) -> tuple[Node, int]:
        place, entries, keys = self.place(index, index + 1), dict[str, Node](), dict[str, Place]()
        index = self.blank(index + 1)
        while self.text[index : index + 1] != "}":
            if entries:
                index = self.sign(index, ",")
            start, (name, end) = index, self.string(index)
            if name in entries:
                raise _BrokenError("source.duplicate-key", start, key=name)
            keys[name] = self.place(start, end)
            entries[name], index = self.value(self.sign(self.blank(end), ":"), depth + 1)
            index = self.blank(index)
        return Node(entries, place, "", keys, ""), index + 1

    def list(self, index: int, depth: int) -> tuple[Node, int]:
        place, items = self.place(index, index + 1), list[Node]()
        index = self.blank(index + 1)
        while self.text[index : index + 1] != "]":
            if items:
                index = self.sign(index, ",")
            item, index = self.value(index, depth + 1)
            items.append(item)
            index = self.blank(index)
        return Node(tuple(items), place, "", {}, ""), index + 1

    def sign(self, index: int, wanted: str) -> int:
        if self.text[index : index + 1] != wanted:
            raise _BrokenError("source.json", index)
        return self.blank(index + 1)

    def string(self, index: int) -> tuple[str, int]:
        if self.text[index : index + 1] != '"':
            raise _BrokenError("source.json", index)
        try:
            content, end = _STRINGS.raw_decode(self.text, index)
        except json.JSONDecodeError as error:
            raise _BrokenError("source.json", error.pos) from None
        if is_control(content):
            raise _BrokenError("source.control-escape", index)
        return content, end

    def scalar(self, index: int) -> tuple[Node, int]:
        word = _WORD.match(self.text, index)
        if word is not None:
            return Node(_WORDS[word[0]], self.place(index, word.end()), word[0], {}, "plain"), word.end()
        match = _NUMBER.match(self.text, index)
        if match is None:
            raise _BrokenError("source.json", index)
        value, written = number(match[0])
        if isinstance(value, Refused):
            raise _BrokenError(value.code, index, written=match[0][:60])
        return Node(value, self.place(index, match.end()), written, {}, "plain"), match.end()


def number(written: str) -> tuple[Any, str]:
    """The value of a number as JSON and spreadsheets write it, and its plain text; Refused where it is out of bounds."""
    plain = written
    if "e" in written or "E" in written:
        if len(written) > _MOST or abs(Decimal(written).adjusted()) > _MOST:
            return Refused("source.number-size"), written
        plain = format(Decimal(written), "f")
    return resolve(plain), plain

"""Text → Node: the accepted part of YAML, built from the parser's events. Nothing else imports yaml.

Neither `load` nor `compose`: libyaml ends the process there on 30,000 nested brackets, and `no` means false.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from sys import intern
from typing import Any

import yaml

from guiju.diagnostics.finding import Found, Place
from guiju.source.broken import Complaint, add_lookalike, explain
from guiju.source.characters import cleaned, is_control
from guiju.source.collector import left_alone
from guiju.source.lookalike import Lookalike, in_key, in_scalar, thousands, worth_a_look
from guiju.source.node import Node
from guiju.source.scalars import Refused, Scalar, is_word, resolve

MAX_CHARACTERS = 8_000_000
MAX_DEPTH = 100
MAX_NODES = 2_000_000
MAX_FINDINGS = 100
MAX_SHOWN = 60
MAX_INDENT = 1000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STYLES = {None: "plain", "": "plain", "'": "single", '"': "double", "|": "literal", ">": "folded"}
_NO_KEYS: Mapping[str, Place] = {}


def read_text(text: str, file: str, found: Found) -> Node | None:
    """The data of a YAML text, or None after adding findings. `file` is the name that people read."""
    own = Found()
    node = _read(text, intern(file), own)
    found.extend(own)
    # Every finding of this room is an error.
    return None if len(own) else node


def _read(text: str, file: str, found: Found) -> Node | None:
    if len(text) > MAX_CHARACTERS:
        found.add("source.too-large", Place(file, 1, 1), limit=MAX_CHARACTERS // 1_000_000)
        return None
    clean = cleaned(text, file, found)
    if clean is None:
        return None
    builder = _Builder(clean, file, found)
    try:
        with left_alone():
            for event in yaml.parse(clean, Loader=_LOADER):
                builder.take(event)
    except _EnoughError:
        return None
    except yaml.MarkedYAMLError as error:
        explain(_complaint(error), builder.lines, file, found)
        return None
    except yaml.YAMLError as error:
        found.add("source.broken", Place(file, 1, 1), problem=" ".join(str(error).split()))
        return None
    return builder.root()


def _complaint(error: yaml.MarkedYAMLError) -> Complaint:
    context, problem = error.context_mark, error.problem_mark or error.context_mark
    return Complaint(
        error.problem or "",
        error.context or "",
        problem.line if problem else -1,
        problem.column if problem else -1,
        context.line if context else -1,
        context.column if context else -1,
    )


class _EnoughError(Exception):
    """Reading on is dangerous or of no use; the findings say why."""


class _NoKey(Enum):
    """What a map that is being read has in place of a key."""

    AWAITED = 1
    REFUSED = 2  # there was one, but not an acceptable one: the value is dropped
    CONTAINER = 3  # a list or map stands in place of a key and is being read


@dataclass(slots=True)
class _Open:
    """A container that is being read."""

    place: Place
    entries: dict[str, Node] | None  # of a map
    items: list[Node] | None  # of a list
    keys: dict[str, Place] = field(default_factory=dict)
    key: str | _NoKey = _NoKey.AWAITED


class _Builder:
    def __init__(self, text: str, file: str, found: Found) -> None:
        self.text, self.file, self.found = text, file, found
        self.lines = text.splitlines()
        self.top = _Open(Place(file, 1, 1), None, [])
        self.outer: list[_Open] = []
        self.good_keys: set[str] = set()
        self.nodes = self.documents = 0

    def take(self, event: yaml.Event) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._open(event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._close()
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent:
            self._document(event)

    def root(self) -> Node | None:
        items = self.top.items
        if not items or (items[0].value is None and not items[0].text):
            self.found.add("source.empty", Place(self.file, 1, 1))
            return None
        return items[0]

    def _document(self, event: Any) -> None:
        self.documents += 1
        place = self._place(event.start_mark)
        if self.documents > 1:
            self.found.add("source.second-document", place)
            raise _EnoughError
        if event.version or event.tags:
            self.found.add("source.directive", Place(self.file, 1, 1), problem="")

    def _open(self, event: Any) -> None:
        place = self._place(event.start_mark)
        self._count(place)
        if len(self.outer) == MAX_DEPTH:
            self.found.add("source.too-deep", place, limit=MAX_DEPTH)
            raise _EnoughError
        self._refuse_properties(event, place)
        is_map = type(event) is yaml.MappingStartEvent
        if self.top.entries is not None and self.top.key is _NoKey.AWAITED:
            self._error("source.key-not-text", place, kind="map" if is_map else "list")
            self.top.key = _NoKey.CONTAINER
        self.outer.append(self.top)
        self.top = _Open(place, {}, None) if is_map else _Open(place, None, [])

    def _close(self) -> None:
        done = self.top
        self.top = self.outer.pop()
        if done.entries is not None:
            self._attach(Node(done.entries, done.place, "", done.keys, ""))
        else:
            self._attach(Node(tuple(done.items or ()), done.place, "", _NO_KEYS, ""))

    def _attach(self, node: Node) -> None:
        top = self.top
        if top.items is not None:
            top.items.append(node)
        elif top.key is _NoKey.CONTAINER:
            top.key = _NoKey.REFUSED
        else:
            if isinstance(top.key, str) and top.entries is not None:
                top.entries[top.key] = node
            top.key = _NoKey.AWAITED

    def _alias(self, event: Any) -> None:
        place = self._place(event.start_mark, event.end_mark)
        self._count(place)
        self._error("source.alias", place, name=event.anchor)
        if self.top.entries is not None and self.top.key is _NoKey.AWAITED:
            self.top.key = _NoKey.REFUSED
        else:
            self._attach(Node(None, place, "", _NO_KEYS, "plain"))

    def _scalar(self, event: Any) -> None:
        place = self._place(event.start_mark, event.end_mark)
        self._count(place)
        if event.tag is not None or event.anchor is not None:
            self._refuse_properties(event, place)
        top = self.top
        if top.items is not None:
            top.items.append(self._value(event, place))
        elif top.key is _NoKey.AWAITED:
            top.key = self._key(event, place)
        else:
            self._attach(self._value(event, place))

    def _key(self, event: Any, place: Place) -> str | _NoKey:
        """The key, or REFUSED after saying why."""
        key: str = intern(event.value)
        first = self.top.keys.get(key)
        if first is not None:
            self._error("source.duplicate-key", place, related=[("first", first)], key=key)
            return _NoKey.REFUSED
        if key not in self.good_keys:
            if not self._is_good_key(key, _STYLES[event.style], place):
                return _NoKey.REFUSED
            if not event.style:
                self.good_keys.add(key)
        self.top.keys[key] = place
        return key

    def _is_good_key(self, key: str, style: str, place: Place) -> bool:
        if not key.strip():
            self._error("source.empty-key", place)
        elif "\n" in key or is_control(key):
            self._error("source.key-not-text", place, kind="lines")
        elif style == "plain":
            return self._is_good_plain_key(key, place)
        else:
            return True
        return False

    def _is_good_plain_key(self, key: str, place: Place) -> bool:
        value = resolve(key)
        sign = in_key(key)
        if key == "<<":
            self._error("source.merge-key", place)
        elif sign:
            self._lookalike(sign, place)
        elif isinstance(value, Refused) and value.code == "source.full-width-number":
            self._error(value.code, place, written=key, instead=value.instead)
        elif not isinstance(value, str) and not is_word(key):
            # `no:` and `on:` are fine: a key is always text, so nobody can read them as false and true.
            self._error("source.key-not-text", place, kind=_kind(value), quoted=f'"{key}"', number=self._thousands(key))
        else:
            return True
        return False

    def _thousands(self, key: str) -> str:
        """The number that was meant where a comma between its thousands has split it."""
        before = next(reversed((self.top.entries or {}).values()), None)
        return thousands(before.text, key) if before is not None and isinstance(before.value, int) else ""

    def _value(self, event: Any, place: Place) -> Node:
        text: str = event.value
        style = _STYLES[event.style]
        raw = self._raw(event, style)
        if style != "plain":
            if style == "double" and is_control(text):
                self._error("source.control-escape", place)
            return Node(text, place, text, _NO_KEYS, style, raw)
        value = resolve(text)
        if isinstance(value, Refused):
            short = _short(text)
            self._error(value.code, place, written=short, instead=value.instead, quoted=f'"{short}"')
            value = text
        elif value is text and worth_a_look(raw or text):
            self._check_signs(raw or text, place)
        return Node(value, place, text, _NO_KEYS, style, raw)

    def _check_signs(self, raw: str, place: Place) -> None:
        # So far to the right nothing begins a line, and cutting a long line again and again takes for ever.
        begins_line = place.column < MAX_INDENT and not self.lines[place.line - 1][: place.column - 1].strip(" -")
        may_be_map = self.top.entries is not None or not self.outer
        sign = in_scalar(raw.splitlines(), begins_line, may_be_map)
        if sign:
            self._lookalike(sign, place)

    def _lookalike(self, sign: Lookalike, place: Place) -> None:
        column = sign.column + (1 if sign.line else place.column)
        add_lookalike(sign, Place(self.file, place.line + sign.line, column), self.found)
        self._stop_if_many(place)

    def _raw(self, event: Any, style: str) -> str:
        """The stretch of the file, unless each character of the text simply follows the one before."""
        start, end = event.start_mark, event.end_mark
        quotes = 0 if style == "plain" else 2
        if start.line == end.line and end.index - start.index == len(event.value) + quotes:
            return ""
        return self.text[start.index : end.index]

    def _refuse_properties(self, event: Any, place: Place) -> None:
        if event.anchor is not None:
            self._error("source.anchor", place, name=event.anchor)
        if event.tag is not None:
            written = self.lines[place.line - 1][place.column - 1 :].split()
            self._error("source.tag", place, tag=written[0] if written else "")

    def _place(self, start: Any, end: Any = None) -> Place:
        line, column = start.line, start.column
        if end is None or end.line == line:
            length = end.column - column if end else 1
            return Place(self.file, line + 1, column + 1, length or 1)
        rest = self.lines[line][column:].rstrip(" ") if line < len(self.lines) else ""
        return Place(self.file, line + 1, column + 1, len(rest) or 1)

    def _count(self, place: Place) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.found.add("source.too-many-values", place, limit=MAX_NODES)
            raise _EnoughError

    def _error(
        self, code: str, place: Place, *, related: list[tuple[str, Place]] | None = None, **facts: object
    ) -> None:
        self.found.add(code, place, related=related or (), **facts)
        self._stop_if_many(place)

    def _stop_if_many(self, place: Place) -> None:
        if len(self.found) >= MAX_FINDINGS:
            self.found.add("source.too-many-findings", place, limit=MAX_FINDINGS)
            raise _EnoughError


def _kind(value: Scalar | Refused) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "number"


def _short(text: str) -> str:
    return text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + "..."

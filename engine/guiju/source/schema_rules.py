"""One small rule for each keyword of JSON Schema: where to point and which facts to tell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.source.lookalike import narrow
from guiju.source.node import Node, at, data, is_list, is_map, key_place
from guiju.source.scalars import resolve
from guiju.source.schema_reasons import allowed_keys, because, description

_SHOWN_NAMES = 30
_SHOWN_TEXT = 60


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One error of the validator, with the names of this house."""

    keyword: str  # "" when the schema allows nothing at all
    wanted: Any
    schema: Mapping[str, Any]
    root: Mapping[str, Any]
    path: tuple[str | int, ...]
    schema_path: tuple[str | int, ...]
    instance: Any
    message: str
    branches: tuple[tuple[tuple[str, Any], ...], ...]  # of a choice: each branch's own errors


@dataclass(frozen=True, slots=True)
class _Case:
    """A mismatch, and where it is in the tree."""

    mismatch: Mismatch
    root: Node
    found: Found
    room: str

    @property
    def node(self) -> Node:
        return at(self.root, self.mismatch.path)

    def key(self) -> Place:
        return key_place(self.root, self.mismatch.path)

    def add(self, what: str, place: Place, *, related: tuple[tuple[str, Place], ...] = (), **facts: object) -> None:
        mismatch = self.mismatch
        shared: dict[str, object] = {"at": path_text(mismatch.path)}
        shared |= because(mismatch.root, mismatch.schema_path, mismatch.wanted, self.root, mismatch.path)
        shared |= description(mismatch.schema)
        self.found.add(f"{self.room}.{what}", place, related=related, **facts, **shared)


def report(mismatch: Mismatch, root: Node, found: Found, room: str) -> None:
    """Add the finding of one mismatch."""
    case = _Case(mismatch, root, found, room)
    if "propertyNames" in mismatch.schema_path and mismatch.instance in list(case.node.keys):
        pattern = mismatch.wanted if mismatch.keyword == "pattern" else ""
        allowed = mismatch.wanted if mismatch.keyword == "enum" else ()
        _bad_key_name(case, mismatch.instance, pattern, list(allowed))
    else:
        RULES.get(mismatch.keyword, _other)(case)


def path_text(path: tuple[str | int, ...]) -> str:
    """formulas.fuel_co2.anchors[2]; items are counted from 1, as people do."""
    text = ""
    for step in path:
        text += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def kind(node: Node) -> str:
    """The kind of a value, a key of the shared words."""
    if is_map(node):
        return "map"
    if is_list(node):
        return "list"
    value = node.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    return "text" if isinstance(value, str) else "number"


_KINDS = {"string": "text", "object": "map", "array": "list"}


def _type(case: _Case) -> None:
    wanted = case.mismatch.wanted
    _wrong_type(case, [wanted] if isinstance(wanted, str) else list(wanted))


def _wrong_type(case: _Case, types: list[str]) -> None:
    node = case.node
    expected = [_KINDS.get(each, each) for each in types]
    instead = _as(node, expected)
    case.add("type", node.place, expected=expected, got=kind(node), written=_written(node), instead=instead)


def _as(node: Node, expected: list[str]) -> str:
    """The same value written as one of the expected kinds, where that is plain."""
    if is_map(node) or is_list(node) or not node.text:
        return ""
    if "text" in expected and not isinstance(node.value, str):
        return f'"{node.text}"'
    bare = node.text.strip().replace(",", "").replace("，", "")
    value = resolve(bare)
    if isinstance(value, bool):
        return bare if "boolean" in expected else ""
    is_wanted = isinstance(value, int) or (isinstance(value, Decimal) and "number" in expected)
    return bare if is_wanted and {"number", "integer"} & set(expected) else ""


def _required(case: _Case) -> None:
    for key in case.mismatch.wanted:
        if key not in case.mismatch.instance:
            cell = case.node.keys.get(key)  # a form has a place for what is not filled in
            about = case.mismatch.schema.get("properties", {}).get(key, {}) if cell is not None else {}
            filled: dict[str, Any] = {f"cell_{name}": text for name, text in description(about).items()}
            case.add("required", cell or case.key(), key=key, **filled)


def _dependent_required(case: _Case) -> None:
    for key, needed in case.mismatch.wanted.items():
        for other in needed:
            if key in case.node.keys and other not in case.node.keys:
                case.add("dependent-required", case.node.keys[key], key=other, by=key)


def _additional(case: _Case) -> None:
    schema = case.mismatch.schema
    patterns = list(schema.get("patternProperties", {}))
    for key in case.node.keys:
        if key in schema.get("properties", {}) or any(re.search(pattern, key) for pattern in patterns):
            continue
        if patterns and not schema.get("properties"):
            _bad_key_name(case, key, patterns[0], [])
        else:
            _unknown_key(case, key)


def _unevaluated(case: _Case) -> None:
    # Which keys are meant is known only to the validator, and said only in its sentence.
    for key in case.node.keys:
        if repr(key) in case.mismatch.message:
            _unknown_key(case, key)


def _unknown_key(case: _Case, key: str) -> None:
    known = allowed_keys(case.mismatch.schema, case.mismatch.root)
    free = [each for each in known if each not in case.node.keys]
    case.add("unknown-key", case.node.keys[key], key=key, nearest=nearest(key, free), allowed=_names(free))


def _bad_key_name(case: _Case, key: str, pattern: str, allowed: list[str]) -> None:
    place, near = case.node.keys[key], nearest(key, allowed)
    case.add("key-name", place, key=key, pattern=pattern, nearest=near, allowed=_names(allowed))


def _enum(case: _Case) -> None:
    allowed = [str(each) for each in case.mismatch.wanted if each is not None]
    node = case.node
    near = nearest(node.text, allowed)
    case.add("enum", node.place, written=_written(node), nearest=near, allowed=_names(allowed))


def _const(case: _Case) -> None:
    case.add("const", case.node.place, written=_written(case.node), expected=case.mismatch.wanted)


def _pattern(case: _Case) -> None:
    pattern, text = case.mismatch.wanted, case.node.text
    likely = next((each for each in (narrow(text), narrow(text, grouped=True)) if re.search(pattern, each)), "")
    case.add("pattern", case.node.place, written=_written(case.node), pattern=pattern, likely=likely)


def _limit(what: str) -> Callable[[_Case], None]:
    """A rule for keywords that compare with one number."""

    def rule(case: _Case) -> None:
        case.add(what, case.node.place, written=_written(case.node), limit=case.mismatch.wanted)

    return rule


def _size(what: str) -> Callable[[_Case], None]:
    """A rule for keywords that limit how many there are of something."""

    def rule(case: _Case) -> None:
        case.add(what, case.key(), count=len(case.mismatch.instance), limit=case.mismatch.wanted)

    return rule


def _items(case: _Case) -> None:
    limit = len(case.mismatch.schema.get("prefixItems", ()))
    case.add("max-items", case.key(), count=len(case.mismatch.instance), limit=limit)


def _unique(case: _Case) -> None:
    items = case.node.value
    if not isinstance(items, tuple):
        return
    for index, item in enumerate(items):
        first = next((other for other in items[:index] if _same(other, item)), None)
        if first is not None:
            case.add("unique", item.place, related=(("first", first.place),), written=_written(item))


def _same(one: Node, other: Node) -> bool:
    return bool(data(one) == data(other))


def _not(case: _Case) -> None:
    wanted = case.mismatch.wanted
    together = wanted.get("required", ()) if isinstance(wanted, Mapping) else ()
    if wanted == {} or wanted is True:
        _not_here(case)
    elif together and all(key in case.node.keys for key in together):
        case.add("not-together", case.node.keys[together[-1]], keys=_names(list(together)))
    else:
        case.add("not", case.node.place, written=_written(case.node))


def _not_here(case: _Case) -> None:
    path = case.mismatch.path
    case.add("not-here", case.key(), key=path[-1] if path else "")


def _choice(case: _Case) -> None:
    """Several branches hold, or none is nearer than the others: all want another type, or all want other keys."""
    branches = [dict(branch) for branch in case.mismatch.branches]
    if not branches:
        case.add("several-branches", case.node.place)
    elif all("type" in branch for branch in branches):
        types = [[each["type"]] if isinstance(each["type"], str) else each["type"] for each in branches]
        _wrong_type(case, list(dict.fromkeys(name for listed in types for name in listed)))
    else:
        sets = [", ".join(branch.get("required", ())) for branch in branches]
        case.add("one-of-keys", case.key(), keys=" / ".join(dict.fromkeys(sets)))


def _contains(case: _Case) -> None:
    case.add("contains", case.key())


def _other(case: _Case) -> None:
    case.add("other", case.node.place, keyword=case.mismatch.keyword, written=_written(case.node))


RULES: dict[str, Callable[[_Case], None]] = {
    "": _not_here,
    "type": _type,
    "required": _required,
    "dependentRequired": _dependent_required,
    "additionalProperties": _additional,
    "unevaluatedProperties": _unevaluated,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "minimum": _limit("minimum"),
    "maximum": _limit("maximum"),
    "exclusiveMinimum": _limit("exclusive-minimum"),
    "exclusiveMaximum": _limit("exclusive-maximum"),
    "multipleOf": _limit("multiple-of"),
    "minLength": _limit("min-length"),
    "maxLength": _limit("max-length"),
    "minItems": _size("min-items"),
    "maxItems": _size("max-items"),
    "minProperties": _size("min-keys"),
    "maxProperties": _size("max-keys"),
    "items": _items,
    "uniqueItems": _unique,
    "contains": _contains,
    "minContains": _contains,
    "maxContains": _contains,
    "not": _not,
    "anyOf": _choice,
    "oneOf": _choice,
}


def _written(node: Node) -> str:
    if len(node.text) > _SHOWN_TEXT:
        return node.text[:_SHOWN_TEXT] + "..."
    return node.text


def _names(names: list[str]) -> str:
    more = ", ..." if len(names) > _SHOWN_NAMES else ""
    return ", ".join(names[:_SHOWN_NAMES]) + more

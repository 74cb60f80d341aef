"""Sections + overlays → sections: add, replace, change, disable, entry by entry. Variants are made so, and versions that extend one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.ruleset.shape import schema
from guiju.source.node import Node, is_list, is_map
from guiju.source.schema import check

Sections = dict[str, dict[str, Node]]
Keys = dict[tuple[str, str], Place]


@dataclass(frozen=True, slots=True)
class Codes:
    """What is said of an overlay that does not fit."""

    already_there: str
    patches_nothing: str
    changes_nothing: str
    no_grade: str


@dataclass(frozen=True, slots=True)
class Layer:
    """One overlay: its actions, and how to speak of it."""

    node: Node
    codes: Codes
    facts: Mapping[str, Any]


def lay_on(base: Node, layers: Sequence[Layer], found: Found) -> Node:
    """The sections with the overlays laid on, one after the other; what was changed must still have its shape."""
    sections, keys = _open(base)
    before = found.mark()
    changed: dict[tuple[str, str], None] = {}
    for layer in layers:
        fields = cast(Mapping[str, Node], layer.node.value)
        for action in ("add", "replace", "change", "disable"):
            if action in fields:
                _lay(action, fields[action], layer, sections, keys, found)
        if "change" in fields:
            labels = cast(Mapping[str, Node], fields["change"].value)
            changed.update(((label, name), None) for label, entries in labels.items() for name in entries.keys)
    changed = {(label, name): None for label, name in changed if name in sections.get(label, {})}
    if changed and not found.errors_since(before):
        _check_shape(changed, sections, keys, found)
    return _close(base, sections, keys)


def _check_shape(changed: Mapping[tuple[str, str], None], sections: Sections, keys: Keys, found: Found) -> None:
    """A changed entry must still have the shape of its section: a change sees only some of the fields."""
    whole: dict[str, dict[str, Node]] = {}
    for label, name in changed:
        if name in sections.get(label, {}):
            whole.setdefault(label, {})[name] = sections[label][name]
    top: dict[str, Node] = {}
    for label, entries in whole.items():
        first = keys[label, next(iter(entries))]
        node = Node(entries, first, "", {name: keys[label, name] for name in entries}, "")
        top["grade" if label == "gates" else label] = (
            Node({"gates": node}, first, "", {"gates": first}, "") if label == "gates" else node
        )
    place = next(iter(top.values())).place
    check(Node(top, place, "", {name: node.place for name, node in top.items()}, ""), schema("ruleset-1"), found)


def _open(node: Node) -> tuple[Sections, Keys]:
    """Sections as plain dictionaries; the gates of the grade count as a section of their own."""
    sections: Sections = {}
    keys: Keys = {}
    for name, section in cast(Mapping[str, Node], node.value).items():
        target = cast(Mapping[str, Node], section.value).get("gates") if name == "grade" else section
        if target is not None and is_map(target):
            label = "gates" if name == "grade" else name
            sections[label] = dict(cast(Mapping[str, Node], target.value))
            keys.update({(label, key): place for key, place in target.keys.items()})
    return sections, keys


def _close(node: Node, sections: Sections, keys: Keys) -> Node:
    top = dict(cast(Mapping[str, Node], node.value))
    top_keys = dict(node.keys)
    for label, entries in sections.items():
        places = {key: keys[label, key] for key in entries}
        if label == "gates":
            grade = top["grade"]
            inner = dict(cast(Mapping[str, Node], grade.value))
            inner["gates"] = Node(entries, inner["gates"].place, "", places, "")
            top["grade"] = Node(inner, grade.place, "", grade.keys, "")
        else:
            if label not in top and not entries:
                continue
            place = top[label].place if label in top else next(iter(places.values()))
            top[label] = Node(entries, place, "", places, "")
            top_keys.setdefault(label, place)
    return Node(top, node.place, "", top_keys, "")


def _lay(action: str, node: Node, layer: Layer, sections: Sections, keys: Keys, found: Found) -> None:
    for label, overlay in cast(Mapping[str, Node], node.value).items():
        if label == "gates" and "gates" not in sections:
            found.add(layer.codes.no_grade, overlay.place, **layer.facts)
            continue
        entries = sections.setdefault(label, {}) if action == "add" else sections.get(label, {})
        if action == "disable":
            for item in cast(tuple[Node, ...], overlay.value):
                name = str(item.value)
                if _there(name, label, entries, item.place, layer, found):
                    del entries[name]
            continue
        for name, entry in cast(Mapping[str, Node], overlay.value).items():
            place = overlay.keys[name]
            if action == "add":
                if name in entries:
                    found.add(
                        layer.codes.already_there,
                        place,
                        related=(("first", keys[label, name]),),
                        name=name,
                        section=label,
                        **layer.facts,
                    )
                entries[name], keys[label, name] = entry, place
            elif _there(name, label, entries, place, layer, found):
                changed = entry if action == "replace" else _change(entries[name], entry)
                if same(changed, entries[name]):
                    found.add(layer.codes.changes_nothing, place, name=name, **layer.facts)
                entries[name] = changed
                keys[label, name] = place if action == "replace" else keys[label, name]


def _there(name: str, label: str, entries: dict[str, Node], place: Place, layer: Layer, found: Found) -> bool:
    if name in entries:
        return True
    found.add(
        layer.codes.patches_nothing,
        place,
        name=name,
        section=label,
        nearest=nearest(name, list(entries)),
        **layer.facts,
    )
    return False


def _change(old: Node, new: Node) -> Node:
    """Maps merge key by key; everything else (lists, numbers, texts) is taken as a whole."""
    if not (is_map(old) and is_map(new)):
        return new
    entries, keys = dict(cast(Mapping[str, Node], old.value)), dict(old.keys)
    for key, value in cast(Mapping[str, Node], new.value).items():
        entries[key] = _change(entries[key], value) if key in entries else value
        keys[key] = new.keys[key]
    return Node(entries, old.place, "", keys, "")


def same(left: Node, right: Node) -> bool:
    """Equal data, wherever it stands."""
    if is_map(left) and is_map(right):
        one, two = cast(Mapping[str, Node], left.value), cast(Mapping[str, Node], right.value)
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    if is_list(left) and is_list(right):
        first, second = cast(tuple[Node, ...], left.value), cast(tuple[Node, ...], right.value)
        return len(first) == len(second) and all(map(same, first, second))
    return type(left.value) is type(right.value) and left.value == right.value

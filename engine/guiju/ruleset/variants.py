"""Ruleset + variant → sections: overlays laid on from the outermost to the leaf. All differences between variants live here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.ruleset.load import schema
from guiju.ruleset.model import Ruleset
from guiju.source.node import Node, is_list, is_map
from guiju.source.schema import check

Sections = dict[str, dict[str, Node]]
Keys = dict[tuple[str, str], Place]


def line_of(variant: str) -> list[str]:
    """energy.coal.opencast → energy, energy.coal, energy.coal.opencast."""
    parts = variant.split(".")
    return [".".join(parts[: index + 1]) for index in range(len(parts))]


def leaves(ruleset: Ruleset) -> list[str]:
    """The variants that can be chosen: those without children."""
    inner = {parent for variant in ruleset.variants for parent in line_of(variant)[:-1]}
    return [variant for variant in ruleset.variants if variant not in inner]


def choose(ruleset: Ruleset, variant: str | None, place: Place | None, found: Found) -> str | bool | None:
    """The variant to plan (None where the ruleset has none), or False after adding a finding."""
    possible = leaves(ruleset)
    if variant is None:
        if not possible:
            return None
        found.add("variant.none-chosen", place, there=", ".join(possible))
        return False
    if variant in possible:
        return variant
    if variant in ruleset.variants:
        below = ", ".join(leaf for leaf in possible if leaf.startswith(variant + "."))
        found.add("variant.not-a-leaf", place, name=variant, there=below)
    elif not possible:
        found.add("variant.no-variants", place, name=variant, ruleset=ruleset.identity.ref)
    else:
        found.add("variant.unknown", place, name=variant, nearest=nearest(variant, possible), there=", ".join(possible))
    return False


def added_inputs(ruleset: Ruleset) -> set[str]:
    """The inputs that overlays add, over all variants."""
    names: set[str] = set()
    for overlay in ruleset.variants.values():
        add = cast(Mapping[str, Node], overlay.value).get("add")
        inputs = cast(Mapping[str, Node], add.value).get("inputs") if add is not None else None
        names |= set(cast(Mapping[str, Node], inputs.value)) if inputs is not None else set()
    return names


def mentioned(ruleset: Ruleset) -> frozenset[str]:
    """The words of every text in every overlay: an entry of the core that is named there is of use to some variant."""
    words: set[str] = set()
    waiting = [node for overlay in ruleset.variants.values() for node in _inside(overlay)]
    while waiting:
        node = waiting.pop()
        if isinstance(node.value, str):
            words.update(re.findall(r"\w+", node.value))
        waiting.extend(_inside(node))
    return frozenset(words)


def _inside(node: Node) -> Iterable[Node]:
    if is_map(node):
        return cast(Mapping[str, Node], node.value).values()
    return cast(tuple[Node, ...], node.value) if is_list(node) else ()


def check_tree(ruleset: Ruleset, found: Found) -> None:
    """Every inner variant must be there: energy.coal needs energy."""
    for variant in ruleset.variants:
        for parent in line_of(variant)[:-1]:
            if parent not in ruleset.variants:
                found.add("variant.no-parent", ruleset.variant_places[variant], name=variant, parent=parent)


def apply(ruleset: Ruleset, variant: str | None, found: Found) -> Node:
    """The sections with the overlays of one variant laid on."""
    sections, keys = _open(ruleset.sections)
    before = found.mark()
    changed: dict[tuple[str, str], None] = {}
    for step in line_of(variant) if variant else ():
        overlay = ruleset.variants.get(step)
        if overlay is None:
            continue
        fields = cast(Mapping[str, Node], overlay.value)
        for action in ("add", "replace", "change", "disable"):
            if action in fields:
                _lay(action, fields[action], step, sections, keys, found)
        if "change" in fields:
            labels = cast(Mapping[str, Node], fields["change"].value)
            changed.update(((label, name), None) for label, entries in labels.items() for name in entries.keys)
    changed = {(label, name): None for label, name in changed if name in sections.get(label, {})}
    if changed and not found.errors_since(before):
        _check_shape(changed, sections, keys, found)
    return _close(ruleset.sections, sections, keys)


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


def _lay(action: str, node: Node, variant: str, sections: Sections, keys: Keys, found: Found) -> None:
    for label, overlay in cast(Mapping[str, Node], node.value).items():
        if label == "gates" and "gates" not in sections:
            found.add("variant.no-grade", overlay.place, variant=variant)
            continue
        entries = sections.setdefault(label, {}) if action == "add" else sections.get(label, {})
        if action == "disable":
            for item in cast(tuple[Node, ...], overlay.value):
                name = str(item.value)
                if _there(name, label, entries, item.place, variant, found):
                    del entries[name]
            continue
        for name, entry in cast(Mapping[str, Node], overlay.value).items():
            place = overlay.keys[name]
            if action == "add":
                if name in entries:
                    found.add(
                        "variant.already-there",
                        place,
                        related=(("first", keys[label, name]),),
                        name=name,
                        section=label,
                    )
                entries[name], keys[label, name] = entry, place
            elif _there(name, label, entries, place, variant, found):
                changed = entry if action == "replace" else _change(entries[name], entry)
                if same(changed, entries[name]):
                    found.add("variant.changes-nothing", place, name=name, variant=variant)
                entries[name] = changed
                keys[label, name] = place if action == "replace" else keys[label, name]


def _there(name: str, label: str, entries: dict[str, Node], place: Place, variant: str, found: Found) -> bool:
    if name in entries:
        return True
    found.add(
        "variant.patches-nothing",
        place,
        name=name,
        section=label,
        variant=variant,
        nearest=nearest(name, list(entries)),
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

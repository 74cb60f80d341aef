"""Ruleset + variant → sections: overlays laid on from the outermost to the leaf. All differences between variants live here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.ruleset import overlay
from guiju.ruleset.fields import Fields
from guiju.ruleset.listed import with_titles
from guiju.ruleset.model import Ruleset, Words
from guiju.source.node import Node, is_list, is_map

CODES = overlay.Codes("variant.already-there", "variant.patches-nothing", "variant.changes-nothing", "variant.no-grade")


def line_of(variant: str) -> list[str]:
    """energy.coal.opencast → energy, energy.coal, energy.coal.opencast."""
    parts = variant.split(".")
    return [".".join(parts[: index + 1]) for index in range(len(parts))]


def titles(ruleset: Ruleset, variant: str | None) -> tuple[Words, ...]:
    """The titles of a variant and of those around it, outermost first."""
    line = [] if variant is None else line_of(variant)
    nodes = [Fields(ruleset.variants[name]).words("title") for name in line if name in ruleset.variants]
    return tuple(title for title in nodes if title is not None)


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
        found.add("variant.none-chosen", place, **_titled(ruleset, possible))
        return False
    if variant in possible:
        return variant
    if variant in ruleset.variants:
        below = [leaf for leaf in possible if leaf.startswith(variant + ".")]
        found.add("variant.not-a-leaf", place, name=variant, **_titled(ruleset, below))
    elif not possible:
        found.add("variant.no-variants", place, name=variant, ruleset=ruleset.identity.ref)
    else:
        near = nearest(variant, possible)
        found.add("variant.unknown", place, name=variant, nearest=near, **_titled(ruleset, possible))
    return False


def _titled(ruleset: Ruleset, names: Iterable[str]) -> dict[str, Any]:
    """Variants with their titles, as the fact `there`."""
    return with_titles("there", ((name, Fields(ruleset.variants[name]).words("title")) for name in names))


def added_inputs(ruleset: Ruleset) -> set[str]:
    """The inputs that overlays add, over all variants."""
    names: set[str] = set()
    for variant in ruleset.variants.values():
        add = cast(Mapping[str, Node], variant.value).get("add")
        inputs = cast(Mapping[str, Node], add.value).get("inputs") if add is not None else None
        names |= set(cast(Mapping[str, Node], inputs.value)) if inputs is not None else set()
    return names


def named(ruleset: Ruleset) -> frozenset[str]:
    """Every entry that the core or some variant has, as formulas call it: a value, a collection's column, an indicator."""
    names: set[str] = set()
    adds = (cast(Mapping[str, Node], overlay.value) for overlay in ruleset.variants.values())
    for sections in (ruleset.sections, *(add[how] for add in adds for how in ("add", "replace") if how in add)):
        for entries in cast(Mapping[str, Node], sections.value).values():
            names.update(entries.keys if is_map(entries) else ())
    return frozenset(names)


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
    steps = [step for step in (line_of(variant) if variant else ()) if step in ruleset.variants]
    layers = [overlay.Layer(ruleset.variants[step], CODES, {"variant": step}) for step in steps]
    return overlay.lay_on(ruleset.sections, layers, found)

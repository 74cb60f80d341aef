"""A version that extends another: what it says itself is laid on the sections of the version before it."""

from __future__ import annotations

from collections.abc import Container, Mapping
from pathlib import Path
from typing import cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.places import shown
from guiju.ruleset import overlay
from guiju.ruleset.model import Base, Ruleset
from guiju.source.node import Node

WHOLE = ("grade", "report")  # sections that a version replaces as wholes
CODES = overlay.Codes("revise.already-there", "revise.patches-nothing", "revise.changes-nothing", "revise.no-grade")


def folder_of(ref: str, folder: Path) -> Path:
    """Where the version "id@version" lies, seen from the folder of another version: in the same folder of rulesets."""
    id_, _, version = ref.partition("@")
    return folder.resolve().parent.parent / id_ / version


def line_of(base: Ruleset) -> tuple[Base, ...]:
    """The version itself and those that it extends, nearest first."""
    return (Base(base.identity.ref, base.identity.fingerprint), *base.identity.bases)


def find(extends: Node, folder: Path, way: tuple[str, ...], found: Found) -> Path | None:
    """The folder of the version that is extended. It must be there, and must not be on the way already."""
    ref = str(extends.value)
    if ref in way:
        found.add("revise.circle", extends.place, way=" → ".join((*way[way.index(ref) :], ref)))
        return None
    there = folder_of(ref, folder)
    if (there / "ruleset.yaml").is_file():
        return there
    root = there.parent.parent
    refs = [f"{path.parent.parent.name}@{path.parent.name}" for path in sorted(root.glob("*/*/ruleset.yaml"))]
    others = [other for other in refs if other not in way]
    found.add(
        "revise.no-version",
        extends.place,
        ref=ref,
        nearest=nearest(ref, others),
        there=", ".join(others),
        folder=shown(root),
    )
    return None


def check_status(status: Node, extends: Node, base: Ruleset, found: Found) -> None:
    """What is frozen may rest only on what is frozen."""
    if status.value != "draft" and base.identity.status == "draft":
        found.add("revise.draft-base", extends.place, status=status.value, base=base.identity.ref)


def check_alone(own: Node, found: Found) -> None:
    """Without a version that is extended there is nothing to revise."""
    if "revise" in own.keys:
        found.add("revise.no-base", own.keys["revise"])


def lay_on(base: Ruleset, own: Node, identity: Container[str], found: Found) -> Node:
    """The sections of the base, revised, with the version's own entries beside them; and its own identity."""
    entries = _entries(own)
    written = _whole(base)
    revised = written
    if "revise" in entries:
        _check_grade(own, found)
        layer = overlay.Layer(entries["revise"], CODES, {"base": base.identity.ref})
        revised = overlay.lay_on(written, [layer], found)
    top, keys = dict(_entries(revised)), dict(revised.keys)
    for name, node in entries.items():
        if name == "revise":
            continue
        if name in top and name not in WHOLE and name not in identity:
            top[name] = _join(name, top[name], _entries(written).get(name, top[name]), node, base, found)
        else:
            top[name], keys[name] = node, own.keys[name]
    return Node(top, own.place, "", keys, "")


def _whole(base: Ruleset) -> Node:
    """The sections of a ruleset with its variants as one of them."""
    if not base.variants:
        return base.sections
    place = next(iter(base.variant_places.values()))
    variants = Node(dict(base.variants), place, "", dict(base.variant_places), "")
    top = {**_entries(base.sections), "variants": variants}
    return Node(top, base.sections.place, "", {**base.sections.keys, "variants": place}, "")


def _join(section: str, revised: Node, written: Node, more: Node, base: Ruleset, found: Found) -> Node:
    """One section with the new entries. What the base has (also what was disabled) is not said again beside it."""
    entries, keys = dict(_entries(revised)), dict(revised.keys)
    for name, entry in _entries(more).items():
        first: Place | None = written.keys.get(name) or keys.get(name)
        if first is not None:
            related = (("first", first),)
            place, ref = more.keys[name], base.identity.ref
            found.add("revise.in-the-base", place, related=related, name=name, section=section, base=ref)
        entries[name], keys[name] = entry, more.keys[name]
    return Node(entries, revised.place, "", keys, "")


def _check_grade(own: Node, found: Found) -> None:
    """A grade given as a whole leaves no gates of the base to revise."""
    if "grade" not in own.keys:
        return
    for action in _entries(_entries(own)["revise"]).values():
        if "gates" in action.keys:
            found.add("revise.grade-replaced", action.keys["gates"], related=(("first", own.keys["grade"]),))


def _entries(node: Node) -> Mapping[str, Node]:
    return cast(Mapping[str, Node], node.value)

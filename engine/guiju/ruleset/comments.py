"""The register of comments on a draft: who said what, and how it was settled. Nothing is computed from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast

from guiju.diagnostics.finding import Found
from guiju.diagnostics.nearest import nearest
from guiju.ruleset.fields import Fields, words
from guiju.ruleset.locate import is_day
from guiju.ruleset.model import Ruleset, Words
from guiju.source.node import Node, is_map

Settled = Literal["accepted", "partly", "rejected", "open"]
STATES: tuple[Settled, ...] = ("accepted", "partly", "rejected", "open")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment. `changed` names entries as "section.id"."""

    id: str
    sender: Words
    on: Words
    text: Words
    received: str | None
    settled: Settled
    how: Words | None
    changed: tuple[str, ...]
    version: str | None
    source: str | None
    clause: str | None


def read(ruleset: Ruleset) -> tuple[Comment, ...]:
    """All comments of a version, those of the versions it extends first."""
    return tuple(_comment(name, fields) for name, fields, _ in Fields(ruleset.sections).entries("comments"))


def _comment(name: str, fields: Fields) -> Comment:
    on = fields.map["on"]
    return Comment(
        id=name,
        sender=words(fields.map["from"]),
        on=words(on) if is_map(on) else Words(str(on.value), str(on.value)),
        text=words(fields.map["text"]),
        received=fields.text("received"),
        settled=cast(Settled, fields.need("settled")),
        how=fields.words("how"),
        changed=fields.texts("changed"),
        version=fields.text("version"),
        source=fields.text("source"),
        clause=fields.text("clause"),
    )


def check(ruleset: Ruleset, base: Ruleset | None, found: Found) -> None:
    """What a comment says was changed must be there, in this version or in the one it extends; days must be days.

    A comment that stands as it was in the base was checked there, and may speak of what has gone since.
    """
    old = {} if base is None else {name: fields.node for name, fields, _ in Fields(base.sections).entries("comments")}
    fresh = [
        fields for name, fields, _ in Fields(ruleset.sections).entries("comments") if fields.node is not old.get(name)
    ]
    known = dict.fromkeys([*_known(ruleset), *(_known(base) if base else ())]) if fresh else {}
    for fields in fresh:
        for item in fields.items("changed"):
            name = str(item.value)
            if name not in known:
                found.add("comment.unknown-entry", item.place, name=name, nearest=nearest(name, list(known)))
        received = fields.get("received")
        if received is not None and not is_day(str(received.value)):
            found.add("ruleset.date", received.place, text=received.text)


def _known(ruleset: Ruleset) -> Iterator[str]:
    """Every entry that can be named: of the sections, of the grade, and what variants bring."""
    yield from _ids(ruleset.sections)
    yield from (f"variants.{name}" for name in ruleset.variants)
    grade = _entries(ruleset.sections).get("grade")
    if grade is not None:
        yield "grade"
        yield from _ids(grade, ("levels", "refusals", "gates"))
    for variant in ruleset.variants.values():
        for action in ("add", "replace"):
            if action in _entries(variant):
                yield from _ids(_entries(variant)[action])


def _ids(node: Node, only: tuple[str, ...] = ()) -> Iterator[str]:
    for section, entries in _entries(node).items():
        if section != "grade" and is_map(entries) and (not only or section in only):
            yield from (f"{section}.{name}" for name in entries.keys)


def _entries(node: Node) -> Mapping[str, Node]:
    return cast(Mapping[str, Node], node.value)

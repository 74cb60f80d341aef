"""Reading an entry field by field: what the schema has already checked, typed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, cast

from guiju.diagnostics.finding import Place
from guiju.formula.numbers import Rounding
from guiju.ruleset.model import Origin, Quality, Words
from guiju.source.node import Node

NOTHING_SAID = Origin()


class Fields:
    """One map of the YAML. Absent fields read as None (or the default given)."""

    __slots__ = ("map", "node")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.map = cast(Mapping[str, Node], node.value)

    def __contains__(self, name: str) -> bool:
        return name in self.map

    def get(self, name: str) -> Node | None:
        return self.map.get(name)

    def text(self, name: str) -> str | None:
        node = self.map.get(name)
        return None if node is None or node.value is None else str(node.value)

    def need(self, name: str) -> str:
        return str(self.map[name].value)

    def flag(self, name: str, default: bool) -> bool:
        node = self.map.get(name)
        return default if node is None else bool(node.value)

    def words(self, name: str) -> Words | None:
        return words(self.map[name]) if name in self.map else None

    def texts(self, name: str) -> tuple[str, ...]:
        node = self.map.get(name)
        return () if node is None else tuple(str(item.value) for item in cast(tuple[Node, ...], node.value))

    def entries(self, name: str) -> Iterator[tuple[str, Fields, Place]]:
        """(key, fields, place of the key) of a map of maps."""
        node = self.map.get(name)
        if node is not None:
            for key, entry in cast(Mapping[str, Node], node.value).items():
                yield key, Fields(entry), node.keys[key]

    def items(self, name: str) -> tuple[Node, ...]:
        node = self.map.get(name)
        return () if node is None else cast(tuple[Node, ...], node.value)

    def origin(self, default: Origin = NOTHING_SAID, prefix: str = "") -> Origin:
        """basis, source, clause, at, note; what is not said is taken from `default`."""
        basis = self.text(f"{prefix}basis")
        source = self.text(f"{prefix}source")
        if prefix:
            return Origin(
                cast(Any, basis) or default.basis, source or default.source, default.clause, default.at, default.note
            )
        fresh = source is not None and source != default.source  # another document: clause and place are its own
        return Origin(
            cast(Any, basis) or default.basis,
            source or default.source,
            self.text("clause") or (None if fresh else default.clause),
            self.text("at") or (None if fresh else default.at),
            self.words("note") or default.note,
        )

    def quality(self) -> Quality:
        """tier and uncertainty."""
        return Quality(cast(Any, self.text("tier")), scalar(self.get("uncertainty")))


def words(node: Node) -> Words:
    """A title; a text of a case may be one for both languages."""
    if not isinstance(node.value, Mapping):
        return Words(str(node.value), str(node.value))
    fields = node.value
    return Words(str(fields["zh"].value), str(fields["en"].value))


def titled(said: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """What a case says, with these texts in both languages: where it has one text, that is both."""
    texts = {name: said[name] for name in names if name in said}
    return {**said, **{name: {"zh": each, "en": each} for name, each in texts.items() if isinstance(each, str)}}


def scalar(node: Node | None) -> Any:
    """The value of a scalar: Decimal for numbers, else as it is."""
    if node is None:
        return None
    if isinstance(node.value, bool) or not isinstance(node.value, (int, Decimal)):
        return node.value
    return Decimal(node.value)


def rounding(node: Node | None) -> Rounding | None:
    """{digits: 2, mode: half_even} → Rounding."""
    if node is None:
        return None
    fields = Fields(node)
    kind = next(kind for kind in ("digits", "interval", "significant") if kind in fields)
    return Rounding(cast(Any, kind), scalar(fields.get(kind)), cast(Any, fields.text("mode") or "half_even"))

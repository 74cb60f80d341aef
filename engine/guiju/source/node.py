"""Node: a tree of YAML data in which everything still knows where it was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from guiju.diagnostics.finding import Place

Value: TypeAlias = "bool | int | Decimal | str | Mapping[str, Node] | tuple[Node, ...] | None"


@dataclass(frozen=True, slots=True)
class Node:
    """A value with its place. Nothing in it is ever changed."""

    value: Value
    place: Place  # of the scalar, or of the first character of the container
    text: str  # a scalar as written, without its quotes; "" for containers
    keys: Mapping[str, Place]  # of a map: where each key stands
    style: str  # plain, single, double, literal, folded; "" for containers
    raw: str = ""  # the scalar's own stretch of the file, where its characters are not simply side by side


def is_map(node: Node) -> bool:
    """Whether the node is a map."""
    return isinstance(node.value, dict)


def is_list(node: Node) -> bool:
    """Whether the node is a list."""
    return isinstance(node.value, tuple)


def is_number(node: Node) -> bool:
    """Whether the node is a number; true and false are none."""
    return isinstance(node.value, (int, Decimal)) and not isinstance(node.value, bool)


def data(node: Node) -> Any:
    """The plain tree: dict, list, text, int, Decimal, bool, None."""
    value = node.value
    if isinstance(value, dict):
        return {key: data(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [data(each) for each in value]
    return value


def at(node: Node, path: Iterable[str | int]) -> Node:
    """The deepest node that is found along the path."""
    for step in path:
        below = _step(node, step)
        if below is None:
            break
        node = below
    return node


def key_place(node: Node, path: Iterable[str | int]) -> Place:
    """Where the last key of the path stands; for an item of a list, or the root, the place of the value."""
    place = node.place
    for step in path:
        below = _step(node, step)
        if below is None:
            break
        place = node.keys[step] if isinstance(step, str) else below.place
        node = below
    return place


def _step(node: Node, step: str | int) -> Node | None:
    value = node.value
    if isinstance(step, str):
        return value.get(step) if isinstance(value, dict) else None
    return value[step] if isinstance(value, tuple) and 0 <= step < len(value) else None

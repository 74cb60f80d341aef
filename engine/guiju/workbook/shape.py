"""A Node of a case → Case: what stands beside the tables. Each way of saying is held to the schema once, not in every row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from guiju.diagnostics.finding import Found
from guiju.ruleset.shape import schema
from guiju.source.node import Node, is_list, is_map
from guiju.source.schema import check

_SAID = ("unit", "origin", "tier", "uncertainty", "evidence")


def check_shape(case: Node, found: Found) -> None:
    """Findings of the schema, as `check` gives them. Rows of tables are alike: of values that say the same beside them one is checked."""
    if not is_map(case):
        check(case, schema("case-1"), found)
        return
    fields = dict(cast(Mapping[str, Node], case.value))
    listed = fields.get("collections")
    if listed is not None and is_map(listed):
        collections = {name: _sample(rows) for name, rows in cast(Mapping[str, Node], listed.value).items()}
        fields["collections"] = Node(collections, listed.place, "", listed.keys, "")
    check(Node(fields, case.place, "", case.keys, ""), schema("case-1"), found)


def _sample(rows: Node) -> Node:
    if not is_list(rows) or not all(is_map(row) for row in cast(tuple[Node, ...], rows.value)):
        return rows  # the schema says what is wrong
    seen: set[tuple[str, ...]] = set()
    kept: list[Node] = []
    for row in cast(tuple[Node, ...], rows.value):
        cells = {
            name: cell
            for name, cell in cast(Mapping[str, Node], row.value).items()
            if is_map(cell) and _is_new(cast(Mapping[str, Node], cell.value), seen)
        }
        if cells:
            kept.append(Node(cells, row.place, "", row.keys, ""))
    return Node(tuple(kept), rows.place, "", rows.keys, "")


def _is_new(said: Mapping[str, Node], seen: set[tuple[str, ...]]) -> bool:
    way = tuple(_way(said[name]) if name in said else "" for name in _SAID)
    if way in seen:
        return False
    seen.add(way)
    return True


def _way(node: Node) -> str:
    """What the schema looks at: a text as it is, of a number only whether it is one and not below zero."""
    if isinstance(node.value, tuple):
        return "\n".join(each.text for each in node.value)
    if isinstance(node.value, str):
        return f"text {node.value}"
    return "number" if not node.text.startswith("-") else "below"

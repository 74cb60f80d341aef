"""Whether two cases say the same: what a workbook could not hold is found before it is lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.plan.model import Plan
from guiju.ruleset.model import Input
from guiju.source.node import Node, data, is_list, is_map

Part = tuple[tuple[str, ...], Any]


def note_lost(before: Node, after: Node, plan: Plan, found: Found) -> None:
    """A finding for everything that stands in the first case and not, or not alike, in the second one."""
    there = dict(_parts(after, plan))
    for path, value in _parts(before, plan):
        if path not in there or there[path] != value:
            found.add("workbook.not-held", place_of(before, path), path=".".join(path))


def changed(before: Node, after: Node, plan: Plan) -> list[str]:
    """What stands in the first case and not, or not alike, in the second one: by path, an entry of a register once."""
    there = dict(_parts(after, plan))
    paths = [path for path, value in _parts(before, plan) if path not in there or there[path] != value]
    return list(dict.fromkeys(".".join(path[:2] if path[0] in ("settled", "evidence") else path) for path in paths))


def same(one: Node, other: Node, plan: Plan) -> bool:
    """Whether both say the same: `x: 5` is `x: {value: 5}`, an empty list of evidence is none."""
    return dict(_parts(one, plan)) == dict(_parts(other, plan))


def place_of(case: Node, path: tuple[str, ...]) -> Place:
    """Where a part of the case stands."""
    node = case
    for step in path:
        value = node.value
        below = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, tuple) and step.isdigit() and int(step) < len(value):
            below = value[int(step)]
        if below is None:
            break
        node = below
    return node.place


def _parts(case: Node, plan: Plan) -> Iterator[Part]:
    """Every value, by its path; of a file that somebody edited, also what has another shape than a case."""
    for section, node in cast(Mapping[str, Node], case.value).items():
        if section == "inputs" and is_map(node):
            for name, each in cast(Mapping[str, Node], node.value).items():
                yield (section, name), _value(each, plan.inputs.get(name))
        elif section == "collections" and is_map(node):
            for name, rows in cast(Mapping[str, Node], node.value).items():
                yield from _rows((section, name), rows, plan)
        else:
            yield from _leaves((section,), node)


def _rows(path: tuple[str, ...], rows: Node, plan: Plan) -> Iterator[Part]:
    columns = plan.collections[path[1]].columns if path[1] in plan.collections else {}
    if rows.value is not None and not is_list(rows):
        yield path, data(rows)
        return
    for index, row in enumerate(cast(tuple[Node, ...], rows.value or ())):
        if not is_map(row):
            yield (*path, str(index)), data(row)
            continue
        for column, cell in cast(Mapping[str, Node], row.value).items():
            yield (*path, str(index), column), _value(cell, columns.get(column))


def _leaves(path: tuple[str, ...], node: Node) -> Iterator[Part]:
    if is_map(node):
        for name, below in cast(Mapping[str, Node], node.value).items():
            yield from _leaves((*path, name), below)
    else:
        yield path, data(node)


def _value(node: Node, item: Input | None) -> dict[str, Any]:
    said: dict[str, Any] = data(node) if is_map(node) else {"value": node.value}
    value = cast(Mapping[str, Node], node.value).get("value") if is_map(node) else node
    if (
        value is not None
        and item is not None
        and item.type in ("text", "choice")
        and not isinstance(value.value, (bool, type(None)))
    ):
        said = {**said, "value": value.text}  # a number that stands for a text is that text
    return {name: each for name, each in said.items() if each != []}

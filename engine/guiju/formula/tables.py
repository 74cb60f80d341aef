"""Table: rows found by keys. Exact keys by dictionary; the last key may be matched to the nearest edge below or above."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from guiju.formula.missing import NotComputed
from guiju.formula.numbers import plain

Match = Literal["exact", "floor", "ceiling"]
Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a formula looks things up in: `cells[column]` beside the rows found by keys."""

    name: str
    match: Match
    rows: dict[Key, int]  # all keys -> row
    edges: dict[Key, tuple[tuple[Decimal, int], ...]] = field(default_factory=dict)  # leading keys -> sorted last keys
    cells: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # column -> value per row; None = not known

    def row(self, keys: Sequence[Any]) -> int | None:
        """The row for these keys, or None."""
        if self.match == "exact":
            return self.rows.get(tuple(keys))
        edges = self.edges.get(tuple(keys[:-1]), ())
        if self.match == "floor":
            index = bisect_right(edges, keys[-1], key=lambda edge: edge[0]) - 1
        else:
            index = bisect_left(edges, keys[-1], key=lambda edge: edge[0])
        return edges[index][1] if 0 <= index < len(edges) else None


def look_up(table: Lookup, column: str, keys: Sequence[Any], origin: str) -> Any:
    """The cell, or NotComputed: a key that is missing itself, a key the table lacks, a cell without a value."""
    for key in keys:
        if isinstance(key, NotComputed):
            return key
    row = table.row(keys)
    shown = ", ".join(plain(key) if isinstance(key, Decimal) else str(key) for key in keys)
    if row is None:
        return NotComputed("no-such-key", origin, table=table.name, keys=shown)
    cell = table.cells[column][row]
    return NotComputed("empty-cell", origin, table=table.name, keys=shown, column=column) if cell is None else cell


def build(name: str, match: Match, keys: Sequence[Key], cells: dict[str, tuple[Any, ...]]) -> Lookup:
    """A Lookup from the keys of each row and the cells of each column."""
    edges: dict[Key, list[tuple[Decimal, int]]] = {}
    if match != "exact":
        for row, key in enumerate(keys):
            edges.setdefault(key[:-1], []).append((key[-1], row))
    return Lookup(
        name, match, {key: row for row, key in enumerate(keys)}, {k: tuple(sorted(v)) for k, v in edges.items()}, cells
    )

"""A sheet while it is filled, and where on it things stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from guiju.record.sheets import Cell, Sheet

_PLAIN_NAME = re.compile(r"[a-z]{4,}")  # needs no quotation marks: no reference looks like it
_LONGEST_NAME = 31


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell: sheet, row and column from 0."""

    sheet: str
    row: int
    column: int

    def seen_from(self, sheet: str) -> str:
        """The reference as a formula on that sheet writes it."""
        return f"{_prefix(self.sheet, sheet)}${letters(self.column)}${self.row + 1}"


@dataclass(frozen=True, slots=True)
class Span:
    """The cells of one column: the first one and how many."""

    first: Spot
    count: int

    @property
    def text(self) -> str:
        column, row = letters(self.first.column), self.first.row
        return f"{_prefix(self.first.sheet, '')}${column}${row + 1}:${column}${row + self.count}"

    def row(self, index: int) -> Spot:
        return Spot(self.first.sheet, self.first.row + index, self.first.column)


class Grid:
    """Cells of one sheet that is being filled."""

    def __init__(self, name: str, widths: tuple[int, ...] = (), frozen: tuple[int, int] = (0, 0)) -> None:
        self.name, self.widths, self.frozen = name, widths, frozen
        self.cells: dict[tuple[int, int], Cell] = {}

    def put(
        self,
        row: int,
        column: int,
        value: Any,
        style: str = "plain",
        formula: str | None = None,
        *,
        array: bool = False,
    ) -> Spot:
        self.cells[row, column] = Cell(value, formula, array, style)
        return Spot(self.name, row, column)

    def line(self, row: int, values: tuple[Any, ...], style: str = "plain", column: int = 0) -> None:
        """Values side by side; None leaves a cell empty."""
        for offset, value in enumerate(values):
            if value is not None:
                self.put(row, column + offset, value, style)

    def sheet(self) -> Sheet:
        return Sheet(self.name, self.cells, self.widths, self.frozen)


def letters(column: int) -> str:
    """A for 0, AA for 26."""
    text, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        text = chr(ord("A") + letter) + text
    return text


def sheet_name(wish: str, taken: set[str]) -> str:
    """A name of a sheet that no other one has; programs do not tell upper from lower case."""
    name, number = wish[:_LONGEST_NAME], 1
    while name.lower() in taken:
        number += 1
        tail = f"_{number}"
        name = wish[: _LONGEST_NAME - len(tail)] + tail
    taken.add(name.lower())
    return name


def _prefix(sheet: str, seen_from: str) -> str:
    if sheet == seen_from:
        return ""
    return f"{sheet}!" if _PLAIN_NAME.fullmatch(sheet) else f"'{sheet}'!"

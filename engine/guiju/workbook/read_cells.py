"""Workbook → values of cells: the owner of python-calamine. It sees neither formulas nor errors: those are for `look`."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any


class UnreadableError(ValueError):
    """The workbook is damaged in a way that the reader of cells found."""


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of a sheet from A1 on, as texts; "" for an empty one. Merged areas as (row, column) from 0."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...]
    visible: bool
    rounded: frozenset[tuple[int, int]]  # numbers with more digits than a spreadsheet keeps


def grids(workbook: bytes) -> list[Grid]:
    """All sheets, in their order. Raises UnreadableError."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(workbook))
        visible = {each.name: each.visible == calamine.SheetVisibleEnum.Visible for each in book.sheets_metadata}
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
        return [_grid(sheet, visible.get(sheet.name, True)) for sheet in sheets]
    except (calamine.CalamineError, OSError, ValueError, KeyError) as error:
        raise UnreadableError(str(error)) from error


def _grid(sheet: Any, visible: bool) -> Grid:
    values = sheet.to_python(skip_empty_area=False)
    rounded = frozenset(
        (row, column)
        for row, cells in enumerate(values)
        for column, value in enumerate(cells)
        if type(value) in (float, int) and abs(value) >= 10**15
    )
    rows = tuple(tuple(value if type(value) is str else as_text(value) for value in cells) for cells in values)
    return Grid(sheet.name, rows, tuple(sheet.merged_cell_ranges or ()), visible, rounded)


def as_text(value: object) -> str:
    """A value as text: numbers as the shortest decimal that is that number, days as 2024-12-31."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        text = format(Decimal(repr(value)), "f")
        return text.removesuffix(".0")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    return value.isoformat() if isinstance(value, (date, time)) else str(value)

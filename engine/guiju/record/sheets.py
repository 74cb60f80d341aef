"""Sheets of cells → the bytes of a workbook. Texts stay texts, and nothing depends on the day it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from guiju.formula.missing import NotComputed
from guiju.workbook.write import opened

MISSING = "#N/A"
MOST_ROWS, MOST_COLUMNS, LONGEST_TEXT = 1_048_576, 16_384, 32_767  # of a sheet in the format itself
_A4 = 9
_DAY_ZERO = date(1899, 12, 30)
_STYLES: dict[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 14},
    "head": {"bold": True, "bg_color": "#E7ECEA", "bottom": 1, "text_wrap": True, "valign": "top"},
    "given": {"bg_color": "#FFF6D9", "border": 1, "border_color": "#D8D4C8"},
    "value": {"bold": True},
    "small": {"font_color": "#6B6B6B", "font_size": 9},
    "step": {"font_color": "#6B6B6B", "italic": True},
}


@dataclass(frozen=True, slots=True)
class Cell:
    """A constant, or a formula with the value it shows until it is recalculated."""

    value: Any = None  # Decimal, text, truth, date or NotComputed; None leaves the cell empty
    formula: str | None = None
    array: bool = False
    style: str = "plain"


@dataclass(frozen=True, slots=True)
class Sheet:
    """Cells by row and column, both from 0; the widths of the first columns; how many rows and columns stay in view."""

    name: str
    cells: Mapping[tuple[int, int], Cell]
    widths: tuple[int, ...] = ()
    frozen: tuple[int, int] = (0, 0)


class TooLarge(ValueError):  # noqa: N818  what is too large is said
    """A sheet has more rows or columns, or a text more characters, than a workbook can hold."""


def serial(day: date) -> int:
    """A day as spreadsheets count them."""
    return (day - _DAY_ZERO).days


def workbook(sheets: list[Sheet], title: str, day: date) -> bytes:
    """The file. The same sheets and day give the same bytes. Raises TooLarge, and ModuleNotFoundError without the extra `excel`."""
    for sheet in sheets:
        _check(sheet)
    stream = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = opened(stream, options)
    book.set_properties(
        {"title": title, "author": "guiju", "created": datetime(day.year, day.month, day.day, tzinfo=UTC)}
    )
    formats: dict[tuple[str, bool], Any] = {}

    def style(name: str, *, dated: bool) -> Any:
        if (name, dated) not in formats:
            formats[name, dated] = book.add_format(
                {**_STYLES[name], **({"num_format": "yyyy-mm-dd", "align": "left"} if dated else {})}
            )
        return formats[name, dated]

    for sheet in sheets:
        target = book.add_worksheet(sheet.name)
        target.freeze_panes(*sheet.frozen)
        target.set_landscape()
        target.set_paper(_A4)
        target.fit_to_pages(1, 0)
        target.repeat_rows(0, max(sheet.frozen[0] - 1, 0))
        for column, width in enumerate(sheet.widths):
            target.set_column(column, column, width)
        for place in sorted(sheet.cells):
            cell = sheet.cells[place]
            _write(target, place, cell, style(cell.style, dated=isinstance(cell.value, date)))
    book.close()
    return stream.getvalue()


def _check(sheet: Sheet) -> None:
    """What does not fit would be left out without a word."""
    rows, columns = (max((place[axis] for place in sheet.cells), default=0) + 1 for axis in (0, 1))
    longest = max((len(cell.value) for cell in sheet.cells.values() if isinstance(cell.value, str)), default=0)
    if rows > MOST_ROWS or columns > MOST_COLUMNS or longest > LONGEST_TEXT:
        raise TooLarge(sheet.name)


def _write(target: Any, place: tuple[int, int], cell: Cell, style: Any) -> None:
    shown = _shown(cell.value)
    if cell.formula is not None and cell.array:
        target.write_array_formula(*place, *place, f"{{={cell.formula}}}", style, shown)
    elif cell.formula is not None:
        target.write_formula(*place, f"={cell.formula}", style, shown)
    elif shown == MISSING:
        target.write_formula(*place, "=NA()", style, shown)
    elif isinstance(shown, bool):
        target.write_boolean(*place, shown, style)
    elif isinstance(shown, str):
        target.write_string(*place, shown, style)
    elif shown is not None:
        target.write_number(*place, shown, style)
    else:
        target.write_blank(*place, None, style)


def _shown(value: Any) -> Any:
    """What the cell holds: a double, the number of a day, an error where there is no value or none that a double can be."""
    if isinstance(value, Decimal):
        double = float(value)
        return double if abs(double) != float("inf") else "#NUM!"
    if isinstance(value, date):
        return serial(value)
    return MISSING if isinstance(value, NotComputed) else value

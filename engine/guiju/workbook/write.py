"""Layout and filling → the bytes of a workbook: the owner of xlsxwriter. Same layout and filling, same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from guiju.diagnostics.finding import column_letters
from guiju.diagnostics.show import columns
from guiju.ruleset.model import Input, Words
from guiju.workbook.model import LIST_SHEET, MAP_SHEET, TEMPLATE, Column, Layout, Line, Option, Page
from guiju.workbook.remarks import limits
from guiju.workbook.spread import Filling
from guiju.workbook.words import both, words

HEAD, LAST = 2, 1_048_575  # rows from 0: of the heads, and the last one of a sheet
HOW = tuple(f"how-{number}" for number in range(1, 8))
LEGEND = ("needed", "input", "told", "closed")  # styles that say what a cell is for
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
_STYLES: Mapping[str, dict[str, Any]] = {
    "plain": {},
    "title": {"bold": True, "font_size": 14, "font_color": "#1F4E5F"},
    "hint": {"font_color": "#666666", "italic": True},
    "head": {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E5F", "text_wrap": True, "border": 1, "align": "center"},
    "told": {"font_color": "#444444", "bg_color": "#F2F2F2", "text_wrap": True, "border": 1, "border_color": "#CCCCCC", "font_size": 9},
    "input": {"num_format": 49, "locked": False, "text_wrap": True, "border": 1, "border_color": "#CCCCCC"},
    "needed": {"num_format": 49, "locked": False, "text_wrap": True, "border": 1, "border_color": "#CCCCCC", "bg_color": "#FFF8DC"},
    "closed": {"bg_color": "#D9D9D9", "border": 1, "border_color": "#CCCCCC"},
    "number": {"valign": "top", "align": "right"},
    "line": {"text_wrap": True, "valign": "top"},
}  # fmt: skip
_OPEN = {"insert_rows": True, "delete_rows": True, "sort": True, "autofilter": True, "format_columns": True, "format_rows": True}  # fmt: skip


def opened(stream: io.BytesIO, options: dict[str, Any]) -> Any:
    """A new workbook of the library. Raises ModuleNotFoundError where xlsxwriter is not installed."""
    import xlsxwriter

    return xlsxwriter.Workbook(stream, options)


def workbook(layout: Layout, filling: Filling, title: Words) -> bytes:
    """The file. Raises ModuleNotFoundError where xlsxwriter is not installed."""
    stream = io.BytesIO()
    book = opened(stream, {**_SAFE, "default_format_properties": dict(_FONT)})
    book.set_properties({"title": both(title), "author": "guiju", "created": datetime(2000, 1, 1)})  # noqa: DTZ001  no clock
    made = _Book(book, layout)
    made.cover(layout.pages[0], title)
    for page in layout.pages[1:]:
        made.page(page, filling.get(page.id, []))
    made.hidden()
    book.close()
    return stream.getvalue()


class _Book:
    """A workbook that is being written: formats, and the lists that drop-downs refer to."""

    def __init__(self, book: Any, layout: Layout) -> None:
        self.book, self.layout = book, layout
        self.styles = {name: book.add_format({**_FONT, **style}) for name, style in _STYLES.items()}
        self.lists: dict[tuple[str, ...], int] = {}

    def cover(self, page: Page, title: Words) -> None:
        sheet = self.book.add_worksheet(page.name)
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 100)
        for row in (0, 1):
            sheet.set_row(row, 24)
        sheet.write_string(0, 0, title.zh, self.styles["title"])
        sheet.write_string(1, 0, title.en, self.styles["title"])
        facts = {
            "ruleset": self.layout.ruleset,
            "variant": self.layout.variant,
            "fingerprint": self.layout.fingerprint,
            "template": str(TEMPLATE),
        }
        for row, (name, text) in enumerate(facts.items(), 3):
            sheet.set_row(row, 18)
            sheet.write_string(row, 0, both(words(name)), self.styles["told"])
            sheet.write_string(row, 1, text, self.styles["told"])
        self.how(sheet, 4 + len(facts))
        sheet.protect("", _OPEN)
        _print(sheet, 0)

    def how(self, sheet: Any, row: int) -> None:
        """How to fill it in, beside it the numbers; below it what the colours mean."""
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, both(words("how")), self.styles["title"])
        for number, key in enumerate(HOW, 1):
            told = both(words(key), "\n")
            sheet.set_row(row + number, _height([(told, 100)]) + 6)
            sheet.write_string(row + number, 0, str(number), self.styles["number"])
            sheet.write_string(row + number, 1, told, self.styles["line"])
        row += len(HOW) + 2
        sheet.set_row(row, 24)
        sheet.write_string(row, 0, both(words("legend")), self.styles["title"])
        for index, style in enumerate(LEGEND, row + 1):
            sheet.set_row(index, 18)
            sheet.write_blank(index, 0, None, self.styles[style])
            sheet.write_string(index, 1, both(words(f"legend-{style}"), " · "), self.styles["line"])

    def page(self, page: Page, rows: Sequence[Mapping[str, str]]) -> None:
        sheet = self.book.add_worksheet(page.name)
        sheet.write_string(0, 0, both(page.title), self.styles["title"])
        for row in range(HEAD):
            sheet.set_row(row, (24, 18)[row], self.styles["plain"])
        if page.hint is not None:
            sheet.write_string(1, 0, both(page.hint), self.styles["hint"])
        sheet.set_row(HEAD, _height((column.head, column.width - 2) for column in page.columns) + 6)
        for number, column in enumerate(page.columns):
            open_column = not column.locked and page.kind not in ("inputs", "about")
            sheet.set_column(number, number, column.width, self.styles["input"] if open_column else None)
            sheet.write_string(HEAD, number, column.head, self.styles["head"])
            if column.remark:
                self.comment(sheet, HEAD, number, column.remark)
            if open_column:
                self.check(sheet, (HEAD + 1, LAST), number, column.options, column.item, _unit_beside(page, number))
        self.fixed(sheet, page, {row["name"]: row for row in rows if "name" in row})
        self.free(sheet, page, rows)
        sheet.freeze_panes(HEAD + 1, 2 if page.kind in ("inputs", "about") else 1)
        sheet.protect("", _OPEN)
        _print(sheet, HEAD)

    def fixed(self, sheet: Any, page: Page, rows: Mapping[str, Mapping[str, str]]) -> None:
        """The rows that the template brings along."""
        for index, line in enumerate(page.lines, HEAD + 1):
            given = {**line.values, **rows.get(line.cells.get("name", ""), {})}
            shown = {**line.cells, **given}
            sheet.set_row(
                index, max(30, _height((shown.get(column.name, ""), column.width) for column in page.columns))
            )
            for number, column in enumerate(page.columns):
                self.fixed_cell(sheet, index, number, (page, column, line), given)
            if line.remark:
                self.comment(sheet, index, 1, line.remark)

    def fixed_cell(
        self, sheet: Any, row: int, number: int, what: tuple[Page, Column, Line], given: Mapping[str, str]
    ) -> None:
        page, column, line = what
        if column.locked:
            sheet.write_string(row, number, line.cells.get(column.name, ""), self.styles["told"])
            return
        if column.name in line.closed and column.name not in given:
            sheet.write_blank(row, number, None, self.styles["closed"])
            return
        needed = column.name == "value" and line.required
        sheet.write_string(row, number, given.get(column.name, ""), self.styles["needed" if needed else "input"])
        item = line.item if column.name == "value" else None
        self.check(
            sheet, (row, row), number, line.options.get(column.name, column.options), item, _unit_beside(page, number)
        )

    def free(self, sheet: Any, page: Page, rows: Sequence[Mapping[str, str]]) -> None:
        """Rows of the case that stand below those of the template, or are all there are."""
        there = {line.cells.get("name") for line in page.lines}
        index = HEAD + 1 + len(page.lines)
        for row in rows:
            if page.lines and row.get("name") in there:
                continue
            sheet.set_row(index, max(18, _height((row.get(each.name, ""), each.width) for each in page.columns)))
            for number, column in enumerate(page.columns):
                if row.get(column.name):
                    sheet.write_string(index, number, row[column.name], self.styles["input"])
            index += 1

    def comment(self, sheet: Any, row: int, column: int, text: str) -> None:
        height = 18 * (2 + sum(1 + len(line) // 40 for line in text.split("\n")))
        sheet.write_comment(row, column, text, {"author": "guiju", "width": 340, "height": height, "font_size": 9})

    def check(
        self,
        sheet: Any,
        rows: tuple[int, int],
        column: int,
        options: Sequence[Option],
        item: Input | None,
        unit: int | None,
    ) -> None:
        """A drop-down, or what numbers and days must be. It warns: what is right in the end is said when the file is read."""
        rule: dict[str, Any] = {"error_type": "warning", "error_title": "guiju", "error_message": both(words("wrong"))}
        if options:
            rule |= {"validate": "list", "source": self.list_of(options)}
        elif item is not None and (formula := _formula(item, rows[0], column, unit)):
            rule |= {"validate": "custom", "value": formula}
        else:
            return
        if item is not None:
            rule |= {"input_title": item.title.zh[:30], "input_message": _message(item)}
        sheet.data_validation(rows[0], column, rows[1], column, rule)

    def list_of(self, options: Sequence[Option]) -> str:
        labels = tuple(option.label for option in options)
        index = self.lists.setdefault(labels, len(self.lists))
        letters = column_letters(index + 1)
        return f"={LIST_SHEET}!${letters}$1:${letters}${len(labels)}"

    def hidden(self) -> None:
        """The choices; and what machines call sheets and columns."""
        sheet = self.book.add_worksheet(LIST_SHEET)
        for labels, column in self.lists.items():
            for row, label in enumerate(labels):
                sheet.write_string(row, column, label)
        sheet.very_hidden()
        sheet = self.book.add_worksheet(MAP_SHEET)
        for row, cells in enumerate(_map(self.layout)):
            for column, text in enumerate(cells):
                sheet.write_string(row, column, text)
        sheet.very_hidden()


def _map(layout: Layout) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        ("guiju-template", str(TEMPLATE)),
        ("ruleset", layout.ruleset),
        ("fingerprint", layout.fingerprint),
        ("variant", layout.variant),
    ]
    for page in layout.pages:
        rows.append(("page", page.id, page.kind, page.name, str(HEAD)))
        for number, column in enumerate(page.columns):
            locked = "locked" if column.locked else "open"
            rows.append(("column", page.id, str(number), column.name, column.head, locked))
    return rows


def _unit_beside(page: Page, number: int) -> int | None:
    """The column in which the unit of a value may be said."""
    name = page.columns[number].name
    wanted = "unit" if name == "value" else f"{name}.unit"
    return next((index for index, column in enumerate(page.columns) if column.name == wanted), None)


def _formula(item: Input, row: int, column: int, unit: int | None) -> str:
    """What Excel is to hold a text cell to; limits only where the unit is that of the input. "" for nothing."""
    cell = f"{column_letters(column + 1)}{row + 1}"
    if item.type == "date":
        return f'=AND(LEN({cell})=10,MID({cell},5,1)="-",MID({cell},8,1)="-")'
    if item.unit is None:
        return ""
    parts = [f"ISNUMBER(VALUE({cell}))"]
    for limit, sign in ((item.min, ">="), (item.max, "<=")):
        if limit is not None:
            parts.append(f"VALUE({cell}){sign}{limit}")
    if item.type == "integer":
        parts.append(f"VALUE({cell})=INT(VALUE({cell}))")
    inside = f"AND({','.join(parts)})"
    if unit is None or len(parts) == 1:
        return f"={inside}"
    used = f"{column_letters(unit + 1)}{row + 1}"
    own = item.unit.replace('"', '""')
    return f'=IF(AND({used}<>"",{used}<>"{own}"),{parts[0]},{inside})'


def _message(item: Input) -> str:
    parts = [item.title.en, *([f"[{item.unit}]"] if item.unit else []), limits(item)]
    return " ".join(part for part in parts if part)[:250]


def _height(cells: Iterable[tuple[str, int]]) -> int:
    """Points that a row needs so that every text fits the width of its column."""
    needed = (sum(1 + columns(part) // max(width - 1, 1) for part in text.split("\n")) for text, width in cells if text)
    return min(400, 15 * max(needed, default=1))


def _print(sheet: Any, head: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    if head:
        sheet.repeat_rows(head)

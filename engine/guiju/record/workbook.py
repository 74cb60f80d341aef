"""Assessment → a workbook that calculates: sheets of inputs, parameters, tables and collections, and every formula of the plan as a
live formula over their cells. Each cell shows the exact value until the workbook is recalculated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guiju.evaluation.run import Assessment, value_data
from guiju.formula.domains.excel import Piece, Shelf, number, text_of
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import Rounding, arithmetic
from guiju.places import template_folder
from guiju.plan.facts import place_data
from guiju.plan.model import PlanNode
from guiju.record.calculation import Places, Writer, shelf
from guiju.record.grid import Grid, Span, Spot, letters, sheet_name
from guiju.record.result import result_sheet
from guiju.record.sheets import Sheet, serial, workbook
from guiju.report.wording import Wording
from guiju.ruleset.model import Input, Origin, Table

_TOLERANCE = "1E-9"
_EMPTY = NotComputed("empty-cell", "")  # of a table: shown as missing


@dataclass(frozen=True, slots=True)
class Layout:
    """The sheets, and where the value of every node stands: one cell, or the cells of a column."""

    sheets: tuple[Sheet, ...]
    values: Mapping[str, Spot]
    columns: Mapping[str, Span | None]


def live_workbook(assessment: Assessment) -> bytes:
    """The .xlsx file; the same assessment gives the same bytes. Raises TooLarge, and ModuleNotFoundError
    without the extra `excel`."""
    head = assessment.case.header
    return workbook(list(lay_out(assessment).sheets), f"{head.title.zh} {head.title.en}", head.end)


def lay_out(assessment: Assessment) -> Layout:
    """The sheets without the file."""
    with arithmetic():
        return _Desk(assessment).layout()


def both(key: str, **facts: object) -> str:
    """A word of the workbook in both languages."""
    zh, en = (Wording(template_folder() / "calculation" / "words.yaml", lang)(key, **facts) for lang in ("zh", "en"))
    return zh if zh == en else f"{zh} {en}"


def heads(*names: str) -> tuple[str, ...]:
    return tuple(both(f"head_{name}") for name in names)


class _Desk:
    """Fills one sheet after the other, in the order in which formulas need what stands there."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment, self.plan, self.values = assessment, assessment.plan, assessment.values
        self.taken = {"result", "inputs", "parameters", "tables", "calculation", "history"}
        self.shelves: dict[str, Shelf] = {}
        self.places = Places({}, {}, self.shelves)
        self.grids: dict[str, Grid] = {}  # by collection
        self.next: dict[str, int] = {}  # the first free column of a collection's sheet

    def layout(self) -> Layout:
        inputs, parameters, tables = self._inputs(), self._parameters(), self._tables()
        for name in self.plan.collections:
            self._collection(name)
        calculation = self._calculation()
        result = result_sheet(self.assessment, self.places.values, calculation, both, heads)
        grids = [result, inputs, parameters, tables, *self.grids.values(), calculation]
        return Layout(tuple(grid.sheet() for grid in grids), self.places.values, self.places.columns)

    # -- what is given ------------------------------------------------------------------------------------------------
    def _inputs(self) -> Grid:
        grid = Grid("inputs", (28, 26, 32, 18, 14, 18, 14, 40, 30), (3, 1))
        grid.put(0, 0, both("sheet_inputs"), "title")
        grid.line(
            2, heads("name", "title_zh", "title_en", "given", "unit", "used", "origin", "clause", "place"), "head"
        )
        kinds = ("context", "input", "evidence")
        for row, node in enumerate((node for node in self.plan.nodes.values() if node.kind in kinds), 3):
            item, given = self.plan.inputs.get(node.id), self.assessment.case.inputs.get(node.id)
            value = self.values[node.id]
            said = node.kind != "input" or (given is not None and given.value is not None)
            grid.line(row, (node.id, node.title.zh, node.title.en))
            grid.put(row, 3, value if said else None, "given")
            unit = None if node.unit in (None, "1") else node.unit
            grid.line(row, (unit,), column=4)
            self.places.values[node.id] = grid.put(row, 5, value, "value", used(f"D{row + 1}", item))
            origin = given.origin if given else None
            grid.line(row, (origin, source_text(node.origin), place_text(self.assessment, node)), "small", 6)
        return grid

    def _parameters(self) -> Grid:
        grid = Grid("parameters", (32, 30, 36, 18, 18, 12, 40, 30), (3, 1))
        grid.put(0, 0, both("sheet_parameters"), "title")
        grid.line(2, heads("name", "title_zh", "title_en", "used", "unit", "basis", "clause", "place"), "head")
        listed = [node for node in self.plan.nodes.values() if node.kind == "parameter" and node.id in self.plan.used]
        for row, node in enumerate(listed, 3):
            grid.line(row, (node.id, node.title.zh, node.title.en))
            self.places.values[node.id] = grid.put(row, 3, node.constant, "given")
            place = place_text(self.assessment, node)
            grid.line(row, (node.unit, node.origin.basis, source_text(node.origin), place), "small", 4)
        return grid

    def _tables(self) -> Grid:
        """The tables that formulas look into, one below the other; all columns of one are of the same rows."""
        grid = Grid("tables", (20,) * 10)
        grid.put(0, 0, both("sheet_tables"), "title")
        named = {use.target.partition(".")[0] for node in self.plan.formulas for use in node.uses if use.how == "cell"}
        row = 2
        for name, table in self.plan.tables.items():
            if name in named:
                self.shelves[name] = _table(grid, row, name, table, self.plan.lookups[name].cells)
                row += len(table.rows) + 5
        return grid

    def _collection(self, name: str) -> None:
        """Rows as given, beside them what is computed with; formulas that run once a row come to the right."""
        collection = self.plan.collections[name]
        grid = Grid(sheet_name(name, self.taken), (), (6, 1))
        self.grids[name] = grid
        grid.put(0, 0, f"{collection.title.zh} {collection.title.en}", "title")
        cells = self.assessment.case.collections.get(name)
        if cells is None:
            grid.put(1, 0, both("not_handed_in"), "small")
        used_ones = [
            each for each in collection.columns if f"{name}.{each}" in self.plan.used or each == collection.key
        ]
        for column, item in enumerate(collection.columns.values()):
            self._head(grid, column, self.plan.nodes[f"{name}.{item.id}"], both("head_given"))
            for row, entry in enumerate(cells or ()):
                given = entry.get(item.id)
                grid.put(6 + row, column, given.value if given else None, "given")
        for column, each in enumerate(used_ones, len(collection.columns)):
            id_ = f"{name}.{each}"
            self._head(grid, column, self.plan.nodes[id_], both("head_used"))
            source = letters(list(collection.columns).index(each))
            for row, value in enumerate(self.values[id_] if cells is not None else ()):
                grid.put(6 + row, column, value, "plain", used(f"{source}{7 + row}", collection.columns[each]))
            span = Span(Spot(grid.name, 6, column), len(cells or ()))
            self.places.columns[id_] = None if cells is None else span
        self.next[name] = len(collection.columns) + len(used_ones)

    def _head(self, grid: Grid, column: int, node: PlanNode, what: str) -> None:
        unit = None if node.unit in (None, "1") else node.unit
        for row, text in enumerate((node.id.partition(".")[2], node.title.zh, node.title.en, unit, what), 1):
            grid.put(row, column, text, "head")
        grid.widths = (*grid.widths, *(16,) * (column + 1 - len(grid.widths)))

    # -- what is computed ---------------------------------------------------------------------------------------------
    def _calculation(self) -> Grid:
        grid = Grid("calculation", (30, 28, 34, 60, 20, 14, 18, 20, 24, 12, 10, 36, 28), (3, 1))
        grid.put(0, 0, both("sheet_calculation"), "title")
        names = ("name", "title_zh", "title_en", "formula", "value", "unit", "before", "rounding", "recorded")
        grid.line(2, heads(*names, "same", "basis", "clause", "place", "step"), "head")
        writer = Writer(self.assessment, self.places)
        for row, node in enumerate(self.plan.formulas, 3):
            grid.line(row, (node.id, node.title.zh, node.title.en, node.written))
            unit = None if node.unit in (None, "1") else node.unit
            rounding = rounding_text(node.rounding)
            grid.line(row, (unit, None, rounding), "small", 5)
            place = place_text(self.assessment, node)
            grid.line(row, (node.origin.basis, source_text(node.origin), place), "small", 10)
            if node.per is None:
                self._single(writer, grid, row, node)
            else:
                where = self._rows(writer, node)
                grid.put(row, 4, both("see_rows", sheet=self.grids[node.per].name, column=where), "small")
        return grid

    def _single(self, writer: Writer, grid: Grid, row: int, node: PlanNode) -> None:
        column = [13]  # steps stand to the right

        def step(piece: Piece) -> Spot:
            column[0] += 1
            return grid.put(row, column[0] - 1, piece.value, "step", piece.text, array=piece.array)

        def before(piece: Piece) -> Spot:
            return grid.put(row, 6, piece.value, "plain", piece.text, array=piece.array)

        piece, value = writer.single(node, grid.name, step, before), self.values[node.id]
        spot = grid.put(row, 4, value, "value", piece.text, array=piece.array)
        self.places.values[node.id] = spot
        recorded = value_data(value)
        grid.put(row, 8, recorded if isinstance(recorded, (str, bool)) else "", "small")
        grid.put(row, 9, True, "small", same(spot.seen_from(grid.name), value))

    def _rows(self, writer: Writer, node: PlanNode) -> str:
        """The column of a formula that runs once a row; gives its letters."""
        name = str(node.per)
        grid, first = self.grids[name], self.next[name]
        counts: dict[int, int] = {}

        def put(row: int, piece: Piece) -> Spot:
            column = first + counts.get(row, 0)
            counts[row] = counts.get(row, 0) + 1
            return grid.put(6 + row, column, piece.value, "step", piece.text, array=piece.array)

        done: list[Piece] = []
        if self.assessment.case.collections.get(name) is not None:
            writer.rows(node, grid, put, lambda _row, piece: done.append(piece))
        column = first + max(counts.values(), default=0)
        for step in range(first, column):
            self._head(grid, step, node, both("head_step"))
        self._head(grid, column, node, node.written)
        for row, piece in enumerate(done):
            grid.put(6 + row, column, self.values[node.id][row], "value", piece.text, array=piece.array)
        self.next[name] = column + 1
        missing = self.assessment.case.collections.get(name) is None
        self.places.columns[node.id] = None if missing else Span(Spot(grid.name, 6, column), len(done))
        return letters(column)


def _table(grid: Grid, row: int, name: str, table: Table, cells: Mapping[str, tuple[Any, ...]]) -> Shelf:
    grid.put(row, 0, f"{name} · {table.title.zh} {table.title.en}", "title")
    kinds = {key.name: "text" if key.type == "text" else "number" for key in table.keys}
    kinds |= {column.name: column.type for column in table.columns.values()}
    spans: dict[str, tuple[Span, str]] = {}
    for column, (each, kind) in enumerate(kinds.items()):
        described = table.columns.get(each)
        unit = described.unit if described else None
        titles = (described.title.zh, described.title.en) if described else (None, None)
        for offset, text in enumerate((each, " ".join(filter(None, titles)), unit or ""), 1):
            grid.put(row + offset, column, text, "head")
        for offset, value in enumerate(cells[each], 4):
            grid.put(
                row + offset, column, _EMPTY if value is None else value, "plain" if described is None else "given"
            )
        spans[each] = (Span(Spot(grid.name, row + 4, column), len(table.rows)), kind)
    keys = [spans[key.name] for key in table.keys]
    return shelf(keys, spans, table.keys[-1].match)


def used(cell: str, item: Input | None) -> str:
    """What is computed with: the cell, its default where it is empty, else nothing."""
    default = None if item is None else item.default
    if item is not None and item.type == "date" and default is not None:
        default = date.fromisoformat(default)
    return f"IF(ISBLANK({cell}),{constant(default)},{cell})"


def constant(value: Any) -> str:
    if value is None:
        return "NA()"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, date):
        return str(serial(value))
    return number(value) if isinstance(value, Decimal) else text_of(str(value))


def same(cell: str, value: Any) -> str:
    """Whether a cell still shows what the assessment says."""
    if isinstance(value, NotComputed):
        return f"ISERROR({cell})"
    if isinstance(value, Decimal):
        wanted = number(value)
        size = wanted.lstrip("-") if value else "1"
        return f"IFERROR(ABS({cell}-({wanted}))<={_TOLERANCE}*{size},FALSE)"
    wanted = constant(value)
    return f"IFERROR({f'EXACT({cell},{wanted})' if isinstance(value, str) else f'{cell}={wanted}'},FALSE)"


def source_text(origin: Origin) -> str | None:
    parts = [part for part in (origin.source, origin.clause, origin.at) if part]
    return " · ".join(parts) or None


def place_text(assessment: Assessment, node: PlanNode) -> str | None:
    if not node.place.file:
        return None
    place = place_data(node.place, assessment.plan)
    return f"{place['file']}:{place['line']}"


def rounding_text(rounding: Rounding | None) -> str | None:
    return None if rounding is None else rounding.text()

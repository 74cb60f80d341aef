"""Workbook → Tables: sheets and columns are known by the hidden sheet, and must still be where it says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guiju.diagnostics.finding import Found, Place, column_letters
from guiju.diagnostics.nearest import nearest
from guiju.source.characters import is_control
from guiju.workbook.look import Odd, odd_cells
from guiju.workbook.model import MAP_SHEET, TEMPLATE, Cell, Record, Tables
from guiju.workbook.read_cells import Grid, UnreadableError, grids
from guiju.workbook.unpack import packed, unpack

READ = ("about", "facts", "inputs", "rows", "evidence", "settled", "details")  # kinds of sheets that are filled in
_FAR = 20  # how far down a head is looked for
_MOST_STRAY = 5


@dataclass(slots=True)
class _Expected:
    """A sheet as the hidden one describes it."""

    page: str
    kind: str
    name: str
    head: int  # row of the head, from 0
    columns: dict[int, tuple[str, str, bool]] = field(default_factory=dict)  # position -> name, head, locked


def read_workbook(raw: bytes, file: str, found: Found) -> Tables | None:
    """The tables of a filled workbook, or None after adding errors."""
    before, parts = found.mark(), unpack(raw, file, found)
    if parts is None:
        return None
    start = Place(file, 1, 1)
    try:
        workbook = packed(parts)
        listed = {grid.name: grid for grid in grids(workbook)}
        odd = odd_cells(parts, workbook)
    except UnreadableError as error:
        found.add("workbook.damaged", start, problem=" ".join(str(error).split())[:120])
        return None
    described = _described(listed.get(MAP_SHEET), start, found)
    if described is None:
        return None
    expected, fingerprint = described
    _sheets(expected, listed, file, found)
    reader = _Reader(file, odd, found)
    records, heads = dict[str, tuple[Record, ...]](), dict[str, Place]()
    for each in expected:
        if each.kind in READ and each.name in listed:
            heads[each.page] = Place(file, each.head + 1, 1, 1, each.name)
            records[each.page] = tuple(reader.table(each, listed[each.name]))
    return None if found.errors_since(before) else Tables(file, records, heads, fingerprint)


def _described(grid: Grid | None, start: Place, found: Found) -> tuple[list[_Expected], str] | None:
    """What the hidden sheet says, or None after adding a finding."""
    rows = grid.rows if grid is not None else ()
    if not rows or rows[0][:1] != ("guiju-template",):
        found.add("workbook.no-template", start)
        return None
    if rows[0][1] != str(TEMPLATE):
        found.add("workbook.template-version", start, version=rows[0][1][:20], known=TEMPLATE)
        return None
    try:
        return _pages(rows[1:])
    except (KeyError, ValueError, IndexError):  # somebody wrote in it
        found.add("workbook.no-template", start)
        return None


def _pages(rows: Iterable[Sequence[str]]) -> tuple[list[_Expected], str]:
    """Sheets with their columns, and the fingerprint. Raises KeyError, ValueError, IndexError where a row is not as it was written."""
    pages: dict[str, _Expected] = {}
    fingerprint = ""
    for tag, page, *rest in (row for row in rows if len(row) >= 2):
        if tag == "fingerprint":
            fingerprint = page
        elif tag == "page":
            pages[page] = _Expected(page, rest[0], rest[1], int(rest[2]))
        elif tag == "column":
            pages[page].columns[int(rest[0])] = (rest[1], rest[2], rest[3] == "locked")
    return list(pages.values()), fingerprint


def _sheets(expected: Sequence[_Expected], listed: Mapping[str, Grid], file: str, found: Found) -> None:
    """Sheets that are missing, and sheets that nobody reads."""
    names = {each.name for each in expected}
    more = [name for name, grid in listed.items() if name not in names and grid.visible and any(map(any, grid.rows))]
    for each in expected:
        if each.kind in READ and each.name not in listed:
            found.add("workbook.missing-sheet", Place(file, 1, 1), name=each.name, nearest=nearest(each.name, more))
    for name in more:
        found.add("workbook.unknown-sheet", Place(file, 1, 1, 1, name), name=name)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the sheets of one file."""

    file: str
    odd: Odd
    found: Found

    def table(self, expected: _Expected, grid: Grid) -> Iterator[Record]:
        """The filled rows of a sheet. Nothing where the head is not as it was."""
        if not self._head_is_there(expected, grid):
            return
        self._merged(grid)
        stray, seen = 0, bool(self.odd.formulas or self.odd.errors or self.odd.percents or grid.rounded)
        names = {n: name for n, (name, _, locked) in expected.columns.items() if not locked or name == "name"}
        columns = {name: position + 1 for position, name in names.items()}
        for index in range(expected.head + 1, len(grid.rows)):
            if seen:
                self._odd(expected, grid, index)
            cells: dict[str, Cell] = {}
            for position, text in enumerate(grid.rows[index]):
                if not text or not text.strip():
                    continue
                if position in names:
                    cells[names[position]] = Cell(text, Place(self.file, index + 1, position + 1, 1, grid.name))
                elif position not in expected.columns and stray < _MOST_STRAY:
                    stray += 1
                    self.found.add("workbook.stray", self._place(grid, index, position), text=text[:40])
            if cells:
                if is_control("".join(grid.rows[index])):
                    self._characters(cells)
                first = min(cell.place.column for cell in cells.values())
                yield Record(cells, Place(self.file, index + 1, first, 1, grid.name), columns)

    def _place(self, grid: Grid, row: int, column: int) -> Place:
        return Place(self.file, row + 1, column + 1, 1, grid.name)

    def _head_is_there(self, expected: _Expected, grid: Grid) -> bool:
        """Every head in its cell; findings say where it went."""
        rows = grid.rows
        line = rows[expected.head] if expected.head < len(rows) else ()
        wanted = {position: _plain(head) for position, (_, head, _) in expected.columns.items()}
        there = {position: _plain(text) for position, text in enumerate(line)}
        wrong = [position for position, head in wanted.items() if there.get(position, "") != head]
        if not wrong:
            return True
        moved = self._moved_row(wanted, rows)
        if moved is not None and moved != expected.head:
            here = self._place(grid, moved, 0)
            self.found.add("workbook.shifted-head", here, was=expected.head + 1, now=moved + 1)
            return False
        for position in wrong:
            self._wrong_head(position, wanted, there, self._place(grid, expected.head, position))
        return False

    @staticmethod
    def _moved_row(wanted: Mapping[int, str], rows: Sequence[Sequence[str]]) -> int | None:
        """Another row in which all heads stand as they should."""
        for index, row in enumerate(rows[:_FAR]):
            if all(position < len(row) and _plain(row[position]) == head for position, head in wanted.items()):
                return index
        return None

    def _wrong_head(self, position: int, wanted: Mapping[int, str], there: Mapping[int, str], place: Place) -> None:
        head = wanted[position]
        now = [other for other, text in there.items() if text == head and wanted.get(other) != head]
        if now:
            self.found.add("workbook.shifted-column", place, head=head, now=f"{column_letters(now[0] + 1)}{place.line}")
        elif there.get(position, "") not in wanted.values():
            self.found.add("workbook.renamed-column", place, head=head, now=there.get(position, "")[:60])
        else:
            self.found.add("workbook.missing-column", place, head=head)

    def _merged(self, grid: Grid) -> None:
        for (top, left), (bottom, right) in grid.merged:
            area = f"{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"
            self.found.add("workbook.merged", self._place(grid, top, left), area=area)

    def _odd(self, expected: _Expected, grid: Grid, row: int) -> None:
        """Formulas that were never computed, errors, percent formats, digits that were lost."""
        for position in expected.columns:
            spot = (grid.name, row, position)
            text = grid.rows[row][position] if position < len(grid.rows[row]) else ""
            if spot in self.odd.formulas and not text:
                self.found.add("workbook.formula-empty", self._place(grid, row, position))
            if self.odd.errors and spot in self.odd.errors:
                self.found.add("workbook.error-cell", self._place(grid, row, position), text=self.odd.errors[spot])
            if spot in self.odd.percents:
                self.found.add("workbook.percent", self._place(grid, row, position), text=text)
            if (row, position) in grid.rounded:
                self.found.add("workbook.lost-digits", self._place(grid, row, position), text=text)

    def _characters(self, cells: Mapping[str, Cell]) -> None:
        for cell in cells.values():
            if is_control(cell.text):
                sign = next(each for each in cell.text if is_control(each))
                self.found.add("source.control-character", cell.place, character=f"U+{ord(sign):04X}", name="")


def _plain(text: str) -> str:
    """A head without the line break inside it."""
    return " ".join(text.split())

"""CSV files → Tables: one file per table, its name that of the table: case, facts, inputs, evidence, settled, details, or a collection."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.places import shown
from guiju.source.characters import is_control
from guiju.source.files import read_text_file
from guiju.workbook.model import Cell, Layout, Page, Record, Tables

FIXED = ("case", "facts", "inputs", "evidence", "settled", "details")
_SIGNS = (",", ";", "\t")


def csv_paths(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")


def read_csv(paths: Sequence[Path], found: Found) -> Tables | None:
    """All files, or None after adding errors. Heads are still as written: `named` knows them."""
    before = found.mark()
    records, heads = dict[str, tuple[Record, ...]](), dict[str, Place]()
    for path in paths:
        file = shown(path)
        text = read_text_file(path, file, found)
        if text is None:
            continue
        table = "inputs.csv" if path.stem == "inputs" else path.stem
        place = Place(file, 1, 1, 1, "")
        if table in heads:
            found.add("workbook.same-name", place, related=[("first", heads[table])], name=path.name)
            continue
        heads[table] = place
        records[table] = _records(text.removeprefix("\ufeff"), file, found)
    stems = [path.stem for path in paths]
    if "case" not in stems:  # without it nobody knows the ruleset, and every field would be found missing by itself
        found.add("workbook.csv-no-case", Place(shown(paths[0]), 1, 1, 1, ""), nearest=nearest("case", stems))
    return None if found.errors_since(before) else Tables(shown(paths[0]), records, heads)


def _records(text: str, file: str, found: Found) -> tuple[Record, ...]:
    head = text.partition("\n")[0]
    sign = max(_SIGNS, key=head.count)  # the first of those that are equally frequent
    rows: list[list[str]] = []
    lines = [1]  # where each row begins: a cell may have several lines
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    try:
        for row in reader:
            rows.append(row)
            lines.append(reader.line_num + 1)
    except csv.Error as error:
        found.add("workbook.csv-broken", Place(file, lines[-1], 1, 1, ""), problem=str(error))
        return ()
    names = [name.strip() for name in rows[0]] if rows else []
    if not any(names):
        found.add("workbook.csv-no-head", Place(file, 1, 1, 1, ""))
        return ()
    for column, name in enumerate(names):
        if name and names.index(name) != column:
            first = Place(file, 1, names.index(name) + 1, 1, "")
            found.add("workbook.same-name", Place(file, 1, column + 1, 1, ""), related=[("first", first)], name=name)
    filled = (_record(names, row, line, file, found) for line, row in zip(lines[1:], rows[1:], strict=False))
    return tuple(record for record in filled if record is not None)


def _record(names: Sequence[str], row: Sequence[str], line: int, file: str, found: Found) -> Record | None:
    cells: dict[str, Cell] = {}
    for column, text in enumerate(row):
        place = Place(file, line, column + 1, 1, "")
        name = names[column] if column < len(names) else ""
        if not text.strip():
            continue
        if is_control(text):
            sign = next(each for each in text if is_control(each))
            found.add("source.control-character", place, character=f"U+{ord(sign):04X}", name="")
        elif not name:
            found.add("workbook.csv-extra-cell", place, text=text[:40])
        else:
            cells[name] = Cell(text, place)
    columns = {name: column for column, name in enumerate(names, 1) if name}
    return Record(cells, Place(file, line, 1, 1, ""), columns) if cells else None


def named(tables: Tables, layout: Layout, found: Found) -> Tables:
    """Heads by their machine names; they may also be written as in the workbook, in Chinese or English."""
    pages = {page.id: page for page in layout.pages}
    inputs = next((page for page in layout.pages if page.kind == "inputs"), None)
    if inputs is not None:
        pages["inputs.csv"] = inputs
    records = dict(tables.records)
    for table, listed in tables.records.items():
        if table not in pages or pages[table].kind in ("cover", "rubric"):
            there = [*FIXED, *(page.id for page in layout.pages if page.kind == "rows")]
            found.add("workbook.csv-table", tables.heads[table], name=table, nearest=nearest(table, there), there=there)
            continue
        names = _names(pages[table])
        known = {column.name for column in pages[table].columns}
        unknown = {name: cell.place for record in listed for name, cell in record.cells.items() if name not in names}
        for name, place in unknown.items():
            here = replace(place, line=1)
            found.add("workbook.csv-column", here, name=name, nearest=nearest(name, sorted(known)), there=sorted(known))
        _note_twice(listed, names, found)
        records[table] = tuple(
            replace(
                record,
                cells={names.get(name, name): cell for name, cell in record.cells.items()},
                columns={names.get(name, name): column for name, column in record.columns.items()},
            )
            for record in listed
        )
    return replace(tables, records=records)


def _note_twice(records: Sequence[Record], names: Mapping[str, str], found: Found) -> None:
    """Two heads that are two names of one column: one of its two cells would be lost."""
    meant: dict[str, tuple[str, Place]] = {}
    for record in records:
        for head, cell in record.cells.items():
            name, place = names.get(head, head), replace(cell.place, line=1)
            first = meant.setdefault(name, (head, place))
            if first[0] != head:
                found.add("workbook.same-name", place, related=[("first", first[1])], name=name)
                return


def _names(page: Page) -> Mapping[str, str]:
    """Every way to write a head that can mean one column only → its machine name."""
    meant: dict[str, set[str]] = {}
    for column in page.columns:
        for text in (column.title.zh, column.title.en, " ".join(column.head.split())):
            meant.setdefault(text, set()).add(column.name)
    titles = {text: names.pop() for text, names in meant.items() if len(names) == 1}
    return {**titles, **{column.name: column.name for column in page.columns}}

"""A layout: which sheets a workbook has and what stands in their columns. And what was read: records of cells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from guiju.diagnostics.finding import Place
from guiju.ruleset.model import Input, Words

TEMPLATE = 2  # version of the layout that is written and read
UNKNOWN = "(未知 unknown)"  # a value that is handed in as not known
DETAILS = (
    "origin",
    "source",
    "tier",
    "uncertainty",
    "evidence",
    "note",
    "reason",
)  # what a value says besides value and unit
OF_NUMBERS = ("tier", "uncertainty")  # details that only numbers have
TITLES = (
    "title",
    "subject.name",
    "subject.built_on",
    "report.client",
    "report.assessor",
    "report.aim",
)  # in two cells of the sheet about the case
WHOLE_ROW = "row"  # before the name of a detail that holds for the cells of a row: row.origin
MAP_SHEET, LIST_SHEET = "_guiju", "_lists"  # hidden: machine names, choices

Kind = Literal["cover", "about", "facts", "inputs", "rows", "evidence", "settled", "details", "rubric"]


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a drop-down: the value of the data, and what is shown for it."""

    key: str
    title: Words | None = None

    @property
    def label(self) -> str:
        if self.title is None:
            return self.key
        return self.title.zh if self.title.zh == self.title.en else f"{self.title.zh} {self.title.en}"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet; `name` is what the hidden sheet, CSV files and findings call it."""

    name: str
    title: Words
    width: int = 14
    locked: bool = False
    item: Input | None = None  # of a column that holds values of a collection
    options: tuple[Option, ...] = ()
    remark: str = ""  # shown as a comment on its head

    @property
    def head(self) -> str:
        return f"{self.title.zh}\n{self.title.en}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row that the template brings along: of an input, or of a field of the case."""

    cells: Mapping[str, str]  # by column, locked
    item: Input | None = None
    options: Mapping[str, tuple[Option, ...]] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)  # filled in, to be changed
    closed: frozenset[str] = frozenset()  # columns in which this row has nothing to say
    remark: str = ""
    required: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet: its id in the hidden sheet (also the name of the CSV file), its name, columns and fixed rows."""

    id: str
    kind: Kind
    name: str
    title: Words
    columns: tuple[Column, ...]
    lines: tuple[Line, ...] = ()
    hint: Words | None = None  # what belongs in it, shown below its title


@dataclass(frozen=True, slots=True)
class Layout:
    """All sheets of the workbook of a plan, in order."""

    ruleset: str
    fingerprint: str
    variant: str
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell, as text: numbers as the shortest decimal that is that number."""

    text: str
    place: Place


@dataclass(frozen=True, slots=True)
class Record:
    """One filled row of a table: its cells by the name of their column."""

    cells: Mapping[str, Cell]
    place: Place
    columns: Mapping[str, int] = field(default_factory=dict)  # from 1, of empty cells as well

    def at(self, name: str) -> Place:
        """Where a cell stands, or would stand."""
        if name in self.cells:
            return self.cells[name].place
        return replace(self.place, column=self.columns[name]) if name in self.columns else self.place


@dataclass(frozen=True, slots=True)
class Tables:
    """What was read from a workbook or from CSV files: tables by id, each with the place of its head."""

    file: str
    records: Mapping[str, tuple[Record, ...]]
    heads: Mapping[str, Place]
    fingerprint: str | None = None

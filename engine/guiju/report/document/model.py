"""ReportView: what a report shows, heading by heading; words and already rounded numbers, the same for every format."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guiju.diagnostics.language import Language
from guiju.report.document.maths import Part
from guiju.report.model import Shade

Align = Literal["left", "right"]
Style = Literal["plain", "note", "strong", "warn"]
RowKind = Literal["plain", "block", "total", "dim", "poor", "chosen"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    style: Style = "plain"


@dataclass(frozen=True, slots=True)
class Items:
    """A list with marks."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`share` is the part of the width, relative to the other columns."""

    title: str
    share: int
    align: Align = "left"


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[str, ...]
    kind: RowKind = "plain"


@dataclass(frozen=True, slots=True)
class Table:
    """Without titles of columns it has no head: pairs of names and texts."""

    number: str
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture, drawn once for every format; sizes in pixels."""

    number: str
    caption: str
    alt: str
    svg: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Calculation:
    """One step: what is computed, the formula in words, the numbers put in, the result, where it comes from."""

    title: str
    formula: Part
    numbers: Part | None
    result: str
    source: str


Block = Paragraph | Items | Table | Figure | Calculation


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands below it; `level` 1 is a chapter."""

    number: str
    title: str
    level: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Cover:
    """The first page. `level` is the large word of the grade, `shade` its colour; `banner` and, on
    every page, `mark` say that something is invented."""

    banner: str
    mark: str
    title: str
    subject: str
    grade_title: str
    level: str
    shade: Shade
    headline: str
    because: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Seal:
    """What a report can be held against years later: the SHA-256 of the assessment (canonical JSON, as attached and as in a
    package), and the head of the log as it was when the report was made."""

    assessment: str
    entries: int | None = None
    head: str | None = None


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole report in one language. `head` and `foot` stand on every page, `day` (ISO) is that of the report, else
    the last of the period: files have no other time."""

    lang: Language
    title: str
    contents: str
    cover: Cover
    sections: tuple[Section, ...]
    head: str
    foot: str
    page: str
    author: str
    day: str
    unshown: str
    attached: str

"""Rows of a scorecard → lines in columns, for a screen of a given width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guiju.diagnostics.show import columns
from guiju.report.layout import aligned, left, right, wrap
from guiju.report.model import GateRow, IndicatorRow, ResultRow, ScorecardView
from guiju.report.wording import Wording

BAR = 10
_GAP = "  "
_NARROWEST, _WORDS, _LEAST_CELL = 14, 22, 8


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs for lines, bars and marks: drawn ones for a terminal, plain ones for a pipe."""

    rule: str
    full: str
    half: str
    track: str
    badge: str
    yes: str
    no: str
    unknown: str
    off: str
    arrow: str
    dash: str
    deciding: str
    section: str
    gap: str = _GAP


DRAWN = Glyphs("─", "━", "╸", "─", "●", "✓", "✗", "?", "○", "→", "·", "▶", "▌")
PLAIN = Glyphs("-", "#", "", ".", "*", "+", "x", "?", "o", "->", "-", ">", "#")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table. `style` is the style of the text; bar and track stand behind it."""

    text: str
    style: str
    bar: str = ""
    track: str = ""
    bar_style: str = ""
    last: bool = False


def tone(filled: int) -> str:
    """The colour of a share of full marks."""
    return "good" if filled >= 800 else "fair" if filled >= 600 else "poor"


@dataclass(frozen=True, slots=True)
class Widths:
    """How wide the columns of the indicators are; `numbers` are score, weight and contribution."""

    number: int
    title: int
    value: int
    unit: int
    numbers: tuple[int, ...]


def indicator_table(view: ScorecardView, width: int, glyphs: Glyphs, say: Wording) -> tuple[Line, list[Line]]:
    """The head and the rows of the indicators; the root comes last, as the sum does."""
    rows = [*(row for row in view.indicators if row.depth), *(row for row in view.indicators if not row.depth)]
    names = ("score", "weight", "contribution") if any(row.contribution for row in rows) else ("score", "weight")
    heads = [say(f"head_{name}") for name in names]
    cells = [aligned([getattr(row, name) for row in rows]) for name in names]
    values = aligned([row.value for row in rows])
    numbers = tuple(max(map(columns, (head, *column))) for head, column in zip(heads, cells, strict=True))
    sizes = _widths(rows, values, numbers, width, say)
    title = left(say("head_indicator"), sizes.title) + _GAP + right(say("head_value"), sizes.value)
    head = " " * (sizes.number + 1) + title + " " * (1 + sizes.unit) + _tail(heads, sizes)
    lines = []
    for index, row in enumerate(rows):
        figure = right(values[index], sizes.value) + " " + left(row.unit, sizes.unit)
        raw = figure if row.value else left(row.unit, sizes.value + 1 + sizes.unit)
        lines += _row(row, raw, _tail([column[index] for column in cells], sizes), sizes, width, glyphs)
    return Line(head.rstrip(), "dim"), lines


def _tail(cells: Sequence[str], sizes: Widths) -> str:
    return "".join(_GAP + right(cell, size) for cell, size in zip(cells, sizes.numbers, strict=True))


def _widths(
    rows: Sequence[IndicatorRow], values: Sequence[str], numbers: tuple[int, ...], width: int, say: Wording
) -> Widths:
    """Numbers and units get what they need; the title gets the rest. Levels in words stand across value and unit."""
    number = max((columns(row.no) for row in rows), default=0)
    value = max(columns(say("head_value")), *map(columns, values), 0)
    unit = max((columns(row.unit) for row in rows if row.value), default=0)
    words = min(_WORDS, max((columns(row.unit) for row in rows if not row.value), default=0))
    unit = max(unit, words - value - 1)
    rest = number + value + unit + 2 + sum(numbers) + len(_GAP) * (len(numbers) + 2) + BAR
    longest = max((columns(row.title) + _indent(row) for row in rows if row.value or row.unit), default=0)
    return Widths(number, max(_NARROWEST, min(width - rest, longest)), value, unit, numbers)


def _indent(row: IndicatorRow) -> int:
    return 2 * max(0, row.depth - 1)


def _row(row: IndicatorRow, raw: str, tail: str, sizes: Widths, width: int, glyphs: Glyphs) -> list[Line]:
    """The line of an indicator, and what does not fit into it below. Without a value the title may take its place."""
    number, title = sizes.number, sizes.title
    if not raw.strip():
        title, raw = title + len(_GAP) + columns(raw), ""
    pieces = wrap(row.title, title - _indent(row))
    style = {"block": "strong", "leaf": "", "left_out": "dim", "missing": "poor"}[row.state]
    text = left(row.no, number) + " " + left(" " * _indent(row) + pieces[0], title) + (_GAP + raw if raw else "") + tail
    indent = " " * (number + 1 + _indent(row))
    lines = [Line(text, style, *_bar(row, glyphs), last=not row.depth)]
    lines += [Line(indent + piece, style) for piece in pieces[1:]]
    lead = f"{indent}{glyphs.dash} "
    for index, piece in enumerate(wrap(row.remark, max(_NARROWEST, width - columns(lead))) if row.remark else ()):
        lines.append(Line((lead if index == 0 else " " * columns(lead)) + piece, "dim"))
    return lines


def _bar(row: IndicatorRow, glyphs: Glyphs) -> tuple[str, str, str]:
    if row.state in ("left_out", "missing"):
        return "", "", ""
    steps = row.filled * BAR * 2 // 1000
    bar = glyphs.full * (steps // 2) + (glyphs.half if steps % 2 else "")
    return bar, glyphs.track * (BAR - len(bar)), tone(row.filled)


def result_table(results: Sequence[ResultRow], width: int) -> list[Line]:
    """Titles, and values below each other."""
    values = aligned([result.value for result in results])
    value, unit = (max(map(columns, texts), default=0) for texts in (values, [f.unit for f in results if f.value]))
    longest = max((columns(result.title) for result in results), default=0)
    title = max(_NARROWEST, min(longest, width - value - unit - 5))
    lines = []
    for result, number in zip(results, values, strict=True):
        first, *rest = wrap(result.title, title)
        told = f"{right(number, value)} {result.unit}" if result.value else result.unit
        style = "" if result.known else "poor"
        lines.append(Line(f"  {left(first, title)}{_GAP}{told}".rstrip(), style))
        lines += [Line(f"  {piece}", style) for piece in rest]
    return lines


def gate_table(gates: Sequence[GateRow], width: int, glyphs: Glyphs, say: Wording) -> list[Line]:
    """The conditions of the grade in columns."""
    with_bands = [gate for gate in gates if gate.band]
    figures = iter(aligned([gate.figure for gate in with_bands]))
    heads = [say(f"head_{name}") for name in ("gate", "figure", "compared", "band", "level", "basis")]
    table: list[list[str]] = [heads]
    for gate in gates:
        figure = f"{next(figures)} {gate.unit}".rstrip() if gate.band else gate.figure
        table.append([gate.title, figure, gate.compared, gate.band, gate.level, gate.basis])
    if not any(gate.compared for gate in gates):
        table = [[*cells[:2], *cells[3:]] for cells in table]
    widths = _fitted([max(columns(cells[index]) for cells in table) for index in range(len(table[0]))], width)
    lines = [Line(text, "dim") for text in _wrapped(table[0], widths, " ")]
    for gate, cells in zip(gates, table[1:], strict=True):
        mark = glyphs.deciding if gate.deciding else " "
        lines += [Line(text, _gate_style(gate)) for text in _wrapped(cells, widths, mark)]
        if gate.remark:
            lines.append(Line(f"    {glyphs.dash} {gate.remark}", "fair"))
    return lines


def _wrapped(cells: Sequence[str], widths: Sequence[int], mark: str) -> list[str]:
    """The lines of one row, each cell within its column; the mark stands before the first."""
    columns_ = [wrap(cell, size) for cell, size in zip(cells, widths, strict=True)]
    lines = []
    for index in range(max(map(len, columns_))):
        parts = [
            left(column[index] if index < len(column) else "", size)
            for column, size in zip(columns_, widths, strict=True)
        ]
        lines.append(f"{mark if index == 0 else ' '} {_GAP.join(parts)}".rstrip())
    return lines


def _fitted(widths: list[int], width: int) -> list[int]:
    """The widest columns give way where all together are too wide."""
    surplus = sum(widths) + len(_GAP) * len(widths) - width
    fitted = list(widths)
    while surplus > 0 and max(fitted) > _LEAST_CELL:
        widest = fitted.index(max(fitted))
        fitted[widest] -= 1
        surplus -= 1
    return fitted


def _gate_style(gate: GateRow) -> str:
    return {"off": "dim", "no": "poor", "unknown": "poor"}.get(gate.mark, "strong" if gate.deciding else "")

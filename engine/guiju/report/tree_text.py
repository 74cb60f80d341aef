"""A tree of numbers → lines for a screen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from guiju.diagnostics.show import columns
from guiju.report.layout import left, wrap
from guiju.report.trace import TraceNode, TraceRow
from guiju.report.wording import Wording

Paint = Callable[[str, str], str]
_LEAST = 30  # columns that text keeps however deep it stands


@dataclass(frozen=True, slots=True)
class Branches:
    """The lines of a tree: drawn, or plain for a pipe."""

    fork: str
    last: str
    pass_by: str
    none: str = "   "


DRAWN = Branches("├─ ", "└─ ", "│  ")
PLAIN = Branches("|- ", "`- ", "|  ")


@dataclass(frozen=True, slots=True)
class Sheet:
    width: int
    branches: Branches
    say: Wording
    paint: Paint


def tree_lines(node: TraceNode, sheet: Sheet, first: str = "", rest: str = "") -> Iterator[str]:
    """The lines of a node and of all below it. `first` stands before its first line, `rest` before the others."""
    yield from _head(node, sheet, first, rest)
    below = bool(node.children or node.hidden)
    inner = rest + (sheet.branches.pass_by if below else sheet.branches.none)
    yield from _facts(node.facts, sheet, inner)
    for row in node.rows:
        yield from _row(row, sheet, inner)
    if node.more_rows:
        yield inner + sheet.paint(sheet.say("more_rows", count=node.more_rows), "dim")
    for index, child in enumerate(node.children):
        ends = index == len(node.children) - 1
        fork = sheet.branches.last if ends else sheet.branches.fork
        after = sheet.branches.none if ends else sheet.branches.pass_by
        yield from tree_lines(child, sheet, rest + fork, rest + after)
    if node.hidden:
        yield rest + sheet.branches.last + sheet.paint(sheet.say.count("deeper", node.hidden), "dim")


def _head(node: TraceNode, sheet: Sheet, first: str, rest: str) -> Iterator[str]:
    tail = f"  {sheet.say('shown_above')}" if node.again else ""
    text = f"{node.title} = {node.value}{tail}"
    room = max(_LEAST, sheet.width - columns(rest) - columns(node.id) - 2)
    lines = wrap(text, room)
    if len(lines) == 1:
        yield first + sheet.paint(node.id, "strong") + "  " + text
        return
    yield first + sheet.paint(node.id, "strong")
    inner = rest + (sheet.branches.pass_by if node.children or node.hidden else sheet.branches.none)
    for line in wrap(text, max(_LEAST, sheet.width - columns(inner))):
        yield inner + line


def _facts(facts: tuple[tuple[str, str], ...], sheet: Sheet, inner: str) -> Iterator[str]:
    size = max((columns(label) for label, _ in facts), default=0)
    for label, text in facts:
        for index, line in enumerate(wrap(text, max(_LEAST, sheet.width - columns(inner) - size - 2))):
            yield inner + sheet.paint(left(label if index == 0 else "", size), "dim") + "  " + line


def _row(row: TraceRow, sheet: Sheet, inner: str) -> Iterator[str]:
    yield f"{inner}[{sheet.paint(row.key, 'strong')}] = {row.value}"
    yield from _facts(row.facts, sheet, inner + "    ")

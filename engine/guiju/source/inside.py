"""From a character of a scalar to its place in the file: errors in a formula point into the formula."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TypeAlias

from guiju.diagnostics.finding import Place
from guiju.source.node import Node

Locate: TypeAlias = Callable[[int, int], Place]
# Line and column of one character, counted from 0 in the scalar's own lines, and its width in the file.
_Spot: TypeAlias = tuple[int, int, int]

_ESCAPE = re.compile(r"\\(?:x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_EMPTY_LINES = re.compile(r"\n+")


def inside(node: Node, offset: int, length: int) -> Place:
    """The place of `length` characters of `node.text` from `offset` on, at most to the end of their line."""
    return locator(node)(offset, length)


def locator(node: Node) -> Locate:
    """`inside` for many questions about one node."""
    place = node.place
    if not node.raw:
        lead = 1 if node.style in ("single", "double") else 0

        def side_by_side(offset: int, length: int) -> Place:
            offset = min(offset, len(node.text))
            length = max(min(length, len(node.text) - offset), 1)
            return Place(place.file, place.line, place.column + lead + offset, length)

        return side_by_side
    spots = _spots(node)

    def looked_up(offset: int, length: int) -> Place:
        if not spots:
            return place
        line, column, width = spots[min(offset, len(spots) - 1)]
        if offset >= len(spots):
            column, width = column + width, 1
        for other_line, other_column, other_width in spots[offset : offset + length]:
            if other_line != line:
                break
            width = other_column + other_width - column
        first = place.column if line == 0 else 1
        return Place(place.file, place.line + line, first + column, max(width, 1))

    return looked_up


def _spots(node: Node) -> list[_Spot]:
    """One spot for every character of the text; none when the text cannot be followed in the file."""
    walk = _block if node.style in ("literal", "folded") else _flow
    lines = node.raw.splitlines()
    try:
        spots = walk(node.text, lines, node.style)
    except IndexError:
        return []
    # What stands there must be the text itself, apart from escapes and line breaks.
    followed = all(
        width > 1 or sign in " \n" or lines[line][column : column + 1] == sign
        for sign, (line, column, width) in zip(node.text, spots, strict=True)
    )
    return spots if followed else []


def _flow(text: str, lines: Sequence[str], style: str) -> list[_Spot]:
    """Plain and quoted text: blanks around line breaks vanish, a break becomes a blank."""
    spots: list[_Spot] = []
    line, column = 0, 0 if style == "plain" else 1
    while len(spots) < len(text):
        rest = lines[line][column:]
        if not rest.strip(" "):
            # The break itself stands for the blank or the line breaks that follow in the text.
            count = 1 if text[len(spots)] == " " else _line_breaks(text, len(spots))
            spots.extend([(line, len(lines[line].rstrip(" ")), 1)] * count)
            line, column = _next_text(lines, line + 1)
        elif style == "double" and rest == "\\":
            # An escaped line break stands for nothing; empty lines after it still count.
            spots.extend([(line, column, 1)] * _line_breaks(text, len(spots)))
            line, column = _next_text(lines, line + 1)
        else:
            width = _width(rest, style)
            spots.append((line, column, width))
            column += width
    return spots


def _width(rest: str, style: str) -> int:
    """How many characters of the file stand for the next one of the text."""
    if style == "single" and rest.startswith("''"):
        return 2
    if style == "double" and rest.startswith("\\"):
        escape = _ESCAPE.match(rest)
        return len(escape.group()) if escape else 1
    return 1


def _line_breaks(text: str, start: int) -> int:
    match = _EMPTY_LINES.match(text, start)
    return len(match.group()) if match else 0


def _next_text(lines: Sequence[str], line: int) -> tuple[int, int]:
    """The next line that is not blank, and where its text begins."""
    while not lines[line].strip(" "):
        line += 1
    return line, len(lines[line]) - len(lines[line].lstrip(" "))


def _block(text: str, lines: Sequence[str], style: str) -> list[_Spot]:
    """Literal and folded text: every line but the first, which holds the sign, without its indentation."""
    indent = _indent(text, lines)
    spots: list[_Spot] = []
    line = 1
    while len(spots) < len(text):
        content = lines[line][indent:]
        spots.extend((line, indent + column, 1) for column in range(len(content)))
        end = (line, indent + len(content), 1)
        if len(spots) == len(text):
            break
        if style == "folded" and content and text[len(spots)] == " ":
            spots.append(end)
            line += 1
            continue
        # A literal has one break for each line; folding swallows some, so there the whole run is taken.
        count = 1 if style == "literal" else _line_breaks(text, len(spots))
        if count == 0:
            raise IndexError
        spots.extend([end] * count)
        line += 1
        while style == "folded" and line < len(lines) and not lines[line][indent:]:
            line += 1
    return spots


def _indent(text: str, lines: Sequence[str]) -> int:
    """The first line with text tells: what stands before the text is indentation."""
    first = text.lstrip("\n")
    blanks = len(first) - len(first.lstrip(" "))
    if not first.strip(" "):
        return 0
    for line in lines[1:]:
        if line.strip(" "):
            return len(line) - len(line.lstrip(" ")) - blanks
    return 0

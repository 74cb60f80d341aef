"""Markdown → what of it can be run: fenced blocks, tables, links. Each keeps its line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FENCE = re.compile(r"^ *```(\w*) *([^`]*)$")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)|<img[^>]* src=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6} +(.*?) *#*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: language, what else stands behind the language, text, line of its first line."""

    language: str
    info: str
    text: str
    line: int

    @property
    def head(self) -> str:
        return self.text.split("\n", 1)[0]

    @property
    def rest(self) -> str:
        return self.text.partition("\n")[2]


@dataclass(frozen=True, slots=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]  # line and cells


def blocks(text: str) -> list[Block]:
    found: list[Block] = []
    opened: tuple[str, str, int, list[str]] | None = None
    for number, line in enumerate(text.split("\n"), 1):
        fence = FENCE.match(line)
        if opened is None and fence:
            opened = (fence[1], fence[2], number + 1, [])
        elif opened is not None and line.strip() == "```":
            found.append(Block(opened[0], opened[1], "\n".join([*opened[3], ""]), opened[2]))
            opened = None
        elif opened is not None:
            opened[3].append(line)
    assert opened is None, "a fenced block is not closed"
    return found


def outside(text: str) -> list[tuple[int, str]]:
    """The lines that stand in no fenced block."""
    lines, inside = [], False
    for number, line in enumerate(text.split("\n"), 1):
        if FENCE.match(line):
            inside = not inside
        elif not inside:
            lines.append((number, line))
    return lines


def tables(text: str) -> list[Table]:
    found: list[Table] = []
    rows: list[tuple[int, tuple[str, ...]]] = []
    for number, line in [*outside(text), (0, "")]:
        if line.startswith("|"):
            rows.append(
                (number, tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]))
            )
        elif rows:
            found.append(Table(rows[0][1], tuple(rows[2:])))
            rows = []
    return found


def code(cell: str) -> str:
    """The text of a cell that is written as `code`."""
    return cell.strip("`")


def links(text: str) -> list[tuple[int, str]]:
    return [(number, match[1] or match[2]) for number, line in outside(text) for match in LINK.finditer(line)]


def anchors(path: Path) -> set[str]:
    """What a link can point to inside a document: its headings as GitHub names them."""
    found = set()
    for _, line in outside(path.read_text(encoding="utf-8")):
        heading = HEADING.match(line)
        if heading:
            words = re.sub(r"[^\w\- ]", "", heading[1].replace("`", "").lower())
            found.add(words.replace(" ", "-"))
    return found

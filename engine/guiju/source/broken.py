"""A parser's complaint → a finding that says what to do. The parser's own words stay as a fact."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from guiju.diagnostics.finding import Found, Place
from guiju.source.lookalike import Lookalike, in_broken_line


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the parser says; lines and columns are 0-based, and -1 where it gives none."""

    problem: str
    context: str
    line: int
    column: int
    context_line: int
    context_column: int


# The first pattern found in "context: problem" decides. Both of PyYAML's scanners are covered.
_CODES: tuple[tuple[str, str], ...] = (
    (r"directive|incompatible YAML document", "source.directive"),
    (r"escape|hexa?decimal", "source.bad-escape"),
    (r"scanning a tag|parsing a tag|tag handle", "source.tag"),
    (r"quoted scalar", "source.unclosed-quote"),
    (r"block scalar", "source.bad-block-header"),
    (r"expected ',' or '[\]}]'", "source.unclosed-bracket"),
    (r"could not find expected ':'", "source.missing-colon"),
    (r"mapping values are not allowed|unexpected ':'", "source.colon-in-text"),
    (r"sequence entries are not allowed", "source.misplaced-item"),
    (r"expected '?<document start>", "source.text-after-end"),
    (r"cannot start any token|node content|alphabetic|mapping keys are", "source.misplaced-character"),
    (r"parsing a block", "source.bad-indent"),
)
# Faults for which a full-width sign or a forgotten space nearby is the likelier reason.
_OFTEN_LOOKALIKES = {
    "source.unclosed-bracket",
    "source.missing-comma",
    "source.missing-colon",
    "source.colon-in-text",
    "source.bad-indent",
    "source.text-after-end",
}
_FAR_APART = {"source.unclosed-quote", "source.unclosed-bracket", "source.missing-colon"}
_POINT_TO_START = _FAR_APART | {"source.tag", "source.anchor", "source.alias"}


def explain(complaint: Complaint, lines: Sequence[str], file: str, found: Found) -> None:
    """Add the finding for text that the parser could not read."""
    here = _place(complaint.line, complaint.column, lines, file)
    opened = _place(complaint.context_line, complaint.context_column, lines, file)
    code = _code(complaint, here, opened, lines)
    if code in _OFTEN_LOOKALIKES and _blame_lookalike(complaint, lines, file, found):
        return
    place, related = here, []
    if code in _POINT_TO_START:
        place, related = opened, [("noticed-here", here)] if code in _FAR_APART else []
    elif code == "source.missing-comma":
        related = [("opened-here", opened)]
    found.add(code, place, related=related, character=_character(place, lines), problem=complaint.problem)


def _code(complaint: Complaint, here: Place, opened: Place, lines: Sequence[str]) -> str:
    whole = f"{complaint.context}: {complaint.problem}"
    code = next((code for pattern, code in _CODES if re.search(pattern, whole)), "source.broken")
    if code == "source.unclosed-bracket" and here.line == opened.line and complaint.line < len(lines):
        return "source.missing-comma"
    if code == "source.bad-indent" and _character(here, lines) == ":":
        return "source.empty-key"
    if code == "source.bad-indent" and _before(here, lines).strip(" -"):
        return "source.text-after-end"
    if code == "source.misplaced-character" and re.search("anchor|alias", complaint.context):
        return "source.anchor" if "anchor" in complaint.context else "source.alias"
    return code


def _blame_lookalike(complaint: Complaint, lines: Sequence[str], file: str, found: Found) -> bool:
    """Look at the line of the fault, at the one where the construct began, and at the one before."""
    candidates = (complaint.line, complaint.context_line, complaint.line - 1)
    for number in dict.fromkeys(each for each in candidates if 0 <= each < len(lines)):
        sign = in_broken_line(lines[number])
        if sign:
            add_lookalike(sign, Place(file, number + 1, sign.column + 1), found)
            return True
    return False


def add_lookalike(sign: Lookalike, place: Place, found: Found) -> None:
    """The finding for a sign that looks like YAML's own."""
    found.add(sign.code, place, written=sign.written, instead=sign.instead)


def _place(line: int, column: int, lines: Sequence[str], file: str) -> Place:
    """The end of the text counts as the end of its last line that is not blank."""
    if line < len(lines) and column >= 0:
        return Place(file, max(line, 0) + 1, column + 1)
    last = next((n for n in range(len(lines) - 1, -1, -1) if lines[n].strip()), 0)
    return Place(file, last + 1, len(lines[last].rstrip()) + 1 if lines else 1)


def _before(place: Place, lines: Sequence[str]) -> str:
    return lines[place.line - 1][: place.column - 1] if lines else ""


def _character(place: Place, lines: Sequence[str]) -> str:
    line = lines[place.line - 1] if lines else ""
    return line[place.column - 1 : place.column]

"""Findings as text under the line they are about, as single lines, or as data."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias

from guiju.diagnostics.finding import Finding, Place
from guiju.diagnostics.language import Language
from guiju.diagnostics.words import LANGUAGES, Severity, fix, sentence, severity, told, word

ReadLine: TypeAlias = Callable[[str, int], "str | None"]  # file as shown, line from 1 → its text

MAX_WIDTH = 100
MAX_SIGNS = 200  # combining marks take no width, so the width alone does not bound a line
_CUT = "..."
_SPACES = "\u00a0\u3000"
_COUNTED: tuple[Severity, ...] = ("error", "warning", "note")


def as_text(findings: Iterable[Finding], lang: Language, read_line: ReadLine) -> str:
    """Show each finding with its line and a mark under the place; the last line counts them."""
    listed = list(findings)
    blocks = [_block(finding, lang, read_line) for finding in listed]
    return "\n\n".join([*blocks, summary(listed, lang)]) + "\n"


def as_lines(findings: Iterable[Finding], lang: Language) -> str:
    """Show one line for each finding: file:line:column: severity code sentence (fix)."""
    return "".join(f"{_one_line(finding, lang)}\n" for finding in findings)


def as_data(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Give each finding as plain data for JSON, in both languages."""
    return [_data(finding) for finding in findings]


def summary(findings: Iterable[Finding], lang: Language) -> str:
    """Count them: "2 errors, 1 warning"."""
    severities = [_severity(finding) for finding in findings]
    parts = []
    for kind in _COUNTED:
        count = severities.count(kind)
        if count:
            many = "one" if count == 1 else "many"
            parts.append(f"{count} {word(f'{kind}-{many}', lang)}")
    joined: str = word("comma", lang).join(parts)
    return joined or word("no-findings", lang)


def columns(text: str) -> int:
    """How many columns of a terminal a text takes: Chinese characters take two, combining marks none."""
    return sum(_columns(sign) for sign in text)


def _columns(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in ("W", "F") else 1


def _block(finding: Finding, lang: Language, read_line: ReadLine) -> str:
    lines = [f"{word(_severity(finding), lang)}[{finding.code}] {sentence(finding, lang)}"]
    gutter = _gutter(finding)
    if finding.place:
        lines += _excerpt("-->", finding.place, gutter, read_line)
    remedy = fix(finding, lang)
    listed = [*told(finding, lang), *([(word("fix", lang), remedy)] if remedy else [])]
    lines += [f"{gutter} = {label}{word('colon', lang)}{text}" for label, text in listed]
    room = finding.code.partition(".")[0]
    for what, place in finding.related:
        lines += _excerpt(":::", place, gutter, read_line, word(what, lang, room))
    return "\n".join(lines)


def _severity(finding: Finding) -> str:
    return finding.severity or severity(finding.code)


def _gutter(finding: Finding) -> str:
    """Blanks as wide as the longest line number of the finding."""
    places = [finding.place, *(place for _, place in finding.related)]
    return " " * max((len(str(place.line)) for place in places if place), default=1)


def _excerpt(arrow: str, place: Place, gutter: str, read_line: ReadLine, label: str = "") -> list[str]:
    head = f"{gutter}{arrow} {place}{' ' + label if label else ''}"
    line = read_line(place.file, place.line) if place.sheet is None else None
    if line is None:
        return [head]
    text, mark = _marked(line, place.column - 1, place.length)
    return [head, f"{gutter} |", f"{place.line:>{len(gutter)}} | {text}".rstrip(), f"{gutter} | {mark}"]


def _marked(line: str, start: int, length: int) -> tuple[str, str]:
    """The line, cut around the place if it is long, and the mark that stands under the place."""
    line = line.rstrip("\r\n")
    start = min(start, len(line))
    first, last = _window(line, start)
    end = min(start + length, last)
    before = (_CUT if first else "") + _clean(line[first:start])
    marked = _clean(line[start:end])
    after = _clean(line[end:last]) + (_CUT if last < len(line) else "")
    mark = " " * columns(before) + "^" + "~" * (columns(marked) - 1)
    return before + marked + after, mark


def _clean(text: str) -> str:
    """What may go to a terminal: no control characters."""
    return "".join(sign if sign.isprintable() or sign in _SPACES else "?" for sign in text.replace("\t", " "))


def _window(line: str, start: int) -> tuple[int, int]:
    """Which characters of a line to show: all, or about MAX_WIDTH columns around the place."""
    if len(line) <= MAX_SIGNS and columns(line) <= MAX_WIDTH:
        return 0, len(line)
    first, width = start, 0
    while first > max(0, start - MAX_SIGNS) and width + _columns(line[first - 1]) <= MAX_WIDTH // 3:
        first -= 1
        width += _columns(line[first])
    last = start
    while last < min(len(line), start + MAX_SIGNS) and width + _columns(line[last]) <= MAX_WIDTH:
        width += _columns(line[last])
        last += 1
    return first, last


def _one_line(finding: Finding, lang: Language) -> str:
    place = finding.place
    where = f"{place}: " if place else ""
    remedy = fix(finding, lang)
    listed = [f"{label}{word('colon', lang)}{text}" for label, text in told(finding, lang)]
    remarks = word("semicolon", lang).join([*listed, *([remedy] if remedy else [])])
    tail = word("in-brackets", lang).replace("{}", remarks) if remarks else ""
    text = f"{where}{word(_severity(finding), lang)} {finding.code} {sentence(finding, lang)}{tail}"
    return " ".join(text.split())


def _data(finding: Finding) -> dict[str, Any]:
    room = finding.code.partition(".")[0]
    remedies = {lang: fix(finding, lang) for lang in LANGUAGES}
    return {
        "code": finding.code,
        "severity": _severity(finding),
        "place": _place_data(finding.place),
        "facts": dict(finding.facts),
        "sentence": {lang: sentence(finding, lang) for lang in LANGUAGES},
        "fix": remedies if any(remedies.values()) else None,
        "related": [
            {
                "what": what,
                "words": {lang: word(what, lang, room) for lang in LANGUAGES},
                "place": _place_data(place),
            }
            for what, place in finding.related
        ],
    }


def _place_data(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    data = {"file": place.file, "line": place.line, "column": place.column, "length": place.length}
    return data if place.sheet is None else {**data, "sheet": place.sheet, "cell": place.cell}

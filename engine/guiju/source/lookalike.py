"""Signs that look like YAML's own but are not: what a Chinese keyboard types; a colon without its space."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_WIDE = "source.full-width-mark"
_ODD_SPACES = "\u3000\u00a0"
_PAIRS = {"“": "”", "‘": "’", "＂": "＂", "＇": "＇", "「": "」", "［": "］", "｛": "｝"}
_HALF = {"［": "[", "｛": "{"}
_NAME = r"[A-Za-z_][A-Za-z0-9_.-]*"

_WORTH_A_LOOK = re.compile(rf"[：，“‘＂＇「［｛＃－–{_ODD_SPACES}]|^ *{_NAME}:", re.MULTILINE)
_KEY = re.compile(rf" *{_NAME} *(：|:[{_ODD_SPACES}])")
_KEY_WITHOUT_SPACE = re.compile(rf" *{_NAME}(:)(?=[^/\s])")
_DASH = re.compile(r" *([－–])\s+\S")
_COMMENT = re.compile(r"(?:^|\s)(＃)")
_NAMES_WITH_COMMA = re.compile(r"[A-Za-z0-9_.+-]+(，)[A-Za-z0-9_.+-]+(?:，[A-Za-z0-9_.+-]+)*\Z")

_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'[^']*'")
_LIST_ITEM = re.compile(r"(?: *- )*")
_FLOW_KEY = re.compile(rf"[{{,，]\s*{_NAME}\s*(：)")
_FLOW_COMMA = re.compile(rf"(，)\s*{_NAME}\s*[:：]")
_FLOW_KEY_WITHOUT_SPACE = re.compile(rf"[{{,，]\s*{_NAME}(:)(?=[^/\s])")
_OPEN_QUOTE = re.compile(r":\s+([“‘＂＇])")
# in texts that a pattern has refused
_NARROW = str.maketrans("０１２３４５６７８９（）［］【】〔〕，、．。－−–—＋：％∞", "0123456789()[][][],,..----+:%∞")
_GROUPED = re.compile(r"(?<![\d.])\d{1,3}(?:,\d{3})+(?!\d)")


def narrow(text: str, *, grouped: bool = False) -> str:
    """The text in half-width signs, infinity in letters; `grouped`: also without commas between thousands."""
    half = text.translate(_NARROW).replace("+∞", "∞").replace("∞", "inf")
    return _GROUPED.sub(lambda match: match[0].replace(",", ""), half) if grouped else half


def thousands(before: str, after: str) -> str:
    """1620 for "1" and "620", as a comma between thousands leaves them in a flow map; "" for anything else."""
    return before + after if re.fullmatch(r"-?[1-9]\d{0,2}", before) and re.fullmatch(r"\d{3}(\.\d+)?", after) else ""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """One character: where it is (line and column from 0), how it is named, and what to write."""

    code: str
    line: int
    column: int
    written: str
    instead: str


def worth_a_look(text: str) -> bool:
    """A quick test: false for almost every text that is fine."""
    return _WORTH_A_LOOK.search(text) is not None


def in_scalar(lines: Sequence[str], begins_line: bool, may_be_map: bool) -> Lookalike | None:
    """A sign that makes an unquoted scalar something else than was meant.

    `lines` are those of the scalar; `begins_line`: only `- ` stands before it; `may_be_map`: so could a map.
    """
    for number, line in enumerate(lines):
        if number or begins_line:
            match = _KEY.match(line) or _DASH.match(line) or (may_be_map and _KEY_WITHOUT_SPACE.match(line))
            if match:
                return _marked(match, number)
    comment = _COMMENT.search(lines[0])
    if comment:
        return _marked(comment, 0)
    return _whole(lines[0]) if len(lines) == 1 else None


def in_key(text: str) -> Lookalike | None:
    """A sign that makes an unquoted key something else than was meant."""
    if not worth_a_look(text):
        return None
    match = _KEY.match(text) or _KEY_WITHOUT_SPACE.match(text)
    return _marked(match, 0) if match else _whole(text)


def in_broken_line(line: str) -> Lookalike | None:
    """The sign that is probably to blame in a line that YAML cannot read."""
    bare = _QUOTED.sub(lambda quoted: "x" * len(quoted.group()), line)
    start = _LIST_ITEM.match(bare)
    begin = start.end() if start else 0
    starts = (_KEY, _DASH, _KEY_WITHOUT_SPACE)
    in_brackets = (_FLOW_KEY, _FLOW_COMMA, _FLOW_KEY_WITHOUT_SPACE) if re.search(r"[{[]", bare) else ()
    anywhere = (*in_brackets, _OPEN_QUOTE, _COMMENT)
    matches = [form.match(bare, begin) for form in starts] + [form.search(bare) for form in anywhere]
    first = next((match for match in matches if match), None)
    return _marked(first, 0) if first else None


def _whole(text: str) -> Lookalike | None:
    inner = text.strip(_ODD_SPACES)
    if inner != text:
        column = 0 if text[0] in _ODD_SPACES else len(inner)
        return _odd_space(text[column], 0, column)
    opening = text[:1]
    if len(text) > 1 and _PAIRS.get(opening) == text[-1]:
        return Lookalike(_WIDE, 0, 0, opening, _HALF.get(opening, '"'))
    comma = _NAMES_WITH_COMMA.match(text)
    return _marked(comma, 0) if comma else None


def _odd_space(sign: str, line: int, column: int) -> Lookalike:
    return Lookalike(_WIDE, line, column, f"U+{ord(sign):04X}", "' '")


def _marked(match: re.Match[str], line: int) -> Lookalike:
    """What group 1 of the match caught."""
    column, written = match.start(1), match.group(1)
    if written == ":":
        return Lookalike("source.missing-space", line, column, ":", "': '")
    if written[0] == ":":
        return _odd_space(written[1], line, column + 1)
    instead = {"：": "': '", "，": "', '", "＃": "'#'", "－": "'- '", "–": "'- '"}.get(written, '"')
    return Lookalike(_WIDE, line, column, written, instead)

"""Where a long code may break over lines: serials, file names, hashes. For the formats only; the text itself stays as it is."""

from __future__ import annotations

import re

_LONG = 16  # signs; shorter words, dates among them, stay whole
_EVERY = 8  # signs between breaks where a code has no sign of its own to break behind
_SHORT = re.compile(r"(?<=[/_])(?=.)")  # units and ids, however short
_WORD = re.compile(rf"[!-~]{{{_LONG + 1},}}")  # no space and no Chinese, before and after which lines break anyway
_SIGN = re.compile(r"(?<=[0-9A-Za-z][-/_:@=])(?=.)|(?<=[0-9A-Za-z])(?=\.[A-Za-z])")
_RUN = re.compile(rf"[0-9A-Za-z]{{{_LONG + 1},}}")


def pieces(text: str) -> list[str]:
    """The text cut where a line may end; put together again it is the same text."""
    if len(text) <= _LONG and "/" not in text and "_" not in text:
        return [text]
    cuts = {found.start() for found in _SHORT.finditer(text)}
    for word in _WORD.finditer(text):
        cuts |= {word.start() + found.start() for found in _SIGN.finditer(word[0])}
        for run in _RUN.finditer(word[0]):
            first = word.start() + run.start()
            cuts |= set(range(first + _EVERY, first + len(run[0]), _EVERY))
    edges = [0, *sorted(cuts), len(text)]
    return [text[start:end] for start, end in zip(edges, edges[1:], strict=False)]

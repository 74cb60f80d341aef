"""Text that keeps its columns: Chinese characters take two, and lines break where both languages allow it."""

from __future__ import annotations

import re

from guiju.diagnostics.show import columns

_NEVER_FIRST = "，。；：、）】》”’？！％,.;:)]}?!%…"
_NEVER_LAST = "（【《“‘([{"
_PIECES = re.compile(r"\s+|[\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]|[^\s\u2e80-\u9fff\uff00-\uffef\u3000-\u303f]+")


def left(text: str, width: int) -> str:
    """The text, cut if it must be, and blanks after it."""
    text = cut(text, width)
    return text + " " * (width - columns(text))


def right(text: str, width: int) -> str:
    """Blanks before the text. A number is never cut."""
    return " " * max(0, width - columns(text)) + text


def cut(text: str, width: int) -> str:
    """The text, ended by … where it is too long."""
    if columns(text) <= width:
        return text
    kept, room = "", width - 1
    for sign in text:
        if columns(kept + sign) > room:
            break
        kept += sign
    return kept.rstrip() + "…"


def wrap(text: str, width: int) -> list[str]:
    """Lines no wider than `width`, unless one piece alone is wider; then it is broken."""
    lines, line = [], ""
    for piece in _glued(text):
        if line and columns(line + piece.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
            piece = piece.lstrip()
        while columns(piece.rstrip()) > width:
            head = _fitting(piece, width)
            lines.append(head)
            piece = piece[len(head) :]
        line += piece
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _fitting(piece: str, width: int) -> str:
    head = piece[:1]
    for sign in piece[1:]:
        if columns(head + sign) > width:
            break
        head += sign
    return head


def _glued(text: str) -> list[str]:
    """Pieces between which a line may break: closing marks stay with what is before them, opening ones with what follows."""
    pieces: list[str] = []
    for piece in _PIECES.findall(text):
        if pieces and (piece[0] in _NEVER_FIRST or piece.isspace() or pieces[-1][-1] in _NEVER_LAST):
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def aligned(numbers: list[str]) -> list[str]:
    """Numbers with their decimal points below each other; other texts are left as they are."""
    decimals = [len(text.partition(".")[2]) + ("." in text) if _is_number(text) else 0 for text in numbers]
    most = max(decimals, default=0)
    return [
        text + " " * (most - own) if _is_number(text) else text for text, own in zip(numbers, decimals, strict=True)
    ]


def _is_number(text: str) -> bool:
    return bool(re.fullmatch(r"-?[\d,]+(\.\d+)?", text))

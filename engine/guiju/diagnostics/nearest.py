"""The word that was probably meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_LEAST = 0.6
_PARTS = re.compile(r"[^\W_]+")


def nearest(word: str, candidates: Iterable[str]) -> str:
    """The candidate most like the word; "" when none is near. The order of the candidates does not matter."""
    wanted = _parts(word)
    best, best_rank = "", (_LEAST, 0.0)
    for candidate in sorted(set(candidates)):
        if candidate in ("", word):
            continue
        rank = _rank(word, wanted, candidate, best_rank[0])
        if rank > best_rank:
            best, best_rank = candidate, rank
    return best


def _rank(word: str, wanted: tuple[str, ...], candidate: str, least: float) -> tuple[float, float]:
    """Likeness without regard to case, then with regard to it; the same parts in any order are most alike."""
    if wanted and wanted == _parts(candidate):
        return (1.0, SequenceMatcher(None, word, candidate, autojunk=False).ratio())
    matcher = SequenceMatcher(None, word.casefold(), candidate.casefold(), autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return (0.0, 0.0)
    return (matcher.ratio(), SequenceMatcher(None, word, candidate, autojunk=False).ratio())


def _parts(word: str) -> tuple[str, ...]:
    """coal_output, Output-Coal and output.coal have the same parts."""
    return tuple(sorted(_PARTS.findall(word.casefold())))

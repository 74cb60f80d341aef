"""The language of the words that people read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = ("zh", "en")


def choose(lang: str | None, environ: Mapping[str, str]) -> Language:
    """--lang if it is given, else LC_ALL, LC_MESSAGES, LANG in this order; Chinese when none is set."""
    for wish in (lang, *(environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))):
        if wish:
            return "zh" if wish.casefold().startswith("zh") else "en"
    # Windows sets none of these, and there the standard's own language is the better guess.
    return "zh"

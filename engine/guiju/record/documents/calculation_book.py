"""The calculation book in both languages, each value step by step, for who has a pocket calculator."""

from __future__ import annotations

from collections.abc import Mapping

from guiju.diagnostics.language import LANGUAGES
from guiju.record.matter import Matter

QUICK = False
LIBRARIES = ("jinja2",)
ENTRIES = tuple(f"calculation/book.{lang}.html" for lang in LANGUAGES)


def make(matter: Matter) -> Mapping[str, bytes]:
    """One HTML page a language."""
    from guiju.record.book import calculation_book

    books = (calculation_book(matter.assessment, lang, "html") for lang in LANGUAGES)
    return {name: book.encode() for name, book in zip(ENTRIES, books, strict=True)}

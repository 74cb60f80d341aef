"""A shelf of documents. Each file has

ENTRIES  the names of the entries it makes
QUICK    whether checking a package makes them again every time; else only when that is asked for
make     matter → entries; raises NotInstalled where a library of an extra is needed and not there
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from guiju.diagnostics.finding import Found
from guiju.record.matter import Matter

NAMES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"))


class NotInstalled(Exception):  # noqa: N818  no error: the document is left out
    """A document needs a library of an extra: pip install "guiju[extra]"."""

    def __init__(self, extra: str) -> None:
        super().__init__(extra)
        self.extra = extra


@cache
def _document(name: str) -> ModuleType:
    return import_module(f"guiju.record.documents.{name}")


def chosen(*, slow: bool, among: Container[str] | None = None) -> tuple[str, ...]:
    """The documents to make: all quick ones, and the slow ones that are wanted and (where that is said) are there."""
    return tuple(name for name in NAMES if _document(name).QUICK or (slow and _is_there(name, among)))


def _is_there(name: str, among: Container[str] | None) -> bool:
    return among is None or all(entry in among for entry in _document(name).ENTRIES)


def entries_of(names: Sequence[str]) -> set[str]:
    return {entry for name in names for entry in _document(name).ENTRIES}


def slow_entries() -> set[str]:
    """The entries that checking a package takes by their hash, unless it is asked to make them again."""
    return entries_of([name for name in NAMES if not _document(name).QUICK])


def make(matter: Matter, names: Sequence[str], found: Found) -> dict[str, bytes]:
    """The entries of these documents. One that cannot be made here is left out, and noted."""
    entries: dict[str, bytes] = {}
    for name in names:
        try:
            entries.update(_document(name).make(matter))
        except NotInstalled as missing:
            found.add("record.document-left-out", None, name=name, extra=missing.extra)
    return entries

"""A shelf of documents. Each file has

ENTRIES  the names of the entries it makes
QUICK    whether checking a package makes them again every time; else only when that is asked for
make     matter → entries; raises NotInstalled where a library of an extra is needed and not there, NotPossible where
         the matter does not fit into such a document
LIBRARIES  (of those that are not quick) whose versions the bytes depend on; a package notes them

What `make` needs is imported inside it: checking a package asks every document what it is, and makes few of them.
"""

from __future__ import annotations

import zlib
from collections.abc import Container, Mapping, Sequence
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


class NotPossible(Exception):  # noqa: N818  no error: the document is left out
    """The matter does not fit into such a document."""


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


def libraries(entries: Container[str]) -> dict[str, str]:
    """The versions of the libraries by which the documents among these entries are made here."""
    there = [name for name in NAMES if not _document(name).QUICK and _is_there(name, entries)]
    return {library: _version(library) for name in there for library in _document(name).LIBRARIES}


@cache
def _version(library: str) -> str:
    """Nothing for one that is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return zlib.ZLIB_RUNTIME_VERSION if library == "zlib" else version(library)
    except PackageNotFoundError:
        return ""


def same_libraries(name: str, noted: Mapping[str, str], found: Found) -> bool:
    """Whether a document would be made by the libraries that a package notes. Otherwise its bytes say nothing."""
    for library in () if _document(name).QUICK else _document(name).LIBRARIES:
        given, known = noted.get(library, ""), _version(library)
        if known and given != known:  # one that is not there is told when it is needed
            found.add("record.other-library", None, name=name, library=library, given=given or "?", known=known)
            return False
    return True


def make(matter: Matter, names: Sequence[str], found: Found) -> dict[str, bytes]:
    """The entries of these documents. One that cannot be made here is left out, and noted."""
    entries: dict[str, bytes] = {}
    for name in names:
        try:
            entries.update(_document(name).make(matter))
        except NotInstalled as missing:
            found.add("record.document-left-out", None, name=name, extra=missing.extra)
        except NotPossible as reason:
            found.add("record.document-not-possible", None, name=name, part=str(reason))
    return entries

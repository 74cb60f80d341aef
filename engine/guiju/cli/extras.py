"""Libraries that only some commands need: what to install, in place of a traceback."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from guiju.cli.output import USAGE, Stop, words
from guiju.diagnostics.language import Language

LIBRARIES: Mapping[str, frozenset[str]] = {
    "excel": frozenset({"xlsxwriter", "python_calamine", "openpyxl", "defusedxml"}),
}


@contextmanager
def extra(name: str, lang: Language) -> Iterator[None]:
    """Whatever is imported inside belongs to this extra of the package."""
    try:
        yield
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in LIBRARIES[name]:
            raise
        raise Stop(words(lang)("needs_extra", library=error.name, extra=name), USAGE) from error

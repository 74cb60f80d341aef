"""The report as HTML in both languages, with the charts inside."""

from __future__ import annotations

from collections.abc import Mapping

from guiju.diagnostics.language import LANGUAGES
from guiju.record.matter import Matter

QUICK = False
LIBRARIES = ("jinja2",)
ENTRIES = tuple(f"report/report.{lang}.html" for lang in LANGUAGES)


def make(matter: Matter) -> Mapping[str, bytes]:
    """One HTML page a language."""
    from guiju.record.report import report_view
    from guiju.report.document.html import html

    return {name: html(report_view(matter, lang)) for name, lang in zip(ENTRIES, LANGUAGES, strict=True)}

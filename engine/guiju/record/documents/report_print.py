"""The report as Word and as PDF in both languages; the PDF has the assessment attached."""

from __future__ import annotations

from collections.abc import Mapping

from guiju.diagnostics.language import LANGUAGES
from guiju.record.documents import NotInstalled
from guiju.record.matter import Matter

QUICK = False
LIBRARIES = ("typst", "python-docx", "lxml", "jinja2", "zlib")
ENTRIES = tuple(f"report/report.{lang}.{form}" for lang in LANGUAGES for form in ("docx", "pdf"))


def make(matter: Matter) -> Mapping[str, bytes]:
    """Two files a language."""
    from guiju.record.report import report_view
    from guiju.report.document.pdf import pdf
    from guiju.report.document.word import word

    made: list[bytes] = []
    try:
        for lang in LANGUAGES:
            view = report_view(matter, lang)
            made += [word(view, None), pdf(view, matter.assessment_json)]
    except ImportError as error:
        raise NotInstalled("report") from error
    return dict(zip(ENTRIES, made, strict=True))

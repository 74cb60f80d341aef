"""ReportView → one HTML file: styles and pictures inside, nothing is asked from elsewhere."""

from __future__ import annotations

from guiju.report.document.breaks import pieces
from guiju.report.document.model import ReportView
from guiju.report.document.plain import plain
from guiju.report.render import render


def html(view: ReportView) -> bytes:
    """The report as HTML in UTF-8."""
    text = render("html/report.html.j2", {"view": plain(view), "pieces": pieces})
    return "".join(f"{line}\n" for line in text.splitlines() if line.strip()).encode()

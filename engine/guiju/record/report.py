"""Matter → the view of its report: with advice from its own plan, and with what it is held against."""

from __future__ import annotations

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.diagnostics.language import Language
from guiju.evaluation.advice import advise
from guiju.record import log
from guiju.record.canonical import digest
from guiju.record.matter import LOG, Matter
from guiju.report.document.model import ReportView, Seal
from guiju.report.document.view import report


def report_view(matter: Matter, lang: Language) -> ReportView:
    """The report in one language. Client, assessor, date and number are those that were given, else those of the case."""
    plan, values = matter.assessment.plan, matter.assessment.values
    return report(matter.data, advise(plan, values, pipeline.fixed(plan)), lang, matter.extras.said, _seal(matter))


def _seal(matter: Matter) -> Seal:
    kept = None if matter.extras.log is None else log.check(matter.extras.log, LOG, Found())
    return seal(matter.assessment_json, kept)


def seal(assessment: bytes, kept: log.Log | None) -> Seal:
    """The hash of an assessment in canonical form, and the head of the log."""
    if kept is None:
        return Seal(digest(assessment))
    return Seal(digest(assessment), len(kept.entries), kept.head)

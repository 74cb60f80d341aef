"""Readings that are not there, or whose cell is empty."""

from __future__ import annotations

from guiju.diagnostics.finding import Found
from guiju.series.model import Series
from guiju.series.runs import runs, span
from guiju.series.usual import Usual


def look(series: Series, usual: Usual, found: Found) -> None:
    """Findings `series.gap`, one for each run of slots without a value."""
    for run in runs(slot for slot, value in enumerate(series.values) if value is None):
        found.add("series.gap", series.place(run[0]), **span(series, run), count=str(run[1] - run[0] + 1))

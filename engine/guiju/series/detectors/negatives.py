"""Readings below zero in a series that is otherwise positive: a meter that was wired the other way, or a balance."""

from __future__ import annotations

from guiju.diagnostics.finding import Found
from guiju.series.model import Series
from guiju.series.runs import runs, span
from guiju.series.usual import Usual


def look(series: Series, usual: Usual, found: Found) -> None:
    """Findings `series.negative`, one for each run."""
    below = [slot for slot, value in enumerate(series.values) if value is not None and value < 0]
    known = sum(value is not None for value in series.values)
    if len(below) * 2 < known:
        for run in runs(below):
            found.add("series.negative", series.place(run[0]), **span(series, run), count=str(run[1] - run[0] + 1))

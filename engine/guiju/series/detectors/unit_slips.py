"""Readings a thousand times too great or too small: kWh among MWh."""

from __future__ import annotations

from guiju.diagnostics.finding import Found
from guiju.series.model import Series
from guiju.series.runs import runs, span
from guiju.series.usual import Usual

BRIDGE = 2


def look(series: Series, usual: Usual, found: Found) -> None:
    """Findings `series.unit-slip`, one for each run, with the factor."""
    for sign, factor in ((1, "1000"), (-1, "1/1000")):
        slots = [slot for slot, slip in enumerate(usual.slips) if slip == sign]
        for run in runs(slots, BRIDGE):
            count = sum(usual.slips[slot] == sign for slot in range(run[0], run[1] + 1))
            found.add("series.unit-slip", series.place(run[0]), **span(series, run), count=str(count), factor=factor)

"""More than one reading for the same time. All are summed, so the finding says by how much the repeated ones add."""

from __future__ import annotations

from decimal import Decimal

from guiju.diagnostics.finding import Found
from guiju.formula.numbers import plain
from guiju.series.model import Series
from guiju.series.runs import runs, span
from guiju.series.usual import Usual


def look(series: Series, usual: Usual, found: Found) -> None:
    """Findings `series.duplicate`, one for each run of such slots."""
    more = {
        slot: [each.value for each in readings if each.value is not None][1:]
        for slot, readings in series.by_slot.items()
    }
    for run in runs(sorted(slot for slot, values in more.items() if values)):
        values = [value for slot in range(run[0], run[1] + 1) for value in more[slot]]
        added = plain(sum(values, Decimal(0)))
        found.add("series.duplicate", series.place(run[0]), **span(series, run), count=str(len(values)), added=added)

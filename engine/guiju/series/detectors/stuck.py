"""The same value again and again: a meter that hangs, or a figure that was copied down."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

from guiju.diagnostics.finding import Found
from guiju.formula.numbers import plain
from guiju.series.model import Series
from guiju.series.runs import Run, span
from guiju.series.usual import Usual

FEWEST, FEWEST_DAYS = 8, 5  # equal readings that are remarked at all
FEW = 5  # so few runs of zero say nothing about what is usual


def look(series: Series, usual: Usual, found: Found) -> None:
    """Findings `series.stuck`: runs three times as long as one run in a hundred is. Zeros are compared with zeros."""
    least = FEWEST if series.sub_daily else FEWEST_DAYS
    equal = _equal(series.values)
    zeros, others = ([run for value, run in equal if (value == 0) is zero] for zero in (True, False))
    limits = {True: max(least, 0 if len(zeros) < FEW else 3 * _long(zeros)), False: max(least, 3 * _long(others))}
    for value, run in equal:
        length = run[1] - run[0] + 1
        if length >= limits[value == 0]:
            found.add("series.stuck", series.place(run[0]), **span(series, run), count=str(length), value=plain(value))


def _equal(values: Sequence[Decimal | None]) -> list[tuple[Decimal, Run]]:
    """Runs of equal values; a gap ends a run."""
    found, slot = [], 0
    for value, group in groupby(values):
        count = sum(1 for _ in group)
        if value is not None:
            found.append((value, (slot, slot + count - 1)))
        slot += count
    return found


def _long(runs: Sequence[Run]) -> int:
    """The length that ninety-nine runs in a hundred do not exceed; of a few runs, that all but the longest do not."""
    lengths = sorted(last - first + 1 for first, last in runs)
    return lengths[max(0, len(lengths) * 99 // 100 - 1)] if lengths else 0

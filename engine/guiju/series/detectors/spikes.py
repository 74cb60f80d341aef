"""A reading, or a few, far from what is usual at this hour in this month. A long stop or a busy week is no spike."""

from __future__ import annotations

from decimal import Decimal

from guiju.diagnostics.finding import Found
from guiju.formula.numbers import plain
from guiju.series.model import Series
from guiju.series.runs import runs, span
from guiju.series.usual import Usual

FAR, EDGE = 6, 3  # standard deviations: of a spike, and of what still belongs to the same event
HALF, QUARTER = Decimal("0.5"), Decimal("0.25")  # and at least half, or a quarter, more or less than usual
LONGEST = 3


def look(series: Series, usual: Usual, found: Found) -> None:
    """Findings `series.spike`, with the greatest ratio to what is usual."""
    sizes = [None if each is None else _size(each) for each in usual.residuals]
    limits = [usual.scatter.get(kind, HALF) for kind in usual.kinds]
    off = [i for i, size in enumerate(sizes) if size is not None and size > max(QUARTER, EDGE * limits[i])]
    for run in runs(off):
        inside = [i for i in range(run[0], run[1] + 1) if (sizes[i] or 0) > max(HALF, FAR * limits[i])]
        if inside and run[1] - run[0] < LONGEST:
            worst = usual.residuals[max(inside, key=lambda i: sizes[i] or 0)] or Decimal(0)
            values = [plain(each) for each in series.values[run[0] : run[1] + 1] if each is not None]
            ratio = plain(worst.quantize(Decimal("0.01")))
            found.add("series.spike", series.place(run[0]), **span(series, run), value=values, ratio=ratio)


def _size(ratio: Decimal) -> Decimal:
    """How much more or less than usual, up and down alike; of nothing at all, more than anything."""
    return max(ratio, 1 / ratio) - 1 if ratio > 0 else Decimal(1000)

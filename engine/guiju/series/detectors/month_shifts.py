"""A month at another level than its neighbours let expect: a wrong multiplier, another meter's data, another month's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from statistics import median

from guiju.diagnostics.finding import Found
from guiju.formula.numbers import plain
from guiju.series.model import Series
from guiju.series.runs import runs, span
from guiju.series.usual import NORMAL, Month, Usual

FEWEST = 5  # months, below which no neighbour says anything
LEAST = Decimal("1.25")  # a smaller change of level is a season
FAR = 6


def look(series: Series, usual: Usual, found: Found) -> None:
    """Findings `series.month-shift`. The worst month is taken out first, so that its neighbours are not blamed for it."""
    levels = {month: level for month, level in sorted(usual.levels.items()) if level > 0}
    months, wrong = list(levels), dict[Month, Decimal]()
    while len(months) - len(wrong) >= FEWEST and len(wrong) * 3 < len(months):
        apart = _apart(levels, wrong)
        worst = max(apart, key=lambda month: _size(apart[month]))
        others = _apart(levels, {**wrong, worst: apart[worst]})
        if _size(apart[worst]) < max(LEAST, 1 + FAR * _scatter(others)):
            break
        wrong[worst] = apart[worst]
    for month, ratio in sorted(wrong.items()):
        run = runs((slot for slot, each in enumerate(usual.months) if each == month), series.slots)[0]
        name = f"{month[0]}-{month[1]:02d}"
        shown = plain(ratio.quantize(Decimal("0.01")))
        found.add("series.month-shift", series.place(run[0]), **span(series, run), month=name, ratio=shown)


def _apart(levels: Mapping[Month, Decimal], wrong: Mapping[Month, Decimal]) -> dict[Month, Decimal]:
    """How many times its expected level every month is, but those taken out."""
    return {month: level / _expected(month, levels, wrong) for month, level in levels.items() if month not in wrong}


def _expected(month: Month, levels: Mapping[Month, Decimal], wrong: Mapping[Month, Decimal]) -> Decimal:
    """The geometric mean of the months on both sides; of the two next ones at an end."""
    there = [each for each in levels if each not in wrong or each == month]
    index = there.index(month)
    sides: Sequence[Month] = [each for each in there[max(0, index - 1) : index + 2] if each != month]
    if len(sides) < 2:
        sides = there[1:3] if index == 0 else there[-3:-1]
    first, second = (levels[each] for each in sides)
    return (first * second).sqrt()


def _size(ratio: Decimal) -> Decimal:
    """How far from 1, up or down alike."""
    return max(ratio, 1 / ratio)


def _scatter(apart: Mapping[Month, Decimal]) -> Decimal:
    return NORMAL * Decimal(median(_size(each) - 1 for each in apart.values()))

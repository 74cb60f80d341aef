"""What is usual in a series, by medians: the load of each hour or weekday, the level of each month, how far readings scatter.

Medians are not moved by what the detectors look for, as long as less than half of a group is wrong.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TypeVar

from guiju.series.model import Series

NORMAL = Decimal("1.4826")  # median deviation → standard deviation, where errors are normal
SLIP_LOW, SLIP_HIGH = Decimal(300), Decimal(3000)  # a ratio that a factor of 1000 explains
LEAST_SCATTER = Decimal("0.02")
Month = tuple[int, int]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Usual:
    """Per slot: ratio to the load that is usual at this hour, and to that at the month's level; None where it cannot be told."""

    ratios: Sequence[Decimal | None]
    residuals: Sequence[Decimal | None]
    slips: Sequence[int]  # 1 thousandfold, -1 a thousandth, 0 neither
    levels: Mapping[Month, Decimal]  # of months, without slips
    scatter: Mapping[Hashable, Decimal]  # by hour or weekday
    months: Sequence[Month]
    kinds: Sequence[Hashable]


def usual(series: Series) -> Usual:
    """Everything the detectors of spikes, slips and shifts compare with."""
    times = [series.time(slot) for slot in range(series.slots)]
    kinds: list[Hashable] = [(time.weekday() >= 5, time.hour) if series.sub_daily else time.weekday() for time in times]
    months = [(time.year, time.month) for time in times]
    base = _medians(zip(kinds, series.values, strict=True))
    ratios = [
        None if value is None or base.get(kind, Decimal(0)) <= 0 else value / base[kind]
        for kind, value in zip(kinds, series.values, strict=True)
    ]
    slips = [_slip(ratio) for ratio in ratios]
    clean = [None if slip else ratio for ratio, slip in zip(ratios, slips, strict=True)]
    levels = _medians(zip(months, clean, strict=True))
    residuals = [
        None if ratio is None or levels[month] <= 0 else ratio / levels[month]
        for month, ratio in zip(months, clean, strict=True)
    ]
    return Usual(ratios, residuals, slips, levels, _scatter(kinds, residuals), months, kinds)


def _slip(ratio: Decimal | None) -> int:
    if ratio is None or ratio <= 0:
        return 0
    return 1 if SLIP_LOW < ratio < SLIP_HIGH else -1 if SLIP_LOW < 1 / ratio < SLIP_HIGH else 0


def _medians(pairs: Iterable[tuple[Key, Decimal | None]]) -> dict[Key, Decimal]:
    groups: dict[Key, list[Decimal]] = {}
    for key, value in pairs:
        if value is not None:
            groups.setdefault(key, []).append(value)
    return {key: median(values) for key, values in groups.items()}


def _scatter(kinds: Sequence[Hashable], residuals: Sequence[Decimal | None]) -> dict[Hashable, Decimal]:
    """Median deviation from 1, as a standard deviation; never below half of that of the whole, nor below two percent."""
    far = [None if each is None else abs(each - 1) for each in residuals]
    known = [each for each in far if each is not None]
    least = max(LEAST_SCATTER, median(known) * NORMAL / 2) if known else LEAST_SCATTER
    return {kind: max(least, value * NORMAL) for kind, value in _medians(zip(kinds, far, strict=True)).items()}

"""Interval text "[80, 90)" → Interval, and whether intervals cover a range without gap or overlap."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from guiju.diagnostics.finding import Found, Place
from guiju.formula.numbers import plain
from guiju.plan.model import Interval

_TEXT = re.compile(r"\s*([\[(])\s*(-?\d+(?:\.\d+)?|-inf)\s*,\s*(-?\d+(?:\.\d+)?|\+?inf)\s*([\])])\s*")
EVERYTHING = Interval(None, None, False, False, "(-inf, inf)")


def read(text: str, place: Place, found: Found) -> Interval | None:
    """The interval, or None after adding a finding. Square brackets are closed edges, round ones open."""
    match = _TEXT.fullmatch(text)
    if match is None:
        found.add("interval.text", place, text=text)
        return None
    low = None if match[2] == "-inf" else Decimal(match[2])
    high = None if match[3].endswith("inf") else Decimal(match[3])
    interval = Interval(low, high, match[1] == "[", match[4] == "]", text.strip())
    if (low is None and match[1] == "[") or (high is None and match[4] == "]"):
        found.add("interval.closed-infinity", place, text=text)
        return None
    empty = (
        low is not None
        and high is not None
        and (low > high or (low == high and not (match[1] == "[" and match[4] == "]")))
    )
    if empty:
        found.add("interval.empty", place, text=text)
        return None
    return interval


def from_below(interval: Interval) -> tuple[bool, Any, bool]:
    """Sorts intervals from the lowest up; of two that begin at one edge, the closed one comes first."""
    return (interval.low is not None, interval.low or 0, not interval.low_closed)


def check_cover(pieces: Sequence[tuple[Interval, Place]], whole: Interval, place: Place, found: Found) -> bool:
    """Together the pieces must be `whole`: no gap, no overlap. Findings name both neighbours."""
    before = found.mark()
    ordered = sorted(pieces, key=lambda piece: from_below(piece[0]))
    first, last = ordered[0], ordered[-1]
    if (first[0].low, first[0].low_closed) != (whole.low, whole.low_closed):
        found.add("interval.start", first[1], text=first[0].text, whole=whole.text)
    for (left, left_place), (right, right_place) in zip(ordered, ordered[1:], strict=False):
        _neighbours(left, left_place, right, right_place, found)
    if (last[0].high, last[0].high_closed) != (whole.high, whole.high_closed):
        found.add("interval.end", last[1], text=last[0].text, whole=whole.text)
    return not found.errors_since(before)


def _neighbours(left: Interval, left_place: Place, right: Interval, right_place: Place, found: Found) -> None:
    related = (("neighbour", left_place),)
    if (
        left.high is None
        or right.low is None
        or left.high > right.low
        or (left.high == right.low and left.high_closed and right.low_closed)
    ):
        found.add("interval.overlap", right_place, related=related, first=left.text, second=right.text)
    elif left.high < right.low or not (left.high_closed or right.low_closed):
        at = plain(left.high) if left.high == right.low else f"{plain(left.high)} … {plain(right.low)}"
        found.add("interval.gap", right_place, related=related, first=left.text, second=right.text, gap=at)

"""Slots that follow each other, as runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from guiju.series.model import Series

Run = tuple[int, int]  # first and last slot


def runs(slots: Iterable[int], bridge: int = 0) -> list[Run]:
    """Neighbouring slots together; up to `bridge` slots in between do not part them."""
    found: list[Run] = []
    for slot in slots:
        if found and slot - found[-1][1] <= bridge + 1:
            found[-1] = (found[-1][0], slot)
        else:
            found.append((slot, slot))
    return found


def span(series: Series, run: Run) -> dict[str, Any]:
    """First and last time of a run, as facts of a finding."""
    return {"first": shown(series, series.time(run[0])), "last": shown(series, series.time(run[1]))}


def shown(series: Series, time: datetime) -> str:
    return time.isoformat(" ", "minutes") if series.sub_daily else time.date().isoformat()

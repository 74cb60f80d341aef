"""Times that do not fit: off the steps of the series, outside the period, or stamped at the end of their interval."""

from __future__ import annotations

from datetime import timedelta

from guiju.diagnostics.finding import Found
from guiju.series.model import Series
from guiju.series.runs import shown
from guiju.series.usual import Usual


def look(series: Series, usual: Usual, found: Found) -> None:
    """Findings `series.off-step`, `series.outside`, `series.stamps-at-end`."""
    off = [each for each in series.readings if abs(each.time - series.time(series.slot(each.time))) > series.step / 4]
    if off:
        first, step = shown(series, off[0].time), _text(series.step)
        found.add("series.off-step", off[0].place, first=first, count=str(len(off)), step=step)
    if not series.outside:
        return
    after = series.time(series.slots)
    end = [each for each in series.outside if each.time == after]
    if len(series.outside) == len(end) == 1 and 0 not in series.by_slot:
        found.add("series.stamps-at-end", end[0].place, first=shown(series, series.start), last=shown(series, after))
    else:
        first, last = (shown(series, each.time) for each in (series.outside[0], series.outside[-1]))
        found.add("series.outside", series.outside[0].place, first=first, last=last, count=str(len(series.outside)))


def _text(step: timedelta) -> str:
    minutes = step // timedelta(minutes=1)
    return f"{minutes // 1440}d" if minutes % 1440 == 0 and minutes else f"{minutes}min"

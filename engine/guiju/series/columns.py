"""Cells → Series: which column is the time, which the value; every cell is read exactly or refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.series.model import Asked, Reading, Series
from guiju.series.tables import MAX_ROWS, Cells

YEARS = range(
    1900, 2200
)  # what a meter can have read; others are slips of the pen, and dates must bear a step more or less
MOST_ERRORS = 20  # of bad cells that are listed
BLANK = frozenset(("", "-", "--", "—", "/", "na", "n/a", "#n/a", "nan", "null", "none"))
_DAY = r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})"
_TIME = re.compile(rf"{_DAY}(?:[ T]+(\d{{1,2}}):(\d{{2}})(?::(\d{{2}})(?:\.0+)?)?)? ?(Z|[+-]\d{{2}}:?\d{{2}})?")
_NUMBER = re.compile(r"[+-]?(?=[.\d])\d{0,30}(?:\.\d{0,30})?(?:[eE][+-]?\d{1,2})?")
Parsed = tuple[datetime, str]


def series(cells: Cells, asked: Asked, shown: str, found: Found) -> Series | None:
    """The series of the period, or None after adding findings."""
    if not cells.rows:
        found.add("series.empty", Place(shown, 1, 1))
        return None
    columns = _columns(cells, asked, shown, found)
    readings = None if columns is None else _readings(cells, *columns, shown, found)
    if readings is None:
        return None
    step = asked.step or _usual_step(readings)
    if step is None:
        found.add("series.no-step", Place(shown, 1, 1))
        return None
    if asked.stamp == "end":
        readings = [each._replace(time=each.time - step) for each in readings]
    start = datetime.combine(asked.start, time())
    end = datetime.combine(asked.end, time()) + timedelta(days=1)
    if (end - start) / step > MAX_ROWS:
        found.add("series.too-fine", Place(shown, 1, 1), step=str(step), limit=MAX_ROWS)
        return None
    ordered = sorted(readings, key=lambda each: each.time)
    within = tuple(each for each in ordered if start <= each.time < end)
    if all(each.value is None for each in within):
        ends = (each.time.isoformat(" ", "minutes") for each in (ordered[0], ordered[-1]))
        found.add("series.none-inside", Place(shown, 1, 1), first=next(ends), last=next(ends))
        return None
    outside = tuple(each for each in ordered if not start <= each.time < end)
    return Series(within, outside, start, -(-(end - start) // step), step)


def _columns(cells: Cells, asked: Asked, shown: str, found: Found) -> tuple[int, int] | None:
    """The columns of time and value: as named, else the first that holds times and the only other that holds numbers."""
    place, sample = Place(shown, 1, 1), cells.rows[:50]
    named = [None if name is None else _named(cells, name, place, found) for name in (asked.time, asked.value)]
    if -1 in named:
        return None
    times, numbers = ([i for i in range(len(cells.names)) if _holds(sample, i, what)] for what in (_TIME, _NUMBER))
    when = named[0] if named[0] is not None else next(iter(times), None)
    if when is None:
        found.add("series.no-time-column", place, there=", ".join(cells.names[:20]))
        return None
    if named[1] is not None:
        return when, named[1]
    values = [i for i in numbers if i != when and i not in times]
    if len(values) != 1:
        code = "series.which-column" if values else "series.no-value-column"
        found.add(code, place, there=", ".join(cells.names[i] for i in values or range(len(cells.names)))[:200])
        return None
    return when, values[0]


def _named(cells: Cells, name: str, place: Place, found: Found) -> int:
    """A column by its name, or by its number from 1; -1 after a finding."""
    if name in cells.names:
        return cells.names.index(name)
    if name.isdecimal() and 1 <= int(name) <= len(cells.names):
        return int(name) - 1
    found.add(
        "series.no-column",
        place,
        name=name,
        nearest=nearest(name, list(cells.names)),
        there=", ".join(cells.names[:20]),
    )
    return -1


def _holds(rows: Sequence[Sequence[str]], index: int, what: re.Pattern[str]) -> bool:
    """Whether every cell of the sample that is not blank reads as such, and some do."""
    there = [row[index] for row in rows if index < len(row) and row[index].lower() not in BLANK]
    return bool(there) and all(what.fullmatch(cell) for cell in there)


def _readings(cells: Cells, when: int, value: int, shown: str, found: Found) -> list[Reading] | None:
    """Every row as a reading; None where a cell is no time or no number (the first of them are listed)."""
    before, errors, offsets, readings = found.mark(), 0, dict[str, Place | None](), list[Reading]()
    for index, row in enumerate(cells.rows):
        place = None if cells.lines is None else _place(row, value, cells.lines[index], shown)
        moment, number = _moment(row[when]) if when < len(row) else None, row[value] if value < len(row) else ""
        blank = number.lower() in BLANK
        if moment is None:
            at = None if cells.lines is None else _place(row, when, cells.lines[index], shown)
            found.add("series.time", at, text=(row[when] if when < len(row) else "")[:40], row=str(index + 1))
        elif not blank and not _NUMBER.fullmatch(number):
            found.add("series.number", place, text=number[:40], row=str(index + 1))
        else:
            offsets.setdefault(moment[1], place)
            readings.append(Reading(moment[0], None if blank else Decimal(number), place))
            continue
        errors += 1
        if errors >= MOST_ERRORS:
            break
    if len(offsets) > 1:
        found.add("series.offsets", list(offsets.values())[1], there=", ".join(each or "?" for each in sorted(offsets)))
    return None if found.errors_since(before) else readings


def _place(row: Sequence[str], index: int, line: int, shown: str) -> Place:
    """Where a cell stands, as far as the row was written without quotes and blanks."""
    return Place(
        shown, line, sum(len(cell) + 1 for cell in row[:index]) + 1, max(1, len(row[index]) if index < len(row) else 1)
    )


def _moment(text: str) -> Parsed | None:
    """A time without its offset, and the offset as written. 24:00 is the next day's midnight."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    year, _, month, day_, hour, minute, second, offset = match.groups()
    later = hour == "24" and (minute, second or "00") == ("00", "00")
    if int(year) not in YEARS:
        return None
    try:
        day = date(int(year), int(month), int(day_))
        moment = datetime.combine(day, time(0 if later else int(hour or 0), int(minute or 0), int(second or 0)))
        return moment + timedelta(days=later), offset or ""
    except (ValueError, OverflowError):
        return None


def _usual_step(readings: Sequence[Reading]) -> timedelta | None:
    """The most common distance of two readings; the smaller one where two are equally common."""
    times = sorted({each.time for each in readings})
    apart = Counter(later - earlier for earlier, later in zip(times, times[1:], strict=False))
    return min(apart, key=lambda each: (-apart[each], each)) if apart else None

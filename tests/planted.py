"""Meter readings like those of a mine, from a seed, with errors planted in them whose kind and times are known.

A clean year has a daily and a weekly course, a season, scatter, a slack festival week and stops for maintenance: what a
detector has to leave alone. Decimals with one digit behind the point, as a meter writes them.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

KINDS = ("gap", "duplicate", "stuck", "spike", "unit-slip", "month-shift")


@dataclass(frozen=True)
class Planted:
    """An error: its kind (the code's second part) and the times it covers, both included."""

    kind: str
    first: datetime
    last: datetime


@dataclass
class Year:
    """Readings in order, and what was planted among them."""

    step: timedelta
    rows: list[tuple[datetime, str]]
    planted: list[Planted] = field(default_factory=list)

    def write(self, path: Path) -> Path:
        lines = [f"{time:%Y-%m-%d %H:%M},{value}" for time, value in self.rows]
        path.write_text("time,kWh\n" + "\n".join(lines) + "\n", encoding="utf-8")
        return path


def clean(seed: int, minutes: int = 15, year: int = 2024) -> Year:
    """A year without errors, in quarter-hours or in days (1440)."""
    draw, start = random.Random(f"clean {seed} {minutes}"), datetime(year, 1, 1)
    step = timedelta(minutes=minutes)
    mean = draw.choice((40, 250, 1200)) * minutes / 15
    scatter, season = draw.uniform(0.03, 0.12), draw.uniform(0.03, 0.2)
    slack = start + timedelta(days=draw.randrange(35, 48))
    stops = [start + timedelta(days=draw.randrange(366), hours=draw.randrange(16)) for _ in range(6)]
    rows, time = [], start
    while time.year == year:
        load = mean * (1 + season * math.cos(2 * math.pi * (time.timetuple().tm_yday - 15) / 366))
        if minutes < 1440:
            load *= 1 + 0.25 * math.sin(2 * math.pi * (time.hour + time.minute / 60 - 9) / 24)
        load *= 0.8 if time.weekday() >= 5 else 1
        load *= 0.55 if slack <= time < slack + timedelta(days=7) else 1
        stopped = any(stop <= time < stop + timedelta(hours=8) for stop in stops)
        load *= (0.15 if minutes < 1440 else 0.75) if stopped else 1
        rows.append((time, f"{load * math.exp(draw.gauss(0, scatter)):.1f}"))
        time += step
    return Year(step, rows)


@dataclass(frozen=True)
class Size:
    """How great the errors are: spikes and shifted months as factors, stuck readings as a count."""

    spike: tuple[float, float]
    dip: tuple[float, float]
    month: tuple[float, float]
    stuck: tuple[int, int]


PLAIN = Size((2, 20), (0, 0.3), (1.3, 3), (10, 96))
FAINT = Size((1.3, 2), (0.4, 0.8), (1.08, 1.35), (4, 12))


def with_errors(seed: int, minutes: int = 15, size: Size = PLAIN) -> Year:
    """A clean year with some of every kind of error, never two at one time."""
    made, draw = clean(seed, minutes), random.Random(f"errors {seed} {minutes} {size}")
    values = dict(made.rows)
    times, free = [time for time, _ in made.rows], set(range(len(made.rows)))
    planted: list[Planted] = []
    repeated: list[int] = []

    def room(length: int) -> range:
        """So many free readings, with some distance to other errors."""
        while True:
            first = draw.randrange(10, len(times) - length - 10)
            taken = range(first - 3, first + length + 3)
            if all(index in free for index in taken):
                free.difference_update(taken)
                return range(first, first + length)

    def plant(kind: str, indices: range) -> None:
        planted.append(Planted(kind, times[indices[0]], times[indices[-1]]))

    long, times_each = (96, 4) if minutes < 1440 else (9, 2)
    month = draw.randrange(1, 13)
    chosen = [index for index, time in enumerate(times) if time.month == month]
    factor = draw.uniform(*size.month) ** draw.choice((1, -1))
    for index in chosen:
        values[times[index]] = f"{float(values[times[index]]) * factor:.1f}"
    plant("month-shift", range(chosen[0], chosen[-1] + 1))
    for _ in range(times_each):
        indices = room(draw.randrange(1, long))
        for index in indices:
            del values[times[index]]
        plant("gap", indices)
        indices = room(draw.randrange(1, max(2, long // 3)))
        repeated += indices
        plant("duplicate", indices)
        shortest, longest = size.stuck if minutes < 1440 else (max(3, size.stuck[0] // 2), 9)
        indices = room(draw.randrange(shortest, longest + 1))
        for index in indices:
            values[times[index]] = values[times[indices[0]]]
        plant("stuck", indices)
        indices = room(draw.randrange(1, 3))
        far = draw.choice((draw.uniform(*size.spike), draw.uniform(*size.dip)))
        for index in indices:
            values[times[index]] = f"{float(values[times[index]]) * far:.1f}"
        plant("spike", indices)
        indices = room(draw.randrange(1, long))
        scale = draw.choice((1000, 0.001))
        for index in indices:
            values[times[index]] = f"{float(values[times[index]]) * scale:.4f}"
        plant("unit-slip", indices)
    rows = [(time, values[time]) for time in times if time in values]
    for index in sorted(repeated, reverse=True):
        place = next(i for i, (time, _) in enumerate(rows) if time == times[index])
        rows.insert(place + 1, rows[place])
    return Year(made.step, rows, planted)

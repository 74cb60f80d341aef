"""A Series: the readings of one meter, laid on the slots of a period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Literal, NamedTuple

from guiju.diagnostics.finding import Place


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller says about a file: period, step (None: as the file has it), which columns, where stamps stand."""

    start: date
    end: date
    step: timedelta | None = None
    time: str | None = None
    value: str | None = None
    stamp: Literal["start", "end"] = "start"


class Reading(NamedTuple):
    """One reading: the start of its interval, its value (None: the cell is empty) and where it stands."""

    time: datetime
    value: Decimal | None
    place: Place | None


@dataclass(frozen=True)
class Series:
    """The readings of the period, in order of time, and those outside of it."""

    readings: tuple[Reading, ...]
    outside: tuple[Reading, ...]
    start: datetime
    slots: int  # how many readings a complete period has
    step: timedelta

    @property
    def sub_daily(self) -> bool:
        return self.step < timedelta(days=1)

    @cached_property
    def by_slot(self) -> Mapping[int, Sequence[Reading]]:
        """The readings by the slot they are nearest to."""
        found: dict[int, list[Reading]] = {}
        for reading in self.readings:
            found.setdefault(self.slot(reading.time), []).append(reading)
        return found

    @cached_property
    def values(self) -> Sequence[Decimal | None]:
        """One value a slot, the first that was read; None where there is none. What the detectors look at."""
        listed: list[Decimal | None] = [None] * self.slots
        for slot, readings in self.by_slot.items():
            listed[slot] = next((each.value for each in readings if each.value is not None), None)
        return listed

    def slot(self, time: datetime) -> int:
        """The nearest slot; half a step after the last one still belongs to it."""
        return min(self.slots - 1, round((time - self.start) / self.step))

    def time(self, slot: int) -> datetime:
        return self.start + slot * self.step

    def place(self, slot: int) -> Place | None:
        """Where the first reading of a slot stands, or the next one that was read."""
        return next((self.by_slot[each][0].place for each in range(slot, self.slots) if each in self.by_slot), None)

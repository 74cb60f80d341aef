"""Rows that are ranges: none runs backwards, and none overlaps another where a collection says `no_overlap`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guiju.diagnostics.finding import Found, Place
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import plain
from guiju.intake.model import Given
from guiju.ruleset.model import Collection, Input, NoOverlap


@dataclass(frozen=True, slots=True)
class Range:
    """One row as a range, both ends included; `index` is its position in the case."""

    first: Any
    last: Any
    index: int
    key: str
    place: Place  # of the row

    @property
    def text(self) -> str:
        return _text(self.first, self.last)


def check(collection: Collection, rows: Sequence[Mapping[str, Given]], places: Sequence[Place], found: Found) -> None:
    """Findings `case.range-order` and `case.overlap`. A row that lacks an end, or does not know what it is alike in, is
    compared with nothing."""
    if collection.no_overlap is None:
        return
    groups: dict[tuple[Any, ...], list[Range]] = {}
    for index, row in enumerate(rows):
        made = _range(collection, collection.no_overlap, row, index, places[index], found)
        if made is not None and not any(_unknown(row.get(name)) for name in collection.no_overlap.within):
            alike = tuple(_value(collection.columns[name], row) for name in collection.no_overlap.within)
            groups.setdefault(alike, []).append(made)
    for group in groups.values():
        _overlaps(collection, group, found)


def _range(
    collection: Collection, ranges: NoOverlap, row: Mapping[str, Given], index: int, place: Place, found: Found
) -> Range | None:
    first, last = (_value(collection.columns[name], row) for name in (ranges.first, ranges.last))
    if first is None or last is None:
        return None
    key = row[collection.key].value if collection.key in row else None
    made = Range(first, last, index, _shown(key), place)
    if first <= last:
        return made
    given = row.get(ranges.last) or row.get(ranges.first)
    found.add(
        "case.range-order", given.place if given else place, collection=collection.id, key=made.key,
        first=ranges.first, last=ranges.last, start=_shown(first), end=_shown(last),
    )  # fmt: skip
    return None


def _overlaps(collection: Collection, group: Sequence[Range], found: Found) -> None:
    """From the lowest start up; each range is compared with the one that reaches furthest so far."""
    furthest: Range | None = None
    for each in sorted(group, key=lambda item: (item.first, item.index)):
        if furthest is not None and each.first <= furthest.last:
            earlier, later = sorted((each, furthest), key=lambda item: item.index)
            shared = _text(each.first, min(each.last, furthest.last))
            found.add(
                "case.overlap", later.place, related=(("first-range", earlier.place),), collection=collection.id,
                first=earlier.key, second=later.key, first_range=earlier.text, second_range=later.text,
                shared=shared,
            )  # fmt: skip
        if furthest is None or each.last > furthest.last:
            furthest = each


def _unknown(given: Given | None) -> bool:
    """Whether a value was handed in as unknown, or an assessment that was to give it has none; a column left out says nothing."""
    return given is not None and (given.value is None or isinstance(given.value, NotComputed))


def _value(item: Input, row: Mapping[str, Given]) -> Any:
    """What a row says in a column, or the column's default; None where it says nothing."""
    given = row.get(item.id)
    if given is not None and isinstance(given.value, NotComputed):
        return None  # taken from an assessment that has no such value
    if given is not None and given.value is not None:
        return given.value
    return date.fromisoformat(item.default) if item.type == "date" and item.default else item.default


def _text(first: Any, last: Any) -> str:
    return _shown(first) if first == last else f"{_shown(first)} – {_shown(last)}"


def _shown(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else "?" if value is None else str(value)

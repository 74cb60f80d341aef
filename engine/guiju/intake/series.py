"""A file of meter readings → the exact sum of a period, what looks wrong in it, and both as a value for a case."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, Inexact
from pathlib import Path
from typing import Any

from guiju.diagnostics.finding import Finding, Found
from guiju.diagnostics.words import word
from guiju.formula.measures import Measures, UnitError
from guiju.formula.numbers import arithmetic, plain
from guiju.plan.check import units_of
from guiju.series import columns, detectors, tables
from guiju.series.model import Asked, Series

_EXACT = Context(
    prec=300, traps=[Inexact]
)  # 30 digits each side, shifted by up to 99, two million times: nothing is ever rounded


@dataclass(frozen=True, slots=True)
class Summed:
    """The sum of all readings of the period as they stand, and what was flagged (codes of the room `series`)."""

    file: str
    sha256: str
    encoding: str
    series: Series
    asked: Asked
    unit: str
    total: Decimal
    flags: tuple[Finding, ...]

    @property
    def there(self) -> int:
        """How many of the period's slots have a value."""
        return sum(value is not None for value in self.series.values)


def summed(path: Path, asked: Asked, unit: str, found: Found, measures: Measures | None = None) -> Summed | None:
    """The sum, or None after adding errors. Flags are findings too, and part of the result; they change nothing.
    The unit is one of `measures`, by default of the engine's own."""
    before = found.mark()
    if not _is_unit(unit, measures or units_of(None), found):
        return None
    cells = tables.read(path, str(path), found)
    series = None if cells is None else columns.series(cells, asked, str(path), found)
    if cells is None or series is None or found.errors_since(before):
        return None
    with arithmetic():
        detectors.look(series, found)
    total = Decimal(0)
    for reading in series.readings:
        total = total if reading.value is None else _EXACT.add(total, reading.value)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Summed(path.name, digest, cells.encoding, series, asked, unit, total, found.since(before))


def _is_unit(unit: str, measures: Measures, found: Found) -> bool:
    """Whether the text is a unit; what is written into a case under another name would only be refused there."""
    try:
        measures.terms(unit)
    except UnitError as error:
        found.add("series.unknown-unit", None, unit=error.symbol[:40], nearest=measures.likely(error.symbol))
        return False
    return True


def as_data(result: Summed) -> dict[str, Any]:
    """For programs: numbers as text, every flag with its facts."""
    return {
        "file": result.file,
        "sha256": result.sha256,
        "encoding": result.encoding,
        "period": {"from": result.asked.start.isoformat(), "to": result.asked.end.isoformat()},
        "step_seconds": str(int(result.series.step.total_seconds())),
        "slots": str(result.series.slots),
        "with_value": str(result.there),
        "sum": plain(result.total),
        "unit": result.unit,
        "flags": [
            {"code": flag.code, "line": flag.place.line if flag.place else None, **dict(flag.facts)}
            for flag in result.flags
        ],
    }


def as_value(result: Summed) -> str:
    """YAML that can stand as a value in a case: sum, unit, source with hash, and the flags as a note."""
    period = f"{result.asked.start.isoformat()}..{result.asked.end.isoformat()}"
    readings = len(result.series.readings)
    source = {
        "zh": f"{result.file}，{period}，{readings} 个读数求和，SHA-256 {result.sha256}",
        "en": f"{result.file}, {period}, sum of {readings} readings, SHA-256 {result.sha256}",
    }
    lines = [f"value: {plain(result.total)}", f"unit: {_quoted(result.unit)}", "origin: measured"]
    lines += [_both("source", source), _both("note", _note(result))]
    return "\n".join(lines) + "\n"


def _note(result: Summed) -> Mapping[str, str]:
    missing, counts = result.series.slots - result.there, _counts(result.flags)
    zh = "、".join(f"{word(code, 'zh', 'series')} {count}" for code, count in counts) or "无"
    en = ", ".join(f"{word(code, 'en', 'series')} {count}" for code, count in counts) or "none"
    return {
        "zh": f"应有 {result.series.slots} 个读数，缺 {missing} 个；标记：{zh}。标记只作提示，未改动任何读数。",
        "en": f"{missing} of {result.series.slots} readings missing; flags: {en}. Flags change no reading.",
    }


def _counts(flags: Sequence[Finding]) -> list[tuple[str, int]]:
    return sorted(Counter(flag.code.partition(".")[2] for flag in flags).items())


def _both(name: str, words: Mapping[str, str]) -> str:
    return f"{name}: {{zh: {_quoted(words['zh'])}, en: {_quoted(words['en'])}}}"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

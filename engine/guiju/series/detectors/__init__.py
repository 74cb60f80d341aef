"""The shelf of detectors: every file has `look(series, usual, found)`. A detector flags and never changes a value."""

from __future__ import annotations

import importlib
from functools import cache
from pathlib import Path
from types import ModuleType

from guiju.diagnostics.finding import Found
from guiju.series.model import Series
from guiju.series.usual import usual


@cache
def _shelf() -> tuple[ModuleType, ...]:
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__")
    return tuple(importlib.import_module(f"{__name__}.{name}") for name in names)


def look(series: Series, found: Found) -> None:
    """All detectors in the order of their names."""
    seen = usual(series)
    for detector in _shelf():
        detector.look(series, seen, found)

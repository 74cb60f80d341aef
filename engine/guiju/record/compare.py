"""The first thing in which two pieces of data differ, with the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ABSENT = "—"
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Difference:
    """Where (nodes.total.value), what stands there, and what should."""

    where: str
    packed: str
    computed: str


def first_difference(packed: Any, computed: Any, where: str = "") -> Difference | None:
    """None where both are the same. Keys are compared in the order of what was computed."""
    if isinstance(packed, Mapping) and isinstance(computed, Mapping):
        for key in [*computed, *(key for key in packed if key not in computed)]:
            way = f"{where}.{key}" if where else str(key)
            if key not in packed or key not in computed:
                return Difference(way, _told(packed.get(key, ABSENT)), _told(computed.get(key, ABSENT)))
            difference = first_difference(packed[key], computed[key], way)
            if difference is not None:
                return difference
        return None
    if isinstance(packed, list) and isinstance(computed, list):
        for index, (one, other) in enumerate(zip(packed, computed, strict=False)):
            difference = first_difference(one, other, f"{where}[{index}]")
            if difference is not None:
                return difference
        if len(packed) != len(computed):
            return Difference(where, f"[{len(packed)}]", f"[{len(computed)}]")
        return None
    if type(packed) is type(computed) and packed == computed:
        return None
    return Difference(where, _told(packed), _told(computed))


def _told(value: Any) -> str:
    if isinstance(value, Mapping | list):
        return "{…}" if isinstance(value, Mapping) else f"[{len(value)}]"
    text = "null" if value is None else str(value)
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"

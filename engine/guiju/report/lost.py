"""Assessment data → which indicators lost how many points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from guiju.report.tree import full_marks

Data = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Leaf:
    """An indicator without others below it: its part of full marks, the points of the total it has lost, its weight."""

    entry: Data
    part: Decimal
    lost: Decimal
    weight: Decimal


def leaves(data: Data) -> list[Leaf]:
    """Those that have a score, in the order of the tree."""
    full, inner = full_marks(data), {entry["parent"] for entry in data["indicators"]}
    result = []
    for entry in data["indicators"]:
        if entry["id"] in inner or entry["score"] is None:
            continue
        score, weight = Decimal(entry["score"]), Decimal(entry["weight"] or 0)
        points = Decimal(entry["contribution"]) if entry["contribution"] is not None else weight * score / full
        lost = points * (full - score) / score if score else weight
        result.append(Leaf(entry, score / full, lost, weight))
    return result


def most_lost(data: Data, most: int) -> list[Leaf]:
    """The indicators that lost most points, the largest loss first."""
    return sorted((leaf for leaf in leaves(data) if leaf.lost > 0), key=lambda leaf: -leaf.lost)[:most]

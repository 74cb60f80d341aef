"""A high share of unit 1 says that units were left out rather than thought about."""

from __future__ import annotations

from guiju.diagnostics.finding import Found
from guiju.plan.model import Plan

FEWEST, SHARE = 10, 2  # look from ten written numbers on; more than one half is high


def look(plan: Plan, found: Found) -> None:
    written = [
        node for node in plan.nodes.values() if node.type == "number" and "." not in node.id and node.kind != "context"
    ]
    pure = [node for node in written if node.unit == "1"]
    if len(written) >= FEWEST and len(pure) * SHARE > len(written):
        found.add("lint.pure-units", pure[0].place, count=len(pure), of=len(written))

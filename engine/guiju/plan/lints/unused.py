"""Inputs and parameters that nothing needs, in no variant: often a slip of a name."""

from __future__ import annotations

from guiju.diagnostics.finding import Found
from guiju.plan.model import Plan


def look(plan: Plan, found: Found) -> None:
    needed = {need for node in plan.formulas for need in node.needs}
    needed |= {column for node in plan.formulas for use in node.uses if use.how == "fold" for column in (use.target,)}
    for node in plan.nodes.values():
        if (
            node.kind in ("input", "parameter")
            and node.id not in needed
            and not ("." in node.id or node.id in plan.mentioned)
        ):
            found.add("lint.unused", node.named or node.place, name=node.id, kind=node.kind)

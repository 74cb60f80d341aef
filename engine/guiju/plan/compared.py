"""What a check says it compares → the nodes of the plan, so that a finding shows just these figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from guiju.diagnostics.finding import Found
from guiju.diagnostics.nearest import nearest
from guiju.plan.model import Check, PlanNode
from guiju.ruleset.fields import Fields
from guiju.source.node import Node


def resolve(
    checks: tuple[Check, ...], written: Mapping[str, Node], nodes: Mapping[str, PlanNode], found: Found
) -> tuple[Check, ...]:
    """Every check with the nodes it compares; findings `check.unknown-name`."""
    return tuple(replace(each, compares=_nodes(each, Fields(written[each.id]), nodes, found)) for each in checks)


def _nodes(check: Check, fields: Fields, nodes: Mapping[str, PlanNode], found: Found) -> tuple[str, ...]:
    """A bare name is a column where the check is per row and its collection has one, as in a formula."""
    per = check.rows.partition(".")[0] if check.rows else None
    names: list[str] = []
    for item in fields.items("compares"):
        name = str(item.value)
        node = nodes.get(f"{per}.{name}") or nodes.get(name)
        if node is None or node.per not in (None, per):
            near = nearest(name, [node.id for node in nodes.values() if node.per in (None, per)])
            found.add("check.unknown-name", item.place, check=check.id, name=name, nearest=near)
        else:
            names.append(node.id)
    return tuple(names)

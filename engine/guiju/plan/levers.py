"""What a gate says moves its figure → the node of the plan, for advice that says how much more of it reaches the next band."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from guiju.diagnostics.finding import Found
from guiju.diagnostics.nearest import nearest
from guiju.plan.model import Gate, Grade, PlanNode
from guiju.ruleset.fields import Fields
from guiju.source.node import Node


def resolve(grade: Grade | None, written: Node | None, nodes: Mapping[str, PlanNode], found: Found) -> Grade | None:
    """The grade, its gates with their levers; findings `grade.unknown-lever`, `grade.idle-lever`."""
    if grade is None or written is None:
        return grade
    entries = {name: entry for name, entry, _ in Fields(written).entries("gates")}
    return replace(grade, gates=tuple(_with_lever(gate, entries[gate.id], nodes, found) for gate in grade.gates))


def _with_lever(gate: Gate, fields: Fields, nodes: Mapping[str, PlanNode], found: Found) -> Gate:
    """A lever is one number that somebody measures or computes, and the gate's figure rests on it."""
    lever = fields.get("lever")
    if lever is None:
        return gate
    name = str(lever.value)
    able = [node.id for node in nodes.values() if node.kind in ("input", "formula") and _is_one_number(node)]
    if name not in able:
        found.add("grade.unknown-lever", lever.place, gate=gate.id, name=name, nearest=nearest(name, able))
    elif name not in _below(f"grade.{gate.id}_value", nodes):
        found.add("grade.idle-lever", lever.place, gate=gate.id, name=name)
    return replace(gate, lever=name)


def _is_one_number(node: PlanNode) -> bool:
    return node.per is None and node.type == "number"


def _below(name: str, nodes: Mapping[str, PlanNode]) -> set[str]:
    """What a node rests on, itself left out."""
    todo, seen = [name], set[str]()
    while todo:
        new = {need for need in nodes[todo.pop()].needs if need in nodes} - seen
        seen |= new
        todo += new
    return seen

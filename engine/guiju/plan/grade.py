"""Preconditions, gates, bands and claims → formulas. A grade is a decision over named conditions; the lowest gate decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.plan import gates as gates_of
from guiju.plan.model import Check, Claim, Condition, Gate, Grade
from guiju.plan.parts import Parts, draft, joined, nested, titled
from guiju.ruleset.fields import Fields
from guiju.ruleset.model import Origin, Words
from guiju.source.node import Node


def preconditions(
    nodes: Mapping[str, Node], refusals: Mapping[str, Words], found: Found
) -> tuple[tuple[Condition, ...], Parts]:
    """Each precondition as a truth `precondition.<id>`."""
    conditions, drafts = [], []
    for name, node in nodes.items():
        fields, id_ = Fields(node), f"precondition.{name}"
        title, expr, otherwise = cast(Words, fields.words("title")), fields.map["expr"], fields.need("otherwise")
        if otherwise not in refusals:
            place = fields.map["otherwise"].place
            found.add(
                "grade.unknown-refusal",
                place,
                name=otherwise,
                nearest=nearest(otherwise, list(refusals)),
                there=", ".join(refusals),
            )
        conditions.append(Condition(name, title, id_, otherwise, fields.origin(), expr.place))
        drafts.append(
            draft(id_, title, str(expr.value), "boolean", expr.place, "precondition", fields.origin(), written=expr)
        )
    return tuple(conditions), Parts(tuple(drafts))


def checks(nodes: Mapping[str, Node]) -> tuple[tuple[Check, ...], Parts]:
    """Each plausibility check as a truth `check.<id>`; with `per` a truth `check_<id>` of every row, and all of them."""
    result, drafts = [], []
    for name, node in nodes.items():
        fields, id_ = Fields(node), f"check.{name}"
        title, expr, severity = cast(Words, fields.words("title")), fields.map["expr"], fields.text("severity")
        per, rows, origin = fields.get("per"), None, fields.origin()
        whole = draft(id_, title, str(expr.value), "boolean", expr.place, "check", origin, written=expr)
        if per is not None:
            row = f"check_{name}"
            rows = f"{per.value}.{row}"
            drafts.append(
                replace(whole, id=row, title=titled(title, "逐行", "row by row"), per=str(per.value), place=per.place)
            )
            whole = draft(id_, title, f"all({rows})", "boolean", expr.place, "check", origin)
        drafts.append(whole)
        result.append(Check(name, title, id_, cast(Any, severity or "warning"), origin, expr.place, rows))
    return tuple(result), Parts(tuple(drafts))


def in_force(
    checks: tuple[Check, ...], nodes: Mapping[str, Node], grade: Node | None, found: Found
) -> tuple[Check, ...]:
    """The checks without those whose `gate` is off; findings `check.unknown-gate`."""
    gates = {} if grade is None else {name: entry for name, entry, _ in Fields(grade).entries("gates")}
    kept = []
    for check in checks:
        named = Fields(nodes[check.id]).get("gate")
        name = "" if named is None else str(named.value)
        if named is not None and name not in gates:
            found.add(
                "check.unknown-gate", named.place, check=check.id, name=name, nearest=nearest(name, list(gates)),
                there=", ".join(gates),
            )  # fmt: skip
        elif named is None or gates[name].flag("enabled", True):
            kept.append(check)
    return tuple(kept)


def claims(nodes: Mapping[str, Node]) -> tuple[tuple[Claim, ...], Parts]:
    """A claim holds when all its requirements do: `claim.<id>` and `claim.<id>_<requirement>`."""
    result, drafts = [], []
    for name, node in nodes.items():
        fields, id_ = Fields(node), f"claim.{name}"
        title, requires = cast(Words, fields.words("title")), []
        for key, entry, _ in fields.entries("requires"):
            words, expr, part = cast(Words, entry.words("title")), entry.map["expr"], f"{id_}_{key}"
            origin = entry.origin(fields.origin())
            requires.append(Condition(key, words, part, None, origin, expr.place))
            drafts.append(
                draft(part, words, str(expr.value), "boolean", expr.place, "requirement", origin, written=expr)
            )
        text = " and ".join(condition.node for condition in requires)
        drafts.append(draft(id_, title, text, "boolean", node.place, "claim", fields.origin()))
        result.append(Claim(name, title, id_, tuple(requires), fields.origin(), node.place))
    return tuple(result), Parts(tuple(drafts))


def grade(
    node: Node, key: Place | None, precondition_nodes: Mapping[str, Node], found: Found
) -> tuple[Grade | None, Parts]:
    """The grade and everything it needs: per gate `.<gate>_value`, `_compared`, `_rank`; `grade.rank`, `grade.result`."""
    before, fields = found.mark(), Fields(node)
    for name in ("title", "levels", "gates"):
        if name not in fields:
            found.add("grade.incomplete", key, name=name)
    if found.errors_since(before):
        return None, Parts()
    title = cast(Words, fields.words("title"))
    labels = {key: cast(Words, entry.words("label")) for key, entry, _ in fields.entries("levels")}
    refusals = {key: cast(Words, entry.words("label")) for key, entry, _ in fields.entries("refusals")}
    levels = tuple(labels)
    conditions, parts = preconditions(precondition_nodes, refusals, found)
    made = [parts]
    gates = []
    for name, entry, place in fields.entries("gates"):
        gate, gate_parts = gates_of.read(name, entry, place, levels, found)
        if gate is not None:
            gates.append(gate)
            made.append(gate_parts)
    active = [gate for gate in gates if gate.enabled]
    if not active and not found.errors_since(before):
        found.add("grade.no-gate", node.keys["gates"])
    if found.errors_since(before):
        return None, Parts()
    combine = fields.text("combine") or "lowest"
    made.append(_result(title, levels, active, conditions, combine, node.place))
    return Grade(title, levels, labels, refusals, tuple(gates), conditions, cast(Any, combine)), joined(made)


def _result(
    title: Words, levels: tuple[str, ...], gates: list[Gate], conditions: tuple[Condition, ...], combine: str, place: Place
) -> Parts:  # fmt: skip
    """`grade.rank`: bands combined, then capped by the conditions that are not met. `grade.result`: its level, or a refusal."""
    banded = [f"grade.{gate.id}_rank" for gate in gates if gate.bands]
    capping = [f"grade.{gate.id}_rank" for gate in gates if not gate.bands]
    joint = extreme("min" if combine == "lowest" else "max", banded) if banded else ""
    chosen = extreme("min", [*([joint] if joint else []), *capping])
    by_rank = [(f"grade.rank == {len(levels) - index}", f'"{level}"') for index, level in enumerate(levels)]
    result = nested(by_rank[:-1], by_rank[-1][1])
    for condition in reversed(conditions):
        result = f'where({condition.node}, {result}, "{condition.otherwise}")'
    words = titled(title, "级位（1为最低）", "rank (1 is the lowest)")
    return Parts(
        (
            draft("grade.rank", words, chosen, "number", place, "rank", Origin(), "1"),
            draft("grade.result", title, result, "text", place, "result", Origin()),
        )
    )


def extreme(function: str, texts: list[str]) -> str:
    """min(a, b), or a alone."""
    return texts[0] if len(texts) == 1 else f"{function}({', '.join(texts)})"

"""Formulas in order → Program: every formula is walked once, in the code domain."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from guiju.formula.domains.code import Code, Source
from guiju.formula.evaluator import Walker
from guiju.formula.library import library
from guiju.formula.measures import Measures
from guiju.formula.tables import Lookup
from guiju.plan.model import PlanNode
from guiju.plan.staged import Program


def stage(
    nodes: Mapping[str, PlanNode],
    trees: Mapping[str, ast.expr],
    collections: Iterable[str],
    lookups: Mapping[str, Lookup],
    measures: Measures,
) -> Program:
    """The program of a plan. `nodes` in the order of computing."""
    source = Source()
    given = [
        *(node.id for node in nodes.values() if node.kind in ("context", "input", "column", "evidence")),
        *collections,
    ]
    formulas = [node for node in nodes.values() if node.kind == "formula"]
    slots = {name: f"x{index}" for index, name in enumerate(given)}
    marked: dict[str, str] = {}
    for node in nodes.values():
        if node.kind == "parameter" and node.quality.said:
            slots[node.id] = marked[node.id] = f"q{len(marked)}"  # its own name: others of the same value carry nothing
        elif node.kind == "parameter":
            slots[node.id] = str(node.constant) if isinstance(node.constant, bool) else source.constant(node.constant)
    tables = {}
    for index, (name, lookup) in enumerate(lookups.items()):
        tables[name] = f"table{index}"
        source.namespace[f"table{index}"] = lookup
    staging = Staging(source, slots, tables, _factors(measures), Walker(library()))
    for index, node in enumerate(formulas):
        slots[node.id] = f"v{index}"
        _formula(node, trees[node.id], staging)
    return Program(
        given=tuple(given),
        computed=tuple(node.id for node in formulas),
        lines=tuple(source.lines),
        slots=tuple(slots[node.id] for node in formulas),
        used=tuple(tuple(slots[need] for need in node.needs) for node in formulas),
        namespace={**source.namespace, **{slot: nodes[name].constant for name, slot in marked.items()}},
        marked=marked,
    )


def _factors(measures: Measures) -> Callable[[str, str], Fraction]:
    def factor(source: str, target: str) -> Fraction:
        known = measures.factor(source, target)
        assert known is not None, (source, target)
        return known

    return factor


@dataclass(frozen=True, slots=True)
class Staging:
    """What every formula is staged with: the source so far, the slots of all nodes, tables, factors, the walker."""

    source: Source
    slots: dict[str, str]
    tables: Mapping[str, str]
    factor: Callable[[str, str], Fraction]
    walker: Walker

    def value(self, node: PlanNode, tree: ast.expr, names: Mapping[str, str]) -> str:
        """The slot that holds the formula's value, rounded where the ruleset says so."""
        domain = Code(self.source, names, self.slots, self.tables, self.factor, node.id)
        value: str = self.walker.walk(tree, domain)
        if node.rounding is not None:
            value = self.source.bind(f"rounded({value}, {self.source.constant(node.rounding)}, {domain.origin})")
        return value


def _formula(node: PlanNode, tree: ast.expr, staging: Staging) -> None:
    source, slots = staging.source, staging.slots
    source.start = len(source.lines)
    slot = slots[node.id]
    if node.per is None:
        names = {written: slots[target] for written, target in targets(node)}
        with source.guarded(slot, node.id):
            source.assign(slot, staging.value(node, tree, names))
        return
    rows = slots[node.per]
    columns = dict.fromkeys(target for _, target in targets(node) if target.startswith(f"{node.per}."))
    cells = {column: f"r{index}" for index, column in enumerate(columns)}
    names = {written: cells.get(target) or slots[target] for written, target in targets(node)}
    source.line(f"if type({rows}) is list:")
    source.depth += 1
    source.line(f"{slot} = []")
    source.line(f"for {', '.join(['r_', *cells.values()])}, in zip({', '.join([rows, *(slots[c] for c in columns)])}):")
    source.depth += 1
    with source.guarded("cell", node.id):
        source.assign("cell", staging.value(node, tree, names))
    source.line(f"{slot}.append(cell)")
    source.depth -= 2
    source.line(f"else: {slot} = {rows}")


def targets(node: PlanNode) -> list[tuple[str, str]]:
    """(name as written, node id) of every single value a formula names, keys of lookups and groups included."""
    pairs: list[tuple[str, str]] = []
    for use in node.uses:
        if use.how == "value":
            pairs.append((use.names[0], use.target))
        elif use.how in ("cell", "group"):
            pairs += [(written, key) for written, key in zip(use.names, use.keys, strict=True) if key is not None]
    return pairs

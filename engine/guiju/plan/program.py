"""Formulas in order → Program: every formula is walked once, in the code domain."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

from guiju.diagnostics.finding import Found
from guiju.formula.domains.code import Code, Source
from guiju.formula.evaluator import Walker
from guiju.formula.grammar import parse
from guiju.formula.library import arity, library
from guiju.formula.measures import Measures
from guiju.formula.tables import Lookup
from guiju.plan.model import PlanNode
from guiju.plan.staged import Program


def stage(
    nodes: Mapping[str, PlanNode], collections: Iterable[str], lookups: Mapping[str, Lookup], measures: Measures
) -> Program:
    """The program of a plan. `nodes` in the order of computing."""
    source = Source()
    given = [*(node.id for node in nodes.values() if node.kind in ("context", "input", "column")), *collections]
    formulas = [node for node in nodes.values() if node.kind == "formula"]
    slots = {name: f"x{index}" for index, name in enumerate(given)}
    for node in nodes.values():
        if node.kind == "parameter":
            slots[node.id] = str(node.constant) if isinstance(node.constant, bool) else source.constant(node.constant)
    tables = {}
    for index, (name, lookup) in enumerate(lookups.items()):
        tables[name] = f"table{index}"
        source.namespace[f"table{index}"] = lookup
    factor = _factors(measures)
    for index, node in enumerate(formulas):
        slots[node.id] = f"v{index}"
        _formula(node, source, slots, tables, factor)
    return Program(
        given=tuple(given),
        computed=tuple(node.id for node in formulas),
        lines=tuple(source.lines),
        slots=tuple(slots[node.id] for node in formulas),
        used=tuple(tuple(slots[need] for need in node.needs) for node in formulas),
        namespace=source.namespace,
    )


def _factors(measures: Measures) -> Callable[[str, str], Fraction]:
    def factor(source: str, target: str) -> Fraction:
        known = measures.factor(source, target)
        assert known is not None, (source, target)
        return known

    return factor


def _formula(
    node: PlanNode,
    source: Source,
    slots: dict[str, str],
    tables: Mapping[str, str],
    factor: Callable[[str, str], Fraction],
) -> None:
    expression = parse(node.text, lambda _offset, _length: node.place, Found(), arity(library()))
    assert expression is not None, node.text
    slot = slots[node.id]
    if node.per is None:
        names = {written: slots[target] for written, target in _targets(node)}
        source.assign(slot, _staged(node, expression.tree, source, names, slots, tables, factor))
        return
    rows = slots[node.per]
    columns = dict.fromkeys(target for _, target in _targets(node) if target.startswith(f"{node.per}."))
    cells = {column: f"r{index}" for index, column in enumerate(columns)}
    names = {written: cells.get(target) or slots[target] for written, target in _targets(node)}
    source.line(f"if type({rows}) is list:")
    source.depth += 1
    source.line(f"{slot} = []")
    source.line(f"for {', '.join(['r_', *cells.values()])}, in zip({', '.join([rows, *(slots[c] for c in columns)])}):")
    source.depth += 1
    source.line(f"{slot}.append({_staged(node, expression.tree, source, names, slots, tables, factor)})")
    source.depth -= 2
    source.line(f"else: {slot} = {rows}")


def _staged(
    node: PlanNode, tree: Any, source: Source, names: Mapping[str, str], slots: Mapping[str, str], tables: Mapping[str, str],
    factor: Callable[[str, str], Fraction],
) -> str:  # fmt: skip
    domain = Code(source, names, slots, tables, factor, node.id)
    value: str = Walker(domain, library()).walk(tree)
    if node.rounding is not None:
        value = source.bind(f"rounded({value}, {source.constant(node.rounding)}, {domain.origin})")
    return value


def _targets(node: PlanNode) -> list[tuple[str, str]]:
    """(name as written, node id) of every single value a formula names, keys of lookups included."""
    pairs: list[tuple[str, str]] = []
    for use in node.uses:
        if use.how == "value":
            pairs.append((node.text[use.start : use.end], use.target))
        elif use.how == "cell":
            pairs += [(written, key) for written, key in zip(use.names, use.keys, strict=True) if key is not None]
    return pairs

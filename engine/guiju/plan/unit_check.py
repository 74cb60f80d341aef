"""Kinds and units of every formula, in the order of computing; conversions of scale become visible in the text that runs."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from guiju.diagnostics.finding import Found
from guiju.formula.domains.units import BOOLEAN, DATE, TEXT, UNKNOWN, Kinded, Units
from guiju.formula.evaluator import Walker
from guiju.formula.grammar import end, parse, start
from guiju.formula.library import arity, library, own_nodes
from guiju.formula.measures import Measures, Unit
from guiju.plan.choices import choices_of
from guiju.plan.model import Draft, PlanNode
from guiju.plan.names import Parsed, Places, Scope, resolve
from guiju.ruleset.model import Input, Rules, Table

SIMPLE: dict[str, Kinded] = {"boolean": BOOLEAN, "date": DATE, "text": TEXT}


@dataclass(frozen=True, slots=True)
class Checked:
    """Formula nodes in order, and the tree of each as it runs."""

    nodes: Mapping[str, PlanNode]
    trees: Mapping[str, ast.expr]


def run(
    ordered: Sequence[Parsed],
    leaves: Mapping[str, PlanNode],
    rules: Rules,
    inputs: Mapping[str, Input],
    measures: Measures,
    scope: Scope,
    found: Found,
) -> Checked:
    """Formula nodes in order, each with its uses, checked."""
    kinds = {name: _leaf_kind(node, measures) for name, node in leaves.items()}
    _choices(kinds, rules, inputs)
    cells = {f"{t.id}.{name}": kind for t in rules.tables.values() for name, kind in _cells(t, measures).items()}
    nodes: dict[str, PlanNode] = {}
    trees: dict[str, ast.expr] = {}
    walker = Walker(library())
    for item in ordered:
        draft = item.draft
        id_ = f"{draft.per}.{draft.id}" if draft.per else draft.id
        wanted = _declared(draft, measures)
        names = {written: kinds.get(target, UNKNOWN) for written, target in item.resolved.names.items()}
        whole = draft.written.place if draft.written else draft.place
        domain = Units(measures, names, kinds, cells, item.places.of, whole, own_nodes(), found)
        kind = walker.walk(item.expression.tree, domain)
        _result(kind, wanted, item, domain, found)
        kinds[id_] = replace(wanted, choices=kind.choices) if kind.choices else wanted
        nodes[id_], trees[id_] = _node(id_, item, domain, scope, found)
    return Checked(nodes, trees)


def _leaf_kind(node: PlanNode, measures: Measures) -> Kinded:
    if node.type == "number":
        return Kinded("number", measures.unit(node.unit or "1"))
    choices = (node.constant,) if node.kind == "parameter" and node.type == "text" else ()
    return Kinded("text", choices=choices) if choices else SIMPLE[node.type]


def _choices(kinds: dict[str, Kinded], rules: Rules, inputs: Mapping[str, Input]) -> None:
    """What a choice may be: written out, or the keys of a table."""
    columns = ((f"{c.id}.{item.id}", item) for c in rules.collections.values() for item in c.columns.values())
    for name, item in (*inputs.items(), *columns):
        allowed = choices_of(item, rules.tables)
        if allowed:
            kinds[name] = Kinded("text", choices=allowed)
        elif item.type == "integer":
            kinds[name] = replace(kinds[name], whole=True)
    kinds["role"] = Kinded("text", choices=("self", "third_party"))


def _cells(table: Table, measures: Measures) -> dict[str, Kinded]:
    """Columns (and keys) of a table, with what its keys must be."""
    keys = []
    for index, key in enumerate(table.keys):
        if key.type == "text":
            keys.append(Kinded("text", choices=tuple(dict.fromkeys(str(row.keys[index]) for row in table.rows))))
        else:
            keys.append(Kinded("number", measures.one))
    kinds: dict[str, Kinded] = {}
    for column in table.columns.values():
        kind = Kinded("number", measures.unit(column.unit or "1")) if column.type == "number" else TEXT
        kinds[column.name] = replace(kind, keys=tuple(keys))
    for key, kinded in zip(table.keys, keys, strict=True):
        kinds[key.name] = replace(kinded, keys=tuple(keys))
    return kinds


def _declared(draft: Draft, measures: Measures) -> Kinded:
    if draft.type == "number":
        return Kinded("number", measures.unit(draft.unit or "1"))
    return replace(SIMPLE[draft.type], choices=draft.choices)


def _result(kind: Kinded, wanted: Kinded, item: Parsed, domain: Units, found: Found) -> None:
    """The formula's result must be what it declares; a differing scale is converted, visibly."""
    tree = item.expression.tree
    if kind.kind == "unknown":
        return
    if kind.kind != wanted.kind:
        found.add("type.result", item.places.of(tree), name=item.draft.id, wanted=wanted.kind, given=kind.kind)
        return
    if kind.kind != "number":
        return
    assert kind.unit and wanted.unit
    zero = kind.literal is not None and kind.literal == 0
    if kind.unit.dimension != wanted.unit.dimension and not zero:
        found.add(
            "unit.result", item.places.of(tree), name=item.draft.id, declared=wanted.unit.text, computed=kind.unit.text
        )
    elif kind.unit.size != wanted.unit.size and not zero:
        earlier = domain.conversions.get(tree)
        domain.conversions[tree] = (earlier[0] if earlier else kind.unit, wanted.unit)


def _node(id_: str, item: Parsed, domain: Units, scope: Scope, found: Found) -> tuple[PlanNode, ast.expr]:
    draft, text, uses, tree = item.draft, item.expression.text, item.resolved.uses, item.expression.tree
    if domain.conversions:
        text = _converted(text, domain.conversions)
        again = parse(text, lambda _offset, _length: draft.place, found, arity(library()), ours=True)
        assert again is not None
        resolved = resolve(draft, again, scope, Places(text, lambda _offset, _length: draft.place, 0), found)
        assert resolved is not None
        uses, tree = resolved.uses, again.tree
    node = PlanNode(
        id=id_, kind="formula", title=draft.title, type=draft.type, unit=draft.unit if draft.type == "number" else None,
        place=draft.written.place if draft.written else draft.place, origin=draft.origin, part=draft.part, owner=draft.owner, per=draft.per,
        written=item.expression.text, text=text, uses=uses, rounding=draft.rounding, since=draft.since, changed=draft.changed,
        headline=draft.headline,
    )  # fmt: skip
    return node, tree


def _converted(text: str, conversions: Mapping[ast.AST, tuple[Unit, Unit]]) -> str:
    """The text with convert(…) around each operand whose scale differs."""
    inserts: list[tuple[int, int, str]] = []
    for node, (source, target) in conversions.items():
        first, last = start(text, node), end(text, node)
        inserts.append((first, -last, "convert("))  # outer ones first where two begin together
        inserts.append((last, -first, f', "{source.text}", "{target.text}")'))
    pieces, position = [], 0
    opens = sorted((entry for entry in inserts if entry[2] == "convert("), key=lambda e: (e[0], e[1]))
    closes = sorted((entry for entry in inserts if entry[2] != "convert("), key=lambda e: (e[0], e[1]))
    for offset in sorted({entry[0] for entry in inserts}):
        pieces.append(text[position:offset])
        pieces += [entry[2] for entry in closes if entry[0] == offset]
        pieces += [entry[2] for entry in opens if entry[0] == offset]
        position = offset
    return "".join([*pieces, text[position:]])

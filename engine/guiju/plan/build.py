"""Ruleset → Plan: variant laid on, sugar rewritten, names resolved, order fixed, kinds and units checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from keyword import iskeyword
from pathlib import Path
from typing import Any

from guiju.diagnostics.finding import Found, Place
from guiju.formula import library, tables
from guiju.formula.grammar import CORE, parse
from guiju.formula.numbers import arithmetic
from guiju.plan import aggregate, check, compared, graph, layout, levers, lints, unit_check
from guiju.plan import grade as grades
from guiju.plan import tree as trees
from guiju.plan.facts import facts
from guiju.plan.model import Check, Claim, ClaimedLevel, Draft, Grade, Plan, PlanNode, Type
from guiju.plan.names import Parsed, Places, Scope, resolve
from guiju.plan.parts import Parts, titled
from guiju.plan.program import stage
from guiju.ruleset import load, read, variants
from guiju.ruleset.fields import Fields
from guiju.ruleset.model import Formula, Input, Origin, Parameter, PinnedTable, Rules, Ruleset, Table, Words
from guiju.source.inside import locator

CONTEXT: dict[str, tuple[Words, Type]] = {
    "period_start": (Words("评价期起始日", "first day of the period"), "date"),
    "period_end": (Words("评价期截止日", "last day of the period"), "date"),
    "period_year": (Words("评价期年份", "year of the period's last day"), "number"),
    "role": (Words("评价主体", "who evaluates"), "text"),
}
ROLES = ("self", "third_party")


def plan(ruleset: Ruleset, variant: str | None, found: Found, asked: Place | None = None) -> Plan | None:
    """The plan of one variant, or None after adding findings. `asked` is where the variant was asked for."""
    with arithmetic():
        return _plan(ruleset, variant, asked, found)


def _plan(ruleset: Ruleset, variant: str | None, asked: Place | None, found: Found) -> Plan | None:
    before = found.mark()
    variants.check_tree(ruleset, found)
    chosen = variants.choose(ruleset, variant, asked, found)
    if chosen is False or found.errors_since(before):
        return None
    sections = variants.apply(ruleset, variant, found)
    if found.errors_since(before):
        return None
    tables = load.external(sections, Path(ruleset.identity.folder), found, ruleset.tables)
    rules = read.read(sections, {ref: pinned.node for ref, pinned in tables.items()}, found)
    return None if found.errors_since(before) else _build(ruleset, variant, rules, tables, found)


@dataclass(frozen=True, slots=True)
class Made:
    """What the sugar of a ruleset was rewritten into."""

    parts: Parts
    tree: trees.Tree | None
    grade: Grade | None
    claims: tuple[Claim, ...]
    checks: tuple[Check, ...]


def _rewrite(rules: Rules, found: Found) -> Made:
    """Indicators, grade and claims → formulas, parameters, inputs."""
    tree = trees.arrange(rules.indicators, found) if rules.indicators else None
    claims, parts = grades.claims(rules.claims)
    checks, check_parts = grades.checks(rules.checks)
    parts += check_parts
    checks = grades.in_force(checks, rules.checks, rules.grade, found)
    grade: Grade | None = None
    if rules.grade is not None:
        grade, more = grades.grade(rules.grade, rules.grade_place, rules.preconditions, found)
        parts += more
    return Made(aggregate.rewrite(tree, found) + parts if tree else parts, tree, grade, claims, checks)


def _build(
    ruleset: Ruleset, variant: str | None, rules: Rules, pinned: Mapping[str, PinnedTable], found: Found
) -> Plan | None:
    before = found.mark()
    made = _rewrite(rules, found)
    broken = frozenset((*rules.indicators, "grade")) if found.errors_since(before) else frozenset()
    drafts = [*map(_draft, rules.formulas.values()), *made.parts.drafts]
    measures = check.measures(rules, found)
    inputs = {**rules.inputs, **{item.id: item for item in made.parts.inputs}}
    parameters = {**rules.parameters, **{item.id: item for item in made.parts.parameters}}
    scope = _scope(
        rules, drafts, inputs, [*rules.parameters.values(), *made.parts.parameters], made.parts.levels, broken, found
    )
    parsed = [item for draft in drafts if (item := _parse(draft, scope, found)) is not None]
    check.rules(rules, inputs, parameters, found)
    check.anchors(rules, found)
    if measures is None or found.errors_since(before):
        return None
    ordered = _order(parsed, found)
    nodes = {**_leaves(rules, inputs, parameters), **_proofs(made.parts.levels, inputs, rules)}
    checked = unit_check.run(ordered, nodes, rules, inputs, measures, scope, found)
    if found.errors_since(before):
        return None
    nodes.update(checked.nodes)
    shown = layout.read(rules, nodes, variants.named(ruleset), found)
    checks = compared.resolve(made.checks, rules.checks, nodes, found)
    grade = levers.resolve(made.grade, rules.grade, nodes, found)
    if found.errors_since(before):
        return None
    lookups = {name: lookup(table) for name, table in rules.tables.items()}
    program = stage(nodes, checked.trees, rules.collections, lookups, measures)
    tables_pinned = {name: pinned[table.pinned] for name, table in rules.tables.items() if table.pinned}
    result = Plan(
        ruleset=ruleset.identity, variant=variant, nodes=nodes, inputs=inputs, collections=rules.collections,
        tables=rules.tables, lookups=lookups, indicators=rules.indicators, children=made.tree.children if made.tree else {},
        grade=grade, claims=made.claims, checks=checks, levels=made.parts.levels, sources=rules.sources, evidence=rules.evidence, measures=measures,
        pinned=tables_pinned, facts=facts(nodes, ruleset.identity, tables_pinned), program=program, elsewhere=frozenset(variants.added_inputs(ruleset) - set(inputs)), mentioned=variants.mentioned(ruleset),
        report=shown, variant_titles=variants.titles(ruleset, variant),
    )  # fmt: skip
    lints.run(result, found)
    return result


def _draft(formula: Formula) -> Draft:
    return Draft(
        formula.id, formula.title, str(formula.expr.value if formula.expr.text == "" else formula.expr.text), formula.unit, formula.type,
        formula.origin, formula.place, formula.part, None, formula.expr, formula.per, formula.rounding, formula.since, formula.changed,
        headline=formula.headline,
    )  # fmt: skip


def _scope(
    rules: Rules,
    drafts: list[Draft],
    inputs: Mapping[str, Input],
    parameters: Sequence[Parameter],
    levels: Sequence[ClaimedLevel],
    broken: frozenset[str],
    found: Found,
) -> Scope:
    """All names, each of which may mean one thing only."""
    taken: dict[str, Place] = {}
    for name, place in (
        *((item.id, item.place) for item in inputs.values()),
        *((item.id, item.place) for item in parameters),
        *((item.id, item.place) for item in rules.collections.values()),
        *((name, inputs[level.input].place) for level in levels for name in level.proofs.values()),
        *((item.id, item.node.place) for item in rules.tables.values()),
        *((item.id, item.place) for item in rules.indicators.values()),
        *((draft.id, draft.place) for draft in drafts),
    ):
        if _reserved(name):
            found.add("plan.reserved-name", place, name=name)
        elif name in taken:
            found.add("plan.name-taken", place, related=(("first", taken[name]),), name=name)
        taken.setdefault(name, place)
    columns = {name: set(collection.columns) for name, collection in rules.collections.items()}
    for draft in drafts:
        if draft.per is not None and draft.per in columns:
            columns[draft.per].add(draft.id)
        elif draft.per is not None:
            check.unknown_collection(draft, rules, found)
    _columns(rules, taken, found)
    single = (draft.id for draft in drafts if draft.per is None)
    proofs = (name for level in levels for name in level.proofs.values())
    values = {*CONTEXT, *inputs, *(item.id for item in parameters), *single, *proofs}
    return Scope(frozenset(values), {key: frozenset(value) for key, value in columns.items()}, rules.tables, broken)


def _columns(rules: Rules, taken: Mapping[str, Place], found: Found) -> None:
    """Columns are called by their bare names inside their collection: they may not hide anything."""
    for collection in rules.collections.values():
        for column in collection.columns.values():
            if _reserved(column.id):
                found.add("plan.reserved-name", column.place, name=column.id)
            if column.id in taken:
                found.add("plan.name-taken", column.place, related=(("first", taken[column.id]),), name=column.id)
    for table in rules.tables.values():  # named behind a point: only what cannot be read at all is refused
        fields = Fields(table.node)
        named = [(str(key.value), key.place) for key in (Fields(node).map["name"] for node in fields.items("keys"))]
        for name, place in [*named, *((name, place) for name, _, place in fields.entries("columns"))]:
            if iskeyword(name):
                found.add("plan.reserved-name", place, name=name)


def _reserved(name: str) -> bool:
    """Words of the language, and those of the language it borrows its grammar from."""
    return name in CONTEXT or name in CORE or name in library.library() or name in ("true", "false") or iskeyword(name)


def _parse(draft: Draft, scope: Scope, found: Found) -> Parsed | None:
    locate = locator(draft.written) if draft.written is not None else lambda _offset, _length: draft.place
    expression = parse(draft.text, locate, found, library.arity(library.library()), ours=draft.written is None)
    if expression is None:
        return None
    lead = len(draft.text) - len(draft.text.lstrip())
    places = Places(expression.text, locate, lead)
    resolved = resolve(draft, expression, scope, places, found)
    return None if resolved is None else Parsed(draft, expression, resolved, places)


def _order(parsed: list[Parsed], found: Found) -> list[Parsed]:
    """In the order of computing. A collection's column and its formula are one node "fuels.co2" while ordering."""
    by_id = {_node_id(item.draft): item for item in parsed}
    needs: dict[str, list[str]] = {}
    for name, item in by_id.items():
        needs[name] = [need for use in item.resolved.uses for need in use.needs if need in by_id]
    places = {
        name: item.draft.written.place if item.draft.written else item.draft.place for name, item in by_id.items()
    }
    written = {name for name, item in by_id.items() if item.draft.written}
    return [by_id[name] for name in graph.order(needs, places, found, written)]


def _node_id(draft: Draft) -> str:
    return f"{draft.per}.{draft.id}" if draft.per else draft.id


def _leaves(rules: Rules, inputs: Mapping[str, Input], parameters: Mapping[str, Parameter]) -> dict[str, PlanNode]:
    """Context, inputs, columns and parameters as nodes."""
    nodes: dict[str, PlanNode] = {}
    for name, (title, kind) in CONTEXT.items():
        nodes[name] = PlanNode(
            name, "context", title, kind, "1" if kind == "number" else None, Place("", 0, 0), Origin()
        )
    for item in inputs.values():
        nodes[item.id] = _input_node(item, item.id, None)
    for collection in rules.collections.values():
        for item in collection.columns.values():
            nodes[f"{collection.id}.{item.id}"] = _input_node(item, f"{collection.id}.{item.id}", collection.id)
    for parameter in parameters.values():
        kind = (
            "number"
            if isinstance(parameter.value, Decimal)
            else "boolean"
            if isinstance(parameter.value, bool)
            else "text"
        )
        nodes[parameter.id] = PlanNode(
            parameter.id, "parameter", parameter.title, kind, parameter.unit, parameter.node.place, parameter.origin,
            owner=parameter.id.partition(".")[0] if "." in parameter.id else None, constant=parameter.value, named=parameter.place, quality=parameter.quality,
        )  # fmt: skip
    return nodes


def _input_node(item: Input, id_: str, per: str | None) -> PlanNode:
    kind: Any = {"integer": "number", "choice": "text"}.get(item.type, item.type)
    return PlanNode(id_, "column" if per else "input", item.title, kind, item.unit, item.place, item.origin, per=per)


def _proofs(levels: Sequence[ClaimedLevel], inputs: Mapping[str, Input], rules: Rules) -> dict[str, PlanNode]:
    """Truths that the case fills: whether evidence of a kind is handed in beside a level."""
    nodes = {}
    for level in levels:
        item = inputs[level.input]
        for kind, name in level.proofs.items():
            title = rules.evidence[kind]
            words = titled(item.title, f"已提供“{title.zh}”", f'evidence handed in, "{title.en}"')
            nodes[name] = PlanNode(name, "evidence", words, "boolean", None, item.place, item.origin, owner=level.owner)
    return nodes


def lookup(table: Table) -> tables.Lookup:
    """A table as formulas look things up in it; looking up a key column gives the key that matched."""
    cells: dict[str, tuple[Any, ...]] = {name: tuple(row.cells[name] for row in table.rows) for name in table.columns}
    for index, key in enumerate(table.keys):
        cells[key.name] = tuple(row.keys[index] for row in table.rows)
    return tables.build(table.id, table.keys[-1].match, [row.keys for row in table.rows], cells)

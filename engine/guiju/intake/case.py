"""Case file → Header, and Header + Plan → Case. Every value is checked: name, kind, unit, range, choice, row key, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import plain
from guiju.intake import ranges, settled, values
from guiju.intake.children import Resolve, cells, child_of, each_once, named
from guiju.intake.model import Case, Child, Given, Header
from guiju.places import shown
from guiju.plan.model import Plan
from guiju.ruleset.fields import Fields, titled
from guiju.ruleset.listed import with_titles
from guiju.ruleset.locate import is_day
from guiju.ruleset.model import CHILD_WORDS, Collection, Words
from guiju.ruleset.shape import schema
from guiju.source.files import read_file
from guiju.source.kinds import Kind, command_for, kind_of
from guiju.source.node import Node, data
from guiju.source.schema import check


def read_header(path: Path, found: Found) -> Header | None:
    """The header of a case file, or None after adding findings."""
    before = found.mark()
    if (path / "ruleset.yaml").is_file():
        _other_kind("ruleset", path, None, found)
        return None
    node = read_file(path, shown(path), found)
    kind = None if node is None else kind_of(node, path)
    if node is not None and kind is not None and kind != "case":
        _other_kind(kind, path, node, found)
    elif node is not None:
        check(node, schema("case-1"), found)
    return None if node is None or found.errors_since(before) else header(node, found, path)


def _other_kind(kind: Kind, path: Path, node: Node | None, found: Found) -> None:
    place = Place(shown(path), 1, 1) if node is None else node.place
    found.add("case.other-kind", place, given=kind, wanted="case", command=command_for(kind, Path(shown(path))))


def header(node: Node, found: Found, path: Path | None = None) -> Header | None:
    """The header of a case that was already read from this file (tests carry theirs inside)."""
    fields = Fields(node)
    period = Fields(fields.map["period"])
    start, end = _day(period.map["from"], found), _day(period.map["to"], found)
    if start is None or end is None:
        return None
    if end < start:
        found.add("case.period-order", period.map["to"].place, start=start.isoformat(), end=end.isoformat())
        return None
    return Header(
        id=fields.text("id") or "",
        title=fields.words("title") or Words("", ""),
        ruleset=fields.text("ruleset"),
        variant=fields.text("variant"),
        role=fields.text("role") or "self",
        subject=_said(fields, "subject", "name", "built_on"),
        start=start,
        end=end,
        tables=cast(Mapping[str, Node], fields.map["tables"].value) if "tables" in fields else {},
        node=node,
        path=path,
        report=_said(fields, "report", "client", "assessor", "aim"),
    )


def _said(fields: Fields, section: str, *texts: str) -> dict[str, Any]:
    return titled(cast(Mapping[str, Any], data(fields.map[section])), *texts) if section in fields else {}


def _day(node: Node, found: Found) -> date | None:
    if is_day(str(node.value)):
        return date.fromisoformat(str(node.value))
    found.add("case.date", node.place, text=node.text)
    return None


def check_case(head: Header, plan: Plan, found: Found, resolve: Resolve | None = None) -> Case | None:
    """The case with all values in the units of the plan, or None after adding errors. Missing values are only noted.
    `resolve` finds the assessments that rows take from; only a case without such rows can do without."""
    before, fields = found.mark(), Fields(head.node)
    documents = {key: cast(Mapping[str, Any], data(entry.node)) for key, entry, _ in fields.entries("evidence")}
    evidence = {key: titled(said, "title") for key, said in documents.items()}
    context = values.Context(plan, head.start, head.end, frozenset(evidence), found)
    given = fields.get("inputs")
    inputs = _inputs(given, plan, context, found, head)
    rows = _Rows(head, plan, context, resolve, found)
    collections = _collections(fields.get("collections"), rows)
    for name, collection in plan.collections.items():
        if collection.required and name not in collections:
            found.add(
                "case.missing-collection",
                _somewhere(head, "collections"),
                name=name,
                title_zh=collection.title.zh,
                title_en=collection.title.en,
            )
    for key, entry, _ in fields.entries("evidence"):
        kind = entry.text("kind")
        if kind is not None and kind not in plan.evidence:
            place = entry.map["kind"].place
            kinds: dict[str, Any] = with_titles("there", list(plan.evidence.items())[:30])
            near = nearest(kind, list(plan.evidence))
            found.add("case.evidence-kind", place, evidence=key, kind=kind, nearest=near, **kinds)
    settlements = settled.read(fields, plan, collections, found)
    if found.errors_since(before):
        return None
    every = {name: collections.get(name, None if item.required else ()) for name, item in plan.collections.items()}
    return Case(head, inputs, every, evidence, _proofs(plan, inputs, evidence), rows.children, settlements)


def _proofs(plan: Plan, inputs: Mapping[str, Given], evidence: Mapping[str, Mapping[str, Any]]) -> dict[str, bool]:
    """For every level that its evidence decides: which kinds are handed in beside it."""
    proofs: dict[str, bool] = {}
    for level in plan.levels:
        given = inputs.get(level.input)
        kinds = {evidence[name]["kind"] for name in given.evidence} if given is not None else set()
        proofs |= {name: kind in kinds for kind, name in level.proofs.items()}
    return proofs


def _somewhere(head: Header, section: str = "inputs") -> Place:
    """The section in which something is missing, or the inputs, or the case."""
    keys = head.node.keys
    return keys.get(section) or keys.get("inputs", head.node.place)


def _inputs(node: Node | None, plan: Plan, context: values.Context, found: Found, head: Header) -> dict[str, Given]:
    entries = cast(Mapping[str, Node], node.value) if node is not None and node.value else {}
    inputs: dict[str, Given] = {}
    for name, entry in entries.items():
        place = cast(Node, node).keys[name]
        if name not in plan.inputs:
            _unknown(name, place, plan, found)
            continue
        value = values.read(plan.inputs[name], entry, context)
        if value is not None:
            inputs[name] = value
    for name, item in plan.inputs.items():
        if item.required and (name not in entries or (name in inputs and inputs[name].value is None)):
            there = None if node is None else node.keys.get(name)  # a form has a place for what is not filled in
            place = inputs[name].place if name in inputs else there or _somewhere(head)
            found.add("case.missing-input", place, **context.about(item), unit=item.unit or "")
    return inputs


def _unknown(name: str, place: Place, plan: Plan, found: Found) -> None:
    """A name the plan does not ask for: a formula's, another variant's, or a slip."""
    if name in plan.nodes:
        found.add("case.computed-name", place, name=name, kind=plan.nodes[name].kind)
    elif name in plan.collections:
        found.add("case.is-collection", place, name=name)
    elif name in plan.elsewhere:
        found.add("case.other-variant", place, name=name, variant=plan.variant or "")
    else:
        found.add("case.unknown-input", place, name=name, nearest=nearest(name, list(plan.inputs)))


@dataclass(frozen=True, slots=True)
class _Rows:
    """What reading rows needs, and the children that they turn out to have."""

    head: Header
    plan: Plan
    context: values.Context
    resolve: Resolve | None
    found: Found
    children: dict[str, tuple[Child | None, ...]] = field(default_factory=dict)


def _collections(node: Node | None, rows: _Rows) -> dict[str, tuple[Mapping[str, Given], ...] | None]:
    entries = cast(Mapping[str, Node], node.value) if node is not None and node.value else {}
    result: dict[str, tuple[Mapping[str, Given], ...] | None] = {}
    there = rows.plan.collections
    for name, listed in entries.items():
        if name not in there:
            place = cast(Node, node).keys[name]
            rows.found.add(
                "case.unknown-collection", place, name=name, nearest=nearest(name, list(there)), there=", ".join(there)
            )
            continue
        items = cast(tuple[Node, ...], listed.value or ())
        read = [_row(there[name], item, rows) for item in items]
        result[name] = tuple(row for row, _ in read)
        _keys(there[name], result[name] or (), rows.context)
        ranges.check(there[name], result[name] or (), [item.place for item in items], rows.found)
        if any(child is not None for _, child in read):
            rows.children[name] = tuple(child for _, child in read)
            each_once(rows.children[name], [item.place for item in items], rows.found)
    return result


def _row(collection: Collection, node: Node, rows: _Rows) -> tuple[dict[str, Given], Child | None]:
    """The cells of a row: what its child gives, and what is written."""
    row: dict[str, Given] = {}
    word, child = named(collection, node), None
    if word is not None:
        assert rows.resolve is not None, "who evaluates a case with children says how they are found"
        child = child_of(collection, node, rows.head, rows.resolve, rows.found)
        row = (
            {}
            if child is None
            else cells(collection, child, cast(Mapping[str, Node], node.value)[word].place, rows.context)
        )
    for name, entry in cast(Mapping[str, Node], node.value).items():
        column = collection.columns.get(name)
        if word is not None and name in CHILD_WORDS:
            continue
        if column is None:
            _unknown_column(name, collection, node, rows.found)
        elif word is not None and column.take is not None:
            rows.found.add("case.child-by-hand", node.keys[name], name=name, node=column.take)
        elif (value := values.read(column, entry, rows.context)) is not None:
            row[name] = value
    _lacking(collection, node, row, word is not None, rows.context)
    return row, child


def _unknown_column(name: str, collection: Collection, node: Node, found: Found) -> None:
    if name in CHILD_WORDS and isinstance(cast(Mapping[str, Node], node.value)[name].value, str):
        found.add("case.child-not-here", node.keys[name], collection=collection.id)
        return
    near = nearest(name, list(collection.columns))
    found.add("case.unknown-column", node.keys[name], name=name, collection=collection.id, nearest=near)


def _lacking(
    collection: Collection, node: Node, row: Mapping[str, Given], taking: bool, context: values.Context
) -> None:
    """Columns that must be given and are not. What is taken from a child is the child's to give."""
    for name, column in collection.columns.items():
        if taking and column.take is not None:
            continue
        written = name in cast(Mapping[str, Node], node.value)
        if column.required and (not written or (name in row and row[name].value is None)):
            place = node.keys.get(name, node.place)  # in a form, of the empty cell
            context.found.add("case.missing-cell", place, **context.about(column), collection=collection.id)


def _keys(collection: Collection, rows: tuple[Mapping[str, Given], ...], context: values.Context) -> None:
    """A row is known by its key: each once."""
    seen: dict[str, Place] = {}
    for row in rows:
        key = row.get(collection.key)
        if key is None or key.value is None or isinstance(key.value, NotComputed):
            continue
        name = plain(key.value) if isinstance(key.value, Decimal) else str(key.value)
        if name in seen:
            context.found.add(
                "case.same-row",
                key.place,
                related=(("first", seen[name]),),
                **context.about(collection.columns[collection.key]),
                collection=collection.id,
                column=collection.key,
                key=name,
            )
        seen.setdefault(name, key.place)

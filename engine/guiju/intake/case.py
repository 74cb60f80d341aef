"""Case file → Header, and Header + Plan → Case. Every value is checked: name, kind, unit, range, choice, row key, evidence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.intake import ranges, values
from guiju.intake.model import Case, Given, Header
from guiju.places import shown
from guiju.plan.model import Plan
from guiju.ruleset.fields import Fields
from guiju.ruleset.locate import is_day
from guiju.ruleset.model import Collection, Words
from guiju.ruleset.shape import schema
from guiju.source.files import read_file
from guiju.source.node import Node, data
from guiju.source.schema import check


def read_header(path: Path, found: Found) -> Header | None:
    """The header of a case file, or None after adding findings."""
    before = found.mark()
    node = read_file(path, shown(path), found)
    if node is not None:
        check(node, schema("case-1"), found)
    return None if node is None or found.errors_since(before) else header(node, found)


def header(node: Node, found: Found) -> Header | None:
    """The header of a case that was already read (tests carry theirs inside)."""
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
        subject=cast(Mapping[str, Any], data(fields.map["subject"])) if "subject" in fields else {},
        start=start,
        end=end,
        tables=cast(Mapping[str, Node], fields.map["tables"].value) if "tables" in fields else {},
        node=node,
    )


def _day(node: Node, found: Found) -> date | None:
    if is_day(str(node.value)):
        return date.fromisoformat(str(node.value))
    found.add("case.date", node.place, text=node.text)
    return None


def check_case(head: Header, plan: Plan, found: Found) -> Case | None:
    """The case with all values in the units of the plan, or None after adding errors. Missing values are only noted."""
    before, fields = found.mark(), Fields(head.node)
    evidence = {key: cast(Mapping[str, Any], data(entry.node)) for key, entry, _ in fields.entries("evidence")}
    context = values.Context(plan, head.start, head.end, frozenset(evidence), found)
    given = fields.get("inputs")
    inputs = _inputs(given, plan, context, found, head)
    collections = _collections(fields.get("collections"), plan, context, found)
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
            found.add("case.evidence-kind", place, evidence=key, kind=kind, nearest=nearest(kind, list(plan.evidence)))
    if found.errors_since(before):
        return None
    every = {name: collections.get(name, None if item.required else ()) for name, item in plan.collections.items()}
    return Case(head, inputs, every, evidence, _proofs(plan, inputs, evidence))


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
            place = inputs[name].place if name in inputs else _somewhere(head)
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


def _collections(
    node: Node | None, plan: Plan, context: values.Context, found: Found
) -> dict[str, tuple[Mapping[str, Given], ...] | None]:
    entries = cast(Mapping[str, Node], node.value) if node is not None and node.value else {}
    result: dict[str, tuple[Mapping[str, Given], ...] | None] = {}
    for name, rows in entries.items():
        if name not in plan.collections:
            place = cast(Node, node).keys[name]
            near = nearest(name, list(plan.collections))
            found.add("case.unknown-collection", place, name=name, nearest=near, there=", ".join(plan.collections))
            continue
        items = cast(tuple[Node, ...], rows.value or ())
        result[name] = tuple(_row(plan.collections[name], item, context, found) for item in items)
        _keys(plan.collections[name], result[name] or (), found)
        ranges.check(plan.collections[name], result[name] or (), [item.place for item in items], found)
    return result


def _row(collection: Collection, node: Node, context: values.Context, found: Found) -> dict[str, Given]:
    row: dict[str, Given] = {}
    for name, entry in cast(Mapping[str, Node], node.value).items():
        column = collection.columns.get(name)
        if column is None:
            near = nearest(name, list(collection.columns))
            found.add("case.unknown-column", node.keys[name], name=name, collection=collection.id, nearest=near)
            continue
        value = values.read(column, entry, context)
        if value is not None:
            row[name] = value
    for name, column in collection.columns.items():
        if column.required and (name not in node.keys or (name in row and row[name].value is None)):
            found.add("case.missing-cell", node.place, **context.about(column), collection=collection.id)
    return row


def _keys(collection: Collection, rows: tuple[Mapping[str, Given], ...], found: Found) -> None:
    """A row is known by its key: each once."""
    seen: dict[str, Place] = {}
    for row in rows:
        key = row.get(collection.key)
        if key is None or key.value is None:
            continue
        name = str(key.value)
        if name in seen:
            found.add(
                "case.same-row",
                key.place,
                related=(("first", seen[name]),),
                collection=collection.id,
                column=collection.key,
                key=name,
            )
        seen.setdefault(name, key.place)

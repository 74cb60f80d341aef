"""PlanNode → data: what an assessment says of a node whatever the case, made once for a plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from guiju.diagnostics.finding import Place
from guiju.formula.numbers import plain
from guiju.plan.model import Plan, PlanNode
from guiju.ruleset.fields import Fields
from guiju.ruleset.model import Identity, Origin, PinnedTable, Quality, Words
from guiju.source.node import Node

Pinned = Mapping[str, PinnedTable]


def facts(nodes: Mapping[str, PlanNode], ruleset: Identity, pinned: Pinned) -> dict[str, dict[str, Any]]:
    """What every assessment says of each node, whatever the case."""
    return {name: _facts(node, ruleset, pinned) for name, node in nodes.items()}


def _facts(node: PlanNode, ruleset: Identity, pinned: Pinned) -> dict[str, Any]:
    """Title, unit, formula as written and as run, rounding, basis, source, clause, place, history."""
    entry: dict[str, Any] = {"kind": node.kind, "title": node.title._asdict(), "type": node.type, "unit": node.unit}
    if node.per is not None:
        entry["per"] = node.per
    if node.kind == "formula":
        entry["formula"] = node.written
        if node.text != node.written:
            entry["formula_run"] = node.text
        if node.part not in ("", "formula"):
            entry["made_from"] = node.part
    if node.rounding is not None:
        amount = plain(node.rounding.amount)
        entry["rounding"] = {"kind": node.rounding.kind, "amount": amount, "mode": node.rounding.mode}
    entry |= origin_data(node.origin)
    entry |= quality_data(node.quality)
    if node.headline is not None:
        entry["headline"] = node.headline or True
    if node.place.file:
        entry["place"] = _place(node.place, ruleset, pinned)
    if node.since:
        entry["since"] = node.since
    if node.changed:
        entry["changed"] = [
            {"version": c.version, "what": c.what._asdict(), "why": c.why._asdict()} for c in node.changed
        ]
    return entry


def origin_data(origin: Origin) -> dict[str, Any]:
    """Basis, source, clause, place in the source, remark; what is not said is left out."""
    said = {name: getattr(origin, name) for name in ("basis", "source", "clause", "at")}
    entry: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if origin.note is not None:
        entry["note"] = origin.note._asdict()
    return entry


def cited(origin: Origin, sources: Mapping[str, Node]) -> dict[str, Any]:
    """The document and clause that a rule or input names, as facts of a finding; nothing where none is named."""
    if origin.source is None or origin.source not in sources:
        return {}
    fields = Fields(sources[origin.source])
    title, number = cast(Words, fields.words("title")), fields.text("number") or ""
    zh, en = (text if not number or number in text else f"{text} {number}" for text in title)
    return {"cited_zh": zh, "cited_en": en, "clause": origin.clause or ""}


def quality_data(quality: Quality) -> dict[str, Any]:
    """Tier and uncertainty, as they were said."""
    entry: dict[str, Any] = {} if quality.tier is None else {"tier": quality.tier}
    return entry if quality.uncertainty is None else {**entry, "uncertainty": plain(quality.uncertainty)}


def place_data(place: Place, plan: Plan) -> dict[str, Any]:
    """A place relative to the ruleset's folder; external tables as tables/<id>/<version>.yaml."""
    return _place(place, plan.ruleset, plan.pinned)


def _place(place: Place, ruleset: Identity, pinned: Pinned) -> dict[str, Any]:
    file = ruleset.files.get(place.file)
    if file is None:
        file = next((table.file for table in pinned.values() if table.node.place.file == place.file), place.file)
    return {"file": file, "line": place.line, "column": place.column}

"""Preconditions, gates, bands and claims → formulas. A grade is a decision over named conditions; the lowest gate decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.plan import intervals
from guiju.plan.model import Band, Claim, Condition, Draft, Gate, Grade, Type
from guiju.plan.parts import Parts, joined, nested, titled
from guiju.ruleset.fields import Fields, rounding
from guiju.ruleset.model import Origin, Parameter, Words
from guiju.source.node import Node


def _draft(
    id_: str,
    title: Words,
    text: str,
    type_: Type,
    place: Place,
    part: str,
    origin: Origin,
    unit: str | None = None,
    written: Node | None = None,
) -> Draft:
    return Draft(id_, title, text, unit, type_, origin, place, part, id_.partition(".")[0], written)


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
            _draft(id_, title, str(expr.value), "boolean", expr.place, "precondition", fields.origin(), written=expr)
        )
    return tuple(conditions), Parts(tuple(drafts))


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
                _draft(part, words, str(expr.value), "boolean", expr.place, "requirement", origin, written=expr)
            )
        text = " and ".join(condition.node for condition in requires)
        drafts.append(_draft(id_, title, text, "boolean", node.place, "claim", fields.origin()))
        result.append(Claim(name, title, id_, tuple(requires), fields.origin(), node.place))
    return tuple(result), Parts(tuple(drafts))


def grade(node: Node, precondition_nodes: Mapping[str, Node], found: Found) -> tuple[Grade | None, Parts]:
    """The grade and everything it needs: per gate `.<gate>_value`, `_compared`, `_rank`; `grade.rank`, `grade.result`."""
    before, fields = found.mark(), Fields(node)
    title = cast(Words, fields.words("title"))
    labels = {key: cast(Words, entry.words("label")) for key, entry, _ in fields.entries("levels")}
    refusals = {key: cast(Words, entry.words("label")) for key, entry, _ in fields.entries("refusals")}
    levels = tuple(labels)
    conditions, parts = preconditions(precondition_nodes, refusals, found)
    made = [parts]
    gates = []
    for name, entry, place in fields.entries("gates"):
        gate, gate_parts = _gate(name, entry, place, levels, found)
        if gate is not None:
            gates.append(gate)
            made.append(gate_parts)
    active = [gate for gate in gates if gate.enabled]
    if not active:
        found.add("grade.no-gate", node.place)
    if found.errors_since(before):
        return None, Parts()
    combine = fields.text("combine") or "lowest"
    made.append(_result(title, levels, active, conditions, combine, node.place))
    return Grade(title, levels, labels, refusals, tuple(gates), conditions, cast(Any, combine)), joined(made)


def _result(
    title: Words,
    levels: tuple[str, ...],
    gates: list[Gate],
    conditions: tuple[Condition, ...],
    combine: str,
    place: Place,
) -> Parts:
    ranks = [f"grade.{gate.id}_rank" for gate in gates]
    chosen = ranks[0] if len(ranks) == 1 else f"{'min' if combine == 'lowest' else 'max'}({', '.join(ranks)})"
    by_rank = [(f"grade.rank == {len(levels) - index}", f'"{level}"') for index, level in enumerate(levels)]
    result = nested(by_rank[:-1], by_rank[-1][1])
    for condition in reversed(conditions):
        result = f'where({condition.node}, {result}, "{condition.otherwise}")'
    return Parts(
        (
            _draft(
                "grade.rank",
                titled(title, "级位（1为最低）", "rank (1 is the lowest)"),
                chosen,
                "number",
                place,
                "rank",
                Origin(),
                "1",
            ),
            _draft("grade.result", title, result, "text", place, "result", Origin()),
        )
    )


def _gate(name: str, fields: Fields, place: Place, levels: tuple[str, ...], found: Found) -> tuple[Gate | None, Parts]:
    title, origin = cast(Words, fields.words("title")), fields.origin()
    enabled, compare = fields.flag("enabled", True), fields.text("compare") or "rounded"
    if "condition" in fields:
        return _condition_gate(name, title, fields, place, levels, enabled, found)
    bands = _bands(fields, levels, found)
    if bands is None:
        return None, Parts()
    unit, value = fields.text("unit") or "1", fields.map["value"]
    gate = Gate(
        name, title, bands, unit, rounding(fields.get("round")), cast(Any, compare), None, origin, place, enabled
    )
    if not enabled:
        return gate, Parts()
    made = [_draft(f"grade.{name}_value", title, str(value.value), "number", value.place, "gate", origin, unit, value)]
    rounded = _draft(
        f"grade.{name}_compared",
        titled(title, "比较用修约值", "rounded for comparison"),
        f"grade.{name}_value",
        "number",
        place,
        "compared",
        origin,
        unit,
    )
    edges = tuple(_edge(name, title, band, unit, fields) for band in bands if _low(band) is not None)
    if gate.rounding is not None:
        made.append(replace(rounded, rounding=gate.rounding))
        made.append(
            _rank(
                name,
                title,
                bands,
                f"grade.{name}_value",
                "_rank_full",
                ("级位（全数值比较）", "rank (full value)"),
                levels,
                place,
                origin,
            )
        )
    figure = f"grade.{name}_compared" if gate.rounding is not None and compare == "rounded" else f"grade.{name}_value"
    made.append(_rank(name, title, bands, figure, "_rank", ("级位", "rank"), levels, place, origin))
    return gate, Parts(tuple(made), edges)


def _low(band: Band) -> Decimal | None:
    return cast("Decimal | None", band.interval.low)


def _edge(gate: str, title: Words, band: Band, unit: str, fields: Fields) -> Parameter:
    node = cast(Mapping[str, Node], fields.map["bands"].value)[band.level]
    words = titled(title, f"{band.level} 下限", f"lower edge of {band.level}")
    return Parameter(f"grade.{gate}_edge_{band.level}", words, cast(Decimal, _low(band)), unit, band.origin, node)


def _rank(
    gate: str,
    title: Words,
    bands: tuple[Band, ...],
    figure: str,
    suffix: str,
    words: tuple[str, str],
    levels: tuple[str, ...],
    place: Place,
    origin: Origin,
) -> Draft:
    """The band of a figure, from the highest interval down, as a rank: best level = number of levels."""
    ordered = sorted(bands, key=lambda band: (_low(band) is not None, _low(band) or 0), reverse=True)
    tests = []
    for band in ordered[:-1]:
        sign = ">=" if band.interval.low_closed else ">"
        tests.append((f"{figure} {sign} grade.{gate}_edge_{band.level}", str(len(levels) - levels.index(band.level))))
    text = nested(tests, str(len(levels) - levels.index(ordered[-1].level)))
    return _draft(f"grade.{gate}{suffix}", titled(title, *words), text, "number", place, "band", origin, "1")


def _bands(fields: Fields, levels: tuple[str, ...], found: Found) -> tuple[Band, ...] | None:
    """The bands, best level first; together they cover the declared range."""
    before, node = found.mark(), fields.map["bands"]
    bands, pieces = [], []
    basis = Fields(fields.map["band_basis"]) if "band_basis" in fields else None
    for level, entry in cast(Mapping[str, Node], node.value).items():
        if level not in levels:
            found.add(
                "grade.unknown-level",
                node.keys[level],
                level=level,
                nearest=nearest(level, levels),
                there=", ".join(levels),
            )
            continue
        interval = intervals.read(str(entry.value), entry.place, found)
        if interval is None:
            continue
        origin = fields.origin()
        if basis is not None and level in basis:
            origin = Origin(cast(Any, basis.text(level)), origin.source, origin.clause, origin.at, origin.note)
        bands.append(Band(level, interval, origin))
        pieces.append((interval, entry.place))
    if found.errors_since(before):
        return None
    for level in levels:
        if level not in {band.level for band in bands}:
            found.add("grade.level-without-band", node.place, level=level)
    covers = fields.get("covers")
    whole = intervals.read(str(covers.value), covers.place, found) if covers else intervals.EVERYTHING
    if whole is not None and pieces:
        intervals.check_cover(pieces, whole, node.place, found)
    return None if found.errors_since(before) else tuple(sorted(bands, key=lambda band: levels.index(band.level)))


def _condition_gate(
    name: str, title: Words, fields: Fields, place: Place, levels: tuple[str, ...], enabled: bool, found: Found
) -> tuple[Gate | None, Parts]:
    expr, cap, origin = fields.map["condition"], fields.need("otherwise"), fields.origin()
    if cap not in levels:
        found.add(
            "grade.unknown-level",
            fields.map["otherwise"].place,
            level=cap,
            nearest=nearest(cap, levels),
            there=", ".join(levels),
        )
        return None, Parts()
    gate = Gate(name, title, (), None, None, "full", cap, origin, place, enabled)
    if not enabled:
        return gate, Parts()
    met = _draft(f"grade.{name}_met", title, str(expr.value), "boolean", expr.place, "condition", origin, written=expr)
    text = f"where(grade.{name}_met, {len(levels)}, {len(levels) - levels.index(cap)})"
    rank = _draft(f"grade.{name}_rank", titled(title, "级位", "rank"), text, "number", place, "band", origin, "1")
    return gate, Parts((met, rank))

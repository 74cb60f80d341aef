"""Gates → formulas. A gate puts a figure into a band, or caps the grade where a condition is not met."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.plan import intervals
from guiju.plan.model import Band, Draft, Gate, Interval
from guiju.plan.parts import Parts, draft, nested, number, part_name, titled
from guiju.ruleset.fields import Fields, rounding
from guiju.ruleset.model import Origin, Parameter, Words
from guiju.source.node import Node


@dataclass(frozen=True, slots=True)
class Written:
    """A gate as written, with what is asked of it again and again."""

    id: str
    title: Words
    fields: Fields
    place: Place
    levels: tuple[str, ...]
    origin: Origin

    def rule(self, suffix: str, text: str, words: tuple[str, str] | None = None, unit: str | None = "1") -> Draft:
        title = titled(self.title, *words) if words else self.title
        return draft(
            f"grade.{self.id}{suffix}", title, text, "number", self.place, suffix.strip("_"), self.origin, unit
        )

    def rank(self, level: str) -> str:
        """The best level has as many points as there are levels, the lowest 1."""
        return str(len(self.levels) - self.levels.index(level))

    def edge(self, level: str) -> str:
        return f"grade.{self.id}_edge_{part_name(level)}"


def read(name: str, fields: Fields, place: Place, levels: tuple[str, ...], found: Found) -> tuple[Gate | None, Parts]:
    """A gate and its formulas; a gate that is off has none."""
    gate = Written(name, cast(Words, fields.words("title")), fields, place, levels, fields.origin())
    return _condition(gate, found) if "condition" in fields else _banded(gate, found)


def _banded(gate: Written, found: Found) -> tuple[Gate | None, Parts]:
    """`_value` as given, `_compared` rounded, `_rank` by the one that is compared, `_rank_full` by the unrounded one."""
    fields, name = gate.fields, f"grade.{gate.id}"
    whole = _whole(fields, found)
    bands = _bands(gate, whole, found) if whole is not None else None
    if bands is None or whole is None:
        return None, Parts()
    unit, compare, rounded = (
        fields.text("unit") or "1",
        fields.text("compare") or "rounded",
        rounding(fields.get("round")),
    )
    enabled = fields.flag("enabled", True)
    made = Gate(gate.id, gate.title, bands, unit, rounded, cast(Any, compare), None, gate.origin, gate.place, enabled)
    value = fields.map["value"]
    drafts = [replace(gate.rule("_value", str(value.value), unit=unit), place=value.place, written=value, part="gate")]
    if not enabled:
        return made, Parts(tuple(drafts))  # off, but held to the rules of formulas
    if rounded is not None:
        words = ("比较用修约值", "rounded for comparison")
        drafts.append(replace(gate.rule("_compared", f"{name}_value", words, unit), rounding=rounded))
        words = ("级位（全数值比较）", "rank (full value)")
        drafts.append(gate.rule("_rank_full", _rank(gate, bands, whole, f"{name}_value"), words))
    figure = f"{name}_compared" if rounded is not None and compare == "rounded" else f"{name}_value"
    drafts.append(gate.rule("_rank", _rank(gate, bands, whole, figure), ("级位", "rank")))
    return made, Parts(tuple(drafts), _edges(gate, bands, whole, unit))


def _whole(fields: Fields, found: Found) -> Interval | None:
    """What the bands must cover."""
    covers = fields.get("covers")
    return intervals.EVERYTHING if covers is None else intervals.read(str(covers.value), covers.place, found)


def _edges(gate: Written, bands: Sequence[Band], whole: Interval, unit: str) -> tuple[Parameter, ...]:
    """Every edge is a number of the ruleset: with unit, basis and place."""
    nodes = cast(Mapping[str, Node], gate.fields.map["bands"].value)
    edges = []
    for band in bands:
        if band.interval.low is not None:
            words = titled(gate.title, f"{band.level} 下限", f"lower edge of {band.level}")
            edges.append(number(gate.edge(band.level), words, band.interval.low, unit, band.origin, nodes[band.level]))
    for side, bound, zh in (("low", whole.low, "下限"), ("high", whole.high, "上限")):
        if bound is not None:
            words = titled(gate.title, f"范围{zh}", f"{side} end of the range")
            edges.append(number(f"grade.{gate.id}_{side}", words, bound, unit, gate.origin, gate.fields.map["covers"]))
    return tuple(edges)


def _rank(gate: Written, bands: Sequence[Band], whole: Interval, figure: str) -> str:
    """The band of a figure, from the highest interval down; a figure outside the range has no rank."""
    ordered = sorted(bands, key=lambda band: intervals.from_below(band.interval), reverse=True)
    tests = []
    for band in ordered[:-1]:
        sign = ">=" if band.interval.low_closed else ">"
        tests.append((f"{figure} {sign} {gate.edge(band.level)}", gate.rank(band.level)))
    text = nested(tests, gate.rank(ordered[-1].level))
    inside = []
    if whole.low is not None:
        inside.append(f"{figure} {'>=' if whole.low_closed else '>'} grade.{gate.id}_low")
    if whole.high is not None:
        inside.append(f"{figure} {'<=' if whole.high_closed else '<'} grade.{gate.id}_high")
    return f"require({' and '.join(inside)}, {text})" if inside else text


def _bands(gate: Written, whole: Interval, found: Found) -> tuple[Band, ...] | None:
    """The bands, best level first; together they cover the declared range."""
    before, node = found.mark(), gate.fields.map["bands"]
    basis = Fields(gate.fields.map["band_basis"]) if "band_basis" in gate.fields else None
    bands, places = [], {}
    for level, entry in cast(Mapping[str, Node], node.value).items():
        if not _known(level, node.keys[level], gate.levels, found):
            continue
        interval = intervals.read(str(entry.value), entry.place, found)
        if interval is None:
            continue
        origin = gate.origin
        if basis is not None and level in basis:
            origin = replace(origin, basis=cast(Any, basis.text(level)))
        bands.append(Band(level, interval, origin))
        places[level] = entry.place
    for level in gate.levels:
        if level not in places and not found.errors_since(before):
            found.add("grade.level-without-band", node.place, level=level)
    if not found.errors_since(before):
        intervals.check_cover([(band.interval, places[band.level]) for band in bands], whole, node.place, found)
    return None if found.errors_since(before) else tuple(sorted(bands, key=lambda band: gate.levels.index(band.level)))


def _known(level: str, place: Place, levels: tuple[str, ...], found: Found) -> bool:
    if level in levels:
        return True
    found.add("grade.unknown-level", place, level=level, nearest=nearest(level, levels), there=", ".join(levels))
    return False


def _condition(gate: Written, found: Found) -> tuple[Gate | None, Parts]:
    """Where the condition is not met, the grade is at most `otherwise`."""
    expr, cap = gate.fields.map["condition"], gate.fields.need("otherwise")
    if not _known(cap, gate.fields.map["otherwise"].place, gate.levels, found):
        return None, Parts()
    enabled = gate.fields.flag("enabled", True)
    made = Gate(gate.id, gate.title, (), None, None, "full", cap, gate.origin, gate.place, enabled)
    met = draft(
        f"grade.{gate.id}_met",
        gate.title,
        str(expr.value),
        "boolean",
        expr.place,
        "condition",
        gate.origin,
        written=expr,
    )
    if not enabled:
        return made, Parts((met,))
    text = f"where(grade.{gate.id}_met, {len(gate.levels)}, {gate.rank(cap)})"
    return made, Parts((met, gate.rule("_rank", text, ("级位", "rank"))))

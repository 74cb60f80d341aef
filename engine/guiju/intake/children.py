"""Rows that take from other assessments. What a row names is found by whoever runs the pipeline; here it becomes cells."""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import PurePosixPath
from typing import Any, Literal, cast

from guiju.diagnostics.finding import Finding, Found, Place
from guiju.diagnostics.language import Language
from guiju.diagnostics.nearest import nearest
from guiju.diagnostics.words import codes, sentence
from guiju.formula.measures import UnitError
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import CONTEXT, plain
from guiju.intake import values
from guiju.intake.model import Child, Given, Header
from guiju.plan.choices import choices_of
from guiju.ruleset.locate import is_day
from guiju.ruleset.model import CHILD_WORDS, Collection, Input, Quality
from guiju.source.node import Node

Row = Mapping[str, Given]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a row names: the file of a case, or of an assessment, as written."""

    how: Literal["case", "assessment"]
    file: str
    place: Place


Resolve = Callable[[Asked, Header, Found], Child | None]  # None after adding findings


def named(collection: Collection, node: Node) -> str | None:
    """The word by which a row names its child, None where it has none."""
    if not collection.rulesets:
        return None
    return next((word for word in CHILD_WORDS if word in node.keys), None)


def child_of(collection: Collection, node: Node, head: Header, resolve: Resolve, found: Found) -> Child | None:
    """The assessment that a row takes from, or None after adding findings."""
    asked = _asked(node, found)
    child = None if asked is None else resolve(asked, head, found)
    if asked is None or child is None:
        return None
    given = str(child.data["ruleset"]["id"])
    if given not in collection.rulesets:
        allowed = ", ".join(collection.rulesets)
        found.add("case.child-ruleset", asked.place, file=asked.file, given=child.ref, allowed=allowed)
        return None
    return child


def _asked(node: Node, found: Found) -> Asked | None:
    fields = cast(Mapping[str, Node], node.value)
    words = [word for word in CHILD_WORDS if word in fields]
    entry = fields[words[0]]
    if len(words) > 1:
        found.add("case.child-two-files", node.keys[words[1]], related=(("first", node.keys[words[0]]),))
        return None
    file = entry.value
    if not isinstance(file, str) or "\\" in file or ":" in file or PurePosixPath(file).is_absolute():
        found.add("case.child-path", entry.place, text=entry.text[:60])
        return None
    return Asked(cast(Any, words[0]), file, entry.place)


def cells(collection: Collection, child: Child, place: Place, context: values.Context) -> dict[str, Given]:
    """Every column that takes something, taken. A column that is not required is left out where the child knows no such value."""
    row = {
        name: _cell(f"{collection.id}.{name}", column, child, place, context)
        for name, column in collection.columns.items()
        if column.take is not None
    }
    return {name: given for name, given in row.items() if given is not None}


def _cell(node: str, column: Input, child: Child, place: Place, context: values.Context) -> Given | None:
    take = str(column.take)
    said: Mapping[str, Any] | None = _said(child.data, take)
    facts: dict[str, Any] = {"name": column.id, "node": take, "child": child.id}
    if said is None:
        if column.required:
            near = nearest(take, list(child.data["nodes"]))
            context.found.add("case.child-no-node", place, **facts, nearest=near)
        return None
    if "rows" in said:
        context.found.add("case.child-many", place, **facts, collection=said["per"])
        return None
    given = Given(None, column.unit, place, origin="child", child=child.id, taken=take)
    if said["value"] is None:
        return replace(given, value=_missing(node, take, child, said.get("missing")))
    kind = {"integer": "number", "choice": "text"}.get(column.type, column.type)
    if said["type"] != kind or not _is(kind, said["value"]):
        context.found.add("case.child-type", place, **facts, wanted=kind, given=said["type"])
        return None
    return _typed(column, given, said, facts, context)


def _is(kind: str, value: Any) -> bool:
    """Whether the value is of its kind: the file of an assessment may have been edited. Numbers are the schema's to check."""
    if kind == "boolean":
        return isinstance(value, bool)
    return isinstance(value, str) and (kind != "date" or is_day(value))


def _said(data: Mapping[str, Any], take: str) -> Mapping[str, Any] | None:
    """What an assessment says of a node, or of itself: type, unit, value. None where it knows nothing of it."""
    if not take.startswith("@"):
        return cast(Mapping[str, Any] | None, data["nodes"].get(take))
    if take == "@grade":
        grade = data["grade"]
        if grade is None:
            return None
        return {"type": "text", "value": grade["result"], "missing": next(iter(grade.get("missing", ())), None)}
    if take in ("@period_start", "@period_end"):
        return {"type": "date", "value": data["case"]["period"]["from" if take == "@period_start" else "to"]}
    ruleset = data["ruleset"]
    texts = {
        "@ruleset": f"{ruleset['id']}@{ruleset['version']}",
        "@variant": ruleset["variant"],
        "@id": data["case"]["id"],
    }
    return None if texts[take] is None else {"type": "text", "value": texts[take]}


def _typed(
    column: Input, given: Given, said: Mapping[str, Any], facts: Mapping[str, Any], context: values.Context
) -> Given | None:
    """The value in the kind, unit, choices and range of the column, or None after adding a finding."""
    value, found = said["value"], context.found
    if column.type in ("number", "integer"):
        converted = _number(column, given, said, facts, context)
        if converted is None:
            return None
        given = converted
    elif column.type == "choice" and value not in choices_of(column, context.plan.tables):
        there = choices_of(column, context.plan.tables)
        near = nearest(value, there)
        found.add(
            "case.no-such-choice",
            given.place,
            **context.about(column),
            given=value,
            nearest=near,
            there=", ".join(there[:30]),
        )
        return None
    else:
        given = replace(given, value=date.fromisoformat(value) if column.type == "date" else value)
    gone = isinstance(given.value, NotComputed)
    return given if gone or values.in_range(column, given, context) else None


def _number(
    column: Input, given: Given, said: Mapping[str, Any], facts: Mapping[str, Any], context: values.Context
) -> Given | None:
    text, unit = str(said["value"]), str(said["unit"])
    try:
        factor = context.plan.measures.factor(unit, column.unit or "1")
    except UnitError:
        factor = None
    if factor is None:
        context.found.add("case.child-unit", given.place, **facts, given=unit, wanted=column.unit)
        return None
    try:
        value = _scaled(text, factor)
    except decimal.Overflow:
        return replace(given, value=NotComputed("too-large", f"{column.id}"))
    if column.type == "integer" and value != value.to_integral_value():
        context.found.add(
            "case.type", given.place, **context.about(column), wanted="integer", given=plain(value), number=""
        )
        return None
    given = replace(given, value=value, written=text, written_unit=None if factor == 1 else unit)
    return _with_quality(given, said, factor)


def _scaled(text: str, factor: Fraction) -> Decimal:
    """A number of an assessment times a factor, in the digits that numbers have; by way of Decimal, since Python reads no
    whole number of more than 4300 digits."""
    return CONTEXT.plus(Decimal(text)) if factor == 1 else values.exact(Fraction(Decimal(text)) * factor)


def _with_quality(given: Given, said: Mapping[str, Any], factor: Fraction) -> Given:
    """± and tiers that the child says of the number: they are the number's here, too."""
    tiers, percent = said.get("tiers"), said.get("uncertainty")
    tier = said.get("tier") if tiers is None else tiers["weakest"]
    quality = Quality(None if tier == "constant" else tier, None if percent is None else Decimal(percent))
    if tiers is None:
        return replace(given, quality=quality)
    amounts = {name: _scaled(text, factor) for name, text in tiers["amounts"].items()}
    return replace(given, quality=quality, amounts=amounts)


def _missing(node: str, take: str, child: Child, cause: Mapping[str, Any] | None) -> NotComputed:
    """A value that the child has not is missing here, with the child's reason in both languages."""
    return NotComputed(
        "child-missing", node, child=child.id, node=take, why_zh=_why(cause, "zh"), why_en=_why(cause, "en")
    )


def _why(cause: Mapping[str, Any] | None, lang: Language) -> str:
    if cause is None:
        return "?"
    facts = tuple((str(name), str(value)) for name, value in cause["facts"].items())
    why = sentence(Finding(cause["code"], None, facts), lang) if cause["code"] in codes() else str(cause["code"])
    title, origin = cause["title"][lang], cause["origin"]
    return f"{title} ({origin}): {why}" if lang == "en" else f"{title}（{origin}）：{why}"


def each_once(children: Sequence[Child | None], places: Sequence[Place], found: Found) -> None:
    """The same subject in the same period must not be counted twice, whether as a case or as an assessment."""
    seen: dict[tuple[str, str, str], Place] = {}
    for child, place in zip(children, places, strict=True):
        if child is None:
            continue
        period = child.data["case"]["period"]
        mark = (child.id, period["from"], period["to"])
        if mark in seen:
            found.add("case.child-twice", place, related=(("first", seen[mark]),), child=child.id)
        seen.setdefault(mark, place)

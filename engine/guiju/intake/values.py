"""One value of a case, read against its input: kind, unit (converted exactly), range, choice, evidence."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from guiju.diagnostics.finding import Found
from guiju.diagnostics.nearest import nearest
from guiju.formula.measures import UnitError
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import CONTEXT, plain
from guiju.intake.model import Given
from guiju.plan.choices import choices_of
from guiju.plan.facts import cited
from guiju.plan.model import Plan
from guiju.ruleset.fields import Fields, scalar
from guiju.ruleset.listed import with_titles
from guiju.ruleset.locate import is_day
from guiju.ruleset.model import Collection, Input, Quality
from guiju.source.node import Node, data, is_map

_NARROW = str.maketrans("０１２３４５６７８９，．－＋’", "0123456789,.-+'")
_PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_WITH_UNIT = re.compile(r"(-?[0-9][0-9,' ]*(?:\.[0-9]+)? *)([^0-9.,' ].{0,40})")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:[,' ][0-9]{3})+(?:\.[0-9]+)?")

_MOST_UNITS = 8  # that are listed where none is sure to be meant
_COMMA = re.compile(r"-?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})")  # three digits behind it may be thousands
_TRUTHS = {"是": "true", "否": "false", "yes": "true", "no": "false", "Yes": "true", "No": "false"}


@dataclass(frozen=True, slots=True)
class Context:
    """What reading a value needs to know."""

    plan: Plan
    start: date
    end: date
    evidence: frozenset[str]
    found: Found

    def about(self, item: Input) -> dict[str, Any]:
        """Facts of every finding about a value: name and title of its input, and the document that asks for it."""
        title = {"title_zh": item.title.zh, "title_en": item.title.en}
        return {"name": item.id, **title, **cited(item.origin, self.plan.sources)}


def read(item: Input, node: Node, context: Context) -> Given | None:
    """The value, or None after adding a finding. Both short (`x: 5`) and long form (`x: {value: 5, unit: t}`)."""
    fields = Fields(node) if is_map(node) else None
    value_node = fields.get("value") if fields is not None else node
    if value_node is None:
        context.found.add("case.no-value", node.place, **context.about(item))
        return None
    if item.unit_required and value_node.value is not None and (fields is None or "unit" not in fields):
        _unit_needed(item, value_node, context)
        return None
    value = _typed(item, value_node, context)
    if value is None and value_node.value is not None:
        return None
    given = Given(value, item.unit, value_node.place, value_node.text)
    if fields is not None:
        given = replace(
            given, origin=fields.text("origin"), source=_remark(fields, "source"), evidence=_evidence(fields, context),
            note=_remark(fields, "note"), reason=_remark(fields, "reason"), quality=_quality(item, fields, context),
        )  # fmt: skip
        unit = fields.get("unit")
        if unit is not None and value is not None:
            converted = _in_unit(item, given, unit, context)
            if converted is None:
                return None
            given = converted
    return given if given.value is None or in_range(item, given, context) else None


def _remark(fields: Fields, name: str) -> Any:
    """A text, or {zh, en}."""
    node = fields.get(name)
    return None if node is None else data(node) if is_map(node) else str(node.value)


def _quality(item: Input, fields: Fields, context: Context) -> Quality:
    """Tier and uncertainty, which only numbers have."""
    for name in ("tier", "uncertainty"):
        if name in fields and item.type not in ("number", "integer"):
            context.found.add("case.needless-quality", fields.map[name].place, name=item.id, field=name)
    return fields.quality()


def _evidence(fields: Fields, context: Context) -> tuple[str, ...]:
    names = fields.texts("evidence")
    for name, node in zip(names, fields.items("evidence"), strict=True):
        if name not in context.evidence:
            context.found.add(
                "case.unknown-evidence", node.place, name=name, nearest=nearest(name, sorted(context.evidence))
            )
    return names


def _typed(item: Input, node: Node, context: Context) -> Any:
    """The value in the kind that the input asks for, or None after adding a finding (null is None without one)."""
    value, found = scalar(node), context.found
    if value is None:
        return None
    if item.type in ("number", "integer"):
        if not isinstance(value, Decimal) or (item.type == "integer" and value != value.to_integral_value()):
            return _wrong(item, node, item.type, context)
        return value
    if item.type == "boolean":
        return value if isinstance(value, bool) else _wrong(item, node, "boolean", context)
    if item.type == "date":
        return _date(item, node, context)
    text = node.text if isinstance(value, Decimal) else value
    if not isinstance(text, str):
        return _wrong(item, node, "text", context)
    allowed = choices_of(item, context.plan.tables) if item.type == "choice" else ()
    if item.type == "choice" and text not in allowed:
        titles = item.choices or {}
        facts: dict[str, Any] = {
            **context.about(item),
            "given": text[:40],
            "nearest": _by_title(item, text) or nearest(text, allowed),
            **with_titles("there", ((name, titles.get(name)) for name in allowed[:30])),
        }
        found.add("case.no-such-choice", node.place, **facts)
        return None
    return text


def _by_title(item: Input, text: str) -> str:
    """The choice that is called so in one of the languages; "" where none is."""
    return next((name for name, title in (item.choices or {}).items() if text.strip() in title), "")


def _wrong(item: Input, node: Node, wanted: str, context: Context) -> Any:
    """None after a finding: a value of another kind, and how what was meant is written. It is never taken as such."""
    meant: dict[str, str] = {}
    if wanted == "boolean":
        meant = {"instead": _TRUTHS.get(node.text.strip(), "")}
    elif wanted in ("number", "integer"):
        meant = _meant(node.text.strip().translate(_NARROW), item, context)
    facts: dict[str, Any] = {"number": "", "instead": "", "amount": "", "apart": "", **meant}
    context.found.add("case.type", node.place, **context.about(item), wanted=wanted, given=node.text[:40], **facts)
    return None


def _meant(text: str, item: Input, context: Context) -> dict[str, str]:
    """What a text in ASCII digits means as a number: with signs between its thousands, a comma before its decimals, a unit behind."""
    if _PLAIN.fullmatch(text):
        return {"instead": text} if item.type == "number" or "." not in text else {}
    if _GROUPED.fullmatch(text):
        return {"number": re.sub("[,' ]", "", text)}
    if item.type == "number" and _COMMA.fullmatch(text):
        return {"instead": text.replace(",", ".")}
    match = _WITH_UNIT.fullmatch(text)
    amount = "" if match is None else match[1].strip()
    if _GROUPED.fullmatch(amount):
        amount = re.sub("[,' ]", "", amount)
    if match is None or not _PLAIN.fullmatch(amount):
        return {}
    try:
        unit = context.plan.measures.spelled(match[2]) or match[2]
        known = context.plan.measures.factor(unit, item.unit or "1") is not None
    except UnitError:
        known = False
    return {"amount": amount, "apart": unit} if known else {}


def _date(item: Input, node: Node, context: Context) -> date | None:
    if is_day(str(node.value)):
        return date.fromisoformat(str(node.value))
    context.found.add("case.date", node.place, **context.about(item), text=node.text[:40])
    return None


def _unit_needed(item: Input, node: Node, context: Context) -> None:
    """The unit carries a condition that goes without saying nowhere: all that can be meant are named."""
    possible = context.plan.measures.alike(item.unit or "1")
    context.found.add(
        "case.unit-needed", node.place, **context.about(item), value=node.text[:40], wanted=item.unit, there=possible
    )


def _in_unit(item: Input, given: Given, unit: Node, context: Context) -> Given | None:
    """The value in the unit of the input, converted exactly where another unit was named."""
    measures, text = context.plan.measures, str(unit.value)
    if item.unit is None:
        context.found.add("case.needless-unit", unit.place, **context.about(item), unit=text)
        return None
    try:
        factor = measures.factor(text, item.unit)
    except UnitError as error:
        _unknown_unit(item, error, unit, context)
        return None
    if factor is None:
        there: dict[str, Any] = {"there" if item.unit_required else "own": measures.alike(item.unit)[:_MOST_UNITS]}
        context.found.add("case.unit", unit.place, **context.about(item), given=text, wanted=item.unit, **there)
        return None
    if factor == 1:
        return given
    return replace(given, value=exact(Fraction(given.value) * factor), written_unit=text)


def _unknown_unit(item: Input, error: UnitError, unit: Node, context: Context) -> None:
    """A unit text that cannot be read: what was probably meant, else the units that the input takes."""
    measures, about = context.plan.measures, context.about(item)
    whole = error.symbol == str(unit.value).strip()
    near = measures.likely(error.symbol, (item.unit or "1") if whole else "")
    if error.code == "unit.unknown":
        there = measures.alike(item.unit or "1")[:_MOST_UNITS]
        context.found.add(
            "case.unknown-unit", unit.place, **about, unit=error.symbol, nearest=near, wanted=item.unit, there=there
        )
    else:
        context.found.add(error.code, unit.place, unit=error.symbol, nearest=near)


def key_text(collection: Collection, row: Mapping[str, Given]) -> str:
    """The key of a row as people and assessments write it; "" where the row has none."""
    given = row.get(collection.key)
    if given is None or given.value is None or isinstance(given.value, NotComputed):
        return ""
    return plain(given.value) if isinstance(given.value, Decimal) else str(given.value)


def exact(value: Fraction) -> Decimal:
    """A fraction as Decimal: exactly where 34 digits hold it, else rounded once."""
    return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))


def in_range(item: Input, given: Given, context: Context) -> bool:
    """Whether the value lies between min and max; a finding where it does not."""
    for name, low in (("min", True), ("max", False)):
        limit = _limit(getattr(item, name), context)
        if limit is not None and (given.value < limit if low else given.value > limit):
            code = "case.below-minimum" if low else "case.above-maximum"
            value, bound = _shown(given.value), _shown(limit)
            context.found.add(code, given.place, **context.about(item), value=value, limit=bound, unit=item.unit or "")
            return False
    return True


def _limit(limit: Any, context: Context) -> Any:
    """A number, a date, or one of the period's own days."""
    if isinstance(limit, str):
        return {"period_start": context.start, "period_end": context.end}.get(limit) or date.fromisoformat(limit)
    return limit


def _shown(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)

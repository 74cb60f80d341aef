"""± and tiers of a number → words: on the scorecard for the figures that a ruleset names, and in the tree of a number."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import reduce
from typing import Any

from guiju.report.model import FigureRow
from guiju.report.numbers import shown
from guiju.report.origin import Facts
from guiju.report.tree import unit
from guiju.report.wording import Wording

Data = Mapping[str, Any]
_LEAST = Decimal("0.1")  # percent; a smaller share is said to be smaller
_WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999)


def figure_rows(data: Data, say: Wording) -> tuple[FigureRow, ...]:
    """The figures that the ruleset wants on the scorecard, in its order."""
    nodes = [data["nodes"][name] for name in headlines(data)]
    return tuple(FigureRow(say.title(node["title"]), _value(node, say), _line(node, say)) for node in nodes)


def headlines(data: Data) -> list[str]:
    """The main figures: those that the ruleset gives a place by it, then the others in the order of computing."""
    places = {
        name: math.inf if node["headline"] is True else int(node["headline"])
        for name, node in data["nodes"].items()
        if node.get("headline") and "rows" not in node
    }
    return sorted(places, key=places.__getitem__)


def _value(entry: Data, say: Wording) -> str:
    value = entry["value"]
    if value is None:
        return say("not_computed")
    if isinstance(value, bool):
        return say("yes" if value else "no")
    if entry["type"] != "number":
        return str(value)
    return " ".join(filter(None, [shown(value, say.lang, entry.get("rounding")), unit(entry["unit"], say)]))


def _line(entry: Data, say: Wording) -> str:
    return " · ".join(text for text in (plus_minus(entry, say), tier_words(entry, say)) if text)


def plus_minus(entry: Data, say: Wording) -> str:
    """± 4.2 %, or nothing."""
    return f"± {shown(entry['uncertainty'], say.lang)} %" if "uncertainty" in entry else ""


def tier_words(entry: Data, say: Wording) -> str:
    """The tier of a number that was handed in, or how much of a computed one is of which."""
    if "tiers" not in entry:
        return say(f"tier_{entry['tier']}") if "tier" in entry else ""
    amounts = {name: Decimal(text).copy_abs() for name, text in entry["tiers"]["amounts"].items()}
    whole = reduce(_WIDE.add, amounts.values(), Decimal(0))
    if len([amount for amount in amounts.values() if amount]) < 2:
        return say(f"tier_{entry['tiers']['weakest']}")
    parts = [
        f"{say(f'tier_{name}')} {_percent(_WIDE.divide(amount * 100, whole), say)}"
        for name, amount in amounts.items()
        if amount
    ]
    return say("list_separator").join(parts)


def _percent(share: Decimal, say: Wording) -> str:
    if share < _LEAST:
        return f"<{shown(str(_LEAST), say.lang)} %"
    return f"{shown(str(share.quantize(_LEAST, context=_WIDE)), say.lang)} %"


def quality_facts(entry: Data, say: Wording) -> Facts:
    """± and tiers of one number of a tree, and where most of the ± comes from."""
    facts: Facts = ((say("fact_quality"), line),) if (line := _line(entry, say)) else ()
    leaves = entry.get("uncertainty_from", ())
    if len(leaves) > 1:
        parts = [f"{each['leaf']} {_percent(Decimal(each['share']), say)}" for each in leaves]
        facts += ((say("fact_uncertainty_from"), say("list_separator").join(parts)),)
    return facts

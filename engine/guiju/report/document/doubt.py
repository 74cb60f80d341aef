"""Figures that decide the grade and are too uncertain for their band: the ± range of the figure leaves it."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal

from guiju.report.document.told import Data, Told
from guiju.report.numbers import beside, shown
from guiju.report.tree import unit

_WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999)
_INTERVAL = re.compile(r"([\[(])\s*(-?[\d.]+|-inf)\s*,\s*(-?[\d.]+|inf)\s*([\])])")


def doubts(of: Told) -> list[str]:
    """A sentence for each deciding figure whose range crosses an edge of its band; none where no level was given."""
    grade = of.data["grade"]
    if grade is None or grade["refused"] or not grade["computed"]:
        return []
    deciding = [gate for gate in grade["gates"] if gate["id"] in grade["deciding"] and gate.get("value") is not None]
    return [text for gate in deciding if (text := _doubt(of, gate))]


def _doubt(of: Told, gate: Data) -> str:
    percent = of.nodes.get(f"grade.{gate['id']}_value", {}).get("uncertainty")
    band = next((each["interval"] for each in gate.get("bands", ()) if each["level"] == gate["level"]), None)
    if percent is None or band is None:
        return ""
    low, high = spread(Decimal(gate["value"]), Decimal(percent))
    edges = crossed(low, high, band)
    if not edges:
        return ""
    lang, mark = of.say.lang, unit(gate["unit"], of.say)
    one, two = (beside(format(each, "f"), edges, lang) for each in (low, high))
    named = of.join(" ".join(filter(None, [shown(edge, lang), mark])) for edge in edges)
    facts = {"percent": shown(percent, lang), "low": one, "high": two, "edges": named}
    return str(of.own("doubt", title=of.say.title(gate["title"]), **facts))


def spread(value: Decimal, percent: Decimal) -> tuple[Decimal, Decimal]:
    """The value less and plus so many percent of itself."""
    half = _WIDE.divide(_WIDE.multiply(value.copy_abs(), percent), Decimal(100))
    return _WIDE.subtract(value, half), _WIDE.add(value, half)


def crossed(low: Decimal, high: Decimal, band: str) -> list[str]:
    """The edges of an interval such as `[60, 80)` that a range leaves it by; an edge that belongs to it may be touched."""
    found = _INTERVAL.fullmatch(band.strip())
    if found is None:
        return []
    left, least, most, right = found.groups()
    below = least != "-inf" and (low < Decimal(least) or (left == "(" and low == Decimal(least)))
    above = most != "inf" and (high > Decimal(most) or (right == ")" and high == Decimal(most)))
    return [edge for edge, is_crossed in ((least, below), (most, above)) if is_crossed]

"""Weights: the children's sum exactly to what their parent declares; other means know none."""

from __future__ import annotations

import decimal
from decimal import Decimal
from typing import cast

from guiju.diagnostics.finding import Found
from guiju.formula.numbers import plain
from guiju.plan.tree import otherwise
from guiju.ruleset.fields import Fields, scalar
from guiju.ruleset.model import Indicator
from guiju.source.node import Node


def check_equal(owner: Indicator, children: list[Indicator], aggregate: str, found: Found) -> None:
    """Other means know no weights: where they are written, they must be equal, and nothing can be left out."""
    nodes = [node for child in children if (node := Fields(child.node).get("weight")) is not None]
    if len({scalar(node) for node in nodes}) > 1:
        found.add("indicator.unequal-weights", nodes[0].place, indicator=owner.id, aggregate=aggregate)
    for child in children:
        if otherwise(child) == "rescale":
            found.add(
                "indicator.cannot-rescale",
                Fields(child.node).map["applies"].place,
                indicator=child.id,
                aggregate=aggregate,
            )


def check_sum(owner: Indicator, fields: Fields, children: list[Indicator], found: Found) -> None:
    """The children's weights sum exactly to what their parent declares."""
    declared = fields.get("weights_total")
    nodes = [Fields(child.node).get("weight") for child in children]
    if declared is None:
        found.add("indicator.no-total", owner.place, indicator=owner.id)
        return
    if any(node is None for node in nodes):
        return  # said where the weight is read
    weights = [cast(Decimal, scalar(node)) for node in nodes]
    for node, weight in zip(nodes, weights, strict=True):
        if weight < 0:
            found.add("indicator.negative-weight", cast(Node, node).place, weight=plain(weight))
    with decimal.localcontext(prec=100):  # exactly, however many digits were written
        total = sum(weights, Decimal(0))
    if total != scalar(declared):
        shown = " + ".join(plain(weight) for weight in weights)
        off = total - cast(Decimal, scalar(declared))
        missing, excess = ("", plain(off)) if off > 0 else (plain(-off), "")
        whole = plain(scalar(declared))
        found.add(
            "indicator.weights-sum", declared.place,
            indicator=owner.id, sum=plain(total), declared=whole, weights=shown, missing=missing, excess=excess,
        )  # fmt: skip

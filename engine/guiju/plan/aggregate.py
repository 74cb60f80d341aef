"""Tree → formulas: raw value, score, weight, points and contribution of every indicator.

Points are weight × score. A block's points are its children's points; where an indicator does not apply, the weights of the
rest are scaled up inside the block. Sums come before the one division, so that exact totals stay exact.
"""

from __future__ import annotations

from decimal import Decimal

from guiju.diagnostics.finding import Found
from guiju.formula.numbers import Rounding, plain
from guiju.plan import weights
from guiju.plan.parts import Parts, joined, number, rule, titled
from guiju.plan.scores import KINDS, WITH_VALUE
from guiju.plan.tree import Tree, is_arithmetic, otherwise
from guiju.ruleset.fields import Fields, rounding, scalar
from guiju.ruleset.model import Indicator
from guiju.source.node import Node

SCORE = ("得分", "score")
# Rescaled weights bring thirds and sevenths into a sum: the last four digits are left to their error, so that a total
# that is exactly 80 is 80 also where nothing is rounded. Visible in the trace like any other rounding.
GUARD = Rounding("significant", Decimal(30))


def rewrite(tree: Tree, found: Found) -> Parts:
    """All formulas and parameters of the tree."""
    parts = []
    for indicator in tree.all.values():
        parts.append(_inner(tree, indicator, found) if tree.below(indicator) else _leaf(tree, indicator, found))
        parts += [_applies(tree, indicator), _weight(tree, indicator, found)]
    return joined([*parts, *_contributions(tree)])


def _leaf(tree: Tree, owner: Indicator, found: Found) -> Parts:
    """`.value` and `.score` of an indicator without children."""
    fields = Fields(owner.node)
    score_node = fields.get("score")
    if score_node is None:
        found.add("indicator.no-score", owner.place, indicator=owner.id)
        return Parts()
    score, unit = Fields(score_node), fields.text("unit") or "1"
    kind, value = score.need("kind"), fields.get("value")
    if value is None and kind in WITH_VALUE:
        found.add("indicator.no-value", owner.place, indicator=owner.id, kind=kind)
        return Parts()
    made = KINDS[kind](owner, score, unit, tree.unit, found)
    if made is None:
        return Parts()
    text, needed = made
    _check_scores(tree, owner, needed, found)
    parts = [needed, *([_value(owner, fields, value, unit)] if value is not None else [])]
    if kind == "checklist":
        title = titled(owner.title, "满分", "full marks")
        full = number(f"{owner.id}.full", title, tree.full, tree.unit, owner.origin, tree.root.node)
        parts.append(Parts(parameters=(full,)))
    return joined([*parts, _score(tree, owner, text, score_node, score.get("expr"))])


def _check_scores(tree: Tree, owner: Indicator, made: Parts, found: Found) -> None:
    """No anchor, step or level gives less than nothing or more than full marks."""
    for number_ in made.parameters:
        value = number_.value
        if ".score_" in number_.id and isinstance(value, Decimal) and not 0 <= value <= tree.full:
            found.add(
                "score.outside", number_.node.place, indicator=owner.id, score=plain(value), full=plain(tree.full)
            )


def _value(owner: Indicator, fields: Fields, node: Node, unit: str) -> Parts:
    """The raw value: a number with the indicator's unit, or a truth where it has none."""
    words, text = ("指标值", "value"), str(node.value)
    if "unit" in fields:
        return Parts((rule(owner, "value", text, words, unit, place=node.place, written=node),))
    return Parts((rule(owner, "value", text, words, None, kind="boolean", place=node.place, written=node),))


def _score(tree: Tree, owner: Indicator, text: str, place: Node, written: Node | None = None) -> Parts:
    """`.score`: where the indicator does not apply and is not left out, the score it is given instead."""
    fields, instead = Fields(owner.node), otherwise(owner)
    parameters = []
    if instead in ("zero", "full"):
        title = titled(owner.title, "不适用时得分", "score where it does not apply")
        value = tree.full if instead == "full" else Decimal(0)
        node = fields.map["otherwise"]
        parameters.append(number(f"{owner.id}.otherwise", title, value, tree.unit, owner.origin, node))
        text, written = f"where({owner.id}.applies, {text}, {owner.id}.otherwise)", None
    rounded = rounding(fields.get("round"))
    if rounded is None and tree.below(owner) and any(otherwise(other) == "rescale" for other in tree.all.values()):
        rounded = GUARD
    draft = rule(owner, "score", text, SCORE, tree.unit, place=place.place, written=written, rounding=rounded)
    return Parts((draft,), tuple(parameters))


def _applies(tree: Tree, owner: Indicator) -> Parts:
    """`.applies`, a truth."""
    node, words = Fields(owner.node).get("applies"), ("是否适用", "applies")
    if node is None:
        return Parts()
    return Parts(
        (rule(owner, "applies", str(node.value), words, None, kind="boolean", place=node.place, written=node),)
    )


def _inner(tree: Tree, owner: Indicator, found: Found) -> Parts:
    """`.active` (weights that count) and `.score` of an indicator with children."""
    fields, children, x = Fields(owner.node), tree.below(owner), owner.id
    for name in ("score", "value"):
        if name in fields:
            found.add("indicator.inner-score", fields.node.keys[name], indicator=x, field=name)
    aggregate = fields.text("aggregate") or "arithmetic"
    if aggregate != "arithmetic":
        weights.check_equal(owner, children, aggregate, found)
        return _score(tree, owner, _mean(aggregate, [f"{child.id}.score" for child in children]), owner.node)
    weights.check_sum(owner, fields, children, found)
    counted = [
        f"where({c.id}.applies, {c.id}.weight, 0)" if otherwise(c) == "rescale" else f"{c.id}.weight" for c in children
    ]
    active = rule(owner, "active", " + ".join(counted), ("适用权重合计", "weights that apply"), "1")
    points = " + ".join(f"{child.id}.points" for child in children)
    return Parts((active,)) + _score(tree, owner, f"({points}) / {x}.active", owner.node)


def _mean(aggregate: str, scores: list[str]) -> str:
    if len(scores) == 1:
        return scores[0]
    return f"root({' * '.join(scores)}, {len(scores)})" if aggregate == "geometric" else f"min({', '.join(scores)})"


def _weight(tree: Tree, owner: Indicator, found: Found) -> Parts:
    """`.weight` and, below an arithmetic mean, `.points`."""
    if owner.parent is None:
        return Parts()
    parent, fields, x = tree.all[owner.parent], Fields(owner.node), owner.id
    node = fields.get("weight")
    if node is None:
        if is_arithmetic(parent):
            found.add("indicator.no-weight", owner.place, indicator=x, parent=parent.id)
        return Parts()
    origin = fields.origin(owner.origin, "weight_")
    weight = number(f"{x}.weight", titled(owner.title, "权重", "weight"), scalar(node), "1", origin, node)
    if not is_arithmetic(parent):
        return Parts(parameters=(weight,))
    words = ("加权得分", "weighted score")
    return Parts((rule(owner, "points", _points(tree, owner, node), words, tree.unit),), (weight,))


def _points(tree: Tree, owner: Indicator, weight: Node) -> str:
    """weight × score; for a block its children's points, with at most one division, after the sum."""
    x, fields, children = owner.id, Fields(owner.node), tree.below(owner)
    text = f"{x}.weight * {x}.score"
    if children and is_arithmetic(owner) and "round" not in fields and otherwise(owner) in (None, "rescale"):
        points = " + ".join(f"{child.id}.points" for child in children)
        all_count = not any(otherwise(child) == "rescale" for child in children)
        same = scalar(fields.get("weights_total")) == scalar(weight)
        text = points if all_count and same else f"{x}.weight * ({points}) / {x}.active"
    return f"where({x}.applies, {text}, 0)" if otherwise(owner) == "rescale" else text


def _contributions(tree: Tree) -> list[Parts]:
    """`.contribution`: the points of the total that an indicator brings, after rescaling. They sum to the root's score."""
    parts: list[Parts] = []
    if not is_arithmetic(tree.root):
        return parts
    words = ("对总分的贡献", "contribution to the total")
    todo = [(child, "", f" / {tree.root.id}.active", "") for child in tree.below(tree.root)]
    while todo:
        owner, above, below, applies = todo.pop(0)
        text = f"{owner.id}.points{above}{below}"
        text = f"where({applies}, {text}, 0)" if applies else text
        parts.append(Parts((rule(owner, "contribution", text, words, tree.unit),)))
        if tree.below(owner) and is_arithmetic(owner):
            inside = " and ".join(filter(None, [applies, f"{owner.id}.applies" if otherwise(owner) else ""]))
            factor, shared = f" * {owner.id}.weight{above}", f"{below} / {owner.id}.active"
            todo.extend((child, factor, shared, inside) for child in tree.below(owner))
    return parts

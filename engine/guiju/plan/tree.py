"""Indicator tree → formulas: raw value, score, weight, points and contribution of every indicator.

Points are weight × score. A block's points are its children's points; where an indicator does not apply, the weights of the
rest are scaled up inside the block. Sums come before the one division, so that exact totals stay exact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from guiju.diagnostics.finding import Found
from guiju.diagnostics.nearest import nearest
from guiju.formula.numbers import plain
from guiju.plan.parts import Parts, joined, number, rule, titled
from guiju.plan.scores import KINDS, WITH_VALUE
from guiju.ruleset.fields import Fields, rounding, scalar
from guiju.ruleset.model import Indicator
from guiju.source.node import Node


@dataclass(frozen=True, slots=True)
class Tree:
    """The indicators of a ruleset, arranged. `children[""]` holds the root."""

    all: Mapping[str, Indicator]
    children: Mapping[str, tuple[str, ...]]
    root: Indicator
    full: Decimal
    unit: str

    def below(self, indicator: Indicator) -> list[Indicator]:
        return [self.all[child] for child in self.children.get(indicator.id, ())]


def arrange(indicators: Mapping[str, Indicator], found: Found) -> Tree | None:
    """The tree, or None: exactly one root, every parent known, no circle."""
    before = found.mark()
    children: dict[str, list[str]] = {}
    for indicator in indicators.values():
        if indicator.parent is not None and indicator.parent not in indicators:
            node = Fields(indicator.node).map["parent"]
            near = nearest(indicator.parent, list(indicators))
            found.add("indicator.unknown-parent", node.place, parent=indicator.parent, nearest=near)
        children.setdefault(indicator.parent or "", []).append(indicator.id)
    roots = children.get("", [])
    if len(roots) != 1 and indicators:
        node = indicators[roots[1]].node if roots else next(iter(indicators.values())).node
        found.add("indicator.roots", node.place, roots=", ".join(roots), count=len(roots))
    if found.errors_since(before) or not indicators:
        return None
    reached = _reached(roots[0], children)
    for name, indicator in indicators.items():
        if name not in reached:
            found.add("indicator.circle", Fields(indicator.node).map["parent"].place, indicator=name)
    root = indicators[roots[0]]
    full = scalar(Fields(root.node).get("full_score"))
    unit = Fields(root.node).text("score_unit") or "point"
    tree = Tree(indicators, {key: tuple(ids) for key, ids in children.items()}, root, full or Decimal(100), unit)
    return None if found.errors_since(before) else tree


def _reached(root: str, children: Mapping[str, list[str]]) -> set[str]:
    todo, reached = [root], set[str]()
    while todo:
        name = todo.pop()
        reached.add(name)
        todo.extend(child for child in children.get(name, ()) if child not in reached)
    return reached


def rewrite(tree: Tree, found: Found) -> Parts:
    """All formulas and parameters of the tree."""
    parts = []
    for indicator in tree.all.values():
        parts.append(_inner(tree, indicator, found) if tree.below(indicator) else _leaf(tree, indicator, found))
        parts.append(_weight(tree, indicator, found))
    return joined([*parts, *_contributions(tree)])


def _leaf(tree: Tree, owner: Indicator, found: Found) -> Parts:
    """`.value`, `.applies` and `.score` of an indicator without children."""
    fields = Fields(owner.node)
    score_node = fields.get("score")
    if score_node is None:
        found.add("indicator.no-score", owner.node.place, indicator=owner.id)
        return Parts()
    score, unit = Fields(score_node), fields.text("unit") or "1"
    parts = []
    value = fields.get("value")
    if value is not None:
        type_ = "number" if fields.text("unit") else "boolean"
        draft = rule(
            owner,
            "value",
            str(value.value),
            ("指标值", "value"),
            unit if type_ == "number" else None,
            place=value.place,
            written=value,
        )
        parts.append(Parts((draft,)))
    elif score.need("kind") in WITH_VALUE:
        found.add("indicator.no-value", owner.node.place, indicator=owner.id, kind=score.need("kind"))
        return Parts()
    made = KINDS[score.need("kind")](owner, score, unit, tree.unit, found)
    if made is None:
        return joined(parts)
    text, needed = made
    written = score.get("expr")
    parts += [needed, _applies(owner, fields), _full(tree, owner, fields, score)]
    if "applies" in fields and (fields.text("otherwise") or "rescale") != "rescale":
        text, written = f"where({owner.id}.applies, {text}, {owner.id}.otherwise)", None
    words = ("得分", "score")
    draft = rule(
        owner,
        "score",
        text,
        words,
        tree.unit,
        place=score_node.place,
        written=written,
        rounding=rounding(fields.get("round")),
    )
    return joined([*parts, Parts((draft,))])


def _applies(owner: Indicator, fields: Fields) -> Parts:
    node = fields.get("applies")
    if node is None:
        return Parts()
    return Parts(
        (
            rule(
                owner,
                "applies",
                str(node.value),
                ("是否适用", "applies"),
                None,
                kind="boolean",
                place=node.place,
                written=node,
            ),
        )
    )


def _full(tree: Tree, owner: Indicator, fields: Fields, score: Fields) -> Parts:
    """The constants that a score may need: full marks (checklist), and what stands in where it does not apply."""
    parameters = []
    if score.need("kind") == "checklist":
        title = titled(owner.title, "满分", "full marks")
        parameters.append(number(f"{owner.id}.full", title, tree.full, tree.unit, owner.origin, tree.root.node))
    otherwise = fields.text("otherwise")
    if "applies" in fields and otherwise in ("zero", "full"):
        title = titled(owner.title, "不适用时得分", "score where it does not apply")
        value = tree.full if otherwise == "full" else Decimal(0)
        parameters.append(
            number(f"{owner.id}.otherwise", title, value, tree.unit, owner.origin, fields.map["otherwise"])
        )
    return Parts(parameters=tuple(parameters))


def leaves_out(indicator: Indicator) -> bool:
    """Whether it can be left out and the weights of its block rescaled."""
    fields = Fields(indicator.node)
    return "applies" in fields and (fields.text("otherwise") or "rescale") == "rescale"


def _inner(tree: Tree, owner: Indicator, found: Found) -> Parts:
    """`.active` (weights that count), `.points` and `.score` of an indicator with children."""
    fields, children, x = Fields(owner.node), tree.below(owner), owner.id
    aggregate = fields.text("aggregate") or "arithmetic"
    rounded, words, place = rounding(fields.get("round")), ("得分", "score"), owner.node.place
    for name in ("score", "value"):
        if name in fields:
            found.add("indicator.inner-score", fields.node.keys[name], indicator=x, field=name)
    applies = _applies(owner, fields)
    if aggregate != "arithmetic":
        _check_equal(owner, children, aggregate, found)
        scores = [f"{child.id}.score" for child in children]
        text = f"root({' * '.join(scores)}, {len(scores)})" if aggregate == "geometric" else f"min({', '.join(scores)})"
        if len(scores) == 1:
            text = scores[0]
        return Parts((rule(owner, "score", text, words, tree.unit, place=place, rounding=rounded),)) + applies
    _check_weights(owner, fields, children, found)
    active = " + ".join(
        f"where({child.id}.applies, {child.id}.weight, 0)" if leaves_out(child) else f"{child.id}.weight"
        for child in children
    )
    points = " + ".join(f"{child.id}.points" for child in children)
    drafts = (
        rule(owner, "active", active, ("适用权重合计", "weights that apply"), "1"),
        rule(owner, "score", f"({points}) / {x}.active", words, tree.unit, place=place, rounding=rounded),
    )
    return Parts(drafts) + applies


def _check_equal(owner: Indicator, children: list[Indicator], aggregate: str, found: Found) -> None:
    """Other means know no weights: where they are written, they must be equal, and nothing can be left out."""
    nodes = [node for child in children if (node := Fields(child.node).get("weight")) is not None]
    if len({scalar(node) for node in nodes}) > 1:
        found.add("indicator.unequal-weights", nodes[0].place, indicator=owner.id, aggregate=aggregate)
    for child in children:
        if leaves_out(child):
            found.add(
                "indicator.cannot-rescale",
                Fields(child.node).map["applies"].place,
                indicator=child.id,
                aggregate=aggregate,
            )


def _check_weights(owner: Indicator, fields: Fields, children: list[Indicator], found: Found) -> None:
    """The children's weights sum exactly to what their parent declares."""
    declared = fields.get("weights_total")
    nodes = [Fields(child.node).get("weight") for child in children]
    if declared is None:
        found.add("indicator.no-total", owner.node.place, indicator=owner.id)
        return
    if any(node is None for node in nodes):
        return  # said by _weight
    weights = [cast(Decimal, scalar(node)) for node in nodes]
    for node, weight in zip(nodes, weights, strict=True):
        if weight < 0:
            found.add("indicator.negative-weight", cast(Node, node).place, weight=plain(weight))
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


def _weight(tree: Tree, owner: Indicator, found: Found) -> Parts:
    """`.weight` and `.points` of a child of an arithmetic mean."""
    if owner.parent is None:
        return Parts()
    parent, fields, x = tree.all[owner.parent], Fields(owner.node), owner.id
    node, arithmetic = fields.get("weight"), _is_arithmetic(parent)
    if node is None and not arithmetic:
        return Parts()
    if node is None:
        found.add("indicator.no-weight", owner.node.place, indicator=x, parent=parent.id)
        return Parts()
    weight = number(
        f"{x}.weight",
        titled(owner.title, "权重", "weight"),
        scalar(node),
        "1",
        fields.origin(owner.origin, "weight_"),
        node,
    )
    if not arithmetic:
        return Parts(parameters=(weight,))
    text = f"{x}.weight * {x}.score"
    children = tree.below(owner)
    if children and _is_arithmetic(owner):
        # sums first, then one division: where all weights apply and add up to the block's own, it is the plain sum
        points = " + ".join(f"{child.id}.points" for child in children)
        whole = scalar(fields.get("weights_total")) == scalar(node) and not any(map(leaves_out, children))
        text = (
            points
            if whole and "round" not in fields
            else text
            if "round" in fields
            else f"{x}.weight * ({points}) / {x}.active"
        )
    if leaves_out(owner):
        text = f"where({x}.applies, {text}, 0)"
    return Parts((rule(owner, "points", text, ("加权得分", "weighted score"), tree.unit),), (weight,))


def _is_arithmetic(owner: Indicator) -> bool:
    return (Fields(owner.node).text("aggregate") or "arithmetic") == "arithmetic"


def _contributions(tree: Tree) -> list[Parts]:
    """`.contribution`: how many points of the total an indicator brings, after rescaling. They sum to the root's score."""
    parts: list[Parts] = []
    if not _is_arithmetic(tree.root):
        return parts
    todo: list[tuple[Indicator, str, str]] = [
        (child, "", f" / {tree.root.id}.active") for child in tree.below(tree.root)
    ]
    while todo:
        owner, above, below = todo.pop(0)
        parts.append(
            Parts(
                (
                    rule(
                        owner,
                        "contribution",
                        f"{owner.id}.points{above}{below}",
                        ("对总分的贡献", "contribution to the total"),
                        tree.unit,
                    ),
                )
            )
        )
        if tree.below(owner) and _is_arithmetic(owner):
            factor = f" * {owner.id}.weight{above}"
            todo.extend((child, factor, f"{below} / {owner.id}.active") for child in tree.below(owner))
    return parts

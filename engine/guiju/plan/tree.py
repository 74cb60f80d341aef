"""Indicators → Tree: who is below whom. Exactly one root, every parent known, no circle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from guiju.diagnostics.finding import Found
from guiju.diagnostics.nearest import nearest
from guiju.ruleset.fields import Fields, scalar
from guiju.ruleset.model import Indicator


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
        wrong = indicators[roots[1]] if roots else next(iter(indicators.values()))
        found.add("indicator.roots", wrong.place, roots=", ".join(roots), count=len(roots))
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


def is_arithmetic(indicator: Indicator) -> bool:
    return (Fields(indicator.node).text("aggregate") or "arithmetic") == "arithmetic"


def otherwise(indicator: Indicator) -> str | None:
    """What happens where it does not apply: rescale, zero, full; None for one that always applies."""
    fields = Fields(indicator.node)
    return (fields.text("otherwise") or "rescale") if "applies" in fields else None

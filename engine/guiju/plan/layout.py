"""The section `report` → what a report of this variant shows: names looked up, what the variant does not have left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from guiju.diagnostics.finding import Found
from guiju.diagnostics.nearest import nearest
from guiju.plan.model import PlanNode
from guiju.ruleset.fields import Fields, words
from guiju.ruleset.model import Rules
from guiju.source.node import Node

Nodes = Mapping[str, PlanNode]


def read(rules: Rules, nodes: Nodes, elsewhere: frozenset[str], found: Found) -> dict[str, Any] | None:
    """The section as data, or None where there is none. `elsewhere` holds the names that other variants have."""
    if rules.report is None:
        return None
    fields, look = Fields(rules.report), _Look(rules, nodes, elsewhere, found)
    sections: dict[str, Any] = {"aim": _words(fields, "aim"), "facts": _titles(fields.get("facts"))}
    sections["standards"] = look.known(fields.items("standards"), rules.sources, "report.unknown-source")
    sections["fixed"] = look.known(fields.items("fixed"), rules.indicators, "report.unknown-indicator")
    sections["scope"] = [entry for node in fields.items("scope") if (entry := look.table(Fields(node)))]
    sections["process"] = [entry for node in fields.items("process") if (entry := look.table(Fields(node)))]
    sections["waterfall"] = look.waterfall(fields.get("waterfall"))
    return {name: value for name, value in sections.items() if value}


def _words(fields: Fields, name: str) -> dict[str, str] | None:
    words = fields.words(name)
    return None if words is None else dict(words._asdict())


def _titles(node: Node | None) -> dict[str, dict[str, str]]:
    """Titles by the names that cases use."""
    return {} if node is None else {name: dict(words(each)._asdict()) for name, each in Fields(node).map.items()}


class _Look:
    """Looks names up in one plan; a name that no variant has is a finding."""

    def __init__(self, rules: Rules, nodes: Nodes, elsewhere: frozenset[str], found: Found) -> None:
        self.rules, self.nodes, self.elsewhere, self.found = rules, nodes, elsewhere, found

    def known(self, items: Iterable[Node], there: Iterable[str], code: str) -> list[str]:
        """The names that are there; the others are findings, unless another variant has them."""
        names = list(there)
        return [str(item.value) for item in items if self._one(item, names.__contains__, names, code)]

    def single(self, item: Node) -> str | None:
        """A node with one value."""
        names = [name for name, node in self.nodes.items() if node.per is None]
        is_there = self._one(
            item, lambda name: name in self.nodes and not self.nodes[name].per, names, "report.unknown-value"
        )
        return str(item.value) if is_there else None

    def _one(self, item: Node, is_there: Callable[[str], bool], there: list[str], code: str) -> bool:
        name = str(item.value)
        if is_there(name):
            return True
        owner, dot, _ = name.partition(".")
        here = owner in (self.rules.indicators if dot else self.rules.collections)
        if owner not in self.elsewhere or here:
            known = there if code == "report.unknown-column" else sorted(self.elsewhere)  # the same for every variant
            self.found.add(code, item.place, name=name, nearest=nearest(name, known))
        return False

    def table(self, fields: Fields) -> dict[str, Any] | None:
        """One table, or None where this variant has nothing to show in it."""
        entry: dict[str, Any] = {name: words for name in ("title", "note") if (words := _words(fields, name))}
        if "of" in fields:
            return self._rows_of(fields, entry)
        rows = [name for item in fields.items("rows") if (name := self.single(item)) is not None]
        total = self.single(fields.map["total"]) if "total" in fields else None
        entry |= {"rows": rows} | ({"total": total} if total else {})
        entry |= {"chart": fields.need("chart")} if "chart" in fields else {}
        return entry if rows or total else None

    def _rows_of(self, fields: Fields, entry: dict[str, Any]) -> dict[str, Any] | None:
        of = self.known([fields.map["of"]], self.rules.collections, "report.unknown-collection")
        if not of:
            return None
        there = [name.partition(".")[2] for name, node in self.nodes.items() if node.per == of[0]]
        return entry | {"of": of[0], "columns": self.known(fields.items("columns"), there, "report.unknown-column")}

    def waterfall(self, node: Node | None) -> dict[str, Any] | None:
        if node is None:
            return None
        fields, steps = Fields(node), []
        for item in fields.items("steps"):
            step = Fields(item)
            name = self.single(step.map["node"])
            if name is not None:
                title = _words(step, "title")
                steps.append({"node": name, "as": step.need("as"), **({"title": title} if title else {})})
        return {"title": _words(fields, "title"), "steps": steps} if len(steps) > 1 else None

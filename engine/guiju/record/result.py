"""The first sheet of the workbook: what was assessed, the grade with its conditions, indicators, main figures, all as references."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from guiju.evaluation.run import Assessment
from guiju.plan.model import PlanNode
from guiju.record.grid import Grid, Spot

Say = Callable[..., str]
Heads = Callable[..., tuple[str, ...]]
_PARTS = ("weight", "value", "score", "contribution")


def result_sheet(assessment: Assessment, places: Mapping[str, Spot], calculation: Grid, say: Say, heads: Heads) -> Grid:
    """`places` says where the value of each node stands, `calculation` is the sheet whose values are held against the record."""
    return _Result(assessment, places, say, heads).fill(calculation)


class _Result:
    def __init__(self, assessment: Assessment, places: Mapping[str, Spot], say: Say, heads: Heads) -> None:
        self.assessment, self.places, self.say, self.heads = assessment, places, say, heads
        self.grid, self.row = Grid("result", (30, 36, 48, 20, 20, 20, 20)), 0

    def fill(self, calculation: Grid) -> Grid:
        self._about()
        last = max(row for row, _ in calculation.cells) + 1
        self.grid.put(self.row, 0, self.say("differing"))
        self.grid.put(self.row, 3, 0, "value", f"COUNTIF({calculation.name}!$J$4:$J${last},FALSE)")
        self.row += 2
        self._grade()
        self._indicators()
        plan = self.assessment.plan
        self._listed("figures", [node.id for node in plan.headlines])
        self._listed("claims", [claim.node for claim in plan.claims])
        self._listed("checks", [check.node for check in plan.checks])
        return self.grid

    def _about(self) -> None:
        head, ruleset = self.assessment.case.header, self.assessment.plan.ruleset
        self.grid.put(0, 0, f"{head.title.zh} {head.title.en}", "title")
        variant = f" · {self.assessment.plan.variant}" if self.assessment.plan.variant else ""
        facts = (
            ("case", head.id),
            ("ruleset", f"{ruleset.ref}{variant} · {ruleset.title.zh} {ruleset.title.en}"),
            ("fingerprint", ruleset.fingerprint),
            ("period", f"{head.start.isoformat()} – {head.end.isoformat()}"),
        )
        for row, (name, text) in enumerate(facts, 1):
            self.grid.put(row, 0, self.say(name), "head")
            self.grid.put(row, 1, text)
        for row, name in enumerate(("how_to_change", "how_to_read"), len(facts) + 1):
            self.grid.put(row, 0, self.say(name), "small")
        self.row = len(facts) + 4

    def _grade(self) -> None:
        plan = self.assessment.plan
        if plan.grade is None:
            return
        self._title("grade")
        self._line(plan.nodes["grade.result"], ["grade.result"])
        self.row += 1
        self._title("gates", "figure", "compared", "rank")
        for condition in plan.grade.preconditions:
            self._line(plan.nodes[condition.node], [condition.node])
        for gate in plan.grade.gates:
            parts = ("value" if gate.bands else "met", "compared", "rank")
            if gate.enabled:
                self._line(plan.nodes[f"grade.{gate.id}_rank"], [f"grade.{gate.id}_{part}" for part in parts])
        self.row += 1

    def _indicators(self) -> None:
        plan = self.assessment.plan
        if not plan.indicators:
            return
        self._title("indicators", "weight", "figure", "score", "points")
        for indicator in plan.indicators.values():
            self._cells((indicator.id, f"{indicator.no} {indicator.title.zh}", indicator.title.en))
            self._values([f"{indicator.id}.{part}" for part in _PARTS])
        self.row += 1

    def _listed(self, title: str, nodes: list[str]) -> None:
        if nodes:
            self._title(title, "figure")
            for name in nodes:
                self._line(self.assessment.plan.nodes[name], [name])
            self.row += 1

    def _title(self, title: str, *columns: str) -> None:
        self.grid.put(self.row, 0, self.say(title), "head")
        self.grid.line(self.row, self.heads(*columns), "head", 3)
        self.row += 1

    def _line(self, node: PlanNode, nodes: list[str]) -> None:
        self._cells((node.id, node.title.zh, node.title.en))
        unit = None if node.unit in (None, "1") else node.unit
        self.grid.line(self.row, (unit,), "small", 3 + len(nodes))
        self._values(nodes)

    def _cells(self, texts: tuple[str, ...]) -> None:
        self.grid.line(self.row, texts)

    def _values(self, nodes: list[str]) -> None:
        """References to the cells of these nodes, side by side; then the next row."""
        for column, name in enumerate(nodes, 3):
            spot, value = self.places.get(name), self._value(name)
            if spot is not None:
                self.grid.put(self.row, column, value, "value", spot.seen_from(self.grid.name))
        self.row += 1

    def _value(self, name: str) -> Any:
        return self.assessment.values.get(name)

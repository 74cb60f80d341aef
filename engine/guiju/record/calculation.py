"""Formulas of a plan → formulas of a workbook: each is walked once (once a row, of a collection) in the Excel domain."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

from guiju.diagnostics.finding import Found
from guiju.evaluation.run import Assessment
from guiju.formula.domains.exact import Exact
from guiju.formula.domains.excel import Excel, Piece, Rows, Shelf
from guiju.formula.evaluator import Walker
from guiju.formula.grammar import parse
from guiju.formula.library import arity, library
from guiju.formula.missing import NotComputed
from guiju.plan.model import PlanNode
from guiju.plan.program import targets
from guiju.record.grid import Grid, Span, Spot

Put = Callable[[Piece], Spot]  # where a step, or the value before rounding, goes


@dataclass(frozen=True, slots=True)
class Places:
    """Where everything stands that formulas name. It grows in the order of computing."""

    values: dict[str, Spot]
    columns: dict[str, Span | None]  # None where the collection was not handed in
    shelves: Mapping[str, Shelf]


class Writer:
    """Writes the formulas of one assessment."""

    def __init__(self, assessment: Assessment, places: Places) -> None:
        self.assessment, self.places, self.plan = assessment, places, assessment.plan
        self.walker, self.values = Walker(library()), assessment.values
        self.folded = _Columns(self)

    def single(self, node: PlanNode, sheet: str, put: Put, before: Put) -> Piece:
        """A formula that has one value. `before` takes the value before rounding, where it is rounded."""
        names = {written: self._value(target, sheet) for written, target in targets(node)}
        return self._walk(node, self._tree(node), self._domain(node, names, sheet, put), before)

    def rows(
        self, node: PlanNode, grid: Grid, put: Callable[[int, Piece], Spot], done: Callable[[int, Piece], None]
    ) -> None:
        """A formula that runs once a row; `put` and `done` are told which row it is."""
        tree, pairs = self._tree(node), targets(node)
        once = {written: self._value(target, grid.name) for written, target in pairs if not self._own(node, target)}
        row = 0
        domain = self._domain(node, once, grid.name, lambda piece: put(row, piece))
        for row in range(len(self.values[str(node.per)])):
            own = {written: self._row(target, row) for written, target in pairs if self._own(node, target)}
            domain.names = {**once, **own}
            done(row, self._walk(node, tree, domain, partial(put, row)))

    def _own(self, node: PlanNode, target: str) -> bool:
        return target.startswith(f"{node.per}.")

    def _value(self, target: str, sheet: str) -> Piece:
        return Piece(self.places.values[target].seen_from(sheet), self.plan.nodes[target].type, self.values[target])

    def _row(self, target: str, row: int) -> Piece:
        span = self.places.columns[target]
        assert span is not None
        spot = span.row(row)
        return Piece(spot.seen_from(spot.sheet), self.plan.nodes[target].type, self.values[target][row])

    def _tree(self, node: PlanNode) -> Any:
        """The tree of the text that runs. It was accepted when the plan was built."""
        found = Found()
        expression = parse(node.text, lambda _offset, _length: node.place, found, arity(library()), ours=True)
        assert expression is not None, found.findings
        return expression.tree

    def _domain(self, node: PlanNode, names: Mapping[str, Piece], sheet: str, put: Put) -> Excel:
        exact = Exact({}, self.values, self.plan.lookups, self._factor, node.id)
        return Excel(names, self.folded, self.places.shelves, exact, lambda piece: put(piece).seen_from(sheet))

    def _walk(self, node: PlanNode, tree: Any, domain: Excel, before: Put) -> Piece:
        piece: Piece = self.walker.walk(tree, domain)
        if node.rounding is None:
            return piece
        spot = before(piece)
        return domain.rounded(Piece(spot.seen_from(spot.sheet), piece.kind, piece.value), node.rounding)

    def _factor(self, source: str, target: str) -> Fraction:
        known = self.plan.measures.factor(source, target)
        assert known is not None, (source, target)
        return known


class _Columns(Mapping[str, Rows]):
    """Columns as folds name them; a collection itself stands for its rows."""

    def __init__(self, writer: Writer) -> None:
        self.writer = writer

    def __getitem__(self, name: str) -> Rows:
        plan, places = self.writer.plan, self.writer.places
        collection = plan.collections.get(name)
        column = name if collection is None else f"{name}.{collection.key}"
        span, kind = places.columns[column], plan.nodes[column].type
        if span is None or isinstance(self.writer.values[column], NotComputed):
            return Rows("", kind, 0, missing=True)
        return Rows(span.text, kind, span.count)

    def __iter__(self) -> Any:
        return iter(self.writer.places.columns)

    def __len__(self) -> int:
        return len(self.writer.places.columns)


def shelf(keys: Sequence[tuple[Span, str]], columns: Mapping[str, tuple[Span, str]], match: Any) -> Shelf:
    """A table as formulas look things up in it."""

    def rows(entry: tuple[Span, str]) -> Rows:
        span, kind = entry
        return Rows(span.text, "text" if kind == "text" else "number", span.count)

    return Shelf(tuple(map(rows, keys)), {name: rows(entry) for name, entry in columns.items()}, match)

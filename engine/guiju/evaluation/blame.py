"""A truth that is not as it should be → the parts of its formula that make it so: of `a and b` those that are false."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from guiju.evaluation.run import Assessment
from guiju.evaluation.whatif import part, tree_of
from guiju.plan.model import PlanNode


class Part(NamedTuple):
    """A part of a formula that neither `and`, `or` nor `not` joins: characters `start` to `end`, and what it should be."""

    tree: ast.expr
    start: int
    end: int
    wanted: bool


def blamed(assessment: Assessment, node: PlanNode, row: int | None, *, wanted: bool) -> list[Part]:
    """The parts of a formula by which its value is not the wanted one."""

    def parts(tree: ast.expr, wanted: bool) -> Iterator[Part]:
        if isinstance(tree, ast.UnaryOp) and isinstance(tree.op, ast.Not):
            yield from parts(tree.operand, not wanted)
        elif isinstance(tree, ast.BoolOp):
            enough = isinstance(tree.op, ast.And) is wanted  # one part alone can spoil it
            for each in tree.values:
                if not enough or part(assessment.plan, node, row, each, assessment.values) is (not wanted):
                    yield from parts(each, wanted)
        else:
            yield Part(tree, *_span(node.text, tree), wanted)

    return list(parts(tree_of(node), wanted))


def dates(assessment: Assessment, node: PlanNode, row: int | None, of: Part) -> Iterator[tuple[int, int, date]]:
    """The days that a comparison computes, such as a deadline, with where they stand in the text."""
    sides = [of.tree.left, *of.tree.comparators] if isinstance(of.tree, ast.Compare) else []
    for side in sides:
        if isinstance(side, ast.Call):
            value = part(assessment.plan, node, row, side, assessment.values)
            if isinstance(value, date):
                yield (*_span(node.text, side), value)


def _span(text: str, tree: ast.expr) -> tuple[int, int]:
    """In characters; Python counts the bytes of UTF-8."""
    whole = text.encode()
    return len(whole[: tree.col_offset].decode()), len(whole[: tree.end_col_offset].decode())

"""One formula in two domains: walked with values (exact), and staged to Python and run (code). The oracle is a third, of its own."""

from __future__ import annotations

import decimal
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

from guiju.diagnostics.finding import Found, Place
from guiju.formula.domains.code import CALLS, Code, Source
from guiju.formula.domains.exact import Exact, value
from guiju.formula.evaluator import Walker
from guiju.formula.grammar import Expression, parse
from guiju.formula.library import arity, library
from guiju.formula.measures import Measures
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import arithmetic
from guiju.formula.tables import Lookup
from guiju.plan.check import own_units

HERE = "here"  # the node that computes


@cache
def measures() -> Measures:
    return Measures(own_units())


def factor(source: str, target: str) -> Fraction:
    return measures().unit(source).size / measures().unit(target).size


def parsed(text: str) -> Expression:
    """The expression; the test fails when the grammar refuses it."""
    found = Found()
    expression = parse(text, lambda offset, length: Place("formula", 1, offset + 1, length), found, arity(library()))
    assert expression is not None, [(finding.code, finding.facts) for finding in found.findings]
    return expression


def exact(
    text: str,
    names: Mapping[str, Any],
    columns: Mapping[str, Any] | None = None,
    tables: Mapping[str, Lookup] | None = None,
    origin: str = HERE,
) -> Any:
    """The value in the exact domain."""
    domain = Exact(names, columns or {}, tables or {}, factor, origin)
    with arithmetic():
        return value(parsed(text).tree, domain, Walker(library()))


def exact_and_flag(text: str, names: Mapping[str, Any], columns: Mapping[str, Any]) -> tuple[Any, bool]:
    """The value in the exact domain, and whether any sum, difference, product or quotient had to be rounded on the way."""
    with arithmetic():
        context = decimal.getcontext()
        context.clear_flags()
        result = value(parsed(text).tree, Exact(names, columns, {}, factor, HERE), Walker(library()))
        return result, bool(context.flags[decimal.Inexact])


def staged(
    text: str,
    names: Mapping[str, Any],
    columns: Mapping[str, Any] | None = None,
    tables: Mapping[str, Lookup] | None = None,
    origin: str = HERE,
    calls: Mapping[str, Any] | None = None,
) -> Any:
    """The value of the staged function; `calls` stand in for those it calls."""
    source = Source()
    given = {f"x{index}": value for index, value in enumerate(names.values())}
    slots = {name: f"x{index}" for index, name in enumerate(names)}
    folds = {name: f"c{index}" for index, name in enumerate(columns or {})}
    shelves = {name: f"table{index}" for index, name in enumerate(tables or {})}
    given |= {slot: (columns or {})[name] for name, slot in folds.items()}
    given |= {slot: (tables or {})[name] for name, slot in shelves.items()}
    tree = parsed(text).tree
    with source.guarded("result", origin):
        source.assign("result", Walker(library()).walk(tree, Code(source, slots, folds, shelves, factor, origin)))
    lines = [f"def run({', '.join(given)}):", *source.lines, "    return result"]
    namespace = {**CALLS, **source.namespace, **(calls or {})}
    exec("\n".join(lines), namespace)
    with arithmetic():
        return namespace["run"](**given)


def same(left: Any, right: Any) -> bool:
    """The same value of the same kind, or missing for the same reason from the same place."""
    if isinstance(left, NotComputed) or isinstance(right, NotComputed):
        return (
            isinstance(left, NotComputed)
            and isinstance(right, NotComputed)
            and (left.code, left.origin, left.facts) == (right.code, right.origin, right.facts)
        )
    return type(left) is type(right) and bool(left == right)


def fraction(value: Any) -> Any:
    """A value as the oracle knows it: numbers are fractions, missing is None."""
    if isinstance(value, NotComputed):
        return None
    return Fraction(value) if isinstance(value, Decimal) else value


def near(value: Decimal, wanted: Fraction, relative: Fraction = Fraction(1, 10**28)) -> bool:
    return abs(Fraction(value) - wanted) <= relative * max(abs(wanted), Fraction(1, 10**6))


def read_value(written: Any, name: str) -> Any:
    """A value of a case file: a number, text, truth, {date: ...}, {power_of_ten: ...}, or null for missing."""
    if written is None:
        return NotComputed("missing-input", name)
    if isinstance(written, Mapping) and "power_of_ten" in written:
        return Decimal((0, (1,), int(written["power_of_ten"])))
    if isinstance(written, Mapping):
        return date.fromisoformat(written["date"])
    if isinstance(written, bool) or not isinstance(written, (int, Decimal)):
        return written
    return Decimal(written)

"""Laws of figures on random formulas: their value is the exact one, tiers sum to it, derivatives are those of differences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from test_formula_laws import Case, cases, joined, law, numbers
from test_formula_laws import calls as calls_

import formulas
import oracle
from guiju.formula.domains.quality import Figure, calls, leaf, weakest
from guiju.formula.missing import NotComputed

CALLS = calls(lambda _table, _column, _row: None)
STEP = Fraction(1, 10**30)
HUNDRED = Decimal(100)  # percent: then a pull is derivative times value
SIGNS = ["+", "-", "*", "/"]
PRESENT = st.integers(-999, 999).filter(bool).map(lambda n: Decimal(n).scaleb(-2))
LEAVES = ["a", "b", "d", "a", "b", "d", "sum(c.x)", "min(c.x)", "max(c.x)", "2", "0.5"]


def deeper(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    compared = joined(["<", "<=", ">", ">="], part)
    return st.one_of(
        joined(SIGNS, part), joined(SIGNS, part), joined(["/"], part), part.map(lambda text: f"-{text}"), calls_("abs", part),
        calls_("min", part, part), calls_("max", part, part), calls_("power", part, st.sampled_from(["2", "3", "-1"])),
        calls_("where", compared, part, part), calls_("coalesce", part, part),
    )  # fmt: skip


SMOOTH = st.recursive(st.sampled_from(LEAVES), deeper, max_leaves=8).filter(lambda text: len(text) > 8)


@st.composite
def full_cases(draw: st.DrawFn) -> Case:
    """Cases in which nothing is missing and no number is 0."""
    names = {name: draw(PRESENT) for name in ("a", "b", "d")}
    cells = [draw(PRESENT) for _ in range(draw(st.integers(1, 3)))]
    judged: dict[str, Any] = {name: Fraction(value) for name, value in names.items()}
    return names, {"c.x": cells}, {**judged, "c": [{"x": Fraction(cell)} for cell in cells]}


def figures(values: Mapping[str, Any]) -> dict[str, Any]:
    """Every number a leaf of its own, with tiers in turn."""
    return {
        name: leaf(name, value, {index % 3: value}, HUNDRED) if isinstance(value, Decimal) else value
        for index, (name, value) in enumerate(values.items())
    }


def carried(text: str, case: Case) -> Any:
    names, columns, _ = case
    cells = {
        name: [leaf(f"{name}[{row}]", cell, {row % 3: cell}, HUNDRED) if isinstance(cell, Decimal) else cell for row, cell in enumerate(column)]
        for name, column in columns.items()
    }  # fmt: skip
    return formulas.staged(text, figures(names), cells, calls=CALLS)


def moved(judged: Mapping[str, Any], name: str, step: Fraction) -> dict[str, Any]:
    """The oracle's names with one leaf moved."""
    if name in judged:
        return {**judged, name: judged[name] + step}
    row = int(name[4:-1])
    return {
        **judged,
        "c": [{**cell, "x": cell["x"] + step} if at == row else cell for at, cell in enumerate(judged["c"])],
    }


def slopes(text: str, judged: Mapping[str, Any], name: str) -> Iterator[Fraction]:
    """The difference quotients to the right and to the left, where there are any."""
    here = oracle.evaluate(text, dict(judged))
    for step in (STEP, -STEP):
        there = oracle.evaluate(text, moved(judged, name, step))
        if there is not None:
            yield (there - here) / step


@law(400)
@given(st.one_of(st.tuples(numbers(3, SIGNS), cases()), st.tuples(SMOOTH, full_cases())))
def test_the_value_is_the_exact_one_and_the_tiers_sum_to_it(one: tuple[str, Case]) -> None:
    text, case = one
    names, columns, _ = case
    exact, figure = formulas.exact(text, names, columns), carried(text, case)
    if not isinstance(figure, Figure):
        assert formulas.same(exact, figure)
        return
    assert formulas.same(exact, figure.value)
    parts = [Fraction(part) for part in figure.amounts.values()]
    assert abs(sum(parts) - Fraction(exact)) <= max(1, *map(abs, parts)) * Fraction(1, 10**25)
    assert weakest(figure.amounts) in figure.amounts


@law(400)
@given(SMOOTH, full_cases())
def test_derivatives_are_those_of_differences(text: str, case: Case) -> None:
    """Where the formula is smooth: both quotients agree. Roundings are left out, their derivative is passed through."""
    figure, judged = carried(text, case), case[2]
    assume(isinstance(figure, Figure) and figure.pulls is not None)
    for name, pull in figure.pulls.by.items():
        value = Fraction(judged[name]) if name in judged else Fraction(judged["c"][int(name[4:-1])]["x"])
        both = list(slopes(text, judged, name))
        tolerance = Fraction(1, 10**15) * max(1, *map(abs, both)) if both else 0
        if len(both) < 2 or abs(both[0] - both[1]) > tolerance:
            continue
        assert abs(Fraction(figure.scale) * Fraction(pull) / value - both[0]) <= 2 * tolerance, name


def test_missing_and_text_are_left_alone() -> None:
    gap = NotComputed("missing-input", "a")
    assert formulas.same(formulas.staged("a + b", {"a": gap, "b": leaf("b", Decimal(2), 0, HUNDRED)}, calls=CALLS), gap)
    assert (
        formulas.staged('where(s == "x", b, 1)', {"s": "y", "b": leaf("b", Decimal(2), 0, HUNDRED)}, calls=CALLS) == 1
    )

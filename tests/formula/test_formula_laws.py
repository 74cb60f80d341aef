"""Laws of the language on random expressions: the domains agree, the oracle agrees, the grammar never raises."""

from __future__ import annotations

import ast
import warnings
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, example, given, settings
from hypothesis import strategies as st

import formulas
import oracle
from guiju.diagnostics.finding import Found, Place
from guiju.formula.grammar import Expression, parse
from guiju.formula.library import arity, library
from guiju.formula.missing import NotComputed


def law(examples: int) -> settings:
    quiet = [HealthCheck.too_slow, HealthCheck.filter_too_much]
    phases = (Phase.explicit, Phase.generate, Phase.shrink)
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=quiet,
        phases=phases,
    )


NUMBERS, TRUTHS, TEXTS = ("a", "b", "d"), ("p", "q"), ("s",)
GROUPED = (
    "sum_where(c.x, c.k, s)",
    'sum_where(c.x, c.k, "x")',
    "sum_where(c.x, c.f, p)",
    'count_where(c.k, "y")',
    "count_where(c.f, true)",
)
literals = st.sampled_from(["0", "1", "2", "3", "7", "10", "0.5", "0.1", "2.5", "100", "0.07"])


def calls(name: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda values: f"{name}({', '.join(values)})")


def joined(signs: list[str], part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(part, st.sampled_from(signs), part).map(lambda three: f"({three[0]} {three[1]} {three[2]})")


def numbers(depth: int, signs: list[str], functions: bool = True) -> st.SearchStrategy[str]:
    """Texts of formulas whose value is a number."""
    leaves = st.one_of(st.sampled_from(NUMBERS), literals)
    if functions:
        leaves = st.one_of(
            leaves, st.sampled_from(["sum(c.x)", "count(c)", "max(c.x)", "min(c.x)", "count_if(c.f)", *GROUPED])
        )
    if depth == 0:
        return leaves
    part = numbers(depth - 1, signs, functions)
    deeper = [leaves, joined(signs, part), part.map(lambda text: f"-{text}"), calls("abs", part)]
    if functions:
        digits = st.sampled_from(["0", "1", "2", "-1"])
        deeper += [
            calls("min", part, part), calls("max", part, part, part), calls("floor", part), calls("ceil", part),
            calls("round", part, digits), calls("power", part, st.sampled_from(["2", "3"])), calls("coalesce", part, part),
            calls("where", truths(depth - 1, signs), part, part),
        ]  # fmt: skip
    return st.one_of(deeper)


def truths(depth: int, signs: list[str]) -> st.SearchStrategy[str]:
    """Texts of formulas whose value is true or false."""
    leaves = st.sampled_from(
        [*TRUTHS, "true", "false", 's == "x"', 's in ("x", "y")', 's not in ("x",)', "any(c.f)", "all(c.f)"]
    )
    if depth == 0:
        return leaves
    part, number = truths(depth - 1, signs), numbers(depth - 1, signs)
    compared = joined(["<", "<=", ">", ">=", "==", "!="], number)
    return st.one_of(
        leaves, joined(["and", "or"], part), part.map(lambda text: f"(not {text})"), compared, calls("known", number)
    )


def expressions(depth: int, signs: list[str]) -> st.SearchStrategy[str]:
    return st.one_of(numbers(depth, signs), truths(depth, signs))


decimals = st.one_of(
    st.sampled_from([Decimal(0), Decimal(1), Decimal(-1), Decimal("0.5"), Decimal("2.5"), Decimal("-0.05")]),
    st.integers(-9999, 9999).map(lambda n: Decimal(n).scaleb(-2)),
)


Case = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Names, columns of the collection c, and the same for the oracle."""

    def value(strategy: st.SearchStrategy[Any], name: str) -> Any:
        missing = draw(st.integers(0, 5)) == 0
        return NotComputed("missing-input", name) if missing else draw(strategy)

    names = {name: value(decimals, name) for name in NUMBERS}
    names |= {name: value(st.booleans(), name) for name in TRUTHS} | {"s": value(st.sampled_from(["x", "y", "z"]), "s")}
    size = draw(st.integers(0, 3))
    columns = {
        "c": list(range(size)),
        "c.x": [value(decimals, "c.x") for _ in range(size)],
        "c.f": [value(st.booleans(), "c.f") for _ in range(size)],
        "c.k": [value(st.sampled_from(["x", "y"]), "c.k") for _ in range(size)],
    }
    judged = {name: formulas.fraction(cell) for name, cell in names.items()}
    judged["c"] = [
        {"x": formulas.fraction(x), "f": formulas.fraction(f), "k": formulas.fraction(k)}
        for x, f, k in zip(columns["c.x"], columns["c.f"], columns["c.k"], strict=True)
    ]
    return names, columns, judged


@law(400)
@given(expressions(3, ["+", "-", "*", "/"]), cases())
def test_exact_is_staged(text: str, case: Case) -> None:
    """The same value and scale, or missing with the same code, origin and facts."""
    names, columns, _ = case
    one, other = formulas.exact(text, names, columns), formulas.staged(text, names, columns)
    assert formulas.same(one, other), (one, other)
    if isinstance(one, Decimal):
        assert one.as_tuple() == other.as_tuple()


@law(120)
@given(st.sampled_from(["ln({})", "exp({})", "root({}, 3)", "normalise({}, a, b)", "clamp({}, a, b)", "share({}, a)", "change({}, b)"]),
       numbers(2, ["+", "-", "*", "/"]), cases())  # fmt: skip
def test_exact_is_staged_in_functions(frame: str, inner: str, case: Case) -> None:
    names, columns, _ = case
    text = frame.format(inner)
    assert formulas.same(formulas.exact(text, names, columns), formulas.staged(text, names, columns))


@law(300)
@given(expressions(3, ["+", "-", "*", "/"]), cases())
def test_where_nothing_was_rounded_the_oracle_says_the_same(text: str, case: Case) -> None:
    names, columns, judged = case
    assume("power" not in text)
    value, inexact = formulas.exact_and_flag(text, names, columns)
    assume(not inexact)
    wanted = oracle.evaluate(text, judged)
    if isinstance(value, NotComputed):
        assert wanted is None
    else:
        assert formulas.fraction(value) == wanted


@law(150)
@given(st.recursive(st.one_of(st.sampled_from(NUMBERS), literals), lambda part: st.one_of(
    joined(["*", "/"], part), calls("abs", part), calls("power", part, st.sampled_from(["2", "3"])), part.map(lambda text: f"-{text}"),
), max_leaves=8), cases())  # fmt: skip
def test_rounded_products_are_near_the_oracle(text: str, case: Case) -> None:
    """Products, quotients and powers are off by no more than their roundings: 1e-28 of the value."""
    names, columns, judged = case
    value, wanted = formulas.exact(text, names, columns), oracle.evaluate(text, judged)
    if isinstance(value, NotComputed):
        assert wanted is None or abs(wanted) > Fraction(10) ** 6000
    else:
        assert abs(Fraction(value) - wanted) <= abs(wanted) * Fraction(1, 10**28)


@law(150)
@given(expressions(3, ["+", "-", "*", "/"]))
def test_layout_means_nothing(text: str) -> None:
    """Printing the tree and reading it again gives the tree; so do brackets around, line breaks between, blanks about."""
    tree = dump(formulas.parsed(text))
    printed = ast.unparse(ast.parse(text, mode="eval"))
    for other in (printed, f"({text})", f"  {text}\n", text.replace(", ", ",\n   "), text.replace(" + ", "  +\n")):
        assert dump(formulas.parsed(other)) == tree


def dump(expression: Expression) -> str:
    return ast.dump(expression.tree)


signs = st.text(alphabet="abx01.+-*/<>=!()[]{},\"'#\\ \n\t_@:;~^&|%中＋（ＡK\u212a\x00", max_size=40)
words = st.lists(st.sampled_from(["where", "(", ")", ",", "a", "b.c", "1", "0.5", "lookup", "t.x", "in", "not", "and", "or", "sum", '"x"', "'", "if", "else",
                                  "lambda", "for", "**", "//", "==", "<", "=", ":=", "...", "True", "None", "1e5", "0x1", "import", "await", "f''", "b''", "-", "#", "\n"]),
                 max_size=14).map(" ".join)  # fmt: skip


@law(500)
@given(st.one_of(signs, words, st.text(max_size=30)))
@example("9" * 5000)
@example("(" * 300 + "1" + ")" * 300)
@example("-" * 3000 + "1")
@example("+".join("1" * 480))
@example("a" + ".b" * 500)
@example('"\ud800"')
@example("5in (5, 6)")
@example("1if a")
@example('"\\d"')
def test_any_text_is_accepted_or_refused(text: str) -> None:
    """Never a raise, never a warning on the screen; refused with findings or accepted without, and both times the same."""
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        first, second = attempt(text), attempt(text)
    assert not seen, [str(warning.message) for warning in seen]
    assert first == second
    accepted, codes = first
    assert (accepted is None) == bool(codes)
    assert all(code.startswith("formula.") for code in codes)


def attempt(text: str) -> tuple[str | None, list[str]]:
    found = Found()
    expression = parse(text, lambda offset, length: Place("formula", 1, offset + 1, length), found, arity(library()))
    return None if expression is None else dump(expression), [finding.code for finding in found.findings]


@law(200)
@given(st.one_of(signs, words))
def test_what_is_accepted_can_be_walked(text: str) -> None:
    """An accepted formula whose names are known never raises in either domain, whatever its kinds (units and kinds are checked elsewhere)."""
    accepted, _ = attempt(text)
    assume(accepted is not None and not kinds_differ(text))
    tree = ast.parse(" ".join(text.split()), mode="eval")
    names = {ast.unparse(node): Decimal(2) for node in ast.walk(tree) if isinstance(node, (ast.Name, ast.Attribute))}
    assert formulas.same(formulas.exact(text, names), formulas.staged(text, names))


def kinds_differ(text: str) -> bool:
    """Whether a text, a truth or a collection stands in it: then only the check of kinds keeps it from running."""
    return any(
        word in text
        for word in (
            '"',
            "'",
            "not",
            "and",
            "or",
            "<",
            ">",
            "=",
            "where",
            "sum",
            "lookup",
            " in",
            "t.x",
            "true",
            "false",
        )
    )


GAP = NotComputed("missing-input", "a")


@pytest.mark.parametrize("ask", [lambda: GAP == 1, lambda: 1 == GAP, lambda: GAP != GAP, lambda: bool(GAP), lambda: hash(GAP), lambda: not GAP, lambda: GAP in (1, 2),
                                 lambda: {GAP: 1}, lambda: 1 if GAP else 0], ids=range(9))  # fmt: skip
def test_a_missing_value_is_never_asked_for_truth_or_equality(ask: Any) -> None:
    with pytest.raises(TypeError, match="missing"):
        ask()


def test_a_missing_value_travels_and_cannot_be_changed() -> None:
    for value in (
        GAP + 1,
        1 + GAP,
        GAP - 1,
        1 - GAP,
        0 * GAP,
        GAP * 0,
        GAP / 0,
        0 / GAP,
        -GAP,
        abs(GAP),
        Decimal(0) * GAP,
        Decimal(1) < GAP,
        GAP < Decimal(1),
    ):
        assert value is GAP
    with pytest.raises(AttributeError):
        GAP.code = "other"

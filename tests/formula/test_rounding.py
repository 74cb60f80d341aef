"""GB/T 8170 (tests/vectors/gbt8170.yaml) against numbers.py, through a ruleset's `round:` and through gates; laws of rounding."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guiju.diagnostics.finding import Found
from guiju.formula.numbers import CONTEXT, Mode, Rounding, arithmetic, plain, round_to
from guiju.source.files import read_file
from guiju.source.node import data
from small import run, small, write_case

FILE = Path(__file__).parent.parent / "vectors" / "gbt8170.yaml"
MODES: tuple[Mode, ...] = ("half_even", "half_away", "up", "down")
law = settings(max_examples=250, deadline=None, derandomize=True, database=None)


def vectors() -> Any:
    node = read_file(FILE, FILE.name, Found())
    assert node is not None
    return data(node)


VECTORS = vectors()
ROUNDING = [*VECTORS["rounding"], *VECTORS["float_traps"]]
LIMITS = VECTORS["limits"]["rows"]


def rule_of(row: dict[str, Any]) -> dict[str, Any]:
    """A row's rounding as a ruleset says it."""
    return {"significant": row["significant"]} if "significant" in row else {"interval": Decimal(row["interval"])}


def rounding_of(row: dict[str, Any]) -> Rounding:
    kind, amount = next(iter(rule_of(row).items()))
    return Rounding(kind, Decimal(amount))  # type: ignore[arg-type]


@pytest.mark.parametrize("row", ROUNDING, ids=lambda row: row["value"])
def test_rounding_vectors(row: dict[str, Any]) -> None:
    assert round_to(Decimal(row["value"]), rounding_of(row)) == Decimal(row["result"])


@pytest.mark.parametrize("row", [row for row in ROUNDING if "interval" in row and Decimal(row["interval"]).normalize().as_tuple().digits == (1,)],
                         ids=lambda row: row["value"])  # fmt: skip
def test_rounding_vectors_by_digits(row: dict[str, Any]) -> None:
    """Intervals that are powers of ten are digits as well."""
    digits = -Decimal(row["interval"]).normalize().adjusted()
    assert round_to(Decimal(row["value"]), Rounding("digits", Decimal(digits))) == Decimal(row["result"])


def test_rounding_vectors_through_a_ruleset(tmp_path: Path) -> None:
    formulas = {f"y{i}": {"expr": f"x{i}", "unit": "1", "round": rule_of(row)} for i, row in enumerate(ROUNDING)}
    inputs = {f"x{i}": {"unit": "1"} for i in range(len(ROUNDING))}
    result = small(tmp_path, {"inputs": inputs, "formulas": formulas}).run(
        {f"x{i}": Decimal(row["value"]) for i, row in enumerate(ROUNDING)}
    )
    assert [result[f"y{i}"] for i in range(len(ROUNDING))] == [Decimal(row["result"]) for row in ROUNDING]


@pytest.mark.parametrize("row", VECTORS["handed_over"], ids=lambda row: row["value"])
def test_rounding_once_needs_no_marks(row: dict[str, Any]) -> None:
    """The marks (+) and (-) are for figures that were rounded before; from the full value the result is the same."""
    assert round_to(Decimal(row["value"]), Rounding("digits", Decimal(0))) == Decimal(row["result"])


def limit_gate(row: dict[str, Any], compare: str) -> dict[str, Any]:
    low, high = row.get("low", "-inf"), row.get("high", "inf")
    inside = f"{'[' if 'low' in row else '('}{low}, {high}{']' if 'high' in row else ')'}"
    bands = (
        {"yes": inside}
        | ({"below": f"(-inf, {low})"} if "low" in row else {})
        | ({"above": f"({high}, inf)"} if "high" in row else {})
    )
    return {
        "value": "x",
        "unit": "1",
        "round": {"interval": Decimal(row["interval"])},
        "compare": compare,
        "bands": bands,
    }


@pytest.mark.parametrize("method", ["rounded", "full"])
@pytest.mark.parametrize("index", range(len(LIMITS)), ids=lambda index: f"{index}-{LIMITS[index]['measured']}")
def test_limit_judgement_through_gates(tmp_path: Path, index: int, method: str) -> None:
    """修约值比较法 compares the rounded value, 全数值比较法 the measured one; the other method's level is told as well."""
    row = LIMITS[index]
    gate = limit_gate(row, method)
    case = small(
        tmp_path, {"inputs": {"x": {"unit": "1"}}, "grade": {"levels": list(gate["bands"]), "gates": {"limit": gate}}}
    ).run({"x": Decimal(row["measured"])})
    assert (case["grade.result"] == "yes") is row[method]
    entry = case.grade["gates"][0]
    assert Decimal(entry["compared"]) == Decimal(row["rounds_to"])
    assert (entry["level_by_full_value"] == "yes") is row["full"]
    assert entry["methods_differ"] is (method == "rounded" and row["full"] != row["rounded"])


def test_grade_cliff(tmp_path: Path) -> None:
    """89.95 is 90.0 at one decimal: the highest grade by the rounded value, not by the full one, and the assessment says so."""
    cliff = VECTORS["grade_cliff"]
    for method in ("rounded", "full"):
        gate = {"value": "x", "unit": "1", "round": {"interval": Decimal(cliff["interval"])}, "compare": method}
        gate["bands"] = {"AAA": f"[{cliff['limit']}, inf)", "AA": f"(-inf, {cliff['limit']})"}
        result = small(
            tmp_path / method,
            {"inputs": {"x": {"unit": "1"}}, "grade": {"levels": ["AAA", "AA"], "gates": {"score": gate}}},
        ).run({"x": Decimal(cliff["value"])})
        assert (result["grade.result"] == "AAA") is cliff[method]


@pytest.mark.parametrize(("mode", "wanted"), [("half_even", ["2", "4", "-2", "3", "0"]), ("half_away", ["3", "4", "-3", "3", "0"]),
                                             ("up", ["3", "4", "-3", "3", "1"]), ("down", ["2", "3", "-2", "2", "0"])])  # fmt: skip
def test_modes(tmp_path: Path, mode: str, wanted: list[str]) -> None:
    values = ["2.5", "3.5", "-2.5", "2.51", "0.2"]
    formulas = {"y": {"expr": "x", "unit": "1", "round": {"digits": 0, "mode": mode}}}
    plan = small(tmp_path, {"inputs": {"x": {"unit": "1"}}, "formulas": formulas}).plan()
    got = [run(plan, write_case(tmp_path / "case.yaml", {"x": Decimal(value)}))["y"] for value in values]
    assert [plain(value) for value in got] == wanted


@pytest.mark.parametrize(("rounding", "value", "wanted"), [
    ({"interval": Decimal("0.5")}, "60.25", "60"), ({"interval": Decimal("0.5")}, "60.75", "61"), ({"interval": Decimal("0.2")}, "8.3", "8.4"),
    ({"interval": Decimal("0.2")}, "-8.3", "-8.4"), ({"interval": Decimal("0.3")}, "1.00", "0.9"), ({"significant": 3}, "0", "0"),
    ({"significant": 2}, "9.96", "10"), ({"significant": 3}, "0.00123450", "0.00123"), ({"digits": -2}, "1250", "1200"), ({"digits": -2}, "1250.01", "1300"),
])  # fmt: skip
def test_intervals_and_significant_digits(rounding: dict[str, Any], value: str, wanted: str) -> None:
    kind, amount = next(iter(rounding.items()))
    assert plain(round_to(Decimal(value), Rounding(kind, Decimal(amount)))) == wanted  # type: ignore[arg-type]


def test_what_34_digits_cannot_hold_is_missing(tmp_path: Path) -> None:
    formulas = {"y": {"expr": "x / 3", "unit": "1", "round": {"digits": 25}}}
    result = small(tmp_path, {"inputs": {"x": {"unit": "1"}}, "formulas": formulas}).run({"x": 10**12})
    assert result["y"].code == "beyond-34-digits"
    with pytest.raises(InvalidOperation):
        round_to(Decimal(10**12), Rounding("digits", Decimal(25)))


# -- laws -------------------------------------------------------------------------------------------------------------
values = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=8),
    st.integers(-(10**6), 10**6).map(lambda n: Decimal(n) / 2),
    st.integers(-(10**6), 10**6).map(lambda n: Decimal(n).scaleb(-3)),
)
roundings = st.one_of(
    st.builds(Rounding, st.just("digits"), st.integers(-3, 6).map(Decimal), st.sampled_from(MODES)),
    st.builds(Rounding, st.just("significant"), st.integers(1, 9).map(Decimal), st.sampled_from(MODES)),
    st.builds(
        Rounding,
        st.just("interval"),
        st.sampled_from(["0.5", "0.2", "0.05", "1", "3", "20", "0.125", "250"]).map(Decimal),
        st.sampled_from(MODES),
    ),
)


def by_fractions(value: Decimal, rounding: Rounding) -> Fraction:
    """The rounded value by another way: fractions and Python's own half-even rounding of them."""
    if rounding.kind == "interval":
        step = Fraction(rounding.amount)
    elif rounding.kind == "digits":
        step = Fraction(10) ** -int(rounding.amount)
    else:
        step = Fraction(10) ** (value.adjusted() + 1 - int(rounding.amount)) if value else Fraction(1)
    size = abs(Fraction(value)) / step
    whole, rest = divmod(size, 1)
    up = {"up": rest > 0, "down": False, "half_away": rest >= Fraction(1, 2), "half_even": round(size) > whole}[
        rounding.mode
    ]
    return (whole + up) * step * (1 if value >= 0 else -1)


@law
@given(values, roundings)
def test_rounded_as_fractions_say(value: Decimal, rounding: Rounding) -> None:
    assert Fraction(round_to(value, rounding)) == by_fractions(value, rounding)


@law
@given(values, roundings)
def test_rounding_again_changes_nothing(value: Decimal, rounding: Rounding) -> None:
    once = round_to(value, rounding)
    assert round_to(once, rounding) == once


@law
@given(values, roundings)
def test_rounding_is_symmetric(value: Decimal, rounding: Rounding) -> None:
    assert round_to(-value, rounding) == -round_to(value, rounding)


@law
@given(values, values, roundings)
def test_rounding_keeps_the_order(one: Decimal, other: Decimal, rounding: Rounding) -> None:
    low, high = sorted((one, other))
    assert round_to(low, rounding) <= round_to(high, rounding)


@law
@given(
    st.one_of(
        values,
        st.builds(lambda n, e: Decimal(n).scaleb(e, CONTEXT), st.integers(-(10**20), 10**20), st.integers(-40, 40)),
    )
)
def test_plain_text_is_the_number(value: Decimal) -> None:
    text = plain(value)
    assert Decimal(text) == value
    assert plain(Decimal(text)) == text
    assert plain(value.normalize(CONTEXT)) == text, "the same number has one text"
    assert not set(text) - set("-0123456789.")
    assert text != "-0"
    assert not (("." in text) and text.endswith(("0", ".")))


def test_a_tie_behind_a_division_is_a_tie() -> None:
    """A sum of thirds that is exactly 2.675 is rounded as 2.675: the last four of 34 digits are guard digits."""
    with arithmetic():
        third = Decimal("2.675") / 3
        assert round_to(third + third + third, Rounding("digits", Decimal(2))) == Decimal("2.68")

"""Units in a plan: dimensions are kept apart, scales are converted visibly, an input's unit changes no result."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from formulas import measures
from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.run import evaluate
from guiju.formula.measures import UnitError
from guiju.intake.case import check_case, header
from guiju.plan.model import Plan
from guiju.source.yaml_text import read_text
from small import codes, small, yaml

OWN = {
    "tCO2": {},
    "tCH4": {},
    "kgCH4": {"equals": "0.001 tCH4"},
    "tCO2e": {},
    "kgCO2e": {"equals": "0.001 tCO2e"},
    "tcoal": {},
    "Nm3": {},
    "m3_20C": {},
}


def sections(expr: str, unit: str | None, **units: str) -> dict[str, Any]:
    wanted = {"unit": unit} if unit else {"type": "boolean"}
    return {
        "units": OWN,
        "inputs": {name: {"unit": text} for name, text in units.items()},
        "formulas": {"y": {"expr": expr, **wanted}},
    }


@pytest.mark.parametrize(("expr", "unit", "units", "inputs", "run", "value"), [
    ("a + b", "kg", {"a": "kg", "b": "t"}, {"a": 1, "b": 2}, 'a + convert(b, "t", "kg")', "2001"),
    ("a + b", "t", {"a": "kg", "b": "t"}, {"a": 500, "b": 2}, 'convert(a + convert(b, "t", "kg"), "kg", "t")', "2.5"),
    ("b + a", "t", {"a": "kg", "b": "t"}, {"a": 500, "b": 2}, 'b + convert(a, "kg", "t")', "2.5"),
    ("a + b", "t", {"a": "t", "b": "t"}, {"a": 1, "b": 2}, None, "3"),
    ("a * (b + c)", "m2", {"a": "m", "b": "km", "c": "m"}, {"a": 2, "b": 1, "c": 500}, 'convert(a * (b + convert(c, "m", "km")), "m*km", "m2")', "3000"),
    ("min(a, b)", "kg", {"a": "kg", "b": "t"}, {"a": 1500, "b": 1}, 'min(a, convert(b, "t", "kg"))', "1000"),
    ("where(a > b, a, b)", "t", {"a": "t", "b": "kg"}, {"a": 1, "b": 1200}, 'where(a > convert(b, "kg", "t"), a, convert(b, "kg", "t"))', "1.2"),
    ("coalesce(a, b)", "t", {"a": "t", "b": "kg"}, {"a": 1, "b": 7}, 'coalesce(a, convert(b, "kg", "t"))', "1"),
    ("a - -b", "kg", {"a": "kg", "b": "t"}, {"a": 1, "b": 1}, 'a - convert(-b, "t", "kg")', "1001"),
    ("share(a, b)", "%", {"a": "t", "b": "t"}, {"a": 1, "b": 8}, 'convert(share(a, b), "1", "%")', "12.5"),
    ("share(a, b)", "1", {"a": "kg", "b": "t"}, {"a": 125, "b": 1}, 'convert(share(a, b), "kg/t", "1")', "0.125"),
    ("a * b", "tCH4", {"a": "tcoal", "b": "kgCH4/tcoal"}, {"a": 1000, "b": 2}, 'convert(a * b, "kgCH4", "tCH4")', "2"),
    ("a / b", "kgCO2e/tcoal", {"a": "tCO2e", "b": "tcoal"}, {"a": 3, "b": 60}, 'convert(a / b, "tCO2e/tcoal", "kgCO2e/tcoal")', "50"),
    ("a * b", "t", {"a": "%", "b": "t"}, {"a": 5, "b": 40}, None, "2"),
    ("1 - a", "1", {"a": "1"}, {"a": Decimal("0.25")}, None, "0.75"),
    ("max(a, 0)", "t", {"a": "t"}, {"a": -4}, None, "0"),
    ("0", "t", {"a": "t"}, {"a": 1}, None, "0"),
    ("where(a > 0, where(a > b, 0, 0), a)", "t", {"a": "t", "b": "t"}, {"a": 3, "b": 1}, None, "0"),
    ("power(a, 2)", "m2", {"a": "km"}, {"a": 2}, 'convert(power(a, 2), "km^2", "m2")', "4000000"),
    ("root(a * b, 2)", "m", {"a": "m", "b": "m"}, {"a": 2, "b": 8}, None, "4"),
    ('convert(a, "mu", "m2")', "m2", {"a": "mu"}, {"a": 3}, None, "2000"),
    ("a", "m2", {"a": "mu"}, {"a": 3}, 'convert(a, "mu", "m2")', "2000"),
    ("days_between(period_start, period_end)", "h", {"a": "1"}, {"a": 1}, 'convert(days_between(period_start, period_end), "d", "h")', "8760"),
])  # fmt: skip
def test_scales_are_converted_where_one_sees_it(
    tmp_path: Path, expr: str, unit: str, units: dict[str, str], inputs: dict[str, Any], run: str | None, value: str
) -> None:
    """`formula` stays as written, `formula_run` shows the exact step, and the value is right."""
    node = small(tmp_path, sections(expr, unit, **units)).run(inputs).data["nodes"]["y"]
    assert node["formula"] == expr
    assert node["value"] == value
    if run is not None:
        assert node["formula_run"].replace(" ", "") == run.replace(" ", "")
    elif "%" not in units.values():
        assert "formula_run" not in node


@pytest.mark.parametrize(("expr", "unit", "units", "code"), [
    ("a + b", "tCO2e", {"a": "tCO2e", "b": "tCH4"}, "unit.mismatch"),
    ("a + b", "tCO2e", {"a": "tCO2e", "b": "tCO2"}, "unit.mismatch"),
    ("a + b", "t", {"a": "t", "b": "tcoal"}, "unit.mismatch"),
    ("a + b", "Nm3", {"a": "Nm3", "b": "m3_20C"}, "unit.mismatch"),
    ("a", "m3", {"a": "Nm3"}, "unit.result"),
    ("a", "m3_20C", {"a": "Nm3"}, "unit.result"),
    ("a < b", None, {"a": "t", "b": "MWh"}, "unit.mismatch"),
    ("max(a, b)", "t", {"a": "t", "b": "m"}, "unit.mismatch"),
    ("where(a > 0, a, b)", "t", {"a": "t", "b": "m"}, "unit.mismatch"),
    ("coalesce(a, b)", "t", {"a": "t", "b": "m"}, "unit.mismatch"),
    ("a + 1", "t", {"a": "t"}, "unit.literal"),
    ("a > 100", None, {"a": "%"}, "unit.literal"),
    ("1 - a", "%", {"a": "%"}, "unit.literal"),
    ("a * b", "tCO2e", {"a": "tCO2e", "b": "t"}, "unit.result"),
    ("a * 3.667", "tCO2", {"a": "t"}, "unit.result"),
    ("ln(a)", "1", {"a": "t"}, "unit.pure-number"),
    ("exp(a)", "1", {"a": "%"}, "unit.pure-number"),
    ("root(a, 2)", "t", {"a": "t"}, "unit.no-whole-power"),
    ('convert(a, "t", "MWh")', "MWh", {"a": "t"}, "unit.mismatch"),
    ('convert(a, "kg", "t")', "t", {"a": "t"}, "unit.convert-from"),
    ('convert(a, "t", "tonne")', "t", {"a": "t"}, "unit.unknown"),
    ("clamp(a, b, a)", "t", {"a": "t", "b": "kg"}, "unit.scale-inside-function"),
    ("year(period_end) + a", "1", {"a": "a"}, "unit.mismatch"),
])  # fmt: skip
def test_dimensions_are_kept_apart(
    tmp_path: Path, expr: str, unit: str | None, units: dict[str, str], code: str
) -> None:
    assert code in small(tmp_path, sections(expr, unit, **units)).refused()


def test_the_two_reference_conditions_of_a_gas_never_convert(tmp_path: Path) -> None:
    """Neither in a formula, nor by convert(), nor when a case names the other one."""
    made = small(tmp_path, sections("a", "Nm3", a="Nm3"))
    assert small(tmp_path / "two", sections('convert(a, "Nm3", "m3_20C")', "m3_20C", a="Nm3")).refused() == [
        "unit.mismatch"
    ]
    found = Found()
    case = case_of({"a": {"value": 1, "unit": "m3_20C"}})
    assert check_case(case, made.plan(), found) is None
    assert codes(found) == ["case.unit"]


def test_the_gas_units_of_the_mine_never_convert() -> None:
    """0 °C and 20 °C differ by 7 %; in the shipped ruleset every pair of them is of two dimensions."""
    found = Found()
    ruleset = pipeline.read_ruleset("carbon-neutral-mine@2025.1", [Path(__file__).parents[2] / "rulesets"], found)
    assert ruleset is not None, codes(found)
    plan = pipeline.make_plan(ruleset, "energy.coal.underground", {}, found)
    assert plan is not None, codes(found)
    cold = [unit for unit in plan.measures.definitions if "Nm3" in unit]
    warm = [unit for unit in plan.measures.definitions if "20C" in unit]
    assert cold
    assert warm
    for one in cold:
        for other in [*warm, "m3", "L", "1e4m3"]:
            assert plan.measures.unit(one).dimension != plan.measures.unit(other).dimension, (one, other)


@pytest.mark.parametrize(
    "text",
    [
        "kg;1",
        "kg**2",
        "kg t",
        "",
        " ",
        "kg/",
        "/kg",
        "kg//t",
        "2 kg",
        "kg+t",
        "(kg)",
        "kg^x",
        "kg^1.5",
        "__import__",
        "kg\n*t*",
        "k g",
        "kilogram",
        "°C",
    ],
)
def test_unit_texts_by_an_allow_list(text: str) -> None:
    with pytest.raises(UnitError):
        measures().unit(text)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("kg*m/s^2", "kg*m/s/s"),
        ("1/a", "1/a"),
        ("m^2", "m2"),
        ("MWh/t", "kWh/kg"),
        (" kg / t ", "permille"),
        ("t*km", "km*t"),
        ("J", "W*s"),
        ("1", "%/%"),
    ],
)
def test_unit_texts_that_mean_the_same(text: str, same: str) -> None:
    assert measures().unit(text).same(measures().unit(same))


@pytest.mark.parametrize(("text", "size", "base"), [("mu", Fraction(2000, 3), "m2"), ("tce", Fraction(29307600), "kJ"), ("kgce", Fraction("29.3076"), "MJ"), ("kWh", Fraction(3600), "kJ"),
                                                   ("1e4CNY", Fraction(10000), "CNY"), ("permille", Fraction(1, 1000), "1"), ("ha", Fraction(15), "mu"), ("d", Fraction(24), "h")])  # fmt: skip
def test_own_units_are_exact(text: str, size: Fraction, base: str) -> None:
    assert measures().unit(text).size / measures().unit(base).size == size


def test_a_year_is_no_number_of_days() -> None:
    assert measures().unit("a").dimension != measures().unit("d").dimension


# -- changing an input's unit together with its value changes no result -----------------------------------------------------
CHOICES = {"mass": ["g", "kg", "t", "kt", "Mt"], "area": ["m2", "ha", "km2", "mu"], "energy": ["J", "MJ", "GJ", "TJ", "kWh", "MWh", "GWh", "kgce", "tce"], "part": ["1", "%", "permille"],
           "flow": ["m3/h", "L/s", "1e4m3/d", "m3/min"], "money": ["CNY", "1e4CNY"]}  # fmt: skip
DECLARED = {"mass": "t", "area": "ha", "energy": "GJ", "part": "1", "flow": "m3/h", "money": "1e4CNY"}
RULES = {
    "intensity": {"expr": "energy / mass", "unit": "MJ/kg"},
    "density": {"expr": "mass / area", "unit": "kg/m2"},
    "rest": {"expr": "mass * (1 - part)", "unit": "kt"},
    "costs": {"expr": "money / mass", "unit": "CNY/t"},
    "hours": {"expr": "volume / flow", "unit": "h"},
    "big": {"expr": "mass > limit and energy >= step", "type": "boolean"},
    "rounded": {"expr": "energy / area", "unit": "GJ/ha", "round": {"digits": 2}},
}
LIMITS = {
    "limit": {"value": 20, "unit": "kt"},
    "step": {"value": 5, "unit": "tce"},
    "volume": {"value": 3, "unit": "1e4m3"},
}


@cache
def units_plan(root: Path) -> Plan:
    inputs = {name: {"unit": unit} for name, unit in DECLARED.items()}
    return small(root, {"inputs": inputs, "parameters": LIMITS, "formulas": RULES}).plan()


def case_of(inputs: Mapping[str, Any]) -> Any:
    text = {"period": {"from": "2024-01-01", "to": "2024-12-31"}, "inputs": inputs}
    node = read_text(yaml(text) + "\n", "case.yaml", Found())
    assert node is not None
    return header(node, Found())


def values_of(plan: Plan, inputs: Mapping[str, Any]) -> dict[str, Any]:
    found = Found()
    case = check_case(case_of(inputs), plan, found)
    assert case is not None, codes(found)
    return {record.node: record.value for record in evaluate(plan, case).records}


@settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(st.data())
def test_an_input_may_be_given_in_any_of_its_units(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    """The same quantity in the declared unit and in another one: the same bytes of every value, as long as both can be written."""
    plan = units_plan(tmp_path_factory.getbasetemp() / "units")
    own: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for name, choices in CHOICES.items():
        unit = data.draw(st.sampled_from(choices), label=name)
        number = Decimal(data.draw(st.integers(1, 99999), label=f"value of {name}")).scaleb(-2)
        size = Fraction(number) * measures().unit(unit).size / measures().unit(DECLARED[name]).size
        assume(ends(size))
        own[name] = {"value": decimal_of(size), "unit": DECLARED[name]}
        other[name] = {"value": number, "unit": unit}
    assert values_of(plan, own) == values_of(plan, other)


def ends(value: Fraction) -> bool:
    """Whether it can be written as a decimal of at most 30 digits."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1 and Fraction(1, 10**20) < value < 10**20


def decimal_of(value: Fraction) -> Decimal:
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    return Decimal(int(value * 10**digits)).scaleb(-digits)


def test_the_units_of_time_of_a_period(tmp_path: Path) -> None:
    made = small(
        tmp_path,
        {
            "inputs": {"x": {"unit": "1"}},
            "formulas": {
                "y": {"expr": "period_year", "unit": "1"},
                "e": {"expr": "months_after(period_end, 12)", "type": "date"},
            },
        },
    )
    result = made.run({"x": 1})
    assert (result["y"], result["e"]) == (2024, date(2025, 12, 31))

"""Numbers as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guiju.report.numbers import beside, exact, fixed, inside, shown


@pytest.mark.parametrize(
    ("text", "en", "zh"),
    [
        ("0", "0", "0"),
        ("1", "1", "1"),
        ("-11.74407286578268876611418", "-11.7441", "-11.7441"),
        ("127.1436072213732", "127.144", "127.144"),
        ("0.3202013669", "0.320201", "0.320201"),
        ("0.00001234567", "0.0000123457", "0.0000123457"),
        ("2512800", "2,512,800", "2512800"),
        ("1234567.89", "1,234,568", "1234568"),  # the whole part is never cut
        ("999999.5", "1,000,000", "1000000"),
        ("17504.39969", "17,504.4", "17504.4"),
        ("1000", "1000", "1000"),
        ("2023", "2023", "2023"),
        ("10000", "10,000", "10000"),
        ("-1234.5", "-1234.5", "-1234.5"),
        ("0.1", "0.1", "0.1"),
        ("100.00000001", "100", "100"),
        ("1" + "0" * 20, "1×10^20", "1×10^20"),
        ("12345678901234567", "1.23457×10^16", "1.23457×10^16"),
        ("0.0000000000123456789", "1.23457×10^-11", "1.23457×10^-11"),
        ("1" + "0" * 6000, "1×10^6000", "1×10^6000"),
        ("-0.00000000000000000001", "-1×10^-20", "-1×10^-20"),
    ],
)
def test_six_digits(text: str, en: str, zh: str) -> None:
    assert shown(text, "en") == en
    assert shown(text, "zh") == zh


@pytest.mark.parametrize(
    ("text", "kind", "amount", "words"),
    [
        ("72.5", "digits", "2", "72.50"),
        ("72", "digits", "0", "72"),
        ("1200", "digits", "-2", "1200"),
        ("0.12345678", "digits", "8", "0.12345678"),
        ("60.5", "interval", "0.5", "60.5"),
        ("60", "interval", "0.5", "60.0"),
        ("60", "interval", "20", "60"),
        ("123456789", "significant", "9", "123,456,789"),
        ("1.5", "significant", "3", "1.5"),
    ],
)
def test_what_a_rule_rounded_keeps_its_digits(text: str, kind: str, amount: str, words: str) -> None:
    assert shown(text, "en", {"kind": kind, "amount": amount, "mode": "half_even"}) == words


def test_columns_have_one_number_of_decimals() -> None:
    assert [fixed(text, 2, "en") for text in ("100", "3.775", "0", "1234.5", "-0.004")] == [
        "100.00",
        "3.78",
        "0.00",
        "1234.50",
        "-0.00",
    ]


@pytest.mark.parametrize(
    ("text", "bounds", "words"),
    [
        ("79.9999996", ["80", "90"], "79.9999996"),
        ("79.9999996", ["70"], "80"),
        ("80.0000004", ["80"], "80.0000004"),
        ("80", ["80"], "80"),
        ("79.5", ["80"], "79.5"),
        ("0.29999999999999999999999999999999", ["0.3"], "0.29999999999999999999999999999999"),
        ("12345678.9", ["12345679"], "12,345,678.9"),
    ],
)
def test_a_number_never_stands_on_the_wrong_side_of_a_bound(text: str, bounds: list[str], words: str) -> None:
    assert beside(text, bounds, "en") == words


@pytest.mark.parametrize(
    ("formula", "short"),
    [
        ("0.8955492307692307 * 2 + m_co2", "0.895549 * 2 + m_co2"),
        ('convert(70000.123456789, "1e4Nm3", "GJ")', 'convert(70000.1, "1e4Nm3", "GJ")'),
        ('"0.123456789" == "a"', '"0.123456789" == "a"'),
        ("sum(1.00000001, 2, … 4 more)", "sum(1, 2, … 4 more)"),
        ("(-11.74407286578268 - -0.5)", "(-11.7441 - -0.5)"),
        ("x1.25 a_1234567.89", "x1.25 a_1234567.89"),
    ],
)
def test_numbers_inside_a_formula(formula: str, short: str) -> None:
    assert inside(formula, exact=False) == short
    assert inside(formula, exact=True) == formula


def test_all_digits() -> None:
    assert exact("1234567.8901234567890123456789", "en") == "1,234,567.8901234567890123456789"


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**14), max_value=10**14))
def test_what_is_shown_is_near(value: Decimal) -> None:
    text = shown(format(value, "f"), "zh")
    number = Decimal(text.replace("×10^", "E"))
    assert abs(number - value) <= max(abs(value) * Decimal("0.000006"), Decimal("1E-300"))
    assert shown(format(value, "f"), "en").replace(",", "") == text


@given(st.decimals(-100, 100, places=12), st.lists(st.integers(-100, 100), min_size=1, max_size=4))
def test_the_side_of_every_bound_is_kept(value: Decimal, edges: list[int]) -> None:
    number = Decimal(beside(format(value, "f"), [str(edge) for edge in edges], "zh").replace("×10^", "E"))
    for edge in edges:
        assert (number > edge, number < edge) == (value > edge, value < edge)

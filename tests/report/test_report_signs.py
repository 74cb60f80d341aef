"""Units as they are printed, against how textbooks and GB 3101 write them."""

from __future__ import annotations

import pytest

from guiju.report.signs import unit_sign


@pytest.mark.parametrize(
    ("typed", "zh", "en"),
    [
        ("t", "t", "t"),
        ("m3", "m³", "m³"),
        ("km2", "km²", "km²"),
        ("m^2", "m²", "m²"),
        ("t*km", "t·km", "t·km"),
        ("tCO2e/t", "tCO₂e/t", "tCO₂e/t"),
        ("kgCH4/kmol", "kgCH₄/kmol", "kgCH₄/kmol"),
        ("tN2O", "tN₂O", "tN₂O"),
        ("1e4Nm3", "万Nm³", "10⁴ Nm³"),
        ("1e8kWh", "亿kWh", "10⁸ kWh"),
        ("1e3t", "10³ t", "10³ t"),
        ("GJ/1e4m3_20C", "GJ/万m³(20℃)", "GJ/10⁴ m³(20 °C)"),
        ("tCO2/1e4Nm3CO2", "tCO₂/万Nm³CO₂", "tCO₂/10⁴ Nm³CO₂"),
    ],
)
def test_units_are_printed_as_people_write_them(typed: str, zh: str, en: str) -> None:
    assert unit_sign(typed, "zh") == zh
    assert unit_sign(typed, "en") == en

"""Figures that contradict each other give no grade: they would lift a score. Each is one slip in the example of a mine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from shipped import RULESETS, assessed

CASE = RULESETS / "carbon-neutral-mine" / "2025.1" / "cases" / "underground.yaml"
SLIPS = {
    "exports beyond own generation": ("energy: {value: 400, unit: MWh", "energy: {value: 40000, unit: MWh"),
    "own use beyond own generation": ("own_renewable_used: {value: 8600", "own_renewable_used: {value: 18600"),
    "contracts beyond imports": ("green_power_purchased: {value: 20000", "green_power_purchased: {value: 200000"),
    "more land reclaimed than there is": ("land_reclaimed: {value: 540", "land_reclaimed: {value: 940"),
    "more water reused than drawn": ("mine_water_reused: {value: 1300000", "mine_water_reused: {value: 13000000"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_an_impossible_figure_is_refused(slip: str, tmp_path: Path) -> None:
    text = CASE.read_text(encoding="utf-8")
    right, wrong = SLIPS[slip]
    assert text.count(right) == 1, right
    path = tmp_path / "case.yaml"
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    assert assessed(path).values["grade.result"] == "data_refused"


def test_a_share_of_land_says_nothing_of_power(tmp_path: Path) -> None:
    text = CASE.read_text(encoding="utf-8").replace(*SLIPS["more land reclaimed than there is"])
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    values = assessed(path).values
    names = ("possible_power", "possible_shares", "possible_land")
    assert [values[f"precondition.{name}"] for name in names] == [True, False, False]


def test_the_example_itself_is_graded() -> None:
    assert assessed(CASE).values["grade.result"] == "B"


def test_more_credits_than_serials_are_refused(tmp_path: Path) -> None:
    text = CASE.read_text(encoding="utf-8")
    assert "serial_from" in text, "the example names its ranges"
    changed = re.sub(r"(quantity: (?:\{value: )?)(\d+)", r"\g<1>\g<2>0", text, count=1)
    path = tmp_path / "case.yaml"
    path.write_text(changed, encoding="utf-8")
    assert assessed(path).values["grade.result"] == "data_refused"


def test_a_base_year_that_is_not_earlier_is_not_compared(tmp_path: Path) -> None:
    text = CASE.read_text(encoding="utf-8").replace("base_year: {value: 2020", "base_year: {value: 2026")
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    values = assessed(path).values
    assert values["claim.carbon_neutral"] is False
    assert "NotComputed" in type(values["emission_change"]).__name__

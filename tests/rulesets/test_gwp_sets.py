"""Another GWP set changes each gas by the quotient of its published GWPs, and nothing else, in every example mine.

The GWPs here are typed in from the published lists (GHG Protocol list of SAR to AR5; supplement of IPCC AR6), not read
from the ruleset.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from shipped import CASES, assessed

MINES = [path for path in CASES if path.parts[-4] == "carbon-neutral-mine"]
GWP = {
    "SAR": {"emissions_ch4": "21", "emissions_n2o": "310", "SF6": "23900", "HFC-134a": "1300"},
    "AR4": {"emissions_ch4": "25", "emissions_n2o": "298", "SF6": "22800", "HFC-134a": "1430"},
    "AR5": {"emissions_ch4": "28", "emissions_n2o": "265", "SF6": "23500", "HFC-134a": "1300"},
    "AR6": {"emissions_ch4": "27.9", "emissions_n2o": "273", "SF6": "25200", "HFC-134a": "1530"},
}
TYPES = {"energy", "metal", "nonmetal", "water_gas"}


def under(case: Path, chosen: str, folder: Path) -> dict[str, Any]:
    """All values of a case that asks for a GWP set."""
    text = case.read_text(encoding="utf-8")
    assert "gwp_set" not in text.replace("base_year_gwp_set", ""), "the example takes the default"
    changed = folder / f"{case.stem}-{chosen}.yaml"
    changed.write_text(text.replace("\ninputs:\n", f"\ninputs:\n  gwp_set: {chosen}\n", 1), encoding="utf-8")
    return dict(assessed(changed).values)


def exact(value: Any) -> Fraction:
    assert isinstance(value, Decimal)
    return Fraction(value)


def close(left: Fraction, right: Fraction) -> bool:
    """Equal but for the 34th digit."""
    return abs(left - right) <= max(abs(left), abs(right), Fraction(1)) / 10**30


def test_there_is_an_example_of_every_type_of_mine() -> None:
    first = {
        next(line for line in path.read_text("utf-8").splitlines() if line.startswith("variant:")) for path in MINES
    }
    assert {line.split(":")[1].strip().split(".")[0] for line in first} == TYPES


@pytest.mark.parametrize("chosen", ["SAR", "AR5", "AR6"])
@pytest.mark.parametrize("case", MINES, ids=lambda path: path.stem)
def test_each_gas_changes_by_its_own_quotient(case: Path, chosen: str, tmp_path: Path) -> None:
    before, after = under(case, "AR4", tmp_path), under(case, chosen, tmp_path)
    change = Fraction(0)
    for line in ("emissions_ch4", "emissions_n2o"):
        quotient = Fraction(GWP[chosen][line]) / Fraction(GWP["AR4"][line])
        assert close(exact(after[line]), exact(before[line]) * quotient), line
        change += exact(after[line]) - exact(before[line])
    assert after["emissions_co2"] == before["emissions_co2"]
    assert after["scope_2"] == before["scope_2"]
    change += exact(after["emissions_other_gases"]) - exact(before["emissions_other_gases"])
    assert close(exact(after["gross"]) - exact(before["gross"]), change), "nothing else moves the total"
    rows = zip(
        before["other_gases.gas"],
        before["other_gases.other_gas_co2e"],
        after["other_gases.other_gas_co2e"],
        strict=True,
    )
    for gas, old, new in rows:
        assert close(exact(new), exact(old) * Fraction(GWP[chosen][gas]) / Fraction(GWP["AR4"][gas])), gas


def test_the_set_is_told_in_every_assessment() -> None:
    for case in MINES:
        assert assessed(case).values["gwp_set"] == "AR4"

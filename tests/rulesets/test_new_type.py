"""A fifth type of mine is graded from YAML alone: the overlay of docs/mine-types.md, laid on a copy of the shipped rulesets."""

from __future__ import annotations

import re
import shutil
from decimal import Decimal
from pathlib import Path

from guiju import pipeline
from guiju.diagnostics.finding import Found
from shipped import RULESETS

DOCUMENT = RULESETS.parent / "docs" / "mine-types.md"
BLOCK = re.compile(r"```yaml\n# ruleset: (\S+)\n(.*?)```", re.DOTALL)
MODEL = RULESETS / "carbon-neutral-mine" / "2025.1" / "cases" / "opencast.yaml"
OWN = """
inputs:
  salt_output: {value: 800000, unit: tsalt, origin: illustrative}
  soda_ash_acidified: {value: 12000, unit: t, origin: illustrative}
  type_measures_solar_ponds: {value: planned, origin: illustrative}
"""
COAL = ("coal_output", "seam_thickness", "gas_content", "type_measures_heat_recovery", "type_measures_fire_control")


def case(folder: Path) -> Path:
    """The opencast example without what only coal asks for, and with what only salt lakes ask for."""
    text = MODEL.read_text(encoding="utf-8")
    text = text.replace("ruleset: carbon-neutral-mine@2025.1", "ruleset: salt-lake-trial@1")
    text = text.replace("variant: energy.coal.opencast", "variant: salt_lake")
    for name in COAL:
        text, found = re.subn(rf"\n  {name}:.*(\n    .*)*", "", text)
        assert found == 1, name
    text = text.replace("\ninputs:\n", OWN, 1)
    path = folder / "salt-lake.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_fifth_type_is_graded_without_code(tmp_path: Path) -> None:
    root = tmp_path / "rulesets"
    shutil.copytree(RULESETS, root)
    for name, content in BLOCK.findall(DOCUMENT.read_text(encoding="utf-8")):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
    found = Found()
    made = pipeline.assess(case(tmp_path), [root], pipeline.Wish(), found)
    assert made is not None, [(each.code, each.facts) for each in found.findings]
    values = made.values
    assert values["grade.result"] in ("AAA", "AA", "A", "B", "C")
    assert values["solid_waste.applies"] is False
    # the weights of the block, 4 4 3 3, without the 4 of what does not apply
    rest = {"waste_energy": 4, "water_reuse": 3, "recovery": 3}
    mean = sum(values[f"{name}.score"] * weight for name, weight in rest.items()) / 10
    assert abs(values["circular_use.score"] - mean) < Decimal("1e-25")
    # 12,000 t × 0.4149 on top of what the model burns and buys
    assert values["type_co2"] == Decimal("4978.8")

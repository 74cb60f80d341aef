"""Bad input against the shipped ruleset: a figure that cannot be is refused or remarked at its own line, with the document that asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Finding, Found
from guiju.diagnostics.show import as_text
from shipped import RULESETS

CASE = RULESETS / "carbon-neutral-mine" / "2025.1" / "cases" / "underground.yaml"
GUIDELINE = (
    "greenhouse-gas emissions of China's coal producers (trial), clause not seen",
    "依据：中国煤炭生产企业温室气体排放核算方法与报告指南（试行），条款未见原文",
)
SECOND = "    - serial: EXAMPLE-CCER-2023-000001-051500\n"
SUPPLY = "energy: {value: 70000, unit: MWh,"


def credit(serial: str, first: int, last: int) -> str:
    """One more row of the register, of the project and vintage whose numbers 1 to 60000 the example has retired."""
    tests = "".join(
        f"      {test}: true\n" for test in ("ex_post", "verified", "additional", "permanent", "claimed_once")
    )
    return f"""    - serial: {serial}
      serial_from: {first}
      serial_to: {last}
      registry: 示例登记系统 / example registry
      project: 示例林业项目 / example forestry project
      instrument: carbon_credit
      standard: ccer
      vintage: 2022
      quantity: {{value: {last - first + 1}, unit: tCO2e}}
      retired_on: "2025-05-20"
{tests}"""


@dataclass(frozen=True)
class Bad:
    """The example with `old` made `new`: `code` at the line of `at`, with these words in English and in Chinese."""

    old: str
    new: str
    code: str
    at: str
    english: tuple[str, ...]
    chinese: tuple[str, ...]
    check: str = ""  # the check that does not hold, where it is no error


BAD = {
    "a serial used twice": Bad(
        old=SECOND, new=credit("EXAMPLE-CCER-2022-000001-060000", 60001, 60100) + SECOND,
        code="case.same-row", at="- serial: EXAMPLE-CCER-2022-000001-060000\n      serial_from: 60001",
        english=("EXAMPLE-CCER-2022-000001-060000",), chinese=("EXAMPLE-CCER-2022-000001-060000",),
    ),
    "ranges of serials that overlap": Bad(
        old=SECOND, new=credit("EXAMPLE-CCER-2022-060000-060099", 60000, 60099) + SECOND,
        code="case.overlap", at="- serial: EXAMPLE-CCER-2022-060000-060099",
        english=("60000", "both hold"), chinese=("60000", "重叠"),
    ),
    "a factor of 2012 without a reason": Bad(
        old=SUPPLY, new=f"factor_given: 0.9\n      factor_given_year: 2012\n      {SUPPLY}",
        code="check.not-met", at="- meter: 110 kV", check="grid_factor_age",
        english=("110 kV 进线 supply", "grid_factor_year = 2012", GUIDELINE[0]),
        chinese=("110 kV 进线 supply", "2012", GUIDELINE[1]),
    ),
    "a gas volume without its condition": Bad(
        old="gas_volume: {value: 1040, unit: 1e4Nm3,", new="gas_volume: {value: 1040,",
        code="case.unit-needed", at="gas_volume: {value: 1040,",
        english=("reference condition", GUIDELINE[0]), chinese=("瓦斯混合量", GUIDELINE[1]),
    ),
    "a fraction above 1": Bad(
        old='ch4_fraction: {value: 0.25, unit: "1",', new='ch4_fraction: {value: 125, unit: "%",',
        code="case.above-maximum", at='ch4_fraction: {value: 125, unit: "%",',
        english=("methane fraction", GUIDELINE[0]), chinese=("甲烷体积分数", GUIDELINE[1]),
    ),
    "a share above 100 %": Bad(
        old="extraction_recovery: {value: 82,", new="extraction_recovery: {value: 182,",
        code="case.above-maximum", at="extraction_recovery: {value: 182,", english=("182",), chinese=("182",),
    ),
    "a share computed above 100 %": Bad(
        old="green_power_purchased: {value: 20000,", new="green_power_purchased: {value: 90000,",
        code="check.not-met", at="own_renewable_used:", check="renewables",
        # 8600 + 90000 of 70000 + 9000 - 400
        english=("renewable_power = 98600 MWh", "electricity_consumption = 78600 MWh"), chinese=("可再生电量不大于发电量和用电量",),
    ),
    "methane used and flared above drained": Bad(
        old="ch4_volume: {value: 190, unit: 1e4Nm3CH4,", new="ch4_volume: {value: 290, unit: 1e4Nm3CH4,",
        code="check.not-met", at="  gas_streams:", check="gas_use",
        # 290 × 7.17 used, 80 × 0.25 × 7.17 flared, 1040 × 0.25 × 7.17 drained
        english=("ch4_used = 2079.3 tCH4", "ch4_flared = 143.4 tCH4", "ch4_drained = 1864.2 tCH4", GUIDELINE[0]),
        chinese=("销毁和利用的甲烷不大于抽采量", GUIDELINE[1]),
    ),
    "restored above disturbed": Bad(
        old="land_reclaimed: {value: 540,", new="land_reclaimed: {value: 800,",
        code="check.not-met", at="land_", check="disturbed_land",
        english=("land_reclaimed = 800 ha", "land_disturbed = 760 ha"), chinese=("修复面积不大于扰动面积",),
    ),
    "a negative consumption": Bad(
        old="mass: {value: 620, unit: t,", new="mass: {value: -620, unit: t,",
        code="case.below-minimum", at="mass: {value: -620, unit: t,",
        english=("-620", GUIDELINE[0]), chinese=("-620", GUIDELINE[1]),
    ),
}  # fmt: skip


def findings(bad: Bad, folder: Path) -> tuple[str, tuple[Finding, ...], bool]:
    text = CASE.read_text(encoding="utf-8")
    assert text.count(bad.old) >= 1, bad.old
    text = text.replace(bad.old, bad.new, 1)
    path = folder / "bad.yaml"
    path.write_text(text, encoding="utf-8")
    found = Found()
    made = pipeline.assess(path, [RULESETS], pipeline.Wish(), found)
    return text, found.findings, made is not None


@pytest.mark.parametrize("name", BAD)
def test_bad_input(name: str, tmp_path: Path) -> None:
    bad = BAD[name]
    text, all_found, assessed = findings(bad, tmp_path)
    assert assessed == bool(bad.check), "an error refuses the case, a check does not"
    ours = [f for f in all_found if f.code == bad.code and (not bad.check or dict(f.facts)["name"] == bad.check)]
    assert len(ours) == 1, [(f.code, dict(f.facts).get("name"), f.place) for f in all_found]
    place, lines = ours[0].place, text.splitlines()
    assert place is not None and place.file.endswith("bad.yaml")
    assert place.line == text[: text.index(bad.at)].count("\n") + 1, lines[place.line - 1]
    for lang, words in (("en", bad.english), ("zh", bad.chinese)):
        said = as_text(ours, lang, lambda file, line: lines[line - 1])  # type: ignore[arg-type]
        for word in words:
            assert word in said, said


def test_the_example_itself_has_none_of_them(tmp_path: Path) -> None:
    same = Bad(old=SECOND, new=SECOND, code="", at="", english=(), chinese=())
    _, all_found, assessed = findings(same, tmp_path)
    assert assessed
    assert not {dict(f.facts).get("name") for f in all_found} & {bad.check for bad in BAD.values() if bad.check}
    assert {f.code for f in all_found} <= {"check.not-met", "case.level-unevidenced", "case.unevidenced"}

"""Checks that a person settled: said with who, when and why, no longer a warning, and no value changes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from guiju import pipeline
from guiju.diagnostics.finding import Finding, Found
from guiju.diagnostics.words import sentence
from guiju.evaluation.describe import describe
from guiju.report.render import scorecard_text
from guiju.report.view import scorecard
from shipped import TESTS
from small import Run, small, write_case

SECTIONS: dict[str, Any] = {
    "inputs": {"metered": {"unit": "kWh"}, "billed": {"unit": "kWh"}},
    "collections": {
        "trucks": {"key": "name", "columns": {"name": {"type": "text"}, "fuel": {"unit": "t", "required": False}}}
    },
    "parameters": {"most": {"value": 4, "unit": "t"}, "near": {"value": 2, "unit": "%"}},
    "formulas": {"gap": {"expr": "abs(metered - billed)", "unit": "kWh"}},
    "checks": {
        "bill": {"expr": "gap <= near * billed", "compares": ["metered", "billed"]},
        "trip": {"per": "trucks", "expr": "fuel <= most", "compares": ["fuel", "most"]},
    },
}
BY = {"by": "Li", "on": "2025-02-01", "reason": {"zh": "换表", "en": "the meter was exchanged"}}
ROWS = [{"name": "red", "fuel": 3}, {"name": "blue", "fuel": 5}, {"name": "grey", "fuel": 6}, {"name": "new"}]


def assessed(root: Path, settled: dict[str, Any], billed: int = 90) -> tuple[Run, list[Finding]]:
    """100 kWh metered; 10 kWh apart from the bill is more than 2 % of it."""
    made, found = small(root, SECTIONS), Found()
    more = {"settled": settled} if settled else {}
    case = write_case(root / "case.yaml", {"metered": 100, "billed": billed}, {"trucks": ROWS}, **more)
    done = pipeline.assess(case, [made.root / "rulesets"], pipeline.Wish(), found)
    assert done is not None
    return Run(done), [finding for finding in found.findings if finding.code.startswith("check.")]


def test_a_check_shows_what_it_says_it_compares(tmp_path: Path) -> None:
    run, findings = assessed(tmp_path, {})
    assert [finding.code for finding in findings] == ["check.not-met"] * 3
    assert [dict(finding.facts)["figures"] for finding in findings] == [
        "metered = 100 kWh, billed = 90 kWh",
        "trucks.fuel = 5 t, most = 4 t",
        "trucks.fuel = 6 t, most = 4 t",
    ]
    assert run.data["checks"][0]["compares"] == ["metered", "billed"]
    assert "settled" not in run.data["checks"][0]


def test_what_is_settled_is_said_and_no_warning(tmp_path: Path) -> None:
    plain, _ = assessed(tmp_path / "a", {})
    run, findings = assessed(tmp_path / "b", {"bill": BY, "trip[blue]": {**BY, "by": "Wang"}})
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("check.settled", ""),
        ("check.settled", ""),
        ("check.not-met", "warning"),
    ]
    assert (
        sentence(findings[0], "en")
        == "check not met, settled by Li on 2025-02-01: bill. Reason: the meter was exchanged"
    )
    assert "换表" in sentence(findings[0], "zh")
    bill, trip = run.data["checks"]
    assert (bill["holds"], bill["settled"]) == (False, [BY])
    assert trip["settled"] == [{"row": "blue", **BY, "by": "Wang"}]
    assert trip["rows"] == ["blue", "grey"]
    assert run.data["nodes"] == plain.data["nodes"], "no value is changed"


def test_the_whole_check_settles_every_row_and_a_row_goes_before_it(tmp_path: Path) -> None:
    _, findings = assessed(tmp_path, {"trip": BY, "trip[grey]": {**BY, "by": "Wang"}}, billed=100)
    assert [(finding.code, dict(finding.facts)["by_en"]) for finding in findings] == [
        ("check.settled", "Li"),
        ("check.settled", "Wang"),
    ]


def test_what_holds_need_not_be_settled_and_what_cannot_be_told_is_left_alone(tmp_path: Path) -> None:
    _, findings = assessed(tmp_path, {"bill": BY, "trip": BY, "trip[red]": BY, "trip[new]": BY}, billed=100)
    needless = [dict(finding.facts) for finding in findings if finding.code == "check.settled-needless"]
    assert [(facts["name"], facts["row"]) for facts in needless] == [("bill", ""), ("trip", "red")]


def test_the_scorecard_says_it(tmp_path: Path) -> None:
    run, _ = assessed(tmp_path, {"bill": BY, "trip[blue]": BY})
    text = " ".join(scorecard_text(scorecard(run.data, "en"), 200, lambda words, _style: words).split())
    assert "bill: to be looked into; settled by Li on 2025-02-01: the meter was exchanged" in text
    assert "0 of 2 hold, 1 settled by a person" in text, "one row of the other is open"
    assert "see guiju explain FILE.json check.trip" in text


def test_the_assessment_keeps_to_its_schema(tmp_path: Path) -> None:
    run, _ = assessed(tmp_path, {"bill": BY, "trip[blue]": BY})
    schema = json.loads((TESTS.parent / "schemas" / "assessment-1.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(describe(run.assessment))

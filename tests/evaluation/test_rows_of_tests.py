"""A ruleset's own tests may name one row of a collection."""

from __future__ import annotations

from pathlib import Path

from guiju.diagnostics.finding import Found
from guiju.evaluation.trials import run_trials
from small import small, write_case, yaml

FUELS = {"key": "name", "columns": {"name": {"type": "text"}, "mass": {"unit": "t"}}}
RULES = {
    "collections": {"fuels": FUELS},
    "formulas": {"twice": {"per": "fuels", "expr": "mass * 2", "unit": "t"}},
}


def test_one_row_is_compared_and_a_row_that_is_not_there_is_named(tmp_path: Path) -> None:
    made = small(tmp_path, RULES)
    rows = {"fuels": [{"name": "coal", "mass": 3}, {"name": "oil", "mass": 5}]}
    (made.folder / "tests").mkdir()
    write_case(made.folder / "tests" / "case.txt", {}, rows)
    wishes = {"fuels.twice[oil]": {"value": 10}, "fuels.twice[coal]": {"value": 7}, "fuels.twice[oli]": {"value": 1}}
    test = {"title": {"zh": "行", "en": "rows"}, "origin": "derived", "file": "case.txt", "expect": wishes}
    (made.folder / "tests" / "rows.yaml").write_text(yaml({"tests": {"rows": test}}), encoding="utf-8")
    found = Found()
    (trial,) = run_trials(made.folder, made.ruleset, found)
    assert [(check.node, check.passed) for check in trial.checks] == [
        ("fuels.twice[oil]", True),
        ("fuels.twice[coal]", False),
    ]
    (finding,) = found.findings
    assert (finding.code, dict(finding.facts)["nearest"]) == ("trial.unknown-node", "fuels.twice[oil]")

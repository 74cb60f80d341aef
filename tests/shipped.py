"""The shipped rulesets and their example cases."""

from __future__ import annotations

from pathlib import Path

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.run import Assessment

TESTS = Path(__file__).resolve().parent
RULESETS = TESTS.parent / "rulesets"
CASES = sorted(RULESETS.glob("*/*/cases/*.yaml"))


def name_of(case: Path) -> str:
    """hdi-2021-china for rulesets/hdi/2021/cases/china.yaml."""
    return f"{case.parent.parent.parent.name}-{case.parent.parent.name}-{case.stem}"


def assessed(case: Path, ruleset: str | None = None) -> Assessment:
    """A case under its ruleset, as `guiju evaluate` does it."""
    found = Found()
    assessment = pipeline.assess(case, [RULESETS], pipeline.Wish(ruleset=ruleset), found)
    assert assessment is not None, [(finding.code, finding.facts, finding.place) for finding in found.findings]
    return assessment

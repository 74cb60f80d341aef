"""A level without its evidence falls to the best level that is evidenced, where a ruleset says `unevidenced: falls`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.formula.missing import NotComputed
from small import Small, run, small, title, write_case

LEVELS = {
    "none": {"score": 0},
    "begun": {"score": 40, "evidence": ["photo"]},
    "whole": {"score": 70, "evidence": ["photo", "log"]},
    "proven": {"score": 100, "evidence": ["log"]},
}
EVIDENCE = {"one": {"kind": "photo", "title": title("one")}, "two": {"kind": "log", "title": title("two")}}


def made(root: Path, score: dict[str, Any], **more: Any) -> Small:
    tree = {"total": {"weights_total": 100}, "a": {"parent": "total", "weight": 100, "score": score}}
    return small(root, {"evidence": {"photo": {}, "log": {}}, "indicators": tree, **more})


def rubric(levels: dict[str, Any] = LEVELS, unevidenced: str = "falls") -> dict[str, Any]:
    return {"kind": "rubric", "unevidenced": unevidenced, "levels": levels}


@pytest.mark.parametrize(
    ("claimed", "evidence", "counted", "score"),
    [
        ("proven", ["two"], "proven", 100),
        ("proven", ["one"], "begun", 40),  # neither the log that proves nor the log that the whole needs
        ("proven", [], "none", 0),
        ("proven", ["one", "two"], "proven", 100),
        ("whole", ["one", "two"], "whole", 70),  # never above the claim
        ("whole", ["one"], "begun", 40),
        ("whole", ["two"], "none", 0),
        ("begun", ["one", "two"], "begun", 40),
        ("none", ["one", "two"], "none", 0),
    ],
)
def test_a_rubric_falls(tmp_path: Path, claimed: str, evidence: list[str], counted: str, score: int) -> None:
    result = made(tmp_path, rubric()).run({"a_level": {"value": claimed, "evidence": evidence}}, evidence=EVIDENCE)
    assert (result["a.level"], result["a.score"]) == (counted, score)


def test_a_level_stands_where_nothing_else_is_said(tmp_path: Path) -> None:
    for score in (rubric(unevidenced="stands"), {"kind": "rubric", "levels": LEVELS}):
        made_ = made(tmp_path, score)
        assert "a.level" not in made_.plan().nodes
        result = made_.run({"a_level": "proven"})
        assert result["a.score"] == 100
        assert "levels" not in result.data["indicators"][1]


def test_the_formulas_are_there_to_be_read(tmp_path: Path) -> None:
    nodes = made(tmp_path, rubric()).plan().nodes
    assert nodes["a.level"].text == (
        'where(a_level == "none", "none", '
        'where(a_level == "proven" and a_level.evidence_log, "proven", '
        'where(a_level in ("whole", "proven") and a_level.evidence_photo and a_level.evidence_log, "whole", '
        'where(a_level in ("begun", "whole", "proven") and a_level.evidence_photo, "begun", "none"))))'
    )
    assert (nodes["a_level.evidence_log"].kind, nodes["a_level.evidence_log"].type) == ("evidence", "boolean")


EQUAL = {
    "none": {"score": 0},
    "first": {"score": 60, "evidence": ["photo"]},
    "second": {"score": 60, "evidence": ["log"]},
    "best": {"score": 100, "evidence": ["photo", "log"]},
}


@pytest.mark.parametrize(
    ("claimed", "evidence", "counted"),
    [
        ("second", ["one", "two"], "second"),  # the claimed one first, though the other is written before it
        ("second", ["one"], "first"),  # one of the same worth that is evidenced
        ("first", ["two"], "second"),
        ("best", ["two"], "second"),
        ("best", ["one"], "first"),
        ("second", [], "none"),
    ],
)
def test_levels_of_equal_worth(tmp_path: Path, claimed: str, evidence: list[str], counted: str) -> None:
    result = made(tmp_path, rubric(EQUAL)).run({"a_level": {"value": claimed, "evidence": evidence}}, evidence=EVIDENCE)
    assert result["a.level"] == counted


def test_the_order_is_that_of_the_scores(tmp_path: Path) -> None:
    turned = rubric(dict(reversed(LEVELS.items())))
    result = made(tmp_path, turned).run({"a_level": {"value": "whole", "evidence": ["one"]}}, evidence=EVIDENCE)
    assert result["a.level"] == "begun"


CHECKLIST = {
    "kind": "checklist",
    "unevidenced": "falls",
    "levels": {"none": {"points": 0}, "planned": {"points": 1}, "used": {"points": 2, "evidence": ["photo"]}},
    "items": {"lamps": {}, "heat": {}, "doors": {}},
}


def test_a_checklist_falls_item_by_item(tmp_path: Path) -> None:
    """lamps used with a photo 2, heat used without 1, doors not applicable: 3 of 2 x 2 points."""
    given = {"a_lamps": {"value": "used", "evidence": ["one"]}, "a_heat": "used", "a_doors": "not_applicable"}
    result = made(tmp_path, CHECKLIST).run(given, evidence=EVIDENCE)
    assert [result[f"a.level_{item}"] for item in ("lamps", "heat", "doors")] == ["used", "planned", "not_applicable"]
    assert result["a.score"] == Decimal(75)


def test_the_lowest_level_needs_no_evidence(tmp_path: Path) -> None:
    both = {"low": {"score": 0, "evidence": ["photo"]}, "high": {"score": 100}}
    assert made(tmp_path, rubric(both)).refused() == ["score.lowest-needs-evidence"]
    points = {**CHECKLIST, "levels": {"low": {"points": 1, "evidence": ["log"]}, "high": {"points": 2}}}
    assert made(tmp_path, points).refused() == ["score.lowest-needs-evidence"]
    assert made(tmp_path, rubric(both, "stands")).plan()


def test_a_level_that_is_not_given_is_missing(tmp_path: Path) -> None:
    assert isinstance(made(tmp_path, rubric()).run({})["a.level"], NotComputed)


def test_other_formulas_may_name_it_and_are_held_to_its_levels(tmp_path: Path) -> None:
    good = {"formulas": {"shown": {"expr": 'a.level in ("whole", "proven")', "type": "boolean"}}}
    result = made(tmp_path, rubric(), **good).run({"a_level": "proven"})
    assert result["shown"] is False
    wrong = {"formulas": {"shown": {"expr": 'a.level == "hole"', "type": "boolean"}}}
    assert made(tmp_path, rubric(), **wrong).refused() == ["type.no-such-choice"]


def test_the_assessment_records_claim_and_count(tmp_path: Path) -> None:
    given = {"a_level": {"value": "whole", "evidence": ["one"], "reason": "seen on site", "note": "in May"}}
    data = made(tmp_path, rubric()).run(given, evidence=EVIDENCE).data
    assert data["indicators"][1]["choice"] == "whole"
    assert data["indicators"][1]["levels"] == [
        {
            "node": "a.level",
            "input": "a_level",
            "item": None,
            "title": title("a"),
            "claimed": "whole",
            "claimed_title": title("whole"),
            "counted": "begun",
            "counted_title": title("begun"),
            "lacking": [{"kind": "log", "title": title("log")}],
        }
    ]
    assert data["nodes"]["a_level"]["given"] == {
        "line": 1,
        "note": "in May",
        "reason": "seen on site",
        "evidence": ["one"],
    }
    assert data["nodes"]["a_level.evidence_log"]["value"] is False


def findings(made_: Small, inputs: dict[str, Any]) -> list[Any]:
    found = Found()
    case = write_case(made_.root / "case.yaml", inputs, evidence=EVIDENCE)
    assert pipeline.assess(case, [made_.root / "rulesets"], pipeline.Wish(), found) is not None
    assert not found.has_errors()
    return list(found.findings)


def test_a_level_that_fell_is_a_finding_at_the_value(tmp_path: Path) -> None:
    (only,) = findings(made(tmp_path, rubric()), {"a_level": {"value": "whole", "evidence": ["one"]}})
    facts = dict(only.facts)
    assert only.code == "case.level-unevidenced"
    assert (facts["name"], facts["claimed_zh"], facts["counted_zh"], facts["kinds"]) == (
        "a_level", "whole", "begun", "log",
    )  # fmt: skip
    line = (tmp_path / "case.yaml").read_text(encoding="utf-8").splitlines()[only.place.line - 1]
    assert line[only.place.column - 1 :].startswith('"whole"')


def test_what_does_not_apply_is_no_finding(tmp_path: Path) -> None:
    score = {**CHECKLIST, "items": {"lamps": {"applies": "1 > 2"}, "heat": {}}}
    assert findings(made(tmp_path, score), {"a_lamps": "used", "a_heat": "planned"}) == []


def test_a_plan_of_levels_can_be_run_again(tmp_path: Path) -> None:
    plan = made(tmp_path, rubric()).plan()
    case = write_case(tmp_path / "case.yaml", {"a_level": {"value": "proven", "evidence": ["two"]}}, evidence=EVIDENCE)
    assert run(plan, case)["a.score"] == run(plan, case)["a.score"] == 100

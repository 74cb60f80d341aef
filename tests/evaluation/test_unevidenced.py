"""How much evidence there is, and what rests on values without it: told beside the result, which stays as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Finding, Found
from guiju.evaluation.describe import describe
from guiju.report.document.html import html
from guiju.report.document.view import report
from guiju.report.render import scorecard_text
from guiju.report.view import scorecard
from small import write, write_case

SECTIONS: dict[str, Any] = {
    "evidence": {"bill": {}, "ledger": {}},
    "inputs": {
        "energy": {"unit": "1", "evidence": ["bill"]},
        "heat": {"unit": "1", "evidence": ["bill", "ledger"], "required": False},
        "staff": {"unit": "1", "required": False},
        "legal": {"type": "boolean", "evidence": ["ledger"]},
    },
    "collections": {
        "fuels": {"key": "fuel", "columns": {"fuel": {"type": "text"}, "mass": {"unit": "1", "evidence": ["ledger"]}}}
    },
    "formulas": {"both": {"expr": "energy + heat", "unit": "1"}, "burnt": {"expr": "sum(fuels.mass)", "unit": "1"}},
    "preconditions": {
        "lawful": {"expr": "legal", "otherwise": "refused"},
        "sober": {"expr": "both < 100", "otherwise": "refused"},
        "warm": {"expr": "energy > 100", "otherwise": "refused"},
    },
    "claims": {"clean": {"requires": {"little": "burnt < 10"}}},
}
TITLE = {"zh": "某", "en": "some"}
PAPERS = {"bills": {"kind": "bill", "title": TITLE}, "book": {"kind": "ledger", "title": TITLE}}


def value(given: Any, *evidence: str) -> dict[str, Any]:
    return {"value": given, **({"evidence": list(evidence)} if evidence else {})}


def assessed(folder: Path, inputs: dict[str, Any], rows: list[dict[str, Any]]) -> tuple[dict[str, Any], list[Finding]]:
    grade = {
        "levels": {"A": {}, "B": {}},
        "refusals": {"refused": {}},
        "gates": {"use": {"value": "energy", "unit": "1", "covers": "[0, 100]", "bands": {"A": "[0, 50)", "B": "[50, 100]"}}},
    }  # fmt: skip
    write(folder, {**SECTIONS, "grade": grade})
    case, found = write_case(folder / "case.yaml", inputs, {"fuels": rows}, evidence=PAPERS), Found()
    assessment = pipeline.assess(case, [folder / "rulesets"], pipeline.Wish(), found)
    assert assessment is not None, found.findings
    return describe(assessment), [each for each in found.findings if each.code == "case.unevidenced"]


@pytest.fixture
def half(tmp_path: Path) -> tuple[dict[str, Any], list[Finding]]:
    """Five values need evidence: energy, legal and coal have it, heat lacks its ledger and coke everything; staff needs none."""
    inputs = {"energy": value(5, "bills"), "heat": value(7, "bills"), "staff": 9, "legal": value(True, "book")}
    return assessed(tmp_path, inputs, [{"fuel": "coal", "mass": value(3, "book")}, {"fuel": "coke", "mass": 4}])


def test_what_is_counted_and_what_is_marked(half: tuple[dict[str, Any], list[Finding]]) -> None:
    data, _ = half
    assert data["summary"]["evidence"] == {"needed": "5", "there": "3"}
    marks = {each["id"]: each.get("unevidenced") for each in data["grade"]["preconditions"]}
    assert marks == {"lawful": None, "sober": "1", "warm": None}
    assert [gate.get("unevidenced") for gate in data["grade"]["gates"]] == [None]
    assert data["claims"][0]["requires"][0]["unevidenced"] == "1"


def test_one_note_names_what_was_granted(half: tuple[dict[str, Any], list[Finding]]) -> None:
    (note,) = half[1]
    facts = dict(note.facts)
    assert (facts["needed"], facts["there"], facts["count"]) == ("5", "3", "2")
    assert facts["titles_en"] == "'clean', 'sober'"
    assert note.place is not None and note.place.file.endswith("case.yaml")


def test_nothing_is_said_where_all_of_it_is_there(tmp_path: Path) -> None:
    inputs = {"energy": value(5, "bills"), "heat": value(7, "bills", "book"), "legal": value(True, "book")}
    data, notes = assessed(tmp_path, inputs, [])
    assert data["summary"]["evidence"] == {"needed": "3", "there": "3"}
    assert not notes
    assert "unevidenced" not in str(data)


def test_what_was_not_granted_needs_no_note(tmp_path: Path) -> None:
    """Only warm, which does not hold, and the gate rest on energy: with its level the gate is granted, without heat sober is not."""
    data, notes = assessed(tmp_path, {"energy": 5, "legal": value(True, "book")}, [])
    assert data["summary"]["evidence"] == {"needed": "2", "there": "1"}
    assert [dict(note.facts)["titles_en"] for note in notes] == ["'use'"]


def test_it_changes_no_value(half: tuple[dict[str, Any], list[Finding]], tmp_path: Path) -> None:
    inputs = {"energy": value(5, "bills"), "heat": value(7, "bills", "book"), "staff": 9, "legal": value(True, "book")}
    rows = [{"fuel": "coal", "mass": value(3, "book")}, {"fuel": "coke", "mass": value(4, "book")}]
    whole, _ = assessed(tmp_path / "whole", inputs, rows)
    assert half[0]["grade"]["result"] == whole["grade"]["result"] == "refused"  # it is not warm
    values = [{name: node.get("value") for name, node in data["nodes"].items()} for data in (half[0], whole)]
    assert values[0] == values[1]


def test_scorecard_and_report_say_it(half: tuple[dict[str, Any], list[Finding]]) -> None:
    data, _ = half
    assert "3 of 5 values that need evidence have it" in scorecard_text(scorecard(data, "en"))
    assert "须有证据的 5 个数中，齐备的 3 个" in scorecard_text(scorecard(data, "zh"))
    view = report(data, None, "en", {})
    assert ("Evidence", "3 of 5 values that need evidence have it") in view.cover.rows
    text = html(view).decode()
    assert "sober\nevidence lacking (1 value)" in text
    (listed,) = [block for each in view.sections for block in each.blocks if getattr(block, "caption", "") == "Values that lack evidence"]  # fmt: skip
    assert [row.cells for row in listed.rows] == [("heat", "", "ledger"), ("mass", "coke", "ledger")]

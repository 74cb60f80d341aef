"""Checks for the whole case and per row: what does not hold is a finding where the case gives it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Finding, Found
from guiju.diagnostics.show import as_lines, as_text
from guiju.report.render import scorecard_text
from guiju.report.view import scorecard
from small import Run, Small, codes, small, title, write_case

SECTIONS: dict[str, Any] = {
    "sources": {
        "guide": {"title": title("Guide"), "number": "EX 1", "access": "read", "clauses": {"5": title("five")}}
    },
    "inputs": {
        "watts": {"unit": "kWh", "required": False},
        "made": {"unit": "1", "required": False},
        "spare": {"unit": "kWh", "required": False},
    },
    "collections": {
        "trucks": {
            "key": "name",
            "columns": {
                "name": {"type": "text"},
                "fuel": {"unit": "t", "required": False},
                "way": {"unit": "km", "required": False},
            },
        }
    },
    "parameters": {"most": {"value": 4, "unit": "kWh"}, "usual": {"value": 2, "unit": "t/km"}},
    "formulas": {"each": {"expr": "watts / made", "unit": "kWh"}, "small": {"expr": "each < most", "type": "boolean"}},
    "checks": {
        "size": {"expr": "small", "basis": "stated", "source": "guide", "clause": "5"},
        "trip": {"per": "trucks", "expr": "fuel / way <= usual", "severity": "note"},
    },
}


def made(root: Path, **more: Any) -> Small:
    return small(root, {**SECTIONS, **more})


def assessed(
    made_: Small, inputs: dict[str, Any], rows: list[dict[str, Any]] | None = None
) -> tuple[Run, list[Finding]]:
    found = Found()
    case = write_case(made_.root / "case.yaml", inputs, {} if rows is None else {"trucks": rows})
    done = pipeline.assess(case, [made_.root / "rulesets"], pipeline.Wish(), found)
    assert done is not None
    assert not found.has_errors()
    return Run(done), [finding for finding in found.findings if finding.code == "check.not-met"]


def at(root: Path, finding: Finding) -> str:
    """What stands where the finding points."""
    assert finding.place is not None
    lines = (root / "case.yaml").read_text(encoding="utf-8").splitlines()
    return lines[finding.place.line - 1][finding.place.column - 1 :]


ROWS = [
    {"name": "red", "fuel": 10, "way": 10},  # 1 t/km
    {"name": "blue", "fuel": 30, "way": 10},  # 3 t/km
    {"name": "grey", "fuel": 5},  # cannot be told
    {"name": "gold", "fuel": 9, "way": 3},  # 3 t/km
]


def test_a_check_that_does_not_hold(tmp_path: Path) -> None:
    """10 kWh for 2 pieces are 5 each, and 5 < 4 is false."""
    run, (only,) = assessed(made(tmp_path), {"spare": 1, "watts": 10, "made": 2}, [])
    facts = dict(only.facts)
    assert run["check.size"] is False
    assert facts["figures"] == "each = 5 kWh, most = 4 kWh", "the truth it rests on is taken apart"
    assert (facts["cited_en"], facts["clause"], facts["explain"]) == ("Guide EX 1", "5", "check.size")
    assert at(tmp_path, only).startswith("10,"), "the first input below it that was handed in"
    text = as_text([only], "en", lambda _file, _line: None)
    assert text.startswith("warning[check.not-met] check not met: size")
    assert "= source: Guide EX 1, clause 5" in text
    assert "guiju explain FILE.json check.size" in text


def test_every_row_that_does_not_hold(tmp_path: Path) -> None:
    run, findings = assessed(made(tmp_path), {"watts": 1, "made": 1}, ROWS)
    assert [dict(finding.facts)["row"] for finding in findings] == ["blue", "gold"]
    assert [finding.severity for finding in findings] == ["note", "note"]
    assert dict(findings[0].facts)["figures"] == "fuel = 30 t, way = 10 km, usual = 2 t/km"
    assert dict(findings[0].facts)["with_numbers"] == "30 / 10 <= 2"
    assert at(tmp_path, findings[0]).startswith('{"name": "blue"')
    assert run["check.trip"] is False
    assert run["trucks.check_trip"][:2] == [True, False]
    entry = run.data["checks"][1]
    assert (entry["holds"], entry["rows"], entry["rows_node"]) == (False, ["blue", "gold"], "trucks.check_trip")
    assert as_lines(findings, "en").count(" note check.not-met ") == 2


def test_rows_that_hold_and_rows_that_cannot_be_told_are_no_finding(tmp_path: Path) -> None:
    run, findings = assessed(made(tmp_path), {"made": 1}, [ROWS[0], ROWS[2]])
    assert findings == []
    assert [entry["holds"] for entry in run.data["checks"]] == [None, None]
    assert run.data["checks"][1]["rows"] == []
    run, findings = assessed(made(tmp_path), {"watts": 1, "made": 1}, [])
    assert run["check.trip"] is True


def test_a_check_without_anything_handed_in_points_to_the_case(tmp_path: Path) -> None:
    constant = {"never": {"expr": "most > most"}}
    _, (only,) = assessed(made(tmp_path, checks=constant), {"made": 1})
    assert at(tmp_path, only).startswith('"inputs"')


def test_a_check_over_a_collection_points_to_it(tmp_path: Path) -> None:
    _, (only,) = assessed(made(tmp_path, checks={"few": {"expr": "count(trucks) < 2"}}), {}, ROWS)
    assert at(tmp_path, only).startswith('"trucks"')
    assert dict(only.facts)["figures"] == "count(trucks) = 4"
    _, (only,) = assessed(made(tmp_path, checks={"all": {"expr": "sum(trucks.fuel) < 0"}}), {}, ROWS)
    assert dict(only.facts)["figures"] == "sum(trucks.fuel) = sum(10, 30, 5, 9) t"


def test_a_gate_may_name_a_check_per_row(tmp_path: Path) -> None:
    gate = {"trips": {"condition": "check.trip", "otherwise": "B"}}
    grade = {"levels": ["A", "B"], "gates": gate}
    made_ = made(tmp_path, grade=grade)
    assert assessed(made_, {}, ROWS[:1])[0]["grade.result"] == "A"
    assert assessed(made_, {}, ROWS)[0]["grade.result"] == "B"


def test_the_collection_of_a_check_must_be_there(tmp_path: Path) -> None:
    wrong = {"trip": {"per": "truck", "expr": "fuel / way <= usual"}}
    assert "formula.unknown-collection" in made(tmp_path, checks=wrong).refused()


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "trip：须核实（blue、gold）"), ("en", "trip: to be looked into (blue, gold)")]
)
def test_the_scorecard_names_the_rows(tmp_path: Path, lang: Any, words: str) -> None:
    text = scorecard_text(scorecard(assessed(made(tmp_path), {}, ROWS)[0].data, lang))
    assert words in text
    assert "guiju explain FILE.json check.trip" in text


def test_a_check_that_rests_on_far_totals_points_to_no_single_input(tmp_path: Path) -> None:
    """watts <- a <- b <- c: two formulas between are near enough, three are not."""
    chain = {
        "a": {"expr": "watts + most", "unit": "kWh"},
        "b": {"expr": "a + most", "unit": "kWh"},
        "c": {"expr": "b + most", "unit": "kWh"},
    }
    for total, where in (("b", "1,"), ("c", '"inputs"')):
        checks = {"total": {"expr": f"{total} < most"}}
        _, (only,) = assessed(made(tmp_path / total, formulas=chain, checks=checks), {"watts": 1, "made": 2})
        assert at(tmp_path / total, only).startswith(where)


@pytest.mark.parametrize("enabled", [True, False])
def test_a_check_whose_gate_is_off_is_neither_listed_nor_found(enabled: bool, tmp_path: Path) -> None:
    gates = {
        "output": {"value": "made", "unit": "1", "bands": {"good": "[1, inf)", "poor": "[0, 1)"}, "covers": "[0, inf)"},
        "floor": {"enabled": enabled, "condition": "check.little", "otherwise": "poor"},
    }
    checks = {"little": {"expr": "watts < most", "gate": "floor"}}
    of = made(tmp_path, formulas={}, checks=checks, grade={"levels": ["good", "poor"], "gates": gates})
    run, findings = assessed(of, {"watts": 5, "made": 2})
    assert run["check.little"] is False, "it is computed all the same"
    assert [dict(finding.facts)["name"] for finding in findings] == (["little"] if enabled else [])
    assert [entry["id"] for entry in run.data["checks"]] == (["little"] if enabled else [])
    assert run.grade["result"] == ("poor" if enabled else "good")


PARTS: dict[str, Any] = {
    "inputs": {"a": {"unit": "1"}, "b": {"unit": "1"}, "label": {"type": "text"}, "day": {"type": "date"}},
    "formulas": {
        "low": {"expr": "a < 1 and b < 1", "type": "boolean"},
        "named": {"expr": 'label == "好" and a > 0', "type": "boolean"},
        "late": {"expr": "day > months_after(period_end, 1)", "type": "boolean"},
    },
}


@pytest.mark.parametrize(
    ("expr", "figures"),
    [
        ("a < 1 and b < 1", "b = 5"),
        ("low and a < 3", "b = 5"),
        ("b < 1 or b > 7 and a > 0", "b = 5"),
        ("not (a > 0 or b > 9)", "a = 0.5"),
        ("not (b > 1 and a > 0)", "b = 5, a = 0.5"),
        ("not named", 'label = "好", a = 0.5'),
        ('label == "好" and label != "好" and a > 0', 'label = "好"'),
        ('label == "好" and b < 2', "b = 5"),
        ("not late and a > 0", "day = 2026-02-03, months_after(period_end, 1) = 2026-01-31"),
        ("a < 1 and day <= period_end", "day = 2026-02-03, period_end = 2025-12-31"),
    ],
)
def test_only_the_parts_that_do_not_hold_are_shown(expr: str, figures: str, tmp_path: Path) -> None:
    given = {"a": Decimal("0.5"), "b": 5, "label": "好", "day": "2026-02-03"}
    of = small(tmp_path, {**PARTS, "checks": {"it": {"expr": expr}}})
    found = Found()
    case = write_case(of.root / "case.yaml", given, {}, period={"from": "2025-01-01", "to": "2025-12-31"})
    assert pipeline.assess(case, [of.root / "rulesets"], pipeline.Wish(), found) is not None, codes(found)
    (only,) = [finding for finding in found.findings if finding.code == "check.not-met"]
    assert dict(only.facts)["figures"] == figures

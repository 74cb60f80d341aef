"""Groups and rulesets that only compute, on the command line: results instead of a grade, and the way down to a child."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from command_line import Guiju

from small import write, write_case

PLANT = {"inputs": {"fuel": {"unit": "t", "required": False}}, "formulas": {"gross": {"expr": "fuel * 3", "unit": "t"}}}
COLUMNS: dict[str, Any] = {"plant": {"type": "text"}, "gross_of": {"unit": "kg", "take": "gross"}}
GROUP = {
    "collections": {"plants": {"key": "plant", "from_assessments": {"of": ["plant"]}, "columns": COLUMNS}},
    "formulas": {
        "all_gross": {"expr": "sum(plants.gross_of)", "unit": "t"},
        "large": {"expr": "all_gross > 0", "type": "boolean"},
        "kind": {"expr": 'where(large, "large", "small")', "type": "text"},
        "each": {"per": "plants", "expr": "gross_of / 2", "unit": "kg"},
    },
}


@pytest.fixture
def group(guiju: Guiju) -> Path:
    write(Path(), PLANT, "plant@1")
    write(Path(), GROUP, "group@1")
    Path("data/members").mkdir(parents=True)
    write_case(Path("data/members/a.yaml"), {"fuel": 2}, id="a", ruleset="plant@1")
    rows = [{"plant": "a", "case": "members/a.yaml"}, {"plant": "b", "gross_of": 500}]
    return write_case(Path("data/group.yaml"), id="group", ruleset="group@1", collections={"plants": rows})


def test_results_instead_of_a_grade(guiju: Guiju, group: Path) -> None:
    """2 t · 3 + 0.5 t = 6.5 t."""
    done = guiju("evaluate", group, "--picture", "card.svg", "-o", "group.json")
    assert done.status == 0
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert lines[lines.index("# Results") + 1 :][:3] == ["all_gross 6.5 t", "large yes", "kind large"]
    assert "Indicator" not in done.out
    assert any(line.startswith("Taken from a: members/a.yaml (plant@1, fingerprint ") for line in lines)
    picture = Path("card.svg").read_text(encoding="utf-8")
    assert ">Results<" in picture and ">6.5<" in picture and ">Indicator<" not in picture
    assert guiju("validate", "group@1").status == 0


def test_the_chinese_card(guiju: Guiju, group: Path) -> None:
    out = guiju("evaluate", group, "--lang", "zh").out
    assert "# 结果" in out
    assert "下级评价  a：members/a.yaml（plant@1，指纹 " in out


def test_a_result_that_could_not_be_computed(guiju: Guiju, group: Path) -> None:
    write_case(Path("data/members/a.yaml"), {}, id="a", ruleset="plant@1")
    done = guiju("evaluate", group)
    assert done.status == 1
    assert "not every result could be computed" in done.err
    assert "the assessment 'a' has no value of gross. fuel (fuel): it was not given" in " ".join(done.out.split())


def test_explain_goes_down_to_the_child(guiju: Guiju, group: Path) -> None:
    done = guiju("explain", group, "all_gross")
    assert done.status == 0
    words = " ".join(done.out.replace("|", " ").split())
    assert "gross of assessment a (members/a.yaml, plant@1): see guiju explain members/a.yaml gross" in words
    assert guiju("explain", "data/members/a.yaml").out.startswith("gross  gross = 6 t\n")  # all there is
    assert guiju("explain", group, "grade").status == 2


def test_explain_of_a_case_that_is_wrong(guiju: Guiju, group: Path) -> None:
    write_case(Path("data/members/a.yaml"), {"fuel": "much"}, id="a", ruleset="plant@1")
    done = guiju("explain", group, "all_gross")
    assert (done.status, done.out) == (1, "")
    assert "case.type" in done.err
    assert "data/group.yaml" in done.err and "taken by this row" in done.err

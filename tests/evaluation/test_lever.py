"""How much more of what moves a gate's figure reaches the next band, worked by hand."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju.diagnostics.language import Language
from guiju.evaluation.advice import Step, advise
from guiju.evaluation.whatif import changed
from guiju.report.document.view import report
from guiju.report.view import scorecard
from small import Run, small

UP = {"A": "[0.6, inf)", "B": "[0.3, 0.6)", "C": "(-inf, 0.3)"}
DOWN = {"A": "(-inf, 20]", "B": "(20, 40]", "C": "(40, inf)"}


def run(tmp_path: Path, value: str, retired: str, remaining: str, bands: Any = UP, **gate: Any) -> Run:
    sections = {
        "inputs": {"retired": {"unit": "t"}, "remaining": {"unit": "t"}},
        "formulas": {"counted": {"expr": "retired", "unit": "t"}, "figure": {"expr": value, "unit": "1"}},
        "indicators": {"total": {"value": "remaining", "unit": "t", "score": {"kind": "linear", "anchors": [[0, 0], [100, 100]]}}},
        "grade": {
            "levels": ["A", "B", "C"],
            "gates": {"offset": {"value": "figure", "unit": "1", "bands": bands, "lever": "counted", **gate}},
            "combine": "lowest",
        },
    }  # fmt: skip
    return small(tmp_path, sections).run({"retired": Decimal(retired), "remaining": Decimal(remaining)})


def change(made: Run) -> str | None:
    """What the assessment says, which is what the advice reckons with."""
    (need,) = made.data["grade"]["next"]["needs"]
    lever = need.get("lever")
    way = advise(made.assessment.plan, made.assessment.values).way
    assert way is not None
    step = way.steps[0]
    assert isinstance(step, Step)
    assert (None if step.lever is None else format(step.lever.change, "f")) == (lever and lever["change"])
    if lever is not None:
        assert lever["node"] == "counted"
        assert way.grade == way.level
    return None if lever is None else str(lever["change"])


RATIO = "counted / remaining"


@pytest.mark.parametrize(
    ("value", "retired", "remaining", "bands", "expected"),
    [
        # 0.6 x 318,463 = 191,077.8; less 111,500 are 79,577.8: the next whole tonne
        (RATIO, "111500", "318463", UP, "79578"),
        (RATIO, "111500", "318465", UP, "79579"),  # 191,079 exactly: no tonne more
        (RATIO, "0", "100000", UP, "30000"),  # from nothing: 0.3 is the next band
        (RATIO, "4", "9.99", UP, "1.994"),  # 5.994 - 4, exactly; four digits below a thousand
        (RATIO, "4", "9.9999", UP, "2"),  # 5.99994 - 4 = 1.99994: the fourth digit up
        ("counted / (counted + remaining)", "400", "600", UP, "500"),  # no straight line: 900 of 1500
        ("counted / remaining", "300", "10", DOWN, "-100"),  # 40 is the bound: 300 at 30, 200 at 20
        ("min(counted / remaining, 0.5)", "40", "100", UP, None),  # nothing reaches it
        ("where(counted > remaining / 2, 0.7, 0.4)", "40", "100", UP, None),  # a step: no way to be read from its slope
        ("0.5 - counted / remaining", "10", "100", {**UP, "A": "(0.6, inf)", "B": "[0.3, 0.6]"}, None),  # less than nothing
    ],
)  # fmt: skip
def test_what_is_missing(tmp_path: Path, value: str, retired: str, remaining: str, bands: Any, expected: str) -> None:
    assert change(run(tmp_path, value, retired, remaining, bands)) == expected


def test_one_less_does_not_reach_it(tmp_path: Path) -> None:
    made = run(tmp_path, RATIO, "111500", "318463")
    plan, values = made.assessment.plan, made.assessment.values
    grades = [changed(plan, values, {"counted": Decimal(amount)})["grade.result"] for amount in (191077, 191078)]
    assert grades == ["B", "A"]


def test_the_full_figure_reaches_it(tmp_path: Path) -> None:
    """Rounded to one digit 0.55 is 0.6 already; the amount is that of the edge itself, which both ways of comparing accept."""
    assert change(run(tmp_path, RATIO, "400", "1000", round={"digits": 1}, compare="rounded")) == "200"


def test_an_open_edge_is_passed(tmp_path: Path) -> None:
    bands = {"A": "(0.6, inf)", "B": "[0.3, 0.6]", "C": "(-inf, 0.3)"}
    assert change(run(tmp_path, RATIO, "40000", "100000", bands)) == "20001"


@pytest.mark.parametrize(
    ("lang", "card", "way"),
    [
        ("zh", "另需counted 79578 t", "另需counted 79578 t（共 191078 t）"),
        ("en", "that takes 79,578 t more of “counted”", "79,578 t more of “counted” (191,078 t in all)"),
    ],
)
def test_scorecard_and_report_say_it(tmp_path: Path, lang: Language, card: str, way: str) -> None:
    made = run(tmp_path, RATIO, "111500", "318463")
    grade = scorecard(made.data, lang).grade
    assert grade is not None
    assert card in grade.next_needs[0]
    view = report(made.data, advise(made.assessment.plan, made.assessment.values), lang)
    assert way in repr(view.sections)

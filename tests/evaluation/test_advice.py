"""Advice on a small ruleset, worked by hand: gains, order, the way to the next grade; and laws over the shipped cases."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.advice import Advice, Step, Tried, advise
from guiju.evaluation.replay import replay
from guiju.evaluation.text import as_text
from guiju.evaluation.whatif import changed
from small import Run, small

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "rulesets").glob("*/*/cases/*.yaml"))
# energy 40 points: 0 at 100, 60 at 50, 100 at 10 kWh. waste 30: steps. care 20: levels. list 10: two items of three points.
SECTIONS: dict[str, Any] = {
    "inputs": {"energy": {"unit": "kWh"}, "waste": {"unit": "t"}, "offset": {"unit": "1"}},
    "evidence": {"plan": {}},
    "indicators": {
        "total": {"weights_total": 100},
        "usage": {"parent": "total", "weight": 40, "value": "energy", "unit": "kWh", "score": {"kind": "linear", "anchors": [[100, 0], [50, 60], [10, 100]]}},
        "rest": {
            "parent": "total", "weight": 30, "value": "waste", "unit": "t",
            "score": {"kind": "steps", "steps": [{"when": "(-inf, 5]", "score": 100}, {"when": "(5, 20)", "score": 50}, {"when": "[20, inf)", "score": 0}]},
        },
        "care": {
            "parent": "total", "weight": 20,
            "score": {"kind": "rubric", "unevidenced": "falls", "levels": {"none": {"score": 0}, "some": {"score": 40}, "full": {"score": 100, "evidence": ["plan"]}}},
        },
        "list": {
            "parent": "total", "weight": 10,
            "score": {"kind": "checklist", "levels": {"no": {"points": 0}, "planned": {"points": 1}, "used": {"points": 3}}, "items": {"lamp": {}, "pump": {}}},
        },
    },
    "grade": {
        "levels": ["A", "B", "C"],
        "gates": {
            "score": {"value": "total.score", "unit": "point", "round": {"digits": 2}, "covers": "[0, 100]", "bands": {"A": "[80, 100]", "B": "[60, 80)", "C": "[0, 60)"}},
            "ratio": {"value": "offset", "unit": "1", "covers": "[0, inf)", "bands": {"A": "[0.6, inf)", "B": "[0.3, 0.6)", "C": "[0, 0.3)"}},
        },
        "combine": "lowest",
    },
}  # fmt: skip
INPUTS = {
    "energy": 75,
    "waste": 12,
    "offset": 0.4,
    "care_level": "some",
    "list_lamp": "planned",
    "list_pump": "not_applicable",
}


def case(tmp_path: Path, **inputs: Any) -> tuple[Run, Advice]:
    given = {
        name: Decimal(str(value)) if isinstance(value, float) else value for name, value in (INPUTS | inputs).items()
    }
    run = small(tmp_path, SECTIONS).run(given)
    return run, advise(run.assessment.plan, run.assessment.values)


def gains(advice: Advice) -> dict[str, tuple[Any, Decimal, str | None]]:
    return {each.step.id: (each.step.after, each.gain, each.grade) for each in advice.steps}


def test_single_steps(tmp_path: Path) -> None:
    """75 kWh is half way from 100 to 50: 30. 40 % of 30 + 30 % of 50 + 20 % of 40 + 10 % of 100 / 3 = 12 + 15 + 8 + 3.333."""
    run, advice = case(tmp_path)
    assert run["total.score"].quantize(Decimal("0.001")) == Decimal("38.333")
    told = gains(advice)
    assert told["usage"][:2] == (Decimal(50), Decimal(12))  # 60 instead of 30, of which 40 %
    assert told["rest"][:2] == (Decimal(5), Decimal(15))  # 100 instead of 50, of which 30 %
    assert told["care"][1] == Decimal(12)  # 100 instead of 40, of which 20 %
    assert told["list"][1].quantize(Decimal("0.001")) == Decimal(
        "6.667"
    )  # three of three points instead of one, of which 10
    assert [each.step.id for each in advice.steps] == ["rest", "usage", "care", "list"]
    care = next(each.step for each in advice.steps if each.step.id == "care")
    assert care.evidence == ("plan",)  # without which the level would fall back
    assert care.others["care_level.evidence_plan"] is True


def test_way_to_the_next_grade(tmp_path: Path) -> None:
    """C at 38.33. B needs 60, 21.667 more: no single step suffices; rest brings 15, and of the others the least that does is
    the list with its 6.667: exactly 60."""
    _, advice = case(tmp_path)
    assert advice.way is not None
    assert advice.way.level == advice.way.grade == "B"
    assert [each.step.id for each in advice.way.steps if isinstance(each, Tried)] == ["rest", "list"]
    assert advice.way.score is not None
    assert advice.way.score.quantize(Decimal("0.0001")) == Decimal(60)


def test_the_last_step_goes_no_further_than_it_must(tmp_path: Path) -> None:
    """76 kWh score 28.8, 11.52 points: 37.853 in all, 52.853 with rest. Of the 12.48 points up to the anchor at 50 the 7.147 that
    are missing are 0.57265: 14.889 of 26 kWh, so 61.111 is the limit; aimed at with four digits below it."""
    run, _ = case(tmp_path, energy=76)
    way = advise(run.assessment.plan, run.assessment.values, ["care", "list"]).way
    assert way is not None
    last = way.steps[-1]
    assert isinstance(last, Tried)
    assert (last.step.id, last.step.after, way.grade) == ("usage", Decimal("61.11"), "B")
    further = changed(
        run.assessment.plan, run.assessment.values, {"usage.value": Decimal("61.2"), "rest.value": Decimal(5)}
    )
    assert further["grade.result"] == "C"


def test_a_gate_that_the_score_does_not_move(tmp_path: Path) -> None:
    """With all levels full only the ratio is behind: 0.4 has to be 0.6."""
    _, advice = case(tmp_path, energy=10, waste=1, list_lamp="used")
    assert advice.way is not None
    (step,) = advice.way.steps
    assert isinstance(step, Step)
    assert (step.id, step.before, step.after) == ("ratio", Decimal("0.4"), Decimal("0.6"))
    assert advice.way.grade == "A"


def test_open_edges_must_be_passed(tmp_path: Path) -> None:
    """25 t score nothing; below 20, which is no longer in that step, they score 50."""
    _, advice = case(tmp_path, waste=25)
    rest = next(each for each in advice.steps if each.step.id == "rest")
    assert (rest.step.after, rest.step.beyond, rest.gain) == (Decimal(20), True, Decimal(15))


def test_what_cannot_be_changed_is_left_alone(tmp_path: Path) -> None:
    run, _ = case(tmp_path)
    advice = advise(run.assessment.plan, run.assessment.values, ["rest", "care"])
    assert [each.step.id for each in advice.steps] == ["usage", "list"]


def test_the_best_has_no_way(tmp_path: Path) -> None:
    _, advice = case(tmp_path, energy=5, waste=1, care_level="some", list_lamp="used", offset=1)
    assert advice.way is None  # 40 + 30 + 8 + 10 = 88: A
    assert [each.step.id for each in advice.steps] == ["care"]


def test_no_score_no_steps(tmp_path: Path) -> None:
    run = small(tmp_path, SECTIONS).run(
        {name: value for name, value in INPUTS.items() if name not in ("energy", "offset")}
    )
    advice = advise(run.assessment.plan, run.assessment.values)
    assert (advice.steps, advice.way) == ((), None)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_what_if_nothing_changes(path: Path) -> None:
    """The walker computes everything anew as the program did; so does the program from the file."""
    assessment = pipeline.assess(path, [ROOT / "rulesets"], pipeline.Wish(), Found())
    assert assessment is not None
    plan, values = assessment.plan, assessment.values
    again = changed(plan, values, {name: values[name] for name in assessment.given})
    assert {name for name in values if repr(again[name]) != repr(values[name])} == set()
    from guiju.evaluation.describe import describe

    data = json.loads(as_text(describe(assessment)))
    replayed = replay(plan, data)
    assert replayed is not None
    assert {name for name in values if repr(replayed[name]) != repr(values[name])} == set()
    some = next(name for name in ("total.score", "hdi.score", "group_gross") if name in data["nodes"])
    data["nodes"][some]["value"] = "1"
    assert replay(plan, data) is None
    for step in advise(plan, values).steps:
        assert step.gain > 0

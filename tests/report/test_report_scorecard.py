"""The scorecard: everything that an assessment says of grade, gates, weights and gaps stands on it, aligned, in both languages."""

from __future__ import annotations

import json
import re
from dataclasses import FrozenInstanceError
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from jinja2 import UndefinedError

from guiju import api
from guiju.cli.main import status
from guiju.diagnostics.show import columns
from guiju.report.render import render, scorecard_svg, scorecard_text
from guiju.report.view import scorecard
from small import Data, small

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).parent / "golden"
LANGUAGES = ("zh", "en")


def leaf(name: str, weight: Any = 50, **more: Any) -> Data:
    return {
        "parent": "total",
        "weight": weight,
        "no": name,
        "value": name,
        "unit": "1",
        "score": {"kind": "linear", "anchors": [[0, 0], [1, 100]]},
        **more,
    }


def inputs(*names: str) -> Data:
    return {name: {"unit": "1"} for name in names}


def two(**more: Any) -> Data:
    """Two indicators, and a grade over their mean."""
    sections: Data = {
        "inputs": inputs("a", "b"),
        "indicators": {"total": {"weights_total": 100}, "ia": {**leaf("a"), "no": "1"}, "ib": {**leaf("b"), "no": "2"}},
        "grade": {
            "levels": ["good", "poor"],
            "gates": {
                "score": {
                    "value": "total.score",
                    "unit": "point",
                    "bands": {"good": "[80, 100]", "poor": "[0, 80)"},
                    "covers": "[0, 100]",
                }
            },
        },
    }
    return {**sections, **more}


def text_of(data: Data, lang: str = "en", width: int = 100, drawn: bool = False) -> str:
    text = scorecard_text(scorecard(data, lang), width, drawn=drawn)
    for line in text.splitlines():
        assert line == line.rstrip()
        assert columns(line) <= max(width, 60), line
    svg = scorecard_svg(scorecard(data, lang))
    ET.fromstring(svg)
    return text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", ["hdi", "new"])
def test_golden(name: str, lang: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, accept: bool) -> None:
    """Run with --accept to take over what comes out; the difference in git is the review."""
    monkeypatch.chdir(tmp_path)
    case = ROOT / "rulesets/hdi/2021/cases/china.yaml"
    if name == "new":
        assert status(["new", "own", "--lang", lang]) == 0
        case = Path("rulesets/own/0.1/cases/example.yaml")
    plan = api.prepare(api.load("hdi@2021" if name == "hdi" else "own@0.1"), None if name == "hdi" else "light")
    data = api.evaluate(plan, case).data
    data["ruleset"]["fingerprint"] = "sha256:" + "0" * 64
    text = text_of(data, lang, drawn=True)
    path = GOLDEN / f"{name}.{lang}.txt"
    if accept:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_columns_stand_below_each_other(lang: str, tmp_path: Path) -> None:
    sections = two()
    sections["indicators"]["ia"]["title"] = {
        "zh": "很长的中文指标名称，占两列",
        "en": "A rather long title of an indicator",
    }
    lines = text_of(
        small(tmp_path, sections).run({"a": 1, "b": Decimal("0.123456")}).data, lang, drawn=True
    ).splitlines()
    bars = [
        columns(line[: re.search("[━╸─]{10}", line).start()])
        for line in lines
        if re.search("[━╸─]{10}$", line) and not re.fullmatch("─+", line)
    ]
    assert len(bars) == 3
    assert len(set(bars)) == 1


def test_the_first_line_says_what_is_invented(tmp_path: Path) -> None:
    made = small(tmp_path, two())
    data = made.run({"a": {"value": 1, "origin": "illustrative"}, "b": {"value": 1, "origin": "public"}}).data
    assert text_of(data, "en").splitlines()[0].startswith("illustrative: 1 of 2 inputs invented, ")
    assert text_of(data, "zh").splitlines()[0].startswith("示例：2 项输入中有 1 项为虚构，")
    assert "2: 1 invented, 1 public" in text_of(data, "en")
    honest = made.run({"a": 1, "b": 1}).data
    assert "illustrative" not in text_of(honest)
    assert "2: 2 not stated" in text_of(honest)


def test_an_invented_name_is_said_too(tmp_path: Path) -> None:
    subject = {"name": {"zh": "名", "en": "Name"}, "illustrative": True}
    assert text_of(small(tmp_path, two()).run({"a": 1, "b": 1}, subject=subject).data).startswith(
        "illustrative: 0 of 2 inputs"
    )


def test_what_does_not_apply_says_where_its_weight_went(tmp_path: Path) -> None:
    sections = two()
    sections["inputs"]["has_base"] = {"type": "boolean"}
    sections["indicators"]["ib"]["applies"] = "has_base"
    for otherwise, remark in (
        ("rescale", "the rest of its block takes its weight"),
        ("zero", "counted as 0"),
        ("full", "counted as 100"),
    ):
        sections["indicators"]["ib"]["otherwise"] = otherwise
        text = text_of(small(tmp_path, sections).run({"a": 1, "has_base": False}).data)
        assert remark in text
        assert ("n/a" in text) is (otherwise == "rescale")
        assert "it was not given" not in text.split("Not computed")[0]


def test_a_block_that_does_not_apply_at_all(tmp_path: Path) -> None:
    sections = two()
    sections["inputs"]["has_base"] = {"type": "boolean"}
    for name in ("ia", "ib"):
        sections["indicators"][name]["applies"] = "has_base"
    text = text_of(small(tmp_path, sections).run({"a": 1, "b": 1, "has_base": False}).data)
    assert "does not apply, nor does the rest of its block" in text
    assert "Not computed" in text


def test_a_missing_value_is_named_once_for_all_that_it_holds_up(tmp_path: Path) -> None:
    data = small(tmp_path, two()).run({"a": 1}).data
    for lang, words, grade in (
        ("en", "b (b): it was not given", "* not computed"),
        ("zh", "b（b）：没有填报", "* 未能计算"),
    ):
        text = text_of(data, lang)
        assert grade in text
        gaps = text[text.index({"en": "# Not computed", "zh": "# 未能计算"}[lang]) :]
        assert gaps.count(words) == 1
    assert "ib：得分（ib.score）、total：得分（total.score）、score：级位（grade.score_rank）" in gaps


def test_only_what_somebody_reads_is_a_gap(tmp_path: Path) -> None:
    """`spare` and `unread` are missing without harm. `shown` is missed, with the cause below it."""
    sections = two()
    sections["inputs"] |= inputs("first", "second", "third")
    sections["formulas"] = {
        "spare": {"expr": "first * 2", "unit": "1"},
        "unread": {"expr": "spare + second", "unit": "1"},
        "step": {"expr": "second + third", "unit": "1"},
        "shown": {"expr": "step * 2", "unit": "1", "headline": True},
    }
    data = small(tmp_path, sections).run({"a": 1, "b": 1, "first": 1}).data
    assert {entry["node"] for entry in data["not_computed"]} == {"unread", "step", "shown"}
    gaps = text_of(data).partition("# Not computed\n")[2].partition("\n\n")[0]
    assert gaps.splitlines() == [
        "  ? shown (shown)",
        "    - second (second): it was not given",
        "    - third (third): it was not given",
    ]
    whole = small(tmp_path, sections).run({"a": 1, "b": 1, "second": 1, "third": 1}).data
    assert {entry["node"] for entry in whole["not_computed"]} == {"spare", "unread"}
    assert "# Not computed" not in text_of(whole)


def test_a_total_that_lacks_only_what_its_parts_lack_is_no_gap_of_its_own(tmp_path: Path) -> None:
    gaps = text_of(small(tmp_path, two()).run({}).data).partition("# Not computed\n")[2].partition("\n\n")[0]
    assert gaps.splitlines() == [
        "  ? ib: score (ib.score)",
        "    - b (b): it was not given",
        "  ? ia: score (ia.score)",
        "    - a (a): it was not given",
    ]


def test_many_gaps_are_counted(tmp_path: Path) -> None:
    sections = {
        "inputs": inputs(*(f"x{index}" for index in range(14))),
        "formulas": {f"f{index}": {"expr": f"x{index} + 1", "unit": "1"} for index in range(14)},
    }
    text = text_of(small(tmp_path, sections).run({}).data)
    assert "and 4 more" in text


def test_a_precondition_that_is_not_met(tmp_path: Path) -> None:
    sections = two(preconditions={"lawful": {"expr": "ok", "otherwise": "refused"}})
    sections["inputs"]["ok"] = {"type": "boolean"}
    sections["grade"]["refusals"] = ["refused"]
    made = small(tmp_path, sections)
    text = text_of(made.run({"a": 1, "b": 1, "ok": False}).data)
    assert "* refused" in text
    assert "precondition not met: lawful" in text
    assert "0 of 1 met" in text
    assert "x lawful: not met" in text
    assert "To reach" not in text
    assert "all 1 met" in text_of(made.run({"a": 1, "b": 1, "ok": True}).data)
    assert "? lawful: unknown" in text_of(made.run({"a": 1, "b": 1}).data)


def test_full_and_rounded_figures_and_where_the_methods_differ(tmp_path: Path) -> None:
    sections = two()
    sections["grade"]["gates"]["score"] |= {"round": {"digits": 0}}
    data = small(tmp_path, sections).run({"a": 1, "b": Decimal("0.5999")}).data
    text = text_of(data)
    assert re.search(r"> score +79\.995 +80 +\[80, 100\] +good", text)
    assert "comparing the full value would give poor" in text
    assert "按全数值比较法则为“poor”" in text_of(data, "zh")
    sections["grade"]["gates"]["score"] |= {"compare": "full"}
    text = text_of(small(tmp_path, sections).run({"a": 1, "b": Decimal("0.5999")}).data)
    assert "To reach good" in text


def test_a_figure_just_below_a_band_is_not_shown_on_its_edge(tmp_path: Path) -> None:
    text = text_of(small(tmp_path, two()).run({"a": 1, "b": Decimal("0.59999999")}).data)
    assert "79.9999995" in text
    assert "* poor" in text
    assert "0.0000005 more" in text


def test_gates_that_cap_and_gates_that_are_off(tmp_path: Path) -> None:
    sections = two()
    sections["inputs"]["audited"] = {"type": "boolean"}
    sections["grade"]["gates"] |= {
        "audit": {"condition": "audited", "otherwise": "poor"},
        "later": {"condition": "audited", "otherwise": "poor", "enabled": False},
    }
    text = text_of(small(tmp_path, sections).run({"a": 1, "b": 1, "audited": False}).data)
    assert re.search(r"> audit +not met +poor", text)
    assert "at most poor" in text
    assert re.search(r"  later +not in force", text)
    assert "the lowest of the conditions counts" in text
    assert "must be met: audit" in text
    assert "decided by audit" in text


def test_the_best_level_has_no_next(tmp_path: Path) -> None:
    assert "To reach" not in text_of(small(tmp_path, two()).run({"a": 1, "b": 1}).data)


def test_too_high_a_figure_must_fall(tmp_path: Path) -> None:
    sections = two()
    sections["grade"]["gates"]["score"] |= {"bands": {"good": "[0, 30)", "poor": "[30, 100]"}}
    text = text_of(small(tmp_path, sections).run({"a": 1, "b": 0}).data)
    assert "score 50: 20 less, for [0, 30)" in text


def test_claims_and_checks(tmp_path: Path) -> None:
    sections = two(
        claims={"best": {"requires": {"a_full": "a >= 1", "b_full": "b >= 1"}}},
        checks={
            "odd": {"title": {"zh": "异常", "en": "odd"}, "basis": "proposed", "expr": "a < 1"},
            "fine": {"title": {"zh": "正常", "en": "fine"}, "basis": "proposed", "expr": "b < 1"},
        },
    )
    text = text_of(small(tmp_path, sections).run({"a": 1, "b": 0}).data)
    assert "x best: does not hold" in text
    assert "+ a_full: met" in text
    assert "x b_full: not met" in text
    assert "1 of 2 hold" in text
    assert "x odd: to be looked into" in text
    assert "fine: " not in text


def test_without_grade_and_without_indicators(tmp_path: Path) -> None:
    sections = two()
    del sections["grade"]
    text = text_of(small(tmp_path, sections).run({"a": 1, "b": 1}).data)
    assert "# Grade" not in text
    assert "100.00" in text
    bare = {"inputs": inputs("a"), "formulas": {"f": {"expr": "a + 1", "unit": "1"}}}
    assert "Indicator" not in text_of(small(tmp_path, bare).run({"a": 1}).data)


@pytest.mark.parametrize(
    ("full", "score", "bar"), [(1, "0.5000", 5), (10, "5.00", 5), (100, "50.00", 5), (1000, "500.00", 5)]
)
def test_bars_know_full_marks(full: int, score: str, bar: int, tmp_path: Path) -> None:
    sections = two()
    del sections["grade"]
    root = next(entry for entry in sections["indicators"].values() if "parent" not in entry)
    root["full_score"] = max(full, 100)
    for name in ("ia", "ib"):
        sections["indicators"][name]["score"] = {"kind": "linear", "anchors": [[0, 0], [1, full]]}
    text = text_of(small(tmp_path, sections).run({"a": Decimal("0.5"), "b": Decimal("0.5")}).data)
    assert re.search(rf"1 a? ?.* {re.escape(score)} .* #{{{bar}}}\.{{{10 - bar}}}", text) or f"{score}" in text
    assert text.count("#" * bar + "." * (10 - bar)) == 3


def test_levels_checklists_and_truths_are_shown_in_words(tmp_path: Path) -> None:
    levels = {"none": {"score": 0}, "full": {"score": 100, "title": {"zh": "有制度", "en": "with a system"}}}
    items = {"lamps": {}, "heat": {}}
    sections: Data = {
        "indicators": {
            "total": {"weights_total": 100},
            "ir": {"parent": "total", "weight": 50, "score": {"kind": "rubric", "levels": levels}},
            "ic": {
                "parent": "total",
                "weight": 50,
                "score": {"kind": "checklist", "levels": {"no": {"points": 0}, "yes_": {"points": 3}}, "items": items},
            },
        }
    }
    data = small(tmp_path, sections).run({"ir_level": "full", "ic_lamps": "yes_", "ic_heat": "no"}).data
    assert "with a system" in text_of(data)
    assert "有制度" in text_of(data, "zh")
    assert re.search(r"3 +/ 6", text_of(data))


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_any_width(width: int, tmp_path: Path) -> None:
    sections = two()
    sections["indicators"]["ia"]["title"] = {"zh": "很长" * 30, "en": "a long title " * 12}
    sections["grade"]["gates"]["score"]["title"] = {"zh": "很长" * 30, "en": "a long title " * 12}
    data = small(tmp_path, sections).run({"a": 1, "b": 1}).data
    for lang in LANGUAGES:
        text = text_of(data, lang, min(width, 100))
        assert max(columns(line) for line in scorecard_text(scorecard(data, lang), width).splitlines()) <= 100
        assert text.count("很长" if lang == "zh" else "long") >= 12


def test_names_are_no_markup_and_no_template(tmp_path: Path) -> None:
    sections = two()
    hostile = "<script>&\"' {{ 7 * 7 }} {% raw %}"
    sections["indicators"]["ia"]["title"] = {"zh": hostile, "en": hostile}
    data = small(tmp_path, sections).run({"a": 1, "b": 1}, subject={"name": {"zh": hostile, "en": hostile}}).data
    assert "{{ 7 * 7 }}" in text_of(data)
    svg = scorecard_svg(scorecard(data, "en"))
    assert "<script>" not in svg
    assert "&lt;script&gt;&amp;" in svg


def test_the_view_is_frozen_and_holds_words_only(tmp_path: Path) -> None:
    view = scorecard(small(tmp_path, two()).run({"a": 1, "b": 1}).data, "en")
    with pytest.raises(FrozenInstanceError):
        view.subject = "x"  # type: ignore[misc]
    assert not any(
        isinstance(value, Decimal) for row in view.indicators for value in (row.score, row.value, row.weight)
    )


def test_a_template_may_name_only_what_is_there() -> None:
    with pytest.raises(UndefinedError):
        render("scorecard/picture.svg.j2", {})


def test_the_same_file_gives_the_same_scorecard(tmp_path: Path) -> None:
    """The view reads the data of a file and nothing else."""
    data = small(tmp_path, two()).run({"a": 1, "b": 1}).data
    assert text_of(json.loads(json.dumps(data))) == text_of(data)


FIGURES = {
    "inputs": inputs("a", "b"),
    "formulas": {
        "both": {"expr": "a + b", "unit": "1", "headline": True},
        "twice": {"expr": "both + both", "unit": "1"},
        "far": {"expr": "a / (b - b)", "unit": "1", "headline": True},
    },
}


@pytest.mark.parametrize(("lang", "wish"), [("en", "both  4000 ± 5 % · measured 75 %, default 25 %"), ("zh", "both 4000 ± 5 % · 实测 75 %、缺省 25 %")])  # fmt: skip
def test_figures_that_the_ruleset_names(lang: str, wish: str, tmp_path: Path) -> None:
    """3000 ± 4 % and 1000 ± 16 %: half-widths 120 and 160, together 200 of 4000."""
    run = small(tmp_path, FIGURES).run(
        {"a": {"value": 3000, "uncertainty": 4, "tier": "measured"}, "b": {"value": 1000, "uncertainty": 16, "tier": "default"}}
    )  # fmt: skip
    assert run.data["nodes"]["both"]["uncertainty"] == "5"
    view = scorecard(run.data, lang)  # type: ignore[arg-type]
    assert [row.title for row in view.figures] == ["both", "far"]
    text = " ".join(scorecard_text(view).replace(",000", "000").split())
    assert " ".join(wish.split()) in text
    assert "twice" not in text
    picture = scorecard_svg(view)
    assert "± 5 %" in picture
    ET.fromstring(picture)


def test_without_quality_a_named_figure_is_its_value(tmp_path: Path) -> None:
    view = scorecard(small(tmp_path, FIGURES).run({"a": 1, "b": 2}).data, "en")
    assert [(row.value, row.quality) for row in view.figures] == [("3", ""), ("not computed", "")]


def test_the_ruleset_decides_the_order_of_the_main_figures(tmp_path: Path) -> None:
    """By place, which may be left free and may be shared; then those with `true`, in the order of computing."""
    places = {"plain": True, "last": 30, "second": 2, "also": True, "first": 1, "third": 2, "hidden": False}
    sections: Data = {
        "inputs": inputs("a"),
        "formulas": {
            name: {"expr": f"a * {factor}", "unit": "1", "headline": place}
            for factor, (name, place) in enumerate(places.items(), 2)
        },
    }
    run = small(tmp_path, sections).run({"a": 1})
    order = ["first", "second", "third", "last", "plain", "also"]
    assert [row.title for row in scorecard(run.data, "en").figures] == order
    assert [node.id for node in run.assessment.plan.headlines] == order
    assert [run.data["nodes"][name].get("headline") for name in places] == [True, 30, 2, True, 1, 2, None]


@pytest.mark.parametrize(("lang", "words"), [("zh", ("open 是", "shut 否")), ("en", ("open yes", "shut no"))])
def test_a_default_that_is_a_truth(lang: Any, words: tuple[str, ...], tmp_path: Path) -> None:
    sections = two()
    sections["inputs"] |= {
        name: {"type": "boolean", "default": value} for name, value in (("open", True), ("shut", False))
    }
    line = scorecard(small(tmp_path, sections).run({"a": 1, "b": 1}).data, lang).defaults_line
    assert all(word in line for word in words)


def test_a_gate_shows_how_uncertain_its_figure_is(tmp_path: Path) -> None:
    """3000 ± 4 % and 1000 ± 16 %: half-widths 120 and 160, together 200 of 4000."""
    sections: Data = dict(FIGURES)
    gate = {"value": "both", "unit": "1", "bands": {"good": "[80, inf)", "poor": "[0, 80)"}, "covers": "[0, inf)"}
    sections["grade"] = {"levels": ["good", "poor"], "gates": {"size": gate, "plain": {**gate, "value": "4"}}}
    run = small(tmp_path, sections).run(
        {"a": {"value": 3000, "uncertainty": 4}, "b": {"value": 1000, "uncertainty": 16}}
    )
    grade = scorecard(run.data, "en").grade
    assert grade is not None
    assert [row.remark for row in grade.gates] == ["± 5 %", ""]

"""The section `report`: names are looked up in the plan; what a variant does not have is left out, what none has is an error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from small import small, title, variant

SECTIONS: dict[str, Any] = {
    "inputs": {"a": {"unit": "t"}},
    "formulas": {"twice": {"expr": "a * 2", "unit": "t"}},
    "collections": {"rows": {"key": "k", "columns": {"k": {"type": "text"}, "v": {"unit": "t"}}}},
}
TABLES = {
    "scope": [{"title": title("s"), "rows": ["a", "extra"]}],
    "process": [{"title": title("p"), "rows": ["extra"]}, {"title": title("q"), "of": "rows", "columns": ["k", "v"]}],
    "waterfall": {"title": title("w"), "steps": [{"node": "twice", "as": "level"}, {"node": "a", "as": "less"}]},
}
VARIANTS = {"plain": variant(), "more": variant(add={"inputs": {"extra": {"unit": "t"}}})}


def test_a_variant_shows_what_it_has(tmp_path: Path) -> None:
    made = small(tmp_path, {**SECTIONS, "report": TABLES}, VARIANTS)
    plain, more = made.plan("plain").report, made.plan("more").report
    assert plain is not None
    assert more is not None
    assert plain["scope"] == [{"title": title("s"), "rows": ["a"]}]
    assert [entry["title"]["zh"] for entry in plain["process"]] == ["q"]  # nothing is left of the first
    assert more["scope"][0]["rows"] == ["a", "extra"]
    assert [step["as"] for step in more["waterfall"]["steps"]] == ["level", "less"]


def test_what_no_variant_has_is_refused(tmp_path: Path) -> None:
    wrong = {"scope": [{"title": title("s"), "rows": ["b"]}]}
    assert small(tmp_path, {**SECTIONS, "report": wrong}, VARIANTS).refused("more") == ["report.unknown-value"]


def test_a_column_is_no_single_value(tmp_path: Path) -> None:
    wrong = {"scope": [{"title": title("s"), "rows": ["rows"]}]}
    assert small(tmp_path, {**SECTIONS, "report": wrong}).refused() == ["report.unknown-value"]


def test_it_is_in_the_assessment(tmp_path: Path) -> None:
    run = small(tmp_path, {**SECTIONS, "report": TABLES}, VARIANTS).run(
        {"a": 1, "extra": 2}, "more", collections={"rows": [{"k": "x", "v": 1}]}
    )
    assert run.data["report"]["process"][1] == {"title": title("q"), "of": "rows", "columns": ["k", "v"]}
    assert run.data["titles"] == {"rows": title("rows")}
    without = small(tmp_path / "other", SECTIONS).run({"a": 1})
    assert "report" not in without.data

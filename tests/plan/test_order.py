"""The order of files, of sections and of entries means nothing; a circle is told stop by stop."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.ruleset import load
from small import codes, filled, run, small, title, write_case, yaml

LEAF = {"parent": "total", "value": "x", "unit": "1", "score": {"kind": "linear", "anchors": [[0, 0], [100, 100]]}}
SECTIONS: dict[str, Any] = {
    "units": {"tA": {}, "kgA": {"equals": "0.001 tA"}},
    "parameters": {f"p{n}": {"value": n + 1, "unit": "1"} for n in range(5)},
    "inputs": {"x": {"unit": "1"}, "m": {"unit": "tA"}},
    "tables": {"t": {"keys": [{"name": "k", "type": "text"}], "columns": {"v": {"unit": "1"}}, "rows": [{"k": "a", "v": 1}, {"k": "b", "v": 2}]}},
    "collections": {"c": {"key": "k", "columns": {"k": {"type": "choice", "choices_from": "t.k"}, "v": {"unit": "kgA"}}}},
    "formulas": {
        "f3": {"expr": "f2 + f1 * p3", "unit": "1"}, "f2": {"expr": "f1 * p1 - p2", "unit": "1"}, "f1": {"expr": "x * p0", "unit": "1"},
        "w": {"per": "c", "expr": "v * lookup(t.v, k)", "unit": "tA"}, "all_w": {"expr": "sum(c.w) + m", "unit": "kgA"},
    },
    "indicators": {"total": {"weights_total": 100}, "a": {**LEAF, "weight": 40}, "b": {**LEAF, "weight": 60, "value": "f3"}},
    "preconditions": {"ok": {"expr": "x > 0", "otherwise": "no"}},
    "claims": {"big": {"requires": {"one": "x > 1", "two": "f3 > 2"}}},
}  # fmt: skip
GRADE = {
    "levels": ["A", "B"],
    "refusals": ["no"],
    "gates": {"g": {"value": "total.score", "unit": "point", "bands": {"A": "[50, inf)", "B": "(-inf, 50)"}}},
}
CASE = {"x": 7, "m": {"value": 3, "unit": "kgA"}}
ROWS = {"c": [{"k": "b", "v": 10}, {"k": "a", "v": {"value": 2, "unit": "tA"}}]}


def shuffled(rng: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    """The sections cut into files at random, in random order, the entries as well."""
    entries = [(section, name) for section, content in SECTIONS.items() for name in content]
    rng.shuffle(entries)
    files: list[dict[str, dict[str, Any]]] = [{} for _ in range(4)]
    for section, name in entries:
        rng.choice(files).setdefault(section, {})[name] = SECTIONS[section][name]
    parts = [filled(file) for file in files]
    rng.choice(parts)["grade"] = filled({"grade": GRADE})["grade"]
    for number, part in enumerate(parts):
        items = list(part.items())
        rng.shuffle(items)
        yield f"{rng.choice('abcxyz')}{number}.yaml", dict(items)


def values(folder: Path, case: Path) -> tuple[dict[str, Any], dict[str, Any], Any]:
    found = Found()
    ruleset = load.load(folder, found)
    assert ruleset is not None, codes(found)
    plan = pipeline.make_plan(ruleset, None, {}, found)
    assert plan is not None, codes(found)
    result = run(plan, case)
    texts = {
        name: (node.get("formula"), node.get("formula_run"))
        for name, node in result.data["nodes"].items()
        if "made_from" not in node
    }
    return dict(result.assessment.values), texts, result.grade["result"]


def test_files_and_entries_in_any_order(tmp_path: Path) -> None:
    rng = random.Random(20260101)  # noqa: S311  seeded
    case = write_case(tmp_path / "case.yaml", CASE, ROWS)
    first = None
    for turn in range(8):
        folder = tmp_path / str(turn) / "rulesets" / "small" / "1"
        folder.mkdir(parents=True)
        head = {"format": 1, "id": "small", "version": "1", "title": title("small"), "status": "draft"}
        (folder / "ruleset.yaml").write_text(yaml(head) + "\n", encoding="utf-8")
        for name, part in shuffled(rng):
            if part:
                (folder / name).write_text(yaml(part) + "\n", encoding="utf-8")
        outcome = values(folder, case)
        first = first or outcome
        assert outcome == first
    assert first is not None
    assert first[0]["all_w"] == 2023  # 10 × 2 + 2000 × 1 + 3
    assert first[2] == "B"


def test_rows_in_any_order_give_the_same_sums(tmp_path: Path) -> None:
    made = small(tmp_path, {**SECTIONS, "grade": GRADE})
    one = made.run(CASE, collections=ROWS)
    other = made.run(CASE, collections={"c": ROWS["c"][::-1]})
    assert one["all_w"] == other["all_w"]
    assert one["c.w"] == other["c.w"][::-1]


def test_what_is_said_twice_over_files_is_refused(tmp_path: Path) -> None:
    folder = small(tmp_path, SECTIONS | {"grade": GRADE}).folder
    shutil.copy(folder / "ruleset.yaml", folder / "again.yaml")
    found = Found()
    assert load.load(folder, found) is None
    assert codes(found) == ["ruleset.said-twice"] * (5 + sum(map(len, SECTIONS.values())) + 1)


@pytest.mark.parametrize(("formulas", "way"), [
    ({"a": "a + 1"}, "a → a"), ({"a": "b", "b": "a"}, "a → b → a"), ({"a": "b", "b": "c", "c": "a", "d": "a"}, "a → b → c → a"), ({"d": "a", "a": "x", "b": "c", "c": "b"}, "b → c → b"),
])  # fmt: skip
def test_a_circle_is_told_stop_by_stop(tmp_path: Path, formulas: dict[str, str], way: str) -> None:
    made = small(
        tmp_path,
        {
            "inputs": {"x": {"unit": "1"}},
            "formulas": {name: {"expr": expr, "unit": "1"} for name, expr in formulas.items()},
        },
    )
    found = Found()
    assert pipeline.make_plan(made.ruleset, None, {}, found) is None
    assert [(finding.code, dict(finding.facts)["way"]) for finding in found.findings] == [("plan.circle", way)]


def test_a_circle_through_a_collection(tmp_path: Path) -> None:
    formulas = {"w": {"per": "c", "expr": "v * s", "unit": "1"}, "s": {"expr": "sum(c.w)", "unit": "1"}}
    made = small(
        tmp_path,
        {
            "collections": {"c": {"key": "k", "columns": {"k": {"type": "text"}, "v": {"unit": "1"}}}},
            "formulas": formulas,
        },
    )
    assert made.refused() == ["plan.circle"]

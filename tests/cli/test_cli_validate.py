"""All findings of a ruleset, its counts and its lock."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from command_line import Guiju


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def publish(own: Path) -> None:
    edit(own / "ruleset.yaml", "status: draft", 'status: published\nissued: "2025-01-01"\neffective: "2025-01-01"')


def test_a_good_one(guiju: Guiju, own: Path) -> None:
    for ref in ("own@0.1", own, own / "ruleset.yaml"):
        done = guiju("validate", ref)
        assert done.status == 0
        assert done.out.startswith("own@0.1: no findings\n")
        assert "4 inputs, 3 columns of collections, 3 parameters, 0 tables, 3 formulas, 4 indicators" in done.out
        assert "rules by basis: proposed " in done.out
        assert "own@0.1: a draft, which is not locked" in done.out
        assert re.findall(r"(?m)^  (heavy|light)$", done.out) == ["heavy", "light"]


def test_one_variant(guiju: Guiju, own: Path) -> None:
    done = guiju("validate", "own@0.1", "--variant", "light")
    assert "heavy" not in done.out
    assert guiju("validate", "own@0.1", "--variant", "lihgt").status == 1


def test_errors_with_place_and_fix(guiju: Guiju, own: Path) -> None:
    edit(own / "data.yaml", "expr: amount * factor", "expr: amuont * factor")
    edit(own / "indicators.yaml", "weight: 60", "weight: 61")
    done = guiju("validate", "own@0.1")
    assert done.status == 1
    assert "formula.unknown-name" in done.out
    assert "indicator.weights-sum" in done.out
    assert "did you mean 'amount'" in done.out
    assert re.search(r"rulesets/own/0\.1/data\.yaml:\d+:\d+", done.out)
    assert "^~" in done.out
    assert "2 errors" in done.out


def test_a_file_that_cannot_be_read(guiju: Guiju, own: Path) -> None:
    (own / "data.yaml").write_text("inputs: [", encoding="utf-8")
    done = guiju("validate", own, "--lang", "zh")
    assert done.status == 1
    assert "未能读完" in done.out


@pytest.mark.parametrize("name", ["tests/example.yaml", "cases/example.yaml"])
def test_tests_and_cases_are_looked_at(name: str, guiju: Guiju, own: Path) -> None:
    edit(own / name, "period:", "peroid:")
    done = guiju("validate", "own@0.1")
    assert done.status == 1
    assert name in done.out


def test_one_line_each(guiju: Guiju, own: Path) -> None:
    assert guiju("validate", "own@0.1", "--format", "line").out == ""
    edit(own / "data.yaml", "expr: amount * factor", "expr: amuont * factor")
    done = guiju("validate", "own@0.1", "--format", "line")
    assert re.fullmatch(r"rulesets/own/0\.1/data\.yaml:\d+:\d+: error formula\.unknown-name .*\n", done.out)


def test_as_json(guiju: Guiju, own: Path) -> None:
    done = guiju("validate", "own@0.1", "--format", "json")
    data = json.loads(done.out)
    assert (data["ruleset"], data["errors"], data["findings"]) == ("own@0.1", False, [])
    assert [each["variant"] for each in data["variants"]] == ["heavy", "light"]
    edit(own / "indicators.yaml", "weight: 60", "weight: 61")
    done = guiju("validate", "own@0.1", "--format", "json")
    assert done.status == 1
    assert json.loads(done.out)["findings"][0]["code"] == "indicator.weights-sum"
    assert json.loads(guiju("validate", "nope@1", "--format", "json").out)["ruleset"] is None


def test_the_line_for_the_lock_locks(guiju: Guiju, own: Path) -> None:
    """What is printed is put into lock.yaml as it stands; then the version is locked, and a change is an error."""
    publish(own)
    done = guiju("validate", "own@0.1")
    assert done.status == 0
    assert "version.not-locked" in done.out
    assert "not locked yet; add to rulesets/lock.yaml:" in done.out
    lines = re.search(r'(?m)^    (rulesets:)\n      ("own@0.1": "sha256:[0-9a-f]{64}")$', done.out)
    assert lines is not None
    Path("rulesets/lock.yaml").write_text(f"{lines[1]}\n  {lines[2]}\n", encoding="utf-8")
    assert re.search(r"own@0\.1: locked \([0-9a-f]{12}\)", guiju("validate", "own@0.1").out)
    edit(own / "data.yaml", "value: 200", "value: 201")
    done = guiju("validate", "own@0.1")
    assert done.status == 1
    assert "version.changed" in done.out


def test_not_there(guiju: Guiju) -> None:
    for lang, words in (("en", "there is no ruleset 'hdii'"), ("zh", "找不到规则集“hdii”")):
        done = guiju("validate", "hdii@2021", "--lang", lang)
        assert done.status == 1
        assert words.partition("hdii")[0] in done.out
    assert "2021" in guiju("validate", "hdi@2020").out


def test_shipped_ones(guiju: Guiju) -> None:
    done = guiju("validate", "hdi@2021")
    assert done.status == 0
    assert "hdi@2021: locked" in done.out

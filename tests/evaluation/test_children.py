"""Groups: rows take figures from other assessments. Values by hand, reasons, traces, circles, files that change or move."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import guiju
from guiju import pipeline
from guiju.diagnostics.finding import Finding, Found
from guiju.evaluation.describe import describe
from guiju.evaluation.run import Assessment
from guiju.evaluation.text import as_text
from guiju.evaluation.trials import run_trials
from guiju.formula.missing import NotComputed
from guiju.report.trace import Target, trace
from guiju.ruleset import load
from small import write, write_case, yaml

UNITS: dict[str, Any] = {"kgCO2": {}, "tCO2": {"equals": "1000 kgCO2"}}
PLANT = {
    "units": UNITS,
    "inputs": {
        "fuel": {"unit": "t", "required": False},
        "factor": {"unit": "tCO2/t", "default": 3},
        "open": {"type": "boolean", "default": True},
    },
    "formulas": {"gross": {"expr": "fuel * factor", "unit": "tCO2"}, "half": {"expr": "fuel / 2", "unit": "t"}},
    "grade": {
        "levels": ["A", "B"],
        "gates": {"low": {"value": "gross", "unit": "tCO2", "bands": {"A": "(-inf, 10)", "B": "[10, inf)"}}},
        "combine": "lowest",
    },
}
TAKEN = {
    "gross": {"unit": "kgCO2", "take": "gross"},
    "fuel_of": {"type": "integer", "unit": "t", "take": "fuel", "required": False},
    "open_of": {"type": "boolean", "take": "open"},
    "grade_of": {
        "type": "choice",
        "choices": {"A": {"zh": "甲", "en": "A"}, "B": {"zh": "乙", "en": "B"}},
        "take": "@grade",
    },
    "by": {"type": "text", "take": "@ruleset"},
    "variant_of": {"type": "text", "take": "@variant", "required": False},
    "id_of": {"type": "text", "take": "@id"},
    "since": {"type": "date", "take": "@period_start"},
}
GROUP = {
    "units": UNITS,
    "collections": {
        "plants": {
            "key": "plant",
            "from_assessments": {"of": ["plant", "group"]},
            "columns": {
                "plant": {"type": "text"},
                "held": {"unit": "%", "default": 100},
                "controlled": {"type": "boolean", "default": True},
                **TAKEN,
            },
        },
    },
    "formulas": {
        "part": {"per": "plants", "expr": "gross * held", "unit": "kgCO2"},
        "by_share": {"expr": "sum(plants.part)", "unit": "tCO2"},
        "by_control": {"expr": "sum_where(plants.gross, plants.controlled, true)", "unit": "tCO2"},
    },
}  # fmt: skip


class Bench:
    """Rulesets of plants and of their group, and cases below `data`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        write(root, PLANT, "plant@1")
        self.group_folder = write(root, GROUP, "group@1")
        (root / "data" / "members").mkdir(parents=True)

    def plant(self, name: str, inputs: Mapping[str, Any], **head: Any) -> Path:
        path = self.root / "data" / "members" / f"{name}.yaml"
        return write_case(path, inputs, **{"id": name, "ruleset": "plant@1", **head})

    def group(self, *rows: Mapping[str, Any], name: str = "group") -> Path:
        path = self.root / "data" / f"{name}.yaml"
        return write_case(path, id=name, ruleset="group@1", collections={"plants": list(rows)})

    def assess(self, path: Path) -> tuple[Assessment | None, tuple[Finding, ...]]:
        found = Found()
        return pipeline.assess(path, [self.root / "rulesets"], pipeline.Wish(), found), found.findings

    def run(self, path: Path) -> Assessment:
        assessment, findings = self.assess(path)
        assert assessment is not None, [(finding.code, finding.facts) for finding in findings]
        return assessment

    def refused(self, *rows: Mapping[str, Any]) -> list[Finding]:
        assessment, findings = self.assess(self.group(*rows))
        assert assessment is None
        return list(findings)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


A = {"plant": "a", "case": "members/a.yaml", "held": 60}
B = {"plant": "b", "case": "members/b.yaml", "held": 25, "controlled": False}


def test_two_plants_by_share_and_by_control(bench: Bench) -> None:
    """a: 2 t · 3 = 6 t, 60 % of it 3.6; b: 5 t · 4 = 20 t, 25 % of it 5; c by hand 400 kg. Shares 9 t, control 6.4 t."""
    bench.plant("a", {"fuel": 2})
    bench.plant("b", {"fuel": {"value": 5000, "unit": "kg"}, "factor": 4, "open": False})
    by_hand = {"gross": 400, "open_of": True, "grade_of": "A", "by": "-", "id_of": "c", "since": "2024-01-01"}
    done = bench.run(bench.group(A, B, {"plant": "c", **by_hand}))
    values = done.values
    assert values["by_share"] == Decimal(9)
    assert values["by_control"] == Decimal("6.4")
    assert values["plants.gross"] == [6000, 20000, 400]
    assert values["plants.fuel_of"][:2] == [2, 5]
    assert values["plants.open_of"] == [True, False, True]
    assert values["plants.grade_of"] == ["A", "B", "A"]
    assert values["plants.by"] == ["plant@1", "plant@1", "-"]
    assert values["plants.id_of"] == ["a", "b", "c"]
    assert [day.isoformat() for day in values["plants.since"]] == ["2024-01-01"] * 3
    assert isinstance(values["plants.variant_of"][0], NotComputed)


def test_the_trace_leads_to_the_child(bench: Bench) -> None:
    child = bench.plant("a", {"fuel": 2})
    data = describe(bench.run(bench.group(A)))
    (entry,) = data["children"]
    assert (entry["collection"], entry["key"], entry["case"]) == ("plants", "a", "members/a.yaml")
    assert (entry["id"], entry["ruleset"], entry["variant"]) == ("a", "plant@1", None)
    assert entry["sha256"] == hashlib.sha256(child.read_bytes()).hexdigest()
    assert entry["fingerprint"] == load.fingerprint(
        load.files_of(bench.root / "rulesets/plant/1"), bench.root / "rulesets/plant/1"
    )
    cell = data["nodes"]["plants.gross"]["rows"][0]
    assert cell == {
        "key": "a", "value": "6000", "line": 1, "written": {"value": "6", "unit": "tCO2"}, "origin": "child", "child": "a",
        "node": "gross",
    }  # fmt: skip
    facts = dict(trace(data, Target("plants.gross", "a"), 1, "en").facts)
    assert (
        facts["taken from"] == "gross of assessment a (members/a.yaml, plant@1): see guiju explain members/a.yaml gross"
    )
    assert facts["converted"] == "from 6 tCO2"


def test_a_child_without_the_figure(bench: Bench) -> None:
    """It is missing here too, with the child's reason, and travels; the other plant's part is computed."""
    bench.plant("a", {})
    bench.plant("b", {"fuel": 1})
    done = bench.run(bench.group(A | {"controlled": False}, B | {"controlled": True}))
    gap = done.values["plants.gross"][0]
    assert isinstance(gap, NotComputed)
    assert (gap.code, gap.origin) == ("child-missing", "plants.gross")
    facts = dict(gap.facts)
    assert (facts["child"], facts["node"], facts["why_en"]) == ("a", "gross", "fuel (fuel): it was not given")
    assert done.values["plants.part"][1] == Decimal(750)
    assert done.values["by_share"] is gap
    assert done.values["by_control"] == Decimal(3)
    data = describe(done)
    assert data["nodes"]["by_share"]["missing"]["code"] == "value.child-missing"
    assert data["nodes"]["plants.grade_of"]["rows"][0]["value"] is None
    told = dict(trace(data, Target("plants.gross", "a"), 1, "en").facts)
    assert "see guiju explain members/a.yaml gross" in told["taken from"]
    assert "fuel (fuel): it was not given" in told["missing"]


def test_a_case_and_its_assessment_give_the_same(bench: Bench) -> None:
    path = bench.plant("a", {"fuel": 2})
    (path.parent / "a.json").write_text(as_text(describe(bench.run(path))), encoding="utf-8")
    one = describe(bench.run(bench.group(A)))
    other = describe(bench.run(bench.group({"plant": "a", "assessment": "members/a.json", "held": 60})))
    assert one["nodes"] == other["nodes"]
    assert other["children"][0]["assessment"] == "members/a.json"


def test_a_changed_child_is_seen(bench: Bench) -> None:
    bench.plant("a", {"fuel": 2})
    group = bench.group(A)
    before = describe(bench.run(group))
    bench.plant("a", {"fuel": 3})
    after = describe(bench.run(group))
    assert (before["nodes"]["by_share"]["value"], after["nodes"]["by_share"]["value"]) == ("3.6", "5.4")
    assert before["children"][0]["sha256"] != after["children"][0]["sha256"]


def test_where_one_stands_means_nothing(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths begin in the folder of the case: the same bytes from everywhere."""
    bench.plant("a", {"fuel": 2})
    group, texts = bench.group(A), []
    (tmp_path / "elsewhere").mkdir()
    for folder in (tmp_path, tmp_path / "data", tmp_path / "elsewhere"):
        monkeypatch.chdir(folder)
        texts.append(as_text(describe(bench.run(Path(os.path.relpath(group))))))
    assert texts[0] == texts[1] == texts[2]
    assert str(tmp_path) not in texts[0]


def test_a_group_in_a_group(bench: Bench) -> None:
    """The inner group by its share: 3.6 t; 50 % of it 1.8 t. Its own children are listed below it."""
    bench.plant("a", {"fuel": 2})
    bench.group(A, name="inner")
    columns = {"gross": {"take": "by_share"}, "open_of": {"required": False}, "grade_of": {"required": False}}
    outer = GROUP["collections"]["plants"]  # type: ignore[index]
    taken = {name: {**fields, **columns.get(name, {})} for name, fields in outer["columns"].items()}
    write(bench.root, {**GROUP, "collections": {"plants": {**outer, "columns": taken}}}, "outer@1")
    path = bench.root / "data" / "outer.yaml"
    rows = [{"plant": "inner", "case": "inner.yaml", "held": 50}]
    done = bench.run(write_case(path, id="outer", ruleset="outer@1", collections={"plants": rows}))
    assert done.values["by_share"] == Decimal("1.8")
    (child,) = describe(done)["children"]
    assert [inner["id"] for inner in child["children"]] == ["a"]


def test_a_circle_is_told_stop_by_stop(bench: Bench) -> None:
    bench.group({"plant": "x", "case": "group.yaml"}, name="inner")
    (finding,) = bench.refused({"plant": "inner", "case": "inner.yaml"})
    assert finding.code == "case.child-circle"
    stops = dict(finding.facts)["way"].split(" → ")
    assert [Path(stop).name for stop in stops] == ["group.yaml", "inner.yaml", "group.yaml"]
    assert finding.related[0][0] == "taken-here"


def test_what_is_wrong_in_a_child_is_shown_with_the_row(bench: Bench) -> None:
    bench.plant("a", {"fuel": {"value": 2, "unit": "m"}})
    (finding,) = bench.refused(A)
    assert finding.code == "case.unit"
    assert finding.place is not None and finding.place.file.endswith("members/a.yaml")
    ((what, place),) = finding.related
    assert (what, Path(place.file).name) == ("taken-here", "group.yaml")


@pytest.mark.parametrize(("inputs", "row", "code"), [
    ({"fuel": Decimal("2.5")}, A, "case.type"),  # half a tonne in a column of whole numbers
    ({"fuel": 2}, {**A, "gross": 1}, "case.child-by-hand"),
    ({"fuel": 2}, {**A, "case": "members/z.yaml"}, "case.child-no-file"),
    ({"fuel": 2}, {**A, "case": "members"}, "case.child-no-file"),
    ({"fuel": 2}, {**A, "case": "C:/a.yaml"}, "case.child-path"),
])  # fmt: skip
def test_what_is_refused(bench: Bench, inputs: dict[str, Any], row: dict[str, Any], code: str) -> None:
    bench.plant("a", inputs)
    assert [finding.code for finding in bench.refused(row)] == [code]


def test_an_assessment_that_was_edited(bench: Bench) -> None:
    """A number as a number, not as text: the file is not what `evaluate` wrote."""
    path = bench.plant("a", {"fuel": 2})
    data = describe(bench.run(path))
    data["nodes"]["gross"]["value"] = 7
    (path.parent / "a.json").write_text(json.dumps(data), encoding="utf-8")
    findings = bench.refused({"plant": "a", "assessment": "members/a.json"})
    assert {finding.code for finding in findings} == {"schema.type"}


@pytest.mark.parametrize(("node", "value"), [("open", "yes"), ("gross", "1e5"), ("gross", "")])
def test_a_value_that_was_edited(bench: Bench, node: str, value: str) -> None:
    path = bench.plant("a", {"fuel": 2})
    data = describe(bench.run(path))
    data["nodes"][node]["value"] = value
    (path.parent / "a.json").write_text(json.dumps(data), encoding="utf-8")
    codes = {finding.code for finding in bench.refused({"plant": "a", "assessment": "members/a.json"})}
    assert codes and all(code == "case.child-type" or code.startswith("schema.") for code in codes)


def test_a_day_that_does_not_exist(bench: Bench) -> None:
    path = bench.plant("a", {"fuel": 2})
    data = describe(bench.run(path))
    data["case"]["period"]["from"] = "2024-02-31"
    (path.parent / "a.json").write_text(json.dumps(data), encoding="utf-8")
    codes = [finding.code for finding in bench.refused({"plant": "a", "assessment": "members/a.json"})]
    assert codes == ["case.child-type"]


def test_a_collection_that_was_counted_is_told_by_its_keys(bench: Bench) -> None:
    """Every number of an assessment is text, also where a formula names a whole collection."""
    counted = {**GROUP, "formulas": {"many": {"expr": "count(plants)", "unit": "1"}}}
    write(bench.root, counted, "counted@1")
    bench.plant("a", {"fuel": 2})
    path = bench.root / "data" / "counted.yaml"
    done = bench.run(write_case(path, ruleset="counted@1", collections={"plants": [A]}))
    assert describe(done)["nodes"]["many"]["uses"] == {"plants": ["a"]}


def test_the_same_subject_as_case_and_as_assessment(bench: Bench) -> None:
    path = bench.plant("a", {"fuel": 2})
    (path.parent / "a.json").write_text(as_text(describe(bench.run(path))), encoding="utf-8")
    findings = bench.refused(A, {"plant": "again", "assessment": "members/a.json"})
    assert [finding.code for finding in findings] == ["case.child-twice"]
    bench.plant("a", {"fuel": 2}, period={"from": "2023-01-01", "to": "2023-12-31"})
    assert bench.run(bench.group(A, {"plant": "later", "assessment": "members/a.json"}))


def test_what_is_invented_below_is_said_above(bench: Bench) -> None:
    bench.plant("a", {"fuel": {"value": 2, "origin": "illustrative"}})
    summary = describe(bench.run(bench.group(A)))["summary"]
    assert summary["illustrative"] is True
    assert summary["inputs_by_origin"] == {"child": "2", "unsaid": "1"}


def test_children_in_python_and_in_tests_of_a_ruleset(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(bench.root)
    bench.plant("a", {"fuel": 2})
    result = guiju.evaluate(guiju.prepare(guiju.load(bench.group_folder)), bench.group(A))
    assert result.data["nodes"]["by_share"]["value"] == "3.6"
    case = {
        "period": {"from": "2024-01-01", "to": "2024-12-31"},
        "collections": {"plants": [{**A, "case": "../../../../data/members/a.yaml"}]},
    }
    one = {
        "title": {"zh": "例", "en": "e"},
        "origin": "derived",
        "case": case,
        "expect": {"by_share": {"value": Decimal("3.6")}},
    }
    (bench.group_folder / "tests").mkdir()
    (bench.group_folder / "tests" / "t.yaml").write_text(yaml({"tests": {"one": one}}), encoding="utf-8")
    found = Found()
    ruleset = load.load(bench.group_folder, found)
    assert ruleset is not None
    (trial,) = run_trials(bench.group_folder, ruleset, found, pipeline.children([bench.root / "rulesets"]))
    assert trial.passed, (trial, found.findings)

"""Where one feature meets another: figures through children, rows without keys, texts that nobody sees, lines of the case."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.diagnostics.show import as_text as shown_as_text
from guiju.evaluation.describe import describe
from guiju.evaluation.run import Assessment
from guiju.evaluation.text import as_text
from guiju.formula.missing import NotComputed
from guiju.report.trace import Target, trace
from guiju.ruleset.shape import schema
from guiju.source.files import read_line
from guiju.source.schema import check
from guiju.source.yaml_text import read_text
from small import Data, codes, small, title, write, write_case

UNITS: Data = {"kgCO2": {}, "tCO2": {"equals": "1000 kgCO2"}}
PLANT: Data = {
    "units": UNITS,
    "parameters": {"factor": {"value": 3, "unit": "tCO2/t", "tier": "default", "uncertainty": 4}},
    "inputs": {"fuel": {"unit": "t"}, "lot": {"type": "text", "required": False}},
    "formulas": {"gross": {"expr": "fuel * factor", "unit": "tCO2"}},
}
GROUP: Data = {
    "units": UNITS,
    "collections": {
        "plants": {
            "key": "plant",
            "no_overlap": {"from": "since", "to": "until", "within": ["lot_of"]},
            "from_assessments": {"of": ["plant"]},
            "columns": {
                "plant": {"type": "text"},
                "gross_of": {"unit": "kgCO2", "take": "gross", "unit_required": True},
                "same": {"unit": "tCO2", "take": "gross"},
                "lot_of": {"type": "text", "take": "lot", "required": False},
                "since": {"type": "date", "take": "@period_start"},
                "until": {"type": "date", "take": "@period_end"},
            },
        },
    },
    "formulas": {"all_of": {"expr": "sum(plants.gross_of)", "unit": "tCO2", "headline": True}},
}


def assessed(root: Path, case: Path) -> tuple[Assessment | None, Found]:
    found = Found()
    return pipeline.assess(case, [root / "rulesets"], pipeline.Wish(), found), found


def plant(root: Path, name: str, fuel: Any, **inputs: Any) -> Path:
    return write_case(root / f"{name}.yaml", {"fuel": fuel, **inputs}, id=name, ruleset="plant@1")


def group(root: Path, *rows: Data) -> tuple[Assessment | None, Found]:
    write(root, PLANT, "plant@1")
    write(root, GROUP, "group@1")
    return assessed(root, write_case(root / "group.yaml", {}, {"plants": list(rows)}, id="group", ruleset="group@1"))


def taking(name: str) -> Data:
    return {"plant": name, "case": f"{name}.yaml"}


# -- children and figures ---------------------------------------------------------------------------------------------------
def test_a_child_hands_on_its_uncertainty_and_tiers(tmp_path: Path) -> None:
    """3 % and 4 % are 5 %; 30 t ± 1.5 and 60 t ± 3 are 90 t ± 3.354, which is 3.73 %."""
    plant(tmp_path, "a", {"value": 10, "tier": "measured", "uncertainty": 3}, lot="x")
    plant(tmp_path, "b", {"value": 20, "tier": "measured", "uncertainty": 3}, lot="y")
    made, _ = group(tmp_path, taking("a"), taking("b"))
    assert made is not None
    nodes = describe(made)["nodes"]
    first = nodes["plants.gross_of"]["rows"][0]
    assert (first["uncertainty"], first["value"]) == ("5", "30000")
    assert first["tiers"] == {"weakest": "default", "amounts": {"default": "30000"}}
    total = nodes["all_of"]
    assert (total["value"], total["uncertainty"]) == ("90", "3.73")
    assert total["tiers"] == {"weakest": "default", "amounts": {"default": "90"}}
    assert [leaf["leaf"] for leaf in total["uncertainty_from"]] == ["plants.gross_of[b]", "plants.gross_of[a]"]
    facts = dict(trace(describe(made), Target("plants.gross_of", "a"), 1, "en").facts)
    assert facts["quality"] == "± 5 % · default"


def test_a_row_given_by_hand_says_its_own_tier(tmp_path: Path) -> None:
    made, _ = group(
        tmp_path, {"plant": "h", "gross_of": {"value": 1, "unit": "tCO2", "tier": "measured"}, "same": 1, "lot_of": "x",
                   "since": "2024-01-01", "until": "2024-12-31"},
    )  # fmt: skip
    assert made is not None
    assert describe(made)["nodes"]["all_of"]["tiers"] == {"weakest": "measured", "amounts": {"measured": "1"}}


def test_what_children_do_not_know_is_compared_with_nothing(tmp_path: Path) -> None:
    """Two children whose lot is not given may be of two lots: no overlap is said. Of one lot they overlap."""
    plant(tmp_path, "a", 1)
    plant(tmp_path, "b", 2)
    made, found = group(tmp_path, taking("a"), taking("b"))
    assert made is not None, codes(found)
    plant(tmp_path, "a", 1, lot="x")
    plant(tmp_path, "b", 2, lot="x")
    made, found = group(tmp_path, taking("a"), taking("b"))
    assert (made, codes(found)) == (None, ["case.overlap"])


# -- assessments that somebody edited, and numbers of any size ---------------------------------------------------------------
def edited(root: Path, edit: Callable[[Data], object]) -> tuple[Assessment | None, Found]:
    write(root, PLANT, "plant@1")
    made, _ = assessed(root, plant(root, "a", 10))
    assert made is not None
    data = json.loads(as_text(describe(made)))
    edit(data["nodes"])
    (root / "a.json").write_text(json.dumps(data), encoding="utf-8")
    return group(root, {"plant": "a", "assessment": "a.json"})


@pytest.mark.parametrize(
    ("digits", "kg"),
    [("1" + "0" * 5000, "1" + "0" * 5003), ("0." + "0" * 5000 + "1", "0." + "0" * 4997 + "1"), ("9" * 7000, None)],
    ids=["long", "small", "too-large"],
)
def test_numbers_of_children_may_be_of_any_size(tmp_path: Path, digits: str, kg: str | None) -> None:
    """Python itself reads no whole number of more than 4300 digits; what is beyond the range of numbers is missing."""
    made, _ = edited(tmp_path, lambda nodes: nodes["gross"].update(value=digits))
    assert made is not None
    rows = describe(made)["nodes"]["plants.gross_of"]["rows"]
    assert rows[0]["value"] == kg
    assert kg is not None or rows[0]["missing"]["code"] == "value.too-large"


@pytest.mark.parametrize("gone", ["value", "unit"])
def test_an_assessment_that_lost_a_part_is_refused(tmp_path: Path, gone: str) -> None:
    made, found = edited(tmp_path, lambda nodes: nodes["gross"].pop(gone))
    assert made is None
    assert all(code.startswith("schema.") for code in codes(found))


def test_an_assessment_with_signs_that_nobody_sees_can_be_read_again(tmp_path: Path) -> None:
    """A case may hold them as escapes; the file of the assessment holds them as escapes, too."""
    write(tmp_path, PLANT, "plant@1")
    case = plant(tmp_path, "a", 10, lot="k_l")
    case.write_text(case.read_text(encoding="utf-8").replace("k_l", "k\\u200b\\ufeffl"), encoding="utf-8")
    made, _ = assessed(tmp_path, case)
    assert made is not None
    text, found = as_text(describe(made)), Found()
    assert "k\\u200b\\ufeffl" in text
    node = read_text(text, "a.json", found)
    assert node is not None, codes(found)
    check(node, schema("assessment-1"), found)
    assert codes(found) == []
    assert json.loads(text)["nodes"]["lot"]["value"] == "k\u200b\ufeffl"


# -- rows --------------------------------------------------------------------------------------------------------------------
def test_keys_that_are_the_same_number_are_the_same(tmp_path: Path) -> None:
    made = small(tmp_path, {"collections": {"c": {"key": "n", "columns": {"n": {"unit": "1"}}}}})
    case = tmp_path / "case.yaml"
    write_case(case, {}, {"c": [{"n": 1}, {"n": 2}]})
    case.write_text(case.read_text(encoding="utf-8").replace('{"n": 2}', '{"n": 1.0}'), encoding="utf-8")
    refused, found = assessed(tmp_path, case)
    assert (refused, codes(found)) == (None, ["case.same-row"]), made


def test_rows_without_a_key_are_leaves_of_their_own(tmp_path: Path) -> None:
    """3 ± 10 % and 4 ± 10 % are 7 ± 0.5, which is 7.14 %; were they one leaf it would be 10 %."""
    columns = {"n": {"type": "text", "required": False}, "v": {"unit": "t", "uncertainty": 10}}
    made = small(
        tmp_path,
        {
            "collections": {"c": {"key": "n", "columns": columns}},
            "formulas": {"s": {"expr": "sum(c.v)", "unit": "t"}},
        },
    )
    total = made.run(collections={"c": [{"n": None, "v": 3}, {"v": 4}]}).data["nodes"]["s"]
    assert total["uncertainty"] == "7.14"
    assert {leaf["leaf"] for leaf in total["uncertainty_from"]} == {"c.v[#1]", "c.v[#2]"}


@pytest.mark.parametrize("lot", [{"lot": None}, {"lot": {"value": None}}])
def test_a_row_that_does_not_know_what_it_is_alike_in_overlaps_nothing(tmp_path: Path, lot: Data) -> None:
    columns = {
        "n": {"type": "text"},
        "lot": {"type": "text", "required": False},
        "a": {"unit": "1"},
        "b": {"unit": "1"},
    }
    rule = {"from": "a", "to": "b", "within": ["lot"]}
    made = small(tmp_path, {"collections": {"c": {"key": "n", "no_overlap": rule, "columns": columns}}})
    rows = [{"n": name, "a": 1, "b": 9, **lot} for name in "xy"]
    assert made.run(collections={"c": rows})["c"] == [0, 1]


# -- where a figure was given ------------------------------------------------------------------------------------------------
def test_a_figure_says_the_line_of_the_case(tmp_path: Path) -> None:
    """The file by its name alone, so that the bytes are the same wherever the case lies."""
    write(tmp_path, PLANT, "plant@1")
    head = "case: 1\nid: a\ntitle: {zh: a, en: a}\nruleset: plant@1\nrole: self\nsubject: {name: {zh: a, en: a}}\n"
    text = (
        head + 'period: {from: "2024-01-01", to: "2024-12-31"}\ninputs:\n  lot: x\n  fuel:\n    unit: t\n    value: 5\n'
    )
    texts = []
    for folder in ("here", "there"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "mine.yaml").write_text(text, encoding="utf-8")
        made, _ = assessed(tmp_path, tmp_path / folder / "mine.yaml")
        assert made is not None
        texts.append(as_text(describe(made)))
    assert texts[0] == texts[1]
    data = json.loads(texts[0])
    assert data["case"]["file"] == "mine.yaml"
    assert (data["nodes"]["lot"]["given"], data["nodes"]["fuel"]["given"]) == ({"line": 9}, {"line": 12})
    assert dict(trace(data, Target("fuel"), 1, "en").facts)["given"] == "origin not stated · mine.yaml:12"
    assert dict(trace(data, Target("fuel"), 1, "zh").facts)["填报"] == "未注明来历 · mine.yaml:12"


def test_a_default_has_no_line(tmp_path: Path) -> None:
    made = small(tmp_path, {"inputs": {"x": {"unit": "t", "default": 1, "title": title("x")}}})
    assert made.run().data["nodes"]["x"]["given"] == {"origin": "default"}


def test_too_large_is_missing_not_a_fault(tmp_path: Path) -> None:
    made, _ = edited(tmp_path, lambda nodes: nodes["gross"].update(value="9" * 6300))
    assert made is not None
    assert isinstance(made.values["all_of"], NotComputed)


def test_the_way_on_from_a_finding_of_a_child_is_its_own_case(tmp_path: Path) -> None:
    checked = {**PLANT, "checks": {"little": {"expr": "fuel < fuel / 2"}}}
    plant(tmp_path, "a", 1, lot="x")
    write(tmp_path, checked, "plant@1")
    write(tmp_path, GROUP, "group@1")
    _, found = assessed(
        tmp_path, write_case(tmp_path / "g.yaml", {}, {"plants": [taking("a")]}, id="g", ruleset="group@1")
    )
    (finding,) = (each for each in found.findings if each.code == "check.not-met")
    text = shown_as_text([finding], "en", lambda _file, _line: None)
    assert f"guiju explain {(tmp_path / 'a.yaml').as_posix()} check.little" in text


def test_many_findings_read_their_file_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, reads = tmp_path / "x.yaml", []
    path.write_text("a\nb\n", encoding="utf-8")
    whole = Path.read_text
    monkeypatch.setattr(Path, "read_text", lambda self, **how: (reads.append(self), whole(self, **how))[1])
    assert [read_line(str(path), number) for number in (1, 2, 1, 9)] == ["a", "b", "a", None]
    assert len(reads) == 1
    path.write_text("changed\n", encoding="utf-8")
    assert read_line(str(path), 1) == "changed"

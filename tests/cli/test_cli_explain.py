"""The tree of a number, from the file alone."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from command_line import CHINA, Guiju


def test_the_grade_by_default(guiju: Guiju, assessed: Path) -> None:
    done = guiju("explain", assessed)
    assert done.status == 0
    assert done.out.startswith("grade.result  Grade = Silver\n")
    assert "more below" in done.out
    assert f"guiju explain {assessed} " in done.out


def test_the_total_where_there_is_no_grade(guiju: Guiju, own: Path) -> None:
    (own / "grade.yaml").unlink()
    guiju("evaluate", own / "cases" / "example.yaml", "-o", "x.json")
    assert guiju("explain", "x.json").out.startswith("total.score  Total: score = 66 points\n")


@pytest.mark.parametrize("name", ["total", "total.score"])
def test_an_indicator_stands_for_its_score(name: str, guiju: Guiju, assessed: Path) -> None:
    assert guiju("explain", assessed, name).out.startswith("total.score  ")


def test_an_indicator_by_its_number(guiju: Guiju, assessed: Path) -> None:
    assert guiju("explain", assessed, "2").out.startswith("recycling.score  ")


def test_from_the_total_to_a_row(guiju: Guiju, assessed: Path) -> None:
    """Formula, numbers, conversion, unit, basis, clause, place, evidence, origin: all on the way down."""
    out = guiju("explain", assessed, "total", "--depth", "12").out
    for part in (
        "numbers  (3600 + 1500 + 1500) / 100",
        "formula  emission_total / output",
        'as run   convert(emission_total / output, "tCO2e/t", "kgCO2e/t") (conversions of unit inserted)',
        "[electricity] = 300 tCO2e",
        'numbers  convert(500 * 600, "kgCO2e", "tCO2e")',
        "proposed · The draft of this standard [own_draft] · clause 4 · ",
        "data.yaml:",
        "[heat] = 200 MWh · invented (example) · written as 720 GJ",
        "ledger_2024 (Ledger 2024, 2025-01-10)",
        "origin not stated",
    ):
        assert " ".join(part.split()) in " ".join(out.replace("|", " ").split()), part
    assert "more below" not in out


def test_rounding_is_said(guiju: Guiju, assessed: Path) -> None:
    out = guiju("explain", assessed, "grade.score_compared").out
    assert out.startswith("grade.score_compared  Total: rounded for comparison = 66.0 points\n")
    assert "1 decimals, half to even (GB/T 8170)" in out


def test_one_row(guiju: Guiju, assessed: Path) -> None:
    out = guiju("explain", assessed, "energies.emission[heat]", "--depth", "1").out
    assert out.startswith("energies.emission[heat]  Emissions of this energy = 50 tCO2e\n")
    assert "energies.amount[heat]  amount = 200 MWh" in out
    assert "electricity" not in out


def test_a_clause_that_nobody_saw_and_a_document_from_reprints(guiju: Guiju) -> None:
    guiju("evaluate", CHINA, "-o", "x.json")
    for lang, words in (
        ("en", "(from reprints) [technical_note] · clause not seen"),
        ("zh", "（据转载） [technical_note] · 条款：未见原文"),
    ):
        out = " ".join(guiju("explain", "x.json", "hdi", "--lang", lang).out.replace("|", " ").split())
        assert words in out


def test_documents_are_named_once(guiju: Guiju, assessed: Path) -> None:
    assert guiju("explain", assessed, "total", "--depth", "9").out.count("The draft of this standard") == 1


def test_a_value_that_was_not_computed_says_why(guiju: Guiju, own: Path) -> None:
    case = own / "cases" / "example.yaml"
    text = case.read_text(encoding="utf-8")
    case.write_text(re.sub(r"(?m)^  output: .*\n", "", text), encoding="utf-8")
    assert guiju("evaluate", case, "-o", "x.json").status == 1
    out = guiju("explain", "x.json", "intensity").out
    assert "intensity  Emission intensity = not computed" in out
    assert "missing  Output (output): it was not given" in out
    assert "output  Output = not given" in out


def test_all_digits(guiju: Guiju) -> None:
    guiju("evaluate", CHINA, "-o", "x.json")
    assert "= 0.895549 points" in guiju("explain", "x.json", "health").out
    assert "= 0.8955492307692307692307692307692308 points" in guiju("explain", "x.json", "health", "--exact").out


def test_depth(guiju: Guiju, assessed: Path) -> None:
    sizes = [len(guiju("explain", assessed, "total", "--depth", str(depth)).out.splitlines()) for depth in range(8)]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[1] < sizes[2]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("intensty", "intensity"),
        ("emision_total", "emission_total"),
        ("energies.emission[haet]", "energies.emission[heat]"),
        ("totl", "total"),
        ("qqqqqq", ""),
    ],
)
def test_an_unknown_name(name: str, meant: str, guiju: Guiju, assessed: Path) -> None:
    for lang, words in (("en", "there is no"), ("zh", "中没有")):
        done = guiju("explain", assessed, name, "--lang", lang)
        assert done.status == 2
        assert done.out == ""
        assert words in done.err
        assert name in done.err
        assert (meant in done.err) if meant else ("?" not in done.err and "？" not in done.err)


WRONG = {
    "broken.json": (b'{"assessment": 1,\n "x": }', 1, "broken.json:2:7: this is not JSON"),
    "list.json": (b"[1, 2]", 1, "list.json is no assessment of guiju"),
    "deep.json": (b"[" * 200_000, 1, "deep.json is no assessment of guiju"),
    "later.json": (b'{"assessment": 2}', 1, "has assessment format 2; this program knows 1"),
    "bytes.json": (b"\xff\xfe\x00", 1, "bytes.json: not encoded as UTF-8"),
    "empty.json": (b"", 1, "empty.json:1:1: this is not JSON"),
    "short.json": (b'{"assessment": 1}', 1, "schema.required"),
    "huge.json": (b'{"assessment": ' + b"1" * 10_000 + b"}", 1, "huge.json"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file(name: str, guiju: Guiju) -> None:
    content, status, words = WRONG[name]
    Path(name).write_bytes(content)
    done = guiju("explain", name)
    assert (done.status, done.out) == (status, "")
    assert words in done.err


def test_a_file_that_is_not_there(guiju: Guiju) -> None:
    Path("folder").mkdir()
    assert "cannot read nope.json: there is no such file" in guiju("explain", "nope.json").err
    assert "cannot read folder: it is a folder" in guiju("explain", "folder").err
    assert guiju("explain", "nope.json").status == 1


def _edited(data: dict, path: tuple, value: object) -> dict:
    for key in path[:-1]:
        data = data[key]
    if value is None:
        del data[path[-1]]
    else:
        data[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("nodes", "intensity", "title"), None, "schema.required"),
        (("nodes", "intensity", "value"), "a lot", "schema.pattern"),
        (("nodes",), [], "schema.type"),
        (("sources",), [], "schema.type"),
        (("nodes", "intensity", "uses"), 5, "schema.type"),
        (("nodes", "intensity", "place", "line"), None, "schema.required"),
    ],
)
def test_an_edited_file_is_shown_with_its_line(
    path: tuple, value: object, code: str, guiju: Guiju, assessed: Path
) -> None:
    data = json.loads(assessed.read_text(encoding="utf-8"))
    _edited(data, path, value)
    Path("edited.json").write_text(json.dumps(data, indent=1), encoding="utf-8")
    done = guiju("explain", "edited.json", "intensity")
    assert done.status == 1, done.err
    assert code in done.err
    assert re.search(r"edited\.json:\d+:\d+", done.err)


def test_a_circle_in_an_edited_file_ends(guiju: Guiju, assessed: Path) -> None:
    data = json.loads(assessed.read_text(encoding="utf-8"))
    data["nodes"]["emission_total"]["uses"] = {"intensity": "1"}
    Path("circle.json").write_text(json.dumps(data), encoding="utf-8")
    done = guiju("explain", "circle.json", "intensity", "--depth", "100")
    assert done.status == 0
    assert "(shown above)" in done.out


def test_nothing_but_the_file_is_needed(guiju: Guiju, assessed: Path) -> None:
    shutil.rmtree("rulesets")
    assert guiju("explain", assessed, "total", "--depth", "9").status == 0

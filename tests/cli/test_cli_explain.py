"""The tree of a number, from the file alone."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from command_line import CHINA, ROOT, Guiju

UNDERGROUND = ROOT / "rulesets" / "carbon-neutral-mine" / "2025.1" / "cases" / "underground.yaml"


@pytest.fixture
def mine() -> Path:
    """The assessment of the shipped mine, as it is kept among the golden files."""
    return ROOT / "tests" / "golden" / "carbon-neutral-mine-2025.1-underground.json"


def test_the_grade_by_default(guiju: Guiju, assessed: Path) -> None:
    done = guiju("explain", assessed, "--depth", "3")
    assert done.status == 0
    assert done.out.startswith("grade.result  Grade = Silver\n")
    assert "more below" in done.out
    assert f"guiju explain {assessed} " in done.out


def test_the_grade_in_words(guiju: Guiju) -> None:
    """Emissions 318,463 t, retired 111,500: 0.3501 of 0.6. 5.3 has 19.21 of 100 points at a weight of 4: 3.23 lost."""
    done = guiju("explain", UNDERGROUND)
    assert done.status == 0
    lines = " ".join(done.out.split())
    for part in (
        "# Grade of the carbon-neutral mine: Qualified (B);",
        "> Offset ratio: 0.3501 -> Qualified (B) (this one decides) way there: guiju explain",
        "Excellent (A) [0.6, 0.8) · Qualified (B) [0.3, 0.6)",
        "# Preconditions: all 11 met",
        "that takes 79,579 tCO₂e more of “Credits retired and counted”",
        "- 5.3 Sink as share of emissions: 0.320201 %, score 19.21, 3.23 points of the total lost way there: guiju explain",
        "--depth 3",
    ):
        assert part in lines, part
    assert lines.count("points of the total lost") == 5
    assert len(done.out.splitlines()) < 40
    assert "require(" not in done.out
    for command in re.findall(r"way there: guiju explain (\S+) (\S+)", done.out)[:2]:
        assert guiju("explain", *command).status == 0


def test_a_precondition_that_is_not_met(guiju: Guiju) -> None:
    text = UNDERGROUND.read_text(encoding="utf-8")
    assert text.count("legal_compliance: {value: true") == 1
    Path("case.yaml").write_text(
        text.replace("legal_compliance: {value: true", "legal_compliance: {value: false"), encoding="utf-8"
    )
    out = guiju("explain", "case.yaml", "--lang", "zh").out
    assert "不予评级" in out.splitlines()[0]
    assert "x 遵守法律法规和碳政策：不满足" in out
    assert "case.yaml precondition.compliance" in out


@pytest.mark.parametrize(
    ("name", "node"),
    [
        ("综合得分", "grade.score_value"), ("碳排放抵消比例", "grade.offset_value"), ("offset RATIO", "grade.offset_value"),
        ("总排放量", "gross"), ("有效抵消量", "retired"), ("Emission intensity per unit mined", "intensity.score"), ("1.2", "intensity.score"),
    ],
)  # fmt: skip
def test_titles_are_names_too(name: str, node: str, guiju: Guiju, mine: Path) -> None:
    assert guiju("explain", mine, name, "--depth", "0").out.startswith(f"{node}  ")


def test_titles_that_hold_the_words_are_offered(guiju: Guiju, mine: Path) -> None:
    done = guiju("explain", mine, "抵消", "--lang", "zh")
    assert done.status == 2
    assert "有效抵消量 (retired)" in done.err
    assert "Credits retired and counted (retired)" in guiju("explain", mine, "retired and").err


def test_the_total_where_there_is_no_grade(guiju: Guiju, own: Path) -> None:
    (own / "grade.yaml").unlink()
    guiju("evaluate", own / "cases" / "example.yaml", "-o", "x.json")
    assert guiju("explain", "x.json").out.startswith("# Total: 66")
    assert guiju("explain", "x.json", "--depth", "3").out.startswith("total.score  Total: score = 66 points\n")


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

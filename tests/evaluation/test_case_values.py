"""Values of a case: units that must be said, ranges that must not overlap, the clause beside a refusal."""

from __future__ import annotations

import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Finding, Found
from guiju.diagnostics.show import as_text
from guiju.diagnostics.words import fix, sentence
from guiju.intake.case import check_case, read_header
from small import Small, codes, small, title, write_case

SOURCES = {"guide": {"title": title("Guide"), "number": "EX 1", "access": "read", "clauses": {"5": title("five")}}}


def checked(made: Small, inputs: dict[str, Any], collections: dict[str, Any] | None = None) -> tuple[Finding, ...]:
    found = Found()
    header = read_header(write_case(made.root / "case.yaml", inputs, collections), found)
    assert header is not None
    check_case(header, made.plan(), found)
    return found.findings


# -- units that must be said ------------------------------------------------------------------------------------------------
GAS = {
    "units": {"Nm3": {}, "Sm3": {"equals": "273/293 Nm3"}},
    "inputs": {"gas": {"unit": "Nm3", "unit_required": True, "required": False}},
    "collections": {
        "wells": {"key": "well", "columns": {"well": {"type": "text"}, "flow": {"unit": "Nm3", "unit_required": True}}}
    },
}


@pytest.mark.parametrize("value", [5, {"value": 5}, {"value": 5, "origin": "measured"}])
def test_a_unit_that_must_be_said(tmp_path: Path, value: Any) -> None:
    made = small(tmp_path, GAS)
    for finding in (*checked(made, {"gas": value}), *checked(made, {}, {"wells": [{"well": "a", "flow": value}]})):
        assert finding.code == "case.unit-needed"
        assert dict(finding.facts)["there"] == "Nm3, Sm3"
        assert "{value: 5, unit: …}" in (fix(finding, "en") or "")
        assert "reference condition" in sentence(finding, "en")


def test_the_other_condition_is_converted_exactly(tmp_path: Path) -> None:
    """293 Sm3 are 273 Nm3."""
    made = small(tmp_path, GAS)
    assert made.run({"gas": {"value": 293, "unit": "Sm3"}})["gas"] == Decimal(273)
    assert made.run({"gas": {"value": 5, "unit": "Nm3"}})["gas"] == Decimal(5)
    assert checked(made, {"gas": None}) == checked(made, {"gas": {"value": None}}) == ()


def test_a_reading_under_no_known_condition_is_to_be_converted_not_relabelled(tmp_path: Path) -> None:
    (finding,) = checked(small(tmp_path, GAS), {"gas": {"value": 5, "unit": "m3"}})
    assert finding.code == "case.unit"
    assert fix(finding, "en") == (
        "convert the value from the reference condition of the reading, do not only write another unit; it may be in Nm3, Sm3"
    )
    assert "不可只改写单位；单位可用 Nm3, Sm3" in (fix(finding, "zh") or "")


@pytest.mark.parametrize(
    ("given", "wish"),
    [
        ({"open": "是"}, "write true"),
        ({"open": "否"}, "write false"),
        ({"fuel": "柴油"}, "did you mean 'diesel'? There are diesel Diesel, gas Natural gas"),
        ({"fuel": "Natural gas"}, "did you mean 'gas'? There are diesel Diesel, gas Natural gas"),
        ({"current": {"value": 3, "unit": "万千瓦时"}}, "did you mean '1e4kWh'?"),
        ({"current": "620,5"}, "write 620.5"),
        ({"current": "620,500"}, "write 620500, without signs between the thousands"),
    ],
)
def test_words_for_what_was_meant(tmp_path: Path, given: dict[str, Any], wish: str) -> None:
    choices = {"diesel": {"zh": "柴油", "en": "Diesel"}, "gas": {"zh": "天然气", "en": "Natural gas"}}
    inputs: dict[str, Any] = {
        "open": {"type": "boolean"},
        "fuel": {"type": "choice", "choices": choices},
        "current": {"unit": "kWh"},
    }
    made = small(tmp_path, {"units": {"1e4kWh": {"equals": "10000 kWh"}}, "inputs": {name: {**item, "required": False} for name, item in inputs.items()}})  # fmt: skip
    (finding,) = checked(made, given)
    assert fix(finding, "en") == wish


def test_a_row_that_stands_twice(tmp_path: Path) -> None:
    """The clause of the key column stands beside it; rows are not added up."""
    key = {"type": "text", "source": "guide", "clause": "5"}
    made = small(tmp_path, {"sources": SOURCES, "collections": {"lots": {"key": "no", "columns": {"no": key}}}})
    (finding,) = checked(made, {}, {"lots": [{"no": "a"}, {"no": "b"}, {"no": "a"}]})
    assert finding.code == "case.same-row"
    assert "= source: Guide EX 1, clause 5" in as_text([finding], "en", lambda _file, _line: None)
    assert fix(finding, "en") == "each row once: delete the repeated row or correct one"
    assert fix(finding, "zh") == "每行只写一次：请删去重复的一行，或改正其中之一"


def test_only_numbers_have_units_to_say() -> None:
    from guiju.ruleset.load import schema

    assert "unit_required" in str(schema("ruleset-1"))


# -- ranges -----------------------------------------------------------------------------------------------------------------
def ranged(root: Path, kind: dict[str, Any], **rule: Any) -> Small:
    columns = {"no": {"type": "text"}, "lot": {"type": "text", "required": False}, "a": kind, "b": kind}
    no_overlap = {"from": "a", "to": "b", **rule}
    return small(root, {"collections": {"lots": {"key": "no", "no_overlap": no_overlap, "columns": columns}}})


WHOLE = {"type": "integer", "unit": "1", "required": False}


def rows(*ends: tuple[Any, Any], lots: str = "") -> list[dict[str, Any]]:
    result = [{"no": f"r{n}", **({"a": a} if a is not None else {}), "b": b} for n, (a, b) in enumerate(ends, 1)]
    return [{**row, **({"lot": lots[n]} if lots else {})} for n, row in enumerate(result)]


@pytest.mark.parametrize(
    ("ends", "pairs"),
    [
        ([(1, 10), (11, 20)], []),
        ([(1, 10), (10, 20)], [("r1", "r2", "10")]),  # both ends are included
        ([(10, 20), (1, 10)], [("r1", "r2", "10")]),  # the second is the later one of the file
        ([(1, 100), (2, 3), (50, 60)], [("r1", "r2", "2 – 3"), ("r1", "r3", "50 – 60")]),  # inside a long one
        ([(1, 5), (1, 5)], [("r1", "r2", "1 – 5")]),
        ([(5, 5), (5, 5)], [("r1", "r2", "5")]),
        ([(None, 5), (1, 9)], []),
    ],
)
def test_overlaps(tmp_path: Path, ends: list[Any], pairs: list[tuple[str, str, str]]) -> None:
    found = checked(ranged(tmp_path, WHOLE), {}, {"lots": rows(*ends)})
    facts = [dict(finding.facts) for finding in found if finding.code == "case.overlap"]
    assert [(each["first"], each["second"], each["shared"]) for each in facts] == pairs
    assert all(finding.related[0][0] == "first-range" for finding in found)


def test_only_rows_that_are_alike_are_compared(tmp_path: Path) -> None:
    made = ranged(tmp_path, WHOLE, within=["lot"])
    assert checked(made, {}, {"lots": rows((1, 9), (1, 9), lots="xy")}) == ()
    assert [f.code for f in checked(made, {}, {"lots": rows((1, 9), (1, 9), lots="xx")})] == ["case.overlap"]
    assert [f.code for f in checked(made, {}, {"lots": rows((1, 9), (1, 9))})] == ["case.overlap"], "both say nothing"


def test_a_range_that_runs_backwards(tmp_path: Path) -> None:
    (only,) = checked(ranged(tmp_path, WHOLE), {}, {"lots": rows((9, 3), (4, 5))})
    assert (only.code, dict(only.facts)["start"], dict(only.facts)["end"]) == ("case.range-order", "9", "3")


def test_days_overlap(tmp_path: Path) -> None:
    made = ranged(tmp_path, {"type": "date"})
    days = rows(("2024-01-01", "2024-06-30"), ("2024-06-30", "2024-12-31"))
    (only,) = checked(made, {}, {"lots": days})
    assert dict(only.facts)["shared"] == "2024-06-30"
    days[1]["a"] = "2024-07-01"
    assert checked(made, {}, {"lots": days}) == ()


def test_ends_are_of_one_kind(tmp_path: Path) -> None:
    columns = {"no": {"type": "text"}, "a": WHOLE, "b": {"type": "date"}, "c": {"unit": "t"}}
    for last in ("b", "c", "no"):
        rule = {"from": "a", "to": last}
        made = small(tmp_path, {"collections": {"lots": {"key": "no", "no_overlap": rule, "columns": columns}}})
        assert made.refused() == ["collection.range-type"]
    assert ranged(tmp_path, WHOLE, within=["plot"]).refused() == ["collection.unknown-column"]


# -- words ------------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("clause", "wanted"),
    [("5", "= source: Guide EX 1, clause 5"), ("not seen", "= source: Guide EX 1, clause not seen")],
)
@pytest.mark.parametrize("value", [-1, 101, {"value": 1, "unit": "m3"}, {"value": 1, "unit": "tt"}, "many"], ids=str)
def test_a_refused_value_says_title_and_clause(tmp_path: Path, value: Any, clause: str, wanted: str) -> None:
    item = {"unit": "t", "min": 0, "max": 100, "source": "guide", "clause": clause, "title": title("Output")}
    made = small(tmp_path, {"sources": SOURCES, "inputs": {"out": item}})
    (only,) = checked(made, {"out": value})
    text = as_text([only], "en", lambda _file, _line: None)
    assert "'Output' (out)" in text
    assert wanted in text


@pytest.mark.parametrize(
    ("given", "number"),
    [
        ("1,620", "1620"),
        ("１，６２０．５", "1620.5"),
        ("-12,345,678.9", "-12345678.9"),
        ("1 620", "1620"),
        ("1,62", ""),
        ("ten", ""),
    ],
)
def test_a_number_with_signs_between_its_thousands(tmp_path: Path, given: str, number: str) -> None:
    made = small(tmp_path, {"inputs": {"out": {"unit": "t"}}})
    (only,) = checked(made, {"out": given})
    assert only.code == "case.type"
    assert (f"write {number}," in (fix(only, "en") or "")) == bool(number)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("１２３", "write 123"),
        ("－１２．５", "write -12.5"),
        ("2512800 t", "write number and unit apart: the value 2512800, its unit t (in a workbook: 'unit used')"),
        ("2,512.8kt", "write number and unit apart: the value 2512.8, its unit kt (in a workbook: 'unit used')"),
        ("２５１２ 吨", "write number and unit apart: the value 2512, its unit t (in a workbook: 'unit used')"),
        ("12 m3", None),  # measures something else
        ("12 about", None),
        ("1 2 t", None),
        ("12 (", None),
        ("12 t/", None),
        ("about 12 t", None),
    ],
)
def test_digits_and_units_as_people_write_them(tmp_path: Path, given: str, wanted: str | None) -> None:
    """Told, never taken: the value is refused in every case."""
    made = small(tmp_path, {"inputs": {"out": {"unit": "t"}}})
    (only,) = checked(made, {"out": given})
    assert (only.code, fix(only, "en")) == ("case.type", wanted)


@pytest.mark.parametrize(("given", "wanted"), [(2.5, None), ("2.5", None), ("３", "write 3")], ids=str)
def test_a_whole_number_is_not_told_to_be_a_broken_one(tmp_path: Path, given: Any, wanted: str | None) -> None:
    made = small(tmp_path, {"inputs": {"out": {"type": "integer", "unit": "1"}}})
    (only,) = checked(made, {"out": given})
    assert (only.code, fix(only, "en")) == ("case.type", wanted)


def test_a_comma_that_splits_a_number_in_a_map(tmp_path: Path) -> None:
    path = write_case(tmp_path / "case.yaml", {"out": 1})
    path.write_text(path.read_text(encoding="utf-8").replace('"out": 1', '"out": {value: 1,620}'), encoding="utf-8")
    found = Found()
    assert read_header(path, found) is None
    assert [fix(finding, "en") for finding in found.findings] == [
        "a comma separates entries here and cannot stand in a number; write 1620"
    ]


@pytest.mark.parametrize(
    ("written", "likely"),
    [
        ("［0，80)", "[0,80)"),
        ("【0, 80）", "[0, 80)"),
        ("[0, 1,620)", "[0, 1620)"),
        ("[60, ∞)", "[60, inf)"),
        ("0 to 80", ""),
    ],
)
def test_an_interval_in_other_signs(tmp_path: Path, written: str, likely: str) -> None:
    score = {"kind": "steps", "steps": [{"when": written, "score": 0}]}
    tree = {
        "total": {"weights_total": 1},
        "a": {"parent": "total", "weight": 1, "value": "1", "unit": "1", "score": score},
    }
    found = Found()
    from guiju.ruleset import load
    from small import write

    assert load.load(write(tmp_path, {"indicators": tree}), found) is None
    assert codes(found) == ["schema.pattern"]
    assert dict(found.findings[0].facts)["likely"] == likely


def test_the_pipeline_reports_ranges(tmp_path: Path) -> None:
    made = ranged(tmp_path, WHOLE)
    case = write_case(tmp_path / "case.yaml", {}, {"lots": rows((1, 2), (2, 3))})
    found = Found()
    assert pipeline.assess(case, [made.root / "rulesets"], pipeline.Wish(), found) is None
    assert codes(found) == ["case.overlap"]


def test_a_plan_from_the_cache_knows_the_units_too(tmp_path: Path) -> None:
    kept = pickle.loads(pickle.dumps(small(tmp_path, GAS).plan()))
    assert kept.measures.alike("Nm3") == ["Nm3", "Sm3"]


# -- units that nobody knows ------------------------------------------------------------------------------------------------
def unit_fix(root: Path, own: str, written: str) -> str:
    """What is told of a unit written beside a value of an input in `own`."""
    units = {
        "tcoal": {},
        "1e4tcoal": {"equals": "10000 tcoal"},
        "1e4kWh": {"equals": "10000 kWh"},
        "1e8CNY": {"equals": "100000000 CNY"},
    }
    made = small(root, {"units": units, "inputs": {"amount": {"unit": own, "required": False}}})
    (finding,) = checked(made, {"amount": {"value": 110, "unit": written}})
    return fix(finding, "en") or ""


@pytest.mark.parametrize(
    ("own", "written", "wanted"),
    [
        ("m3", "万m3", "1e4m3"),
        ("m3", "万m³", "1e4m3"),
        ("m3", "万立方米", "1e4m3"),
        ("m3", "1e4m33", "1e4m3"),
        ("tcoal", "万tcoal", "1e4tcoal"),
        ("t", "千吨", "kt"),
        ("t", "百万吨", "Mt"),
        ("kWh", "万度", "1e4kWh"),
        ("kWh", "千瓦时", "kWh"),
        ("m2", "公顷", "ha"),
        ("m2", "万平方米", "ha"),  # as large as ten thousand square metres
        ("CNY", "亿元", "1e8CNY"),
    ],
)
def test_the_unit_that_is_just_as_large(tmp_path: Path, own: str, written: str, wanted: str) -> None:
    assert unit_fix(tmp_path, own, written) == f"did you mean '{wanted}'?"


@pytest.mark.parametrize(
    ("own", "written", "there"),
    [
        ("m3", "亿m3", "m3, L, kL, 1e4m3"),  # m3 is near by its letters, and a hundred million times too small
        ("tcoal", "万吨", "tcoal, 1e4tcoal"),  # tonnes of what is not said
        ("tcoal", "t", "tcoal, 1e4tcoal"),
        ("t", "亿t", "t, g, kg, kt, Mt"),
        ("kWh", "万tce", "kWh, J, kJ, MJ, GJ, TJ, PJ, MWh"),  # eight at most
    ],
)
def test_rather_no_unit_than_one_of_another_size(tmp_path: Path, own: str, written: str, there: str) -> None:
    told = unit_fix(tmp_path, own, written)
    assert "did you mean" not in told
    assert told.endswith(f"there are {there}")


def test_choices_are_told_with_their_titles(tmp_path: Path) -> None:
    choices = {"named": {"zh": "已任命", "en": "appointed"}, "none": {"zh": "没有", "en": "nobody"}}
    made = small(tmp_path, {"inputs": {"officer": {"type": "choice", "choices": choices, "required": False}}})
    (unlike,) = checked(made, {"officer": "一二三"})
    assert fix(unlike, "zh") == "可选的有 named 已任命, none 没有"
    (near,) = checked(made, {"officer": "nmed"})
    assert fix(near, "en") == "did you mean 'named'? There are named appointed, none nobody"

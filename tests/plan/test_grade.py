"""The grade: bands at their edges, gates together, conditions, preconditions, what is missing, the way to the next grade; claims."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju.formula.missing import NotComputed
from small import Run, Small, run, small, title, write_case

PURE = {"unit": "1", "required": False}


def graded(
    root: Path,
    levels: list[str],
    gates: dict[str, Any],
    refusals: tuple[str, ...] = (),
    preconditions: dict[str, Any] | None = None,
    **more: Any,
) -> Small:
    inputs = {
        "x": PURE,
        "y": PURE,
        "p": {"type": "boolean", "required": False},
        "q": {"type": "boolean", "required": False},
    }
    sections = {"inputs": inputs, "grade": {"levels": levels, "refusals": refusals, "gates": gates, **more}}
    return small(root, sections | ({"preconditions": preconditions} if preconditions else {}))


def gate(bands: dict[str, str], value: str = "x", **more: Any) -> dict[str, Any]:
    return {"value": value, "unit": "1", "bands": bands, **more}


def grades(made: Small, *values: str) -> list[Any]:
    plan = made.plan()
    return [run(plan, write_case(made.root / "case.yaml", {"x": Decimal(value)}))["grade.result"] for value in values]


@pytest.mark.parametrize(("bands", "values", "wanted"), [
    ({"A": "[90, inf)", "B": "[80, 90)", "C": "(-inf, 80)"}, "79.999 80 89.999 90 1000", "C B B A A"),
    ({"A": "(90, inf)", "B": "(80, 90]", "C": "(-inf, 80]"}, "80 80.001 90 90.001", "C B B A"),
    ({"A": "(-inf, 1)", "B": "[1, 2]", "C": "(2, inf)"}, "0.999 1 2 2.001", "A B B C"),
    ({"A": "[0, 0]", "B": "(0, 10]", "C": "(10, inf)"}, "0 0.001 10 10.001", "A B B C"),
    ({"A": "(0, 10]", "B": "[0, 0]", "C": "(-inf, 0)"}, "-1 0 0.001 10", "C B A A"),
    ({"A": "[5, 5]", "B": "(-inf, 5)", "C": "(5, inf)"}, "4.999 5 5.001", "B A C"),
    ({"A": "(-inf, inf)"}, "-5 0 5", "A A A"),
    ({"A": "(-1, 1)", "B": "[1, inf)", "C": "(-inf, -1]"}, "-1 -0.999 0 0.999 1", "C A A A B"),
])  # fmt: skip
def test_edges_of_bands(tmp_path: Path, bands: dict[str, str], values: str, wanted: str) -> None:
    covers = (
        {"covers": "[0, inf)"}
        if bands["A"] == "[0, 0]"
        else {"covers": "(-inf, 10]"}
        if bands["A"] == "(0, 10]"
        else {}
    )
    made = graded(tmp_path, list(bands), {"g": gate(bands, **covers)})
    assert grades(made, *values.split()) == wanted.split()


@pytest.mark.parametrize(
    "levels", [["A+", "A", "A-"], ["A-1", "A", "A1"], ["AA-1", "AA", "AA+1"], ["Aminus", "A-", "A"]]
)
def test_names_of_levels_are_free(tmp_path: Path, levels: list[str]) -> None:
    bands = dict(zip(levels, ("[90, inf)", "[80, 90)", "(-inf, 80)"), strict=True))
    assert grades(graded(tmp_path, levels, {"g": gate(bands)}), "90", "89", "80", "79") == [
        levels[0],
        levels[1],
        levels[1],
        levels[2],
    ]


def test_two_levels_that_would_share_a_name_are_refused(tmp_path: Path) -> None:
    bands = {"A_minus1": "[90, inf)", "A-1": "[80, 90)", "A": "(-inf, 80)"}
    assert graded(tmp_path, list(bands), {"g": gate(bands)}).refused() == ["plan.name-taken"]


def test_outside_of_what_the_bands_cover_there_is_no_grade(tmp_path: Path) -> None:
    made = graded(tmp_path, ["A", "B"], {"g": gate({"A": "[80, 100]", "B": "[0, 80)"}, covers="[0, 100]")})
    assert grades(made, "0", "100") == ["B", "A"]
    below, above = grades(made, "-0.001", "100.001")
    assert isinstance(below, NotComputed)
    assert isinstance(above, NotComputed)


@pytest.mark.parametrize(("bands", "code"), [
    ({"A": "[80, inf)", "B": "(-inf, 79)"}, "interval.gap"), ({"A": "[80, inf)", "B": "(-inf, 80]"}, "interval.overlap"), ({"A": "(80, inf)", "B": "(-inf, 80)"}, "interval.gap"),
    ({"A": "[80, 90)", "B": "(-inf, 80)"}, "interval.end"), ({"A": "[80, inf)", "B": "[0, 80)"}, "interval.start"), ({"A": "[80, inf)"}, "grade.level-without-band"),
    ({"A": "[80, inf)", "B": "(-inf, 80)", "C": "[1, 2]"}, "grade.unknown-level"), ({"A": "[80, inf]", "B": "(-inf, 80)"}, "interval.closed-infinity"),
    ({"A": "[90, 80]", "B": "(-inf, 80)"}, "interval.empty"),
])  # fmt: skip
def test_bands_cover_once(tmp_path: Path, bands: dict[str, str], code: str) -> None:
    assert code in graded(tmp_path, ["A", "B"], {"g": gate(bands)}).refused()


TWO = {
    "one": gate({"A": "[80, inf)", "B": "[60, 80)", "C": "(-inf, 60)"}),
    "two": gate({"A": "[1, inf)", "B": "[0.5, 1)", "C": "(-inf, 0.5)"}, "y"),
}


@pytest.mark.parametrize(("combine", "x", "y", "wanted", "deciding"), [
    ("lowest", "90", "0.6", "B", ["two"]), ("lowest", "70", "1", "B", ["one"]), ("lowest", "70", "0.7", "B", ["one", "two"]), ("lowest", "90", "2", "A", ["one", "two"]),
    ("highest", "90", "0.1", "A", ["one"]), ("highest", "10", "0.6", "B", ["two"]), ("highest", "10", "0", "C", ["one", "two"]),
])  # fmt: skip
def test_gates_together(tmp_path: Path, combine: str, x: str, y: str, wanted: str, deciding: list[str]) -> None:
    result = graded(tmp_path, ["A", "B", "C"], TWO, combine=combine).run({"x": Decimal(x), "y": Decimal(y)})
    assert (result.grade["result"], result.grade["deciding"]) == (wanted, deciding)


@pytest.mark.parametrize("combine", ["lowest", "highest"])
def test_a_condition_caps_the_grade_and_never_lifts_it(tmp_path: Path, combine: str) -> None:
    made = graded(
        tmp_path, ["A", "B", "C"], {"g": TWO["one"], "veto": {"condition": "p", "otherwise": "B"}}, combine=combine
    )
    assert [made.run({"x": x, "p": True})["grade.result"] for x in (90, 70, 10)] == ["A", "B", "C"]
    assert [made.run({"x": x, "p": False})["grade.result"] for x in (90, 70, 10)] == ["B", "B", "C"]
    assert made.run({"x": 90, "p": False}).grade["deciding"] == ["veto"]


def test_a_gate_that_is_off_is_shown_and_decides_nothing(tmp_path: Path) -> None:
    gates = {
        "one": TWO["one"],
        "two": {**TWO["two"], "enabled": False},
        "veto": {"condition": "p", "otherwise": "C", "enabled": False},
    }
    result = graded(tmp_path, ["A", "B", "C"], gates).run({"x": 90})
    assert result.grade["result"] == "A"
    assert [(entry["id"], entry["enabled"]) for entry in result.grade["gates"]] == [
        ("one", True),
        ("two", False),
        ("veto", False),
    ]


def test_only_gates_that_are_off(tmp_path: Path) -> None:
    assert graded(tmp_path, ["A", "B", "C"], {"one": {**TWO["one"], "enabled": False}}).refused() == ["grade.no-gate"]


CONDITIONS = {"legal": {"expr": "p", "otherwise": "not_rated"}, "clean": {"expr": "q", "otherwise": "refused"}}


@pytest.mark.parametrize(("p", "q", "wanted", "deciding"), [
    (True, True, "A", ["one"]), (False, True, "not_rated", ["legal"]), (True, False, "refused", ["clean"]), (False, False, "not_rated", ["legal"]), (False, None, "not_rated", ["legal"]),
])  # fmt: skip
def test_preconditions(tmp_path: Path, p: bool, q: bool | None, wanted: str, deciding: list[str]) -> None:
    made = graded(tmp_path, ["A", "B", "C"], {"one": TWO["one"]}, ("not_rated", "refused"), CONDITIONS)
    result = made.run({"x": 90, "p": p, "q": q})
    assert (result.grade["result"], result.grade["deciding"]) == (wanted, deciding)
    assert result.grade["refused"] is (wanted in ("not_rated", "refused"))
    assert [entry["met"] for entry in result.grade["preconditions"]] == [p, q]


@pytest.mark.parametrize("inputs", [{"x": 90, "p": True}, {"x": 90, "q": False}, {"p": True, "q": True}, {}])
def test_no_grade_while_something_is_missing(tmp_path: Path, inputs: dict[str, Any]) -> None:
    """Neither a grade nor a refusal is guessed; the assessment says what is missing and nothing decides."""
    made = graded(tmp_path, ["A", "B", "C"], {"one": TWO["one"]}, ("not_rated", "refused"), CONDITIONS)
    grade = made.run(inputs).grade
    assert (grade["result"], grade["label"], grade["computed"], grade["deciding"], grade["next"]) == (
        None,
        None,
        False,
        [],
        None,
    )
    gone = {"x", "p", "q"} - set(inputs)
    assert {cause["origin"] for cause in grade["missing"]} == gone


def test_a_refusal_that_is_not_there(tmp_path: Path) -> None:
    assert graded(
        tmp_path, ["A", "B", "C"], {"one": TWO["one"]}, ("other",), {"legal": CONDITIONS["legal"]}
    ).refused() == ["grade.unknown-refusal"]


def needs(result: Run) -> dict[str, Any]:
    assert result.grade["next"] is not None
    return {entry["gate"]: entry for entry in result.grade["next"]["needs"]}


def test_the_way_to_the_next_grade(tmp_path: Path) -> None:
    made = graded(tmp_path, ["A", "B", "C"], {**TWO, "veto": {"condition": "p", "otherwise": "B"}})
    result = made.run({"x": Decimal("71.5"), "y": 3, "p": False})
    assert result.grade["next"]["level"] == "A"
    assert (needs(result)["one"]["figure"], needs(result)["one"]["bound"], needs(result)["one"]["gap"]) == (
        "71.5",
        "80",
        "8.5",
    )
    assert needs(result)["veto"]["condition"] is True
    assert set(needs(result)) == {"one", "veto"}
    assert made.run({"x": 90, "y": 1, "p": True}).grade["next"] is None


def test_the_next_grade_is_one_step_only(tmp_path: Path) -> None:
    result = graded(tmp_path, ["A", "B", "C"], TWO).run({"x": 10, "y": Decimal("0.7")})
    assert result.grade["next"]["level"] == "B"
    assert set(needs(result)) == {"one"}
    assert needs(result)["one"]["gap"] == "50"


@pytest.mark.parametrize(("bands", "x", "bound", "gap", "open_"), [
    ({"A": "(5, inf)", "B": "(-inf, 5]"}, "5", "5", "0", True), ({"A": "[5, inf)", "B": "(-inf, 5)"}, "4.9", "5", "0.1", False),
    ({"A": "(-inf, 5)", "B": "[5, inf)"}, "7", "5", "-2", True), ({"A": "(-inf, 5]", "B": "(5, inf)"}, "7", "5", "-2", False),
])  # fmt: skip
def test_the_gap_says_on_which_side(
    tmp_path: Path, bands: dict[str, str], x: str, bound: str, gap: str, open_: bool
) -> None:
    entry = needs(graded(tmp_path, ["A", "B"], {"g": gate(bands)}).run({"x": Decimal(x)}))["g"]
    assert (entry["bound"], entry["gap"], entry.get("open", False)) == (bound, gap, open_)


def test_the_gap_is_taken_from_the_figure_that_is_compared(tmp_path: Path) -> None:
    bands = {"A": "[80, inf)", "B": "(-inf, 80)"}
    rounded = graded(tmp_path / "r", ["A", "B"], {"g": gate(bands, round={"digits": 1})}).run({"x": Decimal("79.94")})
    full = graded(tmp_path / "f", ["A", "B"], {"g": gate(bands, round={"digits": 1}, compare="full")}).run(
        {"x": Decimal("79.96")}
    )
    assert needs(rounded)["g"]["gap"] == "0.1"
    assert needs(full)["g"]["gap"] == "0.04"


def test_units_of_a_gate_are_converted(tmp_path: Path) -> None:
    bands = {"A": "[50, inf)", "B": "(-inf, 50)"}
    made = graded(tmp_path, ["A", "B"], {"g": {"value": "x", "unit": "%", "bands": bands}})
    assert grades(made, "0.5", "0.49") == ["A", "B"]


def test_claims_hold_when_all_their_requirements_do(tmp_path: Path) -> None:
    inputs = {"x": PURE, "p": {"type": "boolean", "required": False}}
    made = small(tmp_path, {"inputs": inputs, "claims": {"neutral": {"requires": {"offset": "x >= 1", "proved": "p"}}}})

    def claim(**given: Any) -> tuple[Any, list[Any]]:
        entry = made.run(given).data["claims"][0]
        return entry["holds"], [part["met"] for part in entry["requires"]]

    assert claim(x=1, p=True) == (True, [True, True])
    assert claim(x=2, p=False) == (False, [True, False])
    assert claim(p=False) == (False, [None, False])
    assert claim(p=True) == (None, [None, True])


def test_a_band_half_stated_is_shown_as_proposed(tmp_path: Path) -> None:
    """The lower edge of `low` is stated; its upper edge is not, so only the lowest band has two stated ends."""
    gate = {
        "value": "x",
        "unit": "1",
        "bands": {"high": "[70, 100]", "low": "[60, 70)", "none": "[0, 60)"},
        "covers": "[0, 100]",
        "band_basis": {"low": "stated", "none": "stated"},
    }
    levels = {name: {"label": title(name)} for name in ("high", "low", "none")}
    sources = {"s": {"title": title("s"), "access": "read", "clauses": {"5": title("five")}}}
    grade = {"levels": levels, "gates": {"g": {**gate, "source": "s", "clause": "5"}}}
    result = small(tmp_path, {"inputs": {"x": {"unit": "1"}}, "sources": sources, "grade": grade}).run({"x": 65})
    (made,) = result.grade["gates"]
    assert {band["level"]: band["basis"] for band in made["bands"]} == {
        "high": "proposed",
        "low": "proposed",
        "none": "stated",
    }
    nodes = result.data["nodes"]
    assert nodes["grade.g_edge_low"]["basis"] == "stated"

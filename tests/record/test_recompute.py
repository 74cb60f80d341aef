"""recompute.py: a second way to every value, without a line of the engine."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from made import RULESETS, Entries, packed

import guiju
from guiju.record import archive
from guiju.record.canonical import canonical, digest
from guiju.record.matter import MANIFEST
from small import filled

SCRIPT = Path(guiju.__file__).parent / "record" / "recompute.py"
MOST_LINES = 250
CASES = sorted(RULESETS.glob("*/*/cases/*.yaml"))


def run(place: Path, *args: Path) -> subprocess.CompletedProcess[str]:
    """As a stranger runs it: isolated, so that nothing but the standard library can be found."""
    script = place / "recompute.py"
    return subprocess.run(
        [sys.executable, "-I", "-S", script, *args], capture_output=True, text=True, encoding="utf-8", check=False,
        cwd=place, env={"PYTHONUTF8": "1"},
    )  # fmt: skip


def unpacked(entries: Entries, place: Path) -> Path:
    for name, content in entries.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_bytes(content)
    return place


def test_it_is_short_and_stands_alone() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= MOST_LINES
    imports = {name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names}
    imports |= {str(node.module) for node in ast.walk(ast.parse(text)) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imports} <= sys.stdlib_module_names


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_every_shipped_case_comes_out_the_same(case: Path, tmp_path: Path) -> None:
    entries = packed(case)
    done = run(unpacked(entries, tmp_path))
    assert (done.returncode, done.stderr) == (0, "")
    nodes = json.loads(entries["assessment.json"])["nodes"]
    assert int(done.stdout.split()[4]) > len(nodes), "every node, and what every formula used"


def test_it_reads_the_zip_as_well(tmp_path: Path) -> None:
    entries = packed(CASES[0])
    unpacked(entries, tmp_path / "a")
    (tmp_path / "x.zip").write_bytes(archive.build(entries))
    assert run(tmp_path / "a", tmp_path / "x.zip").returncode == 0


def test_another_value_is_named(tmp_path: Path) -> None:
    entries = dict(packed(CASES[-1]))
    assessment = json.loads(entries["assessment.json"])
    name = next(name for name, node in assessment["nodes"].items() if node["kind"] == "formula" and "value" in node)
    assessment["nodes"][name]["value"] = "123456"
    entries["assessment.json"] = canonical(assessment)
    done = run(unpacked(entries, tmp_path))
    assert done.returncode == 1
    assert "the hash of assessment.json" in done.stderr
    manifest = json.loads(entries[MANIFEST])
    manifest["entries"]["assessment.json"]["sha256"] = digest(entries["assessment.json"])
    (tmp_path / MANIFEST).write_bytes(canonical(manifest))
    done = run(tmp_path)
    assert done.returncode == 1
    assert f"{name} is '123456' in assessment.json" in done.stderr


# formula → unit and the value worked by hand; None: missing
FORMULAS: dict[str, tuple[str, str | bool | None]] = {
    "1 / 3": ("1", "0." + "3" * 34),
    "2 / 3 * 3": ("1", "2"),  # 2.0000000000000000000000000000000001 has 35 digits
    "one / zero": ("1", None),
    "coalesce(one / zero, 7)": ("1", "7"),
    "where(one > zero, 5, one / zero)": ("1", "5"),
    "where(lost > 0, 5, 6)": ("1", None),
    "zero * lost": ("1", None),
    "min(one, 3, -2)": ("1", "-2"),
    "max(one, lost)": ("1", None),
    "abs(0 - 5.5)": ("1", "5.5"),
    "floor(0 - 1.5) + ceil(1.2)": ("1", "0"),
    "round(2.5) + round(3.5)": ("1", "6"),
    "round(2.675, 2)": ("1", "2.68"),
    "power(2, 10)": ("1", "1024"),
    "root(27, 3)": ("1", "3"),
    "root(0 - 1, 3)": ("1", None),
    "ln(exp(2))": ("1", "2"),
    "ln(zero)": ("1", None),
    "require(one > zero, 4)": ("1", "4"),
    "require(zero > one, 4)": ("1", None),
    "lookup(steps.low, 9.99)": ("1", "1"),
    "lookup(steps.low, 10)": ("1", "2"),
    "lookup(steps.low, minus)": ("1", None),
    "lookup(grades.points, 9.99)": ("1", "10"),
    "lookup(grades.points, 10.01)": ("1", "20"),
    "lookup(names.size, town)": ("1", "8"),
    'convert(mass, "kg", "t")': ("t", "0.0015"),
    "sum(fuels.amount)": ("1", "6"),
    "min(fuels.amount) + max(fuels.amount) + count(fuels)": ("1", "7"),
    "count_if(fuels.fossil)": ("1", "2"),
    'sum_where(fuels.amount, fuels.kind, "b")': ("1", "5"),
    'count_where(fuels.kind, "b")': ("1", "2"),
    'sum_where(fuels.amount, fuels.kind, "none")': ("1", "0"),
    "sum(fuels.twice)": ("1", "12"),
    "clamp(9, zero, 5) + normalise(5, 0, 20) + climb(9, 10, 2, 8)": ("1", "6.25"),
    "year(period_end)": ("1", "2024"),
    "days_between(period_start, period_end)": ("d", "365"),
    "days_between(period_start, months_after(period_start, 14))": ("d", "425"),
    "any(fuels.fossil) and not all(fuels.fossil)": ("boolean", True),
    'one in (1, 2) and town not in ("x", "y")': ("boolean", True),
    "lost > 0 or one == 1": ("boolean", True),
    "lost > 0 and one == 2": ("boolean", False),
    "lost > 0 and one == 1": ("boolean", None),
    "known(lost) == false": ("boolean", True),
    "exp(14000) * exp(14000)": ("1", None),
}  # fmt: skip
ROUNDED = {
    "interval": ({"interval": 0.5, "mode": "half_even"}, "2.75", "3"),
    "interval_away": ({"interval": 0.2, "mode": "half_away"}, "0.3", "0.4"),
    "significant": ({"significant": 2}, "0.012345", "0.012"),
    "up": ({"digits": 1, "mode": "up"}, "1.01", "1.1"),
    "down": ({"digits": 0, "mode": "down"}, "0 - 1.9", "-1"),
}


def small_ruleset() -> dict[str, Any]:
    def formula(text: str, unit: str) -> dict[str, Any]:
        return {"expr": text, **({"type": unit} if unit == "boolean" else {"unit": unit})}

    formulas = {f"f{number}": formula(text, unit) for number, (text, (unit, _)) in enumerate(FORMULAS.items())}
    formulas |= {f"r_{name}": {"expr": text, "unit": "1", "round": rule} for name, (rule, text, _) in ROUNDED.items()}
    formulas["twice"] = {"expr": "amount * 2", "unit": "1", "per": "fuels"}
    number = {"type": "number", "unit": "1"}
    steps = [{"edge": edge, "low": low} for edge, low in ((0, 1), (10, 2), (20, 3))]
    grades = [{"edge": edge, "points": points} for edge, points in ((10, 10), (20, 20))]
    return filled({
        "inputs": {"one": number, "zero": number, "lost": number, "minus": number, "town": {"type": "text"}, "mass": {"type": "number", "unit": "kg"}},
        "collections": {"fuels": {"key": "fuel", "columns": {
            "fuel": {"type": "text"}, "kind": {"type": "text"}, "amount": number, "fossil": {"type": "boolean"}}}},
        "tables": {
            "steps": {"keys": [{"name": "edge", "type": "number", "match": "floor"}], "columns": {"low": {"unit": "1"}}, "rows": steps},
            "grades": {"keys": [{"name": "edge", "type": "number", "match": "ceiling"}], "columns": {"points": {"unit": "1"}}, "rows": grades},
            "names": {"keys": [{"name": "town", "type": "text"}], "columns": {"size": {"unit": "1"}}, "rows": [{"town": "镇", "size": 8}]},
        },
        "formulas": formulas,
    })  # fmt: skip


def test_every_part_of_the_language(tmp_path: Path) -> None:
    """The values that the engine gives are those worked by hand; the script then compares all of them with its own."""
    words = {"zh": "例", "en": "example"}
    ruleset = {"format": 1, "id": "all", "version": "1", "title": words, "status": "draft", **small_ruleset()}
    rows = [
        {"fuel": "x", "kind": "a", "amount": 1, "fossil": True},
        {"fuel": "y", "kind": "b", "amount": 2, "fossil": False},
        {"fuel": "z", "kind": "b", "amount": 3, "fossil": True},
    ]
    case = {
        "case": 1, "id": "all", "title": words, "ruleset": "all@1", "role": "self", "subject": {"name": words},
        "period": {"from": "2024-01-01", "to": "2024-12-31"}, "collections": {"fuels": rows},
        "inputs": {"one": 1, "zero": 0, "minus": -1, "town": "镇", "mass": 1.5},
    }  # fmt: skip
    home = tmp_path / "rulesets" / "all" / "1"
    home.mkdir(parents=True)
    (home / "ruleset.yaml").write_text(json.dumps(ruleset), encoding="utf-8")
    (tmp_path / "case.yaml").write_text(json.dumps(case), encoding="utf-8")
    entries = packed(tmp_path / "case.yaml", roots=(tmp_path / "rulesets",))
    nodes = json.loads(entries["assessment.json"])["nodes"]
    values = {text: nodes[f"f{number}"]["value"] for number, text in enumerate(FORMULAS)}
    assert values == {text: value for text, (_, value) in FORMULAS.items()}
    assert {name: nodes[f"r_{name}"]["value"] for name in ROUNDED} == {
        name: wish for name, (_, _, wish) in ROUNDED.items()
    }
    done = run(unpacked(entries, tmp_path / "open"))
    assert (done.returncode, done.stderr) == (0, "")

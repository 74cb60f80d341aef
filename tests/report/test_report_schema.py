"""Real assessments are as schemas/assessment-1.schema.json says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry

from guiju import api
from guiju.cli.main import status
from guiju.evaluation.text import as_text
from guiju.places import schema_file
from small import small

ROOT = Path(__file__).resolve().parents[2]
CASES = sorted((ROOT / "rulesets").glob("*/*/cases/*.yaml"))
VALIDATOR = Draft202012Validator(
    json.loads(schema_file("assessment-1").read_text(encoding="utf-8")), registry=Registry()
)


def problems(data: Any) -> list[str]:
    plain = json.loads(as_text(data))
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in VALIDATOR.iter_errors(plain)
    ]


@pytest.mark.parametrize("case", CASES, ids=[f"{path.parts[-4]}-{path.stem}" for path in CASES])
def test_shipped_cases(case: Path) -> None:
    head = case.read_text(encoding="utf-8")
    ref = next(line.split(":", 1)[1].strip().strip('"') for line in head.splitlines() if line.startswith("ruleset:"))
    variant = next((line.split(":", 1)[1].strip() for line in head.splitlines() if line.startswith("variant:")), None)
    assert problems(api.evaluate(api.prepare(api.load(ref, rulesets=ROOT / "rulesets"), variant), case).data) == []


def test_a_new_ruleset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert status(["new", "own"]) == 0
    case = Path("rulesets/own/0.1/cases/example.yaml")
    assert problems(api.evaluate(api.prepare(api.load("own@0.1"), "light"), case).data) == []


ODD: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "nothing given": ({"inputs": {"a": {"unit": "t"}}, "formulas": {"f": {"expr": "a * 2", "unit": "t"}}}, {}),
    "division by zero": ({"inputs": {"a": {"unit": "t"}}, "formulas": {"f": {"expr": "a / (a - a)", "unit": "1"}}}, {"a": 1}),
    "every type": (
        {
            "inputs": {"a": {"type": "boolean"}, "b": {"type": "date"}, "c": {"type": "text"}, "d": {"type": "choice", "choices": {"x": {"zh": "x", "en": "x"}}}},
            "formulas": {"f": {"expr": "not a", "type": "boolean"}, "g": {"expr": "months_after(b, 1)", "type": "date"}, "h": {"expr": "where(a, c, d)", "type": "text"}},
        },
        {"a": True, "b": "2024-05-05", "c": "x", "d": "x"},
    ),
    "a collection with gaps": (
        {
            "collections": {"rows": {"key": "k", "columns": {"k": {"type": "text"}, "v": {"unit": "t", "required": False}, "w": {"unit": "t", "default": 2}}}},
            "formulas": {"p": {"per": "rows", "expr": "v + w", "unit": "t"}, "s": {"expr": "sum(rows.p)", "unit": "t"}},
        },
        {},
    ),
    "changed and rounded": (
        {
            "inputs": {"a": {"unit": "t"}},
            "formulas": {
                "f": {
                    "expr": "a", "unit": "t", "round": {"interval": 0, "mode": "up"} | {"interval": 5}, "since": "1",
                    "changed": [{"version": "1", "what": {"zh": "改", "en": "x"}, "why": {"zh": "因", "en": "y"}}],
                }
            },
        },
        {"a": {"value": 3, "unit": "kg", "origin": "measured", "source": "s", "note": "n", "reason": "r"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_assessments(name: str, tmp_path: Path) -> None:
    sections, inputs = ODD[name]
    rows = {"rows": [{"k": "one"}, {"k": "two", "v": 1}]} if "collections" in sections else None
    assert problems(small(tmp_path, sections).run(inputs, collections=rows).data) == []


def test_the_schema_refuses_what_is_no_assessment() -> None:
    assert list(VALIDATOR.iter_errors({"assessment": 1}))
    assert list(VALIDATOR.iter_errors({"assessment": 2}))

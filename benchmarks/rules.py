"""workload.yaml → Workload: the rules of the benchmark as text, read by every contestant."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

HERE = Path(__file__).parent
WORKLOAD = HERE / "workload" / "workload.yaml"
SAMPLE = HERE / "workload" / "sample.jsonl"
TABLE_CALL = re.compile(r"(interp|step)\((\w+), '(\w+)'\)")


@dataclass(frozen=True, slots=True)
class Quantity:
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Input:
    unit: str
    distribution: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A score table: `interp` (piecewise linear, clamped) or `step` (the value of the last edge reached)."""

    kind: str
    x: tuple[str, ...]
    y: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Formula:
    name: str
    unit: str
    expr: str


@dataclass(frozen=True, slots=True)
class Workload:
    inputs: Mapping[str, Input]
    params: Mapping[str, Quantity]
    tables: Mapping[str, Table]
    formulas: Sequence[Formula]


def read_workload(path: Path = WORKLOAD) -> Workload:
    """Every number stays the text that was written."""
    data = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # BaseLoader builds text only
    return Workload(
        inputs={name: Input(e["unit"], tuple(e["dist"])) for name, e in data["inputs"].items()},
        params={name: Quantity(e["value"], e["unit"]) for name, e in data["params"].items()},
        tables={name: Table(e["kind"], tuple(e["x"]), tuple(e["y"])) for name, e in data["tables"].items()},
        formulas=[Formula(e["name"], e["unit"], " ".join(e["expr"].split())) for e in data["formulas"]],
    )


def read_sample(path: Path = SAMPLE) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Inputs and the 150 values of each row, computed with exact fractions, 24 significant digits."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(row["inputs"], row["values"]) for row in rows]

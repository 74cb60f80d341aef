"""How long report, package and verification take: the shipped example, and as PDF a case whose annex table has many rows.

python benchmarks/record.py [--rows 10000] [--repeat 5]
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from start import Run, run
from workbook import RULESET, trip

EXAMPLE = Path(__file__).parents[1] / "rulesets" / "carbon-neutral-mine" / "2025.1" / "cases" / "underground.yaml"
HEAD = """case: 1
id: rows
title: {zh: 多行, en: Many rows}
ruleset: rows@1
role: self
subject: {name: {zh: 例, en: Example}}
period: {from: "2024-01-01", to: "2024-12-31"}
evidence: {b1: {kind: bill, title: {zh: 单, en: Bill}}}
collections:
  trips:
"""


VALUES = 3  # of a row of the case: each is a row of the annex


def row(number: int) -> str:
    """One row of a case, of the same data as the workbook's."""
    told = trip(number)
    mode = ("rail", "road")[number % 2]
    mass = f"{{value: {told['mass']}, unit: t, origin: measured, evidence: [b1]}}"
    return f'    - {{trip: {told["trip"]}, mode: {mode}, mass: {mass}, day: "{told["day"]}"}}\n'


def many_rows(folder: Path, rows: int) -> Path:
    """A case with a collection of that many rows, and its ruleset."""
    ruleset = folder / "rulesets" / "rows" / "1"
    ruleset.mkdir(parents=True)
    (ruleset / "ruleset.yaml").write_text(RULESET, encoding="utf-8")
    case = folder / "rows.yaml"
    case.write_text(HEAD + "".join(map(row, range(rows))), encoding="utf-8")
    return case


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--repeat", type=int, default=5)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        rows, package, out = many_rows(folder, asked.rows // VALUES + 1), folder / "example.zip", folder / "out"
        commands: dict[str, list[object]] = {
            "evaluate": ["evaluate", EXAMPLE, "-o", folder / "example.json"],
            "report, three formats": ["report", EXAMPLE, "-o", out],
            "pack": ["pack", EXAMPLE, "-o", package],
            "verify": ["verify", package],
            "verify --documents": ["verify", package, "--documents"],
            f"report with {asked.rows} rows as PDF": [
                "report", rows, "-o", folder / "rows.pdf", "--rulesets", folder / "rulesets"
            ],
        }  # fmt: skip
        runs: dict[str, list[Run]] = {name: [] for name in commands}
        for _ in range(asked.repeat):  # in turn, so that a busy moment hits all
            for name, command in commands.items():
                runs[name].append(run([sys.executable, "-m", "guiju", *map(str, command)]))
        base = statistics.median(each.processor for each in runs["evaluate"])
        print("| command | wall, best | processor, median | ÷ evaluate | MB |\n|---|---|---|---|---|")
        for name, done in runs.items():
            processor = statistics.median(each.processor for each in done)
            best, memory = min(each.seconds for each in done), max(each.megabytes for each in done)
            print(f"| {name} | {best:.2f} s | {processor:.2f} s | {processor / base:.1f} | {memory:.0f} |")


if __name__ == "__main__":
    main()

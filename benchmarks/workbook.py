"""How long `guiju import` takes for a workbook whose largest collection has many rows.

python benchmarks/workbook.py [--rows 10000] [--repeat 5]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from guiju import load, prepare
from guiju.workbook.layout import layout
from guiju.workbook.write import workbook
from start import run

RULESET = """format: 1
id: rows
version: "1"
title: {zh: 多行, en: Many rows}
status: draft
evidence: {bill: {title: {zh: 发票, en: Bill}}}
collections:
  trips:
    title: {zh: 运输, en: Trips}
    key: trip
    columns:
      trip: {title: {zh: 车次, en: trip}, type: text}
      mode: {title: {zh: 方式, en: mode}, type: choice, choices: {rail: {zh: 铁路, en: rail}, road: {zh: 公路, en: road}}}
      mass: {title: {zh: 质量, en: mass}, unit: kg, min: 0, evidence: [bill]}
      day: {title: {zh: 日期, en: day}, type: date}
formulas:
  whole: {title: {zh: 合计, en: Sum}, expr: sum(trips.mass), unit: t, basis: proposed}
"""
ABOUT = {
    "id": "rows", "title.zh": "多行", "title.en": "Many rows", "role": "self", "subject.name.zh": "例", "subject.name.en": "Example",
    "period.from": "2024-01-01", "period.to": "2024-12-31",
}  # fmt: skip


def trip(number: int) -> dict[str, str]:
    """One filled row: key, choice, number with its unit, day, origin and evidence."""
    return {
        "trip": f"T-{number:06}",
        "mode": ("铁路 rail", "公路 road")[number % 2],
        "mass": f"{number % 900 + 10}.{number % 100:02}",
        "mass.unit": "t",
        "day": f"2024-{number % 12 + 1:02}-{number % 28 + 1:02}",
        "row.origin": "实测 measured",
        "row.evidence": "b1",
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=10_000)
    options.add_argument("--repeat", type=int, default=5)
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        ruleset = folder / "rulesets" / "rows" / "1"
        ruleset.mkdir(parents=True)
        (ruleset / "ruleset.yaml").write_text(RULESET, encoding="utf-8")
        plan = prepare(load(ruleset))
        bill = {"name": "b1", "kind": "发票 Bill", "title.zh": "单", "title.en": "Bill"}
        filling = {
            "case": [{"name": name, "value": value} for name, value in ABOUT.items()],
            "trips": [trip(number) for number in range(asked.rows)],
            "evidence": [bill],
        }
        begin = time.perf_counter()
        raw = workbook(layout(plan), filling, plan.ruleset.title)
        print(f"written: {asked.rows} rows, {len(raw) / 1000:.0f} kB in {time.perf_counter() - begin:.2f} s")
        (folder / "rows.xlsx").write_bytes(raw)
        os.environ["GUIJU_CACHE"] = str(folder / "cache")
        command = [sys.executable, "-m", "guiju", "import", str(folder / "rows.xlsx"), "-o", str(folder / "rows.yaml")]
        command += ["--rulesets", str(folder / "rulesets")]
        runs = [run(command) for _ in range(asked.repeat + 1)][1:]  # the first one fills the caches
        for what, values in (("wall", [r.seconds for r in runs]), ("processor", [r.processor for r in runs])):
            print(f"import, {what}: median {statistics.median(values):.2f} s, best {min(values):.2f} s")
        print(f"peak memory: {max(r.megabytes for r in runs):.0f} MB")


if __name__ == "__main__":
    main()

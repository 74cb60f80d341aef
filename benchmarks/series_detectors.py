"""Planted errors against the detectors of meter series: precision and recall, by kind and step.

    PYTHONPATH=engine:tests python benchmarks/series_detectors.py [--seeds 20] [--write]

An error counts as found where a flag of its kind shares a reading with it; a flag counts as right where it shares one with an
error of its kind. `--write` puts the table into docs/series.md. Seeds are fixed, so the figures are those that are published.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from datetime import date, datetime
from itertools import product
from pathlib import Path

from guiju.diagnostics.finding import Finding, Found
from guiju.intake.series import summed
from guiju.series.model import Asked
from planted import FAINT, KINDS, PLAIN, Planted, Size, Year, clean, with_errors

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "series.md"
BLOCK = re.compile(r"(?<=<!-- figures -->\n).*?(?=<!-- end of figures -->)", re.DOTALL)
STEPS = {15: "15 min", 1440: "1 d"}
SIZES = {"plain": PLAIN, "faint": FAINT}


def flags(year: Year, folder: Path) -> tuple[Finding, ...]:
    found = Found()
    done = summed(year.write(folder / "year.csv"), Asked(date(2024, 1, 1), date(2024, 12, 31)), "kWh", found)
    assert done is not None, found.findings
    return done.flags


def span(flag: Finding) -> tuple[datetime, datetime]:
    facts = dict(flag.facts)
    return datetime.fromisoformat(facts["first"]), datetime.fromisoformat(facts["last"])


def meet(flag: Finding, error: Planted) -> bool:
    first, last = span(flag)
    return flag.code == f"series.{error.kind}" and first <= error.last and error.first <= last


def measure(minutes: int, size: Size, seeds: range, folder: Path) -> dict[str, Counter[str]]:
    """By kind: errors planted, found, flags, right ones; flags in clean years."""
    result = {kind: Counter[str]() for kind in KINDS}
    for seed in seeds:
        year = with_errors(seed, minutes, size)
        found = flags(year, folder)
        for error in year.planted:
            result[error.kind]["planted"] += 1
            result[error.kind]["found"] += any(meet(flag, error) for flag in found)
        for flag in found:
            kind = flag.code.partition(".")[2]
            if kind in result:
                result[kind]["flags"] += 1
                result[kind]["right"] += any(meet(flag, error) for error in year.planted)
        for flag in flags(clean(seed, minutes), folder):
            kind = flag.code.partition(".")[2]
            if kind in result:
                result[kind]["false in clean years"] += 1
    return result


def table(seeds: int) -> str:
    lines = [
        "| detector | errors | step | planted | found | recall | flags | right | precision | flags in clean years |"
    ]
    lines.append("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as place:
        for (minutes, shown), (name, size) in product(STEPS.items(), SIZES.items()):
            for kind, n in measure(minutes, size, range(seeds), Path(place)).items():
                recall, precision = n["found"] / n["planted"], n["right"] / n["flags"] if n["flags"] else 1
                lines.append(
                    f"| `{kind}` | {name} | {shown} | {n['planted']} | {n['found']} | {recall:.2f} | {n['flags']} | {n['right']} | "
                    f"{precision:.2f} | {n['false in clean years']} in {seeds} |"
                )
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    began = time.perf_counter()
    text = table(asked.seeds)
    print(text)
    print(f"{time.perf_counter() - began:.0f} s", file=sys.stderr)
    if asked.write:
        PAGE.write_text(BLOCK.sub(lambda _: text, PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()

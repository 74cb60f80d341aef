"""How long guiju takes from process start, and how much memory: --help, evaluate, 5,000 formulas.

python benchmarks/start.py [--repeat 9] [--formulas 5000] [--case CASE.yaml] [--keep FOLDER]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rules import HERE

HEAD = "# yaml-language-server: $schema=https://guiju.example/schemas/ruleset-1.schema.json\n"
BLOCK = 10  # formulas; a block rests on the block of half its number, so the depth is a logarithm
PER_FILE = 50  # blocks in a file


@dataclass(frozen=True, slots=True)
class Run:
    """One process: time on the wall, time of the processor (steadier on a busy machine), peak memory."""

    seconds: float
    processor: float
    megabytes: float


def run(command: Sequence[str]) -> Run:
    """One process, from start to end."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    said = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - begin
    code = os.waitstatus_to_exitcode(status)
    if code:
        sys.exit(f"{' '.join(command)} ended with {code}\n{said}")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def block(number: int) -> Iterator[tuple[str, str, str]]:
    """Name, unit and expression of ten formulas of the kinds that a mine's ruleset has."""
    x, factor, limit = f"x{number}", f"factor{number % 20}", f"limit{number % 20}"
    below = number // 2
    carried = f"total{below}" if number else f"{x} * {factor}"
    yield f"direct{number}", "tCO2", f"{x} * {factor}"
    yield f"capped{number}", "t", f"min({x}, {limit})"
    yield f"excess{number}", "t", f"{x} - capped{number}"
    yield f"penalty{number}", "tCO2", f"where(excess{number} > 0, excess{number} * {factor}, direct{number})"
    yield f"sum{number}", "tCO2", f"direct{number} + penalty{number} + {carried}"
    yield f"part{number}", "1", f"share(direct{number}, max(sum{number}, least))"
    yield f"percent{number}", "%", f"share(penalty{number}, max(sum{number}, least))"
    yield f"place{number}", "1", f"normalise({x}, {limit}, limit_high)"
    yield f"flag{number}", "1", f"where(part{number} > 0.5 and percent{number} > edge, 1, place{number})"
    yield f"total{number}", "tCO2", f"sum{number} * (1 + part{number}) / 2"


def write_large_ruleset(folder: Path, formulas: int) -> None:
    """A ruleset of many formulas, the same on every machine."""
    folder.mkdir(parents=True, exist_ok=True)
    blocks = formulas // BLOCK
    identity = [
        "format: 1", "id: large", 'version: "1"', "title: {zh: 大规则集, en: Large ruleset}", "status: draft",
        "publisher: {zh: 规矩, en: guiju}", "units:", "  tCO2: {title: {zh: 吨二氧化碳, en: tonne of CO2}}",
    ]  # fmt: skip
    numbers = {"least": ("1", "tCO2"), "limit_high": ("5000", "t"), "edge": ("40", "%")}
    numbers |= {f"factor{i}": (f"{0.5 + i / 10:.2f}", "tCO2/t") for i in range(20)}
    numbers |= {f"limit{i}": (str(100 + 25 * i), "t") for i in range(20)}
    parameters = [f"  {n}: {{{_title(n)}, value: {v}, unit: '{u}', basis: proposed}}" for n, (v, u) in numbers.items()]
    inputs = [f"  x{i}: {{{_title(f'x{i}')}, unit: t, min: 0}}" for i in range(blocks)]
    _write(folder / "ruleset.yaml", [*identity, "parameters:", *parameters, "inputs:", *inputs])
    for first in range(0, blocks, PER_FILE):
        lines = ["formulas:"]
        for number in range(first, min(first + PER_FILE, blocks)):
            for name, unit, expr in block(number):
                lines.append(f'  {name}: {{{_title(name)}, unit: "{unit}", basis: proposed, expr: "{expr}"}}')
        _write(folder / f"formulas_{first // PER_FILE:02}.yaml", lines)


def _title(name: str) -> str:
    return f"title: {{zh: {name}, en: {name}}}"


def _write(path: Path, lines: Sequence[str]) -> None:
    path.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def guiju() -> list[str]:
    """The installed command of this Python, or the package itself."""
    command = Path(sys.executable).with_name("guiju")
    return [str(command)] if command.exists() else [sys.executable, "-m", "guiju"]


def example() -> Path:
    found = sorted((HERE.parent / "rulesets" / "carbon-neutral-mine").glob("*/cases/underground.yaml"))
    return found[0] if found else HERE.parent / "rulesets" / "hdi" / "2021" / "cases" / "china.yaml"


def show(name: str, runs: Sequence[Run]) -> None:
    seconds = sorted(r.seconds for r in runs)
    processor = statistics.median(r.processor for r in runs)
    memory = max(r.megabytes for r in runs)
    print(f"| {name} | {statistics.median(seconds):.3f} | {seconds[0]:.3f} | {processor:.3f} | {memory:.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeat", type=int, default=9)
    parser.add_argument("--formulas", type=int, default=5000)
    parser.add_argument("--case", type=Path)
    parser.add_argument("--keep", type=Path, help="write the large ruleset here and keep it")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        large = options.keep or Path(scratch) / "large"
        write_large_ruleset(large, options.formulas)
        plan = f"from guiju import api; api.prepare(api.load({str(large)!r}))"
        commands = {
            "python, nothing else": [sys.executable, "-c", "pass"],
            "guiju --help": [*guiju(), "--help"],
            "guiju evaluate, the example": [*guiju(), "evaluate", str(options.case or example())],
            f"{options.formulas} formulas, load and plan": [sys.executable, "-c", plan],
            f"{options.formulas} formulas, guiju validate": [*guiju(), "validate", str(large)],
        }
        print("| from process start to end | median, s | best, s | processor, s | peak memory, MB |")
        print("|---|---|---|---|---|")
        for name, command in commands.items():
            run(command)  # fills the disk cache
            show(name, [run(command) for _ in range(options.repeat)])


if __name__ == "__main__":
    main()

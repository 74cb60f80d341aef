"""guiju, simpleeval and peers on the same 150 formulas, in one run.

python benchmarks/run.py [--rounds 15] [--cases 100] [--seed N] [--peer-python PATH] [--job FILE]

Every round times every contestant over all drawn cases, in turns of ten cases, starting with another one each
time; a ratio is taken inside a round, the median over the rounds is shown. All 150 values of all cases are
compared.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from fractions import Fraction
from pathlib import Path

from contest import Entry, Local, Values, remote_entries
from draw import SEED, draw
from make_ruleset import write_ruleset
from peer import Contestant, Job, peak_memory
from rules import Workload, read_sample, read_workload
from simpleeval_best import Baseline, Unguarded

EXACT = Fraction(1, 10**20)  # what every exact contestant has to reach
TURN = 10  # cases that a contestant runs before it is the next one's turn
BASE = "simpleeval"
APART = "guiju, whole"  # does more than the others: shown apart


def local_contestants(workload: Workload, folder: Path, only: str = "") -> dict[str, Contestant]:
    """Everybody who runs in this process; with `only` starting so, simpleeval alone."""
    baselines = {BASE: Baseline(workload), f"{BASE}, unguarded": Unguarded(workload)}
    if only.startswith(BASE):
        return dict(baselines)
    from guiju_runner import guiju_runner  # here, so that simpleeval's memory is its own

    write_ruleset(workload, folder)
    return {**baselines, **guiju_runner(folder)}


def as_job(workload: Workload, cases: list[dict[str, str]]) -> Job:
    return Job(
        inputs=list(workload.inputs),
        params={name: entry.value for name, entry in workload.params.items()},
        tables={name: asdict(table) for name, table in workload.tables.items()},
        formulas=[[formula.name, formula.expr] for formula in workload.formulas],
        cases=cases,
    )


def difference(expected: Values, got: Values, names: Sequence[str]) -> tuple[Fraction, str]:
    """The greatest difference, relative to max(1, |expected|), and where it is."""
    worst, where = Fraction(0), ""
    for name in names:
        wanted, given = Fraction(expected[name]), Fraction(got[name])
        apart = abs(given - wanted) / max(abs(wanted), Fraction(1))
        if apart > worst:
            worst, where = apart, name
    return worst, where


def check_sample(contestants: Mapping[str, Contestant], names: Sequence[str]) -> bool:
    """Every exact contestant against the sample, which was computed with fractions."""
    right = True
    for name, contestant in contestants.items():
        apart, where = max(
            difference(expected, contestant.values(contestant.run(contestant.prepare(inputs))), names)
            for inputs, expected in read_sample()
        )
        right &= apart <= EXACT
        told = "" if apart <= EXACT else f", WRONG: {where}"
        print(f"sample, 40 rows: {name} within {float(apart):.1e}{told}")
    return right


def measure(entries: list[Entry], rounds: int, cases: int) -> None:
    """Turns of a few cases, so that what slows the machine slows all. The first round is not counted."""
    for number in range(rounds + 1):
        gc.collect()
        order = entries[number % len(entries) :] + entries[: number % len(entries)]
        sums = dict.fromkeys(order, 0.0)
        for first in range(0, cases, TURN):
            for entry in order:
                sums[entry] += entry.time(first, first + TURN)
        if number:
            for entry, seconds in sums.items():
                entry.seconds.append(seconds)
        if sys.stderr.isatty():
            print(f"\rround {number} of {rounds}", end="" if number < rounds else "\n", file=sys.stderr)


def report(entries: list[Entry], cases: int, names: Sequence[str]) -> bool:
    """The table; whether every exact contestant has the right values."""
    base = next(entry for entry in entries if entry.name == BASE)
    reference = base.values()
    right = True
    print(f"\n| contestant | µs a case | ÷ {BASE} | rounds from .. to | worst difference | peak memory, MB |")
    print("|---|---|---|---|---|---|")
    for entry in sorted(entries, key=lambda entry: entry.name.startswith(APART)):
        ratios = [mine / theirs for mine, theirs in zip(entry.seconds, base.seconds, strict=True)]
        apart, where = max(difference(a, b, names) for a, b in zip(reference, entry.values(), strict=True))
        right &= apart <= EXACT or not entry.exact
        micro = statistics.median(entry.seconds) / cases * 1e6
        ratio, spread = f"{statistics.median(ratios):.3f}", f"{min(ratios):.3f} .. {max(ratios):.3f}"
        told = f"{float(apart):.1e} {where}".strip()
        if entry.name.startswith(APART):
            took = f"{micro / 1000:.1f} ms a case, {entry.memory():.0f} MB"
            print(f"\n{entry.name}: {took}, worst difference {told}")
        else:
            print(f"| {entry.name} | {micro:.1f} | {ratio} | {spread} | {told} | {entry.memory():.0f} |")
    return right


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--peer-python", help="python of an environment with zen-engine, openfisca-core or both")
    parser.add_argument("--job", type=Path, help="only write the job that a peer script reads")
    parser.add_argument("--memory-of", help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    options = arguments()
    workload = read_workload()
    names = [formula.name for formula in workload.formulas]
    cases = draw(workload, options.cases, options.seed)
    if options.job:
        options.job.write_text(json.dumps(asdict(as_job(workload, cases))), encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        contestants = local_contestants(workload, Path(scratch) / "ruleset", options.memory_of or "")
        if options.memory_of:
            contestant = contestants[options.memory_of]
            for case in cases:
                contestant.run(contestant.prepare(case))
            print(peak_memory())
            return 0
        right = check_sample(contestants, names)
        entries: list[Entry] = [Local(name, one, cases) for name, one in contestants.items()]
        if options.peer_python:
            job = Path(scratch) / "job.json"
            job.write_text(json.dumps(asdict(as_job(workload, cases))), encoding="utf-8")
            entries += remote_entries(options.peer_python, job)
        measure(entries, options.rounds, options.cases)
        right &= report(entries, options.cases, names)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())

"""guiju, simpleeval and peers on the same 150 formulas, in one run.

python benchmarks/run.py [--rounds 15] [--cases 100] [--seed N] [--peer-python PATH] [--job FILE]

Every round times every contestant once over all drawn cases, starting with another one each time; a ratio is
taken inside a round, the median over the rounds is shown. All 150 values of all cases are compared.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from draw import SEED, draw
from make_ruleset import write_ruleset
from peer import Contestant, Job, peak_memory, time_round
from rules import HERE, Workload, read_sample, read_workload
from simpleeval_best import Baseline, Unguarded

EXACT = Fraction(1, 10**20)  # what every exact contestant has to reach
PEERS = ("peer_zen.py", "peer_openfisca.py")
BASE = "simpleeval"
APART = "guiju, whole"  # does more than the others: shown apart
Values = Mapping[str, Any]


@dataclass
class Entry:
    """One contestant in this run: how to time a round, and what came of it."""

    name: str
    time: Callable[[], float]
    values: Callable[[], Sequence[Values]]
    memory: Callable[[], float]
    exact: bool
    seconds: list[float] = field(default_factory=list)


def local_contestants(workload: Workload, folder: Path, only: str = "") -> dict[str, Contestant]:
    """Everybody who runs in this process; with `only` starting so, simpleeval alone."""
    baselines = {BASE: Baseline(workload), f"{BASE}, unguarded": Unguarded(workload)}
    if only.startswith(BASE):
        return dict(baselines)
    from guiju_runner import guiju_runner  # here, so that simpleeval's memory is its own

    write_ruleset(workload, folder)
    return {**baselines, **guiju_runner(folder)}


def local_entries(contestants: Mapping[str, Contestant], cases: Sequence[Mapping[str, str]]) -> list[Entry]:
    entries = []
    for name, contestant in contestants.items():
        prepared = [contestant.prepare(case) for case in cases]
        entries.append(
            Entry(
                name,
                time=lambda c=contestant, p=prepared: time_round(c, p),  # type: ignore[misc]
                values=lambda c=contestant, p=prepared: [c.values(c.run(case)) for case in p],  # type: ignore[misc]
                memory=lambda name=name: _memory_alone(name),  # type: ignore[misc]
                exact=True,
            )
        )
    return entries


def _memory_alone(name: str) -> float:
    """Peak memory of a process that runs this contestant only."""
    command = [sys.executable, str(HERE / "run.py"), "--memory-of", name]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


class Peer:
    """A peer's process: it runs a round when its contestant is named."""

    def __init__(self, python: str, script: str, job: Path) -> None:
        command = [python, str(HERE / script), str(job), "--step"]
        pipe, quiet = subprocess.PIPE, subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=quiet, text=True)
        self.hello = self._hear()
        self._last: dict[str, Any] | None = None

    def _hear(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("it ended; is its package installed there?")
        heard: dict[str, Any] = json.loads(line)
        return heard

    def time(self, name: str) -> float:
        assert self.process.stdin
        self.process.stdin.write(name + "\n")
        self.process.stdin.flush()
        return float(self._hear()["seconds"])

    def last(self) -> dict[str, Any]:
        """Values and memory; the process ends with them."""
        if self._last is None:
            assert self.process.stdin
            self.process.stdin.close()
            self._last = self._hear()
            self.process.wait()
        return self._last

    def entries(self) -> list[Entry]:
        return [
            Entry(
                name,
                time=lambda name=name: self.time(name),  # type: ignore[misc]
                values=lambda name=name: self.last()["values"][name],  # type: ignore[misc]
                memory=lambda: float(self.last()["memory"]),
                exact=False,
            )
            for name in self.hello["ready"]
        ]


def peer_entries(python: str, job: Path) -> list[Entry]:
    entries: list[Entry] = []
    for script in PEERS:
        try:
            peer = Peer(python, script, job)
        except (OSError, RuntimeError) as error:
            print(f"left out: {script} ({error})", file=sys.stderr)
            continue
        print(f"{script}: {peer.hello['version']}")
        entries.extend(peer.entries())
    return entries


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


def measure(entries: list[Entry], rounds: int) -> None:
    """The first round is not counted."""
    for number in range(rounds + 1):
        for entry in entries[number % len(entries) :] + entries[: number % len(entries)]:
            seconds = entry.time()
            if number:
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
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--peer-python", help="python of an environment with zen-engine, openfisca-core or both"
    )
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
        entries = local_entries(contestants, cases)
        if options.peer_python:
            job = Path(scratch) / "job.json"
            job.write_text(json.dumps(asdict(as_job(workload, cases))), encoding="utf-8")
            entries += peer_entries(options.peer_python, job)
        measure(entries, options.rounds)
        right &= report(entries, options.cases, names)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())

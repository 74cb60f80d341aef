"""What the peers share: reading a job, and running rounds of it. Standard library only.

PEER_PYTHON benchmarks/peer_zen.py JOB.json [ROUNDS]      one JSON line per round
PEER_PYTHON benchmarks/peer_zen.py JOB.json --step        standard input asks: ["ZEN", 0, 10]

`python benchmarks/run.py --job JOB.json` writes the job.
"""

from __future__ import annotations

import ast
import gc
import json
import resource
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Job:
    """The workload as plain data (numbers are text), and the drawn cases."""

    inputs: list[str]
    params: dict[str, str]
    tables: dict[str, dict[str, Any]]
    formulas: list[list[str]]
    cases: list[dict[str, str]]


class Contestant(ABC):
    """`prepare` and `values` are not timed, `run` is."""

    @abstractmethod
    def prepare(self, case: Mapping[str, str]) -> Any:
        """What `run` takes, for one case."""

    @abstractmethod
    def run(self, prepared: Any) -> Any:
        """The result, with at least the 150 values in it."""

    def values(self, result: Any) -> Mapping[str, Any]:
        """Name → value of a result."""
        found: Mapping[str, Any] = result
        return found


def time_cases(contestant: Contestant, prepared: list[Any]) -> float:
    """Seconds for these cases once; nothing of one case is kept for the next."""
    gc.disable()
    try:
        begin = time.perf_counter()
        for case in prepared:
            contestant.run(case)
        return time.perf_counter() - begin
    finally:
        gc.enable()


def peak_memory() -> float:
    """MB that this process held at its highest (`getrusage` would count the parent as well)."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def serve(setup: Callable[[Job], Mapping[str, Contestant]], version: str) -> None:
    """The main program of a peer."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    job = Job(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    contestants = setup(job)
    prepared = {name: [c.prepare(case) for case in job.cases] for name, c in contestants.items()}
    values = {name: _values(c, prepared[name], job) for name, c in contestants.items()}
    say({"ready": list(contestants), "version": version})
    if sys.argv[2:] == ["--step"]:
        asked = (json.loads(line) for line in sys.stdin)
    else:
        rounds = int((sys.argv[2:] or ["7"])[0])
        asked = ([name, 0, len(job.cases)] for _ in range(rounds) for name in contestants)
    for name, first, last in asked:
        say({"name": name, "seconds": time_cases(contestants[name], prepared[name][first:last])})
    say({"values": values, "memory": peak_memory()})


def _values(contestant: Contestant, prepared: list[Any], job: Job) -> list[dict[str, float]]:
    results = [contestant.values(contestant.run(case)) for case in prepared]
    return [{name: float(result[name]) for name, _ in job.formulas} for result in results]


def say(message: Mapping[str, Any]) -> None:
    print(json.dumps(message), flush=True)


SIGNS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS = {ast.Gt: ">", ast.GtE: ">=", ast.Lt: "<", ast.LtE: "<=", ast.Eq: "=="}


class Printer(ast.NodeVisitor):
    """Prints a formula of the workload in a peer's language; a peer says what differs."""

    def text(self, formula: str) -> str:
        return str(self.visit(ast.parse(formula, mode="eval").body))

    def visit_Constant(self, node: ast.Constant) -> str:
        return str(node.value)

    def visit_BinOp(self, node: ast.BinOp) -> str:
        return f"({self.visit(node.left)} {SIGNS[type(node.op)]} {self.visit(node.right)})"

    def visit_Compare(self, node: ast.Compare) -> str:
        return f"({self.visit(node.left)} {COMPARISONS[type(node.ops[0])]} {self.visit(node.comparators[0])})"

    def visit_Call(self, node: ast.Call) -> str:
        assert isinstance(node.func, ast.Name)
        arguments = [str(self.visit(argument)) for argument in node.args]
        return str(getattr(self, f"call_{node.func.id}")(*arguments))

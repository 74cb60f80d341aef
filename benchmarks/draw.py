"""Draws inputs by the distributions of the workload: the same seed gives the same cases on every machine.

python benchmarks/draw.py [COUNT] [SEED] > cases.jsonl
"""

from __future__ import annotations

import json
import random
import sys
from decimal import Decimal

from rules import Input, Workload, read_workload

SEED = 20261122
PLACES = Decimal("0.000001")


def draw(workload: Workload, count: int, seed: int = SEED) -> list[dict[str, str]]:
    """`count` cases: input → decimal text with six places, as in the sample."""
    chance = random.Random(seed)
    return [{name: _one(entry, chance) for name, entry in workload.inputs.items()} for _ in range(count)]


def _one(entry: Input, chance: random.Random) -> str:
    kind, *written = entry.distribution
    numbers = [float(text) for text in written]
    match kind:
        case "lognormal0":  # log-normal, and zero with the third number's probability
            drawn, zero = chance.lognormvariate(numbers[0], numbers[1]), chance.random() < numbers[2]
            value = 0.0 if zero else drawn
        case "uniform":
            value = chance.uniform(*numbers)
        case "beta":
            value = numbers[2] * chance.betavariate(numbers[0], numbers[1])
        case "choice":
            value = chance.choice(numbers)
        case _:
            raise ValueError(f"unknown distribution {kind}")
    return format(Decimal(value).quantize(PLACES).normalize(), "f")


if __name__ == "__main__":
    count, seed = (int(text) for text in [*sys.argv[1:], *("100", str(SEED))[len(sys.argv) - 1 :]])
    for case in draw(read_workload(), count, seed):
        print(json.dumps(case))

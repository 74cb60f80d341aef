"""Totals that lie exactly on a rounding tie are rounded as fractions say, also where weights are rescaled.

Random records almost never hit a tie; these are built from half points and two-decimal weights, which do.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from guiju.plan.model import Plan
from small import small

CONTEXT = {
    "period_start": datetime.date(2024, 1, 1),
    "period_end": datetime.date(2024, 12, 31),
    "period_year": Decimal(2024),
    "role": "self",
}
Blocks = list[list[Decimal]]
PLAIN: Blocks = [[Decimal(weight) for weight in block.split()] for block in ("8 7.5 8.5", "20.25 9.75", "12.5 13.5 20")]
THIRDS: Blocks = [[Decimal(4), Decimal(3), Decimal(3)]] * 10
QUARTERS: Blocks = [[Decimal("2.5")] * 4] * 10


def planned(root: Path, blocks: Blocks) -> Plan:
    """A tree of blocks; every leaf has its score as input, and may not apply."""
    indicators: dict[str, Any] = {"total": {"weights_total": 100, "round": {"digits": 2}}}
    inputs: dict[str, Any] = {}
    for number, weights in enumerate(blocks):
        indicators[f"k{number}"] = {"parent": "total", "weight": sum(weights), "weights_total": sum(weights)}
        for index, weight in enumerate(weights):
            name = f"{number}_{index}"
            inputs |= {f"x{name}": {"unit": "point"}, f"on{name}": {"type": "boolean"}}
            score = {"kind": "formula", "expr": f"x{name}"}
            indicators[f"i{name}"] = {"parent": f"k{number}", "weight": weight, "score": score, "applies": f"on{name}"}
    return small(root, {"inputs": inputs, "indicators": indicators}).plan()


def drawn(blocks: Blocks, chance: float, rng: random.Random) -> dict[str, Any]:
    """Half points everywhere; at least one indicator of every block applies."""
    given: dict[str, Any] = dict(CONTEXT)
    for number, weights in enumerate(blocks):
        applies = [rng.random() < chance for _ in weights]
        applies[rng.randrange(len(weights))] = True
        for index, on in enumerate(applies):
            given |= {f"x{number}_{index}": Decimal(rng.randrange(201)) / 2, f"on{number}_{index}": on}
    return given


def total_of(blocks: Blocks, given: Mapping[str, Any]) -> Fraction:
    """By fractions: the weights of a block are scaled up to the block's own."""
    total = Fraction(0)
    for number, weights in enumerate(blocks):
        counted = [
            (Fraction(weight), Fraction(given[f"x{number}_{i}"]))
            for i, weight in enumerate(weights)
            if given[f"on{number}_{i}"]
        ]
        total += Fraction(sum(weights)) * sum(w * x for w, x in counted) / sum(w for w, _ in counted)
    return total / sum(Fraction(sum(weights)) for weights in blocks)


def outcomes(plan: Plan, blocks: Blocks, chance: float, count: int) -> Iterator[tuple[Fraction, Decimal]]:
    rng = random.Random(8170)  # noqa: S311  seeded: the same records every time
    for _ in range(count):
        given = drawn(blocks, chance, rng)
        yield (
            total_of(blocks, given),
            next(record.value for record in plan.program.run(given) if record.node == "total.score"),
        )


@pytest.mark.parametrize(
    ("blocks", "chance", "ties"),
    [(PLAIN, 1, 100), (PLAIN, 0.7, 40), (THIRDS, 0.7, 50), (QUARTERS, 0.7, 80)],
    ids=["plain", "rescaled", "thirds", "quarters"],
)
def test_ties_are_rounded_as_fractions_say(tmp_path: Path, blocks: Blocks, chance: float, ties: int) -> None:
    seen = 0
    for exact, value in outcomes(planned(tmp_path, blocks), blocks, chance, 2000):
        seen += (exact * 1000).denominator == 1 and (exact * 1000) % 10 == 5
        assert Fraction(value) == round(exact, 2), f"{exact} became {value}"
    assert seen >= ties, "the records must hit ties"


def test_linear_scores_on_a_band_edge(tmp_path: Path) -> None:
    """Every whole number of sevenths, ninths, elevenths that makes an exact score is in the band that begins there, compared by its full value."""
    for parts in (3, 6, 7, 9, 11, 13):
        leaf = {
            "parent": "total",
            "weight": 1,
            "value": "x",
            "unit": "1",
            "score": {"kind": "linear", "anchors": [[0, 0], [parts, 100 * parts]]},
        }
        bands = {"A": "[100, inf)", "B": "(-inf, 100)"}
        sections = {
            "inputs": {"x": {"unit": "1"}},
            "indicators": {"total": {"weights_total": 1, "full_score": 100 * parts}, "a": leaf},
            "grade": {"levels": ["A", "B"], "gates": {"g": {"value": "total.score", "unit": "point", "bands": bands}}},
        }
        made = small(tmp_path / str(parts), sections).run({"x": 1})
        assert (made["total.score"], made["grade.result"]) == (100, "A")

"""How much more of its lever a gate needs for the next band: solved on the plan's own formulas, and tried before it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any

from guiju.evaluation.whatif import changed
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import arithmetic, plain
from guiju.plan.model import Gate, Plan, PlanNode

Values = Mapping[str, Any]
_MOST_TRIES = 12  # a figure that is no straight line near the edge takes some; one that takes more is not solved
_DIGITS = 4  # of an amount below a thousand; above, whole units
_NOISE = Decimal("1e-25")  # relative: what divisions leave in the last digits


@dataclass(frozen=True, slots=True)
class Amount:
    """The lever as it is and as it has to be, in its unit."""

    node: PlanNode
    before: Decimal
    after: Decimal

    @property
    def change(self) -> Decimal:
        """What is missing; negative: what is too much."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class _Gap:
    """From the figure of a gate to the edge of a band: `figure` gives it for any change of the lever."""

    figure: Callable[[Decimal], Decimal | None]
    start: Decimal
    bound: Decimal
    closed: bool

    def reached(self, change: Decimal) -> bool:
        """Whether a change brings the figure over the edge, or onto it where the edge belongs to the band."""
        value = self.figure(change)
        if value is None or value == self.bound:
            return value is not None and self.closed
        return (value > self.bound) == (self.start < self.bound)


def needed(plan: Plan, values: Values, gate: Gate, bound: Decimal, *, closed: bool) -> Amount | None:
    """The least amount of the gate's lever, in whole units or four digits, at which the full (unrounded) figure reaches an
    edge. None: the gate has no lever, or no amount was found that does."""
    before = values.get(gate.lever) if gate.lever is not None else None
    start = values[f"grade.{gate.id}_value"]
    if gate.lever is None or not isinstance(before, Decimal) or not isinstance(start, Decimal):
        return None
    lever, amount = gate.lever, before

    def figure(change: Decimal) -> Decimal | None:
        with arithmetic():
            moved = amount + change
        value = changed(plan, values, {lever: moved})[f"grade.{gate.id}_value"]
        return None if isinstance(value, NotComputed) else value

    with arithmetic():
        change = _least(_Gap(figure, start, bound, closed), amount)
        if change is None or (amount >= 0 > amount + change):  # of what was never there nothing can be taken
            return None
        rank = f"grade.{gate.id}_rank"
        after = changed(plan, values, {lever: amount + change})[rank]
        if isinstance(after, NotComputed) or after <= values[rank]:
            return None
        return Amount(plan.nodes[lever], amount, amount + change)


def _least(gap: _Gap, amount: Decimal) -> Decimal | None:
    """The least step that reaches the edge: the one before it does not."""
    exact = _crossing(gap, amount)
    if not exact:
        return None
    step = min(Decimal(1), Decimal(1).scaleb(exact.adjusted() - _DIGITS + 1)).copy_sign(exact)
    steps = (exact / step * (1 - _NOISE)).to_integral_value(ROUND_CEILING)
    tried: Iterator[Decimal] = (step * (steps + more) for more in (0, 1))
    change = next((each for each in tried if gap.reached(each)), None)
    return None if change is None or gap.reached(change - step) else Decimal(plain(change))


def _crossing(gap: _Gap, amount: Decimal) -> Decimal | None:
    """The change at which the figure is that of the edge, by secants; None where the figure does not run steadily towards it."""
    last, at_last = Decimal(0), gap.start
    change = abs(amount) / 100 or Decimal(1)
    sign = 0
    for _ in range(_MOST_TRIES):
        value = gap.figure(change)
        if value is None or value == at_last:
            return None
        slope = (value - at_last) / (change - last)
        if sign and (slope > 0) != (sign > 0):
            return None
        sign = 1 if slope > 0 else -1
        last, at_last, change = change, value, change + (gap.bound - value) / slope
        if abs(change - last) <= abs(change) * _NOISE:
            return change
    return None

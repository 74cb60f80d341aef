"""Advice that is computed, not invented: which single step of which indicator brings how many points, and the fewest steps
to the next better grade. Every step is tried by evaluating the plan anew with it; nothing is estimated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Literal

from guiju.diagnostics.finding import Found
from guiju.evaluation.lever import Amount, needed
from guiju.evaluation.whatif import changed
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import arithmetic
from guiju.plan import intervals
from guiju.plan.model import Gate, Interval, Plan
from guiju.ruleset.fields import Fields, scalar
from guiju.ruleset.model import Indicator, Words

Values = Mapping[str, Any]
_DIGITS = 4  # significant digits of a value that is aimed at
_MOST_STEPS = 12  # on the way to the next grade; a longer way is no advice


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that could be better: a value at the next anchor, a level one up, a gate's figure at its bound."""

    kind: Literal["value", "level", "gate"]
    id: str  # of the indicator or gate
    title: Words
    before: Any
    after: Any
    others: Values = field(repr=False)  # the nodes that are changed, with their new values
    unit: str | None = None
    item: Words | None = None  # of a checklist
    evidence: tuple[str, ...] = ()  # kinds that the better level needs
    beyond: bool = False  # the value must pass `after`, not only reach it
    lever: Amount | None = None  # of a gate: what has to be more or less, so that its figure gets there


@dataclass(frozen=True, slots=True)
class Tried:
    """A step and what came of it: points of the root gained, its score, the grade."""

    step: Step
    gain: Decimal
    score: Decimal
    grade: str | None


@dataclass(frozen=True, slots=True)
class Way:
    """The steps to the next better grade together, and the grade and score that they were found to give."""

    level: str
    steps: tuple[Tried | Step, ...]
    grade: str | None
    score: Decimal | None


@dataclass(frozen=True, slots=True)
class Advice:
    """Single steps, most points first, and the way to the next grade, where there is one; `evidence` names the kinds."""

    steps: tuple[Tried, ...]
    way: Way | None
    evidence: Mapping[str, Words]


def advise(plan: Plan, values: Values, fixed: Sequence[str] = ()) -> Advice:
    """Advice on an evaluated case. `fixed` are indicators that nothing can be done about."""
    with arithmetic():
        root = next((f"{name}.score" for name in plan.children.get("", ())), "")
        score = values.get(root)
        tried = []
        for step in _steps(plan, values, frozenset(fixed)) if isinstance(score, Decimal) else ():
            done = _try(plan, values, root, [step])
            if done is not None and done.gain > 0:
                tried.append(done)
        tried.sort(key=lambda each: -each.gain)
        return Advice(tuple(tried), _way(plan, values, root, tried), plan.evidence)


def _try(plan: Plan, values: Values, root: str, steps: Sequence[Step]) -> Tried | None:
    """What these steps give together."""
    after = changed(plan, values, {name: value for step in steps for name, value in step.others.items()})
    if not isinstance(after[root], Decimal):
        return None
    return Tried(steps[0], after[root] - values[root], after[root], _grade(after))


def _grade(values: Values) -> str | None:
    grade = values.get("grade.result")
    return grade if isinstance(grade, str) else None


def _steps(plan: Plan, values: Values, fixed: frozenset[str]) -> Iterator[Step]:
    """The next step of every indicator that applies."""
    for indicator in plan.indicators.values():
        fields = Fields(indicator.node)
        if (
            "score" not in fields
            or indicator.id in fixed
            or not isinstance(values.get(f"{indicator.id}.score"), Decimal)
        ):
            continue
        if values.get(f"{indicator.id}.applies", True) is not True:
            continue
        score = Fields(fields.map["score"])
        yield from _KINDS.get(score.need("kind"), _none)(plan, values, indicator, score)


def _none(plan: Plan, values: Values, indicator: Indicator, score: Fields) -> Iterator[Step]:
    """A formula of its own: there is no next step to be read from it."""
    yield from ()


def _linear(plan: Plan, values: Values, indicator: Indicator, score: Fields) -> Iterator[Step]:
    """The value at the nearest anchor that gives more."""
    name, now = indicator.id, values[f"{indicator.id}.score"]
    anchors = [
        (values[f"{name}.score_{i}"], values[f"{name}.at_{i}"]) for i in range(1, len(score.items("anchors")) + 1)
    ]
    better = [pair for pair in anchors if not any(isinstance(part, NotComputed) for part in pair) and pair[0] > now]
    if better and isinstance(values[f"{name}.value"], Decimal):
        after = min(better, key=lambda pair: pair[0])[1]
        yield _value_step(plan, values, indicator, after, {f"{name}.value": after})


def _value_step(
    plan: Plan, values: Values, indicator: Indicator, after: Any, others: Values, beyond: bool = False
) -> Step:
    node = f"{indicator.id}.value"
    return Step(
        "value", indicator.id, indicator.title, values[node], after, others, plan.nodes[node].unit, beyond=beyond
    )


def _stepped(plan: Plan, values: Values, indicator: Indicator, score: Fields) -> Iterator[Step]:
    """The value at the nearer edge of the interval with the next higher score; behind an open edge the score itself is set."""
    name, now, best = indicator.id, values[f"{indicator.id}.score"], None
    for item in score.items("steps"):
        fields = Fields(item)
        points, place = scalar(fields.map["score"]), fields.map["when"].place
        interval = intervals.read(fields.need("when"), place, Found())
        if interval is not None and points > now and (best is None or points < best[0]):
            best = (points, interval)
    if best is not None and isinstance(values[f"{name}.value"], Decimal):
        edge, closed = _edge(values[f"{name}.value"], best[1])
        others = {f"{name}.value": edge} if closed else {f"{name}.score": best[0]}
        yield _value_step(plan, values, indicator, edge, others, not closed)


def _edge(figure: Decimal, interval: Interval) -> tuple[Decimal, bool]:
    """The edge of an interval that a figure outside of it meets first, and whether the edge belongs to it."""
    if interval.low is not None and figure <= interval.low:
        return interval.low, interval.low_closed
    return interval.high, interval.high_closed


def _rubric(plan: Plan, values: Values, indicator: Indicator, score: Fields) -> Iterator[Step]:
    """The next better level, with the evidence it needs."""
    counted = f"{indicator.id}.level"
    yield from _level_step(plan, values, indicator, score, f"{indicator.id}_level", counted, "score", None)


def _checklist(plan: Plan, values: Values, indicator: Indicator, score: Fields) -> Iterator[Step]:
    """For every item that applies the next better level."""
    for key, fields, _ in score.entries("items"):
        if values.get(f"{indicator.id}.counts_{key}") is True:
            asked, counted = f"{indicator.id}_{key}", f"{indicator.id}.level_{key}"
            counted = counted if counted in plan.nodes and plan.nodes[counted].kind == "formula" else asked
            yield from _level_step(plan, values, indicator, score, asked, counted, "points", fields.words("title"))


def _level_step(
    plan: Plan,
    values: Values,
    indicator: Indicator,
    score: Fields,
    asked: str,
    counted: str,
    worth: str,
    item: Words | None,
) -> Iterator[Step]:
    scale = {key: scalar(fields.map[worth]) for key, fields, _ in score.entries("levels")}
    now = values.get(counted, values[asked])
    better = [key for key in scale if now in scale and scale[key] > scale[now]] if isinstance(now, str) else []
    if not better:
        return
    after = min(better, key=lambda key: scale[key])
    titles = plan.inputs[asked].choices or {}
    evidence = (plan.inputs[asked].evidence_by_choice or {}).get(after, ())
    proofs = {f"{asked}.evidence_{kind}": True for kind in evidence if f"{asked}.evidence_{kind}" in plan.nodes}
    yield Step(
        "level", indicator.id, indicator.title, titles.get(str(now)), titles[after], {asked: after, **proofs}, None, item, evidence
    )  # fmt: skip


_KINDS = {"linear": _linear, "steps": _stepped, "rubric": _rubric, "checklist": _checklist}


def _way(plan: Plan, values: Values, root: str, tried: Sequence[Tried]) -> Way | None:
    """The fewest steps to the next better grade: for a gate that the score moves, steps of indicators; for another, its figure."""
    spec, rank = plan.grade, values.get("grade.rank")
    if spec is None or _grade(values) not in spec.levels or not isinstance(rank, Decimal) or rank >= len(spec.levels):
        return None
    level, steps = spec.levels[len(spec.levels) - int(rank) - 1], list[Tried | Step]()
    for gate in spec.gates:
        if not gate.enabled or not _behind(values, gate, rank):
            continue
        found = (
            _by_points(plan, values, root, tried, gate, level)
            if _moved(plan, gate, root)
            else [_gate(plan, values, gate, level)]
        )
        if found is None:
            return None
        steps += found
        if spec.combine == "highest":
            break
    others = {
        name: value for each in steps for name, value in (each.step if isinstance(each, Tried) else each).others.items()
    }
    after = changed(plan, values, others)
    score = after.get(root)
    return Way(level, tuple(steps), _grade(after), score if isinstance(score, Decimal) else None)


def _behind(values: Values, gate: Gate, rank: Decimal) -> bool:
    own = values[f"grade.{gate.id}_rank"]
    return isinstance(own, Decimal) and own <= rank


def _moved(plan: Plan, gate: Gate, root: str) -> bool:
    """Whether the gate looks at the root's score itself."""
    return bool(gate.bands) and plan.nodes[f"grade.{gate.id}_value"].needs == (root,)


def _gate(plan: Plan, values: Values, gate: Gate, level: str) -> Step:
    """The figure of a gate at the nearer edge of the level's band; a condition met."""
    if not gate.bands:
        return Step("gate", gate.id, gate.title, False, True, {f"grade.{gate.id}_met": True})
    node = f"grade.{gate.id}_{'compared' if gate.rounding and gate.compare == 'rounded' else 'value'}"
    band = next(band for band in gate.bands if band.level == level)
    edge, closed = _edge(values[node], band.interval)
    amount = needed(plan, values, gate, edge, closed=closed)
    if amount is not None:
        others = {amount.node.id: amount.after}
        return Step("gate", gate.id, gate.title, values[node], edge, others, gate.unit, beyond=not closed, lever=amount)
    rank = values[f"grade.{gate.id}_rank"] + 1
    others = {f"grade.{gate.id}_value": edge} if closed else {f"grade.{gate.id}_rank": rank}
    return Step("gate", gate.id, gate.title, values[node], edge, others, gate.unit, beyond=not closed)


def _by_points(
    plan: Plan, values: Values, root: str, tried: Sequence[Tried], gate: Gate, level: str
) -> list[Tried | Step] | None:
    """The fewest steps by which the gate reaches the level, the next better one: one that suffices with the least gain, else the largest first and
    the smallest last that suffices. None where no steps do."""
    chosen: list[Tried] = []
    rank = values["grade.rank"]
    if not _passes(plan, values, tried, gate, rank):  # not even all of them together
        return None
    while len(chosen) < _MOST_STEPS:
        rest = [each for each in tried if not any(_same(each, other) for other in chosen)]
        for each in reversed(rest):
            if _passes(plan, values, [*chosen, each], gate, rank):
                return [*chosen, _shortened(plan, values, root, chosen, each, gate, level)]
        if not rest:
            return None
        chosen.append(rest[0])
    return None


def _shortened(
    plan: Plan, values: Values, root: str, before: Sequence[Tried], last: Tried, gate: Gate, level: str
) -> Tried:
    """The last step only as far as the gate needs it: a score runs straight to the next anchor, so it is the same part of the way."""
    step, node = last.step, f"grade.{gate.id}_value"
    if step.kind != "value" or step.beyond or isinstance(values[node], NotComputed):
        return last
    short = changed(plan, values, _together(before))[node]
    band = next(band for band in gate.bands if band.level == level)
    full = changed(plan, values, _together([*before, last]))[node]
    if band.interval.low is None or full == short:
        return last
    exact = step.before + (step.after - step.before) * (band.interval.low - short) / (full - short)
    rounding = ROUND_CEILING if step.after > step.before else ROUND_FLOOR
    aim = exact.quantize(Decimal(1).scaleb(exact.adjusted() - _DIGITS + 1), rounding=rounding)
    shorter = replace(step, after=aim, others=dict.fromkeys(step.others, aim))
    tried = _try(plan, values, root, [shorter])
    return tried if tried is not None and _passes(plan, values, [*before, tried], gate, values["grade.rank"]) else last


def _together(steps: Sequence[Tried]) -> dict[str, Any]:
    return {name: value for each in steps for name, value in each.step.others.items()}


def _same(one: Tried, other: Tried) -> bool:
    """Two steps that change the same node exclude each other."""
    return not set(one.step.others).isdisjoint(other.step.others)


def _passes(plan: Plan, values: Values, steps: Sequence[Tried], gate: Gate, rank: Decimal) -> bool:
    own = changed(plan, values, _together(steps))[f"grade.{gate.id}_rank"]
    return isinstance(own, Decimal) and own > rank

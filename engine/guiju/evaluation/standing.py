"""Where a case stands: grade with every condition, the deciding ones, how far the next better grade is; claims."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from guiju.evaluation.lever import needed
from guiju.evaluation.nodes import cause
from guiju.evaluation.run import Assessment, value_data
from guiju.evaluation.unproven import marked
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import plain
from guiju.intake.model import Settled
from guiju.plan.facts import place_data
from guiju.plan.model import Band, Check, Condition, Gate, Grade, Interval


def grade(assessment: Assessment) -> dict[str, Any] | None:
    """The grade as data, or None where the ruleset has none."""
    spec = assessment.plan.grade
    if spec is None:
        return None
    result, rank = assessment.values["grade.result"], assessment.values["grade.rank"]
    refused = isinstance(result, str) and result in spec.refusals
    label = None if isinstance(result, NotComputed) else (spec.refusals if refused else spec.labels)[result]
    gates = [_gate(assessment, gate, spec) for gate in spec.gates]
    unmet = [condition for condition in spec.preconditions if assessment.values[condition.node] is False]
    entry: dict[str, Any] = {
        "title": spec.title._asdict(),
        "result": value_data(result),
        "label": label._asdict() if label else None,
        "refused": refused,
        "computed": not isinstance(result, NotComputed),
        "combine": spec.combine,
        "levels": [{"id": level, "label": spec.labels[level]._asdict()} for level in spec.levels],
        "preconditions": [_condition(assessment, condition) for condition in spec.preconditions],
        "gates": gates,
        "deciding": [] if label is None else [unmet[0].id] if refused else _deciding(assessment, spec, rank),
        "next": None if refused or isinstance(result, NotComputed) else _next(assessment, spec, rank),
    }
    if isinstance(result, NotComputed):
        entry["missing"] = [cause(assessment.plan, gap) for gap in _gaps(assessment, spec)]
    return entry


def _gaps(assessment: Assessment, spec: Grade) -> list[NotComputed]:
    names = [condition.node for condition in spec.preconditions] + [
        f"grade.{gate.id}_rank" for gate in spec.gates if gate.enabled
    ]
    gaps = [value for name in names if isinstance(value := assessment.values[name], NotComputed)]
    return list({(gap.code, gap.origin): gap for gap in gaps}.values())


def _condition(assessment: Assessment, condition: Condition) -> dict[str, Any]:
    return {
        "id": condition.id,
        "title": condition.title._asdict(),
        "met": value_data(assessment.values[condition.node]),
        "node": condition.node,
        "otherwise": condition.otherwise,
        "basis": condition.origin.basis,
        **marked(assessment, condition.node),
        "place": place_data(condition.place, assessment.plan),
    }


def _deciding(assessment: Assessment, spec: Grade, rank: Any) -> list[str]:
    if isinstance(rank, NotComputed):
        return []
    ranks = {gate.id: assessment.values[f"grade.{gate.id}_rank"] for gate in spec.gates if gate.enabled}
    return [name for name, value in ranks.items() if not isinstance(value, NotComputed) and value == rank]


def _level(spec: Grade, rank: Any) -> str | None:
    return None if isinstance(rank, NotComputed) else spec.levels[len(spec.levels) - int(rank)]


def _gate(assessment: Assessment, gate: Gate, spec: Grade) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": gate.id,
        "title": gate.title._asdict(),
        "enabled": gate.enabled,
        "basis": gate.origin.basis,
    }
    entry["place"] = place_data(gate.place, assessment.plan)
    if gate.bands:
        entry["bands"] = [
            {"level": band.level, "interval": band.interval.text, "basis": _band_basis(band, gate)}
            for band in gate.bands
        ]
    if not gate.enabled:
        return entry
    values = assessment.values
    entry |= marked(assessment, f"grade.{gate.id}_rank")
    entry["level"] = _level(spec, values[f"grade.{gate.id}_rank"])
    if not gate.bands:
        entry["met"], entry["cap"] = value_data(values[f"grade.{gate.id}_met"]), gate.cap
        return entry
    entry |= {"value": value_data(values[f"grade.{gate.id}_value"]), "unit": gate.unit, "compare": gate.compare}
    if gate.rounding is not None:
        full = _level(spec, values[f"grade.{gate.id}_rank_full"])
        entry["compared"] = value_data(values[f"grade.{gate.id}_compared"])
        entry["rounding"] = {
            "kind": gate.rounding.kind,
            "amount": plain(gate.rounding.amount),
            "mode": gate.rounding.mode,
        }
        entry["level_by_full_value"] = full
        entry["methods_differ"] = full != entry["level"]
    return entry


def _band_basis(band: Band, gate: Gate) -> str | None:
    """A band has a basis of its own only where both its edges have it: half of a stated band is a proposal."""
    above = next((each for each in gate.bands if each.interval.low == band.interval.high), None)
    whole = band.interval.high is None or above is None or above.origin.basis == band.origin.basis
    return band.origin.basis if whole else gate.origin.basis


def _next(assessment: Assessment, spec: Grade, rank: Decimal) -> dict[str, Any] | None:
    """The next better level and what each gate that is not there yet still needs."""
    if int(rank) == len(spec.levels):
        return None
    level, needs = spec.levels[len(spec.levels) - int(rank) - 1], []
    for gate in spec.gates:
        if not gate.enabled or assessment.values[f"grade.{gate.id}_rank"] > rank:
            continue
        if not gate.bands:
            needs.append({"gate": gate.id, "condition": True})
            continue
        band = next(band for band in gate.bands if band.level == level)
        figure = assessment.values[
            f"grade.{gate.id}_{'compared' if gate.rounding and gate.compare == 'rounded' else 'value'}"
        ]
        gap = _gap(figure, band.interval)
        lever = _lever(assessment, gate, gap)
        needs.append({"gate": gate.id, "unit": gate.unit, "interval": band.interval.text, **gap, **lever})
    return {"level": level, "label": spec.labels[level]._asdict(), "needs": needs}


def _gap(figure: Decimal, interval: Interval) -> dict[str, Any]:
    """From a figure to the nearer edge of an interval it lies outside of."""
    low, high = interval.low, interval.high
    below = low is not None and (figure < low or (figure == low and not interval.low_closed))
    bound, closed = (low, interval.low_closed) if below or high is None else (high, interval.high_closed)
    entry = {"figure": plain(figure), "bound": plain(bound), "gap": plain(bound - figure)}
    return entry if closed else {**entry, "open": True}  # an open edge must be passed, not only reached


def _lever(assessment: Assessment, gate: Gate, gap: Mapping[str, Any]) -> dict[str, Any]:
    """How much more of its lever the gate needs, where it has one and that can be solved."""
    amount = needed(assessment.plan, assessment.values, gate, Decimal(gap["bound"]), closed="open" not in gap)
    return {} if amount is None else {"lever": {"node": amount.node.id, "change": plain(amount.change)}}


def checks(assessment: Assessment) -> list[dict[str, Any]]:
    """Every plausibility check: whether it holds, with its formula in the node of that name; per row, the rows that fail."""
    return [
        {
            "id": check.id,
            "title": check.title._asdict(),
            "holds": value_data(assessment.values[check.node]),
            "severity": check.severity,
            "node": check.node,
            "basis": check.origin.basis,
            "place": place_data(check.place, assessment.plan),
            **_rows(assessment, check),
            **({"compares": list(check.compares)} if check.compares else {}),
            **_settled(assessment, check),
        }
        for check in assessment.plan.checks
    ]


def _settled(assessment: Assessment, check: Check) -> dict[str, Any]:
    """Who settled it, when and why; nothing where nobody did."""
    listed = [
        {**({"row": each.row} if each.row else {}), "by": each.by, "on": each.on.isoformat(), "reason": each.reason}
        for each in assessment.case.settled
        if each.check == check.id
    ]
    return {"settled": listed} if listed else {}


def settlement(assessment: Assessment, check: Check, row: str | None) -> Settled | None:
    """What settles a check, or one row of it: what is said of this row before what is said of the whole check."""
    said = [each for each in assessment.case.settled if each.check == check.id and each.row in (None, row)]
    return next(iter(sorted(said, key=lambda each: each.row is None)), None)


def _rows(assessment: Assessment, check: Check) -> dict[str, Any]:
    if check.rows is None:
        return {}
    collection = check.rows.partition(".")[0]
    keys = [row_key(assessment, collection, index) for index in failing_rows(assessment, check)]
    return {"rows_node": check.rows, "rows": keys}


def failing_rows(assessment: Assessment, check: Check) -> list[int]:
    """The rows that a check per row does not hold for, counted from 0. A row that lacks a value is none."""
    cells = assessment.values[check.rows or ""]
    return [index for index, cell in enumerate(cells) if cell is False] if isinstance(cells, list) else []


def row_key(assessment: Assessment, collection: str, index: int) -> Any:
    """The key of a row as data."""
    return value_data(assessment.values[f"{collection}.{assessment.plan.collections[collection].key}"][index])


def _requirement(assessment: Assessment, condition: Condition) -> dict[str, Any]:
    return {
        "id": condition.id,
        "title": condition.title._asdict(),
        "met": value_data(assessment.values[condition.node]),
        "node": condition.node,
        **marked(assessment, condition.node),
    }


def claims(assessment: Assessment) -> list[dict[str, Any]]:
    """Claims are apart from the grade: each holds only when all its requirements do."""
    result = []
    for claim in assessment.plan.claims:
        value = assessment.values[claim.node]
        entry = {
            "id": claim.id,
            "title": claim.title._asdict(),
            "holds": value_data(value),
            "basis": claim.origin.basis,
            "requires": [_requirement(assessment, condition) for condition in claim.requires],
        }
        result.append(entry)
    return result

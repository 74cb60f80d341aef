"""A ruleset's own tests → Trials: each case evaluated, each expected value compared with its tolerance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

from guiju.diagnostics.finding import Finding, Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.diagnostics.words import severity
from guiju.evaluation.run import Assessment, evaluate, value_data
from guiju.formula.measures import UnitError
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import arithmetic
from guiju.intake.case import check_case, header, read_header
from guiju.intake.children import Resolve
from guiju.places import shown
from guiju.plan.build import plan
from guiju.plan.model import Plan
from guiju.ruleset.fields import Fields, scalar, words
from guiju.ruleset.load import pin
from guiju.ruleset.model import Ruleset, Words
from guiju.ruleset.shape import schema
from guiju.source.files import read_file
from guiju.source.node import Node
from guiju.source.schema import check


@dataclass(frozen=True, slots=True)
class Check:
    """One expected value: what was wished, what came out, how far it may be off."""

    node: str
    wanted: Any
    got: Any
    tolerance: str
    passed: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Trial:
    """One test of a ruleset. `origin` says where the wish comes from: published, derived or invented."""

    id: str
    title: Words
    origin: str
    source: str | None
    checks: tuple[Check, ...]
    place: Place

    @property
    def passed(self) -> bool:
        return bool(self.checks) and all(check.passed for check in self.checks)


def run_trials(folder: Path, ruleset: Ruleset, found: Found, resolve: Resolve | None = None) -> Iterator[Trial]:
    """Every test under `folder`/tests, one after the other. Findings say what in a test itself is wrong; `resolve` finds the
    assessments that rows of its cases take from."""
    bench = _Bench(ruleset, resolve)
    for path in sorted((folder / "tests").glob("*.yaml")):
        before = found.mark()
        node = read_file(path, shown(path), found)
        if node is not None:
            check(node, schema("tests-1"), found)
        if node is None or found.errors_since(before):
            continue
        for name, fields, place in Fields(node).entries("tests"):
            with arithmetic():
                trial = _trial(name, fields, place, path, bench, found)
            if trial is not None:
                yield trial


@dataclass(frozen=True, slots=True)
class _Bench:
    """What all trials share: the ruleset, its plans as far as they were made, the way to children."""

    ruleset: Ruleset
    resolve: Resolve | None
    plans: dict[str | None, Plan | None] = field(default_factory=dict)


def _trial(name: str, fields: Fields, place: Place, path: Path, bench: _Bench, found: Found) -> Trial | None:
    assessment = _assess(fields, path, bench, found)
    if assessment is None:
        return None
    expect = fields.map["expect"]
    checks = []
    for node, wish in cast(Mapping[str, Node], expect.value).items():
        result = _check(node, Fields(wish), expect.keys[node], assessment, found)
        if result is not None:
            checks.append(result)
    title = words(fields.map["title"]) if "title" in fields else Words(name, name)
    return Trial(name, title, fields.text("origin") or "invented", fields.text("source"), tuple(checks), place)


def _assess(fields: Fields, path: Path, bench: _Bench, found: Found) -> Assessment | None:
    """The test's case evaluated. Missing values in it are no findings: a test may hand in only what its nodes need."""
    own = Found()
    if "file" in fields:
        head = read_header(path.parent / fields.need("file"), own)
    else:
        head = header(fields.map["case"], own, path)
    variant = fields.text("variant") or (head.variant if head is not None else None)
    made: Plan | None = None
    if head is not None:
        if head.tables:
            made = plan(pin(bench.ruleset, head.tables, own), variant, own)
        else:
            if variant not in bench.plans:
                bench.plans[variant] = plan(bench.ruleset, variant, own)
            made = bench.plans[variant]
    case = check_case(head, made, own, bench.resolve) if head is not None and made is not None else None
    found.extend(finding for finding in own.findings if not _aside(finding))
    return evaluate(made, case) if made is not None and case is not None else None


def _aside(finding: Finding) -> bool:
    """What says nothing of the test itself: what a case leaves out, lints, what is noted of the children it takes from."""
    of_child = any(what == "taken-here" for what, _ in finding.related)
    noted = (finding.severity or severity(finding.code)) != "error"
    return finding.code.startswith(("case.missing", "lint.")) or (of_child and noted)


def _check(name: str, wish: Fields, place: Place, assessment: Assessment, found: Found) -> Check | None:
    value = _value(name, assessment)
    if value is None:
        found.add("trial.unknown-node", place, name=name, nearest=nearest(name, _names(name, assessment)))
        return None
    if wish.flag("missing", False):
        return Check(name, None, value_data(value), "", isinstance(value, NotComputed), place)
    wanted = scalar(wish.get("value"))
    if isinstance(value, NotComputed):
        return Check(name, value_data(wanted), None, "", False, place)
    if isinstance(wanted, Decimal) != isinstance(value, Decimal):
        return Check(name, value_data(wanted), value_data(value), "", False, place)
    if not isinstance(wanted, Decimal):
        got = value_data(value)
        return Check(name, wanted, got, "", got == wanted, place)
    return _number(name, wanted, value, wish, place, assessment, found)


def _number(
    name: str, wanted: Decimal, value: Decimal, wish: Fields, place: Place, assessment: Assessment, found: Found
) -> Check:
    unit = wish.text("unit")
    node = name.partition("[")[0]
    own = assessment.plan.nodes[node].unit if node in assessment.plan.nodes else None
    if unit is not None and own is not None and unit != own:
        value = _in_unit(value, own, unit, assessment, wish.map["unit"], found)
    absolute, relative = scalar(wish.get("tolerance")), scalar(wish.get("tolerance_relative"))
    allowed = absolute if absolute is not None else abs(wanted) * relative if relative is not None else Decimal(0)
    text = f"±{value_data(allowed)}" if allowed else ""
    return Check(name, value_data(wanted), value_data(value), text, abs(value - wanted) <= allowed, place)


def _in_unit(value: Decimal, own: str, unit: str, assessment: Assessment, node: Node, found: Found) -> Decimal:
    """The computed value in the unit in which the wish is written."""
    measures = assessment.plan.measures
    try:
        factor = measures.factor(own, unit)
    except UnitError as error:
        found.add(error.code, node.place, unit=error.symbol, nearest=measures.likely(error.symbol))
        return value
    if factor is None:
        found.add("case.unit", node.place, name=unit, given=unit, wanted=own)
        return value
    return value * factor.numerator / factor.denominator


def _value(name: str, assessment: Assessment) -> Any:
    """The value of a node; "grade" is the grade; "fuels.co2[diesel]" is one row; a column by itself only where it has one row."""
    node, _, row = name.partition("[")
    value = assessment.values.get("grade.result" if node == "grade" else node)
    if row and row.endswith("]") and isinstance(value, list):
        rows = _rows(node, assessment)
        return value[rows.index(row[:-1])] if row[:-1] in rows else None
    if isinstance(value, list):
        return value[0] if len(value) == 1 and not row else None
    return None if row else value


def _rows(node: str, assessment: Assessment) -> list[str]:
    """The keys of the rows behind a column, in the case's order."""
    collection = assessment.plan.collections.get(node.partition(".")[0])
    rows = assessment.case.collections.get(collection.id) if collection is not None else None
    return [str(row[collection.key].value) if collection.key in row else "" for row in rows or ()] if collection else []


def _names(name: str, assessment: Assessment) -> list[str]:
    """What could have been meant: the rows of a column, or any node."""
    node, _, row = name.partition("[")
    if row and node in assessment.plan.nodes:
        return [f"{node}[{key}]" for key in _rows(node, assessment)]
    return [*assessment.plan.nodes, "grade"]

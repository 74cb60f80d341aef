"""The whole way on one page: a reference and a case file → ruleset → plan → assessment. Read this first.

    text ─► Node ─► Ruleset ─► Plan ─► Assessment ─► data
           source   ruleset    plan    evaluation

Every step takes the collector of findings along and gives None when an error was found; nothing is raised.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.evaluation.advice import Advice, advise
from guiju.evaluation.children import resolver
from guiju.evaluation.findings import note
from guiju.evaluation.replay import replay
from guiju.evaluation.run import Assessment, evaluate
from guiju.intake.case import check_case, header, read_header
from guiju.intake.children import Resolve
from guiju.intake.model import Header
from guiju.plan import cache
from guiju.plan.model import Plan
from guiju.ruleset import load, locate, variants
from guiju.ruleset.model import Identity, Ruleset
from guiju.source.collector import left_alone
from guiju.source.node import Node

if TYPE_CHECKING:
    from guiju.workbook.model import Tables

Roots = Sequence[Path]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller said about the ruleset to use: it goes before what the case says."""

    ruleset: str | None = None
    variant: str | None = None
    on: str | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """What a case and its children share: the case files above, outermost first, the plans that were made so far, and the
    rulesets that were read for them. `cached` says whether plans of earlier runs may be taken; those read no ruleset."""

    above: tuple[Path, ...] = ()
    plans: dict[str, Plan] = field(default_factory=dict)
    rulesets: dict[str, Ruleset] = field(default_factory=dict)
    cached: bool = True


def read_ruleset(ref: str, roots: Roots, found: Found, on: str | None = None) -> Ruleset | None:
    """A reference (path, id@version, or id with a date) → the ruleset."""
    folder = locate.locate(ref, roots, found, on)
    with left_alone():
        return None if folder is None else load.load(folder, found)


def make_plan(
    ruleset: Ruleset, variant: str | None, pins: Mapping[str, Node], found: Found, asked: Place | None = None
) -> Plan | None:
    """The ruleset with one variant laid on and its external tables pinned → the plan."""
    from guiju.plan.build import plan  # not needed where the plan is in the cache

    before = found.mark()
    pinned = load.pin(ruleset, pins, found) if pins else ruleset
    if found.errors_since(before):
        return None
    with left_alone():
        return plan(pinned, variant, found, asked)


def all_plans(ruleset: Ruleset, found: Found) -> list[Plan]:
    """A plan of every variant that can be chosen: what `validate` looks at."""
    chosen: list[str | None] = [*variants.leaves(ruleset)] or [None]
    made = [make_plan(ruleset, variant, {}, found) for variant in chosen]
    return [one for one in made if one is not None]


def assess(path: Path, roots: Roots, wish: Wish, found: Found, family: Family | None = None) -> Assessment | None:
    """A case file → its assessment."""
    header = read_header(path, found)
    return None if header is None else assess_header(header, roots, wish, found, family or Family())


def assess_header(header: Header, roots: Roots, wish: Wish, found: Found, family: Family) -> Assessment | None:
    made = plan_of(header, roots, wish, found, family)
    return None if made is None else assess_with(made, header, found, children(roots, family))


def plan_of(header: Header, roots: Roots, wish: Wish, found: Found, family: Family) -> Plan | None:
    """The plan that a case asks for, from the cache where it is there."""
    ref = wish.ruleset or header.ruleset
    if ref is None:
        found.add("case.no-ruleset", header.node.place)
        return None
    if wish.on is not None and not locate.is_day(wish.on):
        found.add("case.date", None, text=wish.on)
        return None
    folder = locate.locate(ref, roots, found, wish.on or header.end.isoformat())
    asked = None if wish.variant else place_of(header, "variant", "ruleset")
    variant = wish.variant or header.variant
    return None if folder is None else _kept_plan(folder, variant, header.tables, asked, family, found)


def take(node: Node, path: Path, roots: Roots, found: Found, tables: Tables | None = None) -> tuple[Node, Plan] | None:
    """Data from elsewhere (a workbook, CSV, JSON) → the Node of a case that was checked, and its plan; None after adding
    errors. With `tables` the Node is only what the case says of itself; they hold the rest. `path` is where the case will lie."""
    from guiju.workbook import shape  # whoever evaluates a case needs nothing of workbooks

    before = found.mark()
    shape.check_shape(node, found)
    head = None if found.errors_since(before) else header(node, found, path)
    plan = None if head is None else plan_of(head, roots, Wish(), found, Family())
    if head is None or plan is None:
        return None
    if tables is not None:
        node = _filled(node, tables, plan, found)
        if not found.errors_since(before):
            shape.check_shape(node, found)
    if found.errors_since(before):
        return None
    _in_use(plan.ruleset, head, found)
    case = check_case(replace(head, node=node), plan, found, children(roots))
    return None if case is None else (node, plan)


def _filled(head: Node, tables: Tables, plan: Plan, found: Found) -> Node:
    """The head with what the tables hold. A workbook from another state of the ruleset is noted; its values are checked anyway."""
    from guiju.workbook.assemble import whole
    from guiju.workbook.csv_files import named
    from guiju.workbook.layout import layout

    known = tables if tables.fingerprint is not None else named(tables, layout(plan), found)
    if known.fingerprint not in (None, plan.ruleset.fingerprint):
        was, now = str(known.fingerprint)[-12:], plan.ruleset.fingerprint[-12:]
        found.add("workbook.fingerprint", Place(tables.file, 1, 1), ref=plan.ruleset.ref, was=was, now=now)
    return whole(head, known, plan, found)


def children(roots: Roots, family: Family | None = None) -> Resolve:
    """How rows of a case find the assessments they take from: each by its own ruleset, whatever was wished for the parent."""
    own = family or Family()

    def child(path: Path, above: tuple[Path, ...], found: Found) -> Assessment | None:
        return assess(path, roots, Wish(), found, replace(own, above=above))

    return resolver(child, own.above)


def place_of(header: Header, *names: str) -> Place:
    """Where the case says it: the first of these fields that is there."""
    fields = cast(Mapping[str, Node], header.node.value)
    return next((fields[name].place for name in names if name in fields), header.node.place)


def _kept_plan(
    folder: Path, variant: str | None, pins: Mapping[str, Node], asked: Place | None, family: Family, found: Found
) -> Plan | None:
    """The plan from the cache, or made anew and kept. Only a plan without any finding of load is kept."""
    name = cache.key(folder, variant, {table: node.text for table, node in pins.items()})
    known = family.plans.get(name) or (cache.read(name, folder, os.environ) if family.cached else None)
    if known is not None:
        family.plans[name] = known
        return known
    before = found.mark()
    with left_alone():
        ruleset = load.load(folder, found)
    made = None if ruleset is None else make_plan(ruleset, variant, pins, found, asked)
    if ruleset is not None and made is not None:
        family.plans[name], family.rulesets[ruleset.identity.folder] = made, ruleset
    if made is not None and family.cached and not found.since(before):
        cache.keep(name, made, os.environ)
    return made


def assess_with(made: Plan, header: Header, found: Found, resolve: Resolve) -> Assessment | None:
    """A header, a plan and the way to children → the assessment."""
    _in_use(made.ruleset, header, found)
    case = check_case(header, made, found, resolve)
    if case is None:
        return None
    assessment = evaluate(made, case)
    note(assessment, found)
    return assessment


def advice_on(data: Mapping[str, Any], roots: Roots) -> Advice | None:
    """Advice on the data of an assessment; None where its ruleset is not there, or gives other values than the data hold."""
    ruleset, found = data["ruleset"], Found()
    there = read_ruleset(f"{ruleset['id']}@{ruleset['version']}", roots, found)
    if there is None:
        return None
    nowhere = Place("", 0, 0)
    versions = {name: entry["ref"].partition("@")[2] for name, entry in ruleset["tables"].items()}
    pins = {name: Node(version, nowhere, version, {}, "plain") for name, version in versions.items()}
    made = make_plan(there, ruleset["variant"], pins, found)
    values = None if made is None else replay(made, data)
    return None if made is None or values is None else advise(made, values, fixed(made))


def fixed(plan: Plan) -> Sequence[str]:
    """The indicators on which the ruleset wants no advice."""
    return tuple((plan.report or {}).get("fixed", ()))


def _in_use(ruleset: Identity, header: Header, found: Found) -> None:
    """A version that is out of use, or was not yet or no longer in force, is noted; it may be meant."""
    place, last = place_of(header, "ruleset"), header.end.isoformat()
    if ruleset.status == "withdrawn":
        found.add("version.withdrawn", place, ref=ruleset.ref)
    elif ruleset.status == "superseded":
        found.add("version.superseded", place, ref=ruleset.ref)
    elif ruleset.effective and (last < ruleset.effective or (ruleset.withdrawn and last >= ruleset.withdrawn)):
        found.add(
            "version.not-in-force",
            cast(Mapping[str, Node], cast(Mapping[str, Node], header.node.value)["period"].value)["to"].place,
            ref=ruleset.ref,
            on=last,
            effective=ruleset.effective,
            withdrawn=ruleset.withdrawn or "",
        )

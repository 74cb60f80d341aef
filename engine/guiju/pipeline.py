"""The whole way on one page: a reference and a case file → ruleset → plan → assessment. Read this first.

    text ─► Node ─► Ruleset ─► Plan ─► Assessment ─► data
           source   ruleset    plan    evaluation

Every step takes the collector of findings along and gives None when an error was found; nothing is raised.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from guiju.diagnostics.finding import Found
from guiju.evaluation.run import Assessment, evaluate
from guiju.intake.case import check_case, read_header
from guiju.intake.model import Header
from guiju.plan.build import plan
from guiju.plan.model import Plan
from guiju.ruleset import load, locate, variants
from guiju.ruleset.model import Ruleset
from guiju.source.node import Node

Roots = Sequence[Path]


@dataclass(frozen=True, slots=True)
class Wish:
    """What the caller said about the ruleset to use: it goes before what the case says."""

    ruleset: str | None = None
    variant: str | None = None
    on: str | None = None


def read_ruleset(ref: str, roots: Roots, found: Found, on: str | None = None) -> Ruleset | None:
    """A reference (path, id@version, or id with a date) → the ruleset."""
    folder = locate.locate(ref, roots, found, on)
    return None if folder is None else load.load(folder, found)


def make_plan(ruleset: Ruleset, variant: str | None, pins: Mapping[str, Node], found: Found) -> Plan | None:
    """The ruleset with one variant laid on and its external tables pinned → the plan."""
    return plan(load.pin(ruleset, pins, found) if pins else ruleset, variant, found)


def all_plans(ruleset: Ruleset, found: Found) -> list[Plan]:
    """A plan of every variant that can be chosen: what `validate` looks at."""
    made = [plan(ruleset, variant, found) for variant in (variants.leaves(ruleset) or [None])]
    return [one for one in made if one is not None]


def assess(path: Path, roots: Roots, wish: Wish, found: Found) -> Assessment | None:
    """A case file → its assessment."""
    header = read_header(path, found)
    return None if header is None else assess_header(header, roots, wish, found)


def assess_header(header: Header, roots: Roots, wish: Wish, found: Found) -> Assessment | None:
    ref = wish.ruleset or header.ruleset
    if ref is None:
        found.add("case.no-ruleset", header.node.place)
        return None
    if wish.on is not None and not _is_date(wish.on, found):
        return None
    ruleset = read_ruleset(ref, roots, found, wish.on or header.end.isoformat())
    if ruleset is None:
        return None
    made = make_plan(ruleset, wish.variant or header.variant, header.tables, found)
    return None if made is None else assess_with(made, header, found)


def assess_with(made: Plan, header: Header, found: Found) -> Assessment | None:
    """A header and a plan → the assessment."""
    case = check_case(header, made, found)
    return None if case is None else evaluate(made, case)


def _is_date(text: str, found: Found) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        found.add("case.date", None, text=text)
        return False
    return True

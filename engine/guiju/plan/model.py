"""A Plan: everything that one variant of one ruleset computes, in order, ready to run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from guiju.diagnostics.finding import Place
from guiju.formula.measures import Measures
from guiju.formula.numbers import Rounding
from guiju.formula.tables import Lookup
from guiju.plan.staged import Program
from guiju.ruleset.model import (
    UNSAID,
    Change,
    Collection,
    Identity,
    Indicator,
    Input,
    Origin,
    PinnedTable,
    Quality,
    Table,
    Words,
)  # fmt: skip
from guiju.source.node import Node

Type = Literal["number", "text", "boolean", "date"]
How = Literal["value", "fold", "group", "cell"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A rule on its way into the plan: written by a person, or made from sugar (`part` says from which)."""

    id: str
    title: Words
    text: str
    unit: str | None
    type: Type
    origin: Origin
    place: Place
    part: str
    owner: str | None = None  # the indicator or gate it belongs to
    written: Node | None = None  # where a person wrote the text
    per: str | None = None
    rounding: Rounding | None = None
    since: str | None = None
    changed: tuple[Change, ...] = ()
    points: tuple[tuple[int, Place], ...] = ()
    choices: tuple[str, ...] = ()  # what a text may be, where that is known
    headline: int | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One name in a formula's text: characters `start` to `end`, what it means, and for cells the keys as written."""

    start: int
    end: int
    target: str  # a node, a collection's column "fuels.co2", or a table's column "grid.factor"
    how: How
    function: str = ""  # of a fold or a group
    keys: tuple[str | None, ...] = ()  # of a cell or a group: node ids, None where the key is a literal
    names: tuple[str, ...] = ()  # as the formula calls it: the name of a value, the keys of a cell or a group
    literals: tuple[Any, ...] = ()  # of a cell or a group: the literal keys, None where the key is a node
    by: str = ""  # of a group: the column whose value chooses the rows

    @property
    def needs(self) -> tuple[str, ...]:
        """The nodes it rests on."""
        keys = tuple(key for key in self.keys if key is not None)
        if self.how == "cell":
            return keys
        return (self.target, self.by, *keys) if self.how == "group" else (self.target,)


@dataclass(frozen=True, slots=True)
class PlanNode:
    """A value the plan knows or computes."""

    id: str
    kind: Literal["context", "input", "column", "parameter", "formula", "evidence"]
    title: Words
    type: Type
    unit: str | None
    place: Place
    origin: Origin
    part: str = ""
    owner: str | None = None
    per: str | None = None
    written: str = ""  # the formula as a person (or the sugar) wrote it
    text: str = ""  # the formula that runs: `written` with unit conversions made visible
    uses: tuple[Use, ...] = ()
    rounding: Rounding | None = None
    since: str | None = None
    changed: tuple[Change, ...] = ()
    constant: Any = None  # of a parameter
    named: Place | None = None  # of a parameter: where its name stands; `place` is that of its value
    quality: Quality = UNSAID  # of a parameter
    headline: int | None = None  # of a formula: its place among the main figures; 0: behind those with a place

    @property
    def needs(self) -> tuple[str, ...]:
        """The nodes this one rests on, in the order of the text, each once."""
        return tuple(dict.fromkeys(need for use in self.uses for need in use.needs))


@dataclass(frozen=True, slots=True)
class Interval:
    """[low, high) and its kin; None is without end."""

    low: Any
    high: Any
    low_closed: bool
    high_closed: bool
    text: str


@dataclass(frozen=True, slots=True)
class Band:
    level: str
    interval: Interval
    origin: Origin


@dataclass(frozen=True, slots=True)
class Gate:
    """One named condition of the grade: bands over a figure, or a condition that caps the grade."""

    id: str
    title: Words
    bands: tuple[Band, ...]  # best level first; empty for a condition
    unit: str | None
    rounding: Rounding | None
    compare: Literal["rounded", "full"]
    cap: str | None  # level, for a condition that is not met
    origin: Origin
    place: Place
    enabled: bool = True
    lever: str | None = None  # the node whose amount moves the figure


@dataclass(frozen=True, slots=True)
class Condition:
    """A precondition, or one requirement of a claim; `node` is the truth in the plan."""

    id: str
    title: Words
    node: str
    otherwise: str | None
    origin: Origin
    place: Place


@dataclass(frozen=True, slots=True)
class Check:
    """A plausibility check; `node` is the truth in the plan, `rows` the truth of every row. It remarks, it changes nothing."""

    id: str
    title: Words
    node: str
    severity: Literal["warning", "note"]
    origin: Origin
    place: Place
    rows: str | None = None
    compares: tuple[str, ...] = ()  # nodes whose figures a finding shows, instead of all that the formula uses


@dataclass(frozen=True, slots=True)
class ClaimedLevel:
    """A level that counts only as far as its evidence goes: `input` claims it, `node` is the level that counts."""

    owner: str  # the indicator
    item: str | None  # of a checklist
    input: str
    node: str
    proofs: Mapping[str, str]  # kind of evidence -> the truth that says whether it is handed in


@dataclass(frozen=True, slots=True)
class Grade:
    title: Words
    levels: tuple[str, ...]  # best first
    labels: Mapping[str, Words]
    refusals: Mapping[str, Words]
    gates: tuple[Gate, ...]
    preconditions: tuple[Condition, ...]
    combine: Literal["lowest", "highest"]


@dataclass(frozen=True, slots=True)
class Claim:
    id: str
    title: Words
    node: str
    requires: tuple[Condition, ...]
    origin: Origin
    place: Place


@dataclass(frozen=True)
class Plan:
    """One variant of one ruleset: nodes in the order in which they are computed, and what an assessment has to say of them."""

    ruleset: Identity
    variant: str | None
    nodes: Mapping[str, PlanNode]  # inputs, parameters, formulas; formulas in the order of computing
    inputs: Mapping[str, Input]
    collections: Mapping[str, Collection]
    tables: Mapping[str, Table]
    lookups: Mapping[str, Lookup]
    indicators: Mapping[str, Indicator]
    children: Mapping[str, tuple[str, ...]]  # indicator -> its children; "" -> the root
    grade: Grade | None
    claims: tuple[Claim, ...]
    checks: tuple[Check, ...]
    levels: tuple[ClaimedLevel, ...]
    sources: Mapping[str, Node]
    evidence: Mapping[str, Words]
    measures: Measures
    pinned: Mapping[str, PinnedTable]  # external tables by the name they have here
    facts: Mapping[str, dict[str, Any]]  # what every assessment says of each node, whatever the case
    program: Program
    elsewhere: frozenset[str]  # inputs that other variants ask for, this one does not
    mentioned: frozenset[str]  # words of the overlays of all variants
    report: Mapping[str, Any] | None = None  # what a report shows, of what this variant has
    variant_titles: tuple[Words, ...] = ()  # of the variant and those around it, outermost first

    @cached_property
    def formulas(self) -> tuple[PlanNode, ...]:
        return tuple(node for node in self.nodes.values() if node.kind == "formula")

    @cached_property
    def headlines(self) -> tuple[PlanNode, ...]:
        """The main figures: those with a place by it, then the others in the order of computing."""
        shown = [node for node in self.formulas if node.headline is not None and node.per is None]
        return tuple(sorted(shown, key=lambda node: node.headline or math.inf))

    @cached_property
    def by_basis(self) -> Mapping[str, int]:
        """How many rules and numbers rest on what: stated, sibling, proposed. What nothing uses is not counted."""
        counts: dict[str, int] = {}
        for node in self.nodes.values():
            written = node.part in ("", "formula", "score") and (node.kind == "formula" or node.id in self.used)
            if written and node.origin.basis is not None:
                counts[node.origin.basis] = counts.get(node.origin.basis, 0) + 1
        return {basis: counts[basis] for basis in sorted(counts)}

    @cached_property
    def marked(self) -> frozenset[Quality]:
        """What the ruleset itself says of the quality of its numbers, and of those of a case that says nothing."""
        items = [*self.inputs.values(), *(item for each in self.collections.values() for item in each.columns.values())]
        cells = (quality for table in self.tables.values() for row in table.rows for quality in row.quality.values())
        every = (*(node.quality for node in self.nodes.values()), *(item.quality for item in items), *cells)
        return frozenset(quality for quality in every if quality.said)

    @cached_property
    def used(self) -> frozenset[str]:
        """Every node that some formula names."""
        return frozenset(need for node in self.formulas for need in node.needs)

"""The standard as written, typed. Every entry keeps its Node: the way back to the line of YAML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from guiju.diagnostics.finding import Place
from guiju.formula.numbers import Rounding
from guiju.source.node import Node

CHILD_WORDS = ("case", "assessment")  # by which a row of a case names what it takes from
Basis = Literal["stated", "sibling", "proposed"]
Tier = Literal["measured", "calculated", "default"]


class Words(NamedTuple):
    """A text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a rule or number comes from: basis, document, clause (or "not seen"), place in the document, remark."""

    basis: Basis | None = None
    source: str | None = None
    clause: str | None = None
    at: str | None = None
    note: Words | None = None


@dataclass(frozen=True, slots=True)
class Quality:
    """How good a number is: its tier, and ± percent of it (half-width at 95 %). What is not said is None. `unsaid` is only the
    tier of what was taken from a child that says so itself."""

    tier: Tier | Literal["unsaid"] | None = None
    uncertainty: Decimal | None = None

    @property
    def said(self) -> bool:
        return self.tier is not None or self.uncertainty is not None

    def over(self, other: Quality) -> Quality:
        """What it says itself, and the rest from another one."""
        return Quality(self.tier or other.tier, other.uncertainty if self.uncertainty is None else self.uncertainty)


UNSAID = Quality()


@dataclass(frozen=True, slots=True)
class Change:
    version: str
    what: Words
    why: Words


@dataclass(frozen=True, slots=True)
class Parameter:
    id: str
    title: Words
    value: Decimal | str | bool
    unit: str | None
    origin: Origin
    node: Node  # of the value
    place: Place  # of its key
    quality: Quality = UNSAID


@dataclass(frozen=True, slots=True)
class KeyColumn:
    name: str
    type: Literal["text", "integer", "number"]
    match: Literal["exact", "floor", "ceiling"]


@dataclass(frozen=True, slots=True)
class TableColumn:
    name: str
    title: Words
    type: Literal["number", "text"]
    unit: str | None
    quality: Quality = UNSAID  # of its cells


@dataclass(frozen=True, slots=True)
class Row:
    keys: tuple[Any, ...]
    cells: Mapping[str, Any]
    origin: Origin
    node: Node
    quality: Mapping[str, Quality] = field(default_factory=dict)  # by column, where something is said


@dataclass(frozen=True, slots=True)
class Table:
    id: str
    title: Words
    keys: tuple[KeyColumn, ...]
    columns: Mapping[str, TableColumn]
    rows: tuple[Row, ...]
    node: Node
    pinned: str | None = None  # "grid-cn@2023" for an external table


@dataclass(frozen=True, slots=True)
class Input:
    """What a mine (or whoever is evaluated) has to say: one value, or one column of a collection."""

    id: str
    title: Words
    type: Literal["number", "integer", "text", "choice", "boolean", "date"]
    unit: str | None
    required: bool
    place: Place
    min: Decimal | str | None = None
    max: Decimal | str | None = None
    default: Any = None
    supplier: str | None = None
    evidence: tuple[str, ...] = ()
    choices: Mapping[str, Words] | None = None
    choices_from: str | None = None
    tags: tuple[str, ...] = ()
    origin: Origin = Origin()
    evidence_by_choice: Mapping[str, tuple[str, ...]] | None = None
    node: Node | None = None
    unit_required: bool = False  # a case must say the unit beside the number
    take: str | None = None  # of a column: the node of a child's assessment, or "@grade" and the like
    quality: Quality = UNSAID  # where the case says nothing


@dataclass(frozen=True, slots=True)
class NoOverlap:
    """Rows are ranges from one column to another, both ends included; those equal in all `within` must not overlap."""

    first: str
    last: str
    within: tuple[str, ...]
    node: Node


@dataclass(frozen=True, slots=True)
class Collection:
    id: str
    title: Words
    key: str
    required: bool
    columns: Mapping[str, Input]
    place: Place
    key_place: Place
    no_overlap: NoOverlap | None = None
    rulesets: tuple[str, ...] = ()  # rows may take from assessments by these


@dataclass(frozen=True, slots=True)
class Formula:
    """One rule: an expression with unit or type, for one value or once per row of a collection."""

    id: str
    title: Words
    expr: Node
    unit: str | None
    type: Literal["number", "boolean", "text", "date"]
    origin: Origin
    place: Place
    per: str | None = None
    per_place: Place | None = None
    rounding: Rounding | None = None
    since: str | None = None
    changed: tuple[Change, ...] = ()
    part: str = "formula"  # which sugar it was made from: score, aggregate, gate, ...
    headline: int | None = None  # its place among the main figures of the scorecard; 0: behind those with a place


@dataclass(frozen=True, slots=True)
class Indicator:
    """A knot of the tree: leaf with value and score, or inner with the weighted scores of its children."""

    id: str
    no: str
    title: Words
    parent: str | None
    node: Node
    origin: Origin
    tags: Mapping[str, str]
    nature: str | None
    place: Place  # of its key


@dataclass(frozen=True, slots=True)
class Rules:
    """All sections of one ruleset after one variant was laid over it."""

    units: Mapping[str, str | None]
    parameters: Mapping[str, Parameter]
    tables: Mapping[str, Table]
    inputs: Mapping[str, Input]
    collections: Mapping[str, Collection]
    formulas: Mapping[str, Formula]
    indicators: Mapping[str, Indicator]
    preconditions: Mapping[str, Node]
    grade: Node | None
    grade_place: Place | None  # of its key
    claims: Mapping[str, Node]
    checks: Mapping[str, Node]
    sources: Mapping[str, Node]
    evidence: Mapping[str, Words]
    entries: tuple[Node, ...]  # every entry that may carry unit, basis, source, clause
    unit_places: Mapping[str, Place]
    equals_places: Mapping[str, Place]  # of the units that are built from others
    report: Node | None = None  # what a report shows


@dataclass(frozen=True, slots=True)
class PinnedTable:
    """One version of an external table: "grid-cn@2023", its data and fingerprint."""

    ref: str
    node: Node
    fingerprint: str

    @property
    def file(self) -> str:
        """Its path as an assessment names it."""
        table, _, version = self.ref.partition("@")
        return f"tables/{table}/{version}.yaml"


@dataclass(frozen=True, slots=True)
class Base:
    """A version that another one extends: "id@version" and its fingerprint."""

    ref: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Identity:
    """What a ruleset version says of itself, and the fingerprint of its files."""

    id: str
    version: str
    title: Words
    publisher: Words | None
    status: Literal["draft", "published", "superseded", "withdrawn"]
    issued: str | None
    effective: str | None
    withdrawn: str | None
    supersedes: str | None
    folder: str
    fingerprint: str
    files: Mapping[str, str]  # a file as shown in findings -> its path inside the ruleset, wherever one stands
    bases: tuple[Base, ...] = ()  # the versions it extends, nearest first

    @property
    def ref(self) -> str:
        return f"{self.id}@{self.version}"


@dataclass(frozen=True, slots=True)
class Ruleset:
    """A ruleset version as it was read: identity, all sections, overlays."""

    identity: Identity
    sections: Node  # the merged files, without identity
    variants: Mapping[str, Node]
    variant_places: Mapping[str, Place]
    tables: Mapping[str, PinnedTable]  # external tables read with it, by "id@version"

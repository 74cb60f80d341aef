"""A Case: what was handed in, value by value, each with where it stands and what proves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from guiju.diagnostics.finding import Place
from guiju.ruleset.model import UNSAID, Quality, Words
from guiju.source.node import Node


@dataclass(frozen=True, slots=True)
class Given:
    """One value as handed in: in the unit of its input, and as written where another unit was named."""

    value: Any  # Decimal, text, bool or date; None = handed in as unknown; NotComputed = a child has none
    unit: str | None
    place: Place
    written: str = ""
    written_unit: str | None = None
    origin: str | None = None  # public, measured, calculated, default, illustrative, child
    source: Any = None  # a text, or {zh, en}; likewise note and reason
    evidence: tuple[str, ...] = ()
    note: Any = None
    reason: Any = None
    quality: Quality = UNSAID
    child: str | None = None  # id of the assessment it was taken from
    taken: str | None = None  # what was taken: a node, or "@grade" and the like
    amounts: Mapping[str, Decimal] | None = None  # of a figure that was taken: how much of it is of which tier


@dataclass(frozen=True, slots=True)
class Child:
    """Another assessment that a row takes from, as data (schema assessment-1), and the file that was named."""

    file: str  # as the row names it
    how: Literal["case", "assessment"]
    sha256: str
    data: Mapping[str, Any]

    @property
    def id(self) -> str:
        return str(self.data["case"]["id"])

    @property
    def ref(self) -> str:
        return f"{self.data['ruleset']['id']}@{self.data['ruleset']['version']}"


@dataclass(frozen=True, slots=True)
class Settled:
    """A check that does not hold, settled by a person: the whole check, or one row by its key. It changes no value."""

    check: str
    row: str | None
    by: Any  # a text, or {zh, en}; likewise reason
    on: date
    reason: Any
    place: Place


@dataclass(frozen=True, slots=True)
class Header:
    """What a case says of itself before any plan is known."""

    id: str
    title: Words
    ruleset: str | None
    variant: str | None
    role: str
    subject: Mapping[str, Any]
    start: date
    end: date
    tables: Mapping[str, Node]
    node: Node
    path: Path | None = None  # of the file it stands in
    report: Mapping[str, Any] = field(default_factory=dict)  # client, assessor, date, number, aim


@dataclass(frozen=True, slots=True)
class Case:
    """The header and all values, checked against a plan. A collection that is required but absent is None."""

    header: Header
    inputs: Mapping[str, Given]
    collections: Mapping[str, tuple[Mapping[str, Given], ...] | None]
    evidence: Mapping[str, Mapping[str, Any]]
    proofs: Mapping[str, bool]  # by node: whether evidence of its kind is handed in beside its value
    children: Mapping[str, tuple[Child | None, ...]] = field(default_factory=dict)  # by collection, row by row
    settled: tuple[Settled, ...] = ()

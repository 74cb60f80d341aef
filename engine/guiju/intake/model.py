"""A Case: what was handed in, value by value, each with where it stands and what proves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from guiju.diagnostics.finding import Place
from guiju.ruleset.model import UNSAID, Quality, Words
from guiju.source.node import Node


@dataclass(frozen=True, slots=True)
class Given:
    """One value as handed in: in the unit of its input, and as written where another unit was named."""

    value: Any  # Decimal, text, bool or date; None = handed in as unknown
    unit: str | None
    place: Place
    written: str = ""
    written_unit: str | None = None
    origin: str | None = None  # public, measured, calculated, default, illustrative
    source: Any = None  # a text, or {zh, en}; likewise note and reason
    evidence: tuple[str, ...] = ()
    note: Any = None
    reason: Any = None
    quality: Quality = UNSAID


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


@dataclass(frozen=True, slots=True)
class Case:
    """The header and all values, checked against a plan. A collection that is required but absent is None."""

    header: Header
    inputs: Mapping[str, Given]
    collections: Mapping[str, tuple[Mapping[str, Given], ...] | None]
    evidence: Mapping[str, Mapping[str, Any]]
    proofs: Mapping[str, bool]  # by node: whether evidence of its kind is handed in beside its value

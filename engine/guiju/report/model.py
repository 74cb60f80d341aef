"""What templates may name: words and already rounded numbers, nothing to compute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guiju.diagnostics.language import Language

RowState = Literal["block", "leaf", "left_out", "missing"]
Shade = Literal["good", "accent", "poor"]
Mark = Literal["yes", "no", "unknown", "off"]


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """One indicator. `filled` is its score in thousandths of full marks, for a bar."""

    no: str
    title: str
    depth: int
    state: RowState
    value: str
    unit: str
    score: str
    weight: str
    contribution: str
    filled: int
    remark: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One result of a ruleset that only computes. `known` is false where it could not be computed."""

    title: str
    value: str
    unit: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class GateRow:
    """One condition of the grade: its figure, the band it falls into, the level that gives."""

    title: str
    figure: str
    compared: str
    unit: str
    band: str
    level: str
    basis: str
    mark: Mark
    deciding: bool
    remark: str
    unevidenced: str = ""  # that it rests on values which lack evidence
    uncertainty: str = ""  # ± of the figure; part of the remark too
    hint: str = ""  # the remark without it


@dataclass(frozen=True, slots=True)
class ConditionRow:
    title: str
    mark: Mark
    verdict: str
    remark: str
    unevidenced: str = ""  # as of a gate
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ClaimRow:
    title: str
    mark: Mark
    verdict: str
    basis: str
    requires: tuple[ConditionRow, ...]


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A figure that the ruleset wants on the scorecard: value with unit, ± and tiers."""

    title: str
    value: str
    quality: str


@dataclass(frozen=True, slots=True)
class GapRow:
    """What could not be computed for the same causes, and the causes."""

    results: str
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GradeView:
    """The grade and all that decided it. `level` is empty where there is none; `shade` is its colour: best, other, none."""

    title: str
    label: str
    level: str
    mark: Mark
    shade: Shade
    headline: str
    because: str
    combine: str
    gates: tuple[GateRow, ...]
    preconditions: tuple[ConditionRow, ...]
    unmet: tuple[ConditionRow, ...]
    preconditions_line: str
    next_title: str
    next_needs: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScorecardView:
    """Everything on a scorecard, in one language, in the order in which it is shown."""

    lang: Language
    banner: str
    subject: str
    case_title: str
    facts: tuple[tuple[str, str], ...]
    built_on: str
    ruleset_title: str
    ruleset_line: str
    period_line: str
    grade: GradeView | None
    figures: tuple[FigureRow, ...]
    indicators: tuple[IndicatorRow, ...]
    results: tuple[ResultRow, ...]
    claims: tuple[ClaimRow, ...]
    checks_line: str
    checks_hint: str
    remarks: tuple[ConditionRow, ...]
    gaps: tuple[GapRow, ...]
    more_gaps: str
    inputs_line: str
    evidence_line: str
    defaults_line: str
    rules_line: str
    children: tuple[str, ...]
    tables: tuple[str, ...]
    engine_line: str

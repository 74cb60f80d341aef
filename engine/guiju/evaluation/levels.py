"""Levels that count only as far as their evidence goes: what was claimed, what counts, what evidence is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guiju.evaluation.run import Assessment
from guiju.plan.model import ClaimedLevel
from guiju.ruleset.model import Words


@dataclass(frozen=True, slots=True)
class Standing:
    """One level: as it was claimed, as it counts, and the kinds of evidence that the claim lacks."""

    level: ClaimedLevel
    claimed: str
    counted: str
    lacking: tuple[str, ...]

    @property
    def fell(self) -> bool:
        return self.claimed != self.counted


def standings(assessment: Assessment, owner: str | None = None) -> list[Standing]:
    """Every claimed level, or those of one indicator; what was not claimed is left out."""
    result = []
    for level in assessment.plan.levels:
        claimed, counted = assessment.values[level.input], assessment.values[level.node]
        if owner in (None, level.owner) and isinstance(claimed, str) and isinstance(counted, str):
            result.append(Standing(level, claimed, counted, _lacking(assessment, level, claimed)))
    return result


def _lacking(assessment: Assessment, level: ClaimedLevel, claimed: str) -> tuple[str, ...]:
    needed = (assessment.plan.inputs[level.input].evidence_by_choice or {}).get(claimed, ())
    return tuple(kind for kind in needed if not assessment.values[level.proofs[kind]])


def level_title(assessment: Assessment, level: ClaimedLevel, name: str) -> Words:
    """The title of one level."""
    return (assessment.plan.inputs[level.input].choices or {})[name]


def level_data(assessment: Assessment, owner: str) -> list[dict[str, Any]]:
    """The claimed levels of an indicator as data."""
    return [_data(assessment, standing) for standing in standings(assessment, owner)]


def _data(assessment: Assessment, standing: Standing) -> dict[str, Any]:
    level, plan = standing.level, assessment.plan
    return {
        "node": level.node,
        "input": level.input,
        "item": level.item,
        "title": plan.inputs[level.input].title._asdict(),
        "claimed": standing.claimed,
        "claimed_title": level_title(assessment, level, standing.claimed)._asdict(),
        "counted": standing.counted,
        "counted_title": level_title(assessment, level, standing.counted)._asdict(),
        "lacking": [{"kind": kind, "title": plan.evidence[kind]._asdict()} for kind in standing.lacking],
    }

"""A level that needs evidence → formulas: it counts as it was claimed only where its evidence is handed in, else it falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from guiju.diagnostics.finding import Found, Place
from guiju.plan.model import ClaimedLevel
from guiju.plan.parts import Parts, nested, rule
from guiju.ruleset.fields import Fields, scalar
from guiju.ruleset.model import Indicator, Input


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a scale: its score or points, and the kinds of evidence it needs."""

    id: str
    points: Decimal
    evidence: tuple[str, ...]
    place: Place


def falls(score: Fields) -> bool:
    """Whether a level without its evidence falls (`unevidenced: falls`); by default it stands."""
    return score.text("unevidenced") == "falls"


def scale(score: Fields, field: str) -> tuple[Level, ...]:
    """The levels as written; `field` holds what they are worth."""
    return tuple(
        Level(key, scalar(fields.map[field]), fields.texts("evidence"), place)
        for key, fields, place in score.entries("levels")
    )


def check_lowest(owner: Indicator, levels: Sequence[Level], found: Found) -> bool:
    """Some level must be left to fall to: one with the fewest points needs no evidence."""
    fewest = min(level.points for level in levels)
    lowest = [level for level in levels if level.points == fewest]
    if any(not level.evidence for level in lowest):
        return True
    found.add("score.lowest-needs-evidence", lowest[0].place, indicator=owner.id, level=lowest[0].id)
    return False


def counted(
    owner: Indicator, item: str | None, asked: Input, levels: Sequence[Level], words: tuple[str, str], apart: str = ""
) -> Parts:
    """`.level`, or `.level_<item>`: the level that counts. The choice `apart` is no level and stands as it is."""
    part = "level" if item is None else f"level_{item}"
    proofs = {kind: f"{asked.id}.evidence_{kind}" for level in levels for kind in level.evidence}
    tests, last = _tests(asked.id, levels, proofs)
    first = f'"{apart}"' if apart else last
    tests.insert(0, (f"{asked.id} == {first}", first))  # asked of the claim alone: one that is missing decides nothing
    draft = replace(
        rule(owner, part, nested(tests, last), words, None, kind="text"), choices=tuple(asked.choices or ())
    )
    return Parts((draft,), levels=(ClaimedLevel(owner.id, item, asked.id, draft.id, proofs),))


def _tests(asked: str, levels: Sequence[Level], proofs: dict[str, str]) -> tuple[list[tuple[str, str]], str]:
    """From the best level down: it counts where it, or a better one, was claimed and its evidence is there.

    Among levels of equal worth the claimed one comes first, then the others as written.
    """
    tests: list[tuple[str, Level]] = []
    for points in sorted({level.points for level in levels}, reverse=True):
        equal = [level for level in levels if level.points == points]
        claimed = [level.id for level in levels if level.points >= points]
        tests += [(_shown(asked, [level.id], level, proofs), level) for level in equal if len(equal) > 1]
        tests += [(_shown(asked, claimed, level, proofs), level) for level in equal]
    floor = max(index for index, (_, level) in enumerate(tests) if not level.evidence)  # one that is always reached
    texts = [(test, f'"{level.id}"') for test, level in tests[: floor + 1]]
    return texts[:-1], texts[-1][1]


def _shown(asked: str, claimed: Sequence[str], level: Level, proofs: dict[str, str]) -> str:
    names = ", ".join(f'"{name}"' for name in claimed)
    test = f"{asked} == {names}" if len(claimed) == 1 else f"{asked} in ({names})"
    return " and ".join([test, *(proofs[kind] for kind in level.evidence)])

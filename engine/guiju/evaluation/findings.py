"""What an evaluation itself finds: checks that do not hold, levels that fell. Each at the place in the case that it is about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.evaluation.figures import figures
from guiju.evaluation.levels import Standing, level_title, standings
from guiju.evaluation.nodes import with_numbers
from guiju.evaluation.run import Assessment, applies_whole
from guiju.evaluation.standing import failing_rows, row_key, settlement
from guiju.evaluation.unproven import resting
from guiju.intake.model import Settled
from guiju.plan.facts import cited
from guiju.plan.model import Check
from guiju.ruleset.listed import with_titles
from guiju.ruleset.model import Words
from guiju.source.node import Node

_MOST_NAMED = 4  # of what was granted without evidence
_DEEPEST = 3  # formulas between a check and the input that it is shown at


def note(assessment: Assessment, found: Found) -> None:
    """Every finding of one assessment. None of them is an error: the result stands as it is."""
    for standing in standings(assessment):
        if standing.fell and _counts(assessment, standing):
            _level(assessment, standing, found)
    for check in assessment.plan.checks:
        if check.rows is None and assessment.values[check.node] is False:
            _check(assessment, check, None, found)
        for row in failing_rows(assessment, check) if check.rows else ():
            _check(assessment, check, row, found)
    for settled in assessment.case.settled:
        _needless(assessment, settled, found)
    if assessment.proof.unproven and (granted := resting(assessment)):
        _unproven(assessment, granted, found)


def _counts(assessment: Assessment, standing: Standing) -> bool:
    """Whether the indicator, and of a checklist the item, applies at all."""
    level = standing.level
    applies = applies_whole(assessment, assessment.plan.indicators[level.owner])
    return applies is not False and assessment.values.get(f"{level.owner}.counts_{level.item}") is not False


def _level(assessment: Assessment, standing: Standing, found: Found) -> None:
    level, plan = standing.level, assessment.plan
    item = plan.inputs[level.input]
    claimed, counted = (level_title(assessment, level, name) for name in (standing.claimed, standing.counted))
    titles = [plan.evidence[kind] for kind in standing.lacking]
    kinds: dict[str, Any] = with_titles("kinds", zip(standing.lacking, titles, strict=True))
    found.add(
        "case.level-unevidenced",
        assessment.case.inputs[level.input].place,
        name=level.input, title_zh=item.title.zh, title_en=item.title.en, claimed_zh=claimed.zh, claimed_en=claimed.en,
        counted_zh=counted.zh, counted_en=counted.en, lacking_zh="、".join(f"“{title.zh}”" for title in titles),
        lacking_en=", ".join(f"'{title.en}'" for title in titles), **kinds, explain=level.node,
        **cited(item.origin, plan.sources),
    )  # fmt: skip


def _unproven(assessment: Assessment, granted: Sequence[Words], found: Found) -> None:
    """One note for the whole case: how much evidence there is, and what was granted without all of it."""
    head, proof = assessment.case.header.node, assessment.proof
    named, more = granted[:_MOST_NAMED], len(granted) - _MOST_NAMED
    found.add(
        "case.unevidenced", head.keys.get("evidence", head.keys.get("inputs", head.place)),
        needed=proof.needed, there=proof.there, count=len(proof.unproven),
        titles_zh="、".join(f"“{title.zh}”" for title in named) + (f"等{len(granted)}项" if more > 0 else ""),
        titles_en=", ".join(f"'{title.en}'" for title in named) + (f" and {more} more" if more > 0 else ""),
    )  # fmt: skip


def _check(assessment: Assessment, check: Check, row: int | None, found: Found) -> None:
    """A check that does not hold: the figures that were compared, and where the case gives them."""
    plan, node = assessment.plan, assessment.plan.nodes[check.rows or check.node]
    key = "" if row is None else row_key(assessment, str(node.per), row)
    place = _nearest(assessment, check.node) if row is None else _row_place(assessment, str(node.per), row)
    settled = settlement(assessment, check, key or None)
    code, severity = ("check.not-met", check.severity) if settled is None else ("check.settled", "")
    facts: dict[str, Any] = {**({} if settled is None else _who(settled)), **cited(check.origin, plan.sources)}
    found.add(
        code, place, severity=severity, name=check.id, title_zh=check.title.zh, title_en=check.title.en,
        row=key, figures=figures(assessment, node, row, check.compares),
        formula=node.text, with_numbers=with_numbers(assessment, node, row), explain=check.node, **facts,
    )  # fmt: skip


def _who(settled: Settled) -> Mapping[str, Any]:
    """Who, when and why, in both languages."""
    said = {"by": settled.by, "reason": settled.reason}
    both = {
        f"{name}_{lang}": text[lang] if isinstance(text, dict) else text
        for name, text in said.items()
        for lang in ("zh", "en")
    }
    return {**both, "on": settled.on.isoformat()}


def _needless(assessment: Assessment, settled: Settled, found: Found) -> None:
    """Settled, though it holds: the data were corrected since, or the wrong one is named."""
    check = next(each for each in assessment.plan.checks if each.id == settled.check)
    holds = assessment.values[check.node]
    if settled.row is not None:
        collection, cells = str(check.rows).partition(".")[0], assessment.values[str(check.rows)]
        rows = range(len(cells)) if isinstance(cells, list) else ()
        holds = next((cells[row] for row in rows if row_key(assessment, collection, row) == settled.row), None)
    if holds is True:
        found.add(
            "check.settled-needless", settled.place, name=check.id, row=settled.row or "",
            title_zh=check.title.zh, title_en=check.title.en,
        )  # fmt: skip


def _section(assessment: Assessment, name: str) -> Node | None:
    return cast(Mapping[str, Node], assessment.case.header.node.value).get(name)


def _row_place(assessment: Assessment, collection: str, row: int) -> Place:
    rows = cast(Mapping[str, Node], cast(Node, _section(assessment, "collections")).value)[collection]
    return cast(tuple[Node, ...], rows.value)[row].place


def _nearest(assessment: Assessment, name: str) -> Place:
    """Where the case gives what a formula rests on: the first input or collection that was handed in, nearest first. What
    rests on scores and totals alone is about no single one: it points to the inputs as a whole."""
    for need in _below(assessment, name):
        given = assessment.case.inputs.get(need)
        if given is not None:
            return given.place
        section = _section(assessment, "collections")
        collection = need.partition(".")[0]
        if section is not None and collection in section.keys and collection in assessment.plan.collections:
            return section.keys[collection]
    head = assessment.case.header.node
    return head.keys.get("inputs", head.place)


def _below(assessment: Assessment, name: str) -> Iterator[str]:
    """The nodes and collections below a node, layer by layer, in the order of the formulas; not those too deep to be its matter."""
    layer, seen = [name], {name}
    for _ in range(_DEEPEST):
        below: dict[str, None] = {}
        for each in layer:
            node = assessment.plan.nodes.get(each)
            below |= dict.fromkeys(need for need in (node.needs if node else ()) if need not in seen)
        yield from (each for each in below if not _is_formula(assessment, each))
        seen |= set(below)
        layer = list(below)


def _is_formula(assessment: Assessment, name: str) -> bool:
    node = assessment.plan.nodes.get(name)
    return node is not None and node.kind == "formula"

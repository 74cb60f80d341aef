"""Shelf of score kinds: each rewrites one way of scoring an indicator into plain formulas. A new kind is a function and its name."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.plan import evidenced, intervals
from guiju.plan.parts import Parts, halved, joined, nested, number, part_name, rule, titled
from guiju.ruleset.fields import Fields, scalar
from guiju.ruleset.model import Indicator, Input, Words
from guiju.source.node import Node

Made = tuple[str, Parts]  # the text of the score, and what it needs
APART = "not_applicable"  # the choice of a checklist's item that is no level


def linear(owner: Indicator, score: Fields, unit: str, point: str, found: Found) -> Made | None:
    """Straight lines between anchors, flat outside: the sum over the pieces of (rise × how far along the piece)."""
    anchors = [cast(tuple[Node, ...], item.value) for item in score.items("anchors")]
    if len(anchors) < 2:
        found.add("score.one-anchor", score.map["anchors"].place, indicator=owner.id)
        return None
    parts: list[Parts] = []
    written = []
    for index, (at, points) in enumerate(anchors, 1):
        parts.append(_anchor(owner, index, at, unit))
        parts.append(
            _constant(owner, f"score_{index}", scalar(points), point, points, ("锚点分值", "score at anchor"), index)
        )
        written.append(scalar(at))
    numbers = [value for value in written if isinstance(value, Decimal)]
    x = owner.id
    steps = [
        f"climb({x}.value, {x}.at_{i}, {x}.at_{i + 1}, {x}.score_{i + 1} - {x}.score_{i})"
        for i in range(1, len(anchors))
    ]
    text = f"{x}.score_1 + " + " + ".join(steps)
    if len(numbers) < len(written):  # a benchmark that is looked up may break the order: then there is no score
        rows = [[f"{x}.at_{i} {sign} {x}.at_{i + 1}" for i in range(1, len(anchors))] for sign in "<>"]
        text = f"require({' and '.join(rows[0])} or {' and '.join(rows[1])}, {text})"
    return text, joined(parts)


def _anchor(owner: Indicator, index: int, at: Node, unit: str) -> Parts:
    """The value of an anchor: a number of the YAML, or an expression (a benchmark looked up, for example)."""
    words = ("锚点", "anchor")
    if isinstance(at.value, str):
        draft = rule(
            owner,
            f"at_{index}",
            at.value,
            (f"{words[0]}{index}", f"{words[1]} {index}"),
            unit,
            place=at.place,
            written=at,
        )
        return Parts((draft,))
    return _constant(owner, f"at_{index}", scalar(at), unit, at, words, index)


def _constant(
    owner: Indicator, part: str, value: Any, unit: str, node: Node, words: tuple[str, str], index: int
) -> Parts:
    title = titled(owner.title, f"{words[0]}{index}", f"{words[1]} {index}")
    return Parts(parameters=(number(f"{owner.id}.{part}", title, value, unit, owner.origin, node),))


def steps(owner: Indicator, score: Fields, unit: str, point: str, found: Found) -> Made | None:
    """One score per interval; edges open or closed as written."""
    pieces = []
    for item in score.items("steps"):
        step = Fields(item)
        interval = intervals.read(step.need("when"), step.map["when"].place, found)
        if interval is not None:
            pieces.append((interval, step))
    if len(pieces) < len(score.items("steps")):
        return None
    places = [(interval, step.map["when"].place) for interval, step in pieces]
    if not intervals.check_cover(places, intervals.EVERYTHING, score.node.place, found):
        return None
    ordered = sorted(pieces, key=lambda piece: intervals.from_below(piece[0]))
    x, parts, choices = owner.id, list[Parts](), []
    for index, (interval, step) in enumerate(ordered, 1):
        node = step.map["score"]
        parts.append(_constant(owner, f"score_{index}", scalar(node), point, node, ("分值", "score"), index))
        if index < len(ordered):
            node = step.map["when"]
            parts.append(_constant(owner, f"edge_{index}", interval.high, unit, node, ("界值", "edge"), index))
            choices.append(
                (f"{x}.value {'<=' if interval.high_closed else '<'} {x}.edge_{index}", f"{x}.score_{index}")
            )
    return halved(choices, f"{x}.score_{len(ordered)}"), joined(parts)


def rubric(owner: Indicator, score: Fields, unit: str, point: str, found: Found) -> Made | None:
    """Named levels with anchored texts: a choice input `<indicator>_level`, and a score per level."""
    levels = list(score.entries("levels"))
    choices = {key: _title(fields) for key, fields, _ in levels}
    needed = {key: fields.texts("evidence") for key, fields, _ in levels}
    asked = _choice(owner, f"{owner.id}_level", owner.title, choices, score, needed)
    parts, counts = [Parts(inputs=(asked,))], asked.id
    if evidenced.falls(score):
        scale = evidenced.scale(score, "score")
        if not evidenced.check_lowest(owner, scale, found):
            return None
        parts.append(evidenced.counted(owner, None, asked, scale, ("计入的等级", "level that counts")))
        counts = f"{owner.id}.level"
    tests = []
    for key, fields, _ in levels:
        node = fields.map["score"]
        title = titled(owner.title, _title(fields).zh, _title(fields).en)
        name = f"{owner.id}.score_{part_name(key)}"
        parts.append(Parts(parameters=(number(name, title, scalar(node), point, owner.origin, node),)))
        tests.append((f'{counts} == "{key}"', name))
    return nested(tests[:-1], tests[-1][1]), joined(parts)


def _title(fields: Fields) -> Words:
    title = fields.words("title")
    assert title is not None
    return title


def _choice(
    owner: Indicator,
    id_: str,
    title: Words,
    choices: dict[str, Words],
    score: Fields,
    needed: dict[str, tuple[str, ...]],
) -> Input:
    fields = Fields(owner.node)
    return Input(
        id=id_,
        title=title,
        type="choice",
        unit=None,
        required=True,
        place=score.node.place,
        supplier=fields.text("supplier") or "assessor",
        evidence=fields.texts("evidence"),
        choices=choices,
        origin=owner.origin,
        evidence_by_choice=needed,
        node=score.node,
    )


def checklist(owner: Indicator, score: Fields, unit: str, point: str, found: Found) -> Made | None:
    """Items on one scale: 100 × points reached / (most points × items that apply)."""
    levels = list(score.entries("levels"))
    if not _levels_count(owner, levels, found):
        return None
    if evidenced.falls(score) and not _may_fall(owner, score, found):
        return None
    x, parts, items = owner.id, list[Parts](), list(score.entries("items"))
    for key, fields, _ in levels:
        title, node = titled(owner.title, _title(fields).zh, _title(fields).en), fields.map["points"]
        parts.append(
            Parts(parameters=(number(f"{x}.level_{part_name(key)}", title, scalar(node), "1", owner.origin, node),))
        )
    names = {key: _title(fields) for key, fields, _ in levels}
    names[APART] = Words("不适用", "not applicable")
    needed = {key: fields.texts("evidence") for key, fields, _ in levels}
    for key, fields, _ in items:
        parts.append(_item(owner, key, fields, levels, names, needed, score))
    points = " + ".join(f"{x}.points_{key}" for key, _, _ in items)
    counts = " + ".join(f"where({x}.counts_{key}, 1, 0)" for key, _, _ in items)
    most = (
        "max(" + ", ".join(f"{x}.level_{part_name(key)}" for key, _, _ in levels) + ")"
        if len(levels) > 1
        else f"{x}.level_{levels[0][0]}"
    )
    drafts = (
        rule(owner, "sum", points, ("得分项合计", "points reached"), "1"),
        rule(owner, "items", counts, ("适用项数", "items that apply"), "1"),
        rule(owner, "most", most, ("单项最高分", "most points of an item"), "1"),
    )
    return f"{x}.full * {x}.sum / ({x}.most * {x}.items)", joined([*parts, Parts(drafts)])


def _levels_count(owner: Indicator, levels: list[tuple[str, Fields, Place]], found: Found) -> bool:
    """The scale must reach above zero, and leave `not_applicable` to the engine."""
    before = found.mark()
    for key, _, place in levels:
        if key == APART:
            found.add("score.reserved-level", place, level=key)
    if not any(scalar(fields.map["points"]) > 0 for _, fields, _ in levels):
        found.add("score.no-points", levels[0][2], indicator=owner.id)
    return not found.errors_since(before)


def _may_fall(owner: Indicator, score: Fields, found: Found) -> bool:
    """There is a level to fall to, and the level that counts for an item has a name of its own beside the levels."""
    before = found.mark()
    levels = evidenced.scale(score, "points")
    names = {part_name(level.id) for level in levels}
    for key, _, place in score.entries("items"):
        if key in names:
            found.add("score.item-like-level", place, indicator=owner.id, item=key)
    return evidenced.check_lowest(owner, levels, found) and not found.errors_since(before)


def _item(
    owner: Indicator,
    key: str,
    fields: Fields,
    levels: list[Any],
    names: dict[str, Words],
    needed: dict[str, tuple[str, ...]],
    score: Fields,
) -> Parts:
    x, title = owner.id, _title(fields)
    words = (title.zh, title.en)
    asked = _choice(owner, f"{x}_{key}", titled(owner.title, *words), names, score, needed)
    counts = f'{asked.id} != "{APART}"'
    applies = fields.get("applies")
    parts, level_that_counts = [Parts(inputs=(asked,))], asked.id
    if evidenced.falls(score):
        said = (f"{title.zh}（计入的等级）", f"{title.en} (level that counts)")
        parts.append(evidenced.counted(owner, key, asked, evidenced.scale(score, "points"), said, APART))
        level_that_counts = f"{x}.level_{key}"
    if applies is not None:
        own = rule(
            owner,
            f"applies_{key}",
            str(applies.value),
            words,
            None,
            kind="boolean",
            place=applies.place,
            written=applies,
        )
        parts.append(Parts((own,)))
        counts = f"{x}.applies_{key} and {counts}"
    tests = [(f'{level_that_counts} == "{level}"', f"{x}.level_{part_name(level)}") for level, _, _ in levels]
    value = f"where({x}.counts_{key}, {nested(tests, '0')}, 0)"
    return joined(
        [
            *parts,
            Parts(
                (
                    rule(owner, f"counts_{key}", counts, words, None, kind="boolean"),
                    rule(owner, f"points_{key}", value, words, "1"),
                )
            ),
        ]
    )


def formula(owner: Indicator, score: Fields, unit: str, point: str, found: Found) -> Made | None:
    """Any formula whose unit is that of a score."""
    return str(score.map["expr"].value), Parts()


KINDS: dict[str, Callable[[Indicator, Fields, str, str, Found], Made | None]] = {
    "linear": linear,
    "steps": steps,
    "rubric": rubric,
    "checklist": checklist,
    "formula": formula,
}
WITH_VALUE = {"linear", "steps"}  # kinds that score a raw value

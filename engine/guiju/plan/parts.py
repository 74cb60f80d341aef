"""What sugar is rewritten into: formulas, parameters and inputs, each with the place it was made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from guiju.diagnostics.finding import Place
from guiju.formula.numbers import Rounding
from guiju.plan.model import ClaimedLevel, Draft, Type
from guiju.ruleset.model import Indicator, Input, Origin, Parameter, Words
from guiju.source.node import Node

MOST_NESTED = 12


@dataclass(frozen=True, slots=True)
class Parts:
    drafts: tuple[Draft, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    inputs: tuple[Input, ...] = ()
    levels: tuple[ClaimedLevel, ...] = ()

    def __add__(self, other: Parts) -> Parts:
        return joined((self, other))


def joined(parts: Sequence[Parts]) -> Parts:
    return Parts(
        tuple(draft for part in parts for draft in part.drafts),
        tuple(parameter for part in parts for parameter in part.parameters),
        tuple(item for part in parts for item in part.inputs),
        tuple(level for part in parts for level in part.levels),
    )


def titled(title: Words, zh: str, en: str) -> Words:
    """The title of a part: 碳排放强度：得分 / Intensity: score."""
    return Words(f"{title.zh}：{zh}", f"{title.en}: {en}")


def rule(
    owner: Indicator,
    part: str,
    text: str,
    words: tuple[str, str],
    unit: str | None,
    *,
    kind: Type = "number",
    place: Place | None = None,
    written: Node | None = None,
    rounding: Rounding | None = None,
) -> Draft:
    """A formula that belongs to an indicator: `<indicator>.<part>`."""
    return Draft(
        id=f"{owner.id}.{part}",
        title=titled(owner.title, *words),
        text=text,
        unit=unit,
        type=kind,
        origin=owner.origin,
        place=place or owner.node.place,
        part=part,
        owner=owner.id,
        written=written,
        rounding=rounding,
    )


def part_name(level: str) -> str:
    """A level as part of a name: A+ → A_plus."""
    return level.replace("+", "_plus").replace("-", "_minus")


def number(id_: str, title: Words, value: Any, unit: str, origin: Origin, node: Node) -> Parameter:
    return Parameter(id_, title, value, unit, origin, node, node.place)


def nested(choices: Sequence[tuple[str, str]], last: str) -> str:
    """[(test, value), …], last → where(test, value, where(…, last))."""
    return "".join(f"where({test}, {value}, " for test, value in choices) + last + ")" * len(choices)


def halved(choices: Sequence[tuple[str, str]], last: str) -> str:
    """As `nested`, for tests that rise from the first to the last: long ones are halved, so that no formula grows deep."""
    if len(choices) <= MOST_NESTED:
        return nested(choices, last)
    middle = len(choices) // 2
    test, value = choices[middle]
    return f"where({test}, {halved(choices[:middle], value)}, {halved(choices[middle + 1 :], last)})"


def draft(
    id_: str,
    title: Words,
    text: str,
    type_: Type,
    place: Place,
    part: str,
    origin: Origin,
    unit: str | None = None,
    written: Node | None = None,
) -> Draft:
    return Draft(id_, title, text, unit, type_, origin, place, part, id_.partition(".")[0], written)

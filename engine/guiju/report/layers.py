"""Boxes in layers → where they stand: long edges get stops in between, few edges cross, boxes stand near what they are tied to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SWEEPS, PULLS = 25, 12  # an odd number of sweeps: the last one goes from the result to what goes in
GAP, STOP = 16, 10  # between boxes, and the height of a stop

Stop = tuple[str, str, int]  # an edge that passes a layer
Item = str | Stop
Way = tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Places:
    """Upper edges of boxes and heights at which edges pass the layers between."""

    top: Mapping[str, int]
    ways: Mapping[tuple[str, str], Way]
    level: Mapping[Item, float]  # the middle of every box and stop
    height: int


def arrange(layers: Sequence[Sequence[str]], edges: Iterable[tuple[str, str]], heights: Mapping[str, int]) -> Places:
    """Layer 0 stands at the end; an edge leads from a box to one in a layer with a lower number."""
    layer_of = {name: index for index, layer in enumerate(layers) for name in layer}
    rows: list[list[Item]] = [list(layer) for layer in layers]
    ways: dict[tuple[str, str], Way] = {}
    for start, end in edges:
        stops = [(start, end, index) for index in range(layer_of[start] - 1, layer_of[end], -1)]
        for stop in stops:
            rows[stop[2]].append(stop)
        ways[start, end] = (start, *stops, end)
    ties = _ties(ways.values())
    _order(rows, ties)
    sizes: dict[Item, int] = {item: heights[item] if isinstance(item, str) else STOP for row in rows for item in row}
    level = _levels(rows, ties, sizes)
    lowest = min((level[item] - sizes[item] / 2 for item in level), default=0)
    level = {item: y - lowest for item, y in level.items()}
    top = {item: round(level[item] - sizes[item] / 2) for item in level if isinstance(item, str)}
    return Places(top, ways, level, round(max((level[item] + sizes[item] / 2 for item in level), default=0)))


def _ties(ways: Iterable[Way]) -> dict[Item, tuple[list[Item], list[Item]]]:
    """What each item is tied to: in the layer before it, and in the layer after it."""
    ties: dict[Item, tuple[list[Item], list[Item]]] = {}
    for way in ways:
        for first, second in zip(way, way[1:], strict=False):
            ties.setdefault(second, ([], []))[0].append(first)
            ties.setdefault(first, ([], []))[1].append(second)
    return ties


def _order(rows: list[list[Item]], ties: Mapping[Item, tuple[list[Item], list[Item]]]) -> None:
    """Barycentre: each layer in the order of the mean place of what it is tied to, back and forth."""
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        for index in range(1, len(rows)) if forward else range(len(rows) - 2, -1, -1):
            beside = rows[index - 1] if forward else rows[index + 1]
            rows[index] = _by_mean(rows[index], beside, ties, 1 if forward else 0)


def _by_mean(
    row: list[Item], beside: list[Item], ties: Mapping[Item, tuple[list[Item], list[Item]]], side: int
) -> list[Item]:
    """A layer ordered by the layer beside it; what is not tied to that one keeps its place."""
    place = {item: position for position, item in enumerate(beside)}
    wished: dict[Item, float] = {}
    for position, item in enumerate(row):
        tied = [place[other] for other in ties.get(item, ([], []))[side] if other in place]
        wished[item] = sum(tied) / len(tied) if tied else position * len(beside) / len(row)
    return sorted(row, key=wished.__getitem__)


def _levels(
    rows: list[list[Item]], ties: Mapping[Item, tuple[list[Item], list[Item]]], sizes: Mapping[Item, int]
) -> dict[Item, float]:
    """First one below the other; then every layer is pulled towards what it is tied to, as far as its boxes let it."""
    level: dict[Item, float] = {}
    for row in rows:
        y = 0.0
        for item in row:
            level[item] = y + sizes[item] / 2
            y += sizes[item] + GAP
    for pull in range(PULLS):
        for row in rows if pull % 2 == 0 else reversed(rows):
            wished = []
            for item in row:
                before, after = ties.get(item, ([], []))
                near = [level[other] for other in (*before, *after)]
                wished.append(sum(near) / len(near) if near else level[item])
            level.update(zip(row, _spread(wished, [sizes[item] for item in row]), strict=True))
    return level


def _spread(wished: list[float], sizes: list[int]) -> list[float]:
    """Places in the same order, none over another, as near to the wished ones as can be (least squares)."""
    offsets = [0.0]
    for upper, lower in zip(sizes, sizes[1:], strict=False):
        offsets.append(offsets[-1] + upper / 2 + GAP + lower / 2)
    groups: list[tuple[float, int]] = []  # mean wish of boxes that touch, and how many they are
    for wish, offset in zip(wished, offsets, strict=False):
        mean, count = wish - offset, 1
        while groups and groups[-1][0] > mean:
            above, many = groups.pop()
            mean, count = (above * many + mean * count) / (many + count), many + count
        groups.append((mean, count))
    starts = [mean for mean, count in groups for _ in range(count)]
    return [start + offset for start, offset in zip(starts, offsets, strict=False)]

"""Numbers of a report → charts as SVG: bars, radar, waterfall. Places are computed here, the templates of reports/charts draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from guiju.diagnostics.show import columns
from guiju.report.layout import cut, wrap
from guiju.report.render import render

WIDTH = 720
_SIGN = 7.2  # width of a column of text at 13 px, which are 8 points on paper
_TITLE, _FIGURE = 250, 110  # room for titles left of bars, for figures right of them
_ROW = 26
Size = tuple[str, int, int]  # SVG, width, height


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart: where it is and what is written beside it."""

    x: float
    y: float
    width: float
    height: float
    style: str
    title: tuple[str, ...]
    figure: str
    part: str = ""
    lines: tuple[str, ...] = ()  # the figure, where it stands in lines of its own


@dataclass(frozen=True, slots=True)
class Spoke:
    """One axis of a radar, with its label; `anchor` is how the label stands."""

    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    title: tuple[str, ...]
    figure: str


def bars(title: str, rows: Sequence[tuple[str, Decimal, str, str]]) -> Size:
    """Horizontal bars: title, value, the value in words, its share in words."""
    least = min(Decimal(0), *(value for _, value, _, _ in rows))
    most = max(Decimal(0), *(value for _, value, _, _ in rows))
    room, span = Decimal(WIDTH - _TITLE - _FIGURE - 70), (most - least) or Decimal(1)
    zero, drawn = Decimal(_TITLE) - least / span * room, []
    for index, (name, value, figure, part) in enumerate(rows):
        start, end = sorted((zero, zero + value / span * room))
        style = "a" if value >= 0 else "c"
        label = (cut(name, int((_TITLE - 12) / _SIGN)),)
        drawn.append(Bar(_near(start), 10 + index * _ROW, _near(end - start), 16, style, label, figure, part))
    height = 20 + len(rows) * _ROW
    facts = {"title": title, "width": WIDTH, "height": height, "bars": drawn, "zero": _near(zero), "left": _TITLE - 8}
    return render("charts/bars.svg.j2", facts), WIDTH, height


def waterfall(title: str, steps: Sequence[tuple[str, str, Decimal, str]]) -> Size:
    """Columns from one level to the next: title, level | more | less, value (a change without its sign), the value in words."""
    top, floor = 40, 242
    tops: list[tuple[Decimal, Decimal, str]] = []
    level = Decimal(0)
    for _, kind, value, _ in steps:
        before = Decimal(0) if kind == "level" else level
        level = value if kind == "level" else level + value if kind == "more" else level - value
        tops.append((min(before, level), max(before, level), {"level": "a", "more": "c", "less": "b"}[kind]))
    least, most = min(Decimal(0), *(low for low, _, _ in tops)), max(Decimal(0), *(high for _, high, _ in tops))
    scale = Decimal(floor - top) / ((most - least) or Decimal(1))
    pitch = (WIDTH - 40) / len(steps)
    wide, drawn, ends = min(96.0, pitch * 0.62), [], []
    for index, ((name, kind, _, figure), (low, high, style)) in enumerate(zip(steps, tops, strict=True)):
        x = 20 + pitch * index + (pitch - wide) / 2
        y, tall = float(floor - (high - least) * scale), float((high - low) * scale)
        label = tuple(wrap(name, max(8, int(pitch / _SIGN) - 1))[:3])
        lines = (
            (figure,) if columns(figure) * _SIGN < pitch else tuple(figure.split(" ", 1))
        )  # the unit below the number
        drawn.append(
            Bar(round(x, 2), round(y, 2), round(wide, 2), round(max(tall, 1), 2), style, label, figure, lines=lines)
        )
        ends.append(round(y + tall if kind == "less" else y, 2))
    links = [(drawn[i].x + drawn[i].width, ends[i], drawn[i + 1].x) for i in range(len(drawn) - 1)]
    height = floor + 20 + 15 * max(len(bar.title) for bar in drawn)
    facts = {
        "title": title,
        "width": WIDTH,
        "height": height,
        "bars": drawn,
        "lines": links,
        "half": round(wide / 2, 2),
    }
    base = round(float(floor + least * scale), 2)
    return render("charts/waterfall.svg.j2", {**facts, "floor": floor, "base": base}), WIDTH, height


def radar(title: str, rows: Sequence[tuple[str, int, str]]) -> Size:
    """Spokes from the middle: title, thousandths of full marks, the score in words. At least three."""
    height, x, y, reach = 400, WIDTH / 2, 198.0, 140.0

    def at(index: int, part: float) -> tuple[float, float]:
        angle = 2 * math.pi * index / len(rows)
        return round(x + reach * part * math.sin(angle), 2), round(y - reach * part * math.cos(angle), 2)

    def line(part: Sequence[float]) -> str:
        return " ".join(f"{px},{py}" for px, py in (at(i, each) for i, each in enumerate(part)))

    spokes = []
    for index, (name, _, figure) in enumerate(rows):
        (end_x, end_y), (label_x, label_y) = at(index, 1), at(index, 1.12)
        anchor = "middle" if abs(label_x - x) < 12 else "start" if label_x > x else "end"
        room = WIDTH / 2 if anchor == "middle" else WIDTH - label_x if anchor == "start" else label_x
        label = tuple(wrap(name, max(8, int(room / _SIGN) - 1))[:2])
        lift = -13 * len(label) if label_y < y - reach * 0.9 else 4
        spokes.append(Spoke(end_x, end_y, label_x, round(label_y + lift, 2), anchor, label, figure))
    facts = {
        "title": title, "width": WIDTH, "height": height, "x": x, "y": y, "spokes": spokes,
        "rings": [line([part] * len(rows)) for part in (0.25, 0.5, 0.75, 1)],
        "marks": [(round(y - reach * part, 2), f"{int(part * 100)} %") for part in (0.25, 0.5, 0.75)],
        "shape": line([filled / 1000 for _, filled, _ in rows]), "dots": [at(i, filled / 1000) for i, (_, filled, _) in enumerate(rows)],
    }  # fmt: skip
    return render("charts/radar.svg.j2", facts), WIDTH, height


def _near(value: Decimal) -> float:
    return round(float(value), 2)

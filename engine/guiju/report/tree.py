"""The indicators of an assessment → rows of the scorecard."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from guiju.report.model import IndicatorRow, RowState
from guiju.report.numbers import fixed, ruling, shown
from guiju.report.signs import unit_sign
from guiju.report.wording import Wording, cause

Data = Mapping[str, Any]
_MARKS = re.compile(r"\.(score_\w+|full|otherwise)$")  # the constants of a scoring rule that are scores


def indicator_rows(data: Data, say: Wording) -> tuple[IndicatorRow, ...]:
    """All indicators from the root down."""
    full = full_marks(data)
    decimals = 2 if full >= 10 else 4
    inner = {entry["parent"] for entry in data["indicators"]}
    return tuple(_row(entry, entry["id"] in inner, full, decimals, data, say) for entry in data["indicators"])


def full_marks(data: Data) -> Decimal:
    """The best score that the scoring rules know; without any, the power of ten above all scores."""
    nodes, ids = data["nodes"], {entry["id"] for entry in data["indicators"]}
    marks = [
        Decimal(node["value"])
        for name, node in nodes.items()
        if node["kind"] == "parameter"
        and node["type"] == "number"
        and (m := _MARKS.search(name))
        and name[: m.start()] in ids
    ]
    if marks and max(marks) > 0:
        return max(marks)
    best = max(
        (Decimal(entry["score"]) for entry in data["indicators"] if entry["score"] is not None), default=Decimal(100)
    )
    return Decimal(1).scaleb(max(0, (best - Decimal("0.000001")).adjusted() + 1)) if best > 1 else Decimal(1)


def _row(entry: Data, inner: bool, full: Decimal, decimals: int, data: Data, say: Wording) -> IndicatorRow:
    state = _state(entry, inner)
    value, unit = _value(entry, data, say)

    def points(name: str) -> str:
        text = entry[name]
        if text is None:
            return ""
        rounding = ruling(data["nodes"].get(f"{entry['id']}.{name}", {}).get("rounding"))
        return shown(text, say.lang, rounding) if rounding else fixed(text, decimals, say.lang)

    return IndicatorRow(
        no=entry["no"],
        title=say.title(entry["title"]),
        depth=entry["depth"],
        state=state,
        value=value,
        unit=unit,
        score=points("score") or say("left_out" if state == "left_out" else "unknown_short"),
        weight="" if entry["weight"] is None else shown(entry["weight"], say.lang),
        contribution=points("contribution"),
        filled=_filled(entry["score"], full),
        remark=_remark(entry, state, data, say),
    )


def _state(entry: Data, inner: bool) -> RowState:
    if entry["applies"] is False:
        return "left_out"
    if entry["score"] is None:
        return "missing"
    return "block" if inner else "leaf"


def _filled(score: str | None, full: Decimal) -> int:
    if score is None:
        return 0
    return int(max(Decimal(0), min(Decimal(1), Decimal(score) / full)) * 1000)


def _value(entry: Data, data: Data, say: Wording) -> tuple[str, str]:
    """The raw value: a number with its unit, the words of a level, points of a checklist, yes or no."""
    nodes, name = data["nodes"], entry["id"]
    if entry.get("levels") and entry["kind"] == "rubric":
        return "", say.title(entry["levels"][0]["counted_title"])
    if entry["choice"] is not None:
        part = entry["choice"].replace("+", "_plus").replace("-", "_minus")
        return "", _level(nodes.get(f"{name}.score_{part}"), entry["choice"], say)
    if entry["kind"] == "checklist":
        parts = [nodes.get(f"{name}.{part}", {}).get("value") for part in ("sum", "most", "items")]
        if None not in parts:
            reached, most, items = map(Decimal, parts)
            return shown(str(reached), say.lang), say("of_points", most=shown(str(most * items), say.lang))
    value = entry["value"]
    if value is None:
        return "", ""
    if isinstance(value, bool):
        return "", say("yes" if value else "no")
    node = nodes.get(f"{name}.value", {})
    if node.get("type", "number") != "number":
        return "", str(value)
    return shown(value, say.lang, node.get("rounding")), unit(entry["value_unit"], say)


def _level(node: Data | None, level: str, say: Wording) -> str:
    """The words of a rubric's level: its parameter is titled "indicator: level"."""
    if node is None:
        return level
    return say.title(node["title"]).partition("：" if say.lang == "zh" else ": ")[2] or level


def unit(symbol: str | None, say: Wording) -> str:
    """A unit beside a number, as it is printed; a pure number has none, and points go without saying."""
    return "" if symbol in (None, "1", "point") else unit_sign(str(symbol), say.lang)


def _remark(entry: Data, state: RowState, data: Data, say: Wording) -> str:
    """What became of the weight of an indicator that does not apply; why one has no score."""
    nodes, name = data["nodes"], entry["id"]
    if state == "left_out":
        instead = nodes.get(f"{name}.otherwise", {}).get("value")
        if instead is not None:
            return say("counted_as", score=shown(instead, say.lang))
        return say("weight_shared" if _siblings(entry, data["indicators"]) else "weight_gone")
    if state == "missing":
        node = nodes.get(f"{name}.score", {})
        return cause(node["missing"], say.lang) if "missing" in node else ""
    return str(say("semicolon")).join(fallen(level, say) for level in entry.get("levels", ()) if fell(level))


def fell(level: Data) -> bool:
    """Whether a level counts as another one than was claimed."""
    return bool(level["claimed"] != level["counted"])


def fallen(level: Data, say: Wording) -> str:
    """What was claimed, what counts, and the evidence that is not there; of a checklist also the item."""
    lacking = say("list_separator").join(say.title(each["title"]) for each in level["lacking"])
    claimed, counted = say.title(level["claimed_title"]), say.title(level["counted_title"])
    text = say("level_fell", claimed=claimed, counted=counted, lacking=lacking)
    if level["item"] is None:
        return str(text)
    item = say.title(level["title"]).rpartition("：" if say.lang == "zh" else ": ")[2]
    return str(say("verdict", title=item, verdict=text))


def _siblings(entry: Data, indicators: Sequence[Data]) -> bool:
    """Whether another indicator of the block applies."""
    return any(
        other["parent"] == entry["parent"] and other["id"] != entry["id"] and other["applies"] is True
        for other in indicators
    )

"""What a ruleset without indicators and grade has computed → rows of the scorecard: pure accounting shows its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guiju.report.model import ResultRow
from guiju.report.numbers import short, shown
from guiju.report.tree import unit
from guiju.report.wording import Wording

Data = Mapping[str, Any]


def result_rows(data: Data, say: Wording) -> tuple[ResultRow, ...]:
    """Every formula that a person wrote for one value, in the order of computing, where the ruleset names no headline.

    Row by row they are for `explain`.
    """
    named = any(node.get("headline") for node in data["nodes"].values())
    if named or data["grade"] is not None or data["indicators"]:
        return ()
    nodes = (node for node in data["nodes"].values() if node["kind"] == "formula" and "rows" not in node)
    return tuple(_row(node, say) for node in nodes if "made_from" not in node)


def _row(node: Data, say: Wording) -> ResultRow:
    title, value = say.title(node["title"]), node["value"]
    if value is None:
        return ResultRow(title, "", say("not_computed"), known=False)
    if isinstance(value, bool):
        return ResultRow(title, "", say("yes" if value else "no"))
    if node["type"] != "number":
        return ResultRow(title, "", str(value))
    return ResultRow(title, shown(value, say.lang, node.get("rounding")), unit(node["unit"], say))


def child_lines(data: Data, say: Wording) -> tuple[str, ...]:
    """The assessments that rows were taken from: row, file, ruleset."""
    return tuple(
        say(
            "child_line",
            row=entry["key"],
            file=entry.get("case") or entry.get("assessment"),
            ref=entry["ruleset"],
            mark=short(entry["fingerprint"]),
        )
        for entry in data.get("children", ())
    )

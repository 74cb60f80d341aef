"""The annex of what is only proposed: values with their numbers, then rules by their titles, kind by kind."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guiju.report.document.model import Block, Paragraph, Row, Table
from guiju.report.document.told import Data, Told, table
from guiju.report.tree import unit

_PAIRED = 2  # titles beside each other


def proposed(of: Told) -> list[Block]:
    """Parameters, indicators, conditions, checks, formulas that rest on no text. Their places stand in the assessment."""
    grade = of.data["grade"] or {"gates": (), "preconditions": ()}
    written = [entry for name, entry in of.nodes.items() if _is_rule(name, entry)]
    kinds: tuple[tuple[str, Iterable[Data]], ...] = (
        ("gate", grade["gates"]), ("precondition", grade["preconditions"]), ("claim", of.data["claims"]),
        ("indicator", of.data["indicators"]), ("check", of.data["checks"]),
        ("formula", (entry for entry in written if entry["kind"] == "formula")),
    )  # fmt: skip
    found = [(kind, [entry for entry in entries if entry.get("basis") == "proposed"]) for kind, entries in kinds]
    numbers = [entry for entry in written if entry["kind"] == "parameter" and entry["basis"] == "proposed"]
    made: list[Block] = [_numbers(of, numbers)] if numbers else []
    made += [_titles(of, kind, entries) for kind, entries in found if entries]
    return [Paragraph(of.own("proposed_how"), "note"), *made] if made else []


def _is_rule(name: str, entry: Data) -> bool:
    """Something that was written as it is, and has a basis."""
    own = entry["kind"] == "parameter" and "." not in name
    return "basis" in entry and (own or (entry["kind"] == "formula" and "made_from" not in entry))


def _numbers(of: Told, entries: list[Data]) -> Table:
    rows = dict.fromkeys(
        (
            of.say.title(entry["title"]),
            " ".join(filter(None, [of.cell(entry, entry.get("value")), unit(entry["unit"], of.say)])),
        )
        for entry in entries
    )
    heads: list[Any] = [(of.own("head_title"), 9), (of.own("head_value"), 4, ">")]
    return table(of.own("proposed_kind", kind=of.own("kinds_parameter"), count=len(entries)), heads, map(Row, rows))


def _titles(of: Told, kind: str, entries: list[Data]) -> Table:
    """Titles in two columns, read line by line."""
    titles = [" ".join(filter(None, [entry.get("no", ""), of.say.title(entry["title"])])) for entry in entries]
    lines = [titles[index : index + _PAIRED] for index in range(0, len(titles), _PAIRED)]
    rows = (Row((*line, *([""] * (_PAIRED - len(line))))) for line in lines)
    heads: list[Any] = [(of.own("head_title"), 1)] * _PAIRED
    return table(of.own("proposed_kind", kind=of.own(f"kinds_{kind}"), count=len(entries)), heads, rows)

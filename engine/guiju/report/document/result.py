"""Chapter 5: grade with every condition, scores per indicator, from one figure to another."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from guiju.report.document.charts import radar, waterfall
from guiju.report.document.model import Block, Figure, Items, Paragraph, Row, RowKind
from guiju.report.document.told import Heading, Told, table
from guiju.report.model import GateRow, GradeView, IndicatorRow, ScorecardView
from guiju.report.numbers import shown
from guiju.report.tree import unit

_STATES: dict[str, RowKind] = {"block": "block", "leaf": "plain", "left_out": "dim", "missing": "poor"}
_LEAST_SPOKES = 3


def result(of: Told, card: ScorecardView) -> list[Heading]:
    """Chapter 5."""
    headings: list[Heading] = [(1, of.own("result"), [])]
    if card.grade is not None:
        headings.append((2, of.own("grade"), [*_grade(of, card.grade), *_claims(of, card)]))
    elif card.claims:
        headings.append((2, of.own("claims"), _claims(of, card)))
    if card.indicators:
        headings.append((2, of.own("indicators"), _indicators(of, card)))
    fall = of.data.get("report", {}).get("waterfall")
    if fall is not None and (drawn := _waterfall(of)):
        headings.append((2, of.say.title(fall["title"]), drawn))
    return (
        headings
        if len(headings) > 1
        else [(1, of.own("result"), [Paragraph(of.own("summary_plain", subject=of.subject))])]
    )


def _grade(of: Told, grade: GradeView) -> list[Block]:
    own, texts = of.own, [grade.label, grade.headline, grade.because]
    blocks: list[Block] = [Paragraph(" · ".join(text for text in texts if text), "strong")]
    if grade.missing:
        blocks.append(Items(grade.missing))
    heads: list[Any] = [
        (own("head_gate"), 5), (own("head_figure"), 3, ">"), (own("head_compared"), 3, ">"), (own("head_band"), 3),
        (own("head_level"), 3), (own("head_basis"), 3),
    ]  # fmt: skip
    uncertain = any(gate.uncertainty for gate in grade.gates)
    if uncertain:
        heads.insert(2, (own("head_uncertainty"), 4, ">"))
    blocks.append(table(own("gates"), heads, (_gate(of, gate, uncertain=uncertain) for gate in grade.gates)))
    blocks += [Paragraph(f"{gate.title}{own('colon')}{gate.hint}", "note") for gate in grade.gates if gate.hint]
    if grade.combine:
        blocks.append(Paragraph(of.own("sentence", text=grade.combine).strip(), "note"))
    if grade.preconditions:
        rows = (
            Row((_marked(row.title, row.unevidenced), row.verdict, row.basis), "plain" if row.mark == "yes" else "poor")
            for row in grade.preconditions
        )
        heads = [(own("head_condition"), 6), (own("head_verdict"), 2), (own("head_basis"), 3)]
        blocks.append(table(own("preconditions"), heads, rows))
    return blocks


def _gate(of: Told, gate: GateRow, *, uncertain: bool) -> Row:
    title = _marked(of.own("deciding", title=gate.title) if gate.deciding else gate.title, gate.unevidenced)
    figure = " ".join(filter(None, [gate.figure, gate.unit]))
    kind: RowKind = (
        "chosen"
        if gate.deciding
        else "dim"
        if gate.mark == "off"
        else "poor"
        if gate.mark in ("no", "unknown")
        else "plain"
    )
    spread = (gate.uncertainty,) if uncertain else ()
    return Row((title, figure, *spread, gate.compared, gate.band, gate.level, gate.basis), kind)


def _marked(title: str, mark: str, indent: str = "") -> str:
    """The title, and below it that evidence is lacking."""
    return f"{title}\n{indent}{mark}" if mark else title


def _claims(of: Told, card: ScorecardView) -> list[Block]:
    rows = []
    for claim in card.claims:
        kind: RowKind = "block" if claim.mark == "yes" else "poor"
        rows.append(Row((claim.title, claim.verdict, claim.basis), kind))
        rows += [
            Row(
                (_marked(f"　{row.title}", row.unevidenced, "　"), row.verdict, ""),
                "plain" if row.mark == "yes" else "poor",
            )
            for row in claim.requires
        ]
    heads = [(of.own("head_condition"), 6), (of.own("head_verdict"), 2), (of.own("head_basis"), 3)]
    based = [claim for claim in card.claims if claim.basis]
    if len(based) > 1:
        return [table(of.own("claims"), heads, rows)]
    lines = (Row(row.cells[:-1], row.kind) for row in rows)  # a column for one word would be empty but for it
    notes = [of.say("verdict", title=each.title, verdict=of.say("basis_of", basis=each.basis)) for each in based]
    return [table(of.own("claims"), heads[:-1], lines), *(Paragraph(note, "note") for note in notes)] if rows else []


def _indicators(of: Told, card: ScorecardView) -> list[Block]:
    """The table of scores, root last, and the first level as a radar."""
    own = of.own
    with_points = any(row.contribution for row in card.indicators)
    heads = [
        (own("head_no"), 2), (own("head_indicator"), 8), (own("head_value"), 7), (own("head_score"), 3, ">"),
        (own("head_weight"), 3, ">"), *([(own("head_points"), 3, ">")] if with_points else []),
    ]  # fmt: skip
    ordered = [*(row for row in card.indicators if row.depth), *(row for row in card.indicators if not row.depth)]
    blocks: list[Block] = [table(own("indicators"), heads, (_indicator(row, with_points) for row in ordered))]
    remarks = [of.say("verdict", title=row.title, verdict=row.remark) for row in card.indicators if row.remark]
    blocks += [Items(tuple(remarks))] if remarks else []
    first = [row for row in card.indicators if row.depth == 1 and row.state in ("block", "leaf")]
    if len(first) >= _LEAST_SPOKES:
        alt = own("radar_alt", parts=of.join(f"{row.title} {row.score}" for row in first))
        picture = radar(own("radar"), [(row.title, row.filled, row.score) for row in first])
        blocks.append(Figure("", own("radar"), alt, *picture))
    return blocks


def _indicator(row: IndicatorRow, with_points: bool) -> Row:
    value = " ".join(filter(None, [row.value, row.unit]))
    cells = (row.no, row.title, value, row.score, row.weight, *([row.contribution] if with_points else []))
    return Row(cells, "total" if not row.depth else _STATES[row.state])


def _waterfall(of: Told) -> list[Block]:
    """The steps as columns; nothing where one of them is not known."""
    fall = of.data["report"]["waterfall"]
    steps: list[tuple[str, str, Decimal, str]] = []
    level = Decimal(0)
    for step in fall["steps"]:
        value = of.number(step["node"])
        if value is None:
            return []
        title = of.say.title(step["title"]) if "title" in step else of.title(step["node"])
        sign = {"level": "", "more": "+", "less": "−"}[step["as"]]
        steps.append((title, step["as"], value, sign + " ".join(of.value(step["node"]))))
        level = value if step["as"] == "level" else level + value if step["as"] == "more" else level - value
    if steps[-1][1] != "level":  # where the last change leads to
        mark = unit(of.nodes[fall["steps"][-1]["node"]]["unit"], of.say)
        steps.append((of.own("left"), "level", level, f"{shown(format(level, 'f'), of.say.lang)} {mark}".strip()))
    parts = [f"{title} {figure}" for title, _, _, figure in steps]
    alt = of.own("waterfall_alt", parts=of.join(parts))
    title = of.say.title(fall["title"])
    return [Figure("", title, alt, *waterfall(title, steps))]

"""Chapter 6: what it comes to, strengths and weaknesses, and advice that was computed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from guiju.evaluation.advice import Step, Tried
from guiju.evaluation.lever import Amount
from guiju.report.document.doubt import doubts
from guiju.report.document.model import Block, Paragraph, Row
from guiju.report.document.told import Heading, Told, table
from guiju.report.lost import Leaf, leaves, most_lost
from guiju.report.model import ScorecardView
from guiju.report.numbers import fixed, shown
from guiju.report.standing import label_of
from guiju.report.tree import full_marks, indicator_rows, unit
from guiju.ruleset.model import Words

_MOST, _GOOD = 5, Decimal("0.8")  # rows of a list; part of full marks from which on a score is a strength
_MOST_STEPS = 15


def conclusion(of: Told, card: ScorecardView) -> list[Heading]:
    """Chapter 6."""
    headings: list[Heading] = [(1, of.own("conclusion"), []), (2, of.own("summary"), _said(of, card))]
    if of.data["indicators"]:
        headings.append((2, of.own("strengths"), _strengths(of)))
        headings.append((2, of.own("weaknesses"), _weaknesses(of)))
        headings.append((2, of.own("advice"), _advice(of)))
    if of.data["grade"] is not None:
        headings.append((2, of.own("way"), _way(of)))
    headings.append((2, of.own("signatures"), _signatures(of)))
    return headings


def _signatures(of: Told) -> list[Block]:
    """Lines to be filled in by hand, and a place for the stamp."""
    own, room = of.own, "\n　"  # a second line, so that there is height to write in
    rows = [Row((own(duty) + room, "", "", "")) for duty in ("prepared", "reviewed", "approved")]
    rows.append(Row((own("stamp") + room * 5, "", "", "")))
    heads: list[Any] = [
        (own("head_duty"), 3),
        (own("head_person"), 4),
        (own("head_signature"), 5),
        (own("head_date"), 4),
    ]
    return [table(own("signatures_table"), heads, rows)]


def _said(of: Told, card: ScorecardView) -> list[Block]:
    """The conclusion, how sure the figures behind it are, how many of the rules are proposals."""
    rules = [Paragraph(of.own("sentence", text=of.rules_proposed).strip())] if of.rules_proposed else []
    return [Paragraph(_summary(of, card)), *(Paragraph(text) for text in doubts(of)), *rules]


def _summary(of: Told, card: ScorecardView) -> str:
    own, grade = of.own, card.grade
    if grade is None:
        return str(own("summary_plain", subject=of.subject))
    why = own("comma").join(text for text in (grade.headline, grade.because) if text)
    text = own("summary_graded", subject=of.subject, label=grade.label, why=own("sentence", text=why) if why else "")
    claims = [
        own("sentence", text=of.say("verdict", title=claim.title, verdict=claim.verdict)) for claim in card.claims
    ]
    return "".join([text, *claims]).strip()


def _strengths(of: Told) -> list[Block]:
    """The best scores, the weightier first among equals."""
    best = sorted((leaf for leaf in leaves(of.data) if leaf.part >= _GOOD), key=lambda leaf: (-leaf.part, -leaf.weight))
    return _listed(of, best[:_MOST], with_lost=False)


def _weaknesses(of: Told) -> list[Block]:
    """Where most points were lost."""
    worst = [leaf for leaf in most_lost(of.data, len(of.data["indicators"])) if leaf.part < _GOOD]
    return _listed(of, worst[:_MOST], with_lost=True)


def _listed(of: Told, of_them: list[Leaf], *, with_lost: bool) -> list[Block]:
    own = of.own
    if not of_them:
        return [Paragraph(own("none_of_these"))]
    rows = {row.no + row.title: row for row in indicator_rows(of.data, of.say)}
    lines = []
    for leaf in of_them:
        row = rows[leaf.entry["no"] + of.say.title(leaf.entry["title"])]
        value = " ".join(filter(None, [row.value, row.unit]))
        cells = (row.no, row.title, value, row.score, row.weight)
        lines.append(Row((*cells, _points(of, leaf.lost)) if with_lost else cells))
    heads: list[Any] = [
        (own("head_no"), 2),
        (own("head_indicator"), 8),
        (own("head_value"), 7),
        (own("head_score"), 3, ">"),
    ]
    heads += [(own("head_weight"), 3, ">"), *([(own("head_lost"), 3, ">")] if with_lost else [])]
    return [table(own("weaknesses_table" if with_lost else "strengths_table"), heads, lines)]


def _points(of: Told, points: Decimal) -> str:
    """Points of the total, with the decimals of the scorecard."""
    return fixed(format(points, "f"), 2 if full_marks(of.data) >= 10 else 4, of.say.lang)


def _advice(of: Told) -> list[Block]:
    """Every step with what it brings, most first."""
    own = of.own
    if of.advice is None:
        return [Paragraph(own("no_advice_other"))]
    if not of.advice.steps:
        return [Paragraph(own("no_advice"))]
    rows = (Row((*_told(of, each.step), *_brings(of, each))) for each in of.advice.steps[:_MOST_STEPS])
    heads: list[Any] = [
        (own("head_step"), 12),
        (own("head_now"), 10),
        (own("head_then"), 12),
        (own("head_gain"), 4, ">"),
    ]
    heads += [(own("head_total"), 4, ">"), *([(own("head_grade"), 5)] if of.data["grade"] is not None else [])]
    return [Paragraph(own("advice_how"), "note"), table(own("advice_table"), heads, rows)]


def _brings(of: Told, tried: Tried) -> tuple[str, ...]:
    label = (tried.grade or "",) if of.data["grade"] is not None else ()
    return (f"+{_points(of, tried.gain)}", _points(of, tried.score), *label)


def _told(of: Told, step: Step) -> tuple[str, str, str]:
    """What is changed, from what, to what."""
    title = of.say.title(step.title._asdict())
    if step.item is not None:
        title = of.own("item", title=title, item=of.say.title(step.item._asdict()))
    after = _figure(of, step, step.after)
    if step.beyond:
        after = of.own("beyond", value=after)
    if step.evidence:
        kinds = _evidence_titles(of, step.evidence)
        after = of.own("needs_evidence", text=after, evidence=of.join(kinds))
    if step.lever is not None:
        after = _lever_told(of, after, step.lever)
    return title, _figure(of, step, step.before), after


def _lever_told(of: Told, text: str, lever: Amount) -> str:
    """How much more or less of the lever brings the figure there."""
    change, after = (
        " ".join(filter(None, [shown(format(value, "f"), of.say.lang), unit(lever.node.unit, of.say)]))
        for value in (abs(lever.change), lever.after)
    )
    title = of.say.title(lever.node.title._asdict())
    return str(
        of.own("lever_less" if lever.change < 0 else "lever_more", text=text, title=title, change=change, after=after)
    )


def _figure(of: Told, step: Step, value: Any) -> str:
    if isinstance(value, Words):
        return of.say.title(value._asdict())
    if isinstance(value, bool):
        return str(of.say("met_yes" if value else "met_no"))
    if isinstance(value, Decimal):
        return " ".join(filter(None, [shown(format(value, "f"), of.say.lang), unit(step.unit, of.say)]))
    return str(value or of.say("not_given"))


def _evidence_titles(of: Told, kinds: tuple[str, ...]) -> list[str]:
    """Kinds of evidence by their names; the assessment knows those that were lacking, advice those that it asks for."""
    known = of.advice.evidence if of.advice is not None else {}
    return [of.say.title(known[kind]._asdict()) if kind in known else kind for kind in kinds]


def _way(of: Told) -> list[Block]:
    """The fewest steps to the next grade, and what the plan gives with them."""
    own, grade = of.own, of.data["grade"]
    if of.advice is None:
        return [Paragraph(own("no_advice_other"))]
    if grade["refused"] or not grade["computed"]:
        return [Paragraph(own("way_refused"))]
    if grade["result"] == grade["levels"][0]["id"]:
        return [Paragraph(own("way_best"))]
    way = of.advice.way
    if way is None:
        return [Paragraph(own("way_none"))]
    rows = (Row(_told(of, each.step if isinstance(each, Tried) else each)) for each in way.steps)
    heads: list[Any] = [(own("head_step"), 6), (own("head_now"), 5), (own("head_then"), 7)]
    total = "" if way.score is None else own("way_total", score=_points(of, way.score))
    label = label_of(way.grade, grade, of.say)
    return [
        Paragraph(own("way_to", level=label_of(way.level, grade, of.say))),
        table(own("way"), heads, rows),
        Paragraph(own("way_result", total=total, grade=label), "strong"),
    ]

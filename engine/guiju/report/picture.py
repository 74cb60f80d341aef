"""ScorecardView → a picture: the scorecard as boxes and texts, each at its place."""

from __future__ import annotations

from dataclasses import dataclass, field

from guiju.diagnostics.show import columns
from guiju.report.layout import aligned, cut, wrap
from guiju.report.model import GateRow, GradeView, IndicatorRow, ResultRow, ScorecardView
from guiju.report.shapes import Box, Picture, Text
from guiju.report.table import tone
from guiju.report.wording import Wording, report_words

WIDTH, MARGIN, ROW, BAR = 960, 36, 23, 132
_SIGN = 7.8  # width of one column of text at 13 px
_WIDE = int((WIDTH - 2 * MARGIN) / _SIGN)
_NUMBER, _TITLE, _VALUE, _UNIT, _SCORE, _WEIGHT, _POINTS, _BAR = 36, 78, 440, 448, 610, 672, 742, WIDTH - MARGIN - BAR
_GATES = (MARGIN + 14, 292, 392, 460, 556, 798)


@dataclass
class Sheet:
    """The sheet that is being written on, from top to bottom."""

    y: int = MARGIN
    boxes: list[Box] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)

    def say(self, text: str, style: str, x: int = MARGIN, wide: int = _WIDE, step: int = ROW) -> None:
        """A paragraph."""
        for line in wrap(text, wide):
            self.y += step
            self.texts.append(Text(x, self.y, line, style))

    def put(self, x: int, text: str, style: str, *, end: bool = False) -> None:
        """A word on the line that is being written."""
        if text:
            self.texts.append(Text(x, self.y, text, style, "end" if end else "start"))

    def rule(self) -> None:
        self.boxes.append(Box(MARGIN, self.y + 8, WIDTH - 2 * MARGIN, 1, "rule"))


def picture(view: ScorecardView) -> Picture:
    """The scorecard as a picture."""
    sheet, say = Sheet(), report_words(view.lang)
    _head(sheet, view)
    if view.grade is not None:
        _badge(sheet, view.grade)
    _figures(sheet, view, say)
    if view.indicators or not (view.results or view.figures):
        _indicators(sheet, view, say)
    _results(sheet, view.results, say)
    if view.grade is not None:
        _gates(sheet, view.grade, say)
    _claims(sheet, view, say)
    _foot(sheet, view, say)
    return Picture(
        f"{view.subject} · {view.ruleset_title}", WIDTH, sheet.y + MARGIN, tuple(sheet.boxes), tuple(sheet.texts)
    )


def _head(sheet: Sheet, view: ScorecardView) -> None:
    if view.banner:
        sheet.boxes.append(Box(MARGIN, sheet.y - 8, WIDTH - 2 * MARGIN, 30, "banner"))
        sheet.y += 12
        sheet.put(MARGIN + 12, cut(view.banner, _WIDE - 4), "warn")
        sheet.y += 14
    sheet.say(view.subject, "big", step=26, wide=_WIDE * 13 // 20)
    if view.case_title:
        sheet.say(view.case_title, "plain")
    sheet.say(view.ruleset_title, "plain")
    sheet.say(view.ruleset_line, "dim")
    sheet.say(view.period_line, "dim")
    sheet.y += 18


def _badge(sheet: Sheet, grade: GradeView) -> None:
    """The grade, large; below it the score and what decided."""
    text = " · ".join(part for part in (grade.headline, grade.because) if part)
    height = 78 if text else 56
    sheet.boxes += [
        Box(MARGIN, sheet.y, WIDTH - 2 * MARGIN, height, "card"),
        Box(MARGIN, sheet.y, 6, height, grade.shade),
    ]
    sheet.texts.append(Text(MARGIN + 24, sheet.y + 37, cut(grade.label, 50), f"label {grade.shade}-text"))
    if text:
        sheet.texts.append(Text(MARGIN + 24, sheet.y + 62, cut(text, _WIDE - 6), "strong"))
    sheet.y += height + 10


def _figures(sheet: Sheet, view: ScorecardView, say: Wording) -> None:
    """The figures that the ruleset names, with ± and tiers."""
    if not view.figures:
        return
    _section(sheet, say("figures"), "")
    for row in view.figures:
        sheet.y += ROW
        sheet.put(MARGIN + 14, cut(row.title, int((_VALUE - 150 - MARGIN) / _SIGN)), "plain")
        sheet.put(_VALUE, row.value, "strong", end=True)
        sheet.put(_VALUE + 16, cut(row.quality, int((WIDTH - MARGIN - _VALUE - 16) / _SIGN)), "dim")
    sheet.y += 10


def _indicators(sheet: Sheet, view: ScorecardView, say: Wording) -> None:
    sheet.y += ROW
    with_points = any(row.contribution for row in view.indicators)
    sheet.put(_TITLE, say("head_indicator"), "dim")
    for x, name in ((_VALUE, "value"), (_SCORE, "score"), (_WEIGHT, "weight"), (_POINTS, "contribution")):
        if with_points or name != "contribution":
            sheet.put(x, say(f"head_{name}"), "dim", end=True)
    sheet.rule()
    sheet.y += 4
    rows = [*(row for row in view.indicators if row.depth), *(row for row in view.indicators if not row.depth)]
    for row in rows:
        if not row.depth:
            sheet.rule()
            sheet.y += 4
        _indicator(sheet, row)
    sheet.rule()
    sheet.y += 10


def _indicator(sheet: Sheet, row: IndicatorRow) -> None:
    style = {"block": "strong", "leaf": "plain", "left_out": "dim", "missing": "poor-text"}[row.state]
    sheet.y += ROW
    indent = 14 * max(0, row.depth - 1)
    room = (_VALUE - 90 if row.value else 340 if row.unit else _SCORE - 60) - _TITLE - indent
    sheet.put(_NUMBER, row.no, style)
    sheet.put(_TITLE + indent, cut(row.title, int(room / _SIGN)), style)
    if row.value:
        sheet.put(_VALUE, row.value, style, end=True)
        sheet.put(_UNIT, cut(row.unit, int((_SCORE - _UNIT - 50) / _SIGN)), "dim")
    else:
        sheet.put(352, cut(row.unit, int((_SCORE - 352 - 50) / _SIGN)), "dim")
    for x, text in ((_SCORE, row.score), (_WEIGHT, row.weight), (_POINTS, row.contribution)):
        sheet.put(x, text, style, end=True)
    if row.state in ("block", "leaf"):
        sheet.boxes += [
            Box(_BAR, sheet.y - 9, BAR, 8, "track"),
            Box(_BAR, sheet.y - 9, BAR * row.filled // 1000, 8, tone(row.filled)),
        ]
    if row.remark:
        sheet.say(row.remark, "small", _TITLE + indent, _WIDE - 10, 16)


def _results(sheet: Sheet, results: tuple[ResultRow, ...], say: Wording) -> None:
    """The results of a ruleset that only computes."""
    if results:
        _section(sheet, say("results"), "")
    for result, value in zip(results, aligned([result.value for result in results]), strict=True):
        style = "plain" if result.known else "poor-text"
        sheet.y += ROW
        sheet.put(MARGIN + 14, cut(result.title, int((_SCORE - MARGIN - 140) / _SIGN)), style)
        sheet.put(_SCORE, value.strip() or "", style, end=True)
        sheet.put(_SCORE + 8, result.unit, "dim" if result.value else style)


def _gates(sheet: Sheet, grade: GradeView, say: Wording) -> None:
    _section(sheet, say("grade"), " · ".join(text for text in (grade.title, grade.combine) if text))
    sheet.y += ROW
    for x, name in zip(_GATES, ("gate", "figure", "compared", "band", "level", "basis"), strict=True):
        sheet.put(x, say(f"head_{name}"), "dim")
    figures = aligned([gate.figure if gate.band else "" for gate in grade.gates])
    for gate, figure in zip(grade.gates, figures, strict=True):
        _gate(sheet, gate, figure, say)
    for text in grade.missing:
        sheet.say(text, "poor-text", MARGIN + 14)
    if grade.preconditions_line:
        _section(sheet, say("preconditions"), grade.preconditions_line)
        for row in grade.unmet:
            sheet.say(say("verdict", title=row.title, verdict=row.verdict), "poor-text", MARGIN + 14)
    if grade.next_title:
        _section(sheet, say("next", level=grade.next_title), "")
        for text in grade.next_needs:
            sheet.say(text, "plain", MARGIN + 14)


def _gate(sheet: Sheet, gate: GateRow, figure: str, say: Wording) -> None:
    style = {"off": "dim", "no": "poor-text", "unknown": "poor-text"}.get(
        gate.mark, "strong" if gate.deciding else "plain"
    )
    sheet.y += ROW
    if gate.deciding:
        sheet.boxes.append(Box(MARGIN, sheet.y - 16, WIDTH - 2 * MARGIN, ROW - 1, "chosen"))
    cells = (
        gate.title,
        f"{figure} {gate.unit}" if gate.band else gate.figure,
        gate.compared,
        gate.band,
        gate.level,
        gate.basis,
    )
    for x, text, after in zip(_GATES, cells, (*_GATES[1:], WIDTH - MARGIN), strict=True):
        sheet.put(x, cut(text, int((after - x - 8) / _SIGN)), style)
    if gate.deciding:
        sheet.put(WIDTH - MARGIN - 8, "◀", style, end=True)
    if gate.remark:
        sheet.say(gate.remark, "small", MARGIN + 28, _WIDE, 16)


def _section(sheet: Sheet, name: str, text: str) -> None:
    sheet.y += 10 + ROW
    sheet.put(MARGIN, name, "head")
    sheet.put(MARGIN + int(columns(name) * 7.8) + 20, text, "plain")


def _claims(sheet: Sheet, view: ScorecardView, say: Wording) -> None:
    if view.claims:
        _section(sheet, say("claims"), "")
    for claim in view.claims:
        sheet.say(say("verdict", title=claim.title, verdict=claim.verdict), "strong", MARGIN + 14)
        failed = [row.title for row in claim.requires if row.mark != "yes"]
        if failed:
            sheet.say(say("fails", names=say("list_separator").join(failed)), "plain", MARGIN + 28, _WIDE - 6)
    if view.checks_line:
        _section(sheet, say("checks"), view.checks_line)
    for row in view.remarks:
        sheet.say(say("verdict", title=row.title, verdict=row.verdict), "plain", MARGIN + 14)


def _foot(sheet: Sheet, view: ScorecardView, say: Wording) -> None:
    sheet.y += 6
    sheet.rule()
    sheet.y += 6
    fields = [
        (say("inputs_title"), view.inputs_line),
        (say("rules_title"), view.rules_line),
        (say("children"), " · ".join(view.children)),
        (say("tables"), " · ".join(view.tables)),
    ]
    for name, text in fields:
        if text:
            sheet.say(say("verdict", title=name, verdict=text), "dim")

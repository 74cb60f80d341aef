"""Why the grade is what it is, in words: conditions with their bands, what is lacking, where most points were lost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guiju.diagnostics.language import Language
from guiju.report.lost import most_lost
from guiju.report.model import GateRow, GradeView
from guiju.report.numbers import fixed
from guiju.report.standing import grade_view, label_of
from guiju.report.trace import passes_on
from guiju.report.tree import full_marks, indicator_rows
from guiju.report.wording import Wording, report_words

Data = Mapping[str, Any]
MOST = 5  # indicators that are named


@dataclass(frozen=True, slots=True)
class Told:
    """One line: how deep it stands, a sign before it, its text, and the number (a name for `explain`) that goes deeper."""

    level: int
    sign: str  # section, deciding, condition, no, "" …
    text: str
    name: str = ""


def overview(data: Data, lang: Language) -> tuple[Told, ...]:
    """Lines in order; none where the ruleset has neither grade nor indicators."""
    if data["grade"] is None and not data["indicators"]:
        return ()
    say, grade = report_words(lang), grade_view(data, report_words(lang))
    lines = [*(_graded(data, grade, say) if grade is not None else _scored(data, say)), *_worst(data, say)]
    return tuple(lines)


def _graded(data: Data, grade: GradeView, say: Wording) -> Iterator[Told]:
    why = [text for text in (grade.headline, grade.because) if text]
    yield Told(0, "section", say("verdict", title=grade.title, verdict=str(say("semicolon")).join([grade.label, *why])))
    yield from (Told(1, "no", text) for text in grade.missing)
    yield Told(0, "section", str(say("semicolon")).join(filter(None, [say("conditions"), grade.combine])))
    for entry, row in zip(data["grade"]["gates"], grade.gates, strict=True):
        if entry["enabled"]:
            yield from _gate(entry, row, data, say)
    if grade.preconditions_line:
        yield Told(0, "section", say("verdict", title=say("preconditions"), verdict=grade.preconditions_line))
        for entry, condition in zip(data["grade"]["preconditions"], grade.preconditions, strict=True):
            if condition.mark != "yes":
                yield Told(1, "no", say("verdict", title=condition.title, verdict=condition.verdict), entry["node"])
    if grade.next_title:
        yield Told(0, "section", say("next", level=grade.next_title))
        yield from (Told(1, "arrow", text) for text in grade.next_needs)


def _gate(entry: Data, row: GateRow, data: Data, say: Wording) -> Iterator[Told]:
    """A condition: its figure, the level it gives, whether it decided; below it all its bands."""
    node = f"grade.{entry['id']}_{'value' if 'bands' in entry else 'met'}"
    figure = " ".join(filter(None, [row.compared or row.figure, row.unit]))
    text = say("verdict", title=row.title, verdict=figure)
    if row.level:
        text = say("gives_level", text=text, level=row.level)
    if row.deciding:
        text = say("decides", text=text)
    yield Told(1, "deciding" if row.deciding else "condition", text, _passed_on(node, data))
    if row.remark:
        yield Told(2, "", row.remark)
    if "bands" in entry:
        bands = (f"{label_of(band['level'], data['grade'], say)} {band['interval']}" for band in entry["bands"])
        yield Told(2, "", say("bands", bands=" · ".join(bands).replace("inf", "∞")))


def _passed_on(name: str, data: Data) -> str:
    """The number that a node hands on, else the node itself: what somebody who asks goes on with."""
    entry = data["nodes"].get(name, {})
    return str(entry["formula"].strip()) if entry.get("kind") == "formula" and passes_on(entry) else name


def _scored(data: Data, say: Wording) -> Iterator[Told]:
    """Without a grade: the score of the root."""
    root = indicator_rows(data, say)[0]
    yield Told(0, "section", say("verdict", title=root.title, verdict=root.score), data["indicators"][0]["id"])


def _worst(data: Data, say: Wording) -> Iterator[Told]:
    """The indicators that lost most points, each with its value and score."""
    worst = most_lost(data, MOST)
    rows = {entry["id"]: row for entry, row in zip(data["indicators"], indicator_rows(data, say), strict=True)}
    if worst:
        yield Told(0, "section", say("most_lost"))
    for leaf in worst:
        row = rows[leaf.entry["id"]]
        value = " ".join(filter(None, [row.value, row.unit]))
        lost = fixed(format(leaf.lost, "f"), 2 if full_marks(data) >= 10 else 4, say.lang)
        title = " ".join(filter(None, [row.no, row.title]))
        text = say("lost_with_value" if value else "lost_points", title=title, value=value, score=row.score, lost=lost)
        yield Told(1, "condition", text, row.no or leaf.entry["id"])

"""Assessment data + advice + language → ReportView: all headings in the order of Appendix B, numbered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from guiju.diagnostics.language import Language
from guiju.evaluation.advice import Advice
from guiju.report.document.annexes import annexes
from guiju.report.document.conclusion import conclusion
from guiju.report.document.model import Block, Cover, Figure, ReportView, Seal, Section, Table
from guiju.report.document.process import aim, basics, process, scope
from guiju.report.document.result import result
from guiju.report.document.sealed import sealed
from guiju.report.document.told import Data, Heading, Told, told
from guiju.report.model import ScorecardView
from guiju.report.view import scorecard

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def report(
    data: Data, advice: Advice | None, lang: Language, said: Mapping[str, Any] | None = None, seal: Seal | None = None
) -> ReportView:
    """The report of an assessment. `said` holds client, assessor, date, number, aim where they do not stand in the case."""
    of, card = told(data, lang, advice, said or {}), scorecard(data, lang)
    more = [*annexes(of, card), *sealed(of, seal)]
    of = replace(of, letters={name: _LETTERS[index] for index, (name, _) in enumerate(more)})
    chapters = [
        *basics(of, card),
        *aim(of, card),
        *scope(of),
        *process(of, card),
        *result(of, card),
        *conclusion(of, card),
    ]
    sections = [*_numbered(chapters), *_lettered(of, [heading for _, heading in more])]
    return ReportView(
        lang=lang,
        title=of.own("report"),
        contents=of.own("contents"),
        cover=_cover(of, card),
        sections=_with_numbers(of, sections),
        head=" · ".join(filter(None, [card.subject, card.ruleset_title])),
        foot=" · ".join(filter(None, [card.ruleset_line, card.engine_line])),
        page=of.own("page", page="{page}"),
        author=of.words(of.said.get("assessor")),
        day=str(of.said.get("date") or data["case"]["period"]["to"]),
        unshown=of.own("unshown", signs="{signs}"),
        attached=of.own("attached", file="assessment.json"),
    )


def _cover(of: Told, card: ScorecardView) -> Cover:
    own, said, period, grade = of.own, of.said, of.data["case"]["period"], card.grade
    rows = [(own(name), of.words(said.get(name)) or own("not_said")) for name in ("client", "assessor")]
    rows.insert(0, (own("period"), own("period_text", start=period["from"], end=period["to"])))
    rows.append((own("date"), str(said.get("date") or own("not_said"))))
    if card.evidence_line:
        rows.append((own("evidence"), card.evidence_line))
    if of.rules_proposed:
        rows.append((own("rules"), of.rules_proposed))
    if said.get("number"):
        rows.append((own("number"), str(said["number"])))
    return Cover(
        banner=card.banner,
        mark=own("mark") if card.banner else "",
        title=card.ruleset_title,
        subject=card.subject,
        grade_title=grade.title if grade else "",
        level=grade.label if grade else "",
        shade=grade.shade if grade else "accent",
        headline=grade.headline if grade else "",
        because=grade.because if grade else "",
        rows=tuple(rows),
    )


def _numbered(headings: list[Heading]) -> list[Section]:
    """Chapters 1, 2 … with sections 1.1, 1.2 …"""
    chapter, inner, sections = 0, 0, []
    for level, title, blocks in headings:
        chapter, inner = (chapter + 1, 0) if level == 1 else (chapter, inner + 1)
        sections.append(Section(str(chapter) if level == 1 else f"{chapter}.{inner}", title, level, tuple(blocks)))
    return sections


def _lettered(of: Told, headings: list[Heading]) -> list[Section]:
    return [
        Section(of.own("annex", number=_LETTERS[index]), title, level, tuple(blocks))
        for index, (level, title, blocks) in enumerate(headings)
    ]


def _with_numbers(of: Told, sections: list[Section]) -> tuple[Section, ...]:
    """Tables and figures are numbered through."""
    counts = {"table": 0, "figure": 0}

    def numbered(block: Block) -> Block:
        if isinstance(block, Figure) or (isinstance(block, Table) and block.caption):
            kind = "figure" if isinstance(block, Figure) else "table"
            counts[kind] += 1
            return replace(block, number=of.own(kind, number=counts[kind]))
        return block

    return tuple(replace(each, blocks=tuple(numbered(block) for block in each.blocks)) for each in sections)

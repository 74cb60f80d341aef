"""The register of comments on a draft: who said what on which clause, how it was settled, what was changed for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from guiju.cli.output import FINDINGS, FINE, painter, say, tell_findings, width, words
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.language import Language
    from guiju.ruleset.comments import Comment

NARROW, GAP = 16, 2  # columns of the cells that hold names; blanks between cells


def count(comments: Sequence[Comment]) -> dict[str, int]:
    """How many there are in each state."""
    from guiju.ruleset.comments import STATES

    return {state: sum(comment.settled == state for comment in comments) for state in STATES}


@click.command(help="对草案的意见及处理 · Comments on a draft and how each was settled")
@click.argument("ref", metavar="PATH|ID@VERSION")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式 · Format")
@shared
@click.pass_obj
def command(setting: Setting, ref: str, form: str) -> int:
    """Print the register with the counts of its states."""
    from guiju import pipeline
    from guiju.diagnostics.finding import Found
    from guiju.ruleset import comments

    found = Found()
    ruleset = pipeline.read_ruleset(ref, setting.roots, found)
    tell_findings(found.findings, setting.lang)
    if ruleset is None:
        return FINDINGS
    listed = comments.read(ruleset)
    if form == "json":
        import json

        say(json.dumps(as_data(ruleset.identity.ref, listed), ensure_ascii=False, indent=1))
    else:
        _print(ruleset.identity.ref, listed, setting.lang)
    return FINE


def as_data(ref: str, comments: Sequence[Comment]) -> dict[str, Any]:
    """For programs: what was not said is null."""
    return {"ruleset": ref, "count": count(comments), "comments": [_data(comment) for comment in comments]}


def _data(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.id,
        "from": comment.sender._asdict(),
        "on": comment.on._asdict(),
        "text": comment.text._asdict(),
        "received": comment.received,
        "settled": comment.settled,
        "how": comment.how._asdict() if comment.how else None,
        "changed": list(comment.changed),
        "version": comment.version,
        "source": comment.source,
        "clause": comment.clause,
    }


def _print(ref: str, comments: Sequence[Comment], lang: Language) -> None:
    text, paint = words(lang), painter()
    if not comments:
        say(text("no_comments", ref=ref))
        return
    parts = [f"{text(f'settled_{state}')} {number}" for state, number in count(comments).items()]
    head = text("comments_one") if len(comments) == 1 else text("comments_many", count=len(comments))
    say(paint(text("comments_head", ref=ref, count=head, parts=text("separator").join(parts)), "head"))
    titles = [[text(f"col_comment_{name}")] for name in ("id", "on", "text", "from", "settled")]
    rows = [titles, *(_cells(comment, lang) for comment in comments)]
    widths = _widths(rows)
    for index, row in enumerate(rows):
        for line in _lines(row, widths):
            say(paint(line, "dim") if index == 0 else line)
        if 0 < index < len(rows) - 1:
            say("")


def _cells(comment: Comment, lang: Language) -> list[list[str]]:
    """The five cells, each as the paragraphs in it."""
    text = words(lang)
    settled = text(f"settled_{comment.settled}")
    outcome = [f"{settled}{text('colon')}{getattr(comment.how, lang)}" if comment.how else settled]
    if comment.changed:
        outcome.append(text("comment_changed", names=text("separator").join(comment.changed)))
    if comment.source:
        outcome.append(text("comment_source", source=" ".join(filter(None, (comment.source, comment.clause)))))
    if comment.version:
        outcome.append(text("comment_version", version=comment.version))
    who = [getattr(comment.sender, lang), *([comment.received] if comment.received else [])]
    return [[comment.id], [getattr(comment.on, lang)], [getattr(comment.text, lang)], who, outcome]


def _widths(rows: Sequence[Sequence[Sequence[str]]]) -> list[int]:
    """Names as wide as they need to be, up to a limit; comment and outcome share the rest."""
    from guiju.diagnostics.show import columns

    def widest(cell: int) -> int:
        return min(NARROW, max(columns(part) for row in rows for part in row[cell]))

    names = [widest(0), widest(1), widest(3)]
    rest = max(2 * NARROW, width() - sum(names) - 4 * GAP - GAP)
    return [names[0], names[1], rest * 2 // 5, names[2], rest - rest * 2 // 5]


def _lines(row: Sequence[Sequence[str]], widths: Sequence[int]) -> list[str]:
    from guiju.report.layout import left, wrap

    cells = [[line for part in cell for line in wrap(part, size)] for cell, size in zip(row, widths, strict=True)]
    lines = []
    for number in range(max(map(len, cells))):
        parts = [
            left(cell[number] if number < len(cell) else "", size) for cell, size in zip(cells, widths, strict=True)
        ]
        lines.append(" " * GAP + (" " * GAP).join(parts).rstrip())
    return lines

"""A case → the scorecard on the terminal, the assessment in a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guiju.cli.output import (
    FINDINGS,
    FINE,
    check_target,
    is_terminal,
    painter,
    say,
    tell,
    tell_findings,
    width,
    words,
    write_file,
)
from guiju.cli.setting import Setting, shared, wishing

if TYPE_CHECKING:
    from guiju.diagnostics.finding import Finding
    from guiju.diagnostics.language import Language
    from guiju.pipeline import Wish


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The assessment as data (None where errors forbid one), and what was noted on the way."""

    data: Mapping[str, Any] | None
    findings: tuple[Finding, ...]
    errors: bool

    @property
    def complete(self) -> bool:
        """Whether there is a grade; of a ruleset without grades, a total; of one without indicators, every result."""
        return self.data is not None and not self.errors and self.lacking is None

    @property
    def lacking(self) -> str | None:
        """The word for what could not be computed, or None."""
        if self.data is None:
            return None
        if self.data["grade"] is not None:
            return None if self.data["grade"]["computed"] else "grade_unknown"
        roots = [entry for entry in self.data["indicators"] if entry["depth"] == 0]
        if not roots:
            return (
                "figures_unknown"
                if any("made_from" not in self.data["nodes"][gap["node"]] for gap in self.data["not_computed"])
                else None
            )
        return "score_unknown" if any(entry["score"] is None for entry in roots) else None


def evaluate(case: Path, roots: Sequence[Path], wish: Wish) -> Evaluation:
    """Evaluate a case file."""
    from guiju import pipeline
    from guiju.diagnostics.finding import Found
    from guiju.evaluation.describe import describe

    found = Found()
    assessment = pipeline.assess(case, roots, wish, found)
    return Evaluation(None if assessment is None else describe(assessment), found.findings, found.has_errors())


def scorecard(data: Mapping[str, Any], lang: Language) -> str:
    """The scorecard as it is printed here: drawn on a terminal, plain to a pipe."""
    from guiju.report.render import scorecard_text
    from guiju.report.view import scorecard as view

    return scorecard_text(view(data, lang), width(), painter(), drawn=is_terminal())


@click.command(help="评价一个案例 · Evaluate a case")
@click.argument("case", type=click.Path(path_type=Path))
@wishing
@click.option(
    "-o",
    "--output",
    metavar="FILE.json",
    help="评价结果写入文件，- 为标准输出 · Write the assessment; - for standard output",
)
@click.option(
    "--picture", metavar="FILE.svg", type=click.Path(path_type=Path), help="评分卡图片 · The scorecard as a picture"
)
@shared
@click.pass_obj
def command(
    setting: Setting,
    case: Path,
    wish: Wish,
    output: str | None,
    picture: Path | None,
) -> int:
    """Findings to standard error, the scorecard to standard output, the assessment to the file."""
    from guiju.evaluation.text import as_text

    for target in (None if output is None or output == "-" else Path(output), picture):
        if target is not None:
            check_target(target, setting.lang, case)
    done = evaluate(case, setting.roots, wish)
    tell_findings(done.findings, setting.lang)
    if done.data is None:
        return FINDINGS
    if output == "-":
        say(as_text(done.data))
    else:
        say(scorecard(done.data, setting.lang))
    _write(done.data, output, picture, setting)
    if done.lacking:
        tell(words(setting.lang)(done.lacking))
    return FINE if done.complete else FINDINGS


def _write(data: Mapping[str, Any], output: str | None, picture: Path | None, setting: Setting) -> None:
    text = words(setting.lang)
    if output is not None and output != "-":
        from guiju.evaluation.text import as_text

        write_file(Path(output), as_text(data), setting.lang)
        tell(text("written", file=output))
    if picture is not None:
        from guiju.report.render import scorecard_svg
        from guiju.report.view import scorecard as view

        write_file(picture, scorecard_svg(view(data, setting.lang)), setting.lang)
        tell(text("written", file=picture))

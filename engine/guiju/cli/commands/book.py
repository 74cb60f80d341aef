"""A case → its calculation book: HTML, or Markdown that is plain text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from guiju.cli.output import FINDINGS, FINE, USAGE, Stop, check_target, say, tell, tell_findings, words, write_file
from guiju.cli.setting import Setting, shared, wishing

if TYPE_CHECKING:
    from guiju.evaluation.run import Assessment
    from guiju.pipeline import Wish

FORMS: dict[str, Literal["html", "md"]] = {".html": "html", ".htm": "html", ".md": "md", ".txt": "md"}


def assessed(case: Path, wish: Wish, setting: Setting) -> Assessment | None:
    """The assessment of a case file; findings are told, None where errors forbid one."""
    from guiju import pipeline
    from guiju.diagnostics.finding import Found

    found = Found()
    assessment = pipeline.assess(case, setting.roots, wish, found)
    tell_findings(found.findings, setting.lang)
    return None if found.has_errors() else assessment


@click.command(help="计算书：每个数的每一步 · The calculation book: every number, step by step")
@click.argument("case", type=click.Path(path_type=Path))
@wishing
@click.option("--exact", is_flag=True, help="显示全部位数 · All digits")
@click.option(
    "-o",
    "--output",
    metavar="FILE.html|.md|.txt",
    help="写入文件，默认以文本输出 · Write a file; text to standard output without it",
)
@shared
@click.pass_obj
def command(
    setting: Setting,
    case: Path,
    wish: Wish,
    exact: bool,
    output: str | None,
) -> int:
    """Findings to standard error, the book to the file or to standard output."""
    from guiju.record.book import calculation_book

    text = words(setting.lang)
    form = "md" if output in (None, "-") else FORMS.get(Path(str(output)).suffix.lower())
    if form is None:
        raise Stop(text("bad_book", suffix=Path(str(output)).suffix), USAGE)
    if output not in (None, "-"):
        check_target(Path(str(output)), setting.lang, case)
    assessment = assessed(case, wish, setting)
    if assessment is None:
        return FINDINGS
    book = calculation_book(assessment, setting.lang, form, exact=exact)
    if output in (None, "-"):
        say(book)
    else:
        write_file(Path(str(output)), book, setting.lang)
        tell(text("written", file=output))
    return FINE

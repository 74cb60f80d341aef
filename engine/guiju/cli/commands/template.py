"""A ruleset → a workbook to fill in; with a case, filled from it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from guiju.cli.extras import extra
from guiju.cli.output import FINDINGS, FINE, USAGE, Stop, check_target, tell, tell_findings, words, write_file
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.finding import Found
    from guiju.intake.model import Header
    from guiju.plan.model import Plan


def make(plan: Plan, header: Header | None, found: Found) -> bytes:
    """The workbook. One that is filled is read again: what it does not hold is an error, not lost."""
    from guiju.ruleset.model import Words
    from guiju.workbook.assemble import head, whole
    from guiju.workbook.held import note_lost
    from guiju.workbook.layout import layout
    from guiju.workbook.spread import spread
    from guiju.workbook.tables import read_workbook
    from guiju.workbook.write import workbook

    pages = layout(plan)
    title = plan.ruleset.title if header is None else header.title
    if header is None:
        return workbook(pages, {}, Words(title.zh, title.en))
    raw = workbook(pages, spread(header.node, plan, pages), title)
    tables = read_workbook(raw, "", found)
    if tables is not None:
        note_lost(header.node, whole(head(tables, found), tables, plan, found), plan, found)
    return raw


def plan_for(
    ref: str | None, variant: str | None, case: Path | None, setting: Setting, found: Found
) -> tuple[Plan, Header | None] | None:
    """The plan that was named, or that the case names; and the case."""
    from guiju import pipeline
    from guiju.intake.case import read_header

    header = None if case is None else read_header(case, found)
    if header is not None:
        plan = pipeline.plan_of(header, setting.roots, pipeline.Wish(ref, variant), found, pipeline.Family())
        return None if plan is None else (plan, header)
    if case is not None or ref is None:
        return None
    ruleset = pipeline.read_ruleset(ref, setting.roots, found)
    plan = None if ruleset is None else pipeline.make_plan(ruleset, variant, {}, found)
    return None if plan is None else (plan, None)


@click.command(help="生成填报工作簿 · A workbook to fill in")
@click.argument("ref", metavar="[REF]", required=False)
@click.option("--variant", metavar="V", help="变体 · Variant")
@click.option("--case", metavar="CASE", type=click.Path(path_type=Path), help="填入已有评估数据 · Fill it from a case")
@click.option(
    "-o",
    "--output",
    metavar="FILE.xlsx",
    required=True,
    type=click.Path(path_type=Path),
    help="写入文件 · Write a file",
)
@shared
@click.pass_obj
def command(setting: Setting, ref: str | None, variant: str | None, case: Path | None, output: Path) -> int:
    """The file; findings to standard error."""
    from guiju.diagnostics.finding import Found

    text = words(setting.lang)
    if ref is None and case is None:
        raise Stop(text("template_of_what"), USAGE)
    if output.suffix.lower() != ".xlsx":
        raise Stop(text("not_xlsx", file=output), USAGE)
    check_target(output, setting.lang)
    if output.exists():  # somebody may have filled it in
        raise Stop(text("exists", folder=output), USAGE)
    found = Found()
    made = plan_for(ref, variant, case, setting, found)
    if made is None:
        tell_findings(found.findings, setting.lang)
        return FINDINGS
    with extra("excel", setting.lang):
        raw = make(*made, found)
    tell_findings(found.findings, setting.lang)
    if found.has_errors():
        return FINDINGS
    write_file(output, raw, setting.lang)
    tell(text("written", file=output))
    return FINE

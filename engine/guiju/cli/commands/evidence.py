"""The files that prove a case: a register with SHA-256, what changed or is missing, values without the evidence they need."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from guiju.cli.output import (
    FINDINGS,
    FINE,
    USAGE,
    Stop,
    check_target,
    painter,
    say,
    tell,
    tell_findings,
    width,
    words,
    write_file,
)
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.language import Language
    from guiju.intake.evidence import Document, Register, Unproven
    from guiju.plan.model import Plan

MOST = 4  # proved values that are written out


@click.command(help="证据登记：文件、SHA-256、证明哪些数，缺哪些证据 · The register of evidence")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("case", metavar="CASE.yaml", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    metavar="FILE.yaml",
    type=click.Path(path_type=Path),
    help="登记表写入新文件 · Write the register to a new file",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="输出格式 · Format")
@shared
@click.pass_obj
def command(setting: Setting, folder: Path, case: Path, output: Path | None, form: str) -> int:
    """The register to standard output, changed and missing files as findings to standard error."""
    from guiju import pipeline
    from guiju.diagnostics.finding import Found
    from guiju.intake import evidence

    text = words(setting.lang)
    if not folder.is_dir():
        raise Stop(text("no_folder", folder=folder), USAGE)
    if output is not None and output.exists():
        raise Stop(text("exists", folder=output), USAGE)
    if output is not None:
        check_target(output, setting.lang)
    read, found = Found(), Found()
    assessment = pipeline.assess(case, setting.roots, pipeline.Wish(), read)
    if assessment is None:
        tell_findings(read.findings, setting.lang)
        return FINDINGS
    made = evidence.register(assessment.case, assessment.plan, folder, found)
    tell_findings(found.findings, setting.lang)
    if form == "json":
        import json

        say(json.dumps(evidence.as_data(made), ensure_ascii=False, indent=1))
    else:
        _print(made, assessment.plan, setting.lang)
    if output is not None:
        write_file(output, evidence.as_yaml(made), setting.lang)
        tell(text("written", file=output))
    return FINDINGS if found.has_errors() else FINE


def _print(made: Register, plan: Plan, lang: Language) -> None:
    from guiju.intake.evidence import counts

    text, paint = words(lang), painter()
    states = counts(made.documents).items()
    parts = text("separator").join(f"{text(f'evidence_{state}')} {count}" for state, count in states if count)
    say(paint(text("evidence_head", case=made.case, count=len(made.documents), parts=parts or "-"), "head"))
    for each in made.documents:
        for line in _lines(each, plan, lang):
            say(line)
    if made.unlisted:
        say(paint(text("evidence_unlisted", count=len(made.unlisted)), "head"))
        for name in made.unlisted:
            say(f"  {name}")
    if made.unproven:
        say(paint(text("evidence_unproven", count=len(made.unproven)), "head"))
        for value in made.unproven:
            kinds = [getattr(plan.evidence[kind], lang) for kind in value.lacking]
            say(f"  {_called(value, plan, lang)}{text('colon')}{text('separator').join(kinds)}")


def _called(value: Unproven, plan: Plan, lang: Language) -> str:
    """A value by its title, of a row with its key; its id in brackets."""
    return f"{_named(value.name, plan, lang)} [{value.name}]"


def _named(name: str, plan: Plan, lang: Language) -> str:
    """A value (of a row: collection.column[key]) by its title, of a row with its key."""
    node, _, row = name.partition("[")
    of, _, column = node.partition(".")
    item = plan.collections[of].columns[column] if column else plan.inputs[of]
    return " ".join(filter(None, [getattr(item.title, lang), row.removesuffix("]")]))


def _lines(document: Document, plan: Plan, lang: Language) -> list[str]:
    """What it is, its file with the state, what it proves."""
    from guiju.report.layout import wrap

    text, said = words(lang), document.said
    file = [str(said[name]) for name in ("file", "page", "date") if name in said]
    state = text(f"evidence_{document.state}")
    lines = [f"  {document.id}  {said['title'][lang]} ({getattr(plan.evidence[said['kind']], lang)})"]
    lines.append("    " + "  ".join([*file, state, *([document.found[:12]] if document.found else [])]))
    proves = text("separator").join(_named(name, plan, lang) for name in document.proves[:MOST])
    more = len(document.proves) - MOST
    proves = text("evidence_more", names=proves, count=more) if more > 0 else proves
    return [*lines, *(f"    {line}" for line in wrap(text("evidence_proves", names=proves or "-"), width() - 4))]

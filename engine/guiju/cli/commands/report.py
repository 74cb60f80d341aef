"""A case or an assessment → the report as HTML, Word and PDF."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guiju.cli.commands.explain import CASES, check, read
from guiju.cli.logfile import log_in
from guiju.cli.output import (
    FINDINGS,
    FINE,
    USAGE,
    Stop,
    check_target,
    make_folder,
    one_line,
    reason,
    tell,
    tell_findings,
    words,
    write_bytes,
)
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.evaluation.advice import Advice
    from guiju.record.log import Log
    from guiju.report.document.model import ReportView

FORMATS = ("html", "docx", "pdf")
OTHER_FORMATS = frozenset(
    (
        "doc",
        "docm",
        "dot",
        "dotx",
        "htm",
        "json",
        "md",
        "odt",
        "png",
        "ppt",
        "pptx",
        "rtf",
        "svg",
        "tex",
        "txt",
        "wps",
        "xls",
        "xlsx",
        "xml",
        "zip",
    )
)  # an output that ends like these is no folder somebody means
EXTRA = "report"  # what Word and PDF need besides


@dataclass(frozen=True, slots=True)
class Head:
    """What the command line says of the report, and the log whose head it prints."""

    said: Mapping[str, str]
    log: Log | None


@dataclass(frozen=True, slots=True)
class Assessed:
    """The assessment as data, and advice on it where there is any."""

    data: Mapping[str, Any]
    advice: Advice | None


def assessed(file: Path, setting: Setting) -> Assessed | None:
    """A case is evaluated; of an assessment the ruleset is looked up for advice. None after telling why there is none."""
    from guiju import pipeline

    if file.suffix.lower() not in CASES:
        data = read(file, setting.lang)
        return Assessed(data, pipeline.advice_on(data, setting.roots))
    from guiju.diagnostics.finding import Found
    from guiju.evaluation.advice import advise
    from guiju.evaluation.describe import describe

    found = Found()
    assessment = pipeline.assess(file, setting.roots, pipeline.Wish(), found)
    tell_findings(found.findings, setting.lang)
    if assessment is None:
        return None
    return Assessed(describe(assessment), advise(assessment.plan, assessment.values, pipeline.fixed(assessment.plan)))


def targets(output: Path, formats: tuple[str, ...], name: str, setting: Setting) -> dict[str, Path]:
    """The file of every format: the one that was named, or one each in a folder, named after the case and the language."""
    suffix = output.suffix.lower().removeprefix(".")
    if suffix in FORMATS:
        if formats and formats != (suffix,):
            raise Stop(words(setting.lang)("other_suffix", file=output.as_posix(), format=", ".join(formats)), USAGE)
        return {suffix: output}
    if suffix in OTHER_FORMATS and not output.is_dir():
        raise Stop(words(setting.lang)("no_such_format", file=output.as_posix(), formats=", ".join(FORMATS)), USAGE)
    make_folder(output, setting.lang)
    return {each: output / f"{name}.{setting.lang}.{each}" for each in formats or FORMATS}


def said(given: Mapping[str, str | None], setting: Setting, day: str = "--date") -> dict[str, str]:
    """What the options say of the report; it goes before what the case says. `day` is the option that gives its date."""
    from guiju.ruleset.locate import is_day

    for name, text in given.items():
        one_line(text, day if name == "date" else f"--{name}", setting.lang)
    date = given.get("date")
    if date is not None and not is_day(date):
        raise Stop(words(setting.lang)("no_day", option=day, text=date), USAGE)
    return {name: text for name, text in given.items() if text is not None}


@click.command(help="评价报告：网页、Word、PDF · The report as HTML, Word and PDF")
@click.argument("file", metavar="CASE.yaml|FILE.json", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", metavar="FOLDER|FILE", default=".", type=click.Path(path_type=Path), help="文件夹，或一个文件 · A folder, or one file"
)  # fmt: skip
@click.option(
    "--format",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="格式，可多次给出；默认全部 · Format; all by default",
)
@click.option("--client", help="委托方 · Client")
@click.option("--assessor", help="评价方 · Assessor")
@click.option("--date", metavar="DATE", help="报告日期 · Date of the report")
@click.option("--number", help="报告编号 · Number of the report")
@click.option(
    "--log",
    metavar="LOG",
    type=click.Path(path_type=Path),
    help="日志，其链头印入报告 · A log, whose head the report prints",
)
@click.option(
    "--template", metavar="FILE.docx", type=click.Path(path_type=Path), help="自备 Word 模板，报告写在其后 · Word file of your own to begin with"
)  # fmt: skip
@shared
@click.pass_obj
def command(
    setting: Setting, file: Path, output: Path, formats: tuple[str, ...], client: str | None, assessor: str | None, date: str | None,
    number: str | None, log: Path | None, template: Path | None,
) -> int:  # fmt: skip
    """Everything is made before anything is written."""
    own = said({"client": client, "assessor": assessor, "date": date, "number": number}, setting)
    kept = None if log is None else log_in(setting, log)
    if log is not None and kept is None:
        return FINDINGS
    try:
        done = assessed(file, setting)
        if done is None:
            return FINDINGS
        files = targets(output, tuple(dict.fromkeys(formats)), _name(done), setting)
        for path in files.values():
            check_target(path, setting.lang, file, template)
        made = _made(done, files, Head(own, kept), template, setting)
    except Stop:
        raise
    except Exception:
        if file.suffix.lower() not in CASES:
            check(file, setting.lang)  # perhaps the file is not what it says it is
        raise
    for path, content in made.items():
        write_bytes(path, content, setting.lang)
        tell(words(setting.lang)("written", file=path.as_posix()))
    return FINE


def _name(done: Assessed) -> str:
    """The id of the case as the name of a file: the file of an assessment may say anything."""
    return re.sub(r"[^\w.-]", "_", str(done.data["case"]["id"])).strip(".")[:100] or "report"


def _made(
    done: Assessed, files: Mapping[str, Path], head: Head, template: Path | None, setting: Setting
) -> dict[Path, bytes]:
    from guiju.record.canonical import canonical
    from guiju.record.report import seal
    from guiju.report.document.view import report

    if template is not None and "docx" not in files:
        raise Stop(words(setting.lang)("only_word"), USAGE)
    attached = canonical(done.data)
    view = report(done.data, done.advice, setting.lang, head.said, seal(attached, head.log))
    makers = _makers(attached, template, setting)
    try:
        return {path: makers[name](view) for name, path in files.items()}
    except ImportError as error:
        needed = [name for name in files if name != "html"]
        raise Stop(words(setting.lang)("needs_extra", formats=", ".join(needed), extra=EXTRA), USAGE) from error


def _makers(attached: bytes, template: Path | None, setting: Setting) -> dict[str, Callable[[ReportView], bytes]]:
    from guiju.report.document.html import html
    from guiju.report.document.pdf import pdf

    return {"html": html, "docx": partial(_word, template, setting), "pdf": lambda view: pdf(view, attached)}


def _word(template: Path | None, setting: Setting, view: ReportView) -> bytes:
    """Word, with what is wrong with a template said in words."""
    from guiju.report.document.word import Unfit, word

    try:
        return word(view, template)
    except Unfit as unfit:
        raise Stop(words(setting.lang)(str(unfit), file=template), FINDINGS) from unfit
    except OSError as error:
        text = words(setting.lang)("cannot_read", file=template, reason=reason(error, setting.lang))
        raise Stop(text, FINDINGS) from error

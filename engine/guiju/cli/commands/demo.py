"""The shipped example, from data to scorecard, report and package."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import click

from guiju.cli.commands.evaluate import evaluate, scorecard
from guiju.cli.editor import moved
from guiju.cli.output import (
    FAULT,
    FINDINGS,
    FINE,
    Stop,
    make_folder,
    painter,
    say,
    tell,
    tell_findings,
    words,
    write_bytes,
    write_file,
)
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.language import Language

EXAMPLE = ("carbon-neutral-mine", "2025.1")  # the ruleset whose cases are shown
SHOWN = "underground"
VALUE = "emission_intensity"  # a number worth following
LEFT_OUT = ("record.document-left-out", "record.document-not-possible")


@dataclass(frozen=True, slots=True)
class Copied:
    """One case file: where it is now, and whether it was there before (then it is left as it is)."""

    path: Path
    kept: bool


def copy_cases(folder: Path, lang: Language) -> list[Copied]:
    """The shipped cases into a folder."""
    from guiju.places import home

    source = home() / "rulesets" / EXAMPLE[0] / EXAMPLE[1] / "cases"
    files = sorted(source.glob("*.yaml"))
    if not files:
        raise Stop(words(lang)("demo_missing", folder=source.as_posix()), FAULT)
    make_folder(folder, lang)
    copied = []
    for file in files:
        target = folder / file.name
        copied.append(Copied(target, target.exists()))
        if not target.exists():
            write_file(target, moved(file.read_text(encoding="utf-8"), folder), lang)
    return copied


@click.command(help="随附的示例：从数据到报告 · The shipped example, from data to report")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("guiju-demo"),
    help="放在哪个文件夹 · Folder",
)
@shared
@click.pass_obj
def command(setting: Setting, output: Path) -> int:
    """Copy the cases, evaluate one, make its report and package, say where the files are and what to try next."""
    from guiju.evaluation.text import as_text
    from guiju.pipeline import Wish

    cases = copy_cases(output, setting.lang)
    chosen = next((case.path for case in cases if case.path.stem == SHOWN), cases[0].path)
    done = evaluate(chosen, setting.roots, Wish())
    tell_findings(done.findings, setting.lang)
    if done.data is None:
        return FINDINGS
    result = chosen.with_suffix(".json")
    write_file(result, as_text(done.data), setting.lang)
    say(scorecard(done.data, setting.lang))
    made = [(result, words(setting.lang)("demo_assessment")), *_handed_over(chosen, setting)]
    _say_where(output, cases, made, setting.lang)
    _say_next(chosen, made, setting.lang)
    if done.lacking:
        tell(words(setting.lang)(done.lacking))
    return FINE if done.complete else FINDINGS


def _handed_over(case: Path, setting: Setting) -> list[tuple[Path, str]]:
    """The package of a case, and beside it the report and the calculation that lie in it, with what each is."""
    from guiju.diagnostics.finding import Found
    from guiju.pipeline import Wish
    from guiju.record.archive import build
    from guiju.record.pack import Order, pack

    text, found, lang = words(setting.lang), Found(), setting.lang
    entries = pack(case, setting.roots, Wish(), Order(), found)
    tell_findings([each for each in found.findings if each.code in LEFT_OUT], lang)
    if entries is None:
        raise Stop(text("pack_none"), FINDINGS)
    kinds = {f"report/report.{lang}.{form.lower()}": text("demo_report", form=form) for form in ("HTML", "DOCX", "PDF")}
    kinds |= {f"calculation/book.{lang}.html": text("demo_book"), "calculation/workbook.xlsx": text("demo_workbook")}
    made = []
    for name, what in kinds.items():
        if name in entries:
            path = case.with_name(f"{case.stem}.{PurePosixPath(name).name}")
            write_bytes(path, entries[name], lang)
            made.append((path, what))
    package = case.with_suffix(".zip")
    write_bytes(package, build(entries), lang)
    return [*made, (package, text("demo_package"))]


def _say_where(folder: Path, cases: list[Copied], made: list[tuple[Path, str]], lang: Language) -> None:
    from guiju.diagnostics.show import columns
    from guiju.report.layout import left

    text = words(lang)
    files = [(case.path.name, text("demo_kept" if case.kept else "demo_case")) for case in cases]
    files += [(path.name, what) for path, what in made]
    width = max(columns(name) for name, _ in files)
    say(f"\n{text('demo_files', folder=folder.as_posix())}")
    for name, what in files:
        say(f"  {left(name, width)}  {what}")


def _say_next(case: Path, made: list[tuple[Path, str]], lang: Language) -> None:
    from guiju.diagnostics.language import choose
    from guiju.diagnostics.show import columns
    from guiju.report.layout import left

    text, paint = words(lang), painter()
    file, package = (shlex.quote(path.as_posix()) for path in (made[0][0], made[-1][0]))
    ref = "@".join(EXAMPLE)
    tries = [
        (f"guiju explain {file}", text("demo_try_explain")),
        (f"guiju explain {file} {VALUE} --depth 8", text("demo_try_row")),
        (f"guiju evaluate {shlex.quote(case.as_posix())}", text("demo_try_change")),
        (f"guiju verify {package}", text("demo_try_verify")),
        (f"guiju template {ref} --variant energy.coal.{SHOWN} -o mine.xlsx", text("demo_try_template")),
        (f"guiju validate {ref}", text("demo_try_validate")),
        (f"guiju graph {ref} gross --variant energy.coal.{SHOWN} -o gross.svg", text("demo_try_graph")),
    ]
    if choose(None, os.environ) != lang:  # asked for with --lang: so are these
        tries = [(f"{line} --lang {lang}", what) for line, what in tries]
    width = max(columns(line) for line, _ in tries)
    say(f"\n{text('demo_next')}")
    for line, what in tries:
        say(f"  {paint(left(line, width), 'strong')}  {what}")

"""The shipped example, from data to scorecard."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
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
    write_file,
)
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.language import Language

EXAMPLE = ("carbon-neutral-mine", "2025.1")  # the ruleset whose cases are shown
SHOWN = "underground"
VALUE = "emission_intensity"  # a number worth following


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


@click.command(help="随附的示例：从数据到评分卡 · The shipped example, from data to scorecard")
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
    """Copy the cases, evaluate one, say where the files are and what to try next."""
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
    _say_where(output, cases, result, setting.lang)
    _say_next(chosen, result, setting.lang)
    if done.lacking:
        tell(words(setting.lang)(done.lacking))
    return FINE if done.complete else FINDINGS


def _say_where(folder: Path, cases: list[Copied], result: Path, lang: Language) -> None:
    from guiju.diagnostics.show import columns
    from guiju.report.layout import left

    text = words(lang)
    files = [(case.path.name, text("demo_kept" if case.kept else "demo_case")) for case in cases]
    files.append((result.name, text("demo_assessment")))
    width = max(columns(name) for name, _ in files)
    say(f"\n{text('demo_files', folder=folder.as_posix())}")
    for name, what in files:
        say(f"  {left(name, width)}  {what}")


def _say_next(case: Path, result: Path, lang: Language) -> None:
    from guiju.diagnostics.show import columns
    from guiju.report.layout import left

    text, paint = words(lang), painter()
    file, ref = shlex.quote(result.as_posix()), "@".join(EXAMPLE)
    tries = [
        (f"guiju explain {file}", text("demo_try_explain")),
        (f"guiju explain {file} {VALUE} --depth 8", text("demo_try_row")),
        (f"guiju evaluate {shlex.quote(case.as_posix())}", text("demo_try_change")),
        (f"guiju validate {ref}", text("demo_try_validate")),
        (f"guiju graph {ref} gross --variant energy.coal.{SHOWN} -o gross.svg", text("demo_try_graph")),
    ]
    width = max(columns(line) for line, _ in tries)
    say(f"\n{text('demo_next')}")
    for line, what in tries:
        say(f"  {paint(left(line, width), 'strong')}  {what}")

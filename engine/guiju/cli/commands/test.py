"""A ruleset's own tests: what was wanted, what came out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guiju.cli.output import FINDINGS, FINE, Stop, is_terminal, painter, say, tell_findings, words
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.finding import Finding
    from guiju.diagnostics.language import Language
    from guiju.evaluation.trials import Check, Trial

ORIGINS = ("published", "derived", "invented")


@dataclass(frozen=True, slots=True)
class Trials:
    """All tests of a ruleset. `ref` is empty where it could not be read."""

    ref: str
    folder: Path | None
    trials: tuple[Trial, ...]
    findings: tuple[Finding, ...]
    errors: bool

    @property
    def passed(self) -> bool:
        return bool(self.trials) and not self.errors and all(trial.passed for trial in self.trials)


def run(ref: str, roots: Sequence[Path], progress: Callable[[int], None]) -> Trials:
    """Every test; `progress` hears how many are done."""
    from guiju import pipeline
    from guiju.diagnostics.finding import Found
    from guiju.evaluation.trials import run_trials
    from guiju.ruleset import load, locate

    found = Found()
    folder = locate.locate(ref, roots, found)
    ruleset = None if folder is None else load.load(folder, found)
    if folder is None or ruleset is None:
        return Trials("", folder, (), found.findings, errors=True)
    done: list[Trial] = []
    for trial in run_trials(folder, ruleset, found, pipeline.children(roots)):
        done.append(trial)
        progress(len(done))
    return Trials(ruleset.identity.ref, folder, tuple(done), found.findings, found.has_errors())


@click.command(help="运行规则集自带的测试 · Run the ruleset's own tests")
@click.argument("ref", metavar="PATH|ID@VERSION")
@click.option("--quiet", "-q", is_flag=True, help="只列失败的 · Only what failed")
@shared
@click.pass_obj
def command(setting: Setting, ref: str, quiet: bool) -> int:
    """A line for each test, values where one failed, a summary."""
    result = run(ref, setting.roots, _progress(setting.lang))
    tell_findings(result.findings, setting.lang)
    if not result.trials and not result.errors:
        from guiju.places import shown

        folder = shown(result.folder / "tests") if result.folder else ""
        raise Stop(words(setting.lang)("no_tests", ref=result.ref, folder=folder), FINDINGS)
    for trial in result.trials:
        if not (quiet and trial.passed):
            _print(trial, setting.lang)
    if result.trials:
        _print_summary(result.trials, setting.lang)
    return FINE if result.passed else FINDINGS


def _progress(lang: Language) -> Callable[[int], None]:
    """A running count on a terminal, nothing elsewhere."""
    if not is_terminal(sys.stderr):
        return lambda _count: None

    def show(count: int) -> None:
        click.echo(f"\r{words(lang)('running', count=count)}\r", nl=False, err=True)

    return show


def _print(trial: Trial, lang: Language) -> None:
    text, paint = words(lang), painter()
    verdict = paint(text("ok"), "good") if trial.passed else paint(text("failed"), "poor")
    say(f"{verdict}  {trial.id}  {trial.title.zh if lang == 'zh' else trial.title.en}")
    if trial.passed:
        return
    if not trial.checks:
        say(f"      {text('without_wish')}")
    for check in trial.checks:
        if not check.passed:
            say(f"      {_check(check, lang)}")


def _check(check: Check, lang: Language) -> str:
    text = words(lang)
    wanted = f"{_value(check.wanted, lang)} {check.tolerance}".rstrip()
    line = text("wanted", node=check.node, wanted=wanted, got=_value(check.got, lang))
    return f"{line}  ({check.place.file}:{check.place.line})"


def _value(value: Any, lang: Language) -> str:
    if value is None:
        return words(lang)("not_computed")
    return str(value).lower() if isinstance(value, bool) else str(value)


def _print_summary(trials: Sequence[Trial], lang: Language) -> None:
    text, paint = words(lang), painter()
    good = [trial for trial in trials if trial.passed]
    checks = sum(len(trial.checks) for trial in trials)
    line = text("trials", passed=len(good), failed=len(trials) - len(good), checks=checks)
    say(paint(f"\n{line}", "good" if len(good) == len(trials) else "poor"))
    parts = [
        text(f"origin_{origin}", passed=sum(t.origin == origin for t in good), all=number)
        for origin in ORIGINS
        if (number := sum(t.origin == origin for t in trials))
    ]
    say(text("trials_origin", parts=text("separator").join(parts)))

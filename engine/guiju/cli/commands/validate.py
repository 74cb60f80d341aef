"""All findings of a ruleset: every file, every variant, its tests and example cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guiju.cli.output import FINDINGS, FINE, findings_text, painter, say, words
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.finding import Finding, Found
    from guiju.diagnostics.language import Language
    from guiju.plan.model import Plan
    from guiju.ruleset.model import Base, Ruleset


@dataclass(frozen=True, slots=True)
class Count:
    """How much a variant holds, and on what its rules rest."""

    variant: str | None
    inputs: int
    columns: int
    parameters: int
    tables: int
    formulas: int
    indicators: int
    bases: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Lock:
    """Whether a version that is no draft is locked: state, and the file, section and line that would do it."""

    state: str  # draft | locked | missing | changed
    ref: str
    fingerprint: str = ""
    section: str = "rulesets"
    file: str = ""


@dataclass(frozen=True, slots=True)
class Validation:
    """What was found, and what is there. `ref` is empty where the ruleset could not be read."""

    ref: str
    findings: tuple[Finding, ...]
    errors: bool
    counts: tuple[Count, ...]
    tests: int
    cases: int
    locks: tuple[Lock, ...]
    bases: tuple[Base, ...] = ()


def validate(ref: str, roots: Sequence[Path], variant: str | None) -> Validation:
    """Everything that can be said about a ruleset without a case."""
    from guiju import pipeline
    from guiju.diagnostics.finding import Found
    from guiju.ruleset import load, locate, variants

    found = Found()
    folder = locate.locate(ref, roots, found)
    ruleset = None if folder is None else load.load(folder, found)
    if folder is None or ruleset is None:
        return Validation("", found.findings, found.has_errors(), (), 0, 0, ())
    plans = []
    every: list[str | None] = [*variants.leaves(ruleset)] or [None]
    for chosen in every if variant is None else [variant]:
        own = Found()  # what the variants share is found in each of them, and told once
        plans.append(pipeline.make_plan(ruleset, chosen, {}, own))
        found.extend(own)
    tests, cases = _side_files(folder / "tests", "tests-1", found), _side_files(folder / "cases", "case-1", found)
    counts = tuple(count(plan) for plan in plans if plan is not None)
    identity, locks = ruleset.identity, _locks(ruleset, found)
    return Validation(identity.ref, found.findings, found.has_errors(), counts, tests, cases, locks, identity.bases)


def _side_files(folder: Path, schema_name: str, found: Found) -> int:
    """The files of a folder against their schema; how many there are."""
    from guiju.places import shown
    from guiju.ruleset.shape import schema
    from guiju.source.files import read_file
    from guiju.source.schema import check

    paths = sorted(folder.glob("*.yaml"))
    for path in paths:
        node = read_file(path, shown(path), found)
        if node is not None:
            check(node, schema(schema_name), found)
    return len(paths)


def count(plan: Plan) -> Count:
    """What people have written: entries, not what the engine made of them."""
    written = [node for node in plan.nodes.values() if node.part in ("", "formula", "score")]
    return Count(
        variant=plan.variant,
        inputs=len(plan.inputs),
        columns=sum(len(collection.columns) for collection in plan.collections.values()),
        parameters=sum(node.kind == "parameter" and "." not in node.id for node in written),
        tables=len(plan.tables),
        formulas=sum(node.kind == "formula" and node.part != "score" for node in written),
        indicators=len(plan.indicators),
        bases={name: plan.by_basis[name] for name in ("stated", "sibling", "proposed") if name in plan.by_basis},
    )


def _locks(ruleset: Ruleset, found: Found) -> tuple[Lock, ...]:
    """The lock of the ruleset, and of every table that lacks its own."""
    lacking = {}
    for finding in found.findings:
        facts = dict(finding.facts)
        if finding.code == "version.not-locked":
            lacking[facts["ref"]] = Lock("missing", facts["ref"], facts["fingerprint"], facts["section"], facts["file"])
    identity = ruleset.identity
    state = "draft" if identity.status == "draft" else "locked"
    own = lacking.pop(identity.ref, Lock(state, identity.ref, identity.fingerprint))
    return (own, *lacking.values())


@click.command(help="检查规则集，列出全部问题 · Check a ruleset: all findings")
@click.argument("ref", metavar="PATH|ID@VERSION")
@click.option("--format", "form", type=click.Choice(["text", "line", "json"]), default="text", help="输出格式 · Format")
@click.option("--variant", metavar="V", help="只检查这个变体 · Only this variant")
@shared
@click.pass_obj
def command(setting: Setting, ref: str, form: str, variant: str | None) -> int:
    """Print the findings, and what was checked."""
    result = validate(ref, setting.roots, variant)
    if form == "json":
        import json

        say(json.dumps(as_data(result), ensure_ascii=False, indent=1))
    elif form == "line":
        from guiju.diagnostics.show import as_lines

        if result.findings:
            say(as_lines(result.findings, setting.lang))
    else:
        _print(result, ref, setting.lang)
    return FINDINGS if result.errors else FINE


def as_data(result: Validation) -> dict[str, Any]:
    """For programs."""
    from guiju.diagnostics.show import as_data as findings_data

    return {
        "ruleset": result.ref or None,
        "errors": result.errors,
        "findings": findings_data(result.findings),
        "variants": [asdict(each) for each in result.counts],
        "tests": result.tests,
        "cases": result.cases,
        "locks": [asdict(each) for each in result.locks],
        "extends": [asdict(each) for each in result.bases],
    }


def _print(result: Validation, ref: str, lang: Language) -> None:
    from guiju.diagnostics.show import summary

    text, paint = words(lang), painter()
    if result.findings:
        say(findings_text(result.findings, lang) + "\n")
    if not result.ref:
        say(paint(text("not_read", ref=ref), "poor"))
        return
    if result.findings:
        head = text("some_findings", ref=result.ref, summary=summary(result.findings, lang))
        say(paint(head, "poor" if result.errors else "warn"))
    else:
        say(paint(text("no_findings", ref=result.ref), "good"))
    for each in result.counts:
        say(f"  {each.variant or text('the_variant')}")
        numbers = asdict(each)
        say(f"    {text('counts', **{name: numbers[name] for name in COUNTED})}")
        say(f"    {text('bases', parts=_bases(each, lang))}")
    say(f"  {text('tests_count', count=result.tests, cases=result.cases)}")
    for base in result.bases:
        say(f"  {text('extends_line', ref=base.ref, fingerprint=base.fingerprint.partition(':')[2][:12])}")
    for lock in result.locks:
        _print_lock(lock, lang)


COUNTED = ("inputs", "columns", "parameters", "tables", "formulas", "indicators")


def _bases(each: Count, lang: Language) -> str:
    from guiju.report.wording import report_words

    say_basis = report_words(lang)
    return " · ".join(f"{say_basis(f'basis_{name}')} {number}" for name, number in each.bases.items()) or "0"


def _print_lock(lock: Lock, lang: Language) -> None:
    text = words(lang)
    if lock.state == "missing":
        say(f"  {lock.ref}{text('colon')}{text('lock_missing', file=lock.file)}")
        say(f'    {lock.section}:\n      "{lock.ref}": "{lock.fingerprint}"')
    else:
        fingerprint = lock.fingerprint.partition(":")[2][:12]
        say(f"  {lock.ref}{text('colon')}{text(f'lock_{lock.state}', fingerprint=fingerprint)}")

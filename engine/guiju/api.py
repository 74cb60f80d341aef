"""The Python interface: load, prepare, evaluate. What was found wrong is raised as `Refused`, with all findings at once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from guiju import pipeline
from guiju.diagnostics.finding import Finding, Found
from guiju.diagnostics.language import choose
from guiju.diagnostics.show import as_text
from guiju.evaluation.run import Assessment
from guiju.intake.case import read_header
from guiju.intake.model import Header
from guiju.places import ruleset_roots
from guiju.plan.model import Plan
from guiju.ruleset.model import Ruleset
from guiju.source.files import read_line

T = TypeVar("T")


class Refused(ValueError):  # noqa: N818  it is no error of the program: it says what was found in the input
    """The input was refused. `findings` holds every finding; the text of the exception shows them all."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__(as_text(findings, choose(None, os.environ), read_line))
        self.findings = findings


@dataclass(frozen=True)
class Result:
    """An assessment and what was noted on the way (warnings; errors are raised)."""

    assessment: Assessment
    findings: tuple[Finding, ...]

    @cached_property
    def data(self) -> dict[str, Any]:
        """The assessment as JSON-able data (schema assessment-1)."""
        from guiju.evaluation.describe import describe

        return describe(self.assessment)

    @property
    def grade(self) -> str | None:
        """The grade, or None where it could not be computed."""
        value = self.assessment.values.get("grade.result")
        return value if isinstance(value, str) else None


def load(ref: str | Path, *, on: str | None = None, rulesets: str | Path | None = None) -> Ruleset:
    """A ruleset by path, "id@version", or id with `on` (ISO date). Raises Refused."""
    found = Found()
    roots = ruleset_roots(None if rulesets is None else str(rulesets), os.environ)
    return _or_refuse(pipeline.read_ruleset(str(ref), roots, found, on), found)


def prepare(ruleset: Ruleset, variant: str | None = None) -> Plan:
    """The plan of one variant. Raises Refused."""
    found = Found()
    return _or_refuse(pipeline.make_plan(ruleset, variant, {}, found), found)


def evaluate(plan: Plan, case: str | Path, *, rulesets: str | Path | None = None) -> Result:
    """The assessment of a case file under a plan. Rulesets of children are looked for beside the plan's own, then as by
    `load`. Raises Refused."""
    found = Found()
    header = read_header(Path(case), found)
    if header is not None:
        _same(plan, header, found)
    beside, given = Path(plan.ruleset.folder).parent.parent, None if rulesets is None else str(rulesets)
    roots = [*([] if given else [beside]), *ruleset_roots(given, os.environ)]
    children = pipeline.children(roots)
    assessment = None if header is None or found.has_errors() else pipeline.assess_with(plan, header, found, children)
    return Result(_or_refuse(assessment, found), found.findings)


def _same(plan: Plan, header: Header, found: Found) -> None:
    """What the case itself asks for must be what the plan was made from."""
    place, fields = header.node.place, header.node.keys
    if header.ruleset is not None and header.ruleset not in (plan.ruleset.ref, plan.ruleset.id):
        found.add("case.other-plan", fields.get("ruleset", place), asked=header.ruleset, given=plan.ruleset.ref)
    if header.variant is not None and header.variant != plan.variant:
        found.add("case.other-plan", fields.get("variant", place), asked=header.variant, given=plan.variant or "")
    for name, version in header.tables.items():
        pinned = plan.pinned.get(name)
        if pinned is not None and pinned.ref.partition("@")[2] != version.text:
            found.add("case.other-plan", version.place, asked=f"{name} {version.text}", given=pinned.ref)


def _or_refuse(value: T | None, found: Found) -> T:
    if value is None:
        raise Refused(found.findings)
    return value

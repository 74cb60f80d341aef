"""What a row of a case names → the assessment it takes from: a case evaluated on the spot, or the file of an assessment."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from guiju.diagnostics.finding import Finding, Found
from guiju.evaluation.describe import describe
from guiju.evaluation.run import Assessment
from guiju.intake.children import Asked, Resolve
from guiju.intake.model import Child, Header
from guiju.places import shown
from guiju.ruleset.shape import schema
from guiju.source.files import read_file
from guiju.source.kinds import kind_of
from guiju.source.node import data
from guiju.source.schema import check

Assess = Callable[[Path, tuple[Path, ...], Found], Assessment | None]  # a case file, and the case files above it
MOST_DEEP = 6  # groups inside groups


def resolver(assess: Assess, above: tuple[Path, ...]) -> Resolve:
    """How the rows of a case find their children. `above` are the cases that are being evaluated, outermost first."""

    def resolve(asked: Asked, head: Header, found: Found) -> Child | None:
        assert head.path is not None, "a case that names files lies in one itself"
        path, chain = head.path.parent / asked.file, (*above, head.path.resolve())
        if not _is_new(path, asked, chain, found):
            return None
        own = Found()
        content = _evaluated(assess(path, chain, own)) if asked.how == "case" else _read(path, own)
        found.extend(_noted(finding, asked) for finding in own.findings if not finding.code.startswith("lint."))
        if content is None:
            return None
        return Child(asked.file, asked.how, hashlib.sha256(path.read_bytes()).hexdigest(), content)

    return resolve


def _is_new(path: Path, asked: Asked, chain: tuple[Path, ...], found: Found) -> bool:
    """Whether the file is there, and none of the cases that wait for it."""
    if not path.is_file():
        found.add("case.child-no-file", asked.place, file=asked.file, path=shown(path))
        return False
    whole = path.resolve()
    if asked.how == "case" and whole in chain:
        way = [*chain[chain.index(whole) :], whole]
        found.add("case.child-circle", asked.place, way=" → ".join(shown(stop) for stop in way))
        return False
    if len(chain) > MOST_DEEP:
        found.add("case.child-deep", asked.place, limit=MOST_DEEP)
        return False
    return True


def _evaluated(assessment: Assessment | None) -> Mapping[str, Any] | None:
    return None if assessment is None else describe(assessment)


def _read(path: Path, found: Found) -> Mapping[str, Any] | None:
    """The data of an assessment's file. JSON is YAML, so its faults are found and shown like those of any other file."""
    before = found.mark()
    node = read_file(path, shown(path), found)
    kind = None if node is None else kind_of(node, path)
    if node is not None and kind not in (None, "assessment"):
        found.add("case.other-kind", node.place, given=kind, wanted="assessment", command="")
    elif node is not None:
        check(node, schema("assessment-1"), found)
    return None if node is None or found.errors_since(before) else cast(Mapping[str, Any], data(node))


def _noted(finding: Finding, asked: Asked) -> Finding:
    """With the row that takes from it."""
    return replace(finding, related=(*finding.related, ("taken-here", asked.place)))

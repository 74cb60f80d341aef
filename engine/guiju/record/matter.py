"""What a package is made from: an assessment, and every file that it was made from, each under its name in the package."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.describe import describe
from guiju.evaluation.run import Assessment
from guiju.record.archive import bad_name
from guiju.record.canonical import canonical
from guiju.ruleset import lock
from guiju.ruleset.model import Identity, PinnedTable

CASES, RULESETS, EVIDENCE, SIGNATURES = "cases/", "rulesets/", "evidence/", "signatures/"
MANIFEST, ASSESSMENT, REGISTER, LOG = "manifest.json", "assessment.json", "evidence.json", "log.jsonl"


@dataclass(frozen=True, slots=True)
class Extras:
    """What comes with it besides: the date that the package bears, the log, and what the report says of itself."""

    date: str | None = None  # None: the last day of the period
    log: bytes | None = None
    said: Mapping[str, str] = field(default_factory=dict)  # goes before what the case says under `report`


@dataclass(frozen=True)
class Matter:
    """One assessment with all its files. Documents of a package are made from this and nothing else."""

    assessment: Assessment
    data: Mapping[str, Any]  # the assessment as data (schema assessment-1)
    main: str  # entry of the case itself
    cases: Mapping[str, bytes]  # entry → file: the case, and what its rows take from
    rulesets: Mapping[str, bytes]  # entry → file: as used, with the versions they extend, external tables, lock
    register: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, bytes] = field(default_factory=dict)
    extras: Extras = Extras()

    @cached_property
    def assessment_json(self) -> bytes:
        """The assessment in canonical form."""
        return canonical(self.data)

    @property
    def date(self) -> str:
        return self.extras.date or str(self.data["case"]["period"]["to"])


def read(
    path: Path, roots: pipeline.Roots, wish: pipeline.Wish, found: Found, inside: Path | None = None
) -> Matter | None:
    """Evaluate a case and gather every file that was used, or None after adding findings. `inside` is a folder that all of
    them must lie in."""
    before, family = found.mark(), pipeline.Family(cached=False)
    assessment = pipeline.assess(path, roots, wish, found, family)
    if assessment is None:
        return None
    data = describe(assessment)
    cases = _cases(path, data)
    if inside is not None and not _all_inside(inside, [*cases, *(file for _, file in _ruleset_files(family))], found):
        return None
    rulesets: dict[str, bytes] = {}
    for entry, file in _ruleset_files(family):
        content = file.read_bytes()
        if rulesets.setdefault(entry, content) != content:
            found.add("record.two-rulesets", None, name=entry)
    rulesets |= _lock(family)
    for name in (*cases.values(), *rulesets):
        if bad_name(name):
            found.add("record.entry-name", None, file=str(path), name=name)
    if found.errors_since(before):
        return None
    return Matter(
        assessment, data, cases[_whole(path)], {name: file.read_bytes() for file, name in cases.items()}, rulesets
    )


def _all_inside(folder: Path, files: Sequence[Path], found: Found) -> bool:
    strangers = [file for file in files if not file.resolve().is_relative_to(folder)]
    for file in strangers:
        found.add("record.outside", None, name=file.as_posix())
    return not strangers


def _whole(path: Path) -> Path:
    """The whole path with its dots taken out; links are left as they are, for children are named beside them."""
    return Path(os.path.normpath(path.absolute()))


def _cases(path: Path, data: Mapping[str, Any]) -> dict[Path, str]:
    """The case and all files that rows name, as they lie to each other below their common folder."""
    files = list(dict.fromkeys([_whole(path), *_children(_whole(path), data)]))
    top = Path(os.path.commonpath([file.parent for file in files]))
    return {file: CASES + PurePosixPath(file.relative_to(top)).as_posix() for file in files}


def _children(path: Path, data: Mapping[str, Any]) -> Iterator[Path]:
    for child in data.get("children", ()):
        how = "case" if "case" in child else "assessment"
        file = _whole(path.parent / child[how])
        yield file
        if how == "case":  # the file of an assessment stands for all below it
            yield from _children(file, child)


def _ruleset_files(family: pipeline.Family) -> Iterator[tuple[str, Path]]:
    """Entry and file of every ruleset used, of the versions they extend, and of their external tables."""
    for ruleset in family.rulesets.values():
        for shown, name in ruleset.identity.files.items():
            yield RULESETS + _home(ruleset.identity, name), Path(shown)
    for table in _tables(family):
        yield RULESETS + table.file, Path(table.node.place.file)


def _home(identity: Identity, name: str) -> str:
    """id/version/file, where a file of a version that is extended is called id@version/file."""
    ref, _, rest = name.partition("/")
    if any(ref == base.ref for base in identity.bases):
        return f"{ref.replace('@', '/', 1)}/{rest}"
    return f"{identity.id}/{identity.version}/{name}"


def _tables(family: pipeline.Family) -> Iterator[PinnedTable]:
    for ruleset in family.rulesets.values():
        yield from ruleset.tables.values()
    for plan in family.plans.values():
        yield from plan.pinned.values()


def _lock(family: pipeline.Family) -> dict[str, bytes]:
    """The lines of the locks that are about what was used: other lines change, and are no business of this package."""
    kept: dict[str, dict[str, str]] = {}
    tables = {table.ref for table in _tables(family)}
    for ruleset in family.rulesets.values():
        root = Path(ruleset.identity.folder).resolve().parent.parent
        used = {ruleset.identity.ref, *(base.ref for base in ruleset.identity.bases)}
        for section, lines in lock.entries(root, Found()).items():
            wanted = {"rulesets": used, "tables": tables}.get(section, set())
            kept.setdefault(section, {}).update({ref: lines[ref] for ref in wanted & set(lines)})
    text = "".join(_section(name, kept[name]) for name in ("rulesets", "tables") if kept.get(name))
    return {f"{RULESETS}{lock.NAME}": text.encode()} if text else {}


def _section(name: str, lines: Mapping[str, str]) -> str:
    return f"{name}:\n" + "".join(f"  {ref}: {lines[ref]}\n" for ref in sorted(lines))

"""A package → whether it is what it says: everything evaluated again from the package alone, and compared."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import guiju
from guiju import pipeline
from guiju.diagnostics.finding import Finding, Found, Place
from guiju.diagnostics.words import severity
from guiju.places import shown
from guiju.record import archive, crate, documents, evidence, log, matter, package, signing
from guiju.record.canonical import NotCanonical, digest, read
from guiju.record.compare import first_difference
from guiju.record.matter import (
    ASSESSMENT,
    CASES,
    EVIDENCE,
    LOG,
    MANIFEST,
    REGISTER,
    RULESETS,
    SIGNATURES,
    Extras,
    Matter,
)
from guiju.ruleset.locate import is_day
from guiju.source.collector import left_alone

Entries = Mapping[str, bytes]
_MANIFEST = {
    "package": int,
    "engine": dict,
    "ruleset": str,
    "case": str,
    "date": str,
    "libraries": dict,
    "entries": dict,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a package is held against: a public key by which it must be signed, a head of its log; slow documents too."""

    key: bytes | None = None
    head: str | None = None
    slow: bool = False


@dataclass(frozen=True, slots=True)
class Verified:
    """A package that is what it says."""

    manifest: str  # its hash: what a signature is over
    ruleset: str
    case: str
    result: str | None
    entries: int
    values: int
    by_hash: tuple[str, ...]  # documents that were not made again
    signatures: tuple[signing.Signature, ...]
    log: log.Log | None


def verify_file(path: Path, asked: Asked, found: Found) -> Verified | None:
    """Check a package file. The first thing that differs is an error."""
    entries = archive.read_package(path, found)
    return None if entries is None else verify(entries, asked, found)


def verify(entries: Entries, asked: Asked, found: Found) -> Verified | None:
    """Check the entries of a package, or None after adding what is wrong: form, hashes, signatures, log, then the numbers."""
    with left_alone():
        return _verify(entries, asked, found)


def _verify(entries: Entries, asked: Asked, found: Found) -> Verified | None:
    before = found.mark()
    manifest = read_manifest(entries, found)
    if manifest is None:
        return None
    signatures = signing.check(entries, asked.key, found)
    chain = _log(entries, asked, found)
    if found.errors_since(before):
        return None
    made = _again(entries, manifest, asked, found)
    if made is None or found.errors_since(before):
        return None
    again, names = made
    return Verified(
        manifest=digest(entries[MANIFEST]),
        ruleset=manifest["ruleset"],
        case=str(again.data["case"]["id"]),
        result=None if again.data["grade"] is None else again.data["grade"]["result"],
        entries=len(manifest["entries"]),
        values=sum(len(node["rows"]) if "rows" in node else 1 for node in again.data["nodes"].values()),
        by_hash=names,
        signatures=tuple(signatures),
        log=chain,
    )


def read_manifest(entries: Entries, found: Found) -> dict[str, Any] | None:
    """The manifest, once every entry is what it says; None after the first thing that is not."""
    if MANIFEST not in entries:
        found.add("record.missing-entry", None, name=MANIFEST)
        return None
    manifest: dict[str, Any] | None = _json(MANIFEST, entries, found)
    if manifest is None:
        return None
    if not _is_manifest(manifest):
        found.add("record.manifest", None)
        return None
    if manifest["package"] != package.FORMAT:
        found.add("record.newer-format", None, given=manifest["package"], known=package.FORMAT)
        return None
    listed = manifest["entries"]
    for name in sorted({*listed, *(each for each in entries if not each.startswith(SIGNATURES))} - {MANIFEST}):
        if name not in entries:
            found.add("record.missing-entry", None, name=name)
        elif name not in listed:
            found.add("record.unlisted-entry", None, name=name)
        elif listed[name] != {"sha256": digest(entries[name]), "size": len(entries[name])}:
            found.add("record.entry-changed", None, name=name, actual=digest(entries[name]))
        else:
            continue
        return None
    return manifest


def _is_manifest(manifest: Any) -> bool:
    if not isinstance(manifest, dict) or not all(
        isinstance(manifest.get(name), kind) for name, kind in _MANIFEST.items()
    ):
        return False
    entries = all(isinstance(entry, dict) for entry in manifest["entries"].values())
    return entries and is_day(manifest["date"]) and _is_said(manifest.get("report", {}))


def _is_said(report: Any) -> bool:
    """Whether it is what `pack` keeps of its options: lines of text, and a day."""
    if not isinstance(report, dict) or not set(report) <= {"client", "assessor", "date", "number"}:
        return False
    lines = all(isinstance(text, str) and text.strip() and text.isprintable() for text in report.values())
    return lines and ("date" not in report or is_day(report["date"]))


def _json(name: str, entries: Entries, found: Found) -> Any:
    try:
        return read(entries[name])
    except NotCanonical:
        found.add("record.entry-form", None, name=name)
    except KeyError:
        found.add("record.missing-entry", None, name=name)
    return None


def _log(entries: Entries, asked: Asked, found: Found) -> log.Log | None:
    if LOG in entries:
        return log.check(entries[LOG], LOG, found, head=asked.head)
    if asked.head is not None:
        found.add("record.missing-entry", None, name=LOG)
    return None


def _again(
    entries: Entries, manifest: Mapping[str, Any], asked: Asked, found: Found
) -> tuple[Matter, tuple[str, ...]] | None:
    """Everything made once more, and compared. The documents that were held by their hash only are named."""
    register = _json(REGISTER, entries, found)
    if register is None:
        return None
    if not _is_register(register):
        found.add("record.entry-form", None, name=REGISTER)
        return None
    again = _evaluated(entries, manifest, found)
    if again is None:
        return None
    files = {name: content for name, content in entries.items() if name.startswith(EVIDENCE)}
    again = evidence.packed(again, register, files, found)
    again = replace(again, extras=_extras(entries, manifest))
    return _compared(again, entries, manifest, asked, found)


def _extras(entries: Entries, manifest: Mapping[str, Any]) -> Extras:
    return Extras(manifest["date"], entries.get(LOG), manifest.get("report", {}))


def _is_register(register: Any) -> bool:
    """Whether hashes can be read out of it; all else in it is made again."""
    if not isinstance(register, dict) or register.get("kept") not in ("files", "hashes", "named"):
        return False
    items = register.get("items")
    return isinstance(items, list) and all(
        isinstance(item, dict) and {"case", "id", "sha256", "size"} <= set(item) and isinstance(item["case"], str)
        and isinstance(item["id"], str) for item in items
    )  # fmt: skip


def _evaluated(entries: Entries, manifest: Mapping[str, Any], found: Found) -> Matter | None:
    """The case evaluated in a folder that holds nothing but the rulesets and cases of the package."""
    with tempfile.TemporaryDirectory(prefix="guiju-") as place:
        folder = Path(place).resolve()
        for name, content in entries.items():
            if name.startswith((CASES, RULESETS)):
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content)
        ref = folder / RULESETS / manifest["ruleset"].replace("@", "/", 1)
        wish, own = pipeline.Wish(str(ref), manifest.get("variant")), Found()
        again = None
        if manifest["case"] in entries and not archive.bad_name(manifest["ruleset"].replace("@", "/", 1)):
            again = matter.read(folder / manifest["case"], [folder / RULESETS], wish, own, inside=folder)
        if again is None:
            found.add("record.not-evaluated", None, name=manifest["case"], ref=manifest["ruleset"])
            wrong = [each for each in own.findings if (each.severity or severity(each.code)) == "error"]
            found.extend(_of_package(each, folder) for each in wrong)
        return again


def _of_package(finding: Finding, folder: Path) -> Finding:
    """The finding with entries of the package in place of files of the folder into which they were laid."""
    beginnings = [f"{name}/" for name in dict.fromkeys((folder.as_posix(), shown(folder), str(folder)))]

    def entry(text: str) -> str:
        for beginning in beginnings:
            text = text.replace(beginning, "")
        return text

    def at(place: Place) -> Place:
        return replace(place, file=entry(place.file))

    return replace(
        finding,
        place=None if finding.place is None else at(finding.place),
        facts=tuple((name, entry(text)) for name, text in finding.facts),
        related=tuple((what, at(place)) for what, place in finding.related),
    )


def _compared(
    again: Matter, entries: Entries, manifest: Mapping[str, Any], asked: Asked, found: Found
) -> tuple[Matter, tuple[str, ...]] | None:
    """The assessment, then every other entry byte by byte."""
    given = manifest["engine"]
    same_engine = given == again.data["engine"]
    if not same_engine:
        found.add("record.other-engine", None, given=given.get("version", "?"), known=guiju.__version__)
        again = replace(again, data={**again.data, "engine": given})
    if not _same_assessment(entries, again, found):
        return None
    facts = package.manifest(again, {}, {})
    said, computed = (_without(each, "entries", "libraries") for each in (manifest, facts))
    if not _same_data(MANIFEST, said, computed, found):
        return None
    sources = {**again.cases, **again.rulesets, **again.evidence}
    for name in sorted(entries):
        if name.startswith((CASES, RULESETS, EVIDENCE)) and name not in sources:
            found.add("record.unused-entry", None, name=name)
            return None
    made, remade, own = {**sources, ASSESSMENT: entries[ASSESSMENT]}, set[str](), Found()
    slow = documents.slow_entries()
    if same_engine:
        kept = package.Kept({name: entries[name] for name in slow if name in entries}, manifest["libraries"])
        chosen = documents.chosen(slow=asked.slow, among=entries)
        chosen = tuple(name for name in chosen if documents.same_libraries(name, kept.libraries, own))
        made = package.compose(again, own, kept, chosen)
        left_out = {dict(finding.facts)["name"] for finding in own.findings}
        remade = documents.entries_of([name for name in chosen if name not in left_out])
        found.extend(own)
    if not _same_bytes(made, entries, found):
        return None
    by_hash = [name for name in entries if name not in made or (name in slow and name not in remade)]
    return again, tuple(sorted(name for name in by_hash if not name.startswith(SIGNATURES) and name != MANIFEST))


def _without(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in data.items() if name not in names}


def _same_assessment(entries: Entries, again: Matter, found: Found) -> bool:
    """Bytes first: only where they differ are the values looked at one by one, to name the first that does."""
    if entries.get(ASSESSMENT) == again.assessment_json:
        return True
    packed = _json(ASSESSMENT, entries, found)
    if packed is not None and _same_data(ASSESSMENT, packed, again.data, found):
        found.add("record.document-differs", None, name=ASSESSMENT)
    return False


def _same_bytes(made: Entries, entries: Entries, found: Found) -> bool:
    for name in sorted(
        made, key=lambda name: (name in (MANIFEST, crate.NAME), name)
    ):  # these two follow from the others
        if name not in entries:
            found.add("record.missing-entry", None, name=name)
            return False
        if entries[name] != made[name]:
            both = [_data(content) for content in (entries[name], made[name])]
            if None in both or _same_data(name, both[0], both[1], found):
                found.add("record.document-differs", None, name=name)
            return False
    return True


def _same_data(name: str, packed: Any, computed: Any, found: Found) -> bool:
    difference = first_difference(packed, computed)
    if difference is not None:
        facts: dict[str, Any] = {
            "where": difference.where,
            "packed": difference.packed,
            "computed": difference.computed,
        }
        found.add("record.differs", None, name=name, **facts)
    return difference is None


def _data(content: bytes) -> Any:
    try:
        return read(content)
    except NotCanonical:
        return None

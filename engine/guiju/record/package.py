"""Matter → the entries of a package: documents, manifest, and the bytes of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from guiju.diagnostics.finding import Found
from guiju.record import crate, documents
from guiju.record.canonical import canonical, digest
from guiju.record.matter import ASSESSMENT, LOG, MANIFEST, REGISTER, SIGNATURES, Matter

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """Documents that are taken as they are, and the libraries that they were made by."""

    entries: Mapping[str, bytes] = field(default_factory=dict)
    libraries: Mapping[str, str] = field(default_factory=dict)


def compose(matter: Matter, found: Found, kept: Kept, made: Sequence[str]) -> dict[str, bytes]:
    """All entries but signatures. `made` are the documents to make."""
    entries = {**kept.entries, **matter.rulesets, **matter.cases, **matter.evidence}
    entries[ASSESSMENT] = matter.assessment_json
    entries[REGISTER] = canonical(matter.register)
    if matter.extras.log is not None:
        entries[LOG] = matter.extras.log
    new = documents.make(matter, made, found)
    entries |= new
    entries[crate.NAME] = crate.crate(matter, entries)
    entries[MANIFEST] = canonical(manifest(matter, entries, {**kept.libraries, **documents.libraries(new)}))
    return entries


def manifest(matter: Matter, entries: Mapping[str, bytes], libraries: Mapping[str, str]) -> dict[str, Any]:
    """What lies in the package, by hash and size, and what it was made by."""
    data = matter.data
    ruleset = data["ruleset"]
    return {
        "package": FORMAT,
        "engine": data["engine"],
        "ruleset": f"{ruleset['id']}@{ruleset['version']}",
        "variant": ruleset["variant"],
        "fingerprint": ruleset["fingerprint"],
        "extends": ruleset.get("extends", []),
        "tables": ruleset["tables"],
        "case": matter.main,
        "date": matter.date,
        **({"report": dict(matter.extras.said)} if matter.extras.said else {}),
        "libraries": libraries,
        "entries": {
            name: {"sha256": digest(content), "size": len(content)}
            for name, content in entries.items()
            if name != MANIFEST and not name.startswith(SIGNATURES)
        },
    }

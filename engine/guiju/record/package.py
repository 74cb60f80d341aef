"""Matter → the entries of a package: documents, manifest, and the bytes of the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from guiju.diagnostics.finding import Found
from guiju.record import crate, documents
from guiju.record.canonical import canonical, digest
from guiju.record.matter import ASSESSMENT, LOG, MANIFEST, REGISTER, SIGNATURES, Matter

FORMAT = 1


def compose(matter: Matter, found: Found, kept: Mapping[str, bytes], made: Sequence[str]) -> dict[str, bytes]:
    """All entries but signatures. `made` are the documents to make, `kept` entries of others, taken as they are."""
    entries = {**kept, **matter.rulesets, **matter.cases, **matter.evidence}
    entries[ASSESSMENT] = matter.assessment_json
    entries[REGISTER] = canonical(matter.register)
    if matter.extras.log is not None:
        entries[LOG] = matter.extras.log
    entries |= documents.make(matter, made, found)
    entries[crate.NAME] = crate.crate(matter, entries)
    entries[MANIFEST] = canonical(manifest(matter, entries))
    return entries


def manifest(matter: Matter, entries: Mapping[str, bytes]) -> dict[str, Any]:
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
        "entries": {
            name: {"sha256": digest(content), "size": len(content)}
            for name, content in entries.items()
            if name != MANIFEST and not name.startswith(SIGNATURES)
        },
    }

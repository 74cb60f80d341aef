"""ro-crate-metadata.json: the package described as an RO-Crate 1.1 (https://w3id.org/ro/crate/1.1)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guiju.record.canonical import canonical, digest
from guiju.record.matter import MANIFEST, Matter

NAME = "ro-crate-metadata.json"
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", {"sha256": "https://schema.org/sha256"}]
FORMATS = {
    "json": "application/json", "jsonl": "application/jsonl", "yaml": "application/yaml", "yml": "application/yaml",
    "txt": "text/plain", "py": "text/x-python", "html": "text/html", "pdf": "application/pdf", "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "svg": "image/svg+xml", "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "jpg": "image/jpeg",
}  # fmt: skip
RIGHTS = "None granted by this package: the files belong to those who made them."


def crate(matter: Matter, entries: Mapping[str, bytes]) -> bytes:
    """The description of all entries. The manifest, which holds the hash of this file, stands in it without its own."""
    data = matter.data
    title, ruleset = data["case"]["title"], data["ruleset"]
    files = [{**_file(name, content), "sha256": digest(content)} for name, content in sorted(entries.items())]
    files.append({"@id": MANIFEST, "@type": "File", "name": MANIFEST, "encodingFormat": FORMATS["json"]})
    engine = {"@id": "#guiju", "@type": "SoftwareApplication", "name": "guiju", "version": data["engine"]["version"]}
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{title['zh']} · {title['en']}",
        "description": f"Assessment of {data['case']['id']} by {ruleset['id']}@{ruleset['version']} with all its files",
        "datePublished": matter.date,
        "license": {"@id": "#rights"},
        "hasPart": [{"@id": file["@id"]} for file in files],
        "mentions": [{"@id": "#evaluation"}],
    }
    action = {
        "@id": "#evaluation",
        "@type": "CreateAction",
        "name": "evaluation",
        "instrument": {"@id": "#guiju"},
        "object": [{"@id": _id(name)} for name in sorted({*matter.cases, *matter.rulesets})],
        "result": [{"@id": "assessment.json"}],
    }
    rights = {"@id": "#rights", "@type": "CreativeWork", "name": "Rights", "description": RIGHTS}
    about: dict[str, Any] = {
        "@id": NAME,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
    }
    return canonical({"@context": CONTEXT, "@graph": [about, root, *files, action, engine, rights]})


def _file(name: str, content: bytes) -> dict[str, Any]:
    kind = FORMATS.get(name.rpartition(".")[2].lower(), "application/octet-stream")
    return {"@id": _id(name), "@type": "File", "name": name, "encodingFormat": kind, "contentSize": str(len(content))}


def _id(name: str) -> str:
    """The name as a relative IRI: blanks and the signs that mean something in one are written as %xx."""
    return "".join(sign if sign not in " %#?[]{}^`" else f"%{ord(sign):02X}" for sign in name)

"""The documents of a case and a folder of files → a register: which file proves what, which changed, which values lack proof."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Literal

from guiju.diagnostics.finding import Found
from guiju.intake.model import Case, Given
from guiju.intake.values import key_text
from guiju.plan.model import Plan
from guiju.ruleset.fields import Fields
from guiju.ruleset.model import Input
from guiju.source.yaml_write import key

State = Literal["same", "new", "changed", "missing", "refused", "no_file"]


@dataclass(frozen=True, slots=True)
class Document:
    """One entry of the case's evidence, and its file as it was found."""

    id: str
    said: Mapping[str, Any]  # as the case has it
    state: State
    found: str | None  # SHA-256 of the file
    proves: tuple[str, ...]  # nodes, rows as collection.column[key]


@dataclass(frozen=True, slots=True)
class Unproven:
    """A value that was handed in without all kinds of evidence that the ruleset asks for."""

    node: str
    row: str | None
    lacking: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.node if self.row is None else f"{self.node}[{self.row}]"


@dataclass(frozen=True, slots=True)
class Proof:
    """How many values need evidence, and those of them that lack some."""

    needed: int
    unproven: tuple[Unproven, ...]

    @property
    def there(self) -> int:
        return self.needed - len(self.unproven)


@dataclass(frozen=True, slots=True)
class Register:
    """All documents, the files that none of them names, the values that lack proof."""

    case: str
    documents: tuple[Document, ...]
    unlisted: tuple[str, ...]
    unproven: tuple[Unproven, ...]


def register(case: Case, plan: Plan, folder: Path, found: Found) -> Register:
    """The register; findings `case.evidence-changed`, `case.evidence-missing`, `case.evidence-path`."""
    proves: dict[str, list[str]] = {}
    for node, row, _, given in _values(case, plan):
        for name in given.evidence:
            proves.setdefault(name, []).append(node if row is None else f"{node}[{row}]")
    documents = tuple(
        _document(name, case, fields, folder, tuple(proves.get(name, ())), found)
        for name, fields, _ in Fields(case.header.node).entries("evidence")
    )
    named = {PurePosixPath(str(each.said["file"])).as_posix() for each in documents if "file" in each.said}
    there = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    unlisted = tuple(
        name for name in there if name not in named and not any(part[0] == "." for part in name.split("/"))
    )
    return Register(case.header.id, documents, unlisted, proof(case, plan).unproven)


def proof(case: Case, plan: Plan) -> Proof:
    """Every value that needs evidence. What is unknown, a default, or another assessment's needs none here; a level whose
    evidence goes with what is claimed is told of by itself."""
    kinds = {name: str(entry["kind"]) for name, entry in case.evidence.items()}
    needed, listed = 0, []
    for node, row, item, given in _values(case, plan):
        if not item.evidence or given.value is None or given.child is not None:
            continue
        needed += 1
        there = {kinds[name] for name in given.evidence}
        lacking = tuple(kind for kind in item.evidence if kind not in there)
        if lacking:
            listed.append(Unproven(node, row, lacking))
    return Proof(needed, tuple(listed))


def _values(case: Case, plan: Plan) -> Iterator[tuple[str, str | None, Input, Given]]:
    """Every value that was handed in: its node, the key of its row, what asks for it."""
    for name, item in plan.inputs.items():
        if name in case.inputs:
            yield name, None, item, case.inputs[name]
    for name, collection in plan.collections.items():
        for row in case.collections.get(name) or ():
            for column, item in collection.columns.items():
                if column in row:
                    yield f"{name}.{column}", key_text(collection, row), item, row[column]


def _document(name: str, case: Case, fields: Fields, folder: Path, proves: tuple[str, ...], found: Found) -> Document:
    said, file = case.evidence[name], fields.text("file")
    if file is None:
        return Document(name, said, "no_file", None, proves)
    place, path = fields.map["file"].place, inside(folder, file)
    if path is None:
        found.add("case.evidence-path", place, evidence=name, file=file)
        return Document(name, said, "refused", None, proves)
    there, known = _sha256_of_file(path), fields.text("sha256")
    if there is None:
        found.add("case.evidence-missing", place, evidence=name, file=file)
        return Document(name, said, "missing", None, proves)
    if known is not None and known != there:
        found.add(
            "case.evidence-changed", fields.map["sha256"].place, evidence=name, file=file, said=known, there=there
        )
    return Document(name, said, "new" if known is None else "same" if known == there else "changed", there, proves)


def _sha256_of_file(path: Path) -> str | None:
    """None where there is no file, or none that can be read."""
    try:
        return sha256(path) if path.is_file() else None
    except OSError:
        return None


def inside(folder: Path, name: str) -> Path | None:
    """The file below the folder; None for a path that leads out of it, also by a link, or in a circle."""
    pure = PurePosixPath(name)
    if "\\" in name or ":" in name or "\0" in name or pure.is_absolute() or ".." in pure.parts:
        return None
    path = folder / pure
    try:
        return path if path.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, RuntimeError):  # RuntimeError: links in a circle
        return None


def sha256(path: Path) -> str:
    """Of the bytes of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        for piece in iter(lambda: stream.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def as_data(made: Register) -> dict[str, Any]:
    """For programs."""
    documents = [
        {"id": each.id, **each.said, "state": each.state, "found": each.found, "proves": list(each.proves)}
        for each in made.documents
    ]
    lacking = [{"value": each.name, "lacking": list(each.lacking)} for each in made.unproven]
    return {"case": made.case, "documents": documents, "unlisted": list(made.unlisted), "unproven": lacking}


def as_yaml(made: Register) -> str:
    """The section `evidence` of the case with SHA-256 filled in where the case had none. What changed keeps its old one."""
    lines = [
        f"# 证据登记 · Register of evidence: {made.case}",
        "# 可代替评估数据中的 evidence 一节。 · To be put into the case in place of its section evidence.",
        "evidence:" if made.documents else "evidence: {}",
    ]
    for each in made.documents:
        said = {**each.said, **({"sha256": each.found} if each.state == "new" else {})}
        lines += [f"  {key(each.id)}:", *(f"    {name}: {_flow(said[name])}" for name in _ORDER if name in said)]
        if each.state in ("changed", "missing", "refused"):
            lines.append(f"    # {each.state}" + (f": {each.found}" if each.found else ""))
        lines.append(f"    # proves: {', '.join(each.proves).replace(chr(10), ' ') or '-'}")
    return "\n".join(lines) + "\n"


_ORDER = ("kind", "title", "file", "sha256", "origin", "date", "page", "note")


def _flow(value: Any) -> str:
    """A value as YAML on one line; text always quoted."""
    if isinstance(value, Mapping):
        if set(value) == {"zh", "en"} and value["zh"] == value["en"]:
            return _flow(value["zh"])  # one text for both languages
        return "{" + ", ".join(f"{name}: {_flow(item)}" for name, item in value.items()) + "}"
    return json.dumps(str(value), ensure_ascii=False)


def counts(documents: Sequence[Document]) -> dict[State, int]:
    """How many are in each state, in a fixed order."""
    order: tuple[State, ...] = ("same", "new", "changed", "missing", "refused", "no_file")
    return {state: sum(each.state == state for each in documents) for state in order}

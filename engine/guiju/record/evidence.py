"""The register of evidence in a package: every document that the cases name, its hash, and which values it proves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

from guiju.diagnostics.finding import Found
from guiju.intake.evidence import inside, proof
from guiju.intake.values import key_text
from guiju.places import shown
from guiju.record.archive import bad_name
from guiju.record.canonical import digest
from guiju.record.matter import EVIDENCE, Matter
from guiju.ruleset.fields import titled
from guiju.source.node import Node, data, is_list, is_map
from guiju.source.yaml_text import read_text

Kept = Literal["files", "hashes", "named"]  # in the package; hashed only; as the case names them
LARGEST = 400_000_000


@dataclass(frozen=True, slots=True)
class Document:
    """One entry of a case's evidence, and, where its file was seen, what it is."""

    case: str
    id: str
    said: Mapping[str, Any]
    proves: tuple[str, ...]
    sha256: str | None = None
    size: int | None = None

    @property
    def file(self) -> str | None:
        return None if "file" not in self.said else str(self.said["file"])


def documents(matter: Matter) -> Iterator[Document]:
    """Every document that the case files name, in the order of the files."""
    for entry in sorted(matter.cases):
        node = _read(entry, matter)
        if node is None or not is_map(node):
            continue
        fields = cast(Mapping[str, Node], node.value)
        proved = list(_proofs(fields))
        evidence = fields.get("evidence")
        for name, item in cast(Mapping[str, Node], evidence.value).items() if evidence is not None else ():
            values = tuple(value for value, ids in proved if name in ids)
            yield Document(entry, name, titled(cast(Mapping[str, Any], data(item)), "title"), values)


def _read(entry: str, matter: Matter) -> Node | None:
    """A case file once more; the case itself was read already."""
    if entry == matter.main:
        return matter.assessment.case.header.node
    if not entry.endswith((".yaml", ".yml")):
        return None
    return read_text(matter.cases[entry].decode("utf-8-sig"), entry, Found())


def _proofs(fields: Mapping[str, Node]) -> Iterator[tuple[str, list[str]]]:
    """Every value that names evidence: an input by its name, a cell of a collection as fuels[2].mass (the second row)."""
    inputs = fields.get("inputs")
    for name, node in _fields(inputs):
        yield name, _named(node)
    for collection, rows in _fields(fields.get("collections")):
        for number, row in enumerate(cast(tuple[Node, ...], rows.value or ()) if is_list(rows) else (), 1):
            for column, node in _fields(row):
                yield f"{collection}[{number}].{column}", _named(node)


def _fields(node: Node | None) -> Iterator[tuple[str, Node]]:
    if node is not None and is_map(node):
        yield from cast(Mapping[str, Node], node.value).items()


def _named(node: Node) -> list[str]:
    fields = dict(_fields(node))
    return [str(name) for name in data(fields["evidence"])] if "evidence" in fields else []


def with_evidence(matter: Matter, folder: Path | None, kept: Kept, found: Found) -> Matter | None:
    """The matter with its register and, where files are kept, the files. Without a folder nothing is looked at."""
    before, files, listed = found.mark(), dict[str, bytes](), []
    for document in documents(matter):
        content = None if folder is None or document.file is None else _content(document, folder, found)
        if content is not None:
            document = replace(document, sha256=digest(content), size=len(content))
            files[EVIDENCE + str(document.file)] = content
        listed.append(document)
    if folder is not None:
        _strangers(folder, {document.file for document in listed}, found)
    if found.errors_since(before):
        return None
    return replace(matter, register=register(matter, listed, kept), evidence=files if kept == "files" else {})


def _content(document: Document, folder: Path, found: Found) -> bytes | None:
    name = str(document.file)
    facts: dict[str, Any] = {"case": document.case, "id": document.id, "name": name}
    path = inside(folder, name)
    if bad_name(name) or path is None:
        found.add("record.evidence-path", None, **facts)
        return None
    try:
        if path.exists() and not path.is_file():
            raise IsADirectoryError(name)  # or a pipe, which could give bytes for ever
        with path.open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError:
        found.add("record.evidence-missing", None, **facts, folder=shown(folder))
        return None
    if len(content) > LARGEST:
        found.add("record.too-large", None, file=name, limit=LARGEST // 1_000_000)
        return None
    _same(document, digest(content), found)
    return content


def _same(document: Document, actual: str, found: Found) -> None:
    """A hash that the case says must be that of the file."""
    said = document.said.get("sha256")
    if said not in (None, actual):
        found.add(
            "record.evidence-changed",
            None,
            case=document.case,
            id=document.id,
            name=str(document.file),
            said=said,
            actual=actual,
        )


def _strangers(folder: Path, known: set[str | None], found: Found) -> None:
    """Files that no case names prove nothing, and are left out."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if (
            path.is_file()
            and name not in known
            and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        ):
            found.add("record.evidence-unnamed", None, name=name, folder=shown(folder))


def packed(matter: Matter, packed_register: Mapping[str, Any], files: Mapping[str, bytes], found: Found) -> Matter:
    """The matter with the register made again from a package: hashes of files that lie in it, else as they were noted."""
    kept = packed_register["kept"]
    noted = {(item["case"], item["id"]): item for item in packed_register["items"]}
    listed, used = [], dict[str, bytes]()
    for document in documents(matter):
        content = files.get(EVIDENCE + str(document.file)) if kept == "files" else None
        if content is not None:
            document = replace(document, sha256=digest(content), size=len(content))
            used[EVIDENCE + str(document.file)] = content
        elif kept == "hashes" and (item := noted.get((document.case, document.id))) is not None:
            document = replace(document, sha256=item["sha256"], size=item["size"])
        if document.sha256 is not None and document.file is not None:
            _same(document, document.sha256, found)
        listed.append(document)
    return replace(matter, register=register(matter, listed, kept), evidence=used)


def register(matter: Matter, listed: list[Document], kept: Kept) -> dict[str, Any]:
    """The register as data, for evidence.json."""
    return {
        "evidence": 1,
        "kept": kept,
        "items": [
            {
                "case": each.case,
                "id": each.id,
                "said": _texts(each.said),
                "proves": list(each.proves),
                "sha256": each.sha256 or each.said.get("sha256"),
                "size": each.size,
                "entry": f"{EVIDENCE}{each.file}" if kept == "files" and each.sha256 is not None else None,
            }
            for each in listed
        ],
        "unproved": list(_unproved(matter)),
    }


def _texts(value: Any) -> Any:
    """Free data with its numbers as text."""
    if isinstance(value, Mapping):
        return {key: _texts(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_texts(item) for item in value]
    return value if isinstance(value, (str, bool)) or value is None else str(value)


def _unproved(matter: Matter) -> Iterator[dict[str, Any]]:
    """Values of the case itself without all kinds of evidence that the ruleset asks for, by the rule of `guiju evidence`."""
    plan, case = matter.assessment.plan, matter.assessment.case
    places: dict[tuple[str, str | None], str] = {}
    for name, rows in case.collections.items():
        for number, row in enumerate(rows or (), 1):
            key = key_text(plan.collections[name], row)
            places |= {(f"{name}.{column}", key): f"{name}[{number}].{column}" for column in row}
    for each in proof(case, plan).unproven:
        yield {"value": places.get((each.node, each.row), each.node), "wanted": list(each.lacking)}

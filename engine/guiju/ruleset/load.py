"""Folder of YAML → Ruleset: read every file, check it against the schema, merge the sections, take the fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.places import shown
from guiju.ruleset import comments, inherit, lock
from guiju.ruleset.locate import is_day
from guiju.ruleset.model import Base, Identity, PinnedTable, Ruleset, Words
from guiju.ruleset.shape import schema
from guiju.source.files import read_file
from guiju.source.node import Node, data, is_list, is_map
from guiju.source.schema import check

IDENTITY = (
    "format",
    "id",
    "version",
    "title",
    "publisher",
    "status",
    "issued",
    "effective",
    "withdrawn",
    "supersedes",
    "extends",
)
MUST_HAVE = ("format", "id", "version", "title", "status")
FORMAT = 1
DEPTH = {"revise": 2}  # action, section: several files may revise the same section


def files_of(folder: Path) -> list[Path]:
    """The files that are the ruleset: its own folder and variants/. tests/ and cases/ are not part of it."""
    return sorted([*folder.glob("*.yaml"), *folder.glob("variants/*.yaml")])


def fingerprint(paths: Iterable[Path], folder: Path, base: Base | None = None) -> str:
    """SHA-256 over names and contents, with line ends unified, so that a checkout on any system gives the same.

    The version that is extended counts with its own fingerprint, in a last line.
    """
    total = hashlib.sha256()
    for path in sorted(paths, key=lambda p: p.relative_to(folder).as_posix()):
        content = hashlib.sha256(path.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
        total.update(f"{path.relative_to(folder).as_posix()} {content}\n".encode())
    if base is not None:
        total.update(f"extends {base.ref} {base.fingerprint}\n".encode())
    return f"sha256:{total.hexdigest()}"


def load(folder: Path, found: Found, way: tuple[str, ...] = ()) -> Ruleset | None:
    """The ruleset in a folder, or None after adding findings. `way` names the versions that extend this one."""
    before = found.mark()
    paths = files_of(folder)
    here = Place(shown(folder), 1, 1)
    if not paths:
        found.add("ruleset.no-files", here, folder=shown(folder))
        return None
    nodes = [node for path in paths if (node := _read(path, "ruleset-1", found)) is not None]
    if found.errors_since(before):
        return None
    own = merge(nodes, found)
    identity = {key: node for key, node in _entries(own).items() if key in IDENTITY}
    main = folder / "ruleset.yaml"
    _identity(identity, Place(shown(main), 1, 1) if main in paths else here, found)
    if found.errors_since(before) or not _at_home(identity, folder, bool(way), found):
        return None
    base = _base(own, folder, way, found)
    if found.errors_since(before):
        return None
    ruleset = _ruleset(own, base, folder, paths, found)
    comments.check(ruleset, base, found)
    lock.check(ruleset, folder, found)
    return None if found.errors_since(before) else ruleset


def _base(own: Node, folder: Path, way: tuple[str, ...], found: Found) -> Ruleset | None:
    """The version that is extended, loaded like any other, where there is one."""
    entries = _entries(own)
    if "extends" not in entries:
        inherit.check_alone(own, found)
        return None
    way = (*way, f"{entries['id'].value}@{entries['version'].value}")
    there = inherit.find(entries["extends"], folder, way, found)
    base = None if there is None else load(there, found, way)
    if base is not None:
        inherit.check_status(entries["status"], entries["extends"], base, found)
    return base


def _at_home(identity: Mapping[str, Node], folder: Path, extended: bool, found: Found) -> bool:
    """Below a folder `rulesets`, and where another extends it, a version must be what its folders say it is."""
    real = folder.resolve()
    wanted, ref = f"{real.parent.name}@{real.name}", f"{identity['id'].value}@{identity['version'].value}"
    housed = extended or real.parent.parent.name == "rulesets" or (real.parent.parent / lock.NAME).is_file()
    if wanted == ref or not housed:
        return True
    found.add("ruleset.wrong-folder", identity["version"].place, folder=wanted, ref=ref)
    return False


def _read(path: Path, schema_name: str, found: Found) -> Node | None:
    before = found.mark()
    node = read_file(path, shown(path), found)
    if node is not None:
        check(node, schema(schema_name), found)
    return None if node is None or found.errors_since(before) else node


def _entries(node: Node) -> Mapping[str, Node]:
    return cast(Mapping[str, Node], node.value)


def merge(nodes: list[Node], found: Found) -> Node:
    """One map from several files: sections are joined entry by entry, everything may be said once only."""
    result: dict[str, Node] = {}
    keys: dict[str, Place] = {}
    for node in nodes:
        for key, value in _entries(node).items():
            if key not in result:
                result[key], keys[key] = value, node.keys[key]
            elif key in IDENTITY or key == "grade" or not (is_map(value) and is_map(result[key])):
                found.add("ruleset.said-twice", node.keys[key], related=(("first", keys[key]),), name=key)
            else:
                result[key] = _join(result[key], value, DEPTH.get(key, 0), found)
    return Node(result, nodes[0].place, "", keys, "")


def _join(first: Node, second: Node, depth: int, found: Found) -> Node:
    """Two maps as one. Down to `depth` maps are joined in their turn, and lists one after the other."""
    entries, keys = dict(_entries(first)), dict(first.keys)
    for key, value in _entries(second).items():
        if key not in entries:
            entries[key], keys[key] = value, second.keys[key]
        elif depth and is_map(value) and is_map(entries[key]):
            entries[key] = _join(entries[key], value, depth - 1, found)
        elif depth and is_list(value) and is_list(entries[key]):
            entries[key] = replace(entries[key], value=(*_items(entries[key]), *_items(value)))
        else:
            found.add("ruleset.said-twice", second.keys[key], related=(("first", keys[key]),), name=key)
    return Node(entries, first.place, "", keys, "")


def _items(node: Node) -> tuple[Node, ...]:
    return cast(tuple[Node, ...], node.value)


def _identity(identity: Mapping[str, Node], here: Place, found: Found) -> None:
    for name in MUST_HAVE:
        if name not in identity:
            found.add("ruleset.no-identity", here, name=name)
    if "format" in identity and identity["format"].value != FORMAT:
        found.add("ruleset.format", identity["format"].place, given=identity["format"].text, known=FORMAT)
    status = identity["status"].value if "status" in identity else None
    if status == "draft" and "effective" in identity:
        found.add("ruleset.draft-effective", identity["effective"].place)
    if status not in (None, "draft") and not {"issued", "effective"} <= set(identity):
        found.add("ruleset.no-dates", identity["status"].place, status=status)
    dates = [identity[name] for name in ("issued", "effective", "withdrawn") if name in identity]
    for node in dates:
        if not is_day(str(node.value)):
            found.add("ruleset.date", node.place, text=node.text)
    for earlier, later in zip(dates, dates[1:], strict=False):
        if str(earlier.value) > str(later.value):
            found.add("ruleset.dates-order", later.place, earlier=earlier.value, later=later.value)


def external(
    sections: Node, folder: Path, found: Found, known: Mapping[str, PinnedTable] | None = None
) -> dict[str, PinnedTable]:
    """The external tables that are pinned, by "id@version"; they lie beside the rulesets, in tables/."""
    section = _entries(sections).get("external_tables")
    tables: dict[str, PinnedTable] = dict(known or {})
    for entry in _entries(section).values() if section else ():
        fields = _entries(entry)
        if f"{fields['table'].value}@{fields['version'].value}" in tables:
            continue
        pinned = read_table(
            str(fields["table"].value), str(fields["version"].value), folder, fields["version"].place, found
        )
        if pinned is not None:
            tables[pinned.ref] = pinned
    return tables


def read_table(table: str, version: str, folder: Path, place: Place, found: Found) -> PinnedTable | None:
    """One version of an external table, checked against its schema and the lock."""
    path = table_path(table, version, folder)
    root = path.parent
    if not path.is_file():
        there = sorted(p.stem for p in root.glob("*.yaml"))
        found.add(
            "table.no-version",
            place,
            table=table,
            version=version,
            nearest=nearest(version, there),
            there=", ".join(there),
            file=shown(path),
        )
        return None
    node = _read(path, "table-1", found)
    if node is None:
        return None
    fields = _entries(node)
    if (str(fields["id"].value), str(fields["version"].value)) != (table, version):
        ref = f"{fields['id'].value}@{fields['version'].value}"
        found.add("table.wrong-file", fields["version"].place, file=shown(path), ref=ref, wanted=f"{table}@{version}")
        return None
    mark = fingerprint([path], path.parent)
    lock.check_table(table, version, mark, node, root.parent.parent, found)
    return PinnedTable(f"{table}@{version}", node, mark)


def table_path(table: str, version: str, folder: Path) -> Path:
    """Where a version of an external table lies, seen from the folder of a ruleset version."""
    return folder.parent.parent / "tables" / table / f"{version}.yaml"


def pin(ruleset: Ruleset, pins: Mapping[str, Node], found: Found) -> Ruleset:
    """The ruleset with other versions of its external tables: name in the ruleset -> version (a Node, for its place)."""
    section = _entries(ruleset.sections).get("external_tables")
    known = dict(_entries(section)) if section is not None else {}
    tables = dict(ruleset.tables)
    for name, version in pins.items():
        if name not in known:
            found.add(
                "case.unknown-table",
                version.place,
                name=name,
                nearest=nearest(name, list(known)),
                there=", ".join(known),
            )
            continue
        fields = dict(_entries(known[name]))
        pinned = read_table(
            str(fields["table"].value), version.text, Path(ruleset.identity.folder), version.place, found
        )
        if pinned is not None:
            tables[pinned.ref] = pinned
            fields["version"] = replace(version, value=version.text)
            known[name] = replace(known[name], value=fields)
    if section is None or not pins:
        return ruleset
    sections = {**_entries(ruleset.sections), "external_tables": replace(section, value=known)}
    return replace(ruleset, sections=replace(ruleset.sections, value=sections), tables=tables)


def _ruleset(own: Node, base: Ruleset | None, folder: Path, paths: list[Path], found: Found) -> Ruleset:
    bases = () if base is None else inherit.line_of(base)
    merged = own if base is None else inherit.lay_on(base, own, IDENTITY, found)
    sections = {key: node for key, node in _entries(merged).items() if key not in IDENTITY and key != "variants"}
    variants = _entries(merged).get("variants")
    mark = fingerprint(paths, folder, bases[0] if bases else None)
    files = {shown(path): path.relative_to(folder).as_posix() for path in paths}
    for each in bases:
        home = inherit.folder_of(each.ref, folder)
        files |= {shown(path): f"{each.ref}/{path.relative_to(home).as_posix()}" for path in files_of(home)}
    return Ruleset(
        identity=_own_identity(_entries(own), folder, mark, files, bases),
        sections=Node(sections, _entries(own)["version"].place, "", {key: merged.keys[key] for key in sections}, ""),
        variants=_entries(variants) if variants else {},
        variant_places=variants.keys if variants else {},
        tables=external(merged, folder, found, base.tables if base else None),
    )


def _own_identity(
    fields: Mapping[str, Node], folder: Path, mark: str, files: Mapping[str, str], bases: tuple[Base, ...]
) -> Identity:
    def text(name: str) -> str | None:
        return str(fields[name].value) if name in fields else None

    return Identity(
        id=str(text("id")),
        version=str(text("version")),
        title=words(fields["title"]),
        publisher=words(fields["publisher"]) if "publisher" in fields else None,
        status=cast(Any, text("status")),
        issued=text("issued"),
        effective=text("effective"),
        withdrawn=text("withdrawn"),
        supersedes=text("supersedes"),
        folder=shown(folder),
        fingerprint=mark,
        files=files,
        bases=bases,
    )


def words(node: Node) -> Words:
    """{zh, en} → Words."""
    fields = data(node)
    return Words(fields["zh"], fields["en"])

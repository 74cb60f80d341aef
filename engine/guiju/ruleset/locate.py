"""A reference → the folder of one version: a path, "id@version", or "id" with a date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.places import shown
from guiju.source.files import read_file
from guiju.source.kinds import command_for, kind_of
from guiju.source.node import data, is_map


@dataclass(frozen=True, slots=True)
class Installed:
    """One version that lies on the search path, as its identity says (not yet checked)."""

    id: str
    version: str
    status: str
    issued: str
    effective: str
    withdrawn: str
    title: dict[str, str]
    folder: Path
    extends: str = ""

    @property
    def ref(self) -> str:
        return f"{self.id}@{self.version}"


def version_key(version: str) -> tuple[tuple[int, str], ...]:
    """2025.10 comes after 2025.9."""
    return tuple((int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[.\-]", version))


def installed(roots: Sequence[Path]) -> list[Installed]:
    """All versions on the search path, by id and version; the first root wins."""
    seen: dict[tuple[str, str], Installed] = {}
    for root in roots:
        for path in sorted(root.glob("*/*/ruleset.yaml")):
            key = (path.parent.parent.name, path.parent.name)
            if key[0] != "tables" and key not in seen:
                seen[key] = _identity(path, *key)
    return sorted(seen.values(), key=lambda entry: (entry.id, version_key(entry.version)))


def _identity(path: Path, id_: str, version: str) -> Installed:
    node = read_file(path, shown(path), Found())
    fields: dict[str, Any] = cast(Any, data(node)) if node is not None and is_map(node) else {}
    title = fields.get("title")
    return Installed(
        id=id_,
        version=version,
        status=str(fields.get("status", "?")),
        issued=str(fields.get("issued", "")),
        effective=str(fields.get("effective", "")),
        withdrawn=str(fields.get("withdrawn", "")),
        title=title if isinstance(title, dict) else {},
        folder=path.parent,
        extends=str(fields.get("extends", "")),
    )


def locate(ref: str, roots: Sequence[Path], found: Found, on: str | None = None) -> Path | None:
    """The folder that `ref` means. Without a version the one in force `on` that date; drafts only by id@version."""
    path = Path(ref)
    if (path / "ruleset.yaml").is_file():
        return path
    if path.name == "ruleset.yaml" and path.is_file():
        return path.parent
    if path.is_file() and _other_kind(path, found):
        return None
    versions = installed(roots)
    id_, _, version = ref.partition("@")
    own = [entry for entry in versions if entry.id == id_]
    if not own:
        near = nearest(id_, sorted({entry.id for entry in versions}))
        found.add("version.no-ruleset", None, name=ref, nearest=near, searched=", ".join(shown(root) for root in roots))
        return None
    if version:
        exact = [entry for entry in own if entry.version == version]
        if exact:
            return exact[0].folder
        there = [entry.version for entry in own]
        found.add(
            "version.no-version", None, id=id_, version=version, there=", ".join(there), nearest=nearest(version, there)
        )
        return None
    return _in_force(own, id_, on, found)


def _other_kind(path: Path, found: Found) -> bool:
    """Whether a file was named where a ruleset was wanted, and it can be told what it is."""
    node = read_file(path, shown(path), Found())
    kind = None if node is None else kind_of(node, path)
    if kind is None:
        return False
    found.add("version.other-kind", Place(shown(path), 1, 1), given=kind, command=command_for(kind, Path(shown(path))))
    return True


def is_day(text: str) -> bool:
    """Whether the text is a day that exists, written YYYY-MM-DD; days written so compare as text."""
    try:
        return re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) is not None and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _in_force(own: list[Installed], id_: str, on: str | None, found: Found) -> Path | None:
    if on is not None and not is_day(on):
        found.add("case.date", None, text=on)
        return None
    if on is None:
        found.add("version.no-date", None, id=id_, there=", ".join(entry.version for entry in own))
        return None
    published = [
        e
        for e in own
        if e.status != "draft" and e.effective and e.effective <= on and (not e.withdrawn or on < e.withdrawn)
    ]
    if not published:
        there = ", ".join(f"{e.version} ({e.status}{', ' + e.effective if e.effective else ''})" for e in own)
        found.add("version.none-in-force", None, id=id_, on=on, there=there)
        return None
    return max(published, key=lambda entry: (entry.effective, version_key(entry.version))).folder

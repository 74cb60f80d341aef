"""rulesets/lock.yaml: the fingerprint of every published version. A published version never changes again."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from guiju.diagnostics.finding import Found, Place
from guiju.places import shown
from guiju.ruleset.model import Ruleset
from guiju.source.files import read_file
from guiju.source.node import Node, data, is_map

NAME = "lock.yaml"


def entries(root: Path, found: Found) -> dict[str, dict[str, str]]:
    """The lock of a folder of rulesets: section (rulesets, tables, schemas) → "id@version" → fingerprint."""
    path = root / NAME
    if not path.is_file():
        return {}
    node = read_file(path, shown(path), found)
    if node is None:
        return {}
    whole = data(node) if is_map(node) else None
    if whole is None or not all(isinstance(section, dict) for section in whole.values()):
        found.add("version.bad-lock", node.place, file=shown(path))
        return {}
    return cast(dict[str, dict[str, str]], whole)


def check(ruleset: Ruleset, folder: Path, found: Found) -> None:
    if ruleset.identity.status == "draft":
        return
    _compare(
        "rulesets",
        ruleset.identity.ref,
        ruleset.identity.fingerprint,
        folder.resolve().parent.parent,
        ruleset.sections.place,
        found,
    )


def check_table(table: str, version: str, fingerprint: str, node: Node, root: Path, found: Found) -> None:
    fields = cast(Mapping[str, Node], node.value)
    if "status" not in fields or fields["status"].value != "draft":
        place = fields["version"].place if "version" in fields else node.place
        _compare("tables", f"{table}@{version}", fingerprint, root, place, found)


def _compare(section: str, ref: str, fingerprint: str, root: Path, place: Place, found: Found) -> None:
    locked = entries(root, found).get(section, {}).get(ref)
    if locked is None:
        found.add(
            "version.not-locked", place, ref=ref, fingerprint=fingerprint, section=section, file=shown(root / NAME)
        )
    elif locked != fingerprint:
        found.add("version.changed", place, ref=ref, locked=locked, fingerprint=fingerprint, file=shown(root / NAME))

"""What kind of file this is: a case, an assessment, a ruleset, its tests, a table. Said when another one was wanted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal, cast

from guiju.source.node import Node, is_map

Kind = Literal["assessment", "case", "table", "tests", "ruleset"]
# keys at the top that only files of this kind have; the first kind that fits is the one
_MARKS: Mapping[Kind, frozenset[str]] = {
    "assessment": frozenset({"assessment"}),
    "case": frozenset({"case", "subject", "period"}),
    "table": frozenset({"table", "rows"}),
    "tests": frozenset({"tests"}),
    "ruleset": frozenset(
        {
            "format",
            "parameters",
            "formulas",
            "indicators",
            "grade",
            "variants",
            "revise",
            "sources",
            "glossary",
            "units",
        }
        | {"external_tables", "preconditions", "checks", "claims", "comments"}
    ),
}
_MAIN = "ruleset.yaml"


def kind_of(node: Node, path: Path) -> Kind | None:
    """The kind of a file by the keys at its top, else by the folder it lies in; None where neither tells."""
    keys = set(cast(Mapping[str, Node], node.value)) if is_map(node) else set()
    kind = next((kind for kind, marks in _MARKS.items() if marks & keys), None)
    return "ruleset" if kind is None and (path.parent / _MAIN).is_file() else kind


def command_for(kind: Kind, path: Path) -> str:
    """What to do with a file of this kind, as a command; "" where there is none."""
    if kind == "assessment":
        return f"guiju explain {path.as_posix()}"
    if kind == "case":
        return f"guiju evaluate {path.as_posix()}"
    home = next((folder for folder in (path, *path.parents) if (folder / _MAIN).is_file()), None)
    verb = {"ruleset": "validate", "tests": "test"}.get(kind)
    return f"guiju {verb} {home.as_posix()}" if verb and home is not None else ""

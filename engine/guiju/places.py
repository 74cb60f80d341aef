"""Where rulesets, schemas, report templates and examples are: inside an installed package or in a checkout."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def home() -> Path:
    """The folder that holds rulesets/, schemas/ and reports/. Installed: guiju/_data; in a checkout: two levels up."""
    package = Path(__file__).resolve().parent
    if (package / "_data").is_dir():
        return package / "_data"
    checkout = package.parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "rulesets").is_dir():
        return checkout
    raise FileNotFoundError(
        f"guiju is installed without its data: neither {package / '_data'} nor {checkout / 'rulesets'} exists"
    )


def schema_file(name: str) -> Path:
    """schema_file("ruleset-1") is the JSON Schema of that format version."""
    return home() / "schemas" / f"{name}.schema.json"


def template_folder() -> Path:
    return home() / "reports"


def ruleset_roots(given: str | None, environ: Mapping[str, str]) -> tuple[Path, ...]:
    """Folders searched for rulesets, first match wins: --rulesets, GUIJU_RULESETS, ./rulesets, the shipped ones."""
    named = [given] if given else []
    named += [part for part in environ.get("GUIJU_RULESETS", "").split(os.pathsep) if part]
    roots = [Path(part) for part in named] + [Path("rulesets"), home() / "rulesets"]
    unique: dict[Path, Path] = {}
    for root in roots:
        if root.is_dir():
            unique.setdefault(root.resolve(), root)
    return tuple(unique.values())


def shown(path: Path) -> str:
    """A path as people see it: relative to where they stand when it lies below, with forward slashes."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()

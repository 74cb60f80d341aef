"""What is installed: versions, status, dates, where they lie; and the external tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from guiju.cli.output import FINDINGS, FINE, painter, say, tell, words
from guiju.cli.setting import Setting, shared


@dataclass(frozen=True, slots=True)
class Entry:
    """One version of a ruleset or of an external table."""

    id: str
    version: str
    status: str
    issued: str
    effective: str
    title: dict[str, str]
    root: Path
    extends: str = ""


@dataclass(frozen=True, slots=True)
class Shelf:
    rulesets: tuple[Entry, ...]
    tables: tuple[Entry, ...]


def look(roots: Sequence[Path]) -> Shelf:
    """All versions on the search path."""
    from guiju.ruleset.locate import installed

    rulesets = tuple(
        Entry(
            found.id,
            found.version,
            found.status,
            found.issued,
            found.effective,
            found.title,
            found.folder.parent.parent,
            found.extends,
        )
        for found in installed(roots)
    )
    return Shelf(rulesets, tuple(_tables(roots)))


def _tables(roots: Sequence[Path]) -> list[Entry]:
    from guiju.ruleset.locate import version_key

    seen: dict[tuple[str, str], Entry] = {}
    for root in roots:
        for path in sorted(root.glob("tables/*/*.yaml")):
            seen.setdefault((path.parent.name, path.stem), _table(path, root))
    return sorted(seen.values(), key=lambda entry: (entry.id, version_key(entry.version)))


def _table(path: Path, root: Path) -> Entry:
    """The identity of a table, which is not checked here."""
    from guiju.diagnostics.finding import Found
    from guiju.places import shown
    from guiju.source.files import read_file
    from guiju.source.node import data, is_map

    node = read_file(path, shown(path), Found())
    fields = data(node) if node is not None and is_map(node) else {}
    title = fields.get("title")
    status, issued, effective = (str(fields.get(name, "")) for name in ("status", "issued", "effective"))
    return Entry(path.parent.name, path.stem, status, issued, effective, title if isinstance(title, dict) else {}, root)


@click.command(help="已安装的规则集：版本、状态、日期 · What is installed: versions, status, dates")
@shared
@click.pass_obj
def command(setting: Setting) -> int:
    """Print a table for each folder of the search path."""
    from guiju.places import shown

    text, shelf = words(setting.lang), look(setting.roots)
    if not shelf.rulesets:
        tell(text("no_rulesets", folders=text_list(setting.roots) or "./rulesets"))
        return FINDINGS
    paint = painter()
    there = {entry.root for entry in (*shelf.rulesets, *shelf.tables)}
    for root in (root for root in setting.roots if root in there):
        say(paint(text("lie_in", folder=shown(root)), "head"))
        _print([entry for entry in shelf.rulesets if entry.root == root], setting)
        tables = [entry for entry in shelf.tables if entry.root == root]
        if tables:
            say(paint(f"\n{text('external_tables')}", "strong"))
            _print(tables, setting)
        say("")
    return FINE


def text_list(roots: Sequence[Path]) -> str:
    from guiju.places import shown

    return ", ".join(shown(root) for root in roots)


def _print(entries: Sequence[Entry], setting: Setting) -> None:
    from guiju.diagnostics.show import columns
    from guiju.report.layout import left

    text, paint = words(setting.lang), painter()
    some = any(e.extends for e in entries)
    names = ("id", "version", "status", "issued", "effective", *(("extends",) if some else ()), "title")
    head = [text(f"col_{name}") for name in names]
    rows = [head] + [
        [
            e.id,
            e.version,
            text.known(f"status_{e.status}", e.status),
            e.issued,
            e.effective,
            *([e.extends] if some else []),
            str(e.title.get(setting.lang, "")),
        ]
        for e in entries
    ]
    widths = [max(columns(row[index]) for row in rows) for index in range(len(head))]
    for index, row in enumerate(rows):
        line = "  ".join(left(cell, size) for cell, size in zip(row, widths, strict=True)).rstrip()
        say("  " + (paint(line, "dim") if index == 0 else line))

"""The Node of a case → YAML that people read: order as in the ruleset, the title of every value behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from guiju.plan.model import Plan
from guiju.ruleset.model import Words
from guiju.source.node import Node, is_map
from guiju.source.yaml_write import flow, key
from guiju.workbook.words import both

WIDEST = 150
_FIRST = ("case", "id", "title", "ruleset", "variant", "role", "subject", "period", "report", "tables")


def case_text(case: Node, plan: Plan) -> str:
    """The whole file, without the line that leads editors to the schema."""
    fields = cast(Mapping[str, Node], case.value)
    lines = [line for name in _FIRST if name in fields for line in _field(name, fields[name], "")]
    for section, write in (
        ("inputs", _inputs),
        ("collections", _collections),
        ("evidence", _evidence),
        ("settled", _settled),
    ):
        if section in fields and fields[section].value:
            lines += ["", f"{section}:", *write(cast(Mapping[str, Node], fields[section].value), plan)]
    return "\n".join(lines) + "\n"


def _field(name: str, node: Node, indent: str) -> Iterator[str]:
    """On one line where it fits, else a line for each entry below."""
    line = f"{indent}{key(name)}: {flow(node)}"
    if not is_map(node) or (len(line) <= WIDEST and name not in ("subject", "facts")):
        yield line
        return
    yield f"{indent}{key(name)}:"
    for inner, below in cast(Mapping[str, Node], node.value).items():
        yield from _field(inner, below, indent + "  ")


def _comment(title: Words, unit: str | None = None) -> str:
    """A title as it may stand behind a value: on one line."""
    text = " ".join(both(title).split())
    return f"  # {text}" + (f" [{unit}]" if unit not in (None, "1") else "")


def _inputs(entries: Mapping[str, Node], plan: Plan) -> Iterator[str]:
    names = [*(name for name in plan.inputs if name in entries), *(name for name in entries if name not in plan.inputs)]
    for name in names:
        lines = list(_field(name, entries[name], "  "))
        item = plan.inputs.get(name)
        if item is not None:
            comment = _comment(item.title, item.unit)
            if len(lines[0] + comment) > WIDEST:
                yield comment
            else:
                lines[0] += comment
        yield from lines


def _collections(entries: Mapping[str, Node], plan: Plan) -> Iterator[str]:
    for name, collection in plan.collections.items():
        if name not in entries:
            continue
        yield f"  {key(name)}:{_comment(collection.title)}"
        order = list(collection.columns)
        for row in cast(tuple[Node, ...], entries[name].value):
            yield from _row(cast(Mapping[str, Node], row.value), order)


def _row(cells: Mapping[str, Node], order: list[str]) -> Iterator[str]:
    names = [*(name for name in cells if name not in order), *(name for name in order if name in cells)]
    parts = [f"{key(name)}: {flow(cells[name])}" for name in names]
    line = "    - {" + ", ".join(parts) + "}"
    if len(line) <= WIDEST or not parts:
        yield line
        return
    yield f"    - {parts[0]}"
    yield from (f"      {part}" for part in parts[1:])


def _evidence(entries: Mapping[str, Node], plan: Plan) -> Iterator[str]:
    for name, node in entries.items():
        yield f"  {key(name)}: {flow(node)}"


def _settled(entries: Mapping[str, Node], plan: Plan) -> Iterator[str]:
    titles = {check.id: check.title for check in plan.checks}
    for name, node in entries.items():
        title = titles.get(name.partition("[")[0])
        if title is not None:
            yield f"  {_comment(title).lstrip()}"
        yield f"  {key(name)}: {flow(node)}"

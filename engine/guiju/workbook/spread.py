"""A case → what stands in the cells of its workbook: rows of texts by table. The way back is `assemble`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from guiju.plan.model import Plan
from guiju.ruleset.model import CHILD_WORDS, Collection
from guiju.source.node import Node, is_map
from guiju.workbook.choices import OF_DETAIL, ROLES, TRUTHS, checks_of, kinds_of, options_of
from guiju.workbook.model import DETAILS, OF_NUMBERS, TITLES, WHOLE_ROW, Layout, Option
from guiju.workbook.texts import detail_text, scalar_text, value_text

Texts = dict[str, str]
Filling = dict[str, list[Texts]]


def spread(case: Node, plan: Plan, layout: Layout) -> Filling:
    """Rows by the id of their sheet. What has no place in the workbook is left out; `held` finds it."""
    entries = cast(Mapping[str, Node], case.value)
    inputs, collections = _map(entries.get("inputs")), _map(entries.get("collections"))
    filling: Filling = {"case": _about(entries), "facts": _facts(entries), "evidence": _evidence(entries, plan)}
    filling["settled"] = _settled(_map(entries.get("settled")), plan)
    for page in layout.pages:
        if page.kind == "inputs":
            names = [line.cells["name"] for line in page.lines]
            filling[page.id] = [_input(name, inputs[name], plan) for name in names if name in inputs]
    details: list[Texts] = []
    for name, listed in collections.items():
        if name in plan.collections:
            rows = cast(tuple[Node, ...], listed.value or ())
            filling[name] = [_row(plan.collections[name], _map(row), plan, details) for row in rows]
    filling["details"] = details
    return filling


def _map(node: Node | None) -> Mapping[str, Node]:
    return cast(Mapping[str, Node], node.value) if node is not None and is_map(node) else {}


def _about(entries: Mapping[str, Node]) -> list[Texts]:
    rows: list[Texts] = []
    for name, node in entries.items():
        if name not in ("case", "inputs", "collections", "evidence", "settled"):
            leaves = ((f"{path}.zh" if path in TITLES else path, leaf) for path, leaf in _leaves(name, node))
            rows += [{"name": path, "value": _field_text(path, leaf)} for path, leaf in leaves]
    return rows


def _leaves(path: str, node: Node) -> Iterator[tuple[str, Node]]:
    """Every field below, by its path; the facts have a sheet of their own."""
    if path == "subject.facts":
        return
    if is_map(node):
        for name, below in _map(node).items():
            yield from _leaves(f"{path}.{name}", below)
    else:
        yield path, node


def _field_text(path: str, node: Node) -> str:
    options: Sequence[Option] = {"role": ROLES, "subject.illustrative": TRUTHS}.get(path, ())
    return value_text(node, options)


def _facts(entries: Mapping[str, Node]) -> list[Texts]:
    facts = _map(_map(entries.get("subject")).get("facts"))
    return [{"name": name, "text": str(node.value)} for name, node in facts.items()]


def _evidence(entries: Mapping[str, Node], plan: Plan) -> list[Texts]:
    rows: list[Texts] = []
    kinds = kinds_of(plan)
    for name, node in _map(entries.get("evidence")).items():
        row = {"name": name}
        for field, value in _map(node).items():
            if field == "title" and is_map(value):
                row |= {f"title.{lang}": str(text.value) for lang, text in _map(value).items()}
            elif field == "title":
                row["title.zh"] = str(value.value)
            else:
                row[field] = value_text(value, kinds) if field == "kind" else detail_text(value, ())
        rows.append(row)
    return rows


def _settled(entries: Mapping[str, Node], plan: Plan) -> list[Texts]:
    labels = {option.key: option.label for option in checks_of(plan)}
    rows: list[Texts] = []
    for key, node in entries.items():
        check, sign, row = key.partition("[")
        said = {name: detail_text(each, ()) for name, each in _map(node).items()}
        rows.append({"check": labels.get(check, check), **({"row": row[:-1]} if sign else {}), **said})
    return rows


def _input(name: str, node: Node, plan: Plan) -> Texts:
    value, said = _parts(node)
    return {"name": name, "value": value_text(value, options_of(plan.inputs[name], plan)), **_said(said)}


def _parts(node: Node) -> tuple[Node, Mapping[str, Node]]:
    """The value, and what is said beside it."""
    if not is_map(node):
        return node, {}
    entries = _map(node)
    return entries["value"], {name: each for name, each in entries.items() if name != "value" and each.value != ()}


def _said(said: Mapping[str, Node]) -> Texts:
    return {name: detail_text(node, OF_DETAIL.get(name, ())) for name, node in said.items()}


def _row(collection: Collection, row: Mapping[str, Node], plan: Plan, details: list[Texts]) -> Texts:
    """The cells of a row. A detail that all its values share is said once, for the row; others go to the sheet of details."""
    texts: Texts = {name: scalar_text(row[name]) for name in CHILD_WORDS if name in row and collection.rulesets}
    said: dict[str, Texts] = {}
    for name, item in collection.columns.items():
        if name in row:
            value, beside = _parts(row[name])
            texts[name] = value_text(value, options_of(item, plan))
            said[name] = _said(beside)
            if "unit" in said[name]:
                texts[f"{name}.unit"] = said[name].pop("unit")
    for field in DETAILS:
        names = [name for name in said if applies(field, name, collection)]
        shared = {said[name].get(field) for name in names}
        if len(shared) == 1 and None not in shared:
            texts[f"{WHOLE_ROW}.{field}"] = said[names[0]][field]
            for name in names:
                del said[name][field]
    key = texts.get(collection.key, "")
    details += [{"table": collection.id, "row": key, "column": name, **own} for name, own in said.items() if own]
    return texts


def applies(field: str, column: str, collection: Collection) -> bool:
    """Whether a detail of the whole row holds for a column: for numbers, days and truths, which are measured or found out,
    not for texts and choices, which say what the row is. Evidence holds for these, too, where they need some."""
    item = collection.columns[column]
    if field == "evidence" and (item.evidence or item.evidence_by_choice):
        return True
    if column == collection.key or item.type in ("text", "choice"):
        return False
    return field not in OF_NUMBERS or item.unit is not None

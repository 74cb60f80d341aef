"""One node of an assessment as data: value, formula as written, as run and with numbers put in, what it used, where it stands."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from guiju.evaluation.quality import figure_data, leaf_data
from guiju.evaluation.run import Assessment, value_data
from guiju.formula.missing import NotComputed
from guiju.intake.model import Given
from guiju.plan.choices import row_titles
from guiju.plan.facts import origin_data, place_data, quality_data
from guiju.plan.model import Plan, PlanNode, Use
from guiju.plan.staged import Record
from guiju.ruleset.model import UNSAID, Words

MOST_SHOWN = 8  # cells of a column that are written out inside a formula


class Cell(NamedTuple):
    """The cell of a table that a lookup found."""

    value: Any
    data: dict[str, Any]


def shown(value: Any) -> str:
    """A value inside a formula."""
    if isinstance(value, NotComputed):
        return "?"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else str(value_data(value))


def _named(assessment: Assessment, name: str) -> str:
    """A node's value inside a formula; numbers as their text, made once."""
    value = assessment.values[name]
    return str(assessment.data[name]) if isinstance(value, Decimal) else shown(value)


def causes(assessment: Assessment, record: Record) -> list[dict[str, Any]]:
    """Why a node could not be computed: every cause among what it used, or its own. Empty when it was computed."""
    own = record.value if isinstance(record.value, list) else [record.value]
    gaps = [value for value in own if isinstance(value, NotComputed)]
    if not gaps:
        return []
    for used in record.used:
        gaps += [value for value in (used if isinstance(used, list) else [used]) if isinstance(value, NotComputed)]
    unique = {(gap.code, gap.origin, gap.facts): gap for gap in gaps}
    return [cause(assessment.plan, gap) for gap in unique.values()]


def cause(plan: Plan, gap: NotComputed) -> dict[str, Any]:
    node = plan.nodes.get(gap.origin)
    title = (
        node.title if node else plan.collections[gap.origin].title if gap.origin in plan.collections else Words("", "")
    )
    empty = (
        gap.code == "division-by-zero"
        and node is not None
        and node.part in ("points", "score", "contribution")
        and ".active" in node.text
    )
    return {
        "code": f"value.{'empty-block' if empty else gap.code}",
        "origin": gap.origin,
        "title": {"zh": title.zh, "en": title.en},
        "facts": dict(gap.facts),
    }


def node_data(assessment: Assessment, node: PlanNode) -> dict[str, Any]:
    """Everything an assessment says of one node."""
    value = assessment.values[node.id]
    entry = dict(assessment.plan.facts[node.id])
    if isinstance(value, list):
        entry["rows"] = [_row(assessment, node, index, cell) for index, cell in enumerate(value)]
    else:
        entry["value"] = assessment.data[node.id]
        if isinstance(value, NotComputed):
            entry["missing"] = cause(assessment.plan, value)
    if node.kind == "formula":
        _computed(assessment, node, entry)
        entry.update(figure_data(assessment.carried.get(node.id)))
    elif node.kind == "input":
        entry.update(_given(assessment, node))
        item, given = assessment.plan.inputs[node.id], assessment.case.inputs.get(node.id)
        entry.update(leaf_data(assessment.carried.get(node.id), item, given))
    if node.kind in ("input", "column") and (called := _choices(assessment.plan, node, value)):
        entry["choices"] = called
    return entry


def _choices(plan: Plan, node: PlanNode, value: Any) -> dict[str, Any]:
    """What the choices that occur are called."""
    item = plan.inputs[node.id] if node.per is None else plan.collections[node.per].columns[node.id.partition(".")[2]]
    titles, there = item.choices or row_titles(item, plan.tables), value if isinstance(value, list) else [value]
    return {
        name: titles[name]._asdict() for name in titles if any(isinstance(each, str) and each == name for each in there)
    }


def _computed(assessment: Assessment, node: PlanNode, entry: dict[str, Any]) -> None:
    """The formula with numbers put in, what it used, the cells it found."""
    entry["uses"] = {name: _used(assessment, name) for name in node.needs}
    if node.per is not None:
        return  # row by row
    entry["with_numbers"] = with_numbers(assessment, node, None)
    cells = [cell.data for use in node.uses if use.how == "cell" and (cell := cell_of(assessment, use, None))]
    if cells:
        entry["cells"] = cells


def _used(assessment: Assessment, name: str) -> Any:
    """A value, a column as a list, or the keys of the rows where a formula counts them."""
    collection = assessment.plan.collections.get(name)
    return assessment.data[name if collection is None else f"{name}.{collection.key}"]


def _row(assessment: Assessment, node: PlanNode, index: int, value: Any) -> dict[str, Any]:
    """One row of a column or of a formula that runs once a row."""
    assert node.per is not None
    key = assessment.plan.collections[node.per].key
    row: dict[str, Any] = {"key": value_data(assessment.values[f"{node.per}.{key}"][index]), "value": value_data(value)}
    if isinstance(value, NotComputed):
        row["missing"] = cause(assessment.plan, value)
    if node.kind == "formula":
        row.update(figure_data(_figure(assessment, node.id, index)))
        row["with_numbers"] = with_numbers(assessment, node, index)
        cells = [cell.data for use in node.uses if use.how == "cell" and (cell := cell_of(assessment, use, index))]
        if cells:
            row["cells"] = cells
        return row
    rows = assessment.case.collections.get(node.per) or ()
    name = node.id.partition(".")[2]
    given = rows[index].get(name)
    if given is not None:
        row.update(_handed_in(given))
    elif not isinstance(value, NotComputed):
        row["origin"] = "default"
    row.update(
        leaf_data(_figure(assessment, node.id, index), assessment.plan.collections[node.per].columns[name], given)
    )
    return row


def _figure(assessment: Assessment, name: str, index: int) -> Any:
    """What one row of a column or of a formula carries."""
    rows = assessment.carried.get(name)
    return rows[index] if isinstance(rows, list) else None


def _given(assessment: Assessment, node: PlanNode) -> dict[str, Any]:
    given = assessment.case.inputs.get(node.id)
    item = assessment.plan.inputs[node.id]
    if given is None:
        return {"given": {"origin": "default"}} if item.default is not None else {}
    return {"given": _handed_in(given)}


def _handed_in(given: Given) -> dict[str, Any]:
    entry: dict[str, Any] = {"line": given.place.line}
    if given.written_unit is not None:
        entry["written"] = {"value": given.written, "unit": given.written_unit}
    for name in ("origin", "source", "note", "reason"):
        if getattr(given, name) is not None:
            entry[name] = getattr(given, name)
    if given.evidence:
        entry["evidence"] = list(given.evidence)
    if given.child is not None:
        entry |= {"child": given.child, "node": given.taken}
    return entry


def value_of(assessment: Assessment, node: str, index: int | None) -> Any:
    value = assessment.values[node]
    return value[index] if isinstance(value, list) and index is not None else value


def with_numbers(assessment: Assessment, node: PlanNode, index: int | None) -> str:
    """The formula that ran with each name replaced by its value."""
    pieces, position = [], 0
    for use in node.uses:
        pieces += [node.text[position : use.start], put_in(assessment, use, index)]
        position = use.end
    return "".join([*pieces, node.text[position:]])


def put_in(assessment: Assessment, use: Use, index: int | None) -> str:
    if use.how == "value":
        if index is None:
            return _named(assessment, use.target)
        return shown(value_of(assessment, use.target, index))
    if use.how == "cell":
        cell = cell_of(assessment, use, index)
        return "?" if cell is None else shown(cell.value)
    if use.how == "group":
        return _group(assessment, use, index)
    column = assessment.values[use.target]
    if isinstance(column, NotComputed):
        return "?"
    if use.function == "count":
        return str(len(column))
    return f"{use.function}({_listed(column)})"


def _listed(column: list[Any]) -> str:
    """The first cells of a column, and how many more there are."""
    more = [f"… +{len(column) - MOST_SHOWN}"] if len(column) > MOST_SHOWN else []
    return ", ".join([*(shown(cell) for cell in column[:MOST_SHOWN]), *more])


def _group(assessment: Assessment, use: Use, index: int | None) -> str:
    """The cells of the rows that the key chose (of a count, how many), and the key."""
    rows = assessment.rows_by(use.by)
    key = use.literals[0] if use.keys[0] is None else value_of(assessment, use.keys[0], index)
    if rows is None or isinstance(key, NotComputed):
        return "?"
    cells = [assessment.values[use.target][row] for row in rows.get(key, ())]
    inside = str(len(cells)) if use.function == "count_where" else _listed(cells) or "0"
    return f"{use.function}({inside}; {use.by.partition('.')[2]} = {shown(key)})"


def cell_of(assessment: Assessment, use: Use, index: int | None) -> Cell | None:
    """The cell of a table that a lookup found: keys, value, unit, basis, source, place. None where it found none."""
    plan = assessment.plan
    name, _, column = use.target.partition(".")
    keys = [
        literal if key is None else value_of(assessment, key, index)
        for key, literal in zip(use.keys, use.literals, strict=True)
    ]
    if any(isinstance(key, NotComputed) for key in keys):
        return None
    number = plan.lookups[name].row(keys)
    if number is None:
        return None
    table = plan.tables[name]
    row, unit = table.rows[number], table.columns[column].unit if column in table.columns else None
    value = plan.lookups[name].cells[column][number]
    if value is None:
        return None
    matched = {key.name: value_data(found) for key, found in zip(table.keys, row.keys, strict=True)}
    return Cell(
        value,
        {
            "table": use.target,
            "keys": matched,
            "value": value_data(value),
            "unit": unit,
            **quality_data(row.quality.get(column, UNSAID)),
            **origin_data(row.origin),
            "place": place_data(row.node.place, plan),
        },
    )

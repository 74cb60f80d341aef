"""Sections → Rules: every entry typed. The shape was checked by the schema; what refers to what is checked by the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.ruleset.fields import Fields, rounding, scalar
from guiju.ruleset.model import (
    Change,
    Collection,
    Formula,
    Indicator,
    Input,
    KeyColumn,
    NoOverlap,
    Origin,
    Parameter,
    Quality,
    Row,
    Rules,
    Table,
    TableColumn,
    Words,
)  # fmt: skip
from guiju.source.node import Node

_MARKS = {"basis", "source", "clause", "at", "note", "tier", "uncertainty"}  # of a row, besides keys and columns


def read(sections: Node, external: Mapping[str, Node], found: Found) -> Rules:
    """All sections of a ruleset (variant applied), with the external tables it pins."""
    top = Fields(sections)
    tables = {name: table(name, fields, found) for name, fields, _ in top.entries("tables")}
    for name, fields, place in top.entries("external_tables"):
        pinned = f"{fields.need('table')}@{fields.need('version')}"
        if name in tables:
            found.add("ruleset.said-twice", place, related=(("first", tables[name].node.place),), name=name)
        if pinned in external:
            tables[name] = table(name, Fields(external[pinned]), found, pinned)
    return Rules(
        units={name: fields.text("equals") for name, fields, _ in top.entries("units")},
        parameters={name: _parameter(name, fields, place) for name, fields, place in top.entries("parameters")},
        tables=tables,
        inputs={name: read_input(name, fields, place) for name, fields, place in top.entries("inputs")},
        collections={name: _collection(name, fields, place) for name, fields, place in top.entries("collections")},
        formulas={name: _formula(name, fields, place) for name, fields, place in top.entries("formulas")},
        indicators={name: _indicator(name, fields, place) for name, fields, place in top.entries("indicators")},
        preconditions={name: fields.node for name, fields, _ in top.entries("preconditions")},
        grade=top.get("grade"),
        grade_place=sections.keys.get("grade"),
        claims={name: fields.node for name, fields, _ in top.entries("claims")},
        checks={name: fields.node for name, fields, _ in top.entries("checks")},
        sources={name: fields.node for name, fields, _ in top.entries("sources")},
        evidence={name: _title(fields) for name, fields, _ in top.entries("evidence")},
        entries=tuple(_all_entries(top)),
        unit_places={name: place for name, _, place in top.entries("units")},
        equals_places={
            name: fields.map["equals"].place for name, fields, _ in top.entries("units") if "equals" in fields
        },
        report=top.get("report"),
    )


def _all_entries(top: Fields) -> Iterator[Node]:
    """Every entry that may carry a unit, a basis, a source or a clause."""
    for section in (
        "glossary",
        "parameters",
        "tables",
        "inputs",
        "collections",
        "formulas",
        "indicators",
        "preconditions",
        "checks",
        "claims",
        "comments",
    ):
        for _, fields, _ in top.entries(section):
            yield fields.node
            if section == "collections":
                yield from (column.node for _, column, _ in fields.entries("columns"))
    grade = top.get("grade")
    if grade is not None:
        yield from (fields.node for _, fields, _ in Fields(grade).entries("gates"))


def _title(fields: Fields, name: str = "title") -> Words:
    title = fields.words(name)
    assert title is not None
    return title


def _parameter(name: str, fields: Fields, place: Place) -> Parameter:
    node = fields.map["value"]
    return Parameter(
        name, _title(fields), scalar(node), fields.text("unit"), fields.origin(), node, place, fields.quality()
    )


def table(name: str, fields: Fields, found: Found, pinned: str | None = None) -> Table:
    """A table with its rows; the same keys twice are a finding."""
    keys = []
    for node in fields.items("keys"):
        key = Fields(node)
        keys.append(
            KeyColumn(key.need("name"), cast(Any, key.text("type") or "text"), cast(Any, key.text("match") or "exact"))
        )
    for column, node in zip(keys[:-1], fields.items("keys"), strict=False):
        if column.match != "exact":
            found.add("table.inner-match", Fields(node).map["match"].place, table=name, key=column.name)
    columns = {
        column: TableColumn(
            column, _title(entry), cast(Any, entry.text("type") or "number"), entry.text("unit"), entry.quality()
        )
        for column, entry, _ in fields.entries("columns")
    }
    default, rows, seen = fields.origin(), [], dict[tuple[Any, ...], Place]()
    for node in fields.items("rows"):
        row = _row(name, Fields(node), keys, columns, default, found)
        if row is None:
            continue
        if row.keys in seen:
            shown = ", ".join(str(key) for key in row.keys)
            found.add("table.same-key", node.place, related=(("first", seen[row.keys]),), table=name, keys=shown)
        seen.setdefault(row.keys, node.place)
        rows.append(row)
    return Table(name, _title(fields), tuple(keys), columns, tuple(rows), fields.node, pinned)


def _is_key(value: Any, key: KeyColumn) -> bool:
    if key.type == "text":
        return value is not None
    return isinstance(value, Decimal) and (key.type == "number" or value == value.to_integral_value())


def _row(
    table_name: str,
    fields: Fields,
    keys: list[KeyColumn],
    columns: Mapping[str, TableColumn],
    default: Origin,
    found: Found,
) -> Row | None:
    values: list[Any] = []
    for key in keys:
        node = fields.get(key.name)
        if node is None or not _is_key(scalar(node), key):
            found.add(
                "table.row-key",
                fields.node.place if node is None else node.place,
                table=table_name,
                key=key.name,
                type=key.type,
            )
            return None
        values.append(node.text if key.type == "text" else scalar(node))
    cells: dict[str, Any] = {}
    for name, column in columns.items():
        node = fields.get(name)
        value = scalar(node)
        if node is not None and value is not None and isinstance(value, Decimal) != (column.type == "number"):
            found.add("table.cell-type", node.place, table=table_name, column=name, type=column.type)
            value = None
        cells[name] = value
    extra = set(fields.map) - set(columns) - {key.name for key in keys} - _MARKS
    for name in sorted(extra):
        _unknown_column(table_name, name, fields.node, columns, found)
    quality = _qualities(table_name, fields, columns, found)
    return Row(tuple(values), cells, fields.origin(default), fields.node, quality)


def _qualities(
    table_name: str, fields: Fields, columns: Mapping[str, TableColumn], found: Found
) -> Mapping[str, Quality]:
    """Tier and uncertainty of a row's cells: the row's own by column, else the column's."""
    own: dict[str, dict[str, Any]] = {"tier": {}, "uncertainty": {}}
    numbers = {name: column for name, column in columns.items() if column.type == "number"}
    for mark, said in own.items():
        for name, node in _map(fields, mark):
            if name in numbers:
                said[name] = scalar(node)
            else:
                _unknown_column(table_name, name, fields.map[mark], numbers, found)
    result = {
        name: Quality(own["tier"].get(name), own["uncertainty"].get(name)).over(column.quality)
        for name, column in numbers.items()
    }
    return {name: quality for name, quality in result.items() if quality.said}


def _unknown_column(table_name: str, name: str, node: Node, columns: Mapping[str, TableColumn], found: Found) -> None:
    found.add(
        "table.unknown-column",
        node.keys[name],
        table=table_name,
        column=name,
        nearest=nearest(name, list(columns)),
        there=", ".join(columns),
    )


def read_input(name: str, fields: Fields, place: Place) -> Input:
    """An input, or a column of a collection."""
    choices = {
        key: _title(Fields(entry), "title") if "title" in Fields(entry) else _words(entry)
        for key, entry in _map(fields, "choices")
    }
    default = scalar(fields.get("default"))
    return Input(
        id=name,
        title=_title(fields),
        type=cast(Any, fields.text("type") or "number"),
        unit=fields.text("unit"),
        required=fields.flag("required", default is None),
        place=place,
        min=scalar(fields.get("min")),
        max=scalar(fields.get("max")),
        default=default,
        supplier=fields.text("supplier"),
        evidence=fields.texts("evidence"),
        choices=choices or None,
        choices_from=fields.text("choices_from"),
        tags=fields.texts("tags"),
        origin=fields.origin(),
        node=fields.node,
        unit_required=fields.flag("unit_required", False),
        quality=fields.quality(),
        take=fields.text("take"),
    )


def _map(fields: Fields, name: str) -> list[tuple[str, Node]]:
    node = fields.get(name)
    return [] if node is None else list(cast(Mapping[str, Node], node.value).items())


def _words(node: Node) -> Words:
    fields = Fields(node)
    return Words(fields.need("zh"), fields.need("en"))


def _collection(name: str, fields: Fields, place: Place) -> Collection:
    columns = {column: read_input(column, entry, where) for column, entry, where in fields.entries("columns")}
    required, key = fields.flag("required", False), fields.map["key"]
    given = fields.get("from_assessments")
    rulesets = () if given is None else Fields(given).texts("of")
    return Collection(
        name, _title(fields), str(key.value), required, columns, place, key.place, _no_overlap(fields), rulesets
    )


def _no_overlap(fields: Fields) -> NoOverlap | None:
    node = fields.get("no_overlap")
    if node is None:
        return None
    ends = Fields(node)
    return NoOverlap(ends.need("from"), ends.need("to"), ends.texts("within"), node)


def _formula(name: str, fields: Fields, place: Place) -> Formula:
    changed = []
    for node in fields.items("changed"):
        entry = Fields(node)
        changed.append(Change(entry.need("version"), _title(entry, "what"), _title(entry, "why")))
    return Formula(
        id=name,
        title=_title(fields),
        expr=fields.map["expr"],
        unit=fields.text("unit"),
        type=cast(Any, fields.text("type") or "number"),
        origin=fields.origin(),
        place=place,
        per=fields.text("per"),
        per_place=fields.map["per"].place if "per" in fields else None,
        rounding=rounding(fields.get("round")),
        since=fields.text("since"),
        changed=tuple(changed),
        headline=_headline(fields.get("headline")),
    )


def _headline(node: Node | None) -> int | None:
    """`true` is behind all that have a place."""
    value = None if node is None else node.value
    return None if value is None or value is False else 0 if value is True else int(cast(Any, value))


def _indicator(name: str, fields: Fields, place: Place) -> Indicator:
    tags = {key: str(node.value) for key, node in _map(fields, "tags")}
    return Indicator(
        name,
        fields.text("no") or "",
        _title(fields),
        fields.text("parent"),
        fields.node,
        fields.origin(),
        tags,
        fields.text("nature"),
        place,
    )

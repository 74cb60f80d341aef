"""Tables that were read → the Node of a case, every value where its cell is: the reader of cases goes on from there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from guiju.diagnostics.finding import Found, Place
from guiju.plan.model import Plan
from guiju.ruleset.model import CHILD_WORDS, Collection, Input
from guiju.source.node import Node
from guiju.workbook.choices import (
    OF_DETAIL,
    ROLES,
    TRUTHS,
    check_names,
    choice,
    chosen,
    columns_of,
    kinds_of,
    options_of,
    tables_of,
)
from guiju.workbook.model import DETAILS, TITLES, WHOLE_ROW, Cell, Option, Record, Tables
from guiju.workbook.spread import applies
from guiju.workbook.texts import (
    day,
    detail_node,
    list_node,
    map_node,
    remark_node,
    text_node,
    truth_node,
    value_node,
)  # fmt: skip

Cells = Mapping[str, Cell]
_NEEDED = (
    "ruleset",
    "id",
    "title.zh",
    "role",
    "subject.name.zh",
    "period.from",
    "period.to",
)
_SETTLED = ("by", "on", "reason")
_OPTIONS: Mapping[str, tuple[Option, ...]] = {"role": ROLES, "subject.illustrative": TRUTHS}


def head(tables: Tables, found: Found) -> Node:
    """What the case says of itself, without inputs, collections and evidence: enough to know its ruleset."""
    start = tables.heads.get("case", Place(tables.file, 1, 1))
    fields: dict[str, Node] = {"case": Node(1, start, "1", {}, "plain")}
    records = list(_once("case", tables, found))
    given = {record.cells["name"].text.strip() for record in records if "value" in record.cells}
    for record in records:
        name, cell = record.cells["name"].text.strip(), record.cells.get("value")
        if cell is not None:
            _put(fields, name.split("."), _field(name, cell))
        elif name in _NEEDED and f"{name[:-3]}.en" not in given:  # a title in one of the two languages will do
            found.add("workbook.empty-cell", record.at("value"), name=name)
    for path in TITLES:
        _as_one(fields, path.split("."))
    facts = {
        record.cells["name"].text.strip(): text_node(record.cells["text"].text, record.cells["text"].place)
        for record in _once("facts", tables, found)
        if "text" in record.cells
    }
    if facts:
        _put(fields, ["subject", "facts"], map_node(facts, next(iter(facts.values())).place))
    return map_node(fields, start)


def _field(name: str, cell: Cell) -> Node:
    if name == "subject.illustrative":
        return truth_node(cell, chosen(TRUTHS))
    if name.startswith("period.") or name == "report.date":
        return text_node(day(cell.text.strip()), cell.place)
    return text_node(choice(cell.text.strip(), chosen(_OPTIONS.get(name, ()))), cell.place)


def _put(fields: dict[str, Node], path: list[str], node: Node) -> None:
    """Put a node at its path, below maps that are made on the way."""
    name, *rest = path
    if not rest:
        fields[name] = node
        return
    below = fields.get(name)
    inner: dict[str, Node] = dict(below.value) if below is not None and isinstance(below.value, dict) else {}
    _put(inner, rest, node)
    fields[name] = map_node(inner, below.place if below is not None else node.place)


def _as_one(fields: dict[str, Node], path: list[str]) -> None:
    """A text whose cell in the other language is empty is one text for both."""
    name, *rest = path
    node = fields.get(name)
    if node is None or not isinstance(node.value, dict):
        return
    inner = dict(node.value)
    if rest:
        _as_one(inner, rest)
        fields[name] = map_node(inner, node.place, node.keys)
    elif len(inner) == 1:
        fields[name] = next(iter(inner.values()))


def _once(table: str, tables: Tables, found: Found) -> Iterator[Record]:
    """Records with a name, each name once."""
    seen: dict[str, Place] = {}
    for record in tables.records.get(table, ()):
        cell = record.cells.get("name")
        if cell is None:
            found.add("workbook.no-name", record.place)
        elif (name := cell.text.strip()) in seen:
            found.add("workbook.same-name", cell.place, related=[("first", seen[name])], name=name)
        else:
            seen[name] = cell.place
            yield record


@dataclass(frozen=True, slots=True)
class _Making:
    """What making Nodes needs: the plan, ways to name a choice by input, and cells that say more than their row does."""

    plan: Plan
    found: Found
    names: dict[int, Mapping[str, str]] = field(default_factory=dict)
    details: dict[tuple[str, str, str], Record] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: {name: chosen(options) for name, options in OF_DETAIL.items()}
    )

    def detail(self, name: str, cell: Cell) -> Node:
        """What is said beside a value."""
        return detail_node(name, cell, self.words.get(name, {}), self.found)

    def chosen(self, item: Input) -> Mapping[str, str]:
        """How the choices of an input can be called."""
        known = self.names.get(id(item))
        if known is None:
            known = self.names[id(item)] = chosen(options_of(item, self.plan))
        return known


def whole(header: Node, tables: Tables, plan: Plan, found: Found) -> Node:
    """The case: its header with inputs, collections and evidence."""
    fields = dict(header.value) if isinstance(header.value, dict) else {}
    making = _Making(plan, found)
    _details(tables, making)
    inputs = _inputs(tables, making)
    forms = [place for table, place in tables.heads.items() if table.startswith("inputs.")]
    if forms:
        fields["inputs"] = map_node(inputs, forms[0], _keys(tables, "inputs."))
    rows = {
        name: [_row(plan.collections[name], record, making) for record in records]
        for name, records in tables.records.items()
        if name in plan.collections
    }
    listed = {name: list_node(nodes, tables.heads[name]) for name, nodes in rows.items() if nodes}
    if listed:
        fields["collections"] = map_node(listed, next(iter(listed.values())).place)
    evidence = {
        record.cells["name"].text.strip(): _document(record, making) for record in _once("evidence", tables, found)
    }
    if evidence:
        fields["evidence"] = map_node(evidence, next(iter(evidence.values())).place)
    settled, keys = _settled(tables, making)
    if settled:
        fields["settled"] = map_node(settled, next(iter(settled.values())).place, keys)
    for (table, _, _), record in making.details.items():
        found.add(
            "workbook.no-row",
            record.place,
            table=table,
            key=record.cells["row"].text,
            column=record.cells["column"].text,
        )
    return map_node(fields, header.place)


def _keys(tables: Tables, prefix: str) -> dict[str, Place]:
    """Where the names of inputs stand."""
    return {
        record.cells["name"].text.strip(): record.cells["name"].place
        for table, records in tables.records.items()
        if table.startswith(prefix)
        for record in records
        if "name" in record.cells
    }


def _details(tables: Tables, making: _Making) -> None:
    names = chosen(tables_of(making.plan))
    for record in tables.records.get("details", ()):
        parts = [record.cells.get(name) for name in ("table", "row", "column")]
        if any(part is None for part in parts):
            making.found.add("workbook.no-name", record.place)
            continue
        table, row, column = (part.text.strip() for part in parts if part is not None)
        key = _cell_named(choice(table, names), row, column, making)
        if key in making.details:
            first = making.details[key].place
            making.found.add("workbook.same-name", record.place, related=[("first", first)], name=" ".join(key))
            continue
        making.details[key] = record


def _cell_named(table: str, row: str, column: str, making: _Making) -> tuple[str, str, str]:
    """A cell of a collection by machine names; it may be called by the titles of its column, and as its key is shown."""
    collection = making.plan.collections.get(table)
    if collection is None:
        return table, row, column
    columns = chosen(columns_of(collection))
    return table, choice(row, making.chosen(collection.columns[collection.key])), choice(column, columns)


def _inputs(tables: Tables, making: _Making) -> dict[str, Node]:
    inputs: dict[str, Node] = {}
    places: dict[str, Place] = {}
    for table in tables.records:
        if not table.startswith("inputs."):
            continue
        for record in _once(table, tables, making.found):
            cell = record.cells["name"]
            name = cell.text.strip()
            if not record.cells.keys() - {"name"}:
                continue
            if name in places:
                making.found.add("workbook.same-name", cell.place, related=[("first", places[name])], name=name)
                continue
            places[name] = cell.place
            node = _value(making.plan.inputs.get(name), record.cells, cell.place, making)
            if node is not None:
                inputs[name] = node
    return inputs


def _value(item: Input | None, cells: Cells, place: Place, making: _Making) -> Node | None:
    """An input with what is said beside it; None where nothing was filled in but perhaps the unit."""
    said = {name: making.detail(name, cells[name]) for name in DETAILS if name in cells}
    cell = cells.get("value")
    if cell is None and not said:
        return None
    return _long(item, cell or Cell("", place), cells.get("unit"), said, making)


def _long(item: Input | None, cell: Cell, unit: Cell | None, said: Mapping[str, Node], making: _Making) -> Node:
    """A value; a map where something is said beside it."""
    value = (
        text_node(cell.text, cell.place) if item is None else value_node(cell, item, making.chosen(item), making.found)
    )
    if unit is None and not said:
        return value
    fields = {"value": value}
    if unit is not None:
        fields["unit"] = text_node(unit.text.strip(), unit.place)
    return map_node({**fields, **said}, cell.place)


def _row(collection: Collection, record: Record, making: _Making) -> Node:
    cells: dict[str, Node] = {}
    for name in CHILD_WORDS:
        if collection.rulesets and name in record.cells:
            cells[name] = text_node(record.cells[name].text.strip(), record.cells[name].place)
    shared = [
        (name, making.detail(name, cell)) for name in DETAILS if (cell := record.cells.get(f"{WHOLE_ROW}.{name}"))
    ]
    written = record.cells[collection.key].text.strip() if collection.key in record.cells else ""
    key = choice(written, making.chosen(collection.columns[collection.key])) if making.details else written
    for name, item in collection.columns.items():
        cell = record.cells.get(name)
        own = making.details.pop((collection.id, key, name), None) if making.details else None
        if cell is None and own is None:
            continue
        said = {field: node for field, node in shared if applies(field, name, collection)}
        if own is not None:
            said |= {field: making.detail(field, own.cells[field]) for field in DETAILS if field in own.cells}
        cells[name] = _long(item, cell or Cell("", record.place), record.cells.get(f"{name}.unit"), said, making)
    empty = {name: record.at(name) for name, item in collection.columns.items() if item.required and name not in cells}
    return map_node(cells, record.place, {**empty, **{name: node.place for name, node in cells.items()}})


def _document(record: Record, making: _Making) -> Node:
    """An entry of the evidence."""
    kinds = chosen(kinds_of(making.plan))
    fields: dict[str, Node] = {}
    for name, cell in record.cells.items():
        text = cell.text.strip()
        if name == "kind":
            fields[name] = text_node(choice(text, kinds), cell.place)
        elif name in ("note", "origin"):
            fields[name] = remark_node(cell)
        elif name != "name":
            _put(fields, name.split("."), text_node(day(text) if name == "date" else text, cell.place))
    _as_one(fields, ["title"])
    return map_node(fields, record.place, _places(fields, record, kind="kind", title="title.zh"))


def _places(fields: Mapping[str, Node], record: Record, **needed: str) -> dict[str, Place]:
    """Where the fields stand, and where those would stand that must be there."""
    empty = {name: record.at(column) for name, column in needed.items()}
    return empty | {name: node.place for name, node in fields.items()}


def _settled(tables: Tables, making: _Making) -> tuple[dict[str, Node], dict[str, Place]]:
    """Checks that a person has settled, by check or check[row]; and where the check is named."""
    names = check_names(making.plan)
    nodes: dict[str, Node] = {}
    places: dict[str, Place] = {}
    for record in tables.records.get("settled", ()):
        cell, row = record.cells.get("check"), record.cells.get("row")
        if cell is None:
            making.found.add("workbook.no-name", record.place)
            continue
        key = choice(cell.text.strip(), names) + (f"[{row.text.strip()}]" if row is not None else "")
        if key in places:
            making.found.add("workbook.same-name", cell.place, related=[("first", places[key])], name=key)
            continue
        places[key] = cell.place
        said = {name: _said(name, each) for name, each in record.cells.items() if name in _SETTLED}
        nodes[key] = map_node(said, record.place, _places(said, record, **{name: name for name in _SETTLED}))
    return nodes, places


def _said(name: str, cell: Cell) -> Node:
    return text_node(day(cell.text.strip()), cell.place) if name == "on" else remark_node(cell)

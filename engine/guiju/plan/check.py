"""What refers to what: sources, clauses, evidence, units, choices, tables. Shape was checked by the schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.formula import measures as units
from guiju.formula.measures import Measures, UnitError
from guiju.formula.numbers import plain
from guiju.plan.choices import choices_of
from guiju.plan.model import Draft
from guiju.ruleset.fields import Fields, scalar
from guiju.ruleset.locate import is_day
from guiju.ruleset.model import CHILD_WORDS, Collection, Input, Origin, Parameter, Rules, Ruleset
from guiju.source.files import read_file
from guiju.source.node import Node, is_map

NOT_SEEN = "not seen"


@cache
def own_units() -> dict[str, str | None]:
    """The engine's own units: symbol → definition, None for a dimension of its own."""
    path = Path(units.__file__).parent / "units.yaml"
    node = read_file(path, path.name, Found())
    assert node is not None
    return {
        name: None if entry.value is None else str(entry.value)
        for name, entry in cast(Mapping[str, Node], node.value).items()
    }


def units_of(ruleset: Ruleset | None) -> Measures:
    """The engine's units, with those that a ruleset declares in its section `units`."""
    entries = () if ruleset is None else Fields(ruleset.sections).entries("units")
    return Measures({**own_units(), **{name: fields.text("equals") for name, fields, _ in entries}})


def measures(rules: Rules, found: Found) -> Measures | None:
    """The units of engine and ruleset; a bad definition is a finding."""
    known = own_units()
    for name in rules.units:
        if name in known:
            found.add("unit.taken", rules.unit_places[name], name=name)
        elif not units.SYMBOL.fullmatch(name):
            found.add("unit.text", rules.unit_places[name], unit=name, nearest="")
    result = Measures({**known, **rules.units})
    try:
        _ = result.registry
    except UnitError as error:
        found.add(
            error.code,
            rules.equals_places.get(error.of),
            unit=error.symbol,
            nearest=result.likely(error.symbol),
        )
        return None
    return result if _all_units(rules, result, found) else None


def _all_units(rules: Rules, measures: Measures, found: Found) -> bool:
    before = found.mark()
    for node in _unit_nodes(rules):
        try:
            measures.unit(str(node.value))
        except UnitError as error:
            found.add(error.code, node.place, unit=error.symbol, nearest=measures.likely(error.symbol))
    return not found.errors_since(before)


def _unit_nodes(rules: Rules) -> Iterator[Node]:
    """Every unit text of a ruleset."""
    nodes = [*rules.entries, *(table.node for table in rules.tables.values() if table.pinned)]
    for node in nodes:
        todo = [node]
        while todo:
            fields = Fields(todo.pop())
            for name, value in fields.map.items():
                if name == "unit" and isinstance(value.value, str):
                    yield value
                elif name in ("columns", "gates") and is_map(value):
                    todo.extend(cast(Mapping[str, Node], value.value).values())


def rules(rules: Rules, inputs: Mapping[str, Input], parameters: Mapping[str, Parameter], found: Found) -> None:
    """All cross references but those of formulas."""
    for entry in rules.entries:
        _origin(Fields(entry), rules, found)
    for table in rules.tables.values():
        for row in table.rows:
            _origin(Fields(row.node), rules, found, row.origin)
    columns = [column for collection in rules.collections.values() for column in collection.columns.values()]
    for item in (*inputs.values(), *columns):
        _input(item, rules, found)
    for collection in rules.collections.values():
        if collection.key not in collection.columns:
            near = nearest(collection.key, list(collection.columns))
            found.add(
                "collection.no-key-column",
                collection.key_place,
                collection=collection.id,
                key=collection.key,
                nearest=near,
            )
        _no_overlap(collection, found)
        _takes(collection, found)
    for item in inputs.values():
        _take(item, None, found)
    for parameter in parameters.values():
        if isinstance(parameter.value, Decimal) and parameter.unit is None:
            found.add("parameter.no-unit", parameter.place, name=parameter.id)


def _no_overlap(collection: Collection, found: Found) -> None:
    """Both ends must be columns of one kind that has an order, in one unit."""
    ranges, columns = collection.no_overlap, collection.columns
    if ranges is None:
        return
    fields = Fields(ranges.node)
    named = [fields.map["from"], fields.map["to"], *fields.items("within")]
    unknown = [node for node in named if str(node.value) not in columns]
    for node in unknown:
        near = nearest(str(node.value), list(columns))
        found.add(
            "collection.unknown-column", node.place, collection=collection.id, column=node.value, nearest=near, there=", ".join(columns)
        )  # fmt: skip
    if unknown:
        return
    first, last = columns[ranges.first], columns[ranges.last]
    numbers = all(item.type in ("number", "integer") for item in (first, last))
    if not (numbers and first.unit == last.unit) and not first.type == last.type == "date":
        place = fields.map["to"].place
        found.add("collection.range-type", place, collection=collection.id, first=first.id, last=last.id)


def _takes(collection: Collection, found: Found) -> None:
    """What the columns take from children; the words by which a row names its child are no names of columns."""
    for column in collection.columns.values():
        _take(column, collection, found)
        if collection.rulesets and column.id in CHILD_WORDS:
            found.add("collection.row-word", column.place, collection=collection.id, name=column.id)


def _take(item: Input, collection: Collection | None, found: Found) -> None:
    if item.take is None or item.node is None:
        return
    place = Fields(item.node).map["take"].place
    if collection is None or not collection.rulesets:
        found.add("collection.take-nowhere", place, name=item.id)
    wanted = "date" if item.take in ("@period_start", "@period_end") else "text" if item.take[0] == "@" else ""
    if wanted and item.type != wanted and (wanted, item.type) != ("text", "choice"):
        found.add("collection.take-type", place, take=item.take, wanted=wanted)


def _origin(fields: Fields, rules: Rules, found: Found, origin: Origin | None = None) -> None:
    """A source must be listed, and a clause must be one that was read in it."""
    origin = origin or fields.origin()
    source, node = origin.source, fields.get("source") or fields.node
    if source is not None and source not in rules.sources:
        found.add("reference.unknown-source", node.place, name=source, nearest=nearest(source, list(rules.sources)))
        return
    if origin.basis in ("stated", "sibling") and source is None:
        found.add("reference.no-source", (fields.get("basis") or fields.node).place, basis=origin.basis)
    clause = origin.clause
    if clause is not None and clause != NOT_SEEN:
        clauses = Fields(rules.sources[source]).get("clauses") if source else None
        seen = list(cast(Mapping[str, Node], clauses.value)) if clauses is not None else []
        if clause not in seen:
            place = (fields.get("clause") or fields.node).place
            found.add("reference.clause-not-seen", place, clause=clause, source=source or "", there=", ".join(seen))


def _input(item: Input, rules: Rules, found: Found) -> None:
    fields = Fields(item.node) if item.node is not None else None
    if item.type in ("number", "integer") and item.unit is None:
        found.add("input.no-unit", item.place, name=item.id)
    _evidence(item, fields, rules, found)
    if item.type == "choice" and not choices_of(item, rules.tables):
        found.add("input.no-choices", _field(item, fields, "choices_from"), name=item.id)
    if isinstance(item.min, Decimal) and isinstance(item.max, Decimal) and item.min > item.max:
        found.add("input.range", _field(item, fields, "min"), name=item.id, min=plain(item.min), max=plain(item.max))
    if item.type == "date":
        _day(item, fields, found)
    default = fields.get("default") if fields is not None and item.default is not None else None
    if default is not None:
        _default(item, default, rules, found)


def _field(item: Input, fields: Fields | None, name: str) -> Place:
    """Where the value of a field stands, or, where it is not written, the input."""
    node = fields.get(name) if fields is not None else None
    return item.place if node is None else node.place


def _evidence(item: Input, fields: Fields | None, rules: Rules, found: Found) -> None:
    written = {str(node.value): node.place for node in fields.items("evidence")} if fields is not None else {}
    for kind in (*item.evidence, *(k for kinds in (item.evidence_by_choice or {}).values() for k in kinds)):
        if kind not in rules.evidence:
            place = written.get(kind, item.place)
            found.add("evidence.unknown-kind", place, kind=kind, nearest=nearest(kind, list(rules.evidence)))


def _default(item: Input, node: Node, rules: Rules, found: Found) -> None:
    value, choices = scalar(node), choices_of(item, rules.tables)
    wanted: dict[str, type] = {"number": Decimal, "integer": Decimal, "boolean": bool}
    if not isinstance(value, wanted.get(item.type, str)):
        found.add("input.default-type", node.place, name=item.id, type=item.type)
    elif isinstance(value, Decimal) and not _between(value, item):
        found.add("input.default-range", node.place, name=item.id, value=plain(value))
    elif choices and value not in choices:
        found.add("input.default-choice", node.place, name=item.id, value=value, nearest=nearest(str(value), choices))


def _between(value: Decimal, item: Input) -> bool:
    low, high = item.min, item.max
    return not (isinstance(low, Decimal) and value < low) and not (isinstance(high, Decimal) and value > high)


def _day(item: Input, fields: Fields | None, found: Found) -> None:
    """Limits and default of a date must be days that exist (limits may also be the period's own days)."""
    for name in ("min", "max", "default"):
        node = fields.get(name) if fields is not None else None
        if node is None or node.value is None or (name != "default" and node.value in ("period_start", "period_end")):
            continue
        if not is_day(str(node.value)):
            found.add("input.date", node.place, name=item.id, text=node.text)


def anchors(rules: Rules, found: Found) -> None:
    """Anchors that are numbers, or name a parameter, must rise or fall as a whole. Looked-up ones are held to it when run."""
    for indicator in rules.indicators.values():
        score = Fields(indicator.node).get("score")
        listed = Fields(score).items("anchors") if score is not None else ()
        values = [_constant(cast(tuple[Node, ...], anchor.value)[0], rules) for anchor in listed]
        known = [value for value in values if value is not None]
        pairs = list(zip(known, known[1:], strict=False))
        if not (all(a < b for a, b in pairs) or all(a > b for a, b in pairs)):
            shown = ", ".join("?" if value is None else plain(value) for value in values)
            found.add(
                "score.anchors-order",
                Fields(cast(Node, score)).map["anchors"].place,
                indicator=indicator.id,
                anchors=shown,
            )


def _constant(node: Node, rules: Rules) -> Decimal | None:
    value = scalar(node)
    if isinstance(value, str) and value.strip() in rules.parameters:
        value = rules.parameters[value.strip()].value
    return value if isinstance(value, Decimal) else None


def unknown_collection(draft: Draft, rules: Rules, found: Found) -> None:
    formula = rules.formulas.get(draft.id)
    found.add(
        "formula.unknown-collection",
        formula.per_place if formula is not None else draft.place,
        name=str(draft.per),
        nearest=nearest(str(draft.per), list(rules.collections)),
    )

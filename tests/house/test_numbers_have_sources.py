"""Every number of every shipped ruleset and table says its unit and where it comes from; a clause is quoted only when it was read.

The engine checks the same when a ruleset is loaded; this is another way to the same end, over the plain YAML, and also looks at what
the engine lets pass: a variant that changes a number and keeps the source of the old one, a constant hidden in a formula.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju.diagnostics.finding import Found
from guiju.ruleset.load import files_of
from guiju.source.files import read_file
from guiju.source.node import data
from shipped import RULESETS

Entry = Mapping[str, Any]
FOLDERS = sorted({path.parent for path in RULESETS.glob("*/*/ruleset.yaml") if path.parts[-3] != "tables"})
TABLES = sorted((RULESETS / "tables").glob("*/*.yaml"))
BASES = ("stated", "sibling", "proposed")
SMALL = {
    Decimal(n) for n in (0, 1, 2, 3, 100)
}  # counts and shares; every other constant is a parameter with unit and source
ABOUT = {"parameters": ("value", "unit"), "indicators": ("weight", "score", "value", "unit", "round"), "gates": ("value", "bands", "round", "compare", "condition"),
         "tables": ("rows",), "formulas": ("expr", "round")}  # fmt: skip


def read(path: Path) -> dict[str, Any]:
    found = Found()
    node = read_file(path, path.name, found)
    assert node is not None, found.findings
    content: dict[str, Any] = data(node)
    return content


def merged(folder: Path) -> dict[str, Any]:
    """The sections that a version has, or writes itself where it extends another, with all the sources it may name."""
    whole = written(folder)
    if "extends" not in whole:
        return whole
    base = merged(folder.parent.parent / Path(*whole["extends"].split("@")))
    revised = whole.get("revise", {})
    news = [revised.get(action, {}).get("sources", {}) for action in ("add", "replace")]
    sources = dict(base.get("sources", {}))
    for more in (*news, whole.get("sources", {})):
        sources |= more
    for name, fields in revised.get("change", {}).get("sources", {}).items():
        sources[name] = {**sources[name], **fields}
    return {**whole, "sources": sources}


def written(folder: Path) -> dict[str, Any]:
    whole: dict[str, Any] = {}
    for path in files_of(folder):
        for key, value in read(path).items():
            whole[key] = {**whole[key], **value} if key in whole and isinstance(value, dict) else value
    return whole


def is_number(value: Any) -> bool:
    return isinstance(value, (int, Decimal)) and not isinstance(value, bool)


def faults(ruleset: Entry) -> Iterator[str]:
    """What is wrong with the numbers of a ruleset, as `section.name: what`."""
    sources = ruleset.get("sources", {})
    grade = {"gates": ruleset.get("grade", {}).get("gates", {})}
    yield from of_sections({**ruleset, **grade}, sources, "")
    overlays = {**ruleset.get("variants", {}), **({"revise": ruleset["revise"]} if "revise" in ruleset else {})}
    for name, overlay in overlays.items():
        for action in ("add", "replace"):
            yield from of_sections(overlay.get(action, {}), sources, f"{name} {action} ")
        yield from of_changes(overlay.get("change", {}), sources, f"{name} change ")


def of_sections(sections: Entry, sources: Entry, where: str) -> Iterator[str]:
    for name, entry in sections.get("parameters", {}).items():
        yield from of_origin(entry, sources, f"{where}parameters.{name}")
        if is_number(entry["value"]) and not entry.get("unit"):
            yield f"{where}parameters.{name}: a number without a unit"
    for name, table in sections.get("tables", {}).items():
        yield from of_table(table, sources, f"{where}tables.{name}")
    for section in ("formulas", "indicators", "preconditions", "claims", "gates"):
        for name, entry in sections.get(section, {}).items():
            yield from of_origin(entry, sources, f"{where}{section}.{name}")
            yield from of_texts(entry, f"{where}{section}.{name}")
    for name, entry in sections.get("formulas", {}).items():
        if "type" not in entry and not entry.get("unit"):
            yield f"{where}formulas.{name}: a number without a unit"
    for name, entry in sections.get("indicators", {}).items():
        scored = entry.get("score", {}).get("kind") in ("linear", "steps")
        if scored and not entry.get("unit"):
            yield f"{where}indicators.{name}: anchors without a unit"
    for name, entry in sections.get("gates", {}).items():
        if "bands" in entry and not entry.get("unit"):
            yield f"{where}gates.{name}: bands without a unit"
    for name, entry in of_inputs(sections):
        if entry.get("type", "number") in ("number", "integer") and not entry.get("unit"):
            yield f"{where}{name}: a number without a unit"


def of_inputs(sections: Entry) -> Iterator[tuple[str, Entry]]:
    yield from ((f"inputs.{name}", entry) for name, entry in sections.get("inputs", {}).items())
    for collection, entry in sections.get("collections", {}).items():
        yield from ((f"collections.{collection}.{name}", column) for name, column in entry["columns"].items())


def of_table(table: Entry, sources: Entry, where: str) -> Iterator[str]:
    numbers = [name for name, column in table["columns"].items() if column.get("type", "number") == "number"]
    yield from (
        f"{where}.{name}: a column of numbers without a unit"
        for name in numbers
        if not table["columns"][name].get("unit")
    )
    for index, row in enumerate(table["rows"]):
        own = {key: row.get(key, table.get(key)) for key in ("basis", "source", "clause")}
        if "source" in row and row["source"] != table.get("source"):
            own["clause"] = row.get("clause")  # the clause of another document does not go with it
        yield from of_origin(
            {key: value for key, value in own.items() if value is not None}, sources, f"{where} row {index}"
        )


def of_origin(entry: Entry, sources: Entry, where: str) -> Iterator[str]:
    for prefix in ("", "weight_"):
        basis, source = entry.get(f"{prefix}basis"), entry.get(f"{prefix}source")
        if not prefix and basis not in BASES:
            yield f"{where}: no basis"
        if basis in ("stated", "sibling") and not (source or (prefix and entry.get("source"))):
            yield f"{where}: {basis} by no source"
        if source is not None and source not in sources:
            yield f"{where}: unknown source {source}"
    clause, source = entry.get("clause"), entry.get("source")
    if clause is not None and clause != "not seen" and clause not in sources.get(str(source), {}).get("clauses", {}):
        yield f"{where}: clause {clause} is in no list of clauses seen"
    if entry.get("basis") == "stated" and clause is None:
        yield f"{where}: stated without saying where"


def of_changes(changes: Entry, sources: Entry, where: str) -> Iterator[str]:
    """A variant that gives another number says on what basis, or it would go under the old one's name."""
    for section, telling in ABOUT.items():
        for name, entry in changes.get(section, {}).items():
            yield from of_texts(entry, f"{where}{section}.{name}")
            numbers = [field for field in telling if field in entry and any(map(is_number, leaves(entry[field])))]
            said = {"basis", "weight_basis", "band_basis"} & set(entry)
            if numbers and not said:
                yield f"{where}{section}.{name}: {', '.join(numbers)} changed, the basis is still the old one's"
            if entry.get("clause") not in (None, "not seen") and entry["clause"] not in sources.get(
                entry.get("source"), {}
            ).get("clauses", {}):
                yield f"{where}{section}.{name}: clause {entry['clause']} is in no list of clauses seen"


def leaves(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        for item in value.values():
            yield from leaves(item)
    elif isinstance(value, list):
        for item in value:
            yield from leaves(item)
    else:
        yield value


def of_texts(entry: Entry, where: str) -> Iterator[str]:
    """Constants inside formulas."""
    texts = [entry[field] for field in ("expr", "value", "applies", "condition") if isinstance(entry.get(field), str)]
    score = entry.get("score", {})
    texts += [score["expr"]] if "expr" in score else []
    texts += [anchor[0] for anchor in score.get("anchors", ()) if isinstance(anchor[0], str)]
    texts += [need["expr"] for need in entry.get("requires", {}).values()]
    for text in texts:
        for number in constants(text):
            if number not in SMALL:
                yield f"{where}: the constant {number} stands in a formula, without unit and source"


def constants(text: str) -> Iterator[Decimal]:
    """The numbers of a formula, but for exponents, digits and months, which are no quantities."""
    flat = " ".join(text.split())
    tree = ast.parse(flat, mode="eval")
    free = {id(node.args[1]) for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            and node.func.id in ("power", "root", "round", "months_after") and len(node.args) > 1}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and is_number_text(node.value) and id(node) not in free:
            yield Decimal(ast.get_source_segment(flat, node) or "0")


def is_number_text(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}@{folder.name}")
def test_rulesets(folder: Path) -> None:
    assert list(faults(merged(folder))) == []


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}@{path.stem}")
def test_external_tables(path: Path) -> None:
    table = read(path)
    assert list(of_table(table, table.get("sources", {}), path.stem)) == []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: f"{folder.parent.name}@{folder.name}")
def test_a_source_that_nobody_read_has_no_clauses(folder: Path) -> None:
    """Clauses are listed for what was read; a text that is known from others' words or not at all has none."""
    for name, source in merged(folder)["sources"].items():
        assert source["access"] in ("read", "secondary", "not_seen")
        assert source["access"] == "read" or not source.get("clauses"), name


# -- the check itself: a copy in which something is left out must be found -----------------------------------------------------
def first(sections: Entry, wish: Callable[[Any], bool]) -> Any:
    return next(entry for entry in sections.values() if wish(entry))


def break_clause(ruleset: Any) -> None:
    first(ruleset["formulas"], lambda entry: "source" in entry)["clause"] = "99.9"


def break_variant(ruleset: Any) -> None:
    overlay = next(iter(ruleset["variants"].values()))
    overlay.setdefault("change", {}).setdefault("parameters", {})["made_up"] = {"value": 5}


BREAKS: dict[str, tuple[Callable[[Any], Any], str]] = {
    "parameter without unit": (
        lambda r: first(r["parameters"], lambda e: is_number(e["value"])).pop("unit"),
        "without a unit",
    ),
    "parameter without basis": (lambda r: first(r["parameters"], lambda e: True).pop("basis"), "no basis"),
    "parameter without source": (
        lambda r: first(r["parameters"], lambda e: e["basis"] == "sibling").pop("source"),
        "by no source",
    ),
    "unknown source": (
        lambda r: first(r["parameters"], lambda e: "source" in e).update(source="hearsay"),
        "unknown source",
    ),
    "column without unit": (
        lambda r: first(first(r["tables"], lambda e: True)["columns"], lambda e: "unit" in e).pop("unit"),
        "without a unit",
    ),
    "row without basis": (
        lambda r: first(r["tables"], lambda e: "basis" in e and not any("basis" in row for row in e["rows"])).pop(
            "basis"
        ),
        "no basis",
    ),
    "clause not in the list": (break_clause, "no list of clauses seen"),
    "formula without basis": (lambda r: first(r["formulas"], lambda e: True).pop("basis"), "no basis"),
    "constant in a formula": (lambda r: first(r["formulas"], lambda e: True).update(expr="gross * 3.667"), "3.667"),
    "indicator without basis": (lambda r: first(r["indicators"], lambda e: True).pop("basis"), "no basis"),
    "gate without unit": (lambda r: first(r["grade"]["gates"], lambda e: "bands" in e).pop("unit"), "without a unit"),
    "input without unit": (lambda r: first(r["inputs"], lambda e: "unit" in e).pop("unit"), "without a unit"),
    "variant changes a number": (break_variant, "the basis is still the old one's"),
}


@pytest.mark.parametrize("name", BREAKS)
def test_the_check_sees_what_is_left_out(name: str) -> None:
    ruleset = deepcopy(merged(RULESETS / "carbon-neutral-mine" / "2025.1"))
    known = set(faults(ruleset))
    change, told = BREAKS[name]
    change(ruleset)
    fresh = set(faults(ruleset)) - known
    assert any(told in fault for fault in fresh), fresh

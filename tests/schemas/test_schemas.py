"""The JSON Schemas are valid, closed, described for the editor, and say the right thing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry

FOLDER = Path(__file__).resolve().parents[2] / "schemas"
NAMES = sorted(path.name for path in FOLDER.glob("*.schema.json"))
SCHEMAS: dict[str, Any] = {
    name: json.loads((FOLDER / name).read_text(encoding="utf-8"), parse_float=Decimal) for name in NAMES
}
MAPS = ("$defs", "properties", "patternProperties", "dependentSchemas")
SINGLE = ("additionalProperties", "items", "if", "then", "else", "not")
LISTS = ("prefixItems", "allOf", "anyOf")
BOTH = {"zh": "规", "en": "rule"}


def walk(node: Any, place: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every sub-schema with its place; a condition (`if`) asks, it declares nothing, so it is left out."""
    if not isinstance(node, dict):
        return
    yield place, node
    for word in MAPS:
        for key, child in node.get(word, {}).items():
            yield from walk(child, f"{place}/{word}/{key}")
    for word in SINGLE:
        if word != "if":
            yield from walk(node.get(word), f"{place}/{word}")
    for word in LISTS:
        for index, child in enumerate(node.get(word, [])):
            yield from walk(child, f"{place}/{word}/{index}")


def objects(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The sub-schemas that declare an object; those without `type` only refine one declared elsewhere."""
    for place, node in walk(schema):
        kind = node.get("type", [])
        if "object" in ([kind] if isinstance(kind, str) else kind):
            yield place, node


def fields(node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    yield from node.get("properties", {}).items()
    yield from node.get("patternProperties", {}).items()
    if isinstance(node.get("additionalProperties"), dict):
        yield "*", node["additionalProperties"]


def description(field: Any, schema: dict[str, Any]) -> str:
    while "description" not in field and "$ref" in field:
        field = schema["$defs"][field["$ref"].removeprefix("#/$defs/")]
    return str(field.get("description", ""))


def errors(name: str, document: Any) -> list[tuple[str, str]]:
    validator = Draft202012Validator(SCHEMAS[f"{name}-1.schema.json"], registry=Registry())
    found = validator.iter_errors(document)
    return [("/".join(str(step) for step in error.absolute_path), error.message) for error in found]


def test_all_are_here() -> None:
    assert [name.removesuffix("-1.schema.json") for name in NAMES] == [
        "assessment",
        "case",
        "ruleset",
        "table",
        "tests",
    ]


@pytest.mark.parametrize("name", NAMES)
def test_schema_is_valid(name: str) -> None:
    schema = SCHEMAS[name]
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"https://guiju.example/schemas/{name}"
    assert schema["title"] and schema["description"]


@pytest.mark.parametrize("name", NAMES)
def test_every_property_has_a_description(name: str) -> None:
    schema = SCHEMAS[name]
    silent = [
        f"{place}/{key}"
        for place, node in objects(schema)
        for key, field in fields(node)
        if not re.search(r"^[ -~]+ · .*[\u4e00-\u9fff]", description(field, schema))
    ]
    assert silent == []


@pytest.mark.parametrize("name", NAMES)
def test_every_object_is_closed(name: str) -> None:
    assert [place for place, node in objects(SCHEMAS[name]) if "additionalProperties" not in node] == []


@pytest.mark.parametrize("name", NAMES)
def test_references_stay_inside_and_every_definition_is_used(name: str) -> None:
    wanted = set(re.findall(r'"\$ref": "([^"]*)"', (FOLDER / name).read_text(encoding="utf-8")))
    assert wanted == {f"#/$defs/{key}" for key in SCHEMAS[name]["$defs"]}


@pytest.mark.parametrize("name", NAMES)
def test_rules_name_only_declared_fields(name: str) -> None:
    """A misspelt name in a rule would never apply, and nobody would notice."""
    declared = {key for _, node in objects(SCHEMAS[name]) for key in node.get("properties", {})}
    text = json.dumps(SCHEMAS[name], default=str)
    named = {key for _, node in walk(SCHEMAS[name]) for key in node.get("properties", {})}
    for group in re.findall(r'"required": \[([^\]]*)\]', text):
        named |= set(json.loads(f"[{group}]"))
    assert named - declared == set()


def test_copied_definitions_agree() -> None:
    """No schema refers to another file (an editor would go looking for it), so some text is copied."""
    first: dict[str, Any] = {}
    for schema in SCHEMAS.values():
        for key, definition in schema["$defs"].items():
            assert first.setdefault(key, definition) == definition, key


def test_what_can_be_revised_is_every_section() -> None:
    """A new section must be known to overlays as well. The grade is revised by its gates, variants only as wholes."""
    schema = SCHEMAS["ruleset-1.schema.json"]
    sections = {key for key, field in schema["properties"].items() if field.get("$ref") == f"#/$defs/{key}"}
    sections |= {"external_tables", "gates"}
    sections -= {"title", "status", "version", "grade", "revise"}
    definitions = {name: set(schema["$defs"][name]["properties"]) for name in ("overlay", "changes", "disabled")}
    assert definitions["overlay"] == definitions["disabled"] == sections
    assert definitions["changes"] == sections - {"variants"}


def test_copied_fields_agree() -> None:
    """Formulas, parameters and indicators spell out common fields, because every reference costs time."""
    definitions = SCHEMAS["ruleset-1.schema.json"]["$defs"]
    for part in ("formulaFields", "parameterFields", "indicatorFields"):
        properties = definitions[part]["properties"]
        assert properties["title"] == definitions["title"]
        assert properties["basis"] == definitions["basis"]
        for key, target in (("source", "id"), ("clause", "text")):
            wanted = {"description": definitions[key]["description"]} | definitions[target]
            assert properties[key] == wanted


FORMULA: dict[str, Any] = {"title": BOTH, "expr": "a / b", "unit": "t", "basis": "proposed"}
LEAF: dict[str, Any] = {"title": BOTH, "basis": "proposed", "value": "a", "unit": "t"}
CASE: dict[str, Any] = {
    "case": 1,
    "id": "example",
    "title": BOTH,
    "ruleset": "mine@2025.1",
    "role": "self",
    "subject": {"name": BOTH},
    "period": {"from": "2024-01-01", "to": "2024-12-31"},
    "inputs": {"a": Decimal("0.5"), "b": {"value": 3, "unit": "t", "origin": "public"}, "c": None},
    "collections": {"fuels": [{"fuel": "diesel", "mass": {"value": 1, "unit": "kt"}}]},
}


def one_test(**wishes: Any) -> dict[str, Any]:
    return {"tests": {"T1": {"title": BOTH, "file": "a.yaml", "origin": "derived", "expect": wishes}}}


def leaf(**score: Any) -> dict[str, Any]:
    return {"indicators": {"i": LEAF | {"score": score}}}


def change(**sections: Any) -> dict[str, Any]:
    return {"variants": {"coal.open": {"title": BOTH, "change": sections}}}


ACCEPTED = [
    ("ruleset", {}),
    ("ruleset", {"formulas": {"f": FORMULA}}),
    ("ruleset", leaf(kind="linear", anchors=[[Decimal("0.5"), 0], ["best", 100]])),
    ("ruleset", change(formulas={"f": {"round": {"mode": "up"}}})),
    ("ruleset", change(indicators={"i": {"score": {"expr": "a"}}})),
    ("case", CASE),
    ("tests", one_test(f={"value": 1, "unit": "t"}, grade={"value": "AA"}, g={"missing": True})),
]


@pytest.mark.parametrize(("name", "document"), ACCEPTED)
def test_accepted(name: str, document: Any) -> None:
    assert errors(name, document) == []


KINDS = "'lin' is not one of ['linear', 'steps', 'rubric', 'checklist', 'formula']"
NOT_HERE = "should not be valid under {}"
REFUSED = [
    ("ruleset", {"formulaz": {}}, "", "'formulaz' was unexpected"),
    ("ruleset", {"formulas": {"F": FORMULA}}, "formulas", "'F' does not match"),
    ("ruleset", {"formulas": {"f": FORMULA | {"basis": "stated"}}}, "formulas/f", "'source' is a required"),
    ("ruleset", {"formulas": {"f": FORMULA | {"type": "text"}}}, "formulas/f/unit", NOT_HERE),
    ("ruleset", {"inputs": {"a": {"title": BOTH}}}, "inputs/a", "'unit' is a required"),
    ("ruleset", leaf(kind="lin", anchors=[[0, 0], [1, 100]]), "indicators/i/score/kind", KINDS),
    ("ruleset", leaf(kind="linear"), "indicators/i/score", "'anchors' is a required"),
    ("ruleset", change(units={"kt": {"equal": ""}}), "variants/coal.open/change/units/kt", "'equal' was"),
    ("case", CASE | {"period": {"from": "2024-1-1", "to": "2024-12-31"}}, "period/from", "does not match"),
    ("tests", one_test(), "tests/T1/expect", "should be non-empty"),
]


@pytest.mark.parametrize(("name", "document", "place", "message"), REFUSED)
def test_refused_once_and_at_the_right_place(name: str, document: Any, place: str, message: str) -> None:
    found = errors(name, document)
    assert [where for where, _ in found] == [place]
    assert message in found[0][1]

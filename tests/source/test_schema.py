"""The check against a JSON schema; one example of each code is in tests/bad/schema."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju.diagnostics.finding import Finding, Found
from guiju.diagnostics.words import codes, fix, sentence
from guiju.source import schema_rules
from guiju.source.schema import check
from guiju.source.yaml_text import read_text

DIAGNOSTICS = Path(schema_rules.__file__).parents[1] / "diagnostics"


def findings(schema: dict[str, Any], text: str, room: str = "schema") -> tuple[Finding, ...]:
    found = Found()
    node = read_text(text, "a.yaml", found)
    assert node is not None, found.findings
    check(node, schema, found, room)
    return found.findings


def facts(schema: dict[str, Any], text: str) -> dict[str, str]:
    (finding,) = findings(schema, text)
    return dict(finding.facts)


def test_good_data_gives_nothing() -> None:
    schema = {"type": "object", "properties": {"a": {"type": "number", "multipleOf": 0.01}, "b": {"type": "integer"}}}
    assert findings(schema, "a: 0.29\nb: 3\n") == ()


def test_decimals_and_floats_of_the_schema_do_not_clash() -> None:
    schema = {"properties": {"a": {"multipleOf": 0.1, "minimum": 0.1, "maximum": Decimal("0.7"), "enum": [0.3, 0.5]}}}
    assert findings(schema, "a: 0.3\n") == ()
    assert findings({"properties": {"a": {"multipleOf": 0.01}}}, f"a: {'9' * 30}.01\n") == ()


@pytest.mark.parametrize(
    ("wanted", "written", "instead"),
    [
        ("number", '"1,000"', "1000"),
        ("number", "1，000.5", "1000.5"),
        ("integer", '"1.5"', ""),
        ("boolean", "'true'", "true"),
        ("string", "2025.10", '"2025.10"'),
        ("string", "true", '"true"'),
        ("number", "many", ""),
        ("number", "[1]", ""),
        ("string", "", ""),
    ],
)
def test_a_wrong_type_says_what_to_write(wanted: str, written: str, instead: str) -> None:
    if "，" in written:
        written = f'"{written}"'
    assert facts({"properties": {"a": {"type": wanted}}}, f"a: {written}\n")["instead"] == instead


def test_the_nearest_key_and_value() -> None:
    schema = {"properties": {"unit": {}, "title": {}}, "additionalProperties": False}
    assert facts(schema, "titel: x\n")["nearest"] == "title"
    assert facts(schema, "zzz: x\n") == {"key": "zzz", "nearest": "", "allowed": "unit, title", "at": ""}
    assert facts({"enum": ["draft", "published"]}, "drafft\n")["nearest"] == "draft"


def test_keys_of_branches_and_references_count_as_known() -> None:
    schema = {
        "$defs": {"named": {"properties": {"title": {}}}},
        "properties": {
            "a": {"$ref": "#/$defs/named", "allOf": [{"properties": {"note": {}}}], "unevaluatedProperties": False}
        },
    }
    assert facts(schema, "a: {titel: x}\n")["nearest"] == "title"
    assert facts(schema, "a: {notes: x}\n")["nearest"] == "note"


def test_a_failing_branch_does_not_make_its_keys_unknown() -> None:
    schema = {"allOf": [{"properties": {"a": {"type": "number"}}}], "unevaluatedProperties": False}
    assert [finding.code for finding in findings(schema, "a: x\n")] == ["schema.type"]


def test_a_value_that_must_not_be_there_is_not_judged_further() -> None:
    schema = {"properties": {"a": {"type": "number"}}, "allOf": [{"properties": {"a": {"not": {}}}}]}
    assert [finding.code for finding in findings(schema, "a: x\n")] == ["schema.not-here"]


def test_the_condition_is_told_also_across_references() -> None:
    schema = {
        "$defs": {
            "origin": {
                "if": {"properties": {"basis": {"enum": ["stated"]}}, "required": ["basis"]},
                "then": {"required": ["source"]},
            }
        },
        "additionalProperties": {
            "$ref": "#/$defs/origin",
            "if": {"required": ["value"]},
            "then": {"required": ["unit"]},
        },
    }
    told = {dict(f.facts)["key"]: dict(f.facts)["because"] for f in findings(schema, "x: {value: 1, basis: stated}\n")}
    assert told == {"source": "basis: stated", "unit": "value: 1"}


def test_the_branch_that_was_meant_is_told() -> None:
    linear = {
        "properties": {"kind": {"const": "linear"}, "anchors": {"type": "array"}},
        "required": ["kind", "anchors"],
    }
    steps = {"properties": {"kind": {"const": "steps"}, "steps": {"type": "array"}}, "required": ["kind", "steps"]}
    either = {"oneOf": [linear, steps, {"type": "string"}]}
    (finding,) = findings(either, "kind: steps\nsteps: none\n")
    assert (finding.code, finding.place and finding.place.line) == ("schema.type", 2)
    assert facts(either, "kind: steps\n")["key"] == "steps"
    assert (
        facts({"anyOf": [{"type": "string"}, {"type": ["number", "null"]}]}, "[1]\n")["expected"]
        == "text, number, null"
    )


def test_descriptions_in_two_languages() -> None:
    schema = {"pattern": "^x$", "description": "An x · 一个 x"}
    (finding,) = findings(schema, "y\n")
    assert fix(finding, "en") == "An x"
    assert fix(finding, "zh") == "一个 x"
    assert facts({"pattern": "^x$", "description": "An x"}, "y\n")["description"] == "An x"


def test_paths_count_items_from_one() -> None:
    schema = {"additionalProperties": {"items": {"additionalProperties": {"type": "string"}}}}
    assert facts(schema, "a: [{b: x}, {c: 1}]\n")["at"] == "a[2].c"


def test_another_room() -> None:
    assert [finding.code for finding in findings({"type": "array"}, "a: 1\n", "messages")] == ["messages.type"]


def test_the_raw_sentence_is_never_shown() -> None:
    (finding,) = findings({"prefixItems": [{}], "unevaluatedItems": False}, "[1, 2]\n")
    assert "Unevaluated" not in sentence(finding, "en")


def test_a_reference_elsewhere_does_not_reach_the_network() -> None:
    with pytest.raises(Exception, match="example"):
        findings({"$ref": "https://example.org/other.json"}, "a: 1\n")


def test_every_rule_has_words() -> None:
    used = {path.name.rpartition("-")[0] for path in (Path(__file__).parents[1] / "bad" / "schema").iterdir()}
    assert {f"schema.{what}" for what in used} == {code for code in codes() if code.startswith("schema.")}


def test_the_words_are_as_their_schema_says() -> None:
    schema = json.loads((DIAGNOSTICS / "messages.schema.json").read_text(encoding="utf-8"))
    for path in sorted((DIAGNOSTICS / "messages").glob("*.yaml")):
        if path.name != "words.yaml":
            assert findings(schema, path.read_text(encoding="utf-8")) == (), path


def test_jsonschema_is_loaded_only_when_needed() -> None:
    program = "import sys, guiju.source.schema; sys.exit('jsonschema' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", program], env={"PYTHONPATH": ":".join(sys.path)}, check=False).returncode
        == 0
    )

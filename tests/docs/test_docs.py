"""What the documents show is what happens: examples run, formulas have the values shown, links lead somewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from markdown_blocks import Table, anchors, blocks, code, links, outside, tables
from workspace import ROOT, Workspace

import oracle
from formulas import exact
from guiju import pipeline
from guiju.diagnostics import words
from guiju.diagnostics.finding import Found
from guiju.diagnostics.words import sentence
from guiju.evaluation.run import Assessment, evaluate
from guiju.formula.grammar import CORE
from guiju.formula.library import library
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import Rounding, plain, round_to
from guiju.intake.case import check_case, read_header
from guiju.plan.check import own_units
from guiju.plan.model import Plan

DOCUMENTS = sorted(
    path
    for folder in (".", "docs", "engine", "benchmarks", "rulesets/*/*")
    for path in ROOT.glob(f"{folder}/*.md")
    if path.is_file()
)
FORMULAS = ROOT / "docs" / "formulas.md"
EXAMPLE = "rulesets/carbon-neutral-mine/2025.1/cases/underground.yaml"
FINGERPRINT = re.compile(r"\b[0-9a-f]{12}\b")
FOLDERS = ("docs", "engine", "rulesets", "schemas", "reports", "tests", "benchmarks")
PATH = re.compile(rf"`((?:{'|'.join(FOLDERS)})/[\w./@-]+|[A-Z][A-Za-z.]+\.md|[a-z]+/[a-z_]+\.(?:py|yaml))`")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# -- the documents themselves ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    for line, target in links(path.read_text(encoding="utf-8")):
        if "://" in target or target.startswith("mailto:"):
            continue
        file, _, anchor = target.partition("#")
        there = path.parent / file if file else path
        assert there.exists(), f"{name(path)}:{line}: {target} does not exist"
        if anchor:
            assert anchor in anchors(there), f"{name(path)}:{line}: {name(there)} has no heading #{anchor}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_files_that_are_named_exist(path: Path) -> None:
    homes = (ROOT, ROOT / "engine" / "guiju", path.parent)
    for line, text in outside(path.read_text(encoding="utf-8")):
        for match in PATH.finditer(text):
            assert any((home / match[1]).exists() for home in homes), f"{name(path)}:{line}: there is no {match[1]}"


@pytest.mark.parametrize("path", DOCUMENTS, ids=name)
def test_examples_run(path: Path, tmp_path: Path) -> None:
    chinese = path.name.endswith(".zh.md") or path.name == "revise.md"
    workspace = Workspace(tmp_path, "zh" if chinese else "en")
    for block in blocks(path.read_text(encoding="utf-8")):
        try:
            workspace.run(block)
        except AssertionError as error:
            pytest.fail(f"{name(path)}:{block.line}: {error}")
    for folder in sorted({file.parent for file in workspace.written if file.name == "ruleset.yaml"}):
        found = Found()
        ruleset = pipeline.read_ruleset(str(folder), [tmp_path / "rulesets"], found)
        assert ruleset is not None, shown(found)
        pipeline.all_plans(ruleset, found)
        if path != FORMULAS:  # whose names are used by the rows of its tables
            assert not found.findings, shown(found)


def shown(found: Found) -> str:
    return "\n".join(f"{finding.place} {sentence(finding, 'en')}" for finding in found.findings)


@pytest.mark.parametrize(("language", "file"), [("en", "scorecard.svg"), ("zh", "scorecard.zh.svg")])
def test_picture_is_what_is_drawn(language: str, file: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """Run with --accept to draw the pictures of the documents anew. Fingerprints in them may be older."""
    workspace = Workspace(tmp_path, language)
    workspace.command(f"guiju evaluate {EXAMPLE} --picture new.svg", 0)
    drawn, kept = (tmp_path / "new.svg").read_text(encoding="utf-8"), ROOT / "docs" / file
    if request.config.getoption("--accept"):
        kept.write_text(drawn, encoding="utf-8")
    assert FINGERPRINT.sub("", drawn) == FINGERPRINT.sub("", kept.read_text(encoding="utf-8"))


# -- formulas.md ----------------------------------------------------------------------------------------------------------
def rows(header: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    for table in tables(FORMULAS.read_text(encoding="utf-8")):
        if table.header == header:
            yield from table.rows


EXAMPLES = [(line, code(text), code(unit), value) for line, (text, unit, value) in rows(("formula", "unit", "value"))]
WRONG = [(line, code(text), code(name_), says) for line, (text, name_, says) in rows(("wrong", "code", "what it says"))]
ROUNDED = [(line, value, code(rule), wish) for line, (value, rule, wish) in rows(("value", "round", "result"))]


def formula(id_: str, text: str, unit: str) -> str:
    kind = f"type: {unit}" if unit in ("boolean", "text", "date") else f"unit: {json.dumps(unit)}"
    return f"  {id_}: {{title: {{zh: 例, en: example}}, expr: {json.dumps(text, ensure_ascii=False)}, {kind}, basis: proposed}}\n"


def planned(folder: Path, formulas: str) -> tuple[Plan | None, Found, Path]:
    """The ruleset of the page with more formulas."""
    workspace = Workspace(folder, "en")
    for block in blocks(FORMULAS.read_text(encoding="utf-8")):
        workspace.write(block)
    home = folder / "rulesets" / "formula-examples" / "1"
    (home / "examples.yaml").write_text(f"formulas:\n{formulas}", encoding="utf-8")
    found = Found()
    ruleset = pipeline.read_ruleset(str(home), [], found)
    assert ruleset is not None, shown(found)
    return pipeline.make_plan(ruleset, None, {}, found), found, home


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory) -> Assessment:
    lines = "".join(formula(f"example_{line}", text, unit) for line, text, unit, _ in EXAMPLES)
    plan, found, home = planned(tmp_path_factory.mktemp("formulas"), lines)
    assert plan is not None, shown(found)
    header = read_header(home / "cases" / "example.yaml", found)
    case = check_case(header, plan, found) if header is not None else None
    assert case is not None, shown(found)
    return evaluate(plan, case)


def as_shown(value: Any) -> str:
    if isinstance(value, NotComputed):
        return f"missing: {value.code}"
    if isinstance(value, bool):
        return "true" if value else "false"
    return plain(value) if isinstance(value, Decimal) else str(value)


@pytest.mark.parametrize(("line", "text", "unit", "wish"), EXAMPLES, ids=[f"{row[0]}: {row[1]}" for row in EXAMPLES])
def test_formula_has_the_value_shown(line: int, text: str, unit: str, wish: str, computed: Assessment) -> None:
    assert as_shown(computed.values[f"example_{line}"]) == wish, "the staged run"
    assert as_shown(walked(computed, f"example_{line}")) == wish, "the exact walker"


def walked(assessment: Assessment, node_id: str) -> Any:
    """The value by the walker in the exact domain, of the formula with its conversions written out."""
    plan = assessment.plan
    columns = {key: value for key, value in assessment.values.items() if "." in key or key in plan.collections}
    return exact(plan.nodes[node_id].text, assessment.values, columns, plan.lookups, node_id)


NOT_FOR_THE_ORACLE = {*"ln exp root lookup convert year days_between months_after require".split(), *library()}
OTHER_SCALE = {"extra", "third"}  # the oracle knows no units
BY_ORACLE = [
    row
    for row in EXAMPLES
    if not (NOT_FOR_THE_ORACLE | OTHER_SCALE) & set(re.findall(r"\w+", row[1])) and row[2] not in ("date", "%")
]


@pytest.mark.parametrize(("line", "text", "unit", "wish"), BY_ORACLE, ids=[f"{row[0]}: {row[1]}" for row in BY_ORACLE])
def test_oracle_agrees(line: int, text: str, unit: str, wish: str, computed: Assessment) -> None:
    value = oracle.evaluate(text, oracle_names(computed))
    if isinstance(value, Fraction):
        number = Decimal(wish)
        assert abs(value - Fraction(number)) <= abs(Fraction(number)) / 10**33
    else:
        assert as_shown(value) == wish if value is not None else wish.startswith("missing")


def oracle_names(assessment: Assessment) -> dict[str, Any]:
    def given(value: Any) -> Any:
        return None if isinstance(value, NotComputed) else Fraction(value) if isinstance(value, Decimal) else value

    values = assessment.values
    names: dict[str, Any] = {key: given(value) for key, value in values.items() if not isinstance(value, list)}
    for name in assessment.plan.collections:
        columns = {key.partition(".")[2]: cells for key, cells in values.items() if key.startswith(f"{name}.")}
        rows_ = range(len(values[name]))
        names[name] = [{column: given(cells[row]) for column, cells in columns.items()} for row in rows_]
    return names


@pytest.mark.parametrize(("line", "text", "error", "says"), WRONG, ids=[f"{row[0]}: {row[1]}" for row in WRONG])
def test_wrong_formula_is_refused_as_shown(line: int, text: str, error: str, says: str, tmp_path: Path) -> None:
    plan, found, _ = planned(tmp_path, formula("wrong", text, "boolean" if set(text) & set("<>=") else "t"))
    assert plan is None
    sentences = {finding.code: sentence(finding, "en") for finding in found.findings}
    assert sentences.get(error) == says, sentences


@pytest.mark.parametrize(("line", "value", "rule", "wish"), ROUNDED)
def test_rounding_as_shown(line: int, value: str, rule: str, wish: str) -> None:
    fields = dict(part.split(": ") for part in rule.strip("{}").split(", "))
    mode = fields.pop("mode", "half_even")
    ((kind, amount),) = fields.items()
    assert plain(round_to(Decimal(value), Rounding(kind, Decimal(amount), mode))) == wish  # type: ignore[arg-type]


def test_every_function_has_an_example() -> None:
    used = {function for _, text, _, _ in EXAMPLES for function in re.findall(r"\w+(?=\()", text)}
    assert used >= set(CORE) | set(library())


def test_every_unit_and_every_cause_is_listed() -> None:
    lines = outside(FORMULAS.read_text(encoding="utf-8"))
    listed = {word for _, line in lines for word in re.findall(r"`([^`]+)`", line)}
    assert listed >= set(own_units())
    causes = {entry.removeprefix("value.") for entry in words.codes() if entry.startswith("value.")}
    assert listed >= causes


def keys_of(schema: Any) -> Iterator[str]:
    """Every key that a schema knows by name."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from keys_of(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from keys_of(part)


@pytest.mark.parametrize("schema", ["ruleset-1", "table-1", "case-1", "tests-1"])
def test_every_key_is_in_the_page_of_the_format(schema: str) -> None:
    text = (ROOT / "docs" / "ruleset.md").read_text(encoding="utf-8")
    keys = set(keys_of(json.loads((ROOT / "schemas" / f"{schema}.schema.json").read_text(encoding="utf-8"))))
    assert keys - set(re.findall(r"\w+", text)) == set()


def test_every_part_of_an_assessment_is_in_its_page() -> None:
    text = (ROOT / "docs" / "assessment.md").read_text(encoding="utf-8")
    schema = json.loads((ROOT / "schemas" / "assessment-1.schema.json").read_text(encoding="utf-8"))
    keys = {
        *schema["properties"],
        *schema["$defs"]["node"]["properties"],
        *schema["$defs"]["gradeResult"]["properties"],
    }
    assert keys - set(re.findall(r"\w+", text)) == set()


def test_tables_are_read() -> None:
    assert len(EXAMPLES) > 60
    assert WRONG
    assert ROUNDED
    assert isinstance(tables(FORMULAS.read_text(encoding="utf-8"))[0], Table)

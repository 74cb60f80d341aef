"""Small rulesets from plain data, written as real YAML files, loaded, planned and run by the engine's own stages.

Only what a test is about has to be said: titles, basis and identity are filled in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.describe import describe
from guiju.evaluation.run import Assessment, evaluate
from guiju.intake.case import check_case, read_header
from guiju.plan.model import Plan
from guiju.ruleset import load
from guiju.ruleset.model import Ruleset

Data = dict[str, Any]
TITLED = (
    "parameters",
    "tables",
    "inputs",
    "collections",
    "formulas",
    "indicators",
    "preconditions",
    "claims",
    "checks",
    "units",
    "evidence",
)
BASED = ("parameters", "tables", "formulas", "indicators", "preconditions", "claims", "checks")


def yaml(value: Any) -> str:
    """Data as YAML in flow style: numbers plain, text always quoted."""
    if isinstance(value, Mapping):
        return (
            "{"
            + ", ".join(f"{json.dumps(str(key), ensure_ascii=False)}: {yaml(item)}" for key, item in value.items())
            + "}"
        )
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(yaml, value)) + "]"
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, (int, Decimal)):
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    return json.dumps(str(value), ensure_ascii=False)


def title(name: str) -> Data:
    return {"zh": name, "en": name}


def filled(sections: Mapping[str, Any]) -> Data:
    """Sections with the titles and bases that a test does not care about."""
    result: Data = {}
    for section, entries in sections.items():
        result[section] = entries
        if section in TITLED:
            result[section] = {name: _entry(section, name, entry) for name, entry in entries.items()}
        if section == "grade":
            result[section] = _grade(entries)
    return result


def _entry(section: str, name: str, entry: Mapping[str, Any]) -> Data:
    extra: Data = {"title": title(name)}
    if section in BASED:
        extra["basis"] = "proposed"
    result = {**extra, **entry}
    if section in ("collections", "tables"):
        result["columns"] = {column: {"title": title(column), **fields} for column, fields in entry["columns"].items()}
    if section == "claims":
        result["requires"] = {key: {"title": title(key), "expr": expr} for key, expr in entry["requires"].items()}
    if section == "indicators" and "score" in entry:
        result["score"] = _score(entry["score"])
    return result


def _score(score: Mapping[str, Any]) -> Data:
    result = dict(score)
    for part in ("levels", "items"):
        if part in result:
            result[part] = {key: {"title": title(key), **fields} for key, fields in result[part].items()}
    return result


def _grade(entry: Mapping[str, Any]) -> Data:
    levels = {level: {"label": title(level)} for level in entry["levels"]}
    refusals = {refusal: {"label": title(refusal)} for refusal in entry.get("refusals", ())}
    gates = {name: {"title": title(name), "basis": "proposed", **fields} for name, fields in entry["gates"].items()}
    rest = {key: value for key, value in entry.items() if key not in ("levels", "refusals", "gates")}
    return {
        "title": title("grade"),
        "levels": levels,
        **({"refusals": refusals} if refusals else {}),
        "gates": gates,
        **rest,
    }


def variant(**actions: Any) -> Data:
    """An overlay: add and replace are filled in like sections, change and disable are taken as they are."""
    result: Data = {"title": title("variant")}
    for action, sections in actions.items():
        result[action] = sections if action in ("change", "disable") else _overlay(sections)
    return result


def _overlay(sections: Mapping[str, Any]) -> Data:
    gates = sections.get("gates")
    result = filled({key: value for key, value in sections.items() if key != "gates"})
    if gates is not None:
        result["gates"] = {
            name: {"title": title(name), "basis": "proposed", **fields} for name, fields in gates.items()
        }
    return result


def write(root: Path, sections: Mapping[str, Any], ref: str = "small@1", **identity: Any) -> Path:
    """rulesets/<id>/<version>/ruleset.yaml below `root`; gives the folder."""
    id_, _, version = ref.partition("@")
    folder = root / "rulesets" / id_ / version
    folder.mkdir(parents=True, exist_ok=True)
    head = {"format": 1, "id": id_, "version": version, "title": title(id_), "status": "draft", **identity}
    (folder / "ruleset.yaml").write_text(yaml({**head, **filled(sections)}) + "\n", encoding="utf-8")
    return folder


def write_table(root: Path, ref: str, keys: list[Data], columns: Mapping[str, Any], rows: list[Data]) -> Path:
    """rulesets/tables/<id>/<version>.yaml below `root`."""
    id_, _, version = ref.partition("@")
    path = root / "rulesets" / "tables" / id_ / f"{version}.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    named = {name: {"title": title(name), **fields} for name, fields in columns.items()}
    head = {"table": 1, "id": id_, "version": version, "title": title(id_), "status": "draft", "basis": "proposed"}
    path.write_text(yaml({**head, "keys": keys, "columns": named, "rows": rows}) + "\n", encoding="utf-8")
    return path


def write_case(
    path: Path, inputs: Mapping[str, Any] | None = None, collections: Mapping[str, Any] | None = None, **head: Any
) -> Path:
    """A case file; what it does not say is filled in."""
    data: Data = {
        "case": 1,
        "id": "case",
        "title": title("case"),
        "ruleset": "small@1",
        "role": "self",
        "subject": {"name": title("name")},
    }
    data |= {"period": {"from": "2024-01-01", "to": "2024-12-31"}, **head, "inputs": inputs or {}}
    data |= {"collections": collections} if collections else {}
    path.write_text(yaml(data) + "\n", encoding="utf-8")
    return path


@dataclass(frozen=True)
class Small:
    """A loaded small ruleset; `plan` and `run` fail the test when anything is found wrong."""

    root: Path
    folder: Path
    ruleset: Ruleset

    def plan(self, variant: str | None = None) -> Plan:
        found = Found()
        made = pipeline.make_plan(self.ruleset, variant, {}, found)
        assert made is not None, codes(found)
        return made

    def refused(self, variant: str | None = None) -> list[str]:
        """The codes of what planning finds wrong."""
        found = Found()
        assert pipeline.make_plan(self.ruleset, variant, {}, found) is None, "it was not refused"
        return codes(found)

    def run(self, inputs: Mapping[str, Any] | None = None, variant: str | None = None, **case: Any) -> Run:
        made = self.plan(variant)
        return run(made, write_case(self.root / "case.yaml", inputs, **case))


@dataclass(frozen=True)
class Run:
    """An assessment, its values by node, and its data."""

    assessment: Assessment

    def __getitem__(self, node: str) -> Any:
        return self.assessment.values[node]

    @property
    def data(self) -> Data:
        return describe(self.assessment)

    @property
    def grade(self) -> Any:
        return self.data["grade"]


def codes(found: Found) -> list[str]:
    return sorted(finding.code for finding in found.findings if not finding.code.startswith("lint."))


def small(root: Path, sections: Mapping[str, Any], variants: Mapping[str, Any] | None = None, **identity: Any) -> Small:
    """A small ruleset, written and loaded."""
    folder = write(root, {**sections, **({"variants": variants} if variants else {})}, **identity)
    found = Found()
    ruleset = load.load(folder, found)
    assert ruleset is not None, [(finding.code, finding.facts) for finding in found.findings]
    return Small(root, folder, ruleset)


def run(plan: Plan, case: Path) -> Run:
    """A case file under a plan."""
    found = Found()
    header = read_header(case, found)
    assert header is not None, [(finding.code, finding.facts) for finding in found.findings]
    checked = check_case(header, plan, found)
    assert checked is not None, [(finding.code, finding.facts) for finding in found.findings]
    return Run(evaluate(plan, checked))

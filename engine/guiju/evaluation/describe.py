"""Assessment → plain data: what goes into the file. Every number is a decimal string, places are relative to the ruleset,
titles are in both languages, nothing depends on when or where it was made."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import guiju
from guiju.evaluation import standing
from guiju.evaluation.levels import level_data
from guiju.evaluation.nodes import causes, node_data
from guiju.evaluation.quality import figure_data
from guiju.evaluation.run import Assessment, applies_whole, value_data
from guiju.formula.numbers import SEMANTICS, arithmetic
from guiju.intake.model import Child
from guiju.plan.model import Plan
from guiju.ruleset.fields import Fields
from guiju.ruleset.model import Identity, Indicator, Table, Words
from guiju.source.node import data

FORMAT = 1
_ALWAYS = ("formula", "input", "column")  # parameters and context only where something uses them


def describe(assessment: Assessment) -> dict[str, Any]:
    """The whole assessment as JSON-able data (schema assessment-1)."""
    with arithmetic():
        return _describe(assessment)


def _describe(assessment: Assessment) -> dict[str, Any]:
    plan = assessment.plan
    return {
        "assessment": FORMAT,
        "engine": {"name": "guiju", "version": guiju.__version__, "number_semantics": SEMANTICS},
        "ruleset": _ruleset(plan),
        "case": _case(assessment),
        **_children(assessment),
        "summary": _summary(assessment),
        "grade": standing.grade(assessment),
        "claims": standing.claims(assessment),
        "checks": standing.checks(assessment),
        "indicators": [_indicator(assessment, indicator, depth) for indicator, depth in _walk(plan)],
        "not_computed": _gaps(assessment),
        **_unevidenced(assessment),
        "nodes": {
            node.id: node_data(assessment, node)
            for node in plan.nodes.values()
            if node.kind in _ALWAYS or node.id in plan.used
        },
        **_titles(assessment),
        **({"report": plan.report} if plan.report else {}),
        "sources": {name: _source(plan, name) for name in plan.sources},
    }


def _titles(assessment: Assessment) -> dict[str, Any]:
    """What collections, columns of tables that are looked up, and kinds of evidence, lacking or there, are called."""
    plan = assessment.plan
    titles = {name: words(collection.title) for name, collection in plan.collections.items()}
    for target in dict.fromkeys(use.target for node in plan.formulas for use in node.uses if use.how == "cell"):
        table = plan.tables[target.partition(".")[0]]
        column = table.columns.get(target.partition(".")[2])
        if column is not None:
            zh, en = (
                f"{one}{sign}{two}" for one, sign, two in zip(_title(table), ("：", ": "), column.title, strict=True)
            )
            titles[target] = {"zh": zh, "en": en}
    lacking = [kind for each in assessment.proof.unproven for kind in each.lacking]
    there = [str(_plain(entry)["kind"]) for entry in assessment.case.evidence.values()]
    for kind in dict.fromkeys(kind for kind in (*lacking, *there) if kind in plan.evidence):
        titles[f"evidence:{kind}"] = words(plan.evidence[kind])
    return {"titles": titles} if titles else {}


def _title(table: Table) -> Words:
    found = Fields(table.node).words("title")
    assert found is not None
    return found


def _unevidenced(assessment: Assessment) -> dict[str, Any]:
    """Values without all the evidence that the ruleset asks for; nothing where there are none."""
    listed = [
        {"node": each.node, **({} if each.row is None else {"row": each.row}), "lacking": list(each.lacking)}
        for each in assessment.proof.unproven
    ]
    return {"unevidenced": listed} if listed else {}


def words(value: Words) -> dict[str, str]:
    return {"zh": value.zh, "en": value.en}


def _ruleset(plan: Plan) -> dict[str, Any]:
    ruleset = plan.ruleset
    return {
        "id": ruleset.id,
        "version": ruleset.version,
        "title": words(ruleset.title),
        "status": ruleset.status,
        "issued": ruleset.issued,
        "effective": ruleset.effective,
        "fingerprint": ruleset.fingerprint,
        **_extends(ruleset),
        "variant": plan.variant,
        **({"variant_titles": [words(title) for title in plan.variant_titles]} if plan.variant_titles else {}),
        "tables": {
            name: {"ref": pinned.ref, "fingerprint": pinned.fingerprint} for name, pinned in plan.pinned.items()
        },
    }


def _extends(ruleset: Identity) -> dict[str, Any]:
    """The versions that it extends, said only where there are any."""
    bases = [{"ref": base.ref, "fingerprint": base.fingerprint} for base in ruleset.bases]
    return {"extends": bases} if bases else {}


def _case(assessment: Assessment) -> dict[str, Any]:
    head = assessment.case.header
    return {
        "id": head.id,
        **({"file": head.path.name} if head.path is not None else {}),
        "title": words(head.title),
        "role": head.role,
        "subject": _plain(head.subject),
        "period": {"from": head.start.isoformat(), "to": head.end.isoformat()},
        **({"report": _plain(head.report)} if head.report else {}),
        "evidence": {key: _plain(entry) for key, entry in assessment.case.evidence.items()},
    }


def _plain(value: Any) -> Any:
    """Free data of a case with numbers as text."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


def _children(assessment: Assessment) -> dict[str, Any]:
    """The assessments that rows take from, each with its file and what it was made by; nothing where there are none."""
    listed = []
    for name, children in assessment.case.children.items():
        keys = assessment.values[f"{name}.{assessment.plan.collections[name].key}"]
        for key, child in zip(keys, children, strict=True):
            if child is not None:
                listed.append({"collection": name, "key": value_data(key), **_child(child)})
    return {"children": listed} if listed else {}


def _child(child: Child) -> dict[str, Any]:
    ruleset = child.data["ruleset"]
    entry = {
        child.how: child.file,
        "sha256": child.sha256,
        "id": child.id,
        "title": child.data["case"]["title"],
        "period": child.data["case"]["period"],
        "ruleset": child.ref,
        "variant": ruleset["variant"],
        "fingerprint": ruleset["fingerprint"],
        "illustrative": child.data["summary"]["illustrative"],
    }
    return entry | {name: child.data[name] for name in ("children",) if name in child.data}


def _summary(assessment: Assessment) -> dict[str, Any]:
    """How much of this rests on what: figures by origin, rules and numbers by basis."""
    plan, case = assessment.plan, assessment.case
    cells = [cell for rows in case.collections.values() for row in rows or () for cell in row.values()]
    figures = [
        cell for cell in cells if isinstance(cell.value, Decimal) or cell.origin not in (None, "child")
    ]  # names of rows are no figures
    given = [*case.inputs.values(), *figures]
    origins: dict[str, int] = {}
    for value in given:
        origins[value.origin or "unsaid"] = origins.get(value.origin or "unsaid", 0) + 1
    return {
        "illustrative": bool(case.header.subject.get("illustrative", False))
        or "illustrative" in origins
        or any(child.data["summary"]["illustrative"] for rows in case.children.values() for child in rows if child),
        "defaults": [name for name in plan.inputs if _took_default(assessment, name)],
        "inputs": str(len(given)),
        "inputs_by_origin": {key: str(origins[key]) for key in sorted(origins)},
        **_evidence(assessment),
        "rules_by_basis": {basis: str(count) for basis, count in plan.by_basis.items()},
    }


def _evidence(assessment: Assessment) -> dict[str, Any]:
    """How many values need evidence and have it; nothing where none needs any."""
    proof = assessment.proof
    return {"evidence": {"needed": str(proof.needed), "there": str(proof.there)}} if proof.needed else {}


def _took_default(assessment: Assessment, name: str) -> bool:
    given = assessment.case.inputs.get(name)
    return assessment.plan.inputs[name].default is not None and (given is None or given.value is None)


def _walk(plan: Plan) -> list[tuple[Indicator, int]]:
    """The indicators from the root down, each with its depth."""
    result: list[tuple[Indicator, int]] = []
    todo = [(name, 0) for name in plan.children.get("", ())]
    while todo:
        name, depth = todo.pop(0)
        result.append((plan.indicators[name], depth))
        todo = [(child, depth + 1) for child in plan.children.get(name, ())] + todo
    return result


def _indicator(assessment: Assessment, indicator: Indicator, depth: int) -> dict[str, Any]:
    plan, values = assessment.plan, assessment.values

    def part(name: str) -> Any:
        node = f"{indicator.id}.{name}"
        return value_data(values[node]) if node in values else None

    fields = Fields(indicator.node)
    applies = applies_whole(assessment, indicator)
    instead = f"{indicator.id}.otherwise" in values
    value_node = plan.nodes.get(f"{indicator.id}.value")
    levels = level_data(assessment, indicator.id)
    quality = figure_data(assessment.carried.get(f"{indicator.id}.value"))
    return {
        "id": indicator.id,
        "no": indicator.no,
        "title": words(indicator.title),
        "parent": indicator.parent,
        "depth": depth,
        "nature": indicator.nature,
        "kind": Fields(fields.map["score"]).text("kind") if "score" in fields else None,
        "tags": dict(indicator.tags),
        "basis": indicator.origin.basis,
        "weight": part("weight"),
        "applies": value_data(applies),
        "value": part("value"),
        "value_unit": value_node.unit if value_node else None,
        **{name: quality[name] for name in ("uncertainty", "tiers") if name in quality},
        "choice": value_data(values[f"{indicator.id}_level"]) if f"{indicator.id}_level" in values else None,
        "score": None if applies is False and not instead else part("score"),
        "contribution": part("contribution"),
        **({"levels": levels} if levels else {}),
    }


def _gaps(assessment: Assessment) -> list[dict[str, Any]]:
    """What was not computed, each with the causes where it began."""
    gaps = []
    for record in assessment.records:
        owner = assessment.plan.nodes[record.node].owner
        of = assessment.plan.indicators.get(owner or "")
        if of is not None and applies_whole(assessment, of) is False:
            continue  # what does not apply is no gap
        found = causes(assessment, record)
        if found:
            gaps.append({"node": record.node, "causes": found})
    return gaps


def _source(plan: Plan, name: str) -> dict[str, Any]:
    entry: dict[str, Any] = data(plan.sources[name])
    return {key: _plain(entry[key]) for key in ("title", "number", "edition", "address", "access") if key in entry}

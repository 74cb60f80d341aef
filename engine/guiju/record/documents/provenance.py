"""prov.json: where every value comes from, as W3C PROV-JSON (https://www.w3.org/submissions/prov-json/)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guiju.record.canonical import canonical, digest
from guiju.record.matter import Matter

QUICK = True
ENTRIES = ("prov.json",)
FILES, VALUES, DOCUMENTS, AGENTS = "file", "value", "evidence", "agent"
PREFIXES = (FILES, VALUES, DOCUMENTS, AGENTS, "run", "use", "made", "from", "by", "guiju")
RUN = "run:evaluation"


def make(matter: Matter) -> Mapping[str, bytes]:
    """Files, evidence and values as entities; the evaluation as the activity; who was assessed and the engine as agents."""
    return {"prov.json": canonical(_document(matter))}


def _document(matter: Matter) -> dict[str, Any]:
    data = matter.data
    files = {**matter.rulesets, **matter.cases}
    entities: dict[str, Any] = {
        f"{FILES}:{name}": {"prov:label": name, "guiju:sha256": digest(content)} for name, content in files.items()
    }
    entities[f"{FILES}:assessment.json"] = {"prov:label": "assessment.json", "prov:type": "guiju:assessment"}
    for item in matter.register["items"]:
        facts = {"prov:label": item["said"]["title"]["en"], "guiju:sha256": item["sha256"] or ""}
        entities[_document_id(item)] = {**facts, "prov:type": f"guiju:{item['said']['kind']}"}
    for name, node in data["nodes"].items():
        entities[f"{VALUES}:{name}"] = _value(node)
    used = {
        f"use:{n}": {"prov:activity": RUN, "prov:entity": f"{FILES}:{name}"} for n, name in enumerate(sorted(files))
    }
    return {
        "prefix": {name: f"urn:guiju:{name}:" for name in PREFIXES},
        "entity": entities,
        "activity": {RUN: {"prov:label": f"evaluation of {data['case']['id']}", "prov:type": "guiju:evaluation"}},
        "agent": {
            f"{AGENTS}:engine": {
                "prov:type": "prov:SoftwareAgent",
                "prov:label": f"{data['engine']['name']} {data['engine']['version']}",
            },
            f"{AGENTS}:subject": {"prov:type": "prov:Organization", "prov:label": _subject(data)},
        },
        "used": used,
        "wasGeneratedBy": {
            "made:assessment": {"prov:entity": f"{FILES}:assessment.json", "prov:activity": RUN},
            **{
                f"made:{name}": {"prov:entity": f"{VALUES}:{name}", "prov:activity": RUN}
                for name, node in data["nodes"].items()
                if node["kind"] == "formula"
            },
        },
        "wasDerivedFrom": _derived(matter),
        "wasAssociatedWith": {"by:engine": {"prov:activity": RUN, "prov:agent": f"{AGENTS}:engine"}},
        "wasAttributedTo": {"by:subject": {"prov:entity": f"{FILES}:{matter.main}", "prov:agent": f"{AGENTS}:subject"}},
    }


def _value(node: Mapping[str, Any]) -> dict[str, Any]:
    """What a value is. A column says how many rows it has."""
    facts = {"prov:label": node["title"]["en"], "prov:type": f"guiju:{node['kind']}", "guiju:unit": node["unit"] or ""}
    if "rows" in node:
        return {**facts, "guiju:rows": str(len(node["rows"]))}
    return {**facts, "prov:value": "" if node["value"] is None else str(node["value"])}


def _subject(data: Mapping[str, Any]) -> str:
    name = data["case"]["subject"].get("name")
    return str(name["en"] if isinstance(name, Mapping) else name or data["case"]["id"])


def _document_id(item: Mapping[str, Any]) -> str:
    return f"{DOCUMENTS}:{item['case']}/{item['id']}"


def _derived(matter: Matter) -> dict[str, Any]:
    """Values from values, values from evidence, the assessment from its values' headlines and grade."""
    nodes, pairs = matter.data["nodes"], dict[tuple[str, str], None]()
    for name, node in nodes.items():
        pairs |= {(f"{VALUES}:{name}", f"{VALUES}:{used}"): None for used in node.get("uses", {}) if used in nodes}
        if node["kind"] in ("input", "column"):
            pairs[f"{VALUES}:{name}", f"{FILES}:{matter.main}"] = None
    for item in matter.register["items"]:
        for proved in item["proves"] if item["case"] == matter.main else ():
            column = ".".join(part.partition("[")[0] for part in proved.split("."))
            if column in nodes:
                pairs[f"{VALUES}:{column}", _document_id(item)] = None
    return {
        f"from:{n}": {"prov:generatedEntity": made, "prov:usedEntity": source} for n, (made, source) in enumerate(pairs)
    }

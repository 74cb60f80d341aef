"""PROV-JSON and RO-Crate, read back by the reference libraries."""

from __future__ import annotations

import json
from pathlib import Path

import prov.model
import pytest
from made import UNDERGROUND, Entries, packed
from rocrate.rocrate import ROCrate

from guiju.record.canonical import digest
from guiju.record.matter import MANIFEST


@pytest.fixture(scope="module")
def entries() -> Entries:
    return packed(UNDERGROUND)


def test_prov_is_read_by_the_reference_library(entries: Entries) -> None:
    document = prov.model.ProvDocument.deserialize(content=entries["prov.json"].decode(), format="json")
    labels = {str(record.identifier): record for record in document.get_records(prov.model.ProvEntity)}
    assert "file:cases/underground.yaml" in labels
    assert "value:grade.result" in labels
    derived = {
        (str(values[0]), str(values[1]))
        for values in (record.args for record in document.get_records(prov.model.ProvDerivation))
    }
    assert ("value:legal_compliance", "evidence:cases/underground.yaml/ev_compliance") in derived
    assert ("value:coal_output", "file:cases/underground.yaml") in derived
    nodes = json.loads(entries["assessment.json"])["nodes"]
    wanted = {
        (f"value:{name}", f"value:{used}")
        for name, node in nodes.items()
        for used in node.get("uses", {})
        if used in nodes
    }
    assert wanted <= derived
    again = prov.model.ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
    assert again == document


def test_every_name_in_prov_is_declared(entries: Entries) -> None:
    data = json.loads(entries["prov.json"])
    known = {*data["entity"], *data["activity"], *data["agent"]}
    for relation in ("used", "wasGeneratedBy", "wasDerivedFrom", "wasAssociatedWith", "wasAttributedTo"):
        for record in data[relation].values():
            assert set(record.values()) <= known, relation


def test_crate_is_read_by_the_reference_library(entries: Entries, tmp_path: Path) -> None:
    for name, content in entries.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    crate = ROCrate(str(tmp_path))
    assert crate.root_dataset["datePublished"] in ("2024-12-31", "2024-12-31T00:00:00")
    files = {entity.id: entity for entity in crate.data_entities}
    assert set(files) == set(entries) - {"ro-crate-metadata.json"}
    for name, entity in files.items():
        if name != MANIFEST:
            assert entity["sha256"] == digest(entries[name])
            assert entity["contentSize"] == str(len(entries[name]))
    action = crate.dereference("#evaluation")
    assert action is not None
    assert {each.id for each in action["result"]} == {"assessment.json"}

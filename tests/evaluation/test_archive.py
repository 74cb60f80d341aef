"""Archived assessments of every published version, replayed: each value, each grade, as on the day they were made.

tests/archive/<id@version>/ holds case files and their assessments. They are never written anew: a later engine may add to an
assessment, it may not change what was said.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from guiju.evaluation.describe import describe
from guiju.ruleset.locate import installed
from shipped import RULESETS, TESTS, assessed

ARCHIVE = TESTS / "archive"
FILES = sorted(ARCHIVE.glob("*@*/*.json"))


def differences(old: Any, new: Any, way: str = "") -> Iterator[str]:
    """Where the new assessment says something else than the old one; what is new in it is no difference."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key, value in old.items():
            if key not in new:
                yield f"{way}/{key} is gone"
            else:
                yield from differences(value, new[key], f"{way}/{key}")
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for index, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from differences(one, other, f"{way}/{index}")
    elif old != new:
        yield f"{way}: {old!r} became {new!r}"


def replayed(file: Path) -> Any:
    return json.loads(json.dumps(describe(assessed(file.with_suffix(".yaml"), file.parent.name))))


def without_engine(data: dict[str, Any]) -> dict[str, Any]:
    """The version of the engine may differ; what its numbers mean may not."""
    data = deepcopy(data)
    del data["engine"]["version"]
    return data


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_replay(file: Path) -> None:
    archived = json.loads(file.read_text(encoding="utf-8"))
    assert list(differences(without_engine(archived), replayed(file))) == []


def test_every_published_version_is_in_the_archive() -> None:
    published = {version.ref for version in installed([RULESETS]) if version.status != "draft"}
    assert published == {file.parent.name for file in FILES}


def test_a_changed_value_is_a_difference() -> None:
    archived = json.loads(FILES[0].read_text(encoding="utf-8"))
    later = deepcopy(archived)
    name = next(name for name, node in later["nodes"].items() if node["kind"] == "formula")
    later["nodes"][name]["value"] = "0.123"
    later["nodes"]["new"] = {"kind": "formula"}
    assert [entry.partition(":")[0] for entry in differences(archived, later)] == [f"/nodes/{name}/value"]
    del later["grade"]
    assert "/grade is gone" in list(differences(archived, later))

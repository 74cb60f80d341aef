"""The quick test of a schema never says "fine" of what the library refuses; and of all that is shipped it says so at once."""

from __future__ import annotations

import copy
import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from guiju.diagnostics.finding import Found
from guiju.ruleset.shape import schema
from guiju.source.files import read_file
from guiju.source.node import data
from guiju.source.schema_quick import quick
from shipped import TESTS

RULESETS = TESTS.parent / "rulesets"
KINDS = {"cases": "case-1", "tests": "tests-1"}
FILES = sorted(path for path in RULESETS.rglob("*.yaml") if path.name != "lock.yaml")
OTHERS: list[Any] = [None, True, 0, -1, Decimal("0.5"), "", "x", "2024-01-01", [], {}, [1, 1], {"zh": "x"}, {"x": 1}]


def kind(path: Path) -> str:
    below = path.relative_to(RULESETS).parts
    return "table-1" if below[0] == "tables" else KINDS.get(path.parent.name, "ruleset-1")


def content(path: Path) -> Any:
    node = read_file(path, path.name, Found())
    assert node is not None
    return data(node)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to everything inside."""
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(each for key, item in below for each in places(item, (*way, key)))]


def spoiled(value: Any, chance: random.Random) -> Any:
    """The same data with one part replaced, left out or added."""
    value = copy.deepcopy(value)
    *above, last = chance.choice([way for way in places(value) if way])
    here = value
    for step in above:
        here = here[step]
    what = chance.randrange(3)
    if what == 0:
        del here[last]
    elif what == 1 and isinstance(here, dict):
        here[chance.choice(["x", "title", "unit", "note", "Bad key"])] = chance.choice(OTHERS)
    else:
        here[last] = chance.choice(OTHERS)
    return value


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(RULESETS).as_posix())
def test_shipped_files_are_fine_at_once(path: Path) -> None:
    assert quick(schema(kind(path)))(content(path))


@pytest.mark.parametrize("name", ["case-1", "ruleset-1", "table-1", "tests-1"])
def test_never_fine_where_the_library_refuses(name: str) -> None:
    chance, surely, library = random.Random(name), quick(schema(name)), Draft202012Validator(schema(name))
    files = sorted((path for path in FILES if kind(path) == name), key=lambda path: path.stat().st_size)[:8]
    agreed = 0
    for path in files:
        value = content(path)
        for _ in range(25):
            other = spoiled(value, chance)
            fine = library.is_valid(other)
            assert fine or not surely(other), json.dumps(other, default=str, ensure_ascii=False)[:500]
            agreed += fine == surely(other)
    assert agreed >= len(files) * 23, "where it is not sure, the library is asked; that must be rare"


@pytest.mark.parametrize(
    ("rule", "value"),
    [
        ({"enum": [1]}, True), ({"const": 1}, Decimal("1.0")), ({"uniqueItems": True}, [1, True]), ({"unknown": 1}, "x"),
        ({"$ref": "other.json"}, "x"), ({"not": {"enum": [1]}}, Decimal(1)),
    ],
)  # fmt: skip
def test_what_it_is_not_sure_of_is_for_the_library(rule: dict[str, Any], value: Any) -> None:
    assert quick(rule)(value) is False

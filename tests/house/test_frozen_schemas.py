"""The schemas of a format version are frozen: their fingerprints stand in rulesets/lock.yaml."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = sorted((ROOT / "schemas").glob("*.schema.json"))


def mark(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content.replace(bytes([13, 10]), bytes([10]))).hexdigest()}"


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.name)
def test_a_schema_is_the_one_of_the_lock(path: Path) -> None:
    locked = yaml.safe_load((ROOT / "rulesets" / "lock.yaml").read_text(encoding="utf-8"))["schemas"]
    name = path.name.removesuffix(".schema.json")
    assert locked.get(name) == mark(path.read_bytes()), (
        f"{path.name} changed. Before the first release: renew its line in rulesets/lock.yaml together with the changelog. "
        "After it: a changed format is a new format version with a schema of its own."
    )


def test_the_lock_names_no_schema_that_is_gone() -> None:
    locked = yaml.safe_load((ROOT / "rulesets" / "lock.yaml").read_text(encoding="utf-8"))["schemas"]
    assert set(locked) == {path.name.removesuffix(".schema.json") for path in SCHEMAS}

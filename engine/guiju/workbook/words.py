"""The words of workbooks, always in both languages: `words("value")` → (zh, en)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import cast

from guiju.diagnostics.finding import Found
from guiju.ruleset.model import Words
from guiju.source.node import data
from guiju.source.yaml_text import read_text


def words(key: str) -> Words:
    """A key that the file lacks is a fault of ours, so it raises."""
    entry = _load()[key]
    return Words(entry["zh"], entry["en"])


def both(text: Words, sign: str = " ") -> str:
    """zh and en in one text; once where they are the same."""
    return text.zh if text.zh == text.en else f"{text.zh}{sign}{text.en}"


@cache
def _load() -> Mapping[str, Mapping[str, str]]:
    found, path = Found(), Path(__file__).with_name("words.yaml")
    node = read_text(path.read_text(encoding="utf-8"), path.name, found)
    if node is None:
        raise ValueError(f"{path}: {found.findings}")
    return cast(Mapping[str, Mapping[str, str]], data(node))

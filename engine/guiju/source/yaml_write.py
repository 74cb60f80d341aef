"""Node → YAML text that people read and that `yaml_text` reads back as the same data. Numbers keep the text they have."""

from __future__ import annotations

import json
import re
from functools import lru_cache

from guiju.source.characters import escaped_invisible
from guiju.source.node import Node
from guiju.source.scalars import resolve

# What is surely plain wherever it stands; everything else is quoted.
_PLAIN = re.compile(
    r"[0-9A-Za-z_\u4e00-\u9fff（][0-9A-Za-z_\u4e00-\u9fff （）./^*%@+-]*(?<![ ])",
)
_LIKE_A_DAY = re.compile(r"[0-9][0-9:.-]*")  # other readers make dates and times of these
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def scalar(node: Node) -> str:
    """The text of a number, of true, false or null."""
    value = node.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return node.text


@lru_cache(maxsize=4096)
def text(value: str) -> str:
    """A text, quoted wherever it could be read as something else."""
    if _PLAIN.fullmatch(value) and not _LIKE_A_DAY.fullmatch(value) and resolve(value) == value:
        return value
    return escaped_invisible(json.dumps(value, ensure_ascii=False))


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """A name as the key of a map."""
    plain = _KEY.fullmatch(name) and resolve(name) == name
    return name if plain else escaped_invisible(json.dumps(name, ensure_ascii=False))


def flow(node: Node) -> str:
    """The node on one line."""
    value = node.value
    if isinstance(value, dict):
        return "{" + ", ".join([f"{key(name)}: {flow(each)}" for name, each in value.items()]) + "}"
    if isinstance(value, tuple):
        return "[" + ", ".join([flow(each) for each in value]) + "]"
    return text(value) if isinstance(value, str) else scalar(node)

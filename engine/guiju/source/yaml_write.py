"""Node → YAML text that people read and that `yaml_text` reads back as the same data. Numbers keep the text they have."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import cast

from guiju.source.characters import escaped_invisible
from guiju.source.node import Node, is_list, is_map
from guiju.source.scalars import resolve

# What is surely plain wherever it stands; everything else is quoted.
_PLAIN = re.compile(
    r"[0-9A-Za-z_\u4e00-\u9fff（][0-9A-Za-z_\u4e00-\u9fff （）./^*%@+-]*(?<![ ])",
)
_LIKE_A_DAY = re.compile(r"[0-9][0-9:.-]*")  # other readers make dates and times of these
_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def scalar(node: Node) -> str:
    """The text of a scalar; text is quoted wherever it could be read as something else."""
    value = node.value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return text(value) if isinstance(value, str) else node.text


@lru_cache(maxsize=4096)
def text(value: str) -> str:
    """A text as a scalar."""
    if _PLAIN.fullmatch(value) and not _LIKE_A_DAY.fullmatch(value) and resolve(value) == value:
        return value
    return escaped_invisible(json.dumps(value, ensure_ascii=False))


def key(name: str) -> str:
    return (
        name
        if _KEY.fullmatch(name) and resolve(name) == name
        else escaped_invisible(json.dumps(name, ensure_ascii=False))
    )


def flow(node: Node) -> str:
    """The node on one line."""
    if is_map(node):
        entries = cast(Mapping[str, Node], node.value).items()
        return "{" + ", ".join(f"{key(name)}: {flow(each)}" for name, each in entries) + "}"
    if is_list(node):
        return "[" + ", ".join(flow(each) for each in cast(tuple[Node, ...], node.value)) + "]"
    return scalar(node)

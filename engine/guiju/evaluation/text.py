"""Assessment data → text of the file: JSON, one entry a line, always the same bytes for the same data."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from guiju.source.characters import CONTROL, INVISIBLE

_UNREADABLE = re.compile(f"[{CONTROL}{INVISIBLE}]")
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)
EXPLODED = (
    "children",
    "nodes",
    "indicators",
    "not_computed",
    "unevidenced",
    "sources",
)  # their entries stand one to a line


def as_text(assessment: Mapping[str, Any]) -> str:
    """JSON in UTF-8, keys in the order of the assessment, lines that a diff can show one by one."""
    lines = [f"{_json(key)}: {_block(value) if key in EXPLODED else _json(value)}" for key, value in assessment.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _block(value: Any) -> str:
    if isinstance(value, Mapping):
        return (
            "{\n" + ",\n".join(f" {_json(key)}: {_json(entry)}" for key, entry in value.items()) + "\n}"
            if value
            else "{}"
        )
    return "[\n" + ",\n".join(f" {_json(entry)}" for entry in value) + "\n]" if value else "[]"


def _json(value: Any) -> str:
    """JSON that our own reader takes: signs that nobody sees are written as escapes."""
    return _UNREADABLE.sub(_escape, _ENCODER.encode(value))


def _escape(sign: re.Match[str]) -> str:
    return f"\\u{ord(sign[0]):04x}"

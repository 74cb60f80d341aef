"""The schemas of the files, each read once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any, cast

from guiju.places import schema_file


@cache
def schema(name: str) -> Mapping[str, Any]:
    """schema("ruleset-1"): numbers in it are exact."""
    text = schema_file(name).read_text(encoding="utf-8")
    return cast(Mapping[str, Any], json.loads(text, parse_float=Decimal))

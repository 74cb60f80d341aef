"""JSON in the one form that RFC 8785 gives it: the same data has the same bytes, so that a hash can stand for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

LARGEST = 2**53 - 1
DEEPEST = 100
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


class NotCanonical(ValueError):  # noqa: N818  it is said of data, not of the program
    """Bytes that are not JSON, or not in this form."""


def canonical(value: Any) -> bytes:
    """Data → its bytes. Numbers are whole and below 2^53, all others must be text: a Decimal or float is a TypeError."""
    return _ENCODER.encode(_sorted(value)).encode("utf-8")


def _sorted(value: Any) -> Any:
    """Keys in the order of their UTF-16 code units, as the RFC says."""
    if isinstance(value, Mapping):
        keys = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=lambda key: key.encode("utf-16-be"))
        return {key: _sorted(value[key]) for key in keys}
    if isinstance(value, (list, tuple)):
        return [_sorted(item) for item in value]
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and abs(value) <= LARGEST:
        return value
    raise TypeError(f"no number of canonical JSON: {value!r}")


def read(content: bytes) -> Any:
    """Canonical bytes → data. Raises NotCanonical for everything else, also for the same data written otherwise."""
    try:
        value = json.loads(content.decode("utf-8"))
        if canonical(value) == content:
            return value
    except (ValueError, TypeError, RecursionError) as error:
        raise NotCanonical(str(error)) from error
    raise NotCanonical("written in another form")


def digest(content: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()

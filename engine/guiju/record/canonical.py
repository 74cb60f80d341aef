"""JSON in the one form that RFC 8785 gives it: the same data has the same bytes, so that a hash can stand for it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

LARGEST = 2**53 - 1
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
_AS_IT_IS = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
_FIRST_OTHER = "\ud800"  # below it the order of characters is the order of UTF-16 code units


class NotCanonical(ValueError):  # noqa: N818  it is said of data, not of the program
    """Bytes that are not JSON, or not in this form."""


def canonical(value: Any) -> bytes:
    """Data → its bytes. Numbers are whole and below 2^53, all others must be text: a Decimal or float is a TypeError."""
    encoder = _ENCODER if _is_plain(value) else _AS_IT_IS
    return encoder.encode(value if encoder is _ENCODER else _sorted(value)).encode("utf-8")


def _is_plain(value: Any) -> bool:
    """Whether all keys are of characters that everybody sorts alike. Looks at every value on the way."""
    todo, plain = [value], True
    while todo:
        item = todo.pop()
        kind = type(item)
        if kind is dict:
            plain = plain and max(map(max, filter(None, item)), default="") < _FIRST_OTHER
            todo.extend(item.values())
        elif kind in (list, tuple):
            todo.extend(item)
        elif not (kind is str or item is None or kind is bool or (kind is int and abs(item) <= LARGEST)):
            raise TypeError(f"no value of canonical JSON: {item!r}")
    return plain


def _sorted(value: Any) -> Any:
    """Keys in the order of their UTF-16 code units, as the RFC says."""
    if isinstance(value, Mapping):
        return {key: _sorted(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16-be"))}
    return [_sorted(item) for item in value] if isinstance(value, (list, tuple)) else value


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

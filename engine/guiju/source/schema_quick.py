"""JSON schema → a function that says whether data is surely as it says. Almost all data is, and asking the library takes
twenty times as long; what this is not sure of, and all that is to be said about it, is the library's affair (`schema.py`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

Test = Callable[[Any], bool]


class Unsure(Exception):  # noqa: N818  an answer, no error
    """A keyword, or a comparison, that only the library knows."""


_TYPES: dict[str, Test] = {
    "object": lambda value: type(value) is dict,
    "array": lambda value: type(value) is list,
    "string": lambda value: type(value) is str,
    "boolean": lambda value: type(value) is bool,
    "null": lambda value: value is None,
    "integer": lambda value: type(value) is int,
    "number": lambda value: type(value) in (int, Decimal),
}
_WORDS = {"$schema", "$id", "$defs", "title", "description", "default", "examples"}
_BELOW = {
    "properties",
    "patternProperties",
    "additionalProperties",
    "if",
    "then",
    "else",
    "prefixItems",
    "items",
}  # made together


def quick(schema: Mapping[str, Any]) -> Test:
    """The function of a schema. It says False of what is wrong, and of what it is not sure about."""
    made: dict[str, Test] = {}
    whole = _made(schema, schema, made)

    def surely(value: Any) -> bool:
        try:
            return whole(value)
        except (Unsure, RecursionError):
            return False

    return surely


def _made(schema: Any, root: Mapping[str, Any], made: dict[str, Test]) -> Test:
    if isinstance(schema, bool):
        return lambda _value: schema
    below = partial(_made, root=root, made=made)
    tests = [_keyword(word, wanted, root, made) for word, wanted in schema.items() if word not in _WORDS | _BELOW]
    if "if" in schema:
        tests.append(_choice(below(schema["if"]), below(schema.get("then", True)), below(schema.get("else", True))))
    if {"prefixItems", "items"} & set(schema):
        tests.append(_items([below(each) for each in schema.get("prefixItems", ())], below(schema.get("items", True))))
    if {"properties", "patternProperties", "additionalProperties"} & set(schema):
        tests.append(_object(schema, below))
    return tests[0] if len(tests) == 1 else lambda value: all(test(value) for test in tests)


def _keyword(word: str, wanted: Any, root: Mapping[str, Any], made: dict[str, Test]) -> Test:
    below = partial(_made, root=root, made=made)
    if word == "$ref":
        return _reference(wanted, root, made)
    if word in ("allOf", "anyOf"):
        tests, join = [below(each) for each in wanted], all if word == "allOf" else any
        return lambda value: join(test(value) for test in tests)
    if word == "oneOf":
        each_one = [below(each) for each in wanted]
        return lambda value: sum(test(value) for test in each_one) == 1
    if word == "not":
        refused = below(wanted)
        return lambda value: not refused(value)
    if word == "dependentSchemas":
        further = {key: below(each) for key, each in wanted.items()}
        return lambda value: (
            type(value) is not dict or all(test(value) for key, test in further.items() if key in value)
        )
    return _PLAIN[word](wanted) if word in _PLAIN else _unsure


def _unsure(_value: Any) -> bool:
    raise Unsure


def _reference(target: str, root: Mapping[str, Any], made: dict[str, Test]) -> Test:
    """Made when it is first asked for: definitions may name each other in a circle."""

    def test(value: Any) -> bool:
        if target not in made:
            if not target.startswith("#/$defs/"):
                raise Unsure
            made[target] = _made(root["$defs"][target.removeprefix("#/$defs/")], root, made)
        return made[target](value)

    return test


def _choice(condition: Test, then: Test, otherwise: Test) -> Test:
    return lambda value: then(value) if condition(value) else otherwise(value)


def _items(first: list[Test], others: Test) -> Test:
    return lambda value: (
        type(value) is not list
        or (
            all(test(item) for test, item in zip(first, value, strict=False))
            and all(others(item) for item in value[len(first) :])
        )
    )


def _object(schema: Mapping[str, Any], below: Callable[[Any], Test]) -> Test:
    named = {key: below(each) for key, each in schema.get("properties", {}).items()}
    patterns = [(re.compile(key), below(each)) for key, each in schema.get("patternProperties", {}).items()]
    others = below(schema.get("additionalProperties", True))

    def test(value: Any) -> bool:
        if type(value) is not dict:
            return True
        for key, item in value.items():
            known = key in named
            if known and not named[key](item):
                return False
            for pattern, each in patterns:
                if pattern.search(key):
                    known = True
                    if not each(item):
                        return False
            if not known and not others(item):
                return False
        return True

    return test


def _type(wanted: str | list[str]) -> Test:
    if isinstance(wanted, str):
        return _TYPES[wanted]
    tests = [_TYPES[each] for each in wanted]
    return lambda value: any(test(value) for test in tests)


def _among(wanted: list[Any]) -> Test:
    """Texts are compared, and numbers of one kind: whether true is 1, and 1.0 the same as 1, is for the library to say."""
    texts = {each for each in wanted if isinstance(each, str)}

    def test(value: Any) -> bool:
        if isinstance(value, str) or len(texts) == len(wanted):
            return isinstance(value, str) and value in texts
        return value in wanted if all(type(each) is type(value) for each in wanted) else _unsure(value)

    return test


def _unique(wanted: bool) -> Test:
    def test(value: Any) -> bool:
        if type(value) is not list or not wanted:
            return True
        return len(set(value)) == len(value) if all(type(item) is str for item in value) else _unsure(value)

    return test


def _number(holds: Callable[[Any, Any], bool]) -> Callable[[Any], Test]:
    return lambda limit: lambda value: type(value) not in (int, Decimal) or holds(value, limit)


def _sized(kind: type[Any], holds: Callable[[int, int], bool]) -> Callable[[int], Test]:
    return lambda limit: lambda value: type(value) is not kind or holds(len(value), limit)


def _pattern(text: str) -> Test:
    search = re.compile(text).search
    return lambda value: type(value) is not str or search(value) is not None


def _required(keys: list[str]) -> Test:
    return lambda value: type(value) is not dict or all(key in value for key in keys)


def _at_least(size: Any, limit: Any) -> bool:
    return bool(size >= limit)


def _at_most(size: Any, limit: Any) -> bool:
    return bool(size <= limit)


_PLAIN: dict[str, Callable[[Any], Test]] = {
    "type": _type,
    "enum": _among,
    "const": lambda wanted: _among([wanted]),
    "required": _required,
    "pattern": _pattern,
    "minLength": _sized(str, _at_least),
    "maxLength": _sized(str, _at_most),
    "minItems": _sized(list, _at_least),
    "maxItems": _sized(list, _at_most),
    "minProperties": _sized(dict, _at_least),
    "maxProperties": _sized(dict, _at_most),
    "minimum": _number(_at_least),
    "maximum": _number(_at_most),
    "exclusiveMinimum": _number(lambda value, limit: bool(value > limit)),
    "exclusiveMaximum": _number(lambda value, limit: bool(value < limit)),
    "uniqueItems": _unique,
}

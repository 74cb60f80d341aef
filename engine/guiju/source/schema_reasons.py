"""What a schema says around an error: the condition that applied, the keys it knows, its description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guiju.source.node import Node, at

_SEPARATOR = " · "
_DEPTH = 10  # of references and branches within each other
_DEPENDENCIES = ("dependentSchemas", "dependentRequired")
_NESTED = ("if", "then", "else")
_LISTED = ("allOf", "anyOf", "oneOf")


def description(schema: Mapping[str, Any]) -> dict[str, object]:
    """The schema's help text as facts; "English · 中文" becomes one fact for each language."""
    text = str(schema.get("description", ""))
    english, separator, chinese = text.partition(_SEPARATOR)
    if separator:
        return {"description_en": english.strip(), "description_zh": chinese.strip()}
    return {"description": text} if text else {}


def because(
    schema: Mapping[str, Any],
    schema_path: tuple[str | int, ...],
    wanted: Any,
    root: Node,
    path: tuple[str | int, ...],
) -> dict[str, object]:
    """The fact `because`: the keys, as written, of the innermost condition that made the rule apply."""
    condition = _condition(schema, schema_path, wanted)
    if not condition:
        return {}
    for length in range(len(path), -1, -1):
        node = at(root, path[:length])
        given = [key for key in condition if key in node.keys]
        if given and isinstance(node.value, Mapping):
            texts = [_entry(key, node.value[key]) for key in given]
            return {"because": ", ".join(texts)}
    return {}


def _entry(key: str, node: Node) -> str:
    return f"{key}: {node.text}" if node.text else key


def _condition(schema: Mapping[str, Any], schema_path: tuple[str | int, ...], wanted: Any) -> list[str]:
    """Names of the keys that the last `if` (or dependency) on the way to a keyword's value asks about."""
    for end, keys in _ways(schema, schema_path, [], schema, _DEPTH):
        if end is wanted:
            return keys
    return []


def _ways(
    here: Any, path: tuple[str | int, ...], keys: list[str], schema: Mapping[str, Any], depth: int
) -> Iterator[tuple[Any, list[str]]]:
    """Where a path of the validator may lead. It leaves out `$ref`, so at each one there are two ways on."""
    if not path:
        yield here, keys
        return
    if not isinstance(here, Mapping):
        below = _below(here, path[0])
        if below is not None:
            yield from _ways(below, path[1:], keys, schema, depth)
        return
    step = path[0]
    if step in here:
        asked = keys
        if step == "then":
            asked = list(_asked(here.get("if", {})))
        elif step in _DEPENDENCIES and len(path) > 1:
            asked = [str(path[1])]
        yield from _ways(here[step], path[1:], asked, schema, depth)
    if "$ref" in here and depth:
        yield from _ways(resolved(here, schema), path, keys, schema, depth - 1)


def _asked(condition: Mapping[str, Any]) -> Iterator[str]:
    names = dict.fromkeys([*condition.get("properties", {}), *condition.get("required", ())])
    yield from names
    for part in (part for keyword in _LISTED for part in condition.get(keyword, ())):
        yield from _asked(part)


def _below(here: Any, step: str | int) -> Any:
    if isinstance(here, Mapping):
        return here.get(step)
    if isinstance(here, list) and isinstance(step, int) and step < len(here):
        return here[step]
    return None


def resolved(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    """What a `$ref` within the same schema points to; nothing for others."""
    reference = str(schema.get("$ref", ""))
    if not reference.startswith("#"):
        return None
    here: Any = root
    for step in reference[1:].split("/")[1:]:
        here = _below(here, step.replace("~1", "/").replace("~0", "~"))
    return here


def allowed_keys(schema: Any, root: Mapping[str, Any], depth: int = 0) -> list[str]:
    """All keys that a schema names, also in its branches and references, in its order."""
    if not isinstance(schema, Mapping) or depth > _DEPTH:
        return []
    names = [key for key, value in schema.get("properties", {}).items() if value not in (False, {"not": {}})]
    parts = [schema[keyword] for keyword in _NESTED if keyword in schema]
    parts += [part for keyword in _LISTED for part in schema.get(keyword, ())]
    parts += list(schema.get("dependentSchemas", {}).values())
    if "$ref" in schema:
        parts.append(resolved(schema, root))
    for part in parts:
        names += allowed_keys(part, root, depth + 1)
    return list(dict.fromkeys(names))

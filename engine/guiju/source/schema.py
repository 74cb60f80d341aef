"""Node + JSON schema → findings. Nothing else imports jsonschema, which is heavy: only when it is needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from guiju.diagnostics.finding import Found
from guiju.source.node import Node, data
from guiju.source.schema_quick import Test, quick
from guiju.source.schema_rules import Mismatch, report

if TYPE_CHECKING:
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import ValidationError

# By identity of the schema; the schema itself is kept, so that its id is not given to another one.
_validators: dict[int, tuple[Mapping[str, Any], Draft202012Validator]] = {}
_quick: dict[int, tuple[Mapping[str, Any], Test]] = {}
_CHOICES = ("anyOf", "oneOf")


def check(node: Node, schema: Mapping[str, Any], found: Found, room: str = "schema") -> None:
    """Add a finding, with a code of the room, for all that is not as the schema says."""
    if _surely_fine(data(node), schema):
        return
    validator = _validator(schema)
    # multipleOf divides: the default 28 digits are not enough for every number that the reader accepts.
    with localcontext() as context:
        context.prec = 100
        errors = [leaf for error in validator.iter_errors(data(node)) for leaf in _leaves(error)]
    for error in _without_echoes(errors):
        report(_mismatch(error, validator.schema), node, found, room)


def _surely_fine(value: Any, schema: Mapping[str, Any]) -> bool:
    known = _quick.get(id(schema))
    if known is None:
        known = _quick[id(schema)] = (schema, quick(schema))
    return known[1](value)


def _validator(schema: Mapping[str, Any]) -> Draft202012Validator:
    known = _validators.get(id(schema))
    if known is None:
        from jsonschema import Draft202012Validator
        from referencing import Registry

        # The empty registry keeps `$ref` from going to the network.
        registry: Registry[Any] = Registry()
        known = (schema, Draft202012Validator(_exact(schema), registry=registry))
        _validators[id(schema)] = known
    return known[1]


def _exact(schema: Any) -> Any:
    """Floats as Decimals: multipleOf cannot mix the two, and 0.29 is no multiple of the float 0.01."""
    if isinstance(schema, Mapping):
        return {key: _exact(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [_exact(value) for value in schema]
    return Decimal(repr(schema)) if isinstance(schema, float) else schema


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The errors worth telling: of a choice only those of the branch that was probably meant."""
    branches = _branches(error)
    if error.validator not in _CHOICES or not branches:
        yield error
        return
    best = min(branches, key=lambda branch: _distance(branch, error))
    if _distance(best, error)[0] or _only_missing_keys(branches, error):
        # No branch is nearer than the others; the rule for the choice itself words them together.
        yield error
        return
    for inner in best:
        yield from _leaves(inner)


def _branches(error: ValidationError) -> list[list[ValidationError]]:
    branches: dict[object, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    return list(branches.values())


def _distance(branch: list[ValidationError], choice: ValidationError) -> tuple[bool, bool, int]:
    """How far the data is from a branch: wrong type, wrong kind (a key with a fixed value), other errors."""
    depth = len(choice.absolute_path)
    depths = [(error.validator, len(error.absolute_path) - depth) for error in branch]
    wrong_type = any(entry == ("type", 0) for entry in depths)
    wrong_kind = any(entry in (("const", 1), ("enum", 1)) for entry in depths)
    return (wrong_type, wrong_kind, len(branch))


def _only_missing_keys(branches: list[list[ValidationError]], choice: ValidationError) -> bool:
    depth = len(choice.absolute_path)
    errors = [error for branch in branches for error in branch]
    return all(error.validator == "required" and len(error.absolute_path) == depth for error in errors)


def _without_echoes(errors: list[ValidationError]) -> Iterator[ValidationError]:
    """Leave out what only repeats another error."""
    paths = [tuple(error.absolute_path) for error in errors]
    refused = {path for error, path in zip(errors, paths, strict=True) if _refuses_all(error)}
    for error, path in zip(errors, paths, strict=True):
        # Keys of a branch that fails count as unevaluated.
        is_echo = error.validator == "unevaluatedProperties" and any(_is_below(other, path) for other in paths)
        # How a value is written does not matter where it must not be.
        is_idle = not _refuses_all(error) and any(path[: len(other)] == other for other in refused)
        if not is_echo and not is_idle:
            yield error


def _refuses_all(error: ValidationError) -> bool:
    return not error.validator or (error.validator == "not" and error.validator_value in ({}, True))


def _is_below(path: tuple[str | int, ...], container: tuple[str | int, ...]) -> bool:
    return len(path) > len(container) and path[: len(container)] == container


def _mismatch(error: ValidationError, root: Any) -> Mismatch:
    depth = len(error.absolute_path)
    branches = [
        tuple((str(inner.validator), inner.validator_value) for inner in each if len(inner.absolute_path) == depth)
        for each in _branches(error)
    ]
    return Mismatch(
        keyword=str(error.validator) if error.validator else "",
        wanted=error.validator_value,
        schema=error.schema if isinstance(error.schema, Mapping) else {},
        root=root if isinstance(root, Mapping) else {},
        path=tuple(error.absolute_path),
        schema_path=tuple(error.absolute_schema_path),
        instance=error.instance,
        message=error.message,
        branches=tuple(branches),
    )

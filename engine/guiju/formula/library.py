"""functions/*.yaml → Definition: functions written in the language itself, with worked examples that are their tests."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from guiju.diagnostics.finding import Found
from guiju.formula.grammar import parse
from guiju.source.files import read_file
from guiju.source.inside import locator
from guiju.source.node import at, data

FOLDER = Path(__file__).parent / "functions"


@dataclass(frozen=True, slots=True)
class Definition:
    """A library function: clamp(x, low, high) = min(max(x, low), high)."""

    name: str
    parameters: tuple[str, ...]
    text: str
    tree: ast.expr
    title: tuple[str, str]
    examples: tuple[tuple[str, str], ...]  # call, expected value


@cache
def library() -> dict[str, Definition]:
    """All library functions by name. They are part of the engine: an error in them is a fault of ours."""
    found = Found()
    definitions: dict[str, Definition] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        node = read_file(path, path.name, found)
        assert node is not None, found.findings
        for name, fields in data(node).items():
            expression = parse(fields["expr"], locator(at(node, (name, "expr"))), found, arity(definitions))
            assert expression is not None, found.findings
            definitions[name] = Definition(
                name,
                tuple(fields["parameters"]),
                expression.text,
                expression.tree,
                (fields["title"]["zh"], fields["title"]["en"]),
                tuple((str(call), str(wish)) for call, wish in fields["examples"].items()),
            )
    return definitions


@cache
def own_nodes() -> frozenset[int]:
    """The ids of all tree nodes of the library: they have no place in a formula that calls it."""
    return frozenset(id(node) for definition in library().values() for node in ast.walk(definition.tree))


def arity(definitions: dict[str, Definition]) -> dict[str, int]:
    return {name: len(d.parameters) for name, d in definitions.items()}

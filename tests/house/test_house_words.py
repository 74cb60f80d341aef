"""The engine knows nothing of mines: what it is used for stands in rulesets alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_layers import ENGINE, FILES, module, tree_of

MINING = {
    "mine",
    "mines",
    "mining",
    "coal",
    "carbon",
    "methane",
    "emission",
    "emissions",
    "co2",
    "ch4",
    "gwp",
    "tco2e",
    "pit",
    "shaft",
}
CHARACTERS = re.compile("[矿碳煤]|甲烷|瓦斯|排放|绿证")
# `guiju demo` shows the shipped example, and has to name it
SHOWCASE = {"cli.commands.demo"}
PARTS = re.compile(r"[A-Za-z0-9]+")


def spoken(file: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of every name and text of a program file, docstrings left out."""
    tree = tree_of(file)
    documentation = {id(node.body[0].value) for node in ast.walk(tree) if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
                     and node.body and isinstance(node.body[0], ast.Expr)}  # fmt: skip
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.lineno, node.value
        for field in ("id", "arg", "name", "attr"):
            name = getattr(node, field, None)
            if isinstance(name, str) and not isinstance(node, ast.alias):
                yield getattr(node, "lineno", 0), name


def of_mines(text: str) -> bool:
    return bool(MINING & {part.lower() for part in PARTS.findall(text)}) or bool(CHARACTERS.search(text))


@pytest.mark.parametrize("file", [file for file in FILES if module(file) not in SHOWCASE], ids=module)
def test_programs_know_nothing_of_mines(file: Path) -> None:
    assert [entry for entry in spoken(file) if of_mines(entry[1])] == []


DATA = sorted(path for path in ENGINE.rglob("*.yaml") if "_data" not in path.parts)


@pytest.mark.parametrize("file", DATA, ids=lambda file: file.relative_to(ENGINE).as_posix())
def test_messages_units_and_functions_know_nothing_of_mines(file: Path) -> None:
    """Remarks may; what is said to people may not, but for the words of the demonstration."""
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    said = [
        (number, line.partition(" # ")[0]) for number, line in lines if not line.lstrip().startswith(("#", "demo_"))
    ]
    assert [entry for entry in said if of_mines(entry[1])] == []


COMPUTING = ("formula", "ruleset", "plan", "intake", "evaluation")


def test_no_number_of_a_standard_in_the_engine() -> None:
    """24 indicators, grades from 90, 80, 70, 60 on, a GWP of 25 or 28: none of them is a number of the rooms that compute."""
    seen = [(module(file), node.lineno, node.value) for file in FILES for node in ast.walk(tree_of(file))
            if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node.value in (24, 25, 28, 90, 80, 70)]  # fmt: skip
    assert [entry for entry in seen if entry[0].partition(".")[0] in COMPUTING] == []


def test_rooms_have_no_grades_of_their_own() -> None:
    texts = {text for file in FILES if module(file) not in SHOWCASE for _, text in spoken(file)}
    assert not texts & {"AAA", "AA", "not_rated", "carbon-neutral-mine", "hdi"}


def test_the_check_sees_what_it_should() -> None:
    for text in ("coal_output", "tCO2e of the pit", "碳中和", "Mine", "x.gwp"):
        assert of_mines(text)
    for text in ("determine", "coalesce", "undermined", "decarbonised?", "spit"):
        assert not of_mines(text)

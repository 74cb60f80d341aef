"""The house as its plan says: imports point one way, each outside library has one owner, files and functions stay small."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

from shipped import TESTS

ENGINE = TESTS.parent / "engine" / "guiju"
ORDER = (
    "diagnostics",
    "source",
    "formula",
    "series",
    "ruleset",
    "plan",
    "intake",
    "workbook",
    "evaluation",
    "report",
    "record",
    "cli",
)
# the modules beside the rooms, and the rooms that may ask them; they themselves may ask all rooms below report
ABOVE = {"pipeline": {"api", "record", "cli"}, "api": {"__init__"}, "__main__": set[str]()}
BELOW = {"places"}  # knows folders only, and asks nobody
# a finding's words are themselves YAML: diagnostics reads them with the reader of source, which notes findings
EXCEPTIONS = {("diagnostics.words", "source.node"), ("diagnostics.words", "source.yaml_text")}
OWNERS = {
    "yaml": {"source/yaml_text.py"},
    "jsonschema": {"source/schema.py"},
    "referencing": {"source/schema.py"},
    "simpleeval": {"formula/evaluator.py"},
    "pint": {"formula/measures.py"},
    "networkx": {"plan/graph.py"},
    "jinja2": {"report/render.py"},
    "xlsxwriter": {"workbook/write.py"},
    "cryptography": {"record/keys.py"},
    "python_calamine": {"workbook/read_cells.py"},
    "openpyxl": {"workbook/look.py"},
    "defusedxml": {"workbook/look.py"},
    "typst": {"report/document/pdf.py"},
    "docx": {"report/document/word.py"},
    "pyarrow": {"series/tables.py"},
}
LONGEST_FUNCTION, LONGEST_FILE = 60, 400
FILES = sorted(ENGINE.rglob("*.py"))


def module(file: Path) -> str:
    """plan.build for engine/guiju/plan/build.py; the package itself is __init__."""
    parts = file.relative_to(ENGINE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts)


@cache
def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> Iterator[str]:
    """Every module that a file imports, wherever the import stands."""
    for node in ast.walk(tree_of(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports name the whole way"
            yield str(node.module)
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own(file: Path, names: Iterable[str] | None = None) -> set[str]:
    """The modules of the engine that a file imports (names inside modules fall away)."""
    known = {module(each) for each in FILES}
    every = imported(file) if names is None else names
    wanted = {name.removeprefix("guiju").removeprefix(".") for name in every if name.split(".")[0] == "guiju"}
    return {name for name in wanted if name in known}


def at_once(file: Path) -> set[str]:
    """The modules that are imported when the file is: not those inside functions, nor those for the type checker only."""
    names = []
    for node in tree_of(file).body:
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [str(node.module), *(f"{node.module}.{alias.name}" for alias in node.names)]
    return own(file, names)


def room(name: str) -> str:
    return name.partition(".")[0]


def is_allowed(here: str, there: str) -> bool:
    if (here, there) in EXCEPTIONS or there in BELOW or room(here) == room(there):
        return True
    if here == "__init__":
        return there == "api"
    if room(there) in ABOVE:
        return room(here) in ABOVE[room(there)]
    if room(here) in ABOVE:
        return room(there) in (ORDER if here == "__main__" else ORDER[: ORDER.index("report")])
    return room(here) in ORDER and room(there) in ORDER and ORDER.index(room(there)) < ORDER.index(room(here))


@pytest.mark.parametrize("file", FILES, ids=module)
def test_imports_point_one_way(file: Path) -> None:
    assert [there for there in sorted(own(file)) if not is_allowed(module(file), there)] == []


def test_every_room_is_in_the_order() -> None:
    rooms = {path.name for path in ENGINE.iterdir() if path.is_dir() and path.name not in ("__pycache__", "_data")}
    assert rooms == set(ORDER)
    assert {file.stem for file in ENGINE.glob("*.py")} <= {*ABOVE, *BELOW, "__init__"}


def test_exceptions_are_really_needed() -> None:
    edges = {(module(file), there) for file in FILES for there in own(file)}
    assert edges >= EXCEPTIONS


def test_no_circles() -> None:
    """No module imports itself over others when it is imported."""
    needs = {module(file): at_once(file) - {module(file)} for file in FILES}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way, name))
        if name not in done:
            for there in sorted(needs[name]):
                visit(there, (*way, name))
            done.add(name)

    for name in needs:
        visit(name, ())


@pytest.mark.parametrize("library", OWNERS)
def test_each_library_has_one_owner(library: str) -> None:
    users = {
        file.relative_to(ENGINE).as_posix()
        for file in FILES
        if any(name.split(".")[0] == library for name in imported(file))
    }
    assert users == OWNERS[library]


def test_click_is_the_command_line() -> None:
    users = {
        file.relative_to(ENGINE).parts[0]
        for file in FILES
        if any(name.split(".")[0] == "click" for name in imported(file))
    }
    assert users == {"cli"}


def test_no_other_library() -> None:
    import sys

    used = {name.split(".")[0] for file in FILES for name in imported(file)}
    assert used - sys.stdlib_module_names <= {"guiju", "click", *OWNERS}


@pytest.mark.parametrize("file", FILES, ids=module)
def test_small_files_and_functions(file: Path) -> None:
    assert len(file.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE
    for node in ast.walk(tree_of(file)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            assert (node.end_lineno or 0) - node.lineno + 1 <= LONGEST_FUNCTION, node.name


@pytest.mark.parametrize("file", FILES, ids=module)
def test_a_file_says_what_it_is(file: Path) -> None:
    assert ast.get_docstring(tree_of(file)), "a file begins with what it is for"
    assert not {"utils", "util", "helpers", "helper", "common", "manager", "misc"} & set(file.stem.split("_"))


def test_no_class_is_a_manager() -> None:
    names = [node.name for file in FILES for node in ast.walk(tree_of(file)) if isinstance(node, ast.ClassDef)]
    assert not [name for name in names if name.endswith(("Manager", "Helper", "Util", "Utils"))]


def test_data_classes_are_frozen() -> None:
    """What flows between rooms is frozen; what grows is a file's own affair (_Name), or named here."""
    growing = {
        "Source",
        "Measures",
        "Program",
        "Sheet",
    }  # staged source, units made when first asked for, code compiled once, a drawing
    classes = [(file, node) for file in FILES for node in ast.walk(tree_of(file)) if isinstance(node, ast.ClassDef)]
    for file, node in classes:
        for decorator in node.decorator_list:
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            if isinstance(called, ast.Name) and called.id == "dataclass":
                frozen = isinstance(decorator, ast.Call) and any(word.arg == "frozen" for word in decorator.keywords)
                assert frozen or node.name in growing or node.name.startswith("_"), f"{module(file)}.{node.name}"

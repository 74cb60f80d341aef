"""The smallest bad examples: every folder <room>/<code>-<number> holds an input and what must be said about it.

A room that has such folders adds how to run them to RUNNERS. `input.yaml` is the bad file, taken as it is;
`generate.json` describes one that is too long to keep. `expect.json` gives code, line and column.
"""

import json
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from guiju.diagnostics.finding import Found
from guiju.diagnostics.show import as_data, as_lines, as_text
from guiju.diagnostics.words import LANGUAGES, fix, sentence
from guiju.source.files import read_file
from guiju.source.schema import check
from guiju.source.yaml_text import read_text

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expect.json"))
MOST_PER_CODE = 3


def run_source(folder: Path, found: Found) -> None:
    generate = folder / "generate.json"
    if generate.exists():
        recipe = json.loads(generate.read_text(encoding="utf-8"))
        assert read_text(recipe["repeat"] * recipe["times"], "input.yaml", found) is None
    else:
        assert read_file(folder / "input.yaml", "input.yaml", found) is None


def run_schema(folder: Path, found: Found) -> None:
    node = read_file(folder / "input.yaml", "input.yaml", found)
    assert node is not None
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"), parse_float=Decimal)
    check(node, schema, found)


RUNNERS: dict[str, Callable[[Path, Found], None]] = {"source": run_source, "schema": run_schema}


def line_of(folder: Path) -> Callable[[str, int], str | None]:
    def read_line(file: str, line: int) -> str | None:
        path = folder / file
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
        return lines[line - 1] if line <= len(lines) else None

    return read_line


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: f"{folder.parent.name}/{folder.name}")
def test_bad(folder: Path) -> None:
    expect = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    found = Found()
    RUNNERS[folder.parent.name](folder, found)
    seen = [(f.code, f.place and f.place.line, f.place and f.place.column) for f in found.findings]
    assert (expect["code"], expect["line"], expect["column"]) in seen, seen
    assert {code for code, _, _ in seen} == {expect["code"], *expect.get("also", ())}, "and nothing else"
    assert found.has_errors()
    for lang in LANGUAGES:
        for finding in found.findings:
            for words in (sentence(finding, lang), fix(finding, lang)):
                assert words is None or words.strip()
                assert not re.search(r"\{[a-z_:]+\}", words or "")
        assert as_text(found.findings, lang, line_of(folder)).count(f"[{expect['code']}]") >= 1
        assert as_lines(found.findings, lang).count("\n") == len(found)
    json.dumps(as_data(found.findings))


def test_folders_are_named_after_their_code() -> None:
    for folder in CASES:
        code = json.loads((folder / "expect.json").read_text(encoding="utf-8"))["code"]
        what, _, number = folder.name.rpartition("-")
        assert code == f"{folder.parent.name}.{what}", folder
        assert 1 <= int(number) <= MOST_PER_CODE, folder


def test_every_folder_has_a_wish() -> None:
    rooms = [room for room in HERE.iterdir() if room.is_dir() and room.name in RUNNERS]
    assert {folder for room in rooms for folder in room.iterdir() if folder.is_dir()} == set(CASES)

"""The corpus of bad input: every folder <room>/<what>-<number> holds the smallest example of a finding and what must be said.

`expect.json` gives code, file, line and column (null: without a place), written by hand: where a person would want to look.
`also` lists other codes that belong to it; `fault` says in what the engine is still wrong, and makes the test an expected failure.
`input.yaml` is the bad file, taken as it is; `generate.json` describes one that is too long to keep. How a room is run: RUNNERS.
"""

import contextlib
import json
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import engine_rooms
import packages
import spreadsheets

from guiju.diagnostics.finding import Found
from guiju.diagnostics.words import codes
from guiju.intake.series import summed
from guiju.series.model import Asked
from guiju.source.files import read_file
from guiju.source.json_text import read_json
from guiju.source.schema import check
from guiju.source.yaml_text import read_text

HERE = Path(__file__).parent
ROOMS = sorted({code.partition(".")[0] for code in codes()})
CASES = sorted(path.parent for path in HERE.glob("*/*/expect.json"))
ReadLine = Callable[[str, int], str | None]


def run_source(folder: Path, found: Found) -> None:
    """The text alone, as it is read from a file."""
    generate = folder / "generate.json"
    if generate.exists():
        recipe = json.loads(generate.read_text(encoding="utf-8"))
        assert read_text(recipe["repeat"] * recipe["times"], "input.yaml", found) is None
    elif (folder / "input.json").exists():
        assert read_json((folder / "input.json").read_text(encoding="utf-8"), "input.json", found) is None
    else:
        assert read_file(folder / "input.yaml", "input.yaml", found) is None


def run_schema(folder: Path, found: Found) -> None:
    """The text against a schema of its own, or, where it has none, what the engine makes of it."""
    if not (folder / "schema.json").exists():
        return engine_rooms.run(folder, found)
    node = read_file(folder / "input.yaml", "input.yaml", found)
    assert node is not None
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"), parse_float=Decimal)
    return check(node, schema, found)


def run_series(folder: Path, found: Found) -> None:
    """Readings of a meter; `asked` in the wish says what the command line would."""
    asked = {"from": "2024-01-01", "to": "2024-01-07", **expected(folder).get("asked", {})}
    first, last = (date.fromisoformat(asked.pop(name)) for name in ("from", "to"))
    step = timedelta(days=asked.pop("days")) if "days" in asked else None
    unit = asked.pop("unit", "kWh")
    with contextlib.chdir(folder):
        summed(Path("input.csv"), Asked(first, last, step, **asked), unit, found)


RUNNERS: dict[str, Callable[[Path, Found], None]] = {
    "source": run_source,
    "schema": run_schema,
    "record": packages.run_record,
    "log": packages.run_log,
    "workbook": spreadsheets.run,
    "series": run_series,
}


def run(folder: Path) -> Found:
    """What is found in a folder of the corpus."""
    found = Found()
    RUNNERS.get(folder.parent.name, engine_rooms.run)(folder, found)
    return found


@cache
def expected(folder: Path) -> dict[str, Any]:
    expect: dict[str, Any] = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    return {"file": "input.yaml", "also": [], **expect}


def line_of(folder: Path) -> ReadLine:
    """The lines of the folder's files, for the text under which the mark stands."""
    return lambda file, line: engine_rooms.line_of(folder, file, line)

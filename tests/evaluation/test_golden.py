"""Golden assessments of the example cases: the same bytes as when they were last accepted (`pytest --accept`)."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from guiju.evaluation.describe import describe
from guiju.evaluation.text import as_text
from shipped import CASES, RULESETS, TESTS, assessed, name_of

GOLDEN = TESTS / "golden"


@cache
def text_of(case: Path) -> str:
    return as_text(describe(assessed(case)))


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_golden(case: Path, accept: bool) -> None:
    text = text_of(case)
    file = GOLDEN / f"{name_of(case)}.json"
    if accept:
        file.write_bytes(text.encode())
    assert file.is_file(), f"{file.name} is not there: look at the assessment, then run pytest --accept"
    assert text.encode() == file.read_bytes(), (
        "the assessment changed: look at it, then run pytest --accept and git diff"
    )


def test_every_golden_file_has_its_case() -> None:
    assert {file.stem for file in GOLDEN.glob("*.json")} <= {name_of(case) for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_golden_file_knows_no_machine_and_no_time(case: Path) -> None:
    text = text_of(case)
    for word in (str(RULESETS), str(Path.home()), str(Path.cwd()), os.sep + "tmp"):
        assert word not in text


FOLDERS = ["rulesets/{ruleset}/variants", "rulesets/{ruleset}/cases", "rulesets/tables/grid-cn", ".."]
TWO = [next(case for case in CASES if case.parts[-4] == ruleset) for ruleset in ("carbon-neutral-mine", "hdi")]


@pytest.mark.parametrize("case", TWO, ids=name_of)
def test_the_same_bytes_from_every_working_directory(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset = f"{case.parent.parent.parent.name}/{case.parent.parent.name}"
    for folder in FOLDERS:
        place = TESTS.parent / folder.format(ruleset=ruleset)
        if place.is_dir():
            monkeypatch.chdir(place)
            assert as_text(describe(assessed(case))) == text_of(case), folder


SCRIPT = """
import sys
from functools import cache
from pathlib import Path
sys.path[:0] = [{tests!r}, {engine!r}]
from shipped import assessed
from guiju.evaluation.describe import describe
from guiju.evaluation.text import as_text
for case in map(Path, {cases!r}):
    sys.stdout.buffer.write(as_text(describe(assessed(case))).encode())
"""


@pytest.mark.slow
def test_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    """Another hash seed, another language, another time zone: not a byte differs."""
    script = SCRIPT.format(tests=str(TESTS), engine=str(TESTS.parent / "engine"), cases=[str(case) for case in TWO])
    wanted = "".join(map(text_of, TWO)).encode()
    surroundings = {
        "PYTHONHASHSEED": "4242",
        "LC_ALL": "C",
        "TZ": "Asia/Shanghai",
        "GUIJU_CACHE": "off",
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=surroundings, cwd=tmp_path, capture_output=True, check=True
    )  # noqa: S603  our own script
    assert done.stdout == wanted

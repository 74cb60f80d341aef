"""A file of another kind is recognised as what it is; a place that cannot be written is said before the work is done."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import CHINA, Guiju

from guiju import pipeline

HDI = CHINA.parents[1]


@pytest.fixture
def files(guiju: Guiju) -> dict[str, Path]:
    """One file of every kind."""
    guiju("evaluate", CHINA, "-o", "china.json")
    return {
        "assessment": Path("china.json"),
        "case": CHINA,
        "ruleset": HDI / "ruleset.yaml",
        "folder": HDI,
        "tests": next((HDI / "tests").glob("*.yaml")),
    }


@pytest.mark.parametrize(
    ("command", "given", "said", "way"),
    [
        ("evaluate", "assessment", "this file is an assessment; what is wanted here is a case", "guiju explain china.json"),
        ("evaluate", "ruleset", "this file is a ruleset; what is wanted here is a case", "guiju validate "),
        ("evaluate", "folder", "this file is a ruleset; what is wanted here is a case", "guiju validate "),
        ("evaluate", "tests", "this file is tests of a ruleset", "guiju test "),
        ("explain", "ruleset", "this file is a ruleset", "guiju validate "),
        ("validate", "case", "this file is a case; what is wanted here is a ruleset", "guiju evaluate "),
        ("validate", "assessment", "this file is an assessment; what is wanted here is a ruleset", "guiju explain china.json"),
        ("test", "case", "this file is a case", "guiju evaluate "),
        ("graph", "case", "this file is a case", "guiju evaluate "),
        ("validate", "tests", "this file is tests of a ruleset", "guiju test "),
    ],
)  # fmt: skip
def test_a_file_of_another_kind(
    command: str, given: str, said: str, way: str, files: dict[str, Path], guiju: Guiju
) -> None:
    done = guiju(command, files[given])
    assert done.status == 1
    assert said in done.out + done.err
    assert f"use {way}" in done.out + done.err
    assert "schema.required" not in done.out + done.err


@pytest.mark.parametrize("option", ["-o", "--picture"])
@pytest.mark.parametrize(
    ("target", "why"),
    [("no/such/x.svg", "there is no such file or folder"), (".", "it is a folder"), ("file/x.svg", "is no folder")],
)
def test_a_place_that_cannot_be_written_is_said_first(
    option: str, target: str, why: str, guiju: Guiju, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("file").write_text("", encoding="utf-8")
    monkeypatch.setattr(pipeline, "assess", lambda *_: pytest.fail("the work was begun"))
    done = guiju("evaluate", CHINA, option, target)
    assert (done.status, done.out) == (2, "")
    assert f"cannot write {target}" in done.err
    assert why in done.err


def test_the_place_of_a_graph_is_looked_at_first(guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "read_ruleset", lambda *_: pytest.fail("the work was begun"))
    done = guiju("graph", "hdi@2021", "-o", "no/x.svg")
    assert (done.status, done.out) == (2, "")
    assert "cannot write no/x.svg" in done.err


@pytest.mark.parametrize("option", ["-o", "--picture"])
@pytest.mark.parametrize("name", ["case.yaml", "./case.yaml", "link.yaml"])
def test_a_case_is_not_overwritten_by_its_result(option: str, name: str, guiju: Guiju) -> None:
    Path("case.yaml").write_bytes(CHINA.read_bytes())
    Path("link.yaml").symlink_to("case.yaml")
    done = guiju("evaluate", "case.yaml", option, name)
    assert (done.status, done.out) == (2, "")
    assert "is the file to be read" in done.err
    assert Path("case.yaml").read_bytes() == CHINA.read_bytes()

"""What can be wrong with a file and has no example in tests/bad."""

import os
from pathlib import Path

import pytest

from guiju.diagnostics.finding import Found, Place
from guiju.source import files
from guiju.source.files import read_file
from guiju.source.node import data


def code(path: Path) -> str:
    found = Found()
    assert read_file(path, "shown.yaml", found) is None
    (finding,) = found.findings
    assert finding.place == Place("shown.yaml", 1, 1)
    return finding.code


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("标题: 煤\n", encoding="utf-8")
    found = Found()
    node = read_file(path, "rulesets/a.yaml", found)
    assert node is not None
    assert data(node) == {"标题": "煤"}
    assert node.place.file == "rulesets/a.yaml"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\n", encoding="utf-8")

    def refuse(*_: object) -> object:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    assert code(path) == "source.unreadable"


def test_a_name_that_no_file_can_have() -> None:
    assert code(Path("a\0b")) in ("source.unreadable", "source.missing-file")
    assert code(Path("a" * 5000)) in ("source.unreadable", "source.missing-file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert code(tmp_path / "pipe") == "source.not-a-file"


def test_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_BYTES", 5)
    path = tmp_path / "a.yaml"
    path.write_text("a: 12", encoding="utf-8")
    assert read_file(path, "shown.yaml", Found()) is not None
    path.write_text("a: 123", encoding="utf-8")
    assert code(path) == "source.too-large"

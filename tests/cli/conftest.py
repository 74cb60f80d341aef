"""Commands run as they are called, in a folder of their own."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Done, Guiju

from guiju.cli.main import status

SPOKEN = ("LC_ALL", "LC_MESSAGES", "LANG", "GUIJU_RULESETS", "GUIJU_TRACEBACK", "NO_COLOR", "COLUMNS")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in SPOKEN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GUIJU_CACHE", "off")
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


@pytest.fixture
def guiju(capsys: pytest.CaptureFixture[str]) -> Guiju:
    """Run a command line in this process."""

    def run(*args: str | Path) -> Done:
        capsys.readouterr()
        code = status([str(arg) for arg in args])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.out + captured.err
        return Done(code, captured.out, captured.err)

    return run


@pytest.fixture
def own(guiju: Guiju) -> Path:
    """A small ruleset of one's own, as `guiju new` makes it."""
    assert guiju("new", "own").status == 0
    return Path("rulesets/own/0.1")


@pytest.fixture
def assessed(guiju: Guiju, own: Path) -> Path:
    """The assessment of its example."""
    assert guiju("evaluate", own / "cases" / "example.yaml", "-o", "own.json").status == 0
    return Path("own.json")

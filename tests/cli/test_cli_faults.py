"""What is no finding and no wrong usage: faults of ours, interrupts, closed pipes, terminals without our characters."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import CHINA, Guiju, command, environment, process

from guiju import pipeline


def _broken(*_: object, **__: object) -> None:
    raise RuntimeError("two\nlines")


@pytest.mark.parametrize(("lang", "words"), [("zh", "guiju 自身出错"), ("en", "fault of guiju")])
def test_a_fault_is_one_line(lang: str, words: str, guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "assess", _broken)
    done = guiju("evaluate", "x.yaml", "--lang", lang)
    assert done.status == 3
    assert done.out == ""
    assert done.err.count("\n") == 1
    for part in (words, "RuntimeError: two lines", "guiju evaluate x.yaml", "0.1.0", "GUIJU_TRACEBACK=1"):
        assert part in done.err


def test_the_traceback_is_there_for_who_asks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from guiju.cli.main import status

    monkeypatch.setattr(pipeline, "assess", _broken)
    monkeypatch.setenv("GUIJU_TRACEBACK", "1")
    assert status(["evaluate", "x.yaml"]) == 3
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize("error", [RecursionError, MemoryError, KeyError, OSError, SyntaxError])
def test_any_exception_is_a_fault(error: type[Exception], guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(pipeline, "assess", broken)
    assert guiju("evaluate", "x.yaml").status == 3


def test_an_interrupt_is_quiet(guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "assess", interrupted)
    done = guiju("evaluate", "x.yaml")
    assert (done.status, done.out, done.err.strip()) == (130, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_in_the_middle() -> None:
    running = subprocess.Popen(
        command("test", "hdi@2021"),
        env={**environment(), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    running.stdout.readline()  # it is at work
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    assert running.returncode in (130, 0)  # 0: it was done before
    assert "Traceback" not in err


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
@pytest.mark.parametrize(
    "args", [("--help",), ("test", "hdi@2021"), ("evaluate", str(CHINA)), ("evaluate", str(CHINA), "-o", "-")]
)
def test_a_closed_pipe_is_quiet(args: tuple[str, ...]) -> None:
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(
            command(*args), env=environment(), stdout=write, stderr=subprocess.PIPE, text=True, check=False
        )
    finally:
        os.close(write)
    assert "Traceback" not in done.stderr
    assert "fault" not in done.stderr
    assert "BrokenPipe" not in done.stderr
    assert done.returncode in (141, 1)


def test_a_terminal_that_lacks_our_characters() -> None:
    done = process("evaluate", str(CHINA), "--lang", "zh", PYTHONUTF8="0", PYTHONIOENCODING="latin-1")
    assert done.returncode == 0
    assert "?" in done.stdout
    assert "Traceback" not in done.stderr


def test_module_and_script_are_the_same(tmp_path: Path) -> None:
    module = subprocess.run(
        [sys.executable, "-m", "guiju", "--version"], env=environment(), capture_output=True, text=True, check=True
    )
    assert module.stdout == process("--version").stdout

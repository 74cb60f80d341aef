"""A case to scorecard and file: what is printed where, what is written, which status."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import CHINA, Done, Guiju, command, environment

from guiju.api import evaluate, load, prepare
from guiju.evaluation.text import as_text

ANSI = re.compile(r"\x1b\[[0-9;]*m")


def case_of(own: Path, old: str, new: str) -> Path:
    """The example case with one text replaced."""
    text = (own / "cases" / "example.yaml").read_text(encoding="utf-8")
    assert text.count(old) == 1
    path = own / "cases" / "changed.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def test_scorecard_to_standard_output_nothing_else_anywhere(guiju: Guiju) -> None:
    before = set(Path.cwd().iterdir())
    done = guiju("evaluate", CHINA)
    assert done.status == 0
    assert "Human Development Index 0.768" in done.out
    assert "High" in done.out
    assert set(Path.cwd().iterdir()) == before


def test_both_languages(guiju: Guiju) -> None:
    zh, en = guiju("evaluate", CHINA, "--lang", "zh"), guiju("evaluate", CHINA, "--lang", "en")
    assert "人类发展指数" in zh.out
    assert not re.search(r"[\u4e00-\u9fff]", en.out)


def test_the_file_holds_what_the_interface_gives(guiju: Guiju, own: Path) -> None:
    case = own / "cases" / "example.yaml"
    assert guiju("evaluate", case, "-o", "a.json").status == 0
    assert guiju("evaluate", case, "-o", "b.json", "--lang", "zh").status == 0
    text = Path("a.json").read_bytes()
    assert text == Path("b.json").read_bytes()
    assert text == as_text(evaluate(prepare(load("own@0.1"), "light"), case).data).encode()
    assert text.endswith(b"}\n")
    assert b"\r" not in text


def test_the_file_on_standard_output(guiju: Guiju, assessed: Path, own: Path) -> None:
    done = guiju("evaluate", own / "cases" / "example.yaml", "-o", "-")
    assert done.status == 0
    assert done.out == assessed.read_text(encoding="utf-8")


def test_findings_go_to_standard_error(guiju: Guiju, own: Path) -> None:
    done = guiju("evaluate", case_of(own, "value: 45,", "value: 145,"), "-o", "x.json")
    assert done.status == 1
    assert done.out == ""
    assert "case.above-maximum" in done.err
    assert "changed.yaml:18:" in done.err
    assert "^" in done.err
    assert not Path("x.json").exists()


def test_a_missing_value_gives_a_result_without_grade(guiju: Guiju, own: Path) -> None:
    for lang, words in (("en", "the grade could not be computed"), ("zh", "等级未能计算")):
        done = guiju(
            "evaluate",
            case_of(own, "  output: {value: 3.5, unit: kt, origin: illustrative, evidence: [ledger_2024]}\n", ""),
            "-o",
            "x.json",
            "--lang",
            lang,
        )
        assert done.status == 1
        assert words in done.err
        assert "emission.score" in done.out, "the score that lacks it"
        assert json.loads(Path("x.json").read_text(encoding="utf-8"))["grade"]["computed"] is False


def test_a_ruleset_without_grades_needs_its_total(guiju: Guiju, own: Path) -> None:
    (own / "grade.yaml").unlink()
    assert guiju("evaluate", own / "cases" / "example.yaml").status == 0
    done = guiju(
        "evaluate",
        case_of(own, "  management_level: {value: system, origin: illustrative, evidence: [ledger_2024]}\n", ""),
    )
    assert done.status == 1
    assert "the total could not be computed" in done.err


def test_another_variant_and_ruleset(guiju: Guiju, own: Path) -> None:
    case = own / "cases" / "example.yaml"
    assert "variant heavy" in guiju("evaluate", case, "--variant", "heavy").out
    assert "variant.unknown" in guiju("evaluate", case, "--variant", "heavi").err
    assert guiju("evaluate", case, "--ruleset", own).status == 0
    done = guiju("evaluate", case, "--ruleset", "own")
    assert done.status == 1
    assert "version.none-in-force" in done.err
    assert "own@0.1" in guiju("evaluate", case, "--ruleset", "own@0.1").out


def test_by_date(guiju: Guiju) -> None:
    done = guiju("evaluate", CHINA, "--ruleset", "hdi", "--on", "2023-01-01")
    assert "hdi@2021" in done.out
    assert guiju("evaluate", CHINA, "--ruleset", "hdi", "--on", "2020-01-01").status == 1
    assert "case.date" in guiju("evaluate", CHINA, "--ruleset", "hdi", "--on", "tomorrow").err


@pytest.mark.parametrize("target", ["no/such/x.json", "folder", "file/x.json"])
def test_what_cannot_be_written_leaves_nothing(target: str, guiju: Guiju) -> None:
    Path("folder").mkdir()
    Path("file").write_text("kept")
    done = guiju("evaluate", CHINA, "-o", target)
    assert done.status == 2
    assert f"cannot write {target}: " in done.err
    assert sorted(path.name for path in Path.cwd().rglob("*")) == ["file", "folder"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission(guiju: Guiju) -> None:
    Path("closed").mkdir(mode=0o500)
    assert "permission denied" in guiju("evaluate", CHINA, "-o", "closed/x.json").err


def test_a_failure_while_writing_keeps_the_old_file(guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("x.json").write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    done = guiju("evaluate", CHINA, "-o", "x.json")
    assert done.status == 2
    assert "the disk is full" in done.err
    assert Path("x.json").read_text() == "old"
    assert [path.name for path in Path.cwd().iterdir()] == ["x.json"]


def test_a_picture(guiju: Guiju) -> None:
    from xml.etree import ElementTree as ET

    assert guiju("evaluate", CHINA, "--picture", "x.svg").status == 0
    root = ET.parse("x.svg").getroot()
    texts = "".join(root.itertext())
    assert "Human Development Index" in texts
    assert "Long and healthy life" in texts


@pytest.mark.parametrize("case", ["nope.yaml", "."])
def test_a_case_that_is_not_there(case: str, guiju: Guiju) -> None:
    done = guiju("evaluate", case)
    assert done.status == 1
    assert done.out == ""
    assert "source." in done.err


def test_to_a_pipe_it_is_plain(guiju: Guiju) -> None:
    done = guiju("evaluate", CHINA)
    assert not ANSI.search(done.out)
    assert not re.search(r"[─━✓✗●▌]", done.out)


def _on_terminal(*args: str, **more: str) -> Done:
    """Run on a terminal of 90 columns."""
    import fcntl
    import struct
    import termios

    parent, child = pty.openpty()
    fcntl.ioctl(child, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 90, 0, 0))
    running = subprocess.Popen(command(*args), env=environment(**more), stdout=child, stderr=subprocess.PIPE)
    os.close(child)
    chunks = []
    while True:
        try:
            chunk = os.read(parent, 65536)
        except OSError:
            break
        if not chunk:
            break
        chunks.append(chunk)
    _, err = running.communicate()
    return Done(running.returncode, b"".join(chunks).decode("utf-8").replace("\r\n", "\n"), err.decode())


@pytest.mark.skipif(sys.platform == "win32", reason="terminals")
def test_on_a_terminal_it_is_drawn_and_coloured() -> None:
    from guiju.diagnostics.show import columns

    done = _on_terminal("evaluate", str(CHINA), "--lang", "zh")
    assert done.status == 0
    assert ANSI.search(done.out)
    assert "━" in done.out
    assert max(columns(ANSI.sub("", line)) for line in done.out.splitlines()) <= 90


@pytest.mark.skipif(sys.platform == "win32", reason="terminals")
def test_no_color_is_respected() -> None:
    done = _on_terminal("evaluate", str(CHINA), NO_COLOR="1")
    assert "━" in done.out
    assert not ANSI.search(done.out)

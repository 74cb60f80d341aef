"""The calculation book and the workbook, as files of a command."""

from __future__ import annotations

import builtins
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from command_line import CHINA, Guiju


def test_the_book_as_text_and_as_a_page(guiju: Guiju) -> None:
    done = guiju("book", CHINA)
    assert done.status == 0
    assert "climb(78.2107, 20, 85, 1 - 0)" in done.out and "# China, 2021: calculation book" in done.out
    assert guiju("book", CHINA, "-o", "book.md").status == 0
    assert Path("book.md").read_text(encoding="utf-8").rstrip("\n") == done.out.rstrip("\n")
    written = guiju("book", CHINA, "-o", "book.html", "--lang", "zh")
    assert written.status == 0 and "book.html" in written.err
    page = Path("book.html").read_text(encoding="utf-8")
    assert page.startswith("<!DOCTYPE html>") and "计算书" in page


def test_all_digits(guiju: Guiju) -> None:
    short, long = guiju("book", CHINA).out, guiju("book", CHINA, "--exact").out
    assert "≈" in short
    assert "≈" not in long


def test_the_workbook(guiju: Guiju) -> None:
    done = guiju("workbook", CHINA, "-o", "calc.xlsx")
    assert done.status == 0 and "calc.xlsx" in done.err
    assert "xl/workbook.xml" in zipfile.ZipFile("calc.xlsx").namelist()
    first = Path("calc.xlsx").read_bytes()
    assert guiju("workbook", CHINA, "-o", "calc.xlsx").status == 0
    assert Path("calc.xlsx").read_bytes() == first


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["book", CHINA, "-o", "book.pdf"], "not as '.pdf'"),
        (["workbook", CHINA, "-o", "calc.xls"], "not as '.xls'"),
        (["workbook", CHINA], "-o"),
        (["workbook", CHINA, "-o", "nowhere/calc.xlsx"], "cannot write"),
    ],
)
def test_wrong_usage(args: list[Any], says: str, guiju: Guiju) -> None:
    done = guiju(*args)
    assert done.status == 2
    assert says in done.err


@pytest.mark.parametrize("command", [["book"], ["workbook", "-o", "calc.xlsx"]])
def test_a_case_with_errors_gives_findings_and_no_file(command: list[str], guiju: Guiju) -> None:
    text = CHINA.read_text(encoding="utf-8").replace("mean_schooling:", "mean_schoolin:")
    Path("bad.yaml").write_text(text, encoding="utf-8")
    done = guiju(*command, "bad.yaml")
    assert done.status == 1
    assert "mean_schooling" in done.err
    assert not Path("calc.xlsx").exists()


def test_without_the_extra_the_command_says_what_to_install(guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "xlsxwriter":
            raise ModuleNotFoundError(name=name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    done = guiju("workbook", CHINA, "-o", "calc.xlsx")
    assert done.status == 2
    assert 'pip install "guiju[excel]"' in done.err
    assert not Path("calc.xlsx").exists()

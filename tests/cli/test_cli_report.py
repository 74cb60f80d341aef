"""guiju report: files, options, what is said when something is missing."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from command_line import CHINA, Guiju


def test_all_formats(guiju: Guiju) -> None:
    pytest.importorskip("typst")
    pytest.importorskip("docx")
    done = guiju("report", CHINA, "-o", "out", "--lang", "zh", "--date", "2025-01-31")
    assert done.status == 0, done.err
    names = sorted(path.name for path in Path("out").iterdir())
    assert [name.rpartition(".zh.")[2] for name in names] == ["docx", "html", "pdf"]
    assert "2025-01-31" in next(Path("out").glob("*.html")).read_text(encoding="utf-8")


def test_case_and_its_assessment_give_the_same(guiju: Guiju) -> None:
    """The file holds all that the report says; advice is computed anew from it."""
    assert guiju("evaluate", CHINA, "-o", "china.json").status == 0
    assert guiju("report", CHINA, "-o", "a.html").status == 0
    assert guiju("report", "china.json", "-o", "b.html").status == 0
    assert Path("a.html").read_bytes() == Path("b.html").read_bytes()
    assert "+0.087" in Path("a.html").read_text(encoding="utf-8")


def test_an_edited_assessment_gets_no_advice(guiju: Guiju) -> None:
    assert guiju("evaluate", CHINA, "-o", "china.json").status == 0
    data = json.loads(Path("china.json").read_text(encoding="utf-8"))
    data["nodes"]["hdi.score"]["value"] = "0.9"
    Path("china.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    done = guiju("report", "china.json", "-o", "b.html")
    assert done.status == 0, done.err
    assert "No steps were computed" in Path("b.html").read_text(encoding="utf-8")


def test_wrong_usage(guiju: Guiju) -> None:
    assert guiju("report", CHINA, "--date", "31.1.2025").status == 2
    assert guiju("report", CHINA, "-o", "a.html", "--format", "pdf").status == 2
    assert guiju("report", CHINA, "-o", "a.html", "--template", "x.docx").status == 2
    assert not Path("a.html").exists()


def test_a_template_that_is_not_there(guiju: Guiju) -> None:
    pytest.importorskip("docx")
    done = guiju("report", CHINA, "-o", "a.docx", "--template", "none.docx")
    assert done.status == 1
    assert "none.docx" in done.err


def test_what_is_no_assessment(guiju: Guiju) -> None:
    Path("x.json").write_text('{"assessment": 1}', encoding="utf-8")
    done = guiju("report", "x.json", "-o", "a.html")
    assert done.status == 1
    assert "x.json" in done.err


@pytest.mark.parametrize("suffix", ["pdf", "docx"])
def test_without_the_extra(suffix: str, guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("typst", "docx"):
        monkeypatch.setitem(sys.modules, name, None)
    done = guiju("report", CHINA, "-o", f"a.{suffix}")
    assert done.status == 2
    assert 'pip install "guiju[report]"' in done.err
    assert not Path(f"a.{suffix}").exists()
    assert guiju("report", CHINA, "-o", "a.html").status == 0


@pytest.mark.parametrize(
    ("section", "name", "value"), [("period", "from", "../etc"), ("subject", "name", 5), ("title", "en", ["x"])]
)
def test_an_assessment_that_is_none(section: str, name: str, value: object, guiju: Guiju) -> None:
    """Whatever goes wrong with it, the file is looked at before the fault is said to be ours."""
    assert guiju("evaluate", CHINA, "-o", "china.json").status == 0
    data = json.loads(Path("china.json").read_text(encoding="utf-8"))
    data["case"][section][name] = value
    data["indicators"][0]["weight"] = "much"
    Path("china.json").write_text(json.dumps(data), encoding="utf-8")
    done = guiju("report", "china.json", "-o", "china.html")
    assert done.status == 1
    assert "error[schema." in done.err
    assert not Path("china.html").exists()


@pytest.mark.parametrize("name", ["x.doc", "x.xlsx", "x.ZIP"])
def test_a_file_of_another_kind_is_no_folder(name: str, guiju: Guiju) -> None:
    done = guiju("report", CHINA, "-o", name)
    assert done.status == 2
    assert "there are html, docx, pdf" in done.err
    assert not Path(name).exists()
    Path(name).mkdir()
    assert guiju("report", CHINA, "-o", name, "--format", "html").status == 0, "a folder of that name is a folder"

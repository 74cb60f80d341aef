"""Every bad example says the right thing at the right place, in both languages, and nothing else."""

import json
import re
import warnings
from pathlib import Path

import engine_rooms
import pytest
import yaml
from corpus import CASES, HERE, ROOMS, expected, line_of, run

from guiju.diagnostics.finding import Finding, Found, Place
from guiju.diagnostics.show import ReadLine, as_data, as_lines, as_text
from guiju.diagnostics.words import LANGUAGES, fix, sentence, severity
from guiju.formula.grammar import parse
from guiju.formula.library import arity, library

MOST_PER_CODE, FEWEST = 3, 120
PLACEHOLDER = re.compile(r"\{[a-z_]+(:word)?\}")
HOSTILE = yaml.safe_load((HERE / "hostile_formulas.yaml").read_text(encoding="utf-8"))
VALUES = yaml.safe_load((HERE / "hostile_values.yaml").read_text(encoding="utf-8"))
MARK = "‸"


def case_of(folder: Path) -> object:
    fault = expected(folder).get("fault")
    marks = [pytest.mark.xfail(reason=fault, strict=True)] if fault else []
    return pytest.param(folder, id=f"{folder.parent.name}/{folder.name}", marks=marks)


@pytest.mark.parametrize("folder", [case_of(folder) for folder in CASES])
def test_bad(folder: Path) -> None:
    expect = expected(folder)
    findings = run(folder).findings
    seen = [(f.code, f.place and f.place.file, f.place and f.place.line, f.place and f.place.column) for f in findings]
    assert (expect["code"], expect["file"], expect["line"], expect["column"]) in seen, seen
    assert {code for code, *_ in seen} <= {expect["code"], *expect["also"]}, "and nothing else"
    speaks(findings, line_of(folder))


def speaks(findings: tuple[Finding, ...], read_line: ReadLine) -> None:
    """In both languages, in all three forms, without a placeholder that was not filled in."""
    for finding in findings:
        zh, en = (sentence(finding, lang).strip() for lang in LANGUAGES)
        assert zh and en and zh != en
        for lang in LANGUAGES:
            remedy = fix(finding, lang)
            assert remedy is None or remedy.strip()
            assert not PLACEHOLDER.search(sentence(finding, lang) + (remedy or "")), finding
    for lang in LANGUAGES:
        text = as_text(findings, lang, read_line)
        assert all(f"[{finding.code}]" in text for finding in findings)
        assert as_lines(findings, lang).count("\n") == len(findings)
    json.dumps(as_data(findings))


def test_folders_are_named_after_their_code() -> None:
    for folder in CASES:
        what, _, number = folder.name.rpartition("-")
        assert expected(folder)["code"] == f"{folder.parent.name}.{what}", folder
        assert 1 <= int(number) <= MOST_PER_CODE, folder
        severity(expected(folder)["code"])


def test_every_folder_has_a_wish() -> None:
    rooms = [room for room in HERE.iterdir() if room.is_dir() and room.name in ROOMS]
    assert {folder for room in rooms for folder in room.iterdir() if folder.is_dir()} == set(CASES)
    assert len(CASES) >= FEWEST


def test_the_base_ruleset_is_fine(tmp_path: Path) -> None:
    """Otherwise the corpus would show something else than it says."""
    (tmp_path / "expect.json").write_text("{}", encoding="utf-8")
    found = Found()
    engine_rooms.run(tmp_path, found)
    (tmp_path / "case.yaml").write_text((engine_rooms.BASE / "case.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    engine_rooms.run(tmp_path, found)
    assert found.findings == ()


# -- formulas and values that somebody might try ----------------------------------------------------------------------------
@pytest.mark.parametrize(("code", "marked"), [(code, text) for code, texts in HOSTILE.items() for text in texts])
def test_hostile_formula(code: str, marked: str) -> None:
    """Refused when it is read, at the mark, without a warning of Python's own."""
    marked = engine_rooms.repeated(marked)
    text, column, found = marked.replace(MARK, ""), marked.index(MARK) + 1, Found()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        locate = lambda offset, length: Place("input.yaml", 1, offset + 1, length)  # noqa: E731
        assert parse(text, locate, found, arity(library())) is None
    assert (code, column) in [(f.code, f.place and f.place.column) for f in found.findings], found.findings
    speaks(found.findings, lambda _file, _line: text)


def test_hostile_formulas_in_a_ruleset(tmp_path: Path) -> None:
    """All of them in one ruleset: each is reported at its own line, and nothing escapes."""
    texts = [engine_rooms.repeated(text.replace(MARK, "")) for texts in HOSTILE.values() for text in texts]
    words = {"zh": "坏例", "en": "Bad"}
    formulas = {f"bad_{n}": {"title": words, "expr": t, "unit": "1", "basis": "proposed"} for n, t in enumerate(texts)}
    text = json.dumps({"formulas": formulas}, ensure_ascii=False, indent=1)
    (tmp_path / "input.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "expect.json").write_text("{}", encoding="utf-8")
    found = Found()
    engine_rooms.run(tmp_path, found)
    lines = {number for number, line in enumerate(text.splitlines(), 1) if '"expr":' in line}
    assert lines <= {f.place.line for f in found.findings if f.place and f.code.startswith("formula.")}
    speaks(found.findings, line_of(tmp_path))


@pytest.mark.parametrize(("code", "marked"), [(code, line) for code, lines in VALUES.items() for line in lines])
def test_hostile_value(code: str, marked: str, tmp_path: Path) -> None:
    """A line of the base case replaced by one that cannot be taken."""
    name = marked.partition(":")[0]
    lines = (engine_rooms.BASE / "case.yaml").read_text(encoding="utf-8").splitlines()
    number = next(n for n, line in enumerate(lines) if line.startswith(f"  {name}:"))
    lines[number] = "  " + engine_rooms.repeated(marked).replace(MARK, "")
    (tmp_path / "case.yaml").write_text("\n".join([*lines, ""]), encoding="utf-8")
    (tmp_path / "expect.json").write_text("{}", encoding="utf-8")
    found = Found()
    engine_rooms.run(tmp_path, found)
    column = engine_rooms.repeated(marked).index(MARK) + 3
    seen = [(f.code, f.place and f.place.line, f.place and f.place.column) for f in found.findings]
    assert (code, number + 1, column) in seen, seen
    speaks(found.findings, line_of(tmp_path))

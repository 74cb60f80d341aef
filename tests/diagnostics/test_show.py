"""How findings are shown: the mark stands under the character, also after Chinese text."""

import json

import pytest

from guiju.diagnostics.finding import Finding, Found, Place
from guiju.diagnostics.show import MAX_WIDTH, as_data, as_lines, as_text, columns, summary

LINES = {
    1: "原煤产量: {zh: 煤, en: coal}",
    2: "coal_output: 1",
    3: "coal_output: 2",
    4: "a: " + "x" * 500 + "HERE" + "y" * 500,
    5: "a: " + "煤" * 500 + "此处" + "炭" * 500,
    6: "a:\tb\x1b[31m",
    7: "e\u0301e\u0301 x",
}


def read_line(file: str, line: int) -> str | None:
    return LINES.get(line) if file == "a.yaml" else None


def found_at(line: int, column: int, length: int = 1) -> tuple[Finding, ...]:
    found = Found()
    found.add("source.alias", Place("a.yaml", line, column, length), name="x")
    return found.findings


def test_a_whole_finding() -> None:
    found = Found()
    found.add(
        "source.duplicate-key",
        Place("a.yaml", 3, 1, 11),
        related=[("first", Place("a.yaml", 2, 1, 11))],
        key="coal_output",
    )
    assert as_text(found.findings, "en", read_line) == (
        "error[source.duplicate-key] the key 'coal_output' is given twice\n"
        " --> a.yaml:3:1\n"
        "  |\n"
        "3 | coal_output: 2\n"
        "  | ^~~~~~~~~~~\n"
        "  = fix: delete one of them or merge the two\n"
        " ::: a.yaml:2:1 first written here\n"
        "  |\n"
        "2 | coal_output: 1\n"
        "  | ^~~~~~~~~~~\n"
        "\n"
        "1 error\n"
    )
    assert as_text(found.findings, "zh", read_line) == (
        "错误[source.duplicate-key] 键“coal_output”在同一处写了两次\n"
        " --> a.yaml:3:1\n"
        "  |\n"
        "3 | coal_output: 2\n"
        "  | ^~~~~~~~~~~\n"
        "  = 改法：请删除或合并其中之一\n"
        " ::: a.yaml:2:1 第一次写在这里\n"
        "  |\n"
        "2 | coal_output: 1\n"
        "  | ^~~~~~~~~~~\n"
        "\n"
        "1 个错误\n"
    )


@pytest.mark.parametrize(
    ("line", "column", "length", "width_before", "mark"),
    [
        (1, 1, 4, 0, "^~~~~~~~"),
        (1, 12, 1, 15, "^~"),
        (1, 15, 2, 19, "^~"),
        (2, 99, 1, 14, "^"),
        (2, 14, 99, 13, "^"),
        (6, 4, 1, 3, "^"),
        (7, 6, 1, 3, "^"),
    ],
)
def test_the_mark_stands_under_the_character(line: int, column: int, length: int, width_before: int, mark: str) -> None:
    shown = as_text(found_at(line, column, length), "en", read_line).splitlines()
    assert shown[4] == "  | " + " " * width_before + mark


@pytest.mark.parametrize(("line", "word"), [(4, "HERE"), (5, "此处")])
def test_long_lines_are_cut_around_the_mark(line: int, word: str) -> None:
    column = LINES[line].index(word) + 1
    shown = as_text(found_at(line, column, len(word)), "en", read_line).splitlines()
    text, mark = shown[3][4:], shown[4][4:]
    assert columns(text) <= MAX_WIDTH + 6
    assert text.startswith("...")
    assert text.endswith("...")
    before = text[: text.index(word)]
    assert mark == " " * columns(before) + "^" + "~" * (columns(word) - 1)


def test_nothing_of_a_file_can_steer_the_terminal() -> None:
    assert "\x1b" not in as_text(found_at(6, 4), "en", read_line)


def test_a_finding_without_place_or_line() -> None:
    found = Found()
    found.add("source.missing-file", None, file="x.yaml")
    found.add("source.missing-file", Place("x.yaml", 1, 1), file="x.yaml")
    assert as_text(found.findings, "en", read_line) == (
        "error[source.missing-file] there is no file x.yaml\n\n"
        "error[source.missing-file] there is no file x.yaml\n --> x.yaml:1:1\n\n2 errors\n"
    )
    assert as_lines(found.findings, "zh") == (
        "错误 source.missing-file 找不到文件 x.yaml\nx.yaml:1:1: 错误 source.missing-file 找不到文件 x.yaml\n"
    )


def test_single_lines() -> None:
    assert as_lines(found_at(2, 1), "en") == (
        "a.yaml:2:1: error source.alias aliases (*) are not accepted "
        "(write the content out; if '*' is part of a text, put the whole text in quotes)\n"
    )


def test_data_in_both_languages() -> None:
    (entry,) = json.loads(json.dumps(as_data(found_at(2, 1, 4))))
    assert entry["code"] == "source.alias"
    assert entry["severity"] == "error"
    assert entry["place"] == {"file": "a.yaml", "line": 2, "column": 1, "length": 4}
    assert entry["facts"] == {"name": "x"}
    assert set(entry["sentence"]) == set(entry["fix"]) == {"zh", "en"}


def test_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    levels = {"source.tab": "error", "source.alias": "warning", "source.bom": "note"}
    monkeypatch.setattr("guiju.diagnostics.show.severity", levels.__getitem__)
    findings = [Finding(code, None, ()) for code in ("source.tab", "source.tab", "source.alias")]
    assert summary(findings, "en") == "2 errors, 1 warning"
    assert summary(findings, "zh") == "2 个错误，1 个警告"
    assert summary([Finding("source.bom", None, ())], "en") == "1 note"
    assert summary([], "en") == "nothing found"
    assert as_text([], "zh", read_line) == "没有发现问题\n"

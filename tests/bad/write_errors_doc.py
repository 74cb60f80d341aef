"""Messages + corpus → docs/errors.md. Run by hand when the test of it fails: python tests/bad/write_errors_doc.py"""

import re
from pathlib import Path
from typing import Any

import engine_rooms
import yaml
from corpus import CASES, HERE, ROOMS, expected, run

import guiju
from guiju.diagnostics.finding import Finding
from guiju.diagnostics.words import codes, sentence, severity

DOC = HERE.parents[1] / "docs" / "errors.md"
MESSAGES = Path(guiju.__file__).parent / "diagnostics" / "messages"
WIDEST = 72
TITLES = {
    "source": ("文件与 YAML", "Files and YAML"),
    "schema": ("字段的写法", "The shape of entries"),
    "ruleset": ("规则集", "The ruleset as a whole"),
    "version": ("版本与锁定", "Versions and the lock"),
    "variant": ("变体", "Variants"),
    "reference": ("来源与条款", "Sources and clauses"),
    "evidence": ("证据种类", "Kinds of evidence"),
    "unit": ("单位", "Units"),
    "parameter": ("参数", "Parameters"),
    "table": ("数值表", "Tables"),
    "input": ("输入项", "Inputs"),
    "collection": ("集合", "Collections"),
    "formula": ("公式的写法", "How formulas are written"),
    "type": ("值的种类", "Kinds of values"),
    "plan": ("名称与次序", "Names and order"),
    "indicator": ("指标与权重", "Indicators and weights"),
    "score": ("计分", "Scores"),
    "interval": ("区间", "Intervals"),
    "grade": ("等级与前提", "Grades and preconditions"),
    "lint": ("提醒", "Hints"),
    "case": ("评估数据", "The data of a case"),
    "workbook": ("工作簿与 CSV", "Workbooks and CSV"),
    "series": ("计量序列", "Meter series"),
    "check": ("核对", "Checks of a ruleset"),
    "trial": ("规则集的测试", "Tests of a ruleset"),
    "record": ("评价包", "Packages"),
    "log": ("日志", "The log"),
    "value": ("为什么没有结果", "Why something was not computed"),
}
HEAD = """# 错误与警告 · Errors and warnings

按出现的地方分列。每条给出代码、中英文说明和最小的例子（出错的那一行）；例子就是测试所用的，见 `tests/bad/`。
By the room in which they arise: the code, what is said in Chinese and English, and the smallest example (the line at fault);
the examples are those of the tests, in `tests/bad/`. Marked ⚠ are warnings: the evaluation goes on.

本页由 `tests/bad/write_errors_doc.py` 生成。 · This page is written by `tests/bad/write_errors_doc.py`.
"""


def document() -> str:
    examples: dict[str, Path] = {}
    for folder in CASES:
        examples.setdefault(expected(folder)["code"], folder)
    order = [
        *(room for room in TITLES if room in ROOMS),
        *(room for room in ROOMS if room not in TITLES and room != "words"),
    ]
    return "\n".join([HEAD, *(_room(room, examples) for room in order)])


def _room(room: str, examples: dict[str, Path]) -> str:
    zh, en = TITLES.get(room, (room, room))
    rows = [_row(code, examples.get(code)) for code in codes() if code.partition(".")[0] == room]
    lines = [f"## {zh} · {en}", "", "| 代码 · code | 说明 · what it says | 例 · example |", "|---|---|---|", *rows, ""]
    return "\n".join(lines)


def _row(code: str, folder: Path | None) -> str:
    finding, example = _unfilled(code), "—"
    if folder is not None:
        finding = next((f for f in run(folder).findings if f.code == code), finding)
        example = _example(folder)
    here = "" if folder is None else f"{folder}/"  # a page of the project names no folder of this machine
    words = "<br>".join(_escaped(sentence(finding, lang).replace(here, "")) for lang in ("zh", "en"))
    mark = "" if severity(code) == "error" else " ⚠"
    return f"| `{code}`{mark} | {words} | {example} |"


def _unfilled(code: str) -> Finding:
    """A finding for a code without example: an ellipsis where a fact would stand."""
    room, _, what = code.partition(".")
    words = yaml.safe_load((MESSAGES / f"{room}.yaml").read_text(encoding="utf-8"))[what]
    names = re.findall(r"\{([a-z_]+)", words["zh"] + words["en"])
    return Finding(code, None, tuple((name, "…") for name in names))


def _example(folder: Path) -> str:
    """The line at fault, cut around the place where it is long."""
    expect: dict[str, Any] = expected(folder)
    if "ref" in expect:
        return f"`{expect['ref']}`" + (f" `--on {expect['on']}`" if "on" in expect else "")
    line = engine_rooms.line_of(folder, expect["file"], expect["line"]) if expect["file"] else None
    if line is None or not line.strip() or "\ufffd" in line:
        return "—"
    line = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in line)
    first = max(0, min(expect["column"] - 1 - WIDEST // 3, len(line) - WIDEST))
    piece = line[first : first + WIDEST]
    text = (
        ("… " if first and line[:first].strip() else "") + piece.strip() + (" …" if first + WIDEST < len(line) else "")
    )
    return _code(text)


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    return f"{fence}{text.replace('|', chr(92) + '|')}{fence}"


def _escaped(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]<>|#])", r"\\\1", " ".join(text.split()))


if __name__ == "__main__":
    DOC.write_text(document(), encoding="utf-8")

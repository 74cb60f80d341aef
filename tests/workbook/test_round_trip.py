"""Case → workbook → case, and case → CSV → case: nothing is lost, the same input gives the same bytes."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from rooms import errors, imported, planned, written

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.intake.case import read_header
from guiju.source.json_text import read_json
from guiju.source.node import Node, data
from guiju.source.yaml_text import read_text
from guiju.workbook.assemble import head
from guiju.workbook.case_text import case_text
from guiju.workbook.csv_files import read_csv
from guiju.workbook.layout import layout
from guiju.workbook.spread import spread
from shipped import CASES, RULESETS, name_of

# Everything that a case can say, in a small ruleset.
RULESET = """
format: 1
id: full
version: "1"
title: {zh: 全部, en: Full}
status: draft
evidence: {bill: {title: {zh: 发票, en: Bill}}, photo: {title: {zh: 照片, en: Photo}}}
external_tables: {grid: {table: small, version: "2"}}
inputs:
  energy: {title: {zh: 电, en: Power}, unit: kWh, min: 0, max: 10000000, evidence: [bill]}
  staff: {title: {zh: 人数, en: Staff}, type: integer, unit: person, required: false}
  word: {title: {zh: 词, en: Word}, type: text, required: false}
  text: {title: {zh: 文, en: Text}, type: text, required: false}
  open: {title: {zh: 开, en: Open}, type: boolean, required: false}
  day: {title: {zh: 日, en: Day}, type: date, required: false}
  size: {title: {zh: 大小, en: Size}, type: choice, required: false, choices: {small: {zh: 小, en: small}, large: {zh: 大, en: large}, same: {zh: 大, en: large}}}
collections:
  items:
    title: {zh: 物品, en: Items}
    key: item
    columns:
      item: {title: {zh: 物品, en: item}, type: text}
      mass: {title: {zh: 质量, en: mass}, unit: kg, required: false}
      part: {title: {zh: 份额, en: share}, unit: "1", required: false}
      on: {title: {zh: 日期, en: day}, type: date, required: false}
      kind: {title: {zh: 种类, en: kind}, type: choice, required: false, choices: {a: {zh: 甲, en: A}, b: {zh: 乙, en: B}}}
checks:
  enough: {title: {zh: 用电合理, en: Power is plausible}, expr: energy > one_kwh, basis: proposed}
  light: {title: {zh: 物品不重, en: The item is light}, per: items, expr: mass < one_kg, basis: proposed}
formulas:
  whole: {title: {zh: 合计, en: All}, expr: energy + sum(items.mass) / one_kg * one_kwh, unit: kWh, basis: proposed}
parameters:
  one_kg: {title: {zh: 一千克, en: One}, value: 1, unit: kg, basis: proposed}
  one_kwh: {title: {zh: 一度, en: One}, value: 1, unit: kWh, basis: proposed}
"""
TABLE = """
table: 1
id: small
version: "2"
title: {zh: 表, en: Table}
status: draft
keys: [{name: place, type: text}]
columns: {factor: {title: {zh: 因子, en: factor}, unit: "1"}}
basis: proposed
rows: [{place: here, factor: 1}]
"""
CASE = """
case: 1
id: everything-1
title: {zh: '全部: "引号" # 与 =号', en: "All: of it"}
ruleset: full@1
role: third_party
subject:
  name: {zh: 对象, en: Subject}
  facts: {"=cmd|' /C calc'!A0": "@SUM(1)", 面积: "-12", y: "no"}
  built_on: 依据
period: {from: "2024-01-01", to: "2024-12-31"}
report:
  client: {zh: 甲, en: 甲}
  assessor: {zh: 评价方, en: "Assessor: one"}
  date: "2025-03-09"
  number: "007"
  aim: "目标 # 一"
tables: {grid: "2"}
inputs:
  energy: {value: 1620.50, unit: MWh, origin: measured, source: {zh: 表, en: Meter}, tier: measured, uncertainty: 2.50, evidence: [b1, 台账-2024.1, "2024"], note: {zh: "第一行", en: "line\\nline"}, reason: =1+1}
  staff: {value: null, reason: nobody counted}
  word: "007"
  text: "=HYPERLINK(1)\\nsecond, line\\ttab  "
  open: false
  day: "2024-02-29"
  size: same
collections:
  items:
    - {item: "1", mass: {value: 0.1000000000000000000000000001, unit: t, origin: measured, evidence: [b1]}, part: {value: 20, unit: "%", origin: measured, evidence: [b1]}, on: {value: "2024-01-05", origin: measured, evidence: [b1]}, kind: a}
    - {item: {value: "-x", note: key}, mass: 12345678901234567890, part: {value: 0.5, uncertainty: 1}, kind: {value: b, origin: public}}
    - {item: only}
    - {item: "no", mass: {value: null, reason: {zh: 无, en: none}}, part: null}
evidence:
  b1: {kind: bill, title: {zh: 单, en: Bill 1}, file: "a b.pdf", sha256: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", date: "2024-03-01", origin: {zh: 供电公司, en: Grid company}, page: "3", note: {zh: 注, en: note}}
  台账-2024.1: {kind: photo, title: {zh: 图, en: Photo}, origin: the assessor}
  "2024": {kind: photo, title: 只有中文}
settled:
  enough: {by: 李工, on: "2025-02-01", reason: {zh: "试车 # 一", en: "a run, first"}}
  "light[1]": {by: {zh: 李工, en: Li}, on: "2025-02-02", reason: "=heavy"}
  "light[-x]": {by: Wang, on: "2025-02-03", reason: new}
"""


def normal(node: Node) -> dict:
    """Plain data in which `x: 5` and `x: {value: 5}` are alike, written here for itself."""
    case = data(node)

    def value(entry):
        said = dict(entry) if isinstance(entry, dict) else {"value": entry}
        return {name: each for name, each in said.items() if each != []}

    return {
        **case,
        "inputs": {name: value(entry) for name, entry in (case.get("inputs") or {}).items()},
        "collections": {
            name: [{key: value(cell) for key, cell in row.items()} for row in rows]
            for name, rows in (case.get("collections") or {}).items()
            if rows
        },
    }


@pytest.fixture
def full(tmp_path: Path) -> tuple[Path, Path]:
    """The case with everything, and the folder of its ruleset."""
    folder = tmp_path / "rulesets" / "full" / "1"
    folder.mkdir(parents=True)
    (folder / "ruleset.yaml").write_text(RULESET, encoding="utf-8")
    tables = tmp_path / "rulesets" / "tables" / "small"
    tables.mkdir(parents=True)
    (tables / "2.yaml").write_text(TABLE, encoding="utf-8")
    (tmp_path / "case.yaml").write_text(CASE, encoding="utf-8")
    return tmp_path / "case.yaml", tmp_path / "rulesets"


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_shipped_case(case: Path) -> None:
    header, plan = planned(case)
    raw = written(header, plan)
    assert written(header, plan) == raw, "same input, same bytes"
    node, found = imported(raw, case)
    assert node is not None, errors(found)
    assert normal(node) == normal(header.node)


def test_everything_a_case_can_say(full: tuple[Path, Path]) -> None:
    case, rulesets = full
    header, plan = planned(case, rulesets)
    node, found = imported(written(header, plan), case, rulesets)
    assert node is not None, errors(found)
    assert normal(node) == normal(header.node)
    rows = data(node)["collections"]["items"]
    assert str(rows[0]["mass"]["value"]) == "0.1000000000000000000000000001", "not a digit is lost"
    assert str(data(node)["inputs"]["energy"]["value"]) == "1620.50", "as written"


def test_no_formula_is_made_of_text(full: tuple[Path, Path]) -> None:
    header, plan = planned(full[0], full[1])
    with zipfile.ZipFile(io.BytesIO(written(header, plan))) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}, "no clock"
    assert not [sheet for sheet in sheets if b"<f>" in sheet or b"<f " in sheet or b"<hyperlink" in sheet]


@pytest.mark.parametrize("case", [*CASES, None], ids=lambda case: name_of(case) if case else "everything")
def test_csv(case: Path | None, full: tuple[Path, Path], tmp_path: Path) -> None:
    """The tables of the case as CSV files, read again."""
    rulesets = RULESETS if case else full[1]
    case = case or full[0]
    header, plan = planned(case, rulesets)
    filling = spread(header.node, plan, layout(plan))
    inputs = [row for name, rows in filling.items() if name.startswith("inputs.") for row in rows]
    tables = {**{name: rows for name, rows in filling.items() if not name.startswith("inputs.")}, "inputs": inputs}
    paths = []
    for name, rows in tables.items():
        if rows:
            path = tmp_path / f"{name}.csv"
            with path.open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.DictWriter(stream, list(dict.fromkeys(key for row in rows for key in row)))
                writer.writeheader()
                writer.writerows(rows)
            paths.append(path)
    found = Found()
    read = read_csv(paths, found)
    assert read is not None, errors(found)
    done = pipeline.take(head(read, found), case, [rulesets], found, read)
    assert done is not None, errors(found)
    assert normal(done[0]) == normal(header.node)


@pytest.mark.parametrize("case", [*CASES, None], ids=lambda case: name_of(case) if case else "everything")
def test_json(case: Path | None, full: tuple[Path, Path]) -> None:
    rulesets, case = RULESETS if case else full[1], case or full[0]
    found = Found()
    header = read_header(case, found)
    assert header is not None
    text = json.dumps(data(header.node), ensure_ascii=False, indent="\t", default=lambda number: f"<{number}>")
    text = re.sub('"<([-0-9.]+)>"', r"\1", text)  # every digit of a number
    node = read_json(text, "case.json", found)
    assert node is not None
    done = pipeline.take(node, case, [rulesets], found)
    assert done is not None, errors(found)
    again = read_text(case_text(*done), "case.yaml", found)
    assert again is not None
    assert normal(again) == normal(header.node)

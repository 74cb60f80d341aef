"""template and import: as an assessor calls them, in both languages, whatever is wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import openpyxl
import pytest
from command_line import CHINA, ROOT, Guiju

MINE = ROOT / "rulesets" / "carbon-neutral-mine" / "2025.1" / "cases" / "underground.yaml"


def grade_of(guiju: Guiju, case: str | Path) -> str:
    assert guiju("evaluate", case, "-o", "out.json").status == 0
    return str(json.loads(Path("out.json").read_text(encoding="utf-8"))["grade"]["result"])


def test_from_a_case_and_back(guiju: Guiju) -> None:
    done = guiju("template", "--case", MINE, "-o", "mine.xlsx")
    assert (done.status, done.out, done.err) == (0, "", "written: mine.xlsx\n")
    done = guiju("import", "mine.xlsx", "-o", "mine.yaml")
    assert (done.status, done.err) == (0, "written: mine.yaml\n")
    text = Path("mine.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=")
    assert "  coal_output:" in text
    assert "Raw coal output" in text, "the title stands beside the value"
    assert grade_of(guiju, "mine.yaml") == grade_of(guiju, MINE)


def test_an_empty_workbook_lacks_what_is_needed(guiju: Guiju) -> None:
    done = guiju("template", "carbon-neutral-mine@2025.1", "--variant", "energy.coal.underground", "-o", "mine.xlsx")
    assert done.status == 0
    done = guiju("import", "mine.xlsx", "-o", "mine.yaml", "--lang", "zh")
    assert done.status == 1
    assert "mine.xlsx 基本信息 About!C6" in done.err
    assert "必填项“id”没有填写" in done.err
    assert not Path("mine.yaml").exists()


def test_filled_by_hand(guiju: Guiju) -> None:
    """hdi: the four numbers of a country typed into the cells."""
    assert guiju("template", "hdi@2021", "-o", "hdi.xlsx").status == 0
    book = openpyxl.load_workbook("hdi.xlsx")
    about = {"id": "by-hand", "title.zh": "手填", "title.en": "By hand", "role": "自评估 self-assessment", "subject.name.zh": "某国",
             "subject.name.en": "A country", "period.from": "2021/1/1", "period.to": "2021年12月31日"}  # fmt: skip
    import yaml

    china = yaml.safe_load(CHINA.read_text(encoding="utf-8"))
    values = {name: entry["value"] if isinstance(entry, dict) else entry for name, entry in china["inputs"].items()}
    for page in book:
        for row in page.iter_rows(min_row=4):
            name = row[0].value
            if name in about or name in values:
                row[2].value = about.get(name, values.get(name))
    book.save("hdi.xlsx")
    done = guiju("import", "hdi.xlsx", "-o", "hdi.yaml")
    assert done.status == 0, done.err
    assert grade_of(guiju, "hdi.yaml") == "high"


def test_a_wrong_cell_is_named_and_nothing_is_written(guiju: Guiju) -> None:
    assert guiju("template", "--case", CHINA, "-o", "hdi.xlsx").status == 0
    book = openpyxl.load_workbook("hdi.xlsx")
    page = next(each for each in book if any(row[0].value == "life_expectancy" for row in each.iter_rows(min_row=4)))
    row = next(row for row in page.iter_rows(min_row=4) if row[0].value == "life_expectancy")
    row[2].value = "78,2"
    book.save("hdi.xlsx")
    Path("hdi.yaml").write_text("before\n", encoding="utf-8")
    done = guiju("import", "hdi.xlsx", "-o", "hdi.yaml")
    assert done.status == 1
    assert f"--> hdi.xlsx {page.title}!{row[2].coordinate}\n" in done.err
    assert Path("hdi.yaml").read_text(encoding="utf-8") == "before\n"
    assert sorted(path.name for path in Path().iterdir()) == ["hdi.xlsx", "hdi.yaml"]


def test_a_case_that_was_edited_is_not_written_over(guiju: Guiju) -> None:
    """What a person added after the first import is named; the same bytes again, or --force, are fine."""
    assert guiju("template", "--case", MINE, "-o", "mine.xlsx").status == 0
    target = Path("mine.yaml")
    for _ in range(2):
        assert guiju("import", "mine.xlsx", "-o", target).status == 0, "the same again"
    first = target.read_text(encoding="utf-8")
    edited = first.replace("\ninputs:\n", "\ninputs:\n  heat_imported_note: 1\n", 1)
    edited += '\nsettled:\n  shares: {by: Li, on: "2025-02-01", reason: why}\n'
    target.write_text(edited, encoding="utf-8")
    done = guiju("import", "mine.xlsx", "-o", target)
    assert (done.status, done.out) == (2, "")
    assert "Lost or changed would be 2: inputs.heat_imported_note, settled.shares." in done.err
    assert target.read_text(encoding="utf-8") == edited
    assert "覆盖会失去或改变 2 处" in guiju("import", "mine.xlsx", "-o", target, "--lang", "zh").err
    assert guiju("import", "mine.xlsx", "-o", target, "--force").status == 0
    assert target.read_text(encoding="utf-8") == first
    target.write_text(first + "# checked by Li\n", encoding="utf-8")
    done = guiju("import", "mine.xlsx", "-o", target)
    assert (done.status, "only its comments and layout" in done.err) == (2, True)
    target.write_text(
        "inputs:\n  coal_output: {unit: t}\n  x: [1]\ncollections: {fuels: [1, {fuel: 1}], y: 2, z: {a: 1}}\n"
    )
    done = guiju("import", "mine.xlsx", "-o", target)
    assert (done.status, "Lost or changed would be 6" in done.err) == (2, True), done.err
    for odd in (b"\xff\xfe\x00", b"- a list\n", b""):
        target.write_bytes(odd)
        done = guiju("import", "mine.xlsx", "-o", target)
        assert (done.status, "is no case that can be read" in done.err) == (2, True)
        assert target.read_bytes() == odd


def test_json_and_standard_output(guiju: Guiju) -> None:
    import yaml

    case = yaml.safe_load(CHINA.read_text(encoding="utf-8"))
    Path("case.json").write_text(json.dumps(case, ensure_ascii=False), encoding="utf-8")
    done = guiju("import", "case.json")
    assert done.status == 0
    assert yaml.safe_load(done.out) == case
    Path("case.json").write_text('{"case": 1,,}', encoding="utf-8")
    done = guiju("import", "case.json")
    assert done.status == 1
    assert "case.json:1:12" in done.err


def test_csv_folder(guiju: Guiju) -> None:
    folder = Path("tables")
    folder.mkdir()
    head = ["ruleset,hdi@2021", "id,csv", "title.zh,表", "title.en,Table", "role,self", "subject.name.zh,国", "subject.name.en,Land",
            "period.from,2021-01-01", "period.to,2021-12-31"]  # fmt: skip
    (folder / "case.csv").write_text("\n".join(["name,value", *head, ""]), encoding="utf-8-sig")
    import yaml

    china = yaml.safe_load(CHINA.read_text(encoding="utf-8"))
    rows = [f"{name};{entry['value'] if isinstance(entry, dict) else entry}" for name, entry in china["inputs"].items()]
    (folder / "inputs.csv").write_text("\r\n".join(["标识;值", *rows, ""]), encoding="utf-8")
    done = guiju("import", folder, "-o", "case.yaml")
    assert done.status == 0, done.err
    assert grade_of(guiju, "case.yaml") == "high"
    (folder / "case.csv").rename(folder / "cases.csv")
    done = guiju("import", folder)
    assert (done.status, done.err.count("error[")) == (1, 1), "one sentence, not one for every field"
    assert "case.csv is missing" in done.err and "should 'cases.csv' be named case.csv?" in done.err
    (folder / "cases.csv").rename(folder / "case.csv")
    (folder / "inputs.csv").write_bytes("标识;值\n".encode("gbk"))
    done = guiju("import", folder, "-o", "other.yaml", "--lang", "zh")
    assert done.status == 1
    assert "GBK" in done.err


@pytest.mark.parametrize(
    ("args", "zh", "en"),
    [
        (["template", "-o", "a.xlsx"], "请写规则集", "name a ruleset"),
        (["template", "hdi@2021", "-o", "a.pdf"], "不是 .xlsx", "does not end in .xlsx"),
        (["import", "a.docx"], "不能读入", "cannot import"),
        (["import", "."], "不能读入", "cannot import"),
        (["import", "a.xlsx", "b.xlsx"], "一次只能读一个", "at a time"),
    ],
)
def test_wrong_usage(args: list[str], zh: str, en: str, guiju: Guiju) -> None:
    for lang, wanted in (("zh", zh), ("en", en)):
        done = guiju(*args, "--lang", lang)
        assert done.status == 2
        assert wanted in done.err


def test_no_such_file(guiju: Guiju) -> None:
    done = guiju("import", "nothing.xlsx")
    assert done.status == 1
    assert "there is no file nothing.xlsx" in done.err


@pytest.mark.parametrize("library", ["xlsxwriter", "python_calamine", "openpyxl"])
def test_without_the_libraries(library: str, guiju: Guiju, monkeypatch: pytest.MonkeyPatch) -> None:
    """What to install is said, in both languages."""
    assert guiju("template", "--case", CHINA, "-o", "a.xlsx").status == 0
    book = openpyxl.load_workbook("a.xlsx")
    book[book.sheetnames[4]]["C4"] = "=1"
    book.save("a.xlsx")
    monkeypatch.setitem(sys.modules, library, None)
    args = ("template", "hdi@2021", "-o", "b.xlsx") if library == "xlsxwriter" else ("import", "a.xlsx")
    for lang, wanted in (("zh", "请安装"), ("en", "install it")):
        done = guiju(*args, "--lang", lang)
        assert done.status == 2
        assert wanted in done.err
        assert 'pip install "guiju[excel]"' in done.err
    assert not Path("b.xlsx").exists()

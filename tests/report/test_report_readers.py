"""What a reader of the report who was not there looks for: whose it is, what is only proposed, how sure it is, who signs it."""

from __future__ import annotations

import copy
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.describe import describe
from guiju.report.document.charts import WIDTH, waterfall
from guiju.report.document.doubt import crossed, spread
from guiju.report.document.model import Column, Paragraph, ReportView, Row, Section, Table
from guiju.report.document.ooxml import table_xml
from guiju.report.document.view import report

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "rulesets" / "carbon-neutral-mine" / "2025.1" / "cases"


@pytest.fixture(scope="module")
def opencast() -> dict[str, Any]:
    assessment = pipeline.assess(CASES / "opencast.yaml", [ROOT / "rulesets"], pipeline.Wish(), Found())
    assert assessment is not None
    return describe(assessment)


@pytest.fixture
def data(opencast: dict[str, Any]) -> dict[str, Any]:
    """One of its own for each test that changes something."""
    return copy.deepcopy(opencast)


def section(view: ReportView, title: str) -> Section:
    (found,) = [each for each in view.sections if each.title == title]
    return found


def texts(of: Section) -> str:
    return "\n".join(block.text for block in of.blocks if isinstance(block, Paragraph))


def tables(of: Section) -> dict[str, Table]:
    return {block.caption: block for block in of.blocks if isinstance(block, Table)}


def test_the_subject_goes_by_its_name(opencast: dict[str, Any]) -> None:
    """The case's title says year and occasion too: that is for the cover."""
    view = report(opencast, None, "zh")
    (basics,) = tables(section(view, "基本情况")).values()
    assert basics.rows[0].cells == ("评价对象", "示例二号露天煤矿")
    assert texts(section(view, "结论")).startswith("示例二号露天煤矿在评价期内")
    assert view.cover.subject == "示例二号露天煤矿，2024年度第三方评价（首次）"


def test_how_many_rules_are_proposals_is_said_where_nothing_is_invented(data: dict[str, Any]) -> None:
    """3 stated, 5 of related standards, 12 proposed are 20 rules."""
    data["summary"].update(illustrative=False, rules_by_basis={"stated": "3", "sibling": "5", "proposed": "12"})
    view = report(data, None, "zh")
    assert not view.cover.banner
    assert ("规则依据", "20 条规则中 12 条为建议（见附录 C）") in view.cover.rows
    assert "20 条规则中 12 条为建议（见附录 C）。" in texts(section(view, "结论"))
    assert ("Rules", "12 of 20 rules are proposals (annex C)") in report(data, None, "en").cover.rows


def test_the_role_has_one_name(opencast: dict[str, Any]) -> None:
    """The same in the report, on the scorecard and in the workbook."""
    from guiju.report.view import scorecard
    from guiju.workbook.words import words

    (basics,) = tables(section(report(opencast, None, "zh"), "基本情况")).values()
    assert ("评价方式", "第三方评价") in [row.cells for row in basics.rows]
    assert scorecard(opencast, "zh").period_line.endswith("第三方评价")
    assert words("third_party").zh == "第三方评价"


def test_no_note_quotes_from_memory(opencast: dict[str, Any]) -> None:
    assert "未核对原文" in str(opencast)
    assert "凭记忆" not in str(opencast)
    assert "from memory" not in str(opencast).casefold()


# -- how sure it is -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("value", "percent", "band", "edges"),
    [
        ("62.5", "8", "[60, 80)", ["60"]),  # 57.5 to 67.5
        ("62.5", "4", "[60, 80)", []),  # 60 to 65: 60 is in the band
        ("62.5", "4", "(60, 80)", ["60"]),
        ("75", "20", "[60, 90)", ["90"]),  # 60 to 90: 90 is in the next band
        ("75", "20", "[60, 90]", []),
        ("1", "50", "[0.8, 1.2)", ["0.8", "1.2"]),
        ("1.25", "20", "[1, inf)", []),
        ("-10", "20", "[-11, 0)", ["-11"]),  # 20 % of 10 on both sides
    ],
)
def test_a_range_that_leaves_its_band(value: str, percent: str, band: str, edges: list[str]) -> None:
    assert crossed(*spread(Decimal(value), Decimal(percent)), band) == edges


def test_the_conclusion_says_that_the_range_crosses_the_edge(data: dict[str, Any]) -> None:
    """50 ± 24 % are 38 to 62, and the band ends at 60."""
    (score,) = [gate for gate in data["grade"]["gates"] if gate["id"] == "score"]
    score["value"], data["nodes"]["grade.score_value"]["uncertainty"] = "50", "24"
    view = report(data, None, "zh")
    assert "“综合得分”的不确定度为 ±24 %，其区间（38 至 62）跨越等级界限 60。" in texts(section(view, "结论"))
    data["nodes"]["grade.score_value"]["uncertainty"] = "19"
    assert "跨越" not in texts(section(report(data, None, "zh"), "结论"))


def test_the_uncertainty_of_a_condition_has_its_column(opencast: dict[str, Any]) -> None:
    of = section(report(opencast, None, "zh"), "得分与等级")
    gates = tables(of)["等级条件"]
    assert gates.columns[2].title == "不确定度"
    assert [row.cells[2] for row in gates.rows][:2] == ["± 17 %", "± 27 %"]
    assert "±" not in texts(of)


# -- annexes --------------------------------------------------------------------------------------------------------------
def test_what_is_proposed_is_grouped_by_kind_and_names_no_file(opencast: dict[str, Any]) -> None:
    view = report(opencast, None, "zh")
    of = section(view, "依据为“建议”的规则和数值")
    assert ".yaml" not in str(of)
    numbers = next(iter(of.blocks[1:]))
    assert isinstance(numbers, Table)
    assert [column.title for column in numbers.columns] == ["名称", "数值"]
    assert ("非化石甲烷GWP（第六次评估报告）", "27 tCO₂e/tCH₄") in [row.cells for row in numbers.rows]
    (formulas,) = [each for name, each in tables(of).items() if name.startswith("建议的公式")]
    assert [column.title for column in formulas.columns] == ["名称", "名称"]
    shown = [cell for row in formulas.rows for cell in row.cells if cell]
    proposed = [each for each in opencast["nodes"].values() if each["kind"] == "formula" and each.get("basis") == "proposed" and "made_from" not in each]  # fmt: skip
    assert shown == [each["title"]["zh"] for each in proposed]


def test_keys_of_tables_and_rows_go_by_their_titles(opencast: dict[str, Any]) -> None:
    """The titles are those of the tables' rows: inner_mongolia is 内蒙古, c11 is 售出产品的使用."""
    view = report(opencast, None, "zh")
    factors = tables(section(view, "因子和参数及其依据"))["所用因子和参数"]
    cells = [row.cells[0] for row in factors.rows]
    assert any(cell.endswith("（内蒙古、2022）") for cell in cells)
    given = section(view, "填报数据")
    assert "11 售出产品的使用" in [row.cells[0] for table in tables(given).values() for row in table.rows]
    for code in ("inner_mongolia", "c11", "diesel_truck", "bituminous", "emulsion", "ev_"):
        assert code not in str(factors)
        assert code not in str(given)


def test_a_choice_is_called_by_the_column_that_the_key_names(data: dict[str, Any]) -> None:
    """none is 未开展 for capture_storage_level, 未采用 for the other: without a name the key stays."""
    from guiju.report.document.told import told

    of = told(data, "zh", None, {})
    assert of.called("none") == "none"
    assert of.called("none", "capture_storage_level") == "未开展"


def test_defaults_go_by_their_titles(opencast: dict[str, Any]) -> None:
    process = texts(section(report(opencast, None, "zh"), "数据及其质量"))
    assert "operational_control" not in process
    assert "母公司清单的合并方法 运营控制权" in process


def test_a_settled_check_stands_apart(data: dict[str, Any]) -> None:
    """With who, when and why, and no longer among the open ones; one row settled of two leaves it open."""
    (check,) = [each for each in data["checks"] if each["id"] == "grid_factor_year"]
    said = {"by": "张三", "on": "2025-03-01", "reason": {"zh": "尚无新因子", "en": "none newer"}}
    check["settled"] = [said]
    of = tables(section(report(data, None, "zh"), "未通过的核对和未能计算的数值"))
    title = check["title"]["zh"]
    assert (title, "", "尚无新因子", "张三", "2025-03-01") in [row.cells for row in of["未通过而已由人认可的核对"].rows]
    assert title not in [row.cells[0] for row in of["未通过或无法判断的核对"].rows]
    check.update(rows=["a", "b"], settled=[{"row": "a", **said}])
    of = tables(section(report(data, None, "zh"), "未通过的核对和未能计算的数值"))
    assert title in [row.cells[0] for row in of["未通过或无法判断的核对"].rows]


def test_evidence_has_its_kind_and_its_hash(data: dict[str, Any]) -> None:
    data["case"]["evidence"]["ev_compliance"]["sha256"] = "0123456789abcdef" * 4
    (handed_in,) = [
        each for name, each in tables(section(report(data, None, "zh"), "证据清单")).items() if name == "已提供的证据"
    ]
    heads = [column.title for column in handed_in.columns]
    row = dict(zip(heads, handed_in.rows[0].cells, strict=True))
    assert row["种类"] == "合规性声明及公开信息查询记录"
    assert row["SHA-256（前 12 位）"] == "0123456789ab"
    assert "文件" not in heads  # no piece of this case names one


@pytest.mark.parametrize(
    ("lang", "duties"), [("zh", ["编制", "审核", "批准"]), ("en", ["Prepared by", "Reviewed by", "Approved by"])]
)
def test_there_is_a_place_to_sign(opencast: dict[str, Any], lang: Any, duties: list[str]) -> None:
    of = section(report(opencast, None, lang), "编制、审核与批准" if lang == "zh" else "Prepared, reviewed, approved")
    (lines,) = [
        block for block in of.blocks if isinstance(block, Table)
    ]  # one, so that the stamp stands below the names
    *people, stamp = lines.rows
    assert [row.cells[0].strip() for row in people] == duties
    assert stamp.cells[0].count("\n") > 3, "room for a stamp"
    assert all(cell == "" for row in lines.rows for cell in row.cells[1:])


# -- how it looks ---------------------------------------------------------------------------------------------------------
def test_a_column_says_its_name_once(opencast: dict[str, Any]) -> None:
    of = section(report(opencast, None, "zh"), "得分与等级")
    conditions = tables(of)["前提条件"]
    assert conditions.columns[2].title == "依据"
    assert {row.cells[2] for row in conditions.rows} <= {"标准明文", "相关标准", "建议"}


def test_a_basis_of_one_claim_is_no_column(opencast: dict[str, Any], data: dict[str, Any]) -> None:
    of = section(report(opencast, None, "zh"), "得分与等级")
    assert [column.title for column in tables(of)["声明"].columns] == ["条件", "结论"]
    assert "“碳中和”声明（范围一、二，不含供应链）：依据：建议" in texts(of)
    data["claims"] *= 2
    of = section(report(data, None, "zh"), "得分与等级")
    assert [column.title for column in tables(of)["声明"].columns] == ["条件", "结论", "依据"]


def table_of(rows: int) -> Table:
    return Table("表 1", "t", (Column("a", 1),), tuple(Row((f"2025-01-0{index}",)) for index in range(rows)))


@pytest.mark.parametrize(("rows", "kept"), [(1, 1), (6, 6), (7, 2)])
def test_small_tables_of_word_stay_together(rows: int, kept: int) -> None:
    """The head and all rows but the last stay with the next; of a long table the head and the first row."""
    xml = table_xml(table_of(rows))
    assert xml.count("<w:keepNext/>") == kept
    assert 'w:val="single" w:sz="4" w:space="0" w:color="D0D7DE"' in xml[xml.index("<w:insideV") :]


def test_days_in_word_do_not_break() -> None:
    xml = table_xml(table_of(1))
    assert re.sub("<w:noBreakHyphen/>", "-", re.sub("<(?!w:noBreakHyphen)[^>]*>", "", xml)) == "a2025-01-00"
    assert xml.count("<w:noBreakHyphen/>") == 2


def test_figures_of_a_waterfall_stay_in_their_column() -> None:
    """Nine columns are 75 px wide, "1179566 tCO₂e" is 13 columns of 7.2 px: the unit goes below; counts of atoms are tspans."""
    steps = [(f"s{i}", "level", Decimal(1179566), "1179566 tCO₂e") for i in range(9)]
    svg, *_ = waterfall("t", steps)
    assert (WIDTH - 40) / 9 < 13 * 7.2
    assert svg.count(">1179566</text>") == 9
    assert svg.count('>tCO<tspan dy="3" font-size="9">2</tspan><tspan dy="-3">e</tspan></text>') == 9
    assert ">1179566 tCO<tspan" in waterfall("t", steps[:3])[0]
    assert "font-size: 13px" in svg  # 720 px are 159 mm wide on paper: 13 px are 8.1 points
    assert "font-size: 10px" not in svg

"""The report: headings after Appendix B, the same words in every format, nothing from outside, the same bytes twice."""

from __future__ import annotations

import io
import json
import re
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guiju import pipeline
from guiju.diagnostics.finding import Found
from guiju.evaluation.advice import advise
from guiju.evaluation.describe import describe
from guiju.evaluation.text import as_text
from guiju.report.document.charts import bars, radar, waterfall
from guiju.report.document.html import html
from guiju.report.document.maths import Part, formula, spoken
from guiju.report.document.model import Calculation, Figure, ReportView, Table
from guiju.report.document.view import report

ROOT = Path(__file__).resolve().parents[2]
UNDERGROUND = ROOT / "rulesets" / "carbon-neutral-mine" / "2025.1" / "cases" / "underground.yaml"
WORDS = {
    "if": "if",
    "else": "otherwise",
    "and": "and",
    "or": "or",
    "not": "not",
    "needs": "needs",
    "missing": "where missing",
    "true": "yes",
    "false": "no",
}
SAID = {"client": "甲 & <乙>", "assessor": '#panic("x") $y$ {{ 1 }}', "date": "2025-03-31", "number": "No. 7"}  # fmt: skip


@pytest.fixture(scope="module")
def assessed() -> tuple[dict[str, Any], Any]:
    assessment = pipeline.assess(UNDERGROUND, [ROOT / "rulesets"], pipeline.Wish(), Found())
    assert assessment is not None
    return describe(assessment), advise(assessment.plan, assessment.values)


@pytest.fixture(scope="module")
def view(assessed: tuple[dict[str, Any], Any]) -> ReportView:
    return report(*assessed, "zh", SAID)


def tables(view: ReportView) -> list[Table]:
    return [block for section in view.sections for block in section.blocks if isinstance(block, Table)]


def test_chapters_are_those_of_the_appendix(view: ReportView) -> None:
    chapters = [(each.number, each.title) for each in view.sections if each.level == 1]
    names = ["基本情况", "评价目标", "评价范围", "评价过程", "评价结果", "结论与建议"]
    assert chapters[:6] == [(str(index), name) for index, name in enumerate(names, 1)]
    assert [number for number, _ in chapters[6:]] == [f"附录 {letter}" for letter in "ABCDEF"]


def test_numbers_run_through(view: ReportView) -> None:
    assert [each.number for each in tables(view) if each.caption] == [
        f"表 {i}" for i in range(1, len([t for t in tables(view) if t.caption]) + 1)
    ]
    figures = [block for section in view.sections for block in section.blocks if isinstance(block, Figure)]
    assert [each.number for each in figures] == ["图 1", "图 2", "图 3"]
    assert all(each.alt and each.svg.startswith("<svg") for each in figures)


def test_figures_are_those_of_the_assessment(view: ReportView) -> None:
    """By hand from the case's own scorecard: 47,669 t of 319,486 t are 14.9 %; 319,486 − 1,023 − 111,500 = 206,963."""
    (sources,) = [each for each in tables(view) if each.caption == "分源排放量"]
    rows = {row.cells[0]: row.cells for row in sources.rows}
    assert rows["净购入电力"][:4] == ("净购入电力", "47669", "tCO₂e", "14.9 %")
    assert rows["总排放量"][:2] == ("总排放量", "319486")
    (fall,) = [
        block
        for section in view.sections
        for block in section.blocks
        if isinstance(block, Figure) and "瀑布图" in block.alt
    ]
    assert "余量 206963 tCO₂e" in fall.alt


def test_first_line_says_illustrative(view: ReportView) -> None:
    text = html(view).decode()
    shown = re.sub(r"<[^>]+>", "\n", text[text.index("<main>") :]).split()
    assert shown[0].startswith("示例：")


def test_html_asks_for_nothing(view: ReportView) -> None:
    text = html(view).decode()
    assert not re.findall(r"""(?:src|href)\s*=\s*["'](?!#)""", text)
    assert "url(" not in text
    assert "@import" not in text
    assert "<script" not in text
    assert "甲 &amp; &lt;乙&gt;" in text
    assert set(re.findall(r"https?://[^\s\"<]+", text)) <= {"http://www.w3.org/2000/svg"} | set(
        re.findall(r"https?://[^\s\"<]+", as_text_of(view))
    )
    assert html(view) == html(view)


def as_text_of(view: ReportView) -> str:
    return " ".join(cell for table in tables(view) for row in table.rows for cell in row.cells)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_without_report_section_and_grade(lang: Any, tmp_path: Path) -> None:
    """A ruleset that only computes has the chapters as well."""
    from small import small

    run = small(tmp_path, {"inputs": {"a": {"unit": "t"}}, "formulas": {"twice": {"expr": "a * 2", "unit": "t"}}}).run(
        {"a": 4}
    )
    made = report(run.data, None, lang)
    assert [each.number for each in made.sections if each.level == 1][:6] == list("123456")
    assert any("8" in row.cells for table in tables(made) for row in table.rows)
    assert html(made)


def test_language_changes_words_only(assessed: tuple[dict[str, Any], Any], view: ReportView) -> None:
    english = report(*assessed, "en", SAID)
    assert [each.level for each in english.sections] == [each.level for each in view.sections]
    assert len(tables(english)) == len(tables(view))


# -- charts ---------------------------------------------------------------------------------------------------------------
def test_bars_are_as_long_as_their_numbers() -> None:
    svg, *_ = bars("t", [("a", Decimal(50), "50", ""), ("b", Decimal(100), "100", "")])
    widths = [float(each) for each in re.findall(r'<rect class="a"[^>]* width="([\d.]+)"', svg)]
    assert widths[1] == pytest.approx(2 * widths[0], abs=0.02)
    assert "&lt;x&gt;" in bars("<x>", [("a", Decimal(1), "1", "")])[0]


def test_a_waterfall_steps_down() -> None:
    """100, less 40, 60: the second column hangs from the top of the first and ends at the top of the third."""
    svg, *_ = waterfall(
        "t", [("a", "level", Decimal(100), ""), ("b", "less", Decimal(40), ""), ("c", "level", Decimal(60), "")]
    )
    found = [
        (float(y), float(h))
        for y, h in re.findall(r'<rect class="[abc]" x="[\d.]+" y="([\d.]+)" width="[\d.]+" height="([\d.]+)"', svg)
    ]
    (top, whole), (below, cut), (third, rest) = found
    assert top == below
    assert third == pytest.approx(below + cut, abs=0.02)
    assert cut == pytest.approx(whole * 0.4, abs=0.02)
    assert rest == pytest.approx(whole * 0.6, abs=0.02)


def test_a_radar_reaches_as_far_as_the_score() -> None:
    svg, *_ = radar("t", [("a", 1000, ""), ("b", 500, ""), ("c", 0, ""), ("d", 250, "")])
    (points,) = re.findall(r'class="shape" points="([^"]+)"', svg)
    first, second, third, fourth = ([float(each) for each in point.split(",")] for point in points.split())
    middle, reach = third, third[1] - first[1]
    assert second == pytest.approx([middle[0] + reach / 2, middle[1]], abs=0.02)
    assert fourth == pytest.approx([middle[0] - reach / 4, middle[1]], abs=0.02)


# -- formulas -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a + b * c", "x = A + B × c"),
        ("(a + b) * c", "x = (A + B) × c"),
        ("a - (b - c)", "x = A − (B − c)"),
        ("a / (b + c)", "x = A ÷ (B + c)"),
        ("share(a, b)", "x = A ÷ B"),
        ("change(a, b)", "x = (A − B) ÷ B"),
        ("sum(fuels.co2)", "x = ∑ CO2"),
        ("where(a > 0, b / a, 1)", "x = B ÷ A if A > 0 1 otherwise"),
        ("lookup(grid.factor, region)", "x = lookup(grid.factor, region)"),
        ('convert(a, "kg", "t") * 2', "x = A [kg → t] × 2"),
        ("require(a > 0 and b > 0, change(a, b))", "x = (A − B) ÷ B [needs A > 0 and B > 0]"),
        ("coalesce(a, b)", "x = A [where missing] B"),
        ("abs(a - b)", "x = |A − B|"),
        ('a in ("p", "q")', "x = A ∈ {“p”, “q”}"),
        ("where(true, a, b)", "x = A if yes B otherwise"),
        ("floor(a) + round(b, 2)", "x = floor(A) + round(B, 2)"),
    ],
)  # fmt: skip
def test_formulas(text: str, shown: str) -> None:
    made = formula(text, {"a": "A", "b": "B", "fuels.co2": "CO2"}, "x", WORDS)
    assert spoken(made) == shown


def test_a_wide_formula_is_text() -> None:
    long = {name: name * 30 for name in "abc"}
    made = formula("a + b + c", long, "x", WORDS)
    assert made == Part("plain", f"x = {'a' * 30} + {'b' * 30} + {'c' * 30}")


# -- PDF ------------------------------------------------------------------------------------------------------------------
def test_pdf_carries_the_assessment(assessed: tuple[dict[str, Any], Any], view: ReportView) -> None:
    """PDF/A-3 asks three things of an attachment: AF in the catalogue, AFRelationship, a media type."""
    pytest.importorskip("typst")
    pypdf = pytest.importorskip("pypdf")
    from guiju.report.document.pdf import pdf

    attached = as_text(assessed[0]).encode()
    content = pdf(view, attached)
    assert content == pdf(view, attached), "the same bytes twice"
    reader = pypdf.PdfReader(io.BytesIO(content))
    (file,) = [each.get_object() for each in reader.root_object["/AF"]]
    assert file["/AFRelationship"] == "/Data"
    stream = file["/EF"]["/F"].get_object()
    assert stream["/Subtype"] == "/application/json"
    assert json.loads(stream.get_data()) == json.loads(attached)
    meta = reader.xmp_metadata.stream.get_data().decode() if hasattr(reader.xmp_metadata, "stream") else ""
    assert not meta or "pdfaid:part>3<" in meta
    text = "".join(page.extract_text() for page in reader.pages)
    assert '#panic("x")' in text.replace("\n", "")  # what is handed in is text, never markup
    for section in view.sections:
        assert section.title in text, section.title


def test_signs_without_a_glyph_are_named(assessed: tuple[dict[str, Any], Any]) -> None:
    pytest.importorskip("typst")
    from guiju.report.document.pdf import _covered, _unshown  # noqa: PLC2701

    assert {"碳", "（", "×", "∑", "m", "℃"} <= _covered()
    named = _unshown({"碳", "𬭎", "₂"}, report(*assessed, "zh"))
    assert named.endswith("：𬭎")


# -- Word -----------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def word_file(view: ReportView) -> bytes:
    pytest.importorskip("docx")
    pytest.importorskip("typst")
    from guiju.report.document.word import word

    made = word(view)
    assert made == word(view), "the same bytes twice"
    return made


def test_word_holds_what_the_view_holds(view: ReportView, word_file: bytes) -> None:
    import docx

    document = docx.Document(io.BytesIO(word_file))
    headings = [each.text for each in document.paragraphs if each.style.name.startswith("Heading")]
    assert headings == [f"{each.number}　{each.title}" for each in view.sections]
    assert len(document.tables) == len(tables(view))
    assert document.tables[1].rows[1].cells[0].text == tables(view)[1].rows[0].cells[0]
    section = document.sections[0]
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)
    assert document.core_properties.modified.isoformat().startswith("2025-03-31")


def test_word_is_made_well(view: ReportView, word_file: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(word_file)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        text, styles = archive.read("word/document.xml").decode(), archive.read("word/styles.xml").decode()
    heads = [each for each in tables(view) if each.caption]
    assert text.count("<w:tblHeader/>") == len(heads)
    assert text.count(" SEQ 表 ") == len(heads)
    assert text.count(" SEQ 图 ") == len(re.findall(r'<wp:docPr[^>]* descr="[^"]+"', text)) == 3
    set_formulas = [
        part
        for section in view.sections
        for block in section.blocks
        if isinstance(block, Calculation)
        for part in (block.formula, block.numbers)
        if part is not None and part.kind != "plain"
    ]
    assert text.count("<m:oMathPara>") == len(set_formulas)
    assert "<m:f><m:num>" in text
    assert 'w:eastAsia="宋体"' in styles
    assert 'w:eastAsia="黑体"' in styles
    assert "eastAsiaTheme" not in styles


def repacked(content: bytes, **changes: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for name in old.namelist():
            new.writestr(name, changes.pop(name, old.read(name)))
        for name, more in changes.items():
            new.writestr(name, more)
    return made.getvalue()


NO_BODY = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
OUTSIDE = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="http://example.org/x.dotm" TargetMode="External"/></Relationships>'


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"word/vbaProject.bin": b"x"}, "template_macros"),
        ({"word/_rels/settings.xml.rels": OUTSIDE}, "template_outside"),
        ({"word/styles.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "template_entities"),
        ({"word/big.bin": b"0" * 100_000_001}, "template_large"),
        ({"word/document.xml": b"no xml"}, "template_broken"),
        ({"word/document.xml": NO_BODY}, "template_broken"),
        ({"word/styles.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode("utf-16")}, "template_broken"),
        ({"word/other.bin": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, "template_entities"),
    ],
)
def test_a_hostile_template_is_refused(
    changes: dict[str, bytes], why: str, view: ReportView, word_file: bytes, tmp_path: Path
) -> None:
    from guiju.report.document.word import Unfit, word

    template = tmp_path / "own.docx"
    template.write_bytes(repacked(word_file, **changes))
    with pytest.raises(Unfit, match=why):
        word(view, template)


def test_a_template_of_ones_own(view: ReportView, tmp_path: Path) -> None:
    docx = pytest.importorskip("docx")
    from guiju.report.document.word import word

    own = docx.Document()
    own.add_paragraph("我方抬头")
    own.sections[0].header.paragraphs[0].text = "页眉"
    own.save(str(tmp_path / "own.docx"))
    made = docx.Document(io.BytesIO(word(view, tmp_path / "own.docx")))
    assert made.paragraphs[0].text == "我方抬头"
    assert made.sections[0].header.paragraphs[0].text == "页眉"
    assert any(each.text.startswith("6.4") for each in made.paragraphs)
    cover = made.paragraphs[1]  # on a page of its own behind those of the template
    assert cover.text.startswith("示例：")
    assert cover.paragraph_format.page_break_before
    page = made.sections[0]  # Letter with margins of 1.25 inches: 8.5 - 2.5 inches are 8640 twentieths of a point
    assert {table._tbl.tblPr.xpath("./w:tblW/@w:w")[0] for table in made.tables} == {"8640"}
    assert all(shape.width <= page.page_width - page.left_margin - page.right_margin for shape in made.inline_shapes)


def test_without_a_template_the_cover_begins_the_file(word_file: bytes) -> None:
    docx = pytest.importorskip("docx")
    made = docx.Document(io.BytesIO(word_file))
    assert not made.paragraphs[0].paragraph_format.page_break_before

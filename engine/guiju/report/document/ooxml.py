"""Pieces of Word's XML that are written out: tables, captions, fields, contents, formulas. Texts are escaped here."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from guiju.report.document.maths import Part
from guiju.report.document.model import ReportView, Row, Table

FONTS = {"latin": "Arial", "body": "宋体", "head": "黑体"}
WIDTH = 9411  # twentieths of a point between the margins of A4
_FILLS = {"block": "F6F8FA", "chosen": "E9F3EE"}
_COLOURS = {"dim": "8B949E", "poor": "B03A2C"}
_SMALL = 6  # rows of a table that is not divided
_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_BARRED = frozenset(map(chr, (*range(0xD800, 0xE000), 0xFFFE, 0xFFFF))).__contains__
_BOLD = ("block", "total", "chosen")
_LINE = '<w:{side} w:val="single" w:sz="{size}" w:space="0" w:color="{colour}"/>'


def clean(text: str) -> str:
    """Without the signs that XML has no room for."""
    return (
        text
        if text.isprintable()
        else "".join(sign for sign in text if sign in "\t\n" or (sign >= " " and not _BARRED(sign)))
    )


def _text(text: str) -> str:
    """Runs' text with its line breaks; signs that XML has no room for are left out."""
    lines = (f'<w:t xml:space="preserve">{_whole_days(escape(line))}</w:t>' for line in clean(text).split("\n"))
    return "<w:br/>".join(lines)


def _whole_days(text: str) -> str:
    """Days (ISO) with hyphens at which no line breaks; who copies them gets plain ones."""
    hyphen = '</w:t><w:noBreakHyphen/><w:t xml:space="preserve">'
    return _DAY.sub(rf"\1{hyphen}\2{hyphen}\3", text)


def page_number(before: str, after: str) -> str:
    """Small text with the number of the page in it."""
    small = '<w:rPr><w:sz w:val="16"/></w:rPr>'
    number = f'<w:fldSimple w:instr="PAGE"><w:r>{small}<w:t>1</w:t></w:r></w:fldSimple>'
    return f"<w:p><w:r>{small}{_text(before)}</w:r>{number}<w:r>{small}{_text(after)}</w:r></w:p>"


def numbered(number: str, caption: str, *, keep_next: bool) -> str:
    """A caption whose number Word can count: "Table 3"."""
    name, _, digits = number.rpartition(" ")
    kept = "<w:keepNext/>" if keep_next else '<w:jc w:val="center"/>'
    return (
        f'<w:p><w:pPr><w:pStyle w:val="Caption"/>{kept}</w:pPr><w:r>{_text(f"{name} ")}</w:r>'
        f'<w:fldSimple w:instr=" SEQ {escape(name)} \\* ARABIC "><w:r>{_text(digits)}</w:r></w:fldSimple>'
        f"<w:r>{_text(f'　{caption}')}</w:r></w:p>"
    )


def contents(view: ReportView) -> str:
    """A table of contents that Word fills with pages; until then it shows the headings."""
    lines = "".join(
        f'<w:p><w:pPr><w:spacing w:after="20"/><w:ind w:left="{(each.level - 1) * 360}"/></w:pPr><w:r>{_text(f"{each.number}　{each.title}")}</w:r></w:p>'
        for each in view.sections
    )
    begin = '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    head = f'<w:p><w:pPr><w:pageBreakBefore/></w:pPr><w:r><w:rPr><w:b/><w:sz w:val="30"/></w:rPr>{_text(view.contents)}</w:r></w:p>'
    return f'{head}<w:p>{begin}</w:p>{lines}<w:p><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'


def table_xml(table: Table, width: int = WIDTH) -> str:
    """A table with three strong rules and pale ones, its head repeated on every page, no row broken over two."""
    whole = sum(column.share for column in table.columns)
    widths = [width * column.share // whole for column in table.columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    borders = _LINE.format(side="top", size=10, colour="1F2328") + _LINE.format(side="bottom", size=10, colour="1F2328")
    borders += "".join(_LINE.format(side=side, size=4, colour="D0D7DE") for side in ("insideH", "insideV"))
    properties = (
        f'<w:tblW w:w="{width}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
    )
    head = ""
    if table.caption:
        cells = (
            _cell(column.title, width, column.align, fill="EEF2F5", bold=True, keep=True)
            for column, width in zip(table.columns, widths, strict=True)
        )
        head = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{''.join(cells)}</w:tr>"
    last = len(table.rows) - 1
    kept = (
        last if last < _SMALL else 1
    )  # rows that stay with the one below: all of a small table, the first of a long one
    rows = "".join(_row(row, table, widths, keep=index < kept) for index, row in enumerate(table.rows))
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{head}{rows}</w:tbl>"


def _row(row: Row, table: Table, widths: list[int], *, keep: bool) -> str:
    fill, colour, bold = _FILLS.get(row.kind, ""), _COLOURS.get(row.kind, ""), row.kind in _BOLD
    cells = (
        _cell(text, width, column.align, fill=fill, colour=colour, bold=bold, keep=keep)
        for text, column, width in zip(row.cells, table.columns, widths, strict=True)
    )
    return f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(cells)}</w:tr>"


def _cell(
    text: str, width: int, align: str, *, fill: str = "", colour: str = "", bold: bool = False, keep: bool = False
) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
    run = ("<w:b/>" if bold else "") + (f'<w:color w:val="{colour}"/>' if colour else "") + '<w:sz w:val="18"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr><w:p><w:pPr>{"<w:keepNext/>" if keep else ""}<w:spacing w:before="20" w:after="20"/>'
        f'<w:jc w:val="{align}"/></w:pPr><w:r><w:rPr>{run}</w:rPr>{_text(text)}</w:r></w:p></w:tc>'
    )


def formula(part: Part) -> str:
    """A formula as Word's own, which can be edited; one that is plain text stays text."""
    if part.kind == "plain":
        return f"<w:p><w:pPr><w:keepNext/></w:pPr><w:r>{_text(part.text)}</w:r></w:p>"
    left = '<m:oMathParaPr><m:jc m:val="left"/></m:oMathParaPr>'
    return f"<w:p><w:pPr><w:keepNext/></w:pPr><m:oMathPara>{left}<m:oMath>{_maths(part)}</m:oMath></m:oMathPara></w:p>"


def _maths(part: Part) -> str:
    inner = [_maths(each) for each in part.parts]
    if part.kind == "frac":
        return f"<m:f><m:num>{inner[0]}</m:num><m:den>{inner[1]}</m:den></m:f>"
    if part.kind == "cases":
        space = _run("    ")
        lines = f"<m:e>{inner[0]}{space}{inner[1]}</m:e><m:e>{inner[2]}{space}{inner[3]}</m:e>"
        brace = '<m:dPr><m:begChr m:val="{"/><m:endChr m:val=""/></m:dPr>'
        return f"<m:d>{brace}<m:e><m:eqArr>{lines}</m:eqArr></m:e></m:d>"
    return "".join(inner) if part.kind == "row" else _run(part.text)


def _run(text: str) -> str:
    fonts = f'<w:rFonts w:ascii="Cambria Math" w:hAnsi="Cambria Math" w:eastAsia="{FONTS["body"]}"/>'
    return f'<m:r><m:rPr><m:nor/></m:rPr><w:rPr>{fonts}</w:rPr><m:t xml:space="preserve">{escape(text)}</m:t></m:r>'

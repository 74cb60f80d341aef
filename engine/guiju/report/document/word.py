"""The owner of python-docx: ReportView → an editable Word file on A4, with styles, repeated heads, captions, formulas, alt texts."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from guiju.report.document.model import Block, Calculation, Cover, Figure, Items, Paragraph, ReportView, Table
from guiju.report.document.ooxml import FONTS, WIDTH, clean, contents, formula, numbered, page_number, table_xml
from guiju.report.document.pdf import png

_SHADES = {"good": "1F6E50", "accent": "1D5C7A", "poor": "B03A2C"}
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_MOST_ENTRIES, _MOST_BYTES = 2000, 100_000_000
_GAPS, _CLOSE = (120, 60), (40, 24)  # points above title and grade of the cover; on a page that may be smaller than A4
_DIM, _WIDTH_CM, _PX = "57606A", 16.6, 720
_TWIP, _PER_CM = 635, 567  # English metric units in a twentieth of a point, twentieths of a point in a centimetre
_SIZES = {"Heading 1": 15, "Heading 2": 12, "Title": 24, "Subtitle": 14, "Caption": 9, "Normal": 10.5}


def word(view: ReportView, template: Path | None = None) -> bytes:
    """The report as .docx. A user's template keeps its own page, styles and first pages; the report follows them. Raises
    ImportError without python-docx or typst, Unfit for a template that is not taken."""
    import docx

    document = docx.Document() if template is None else _opened(template)
    if template is None:
        _page(document, view)
        _styles(document)
    writer = _Writer(document, view)
    writer.cover(view.cover, _GAPS if template is None else _CLOSE)
    writer.parse(contents(view))
    for section in view.sections:
        heading = writer.paragraph(f"{section.number}　{section.title}", f"Heading {section.level}")
        heading.paragraph_format.page_break_before = section is view.sections[0]
        for block in section.blocks:
            writer.block(block)
    _properties(document, view)
    made = io.BytesIO()
    document.save(made)
    return _finished(made.getvalue(), writer.tables)


class Unfit(ValueError):  # noqa: N818  it is no error of the program: it says what a template is
    """A template that is not taken; the text is the key of the words that say why."""


def _opened(template: Path) -> Any:
    """The user's Word file. One that asks for other files, holds macros or entities, or is too large, is refused."""
    import docx

    try:
        with zipfile.ZipFile(template) as archive:
            _look_at(archive)
        document = docx.Document(str(template))
    except (Unfit, OSError):
        raise
    except Exception as error:  # whatever else the libraries say: it is no Word file
        raise Unfit("template_broken") from error
    if document.element.body is None:
        raise Unfit("template_broken")
    return document


def _look_at(archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > _MOST_ENTRIES or sum(entry.file_size for entry in entries) > _MOST_BYTES:
        raise Unfit("template_large")
    for entry in entries:
        content = archive.read(entry)
        is_xml = entry.filename.endswith((".xml", ".rels")) or content.lstrip()[:1] == b"<"  # a part may have any name
        _look(entry.filename, content if is_xml or content.startswith(_UTF16) else b"")


def _look(name: str, content: bytes) -> None:
    if name.endswith("vbaProject.bin"):
        raise Unfit("template_macros")
    if content.startswith(_UTF16) or b"\0" in content:  # in which nothing below would be found
        raise Unfit("template_broken")
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Unfit("template_entities")
    outside = re.findall(rb"<[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>", content)
    if any(b"/hyperlink" not in each for each in outside):
        raise Unfit("template_outside")


def _page(document: Any, view: ReportView) -> None:
    """A4, head and foot on every page."""
    from docx.shared import Cm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin, section.bottom_margin = Cm(2.5), Cm(2.2)
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.text = clean(" · ".join(filter(None, [view.cover.mark, view.head])))
    head.runs[0].font.size = Pt(8)
    before, _, after = view.page.partition("{page}")
    made = _parsed(page_number(f"{view.foot}    {before}", after))[0]
    foot._p.getparent().replace(foot._p, made)


def _styles(document: Any) -> None:
    """Fonts for Latin and for Chinese on every style, without those of the theme; sizes and colours."""
    from docx.shared import Pt, RGBColor

    for fonts in document.styles.element.iter(_w("rFonts")):  # those of the theme would go before what is set below
        for name in [key for key in fonts.attrib if key.endswith("Theme")]:
            del fonts.attrib[name]
    for style in document.styles:
        if style.type not in (1, 2) or not hasattr(style, "font"):  # paragraphs and characters
            continue
        heading = style.name.startswith(("Heading", "Title", "Subtitle", "Caption"))
        style.font.name = FONTS["latin"]
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        fonts.set(_w("eastAsia"), FONTS["head" if heading else "body"])
        if style.name in _SIZES:
            style.font.size = Pt(_SIZES[style.name])
        if style.name == "Normal":
            style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(4), 1.15
        if heading:
            style.font.bold, style.font.italic = True, False
            style.font.color.rgb = RGBColor.from_string("1D5C7A" if style.name.startswith("Heading 1") else "1F2328")


def _w(name: str) -> str:
    from docx.oxml.ns import qn

    return str(qn(f"w:{name}"))


def _parsed(xml: str) -> list[Any]:
    from docx.oxml import parse_xml

    return list(parse_xml(f"<w:body {_NAMES}>{xml}</w:body>"))


class _Writer:
    """Writes blocks, one below the other."""

    def __init__(self, document: Any, view: ReportView) -> None:
        self.document, self.view = document, view
        page = document.sections[-1]
        sides = (page.page_width, page.left_margin, page.right_margin)
        known = all(side is not None for side in sides)
        self.width = min(WIDTH, (sides[0] - sides[1] - sides[2]) // _TWIP) if known else WIDTH
        self.tables: dict[str, str] = {}  # put in when all is written: python-docx is slow with large pieces
        self.styles = {each.name: each.style_id for each in document.styles}
        self.kinds: dict[type, Callable[[Any], None]] = {
            Paragraph: self.text, Items: self.items, Table: self.table, Figure: self.figure, Calculation: self.calculation,
        }  # fmt: skip

    def block(self, block: Block) -> None:
        self.kinds[type(block)](block)

    def paragraph(self, text: str, style: str) -> Any:
        """A paragraph; a template that lacks the style has its plain one."""
        made = self.document.add_paragraph(clean(text))
        if style in self.styles:
            made._p.get_or_add_pPr().get_or_add_pStyle().val = self.styles[style]
        return made

    def parse(self, xml: str) -> None:
        """Body elements written out, one to a line of XML."""
        body = self.document.element.body
        for element in _parsed(xml):
            body.insert(len(body) - (1 if body[-1].tag == _w("sectPr") else 0), element)

    def text(self, block: Paragraph, *, keep: bool = False) -> None:
        from docx.shared import Pt, RGBColor

        run = self.paragraph("", "Normal").add_run(clean(block.text))
        run.bold = block.style == "strong" or None
        if keep:
            run._r.getparent().get_or_add_pPr().get_or_add_keepNext()
        if block.style in ("note", "warn"):
            run.font.size = Pt(9)
            run.font.color.rgb = RGBColor.from_string(_DIM if block.style == "note" else _SHADES["poor"])

    def items(self, block: Items) -> None:
        for text in block.texts:
            self.paragraph(text, "List Bullet")

    def table(self, block: Table) -> None:
        if block.caption:
            self.parse(numbered(block.number, block.caption, keep_next=True))
        place = f"guiju-table-{len(self.tables)}"
        self.parse(f'<w:p><w:pPr><w:pStyle w:val="{place}"/></w:pPr></w:p>')
        self.tables[place] = table_xml(block, self.width)
        self.paragraph("", "Normal").paragraph_format.space_after = 0

    def figure(self, block: Figure) -> None:
        from docx.shared import Cm

        picture = io.BytesIO(png(block.svg, block.width, block.height))
        shape = self.document.add_picture(picture, width=Cm(min(_WIDTH_CM * block.width / _PX, self.width / _PER_CM)))
        shape._inline.docPr.set("descr", clean(block.alt))
        shape._inline.docPr.set("name", block.number)
        shape._inline.getparent().getparent().getparent().get_or_add_pPr().get_or_add_keepNext()
        self.parse(numbered(block.number, block.caption, keep_next=False))

    def calculation(self, block: Calculation) -> None:
        self.text(Paragraph(block.title, "strong"), keep=True)
        for part in (block.formula, block.numbers):
            if part is not None:
                self.parse(formula(part))
        self.text(Paragraph(block.result, "strong"), keep=bool(block.source))
        if block.source:
            self.text(Paragraph(block.source, "note"))

    def cover(self, cover: Cover, gaps: tuple[int, int]) -> None:
        """A page of its own: what is invented first, then title, subject, grade."""
        from docx.shared import Pt, RGBColor

        before = len(self.document.element.body)
        if cover.banner:
            run = self.paragraph("", "Normal").add_run(clean(cover.banner))
            run.bold, run.font.color.rgb = True, RGBColor.from_string("7A5200")
        self.paragraph(self.view.title, "Subtitle").paragraph_format.space_before = Pt(gaps[0])
        self.paragraph(cover.title, "Title")
        self.paragraph(cover.subject, "Subtitle")
        if cover.level:
            place = self.paragraph("", "Normal")
            place.paragraph_format.space_before = Pt(gaps[1])
            place.add_run(clean(f"{cover.grade_title}\n"))
            run = place.add_run(clean(cover.level))
            run.bold, run.font.size, run.font.color.rgb = True, Pt(24), RGBColor.from_string(_SHADES[cover.shade])
            place.add_run(clean("\n" + " · ".join(text for text in (cover.headline, cover.because) if text)))
        self.paragraph("", "Normal").paragraph_format.space_before = Pt(gaps[1])
        for name, text in cover.rows:
            self.paragraph(f"{name}　{text}", "Normal")
        self.text(Paragraph(self.view.foot, "note"))
        if before > 1:  # behind the pages of a template; what is always there says how the page is set
            body = self.document.element.body
            body[before - 1].get_or_add_pPr().get_or_add_pageBreakBefore()


_NAMES = " ".join(
    f"xmlns:{name}={quoteattr(f'http://schemas.openxmlformats.org/{path}')}"
    for name, path in (("w", "wordprocessingml/2006/main"), ("m", "officeDocument/2006/math"))
)


def _properties(document: Any, view: ReportView) -> None:
    """Title, author and day; no clock."""
    core, day = document.core_properties, datetime.fromisoformat(view.day).replace(tzinfo=UTC)
    core.title, core.author, core.comments = (
        clean(f"{view.cover.subject} · {view.title}")[:255],
        clean(view.author)[:255],
        "",
    )
    core.created = core.modified = day
    core.last_modified_by, core.revision, core.language = (
        clean(view.author)[:255],
        1,
        "zh-CN" if view.lang == "zh" else "en",
    )
    for element in document.element.xpath("//w:sectPr/w:titlePg"):
        element.getparent().remove(element)


def _finished(content: bytes, tables: Mapping[str, str]) -> bytes:
    """The same archive with the tables put in, and one date for all entries, so that the same report gives the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            fixed = zipfile.ZipInfo(entry.filename, (1980, 1, 1, 0, 0, 0))
            fixed.compress_type, fixed.external_attr, fixed.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            written = old.read(entry.filename)
            new.writestr(fixed, _with_tables(written, tables) if entry.filename == "word/document.xml" else written)
    return made.getvalue()


def _with_tables(document: bytes, tables: Mapping[str, str]) -> bytes:
    pieces = re.split(r'<w:p><w:pPr><w:pStyle w:val="(guiju-table-\d+)"/></w:pPr></w:p>', document.decode())
    if len(pieces) != 2 * len(tables) + 1:
        raise Unfit("template_broken")  # it calls Word's own names by other names
    pieces[1::2] = [tables[place] for place in pieces[1::2]]
    return "".join(pieces).encode()

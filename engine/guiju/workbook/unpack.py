"""A workbook file → its parts, before any reader of spreadsheets sees it: bombs, entities and what is no .xlsx are refused.

The parts that were read within the limits are packed anew, so that the readers open what was measured and nothing else.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence

from guiju.diagnostics.finding import Found, Place

MAX_FILE = 50_000_000
MAX_UNPACKED = 200_000_000
MAX_RATIO, SMALL = 200, 10_000_000  # a ratio says something only of what is large
MAX_CELLS = 8_000_000  # of the rectangles that all sheets span
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384
MAX_CHARACTERS = 200_000_000  # of all cells, each with its own text
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and .xlsx with a password
_ENTITIES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
# of rows and cells, however they are quoted: more may be found than readers see, never less
_ADDRESS = re.compile(rb"""(?<![\w:])r\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
_ANY_ADDRESS = re.compile(rb"""(?<![\w:])r\s*=\s*["']""")
_ROW, _CELL = re.compile(rb"<(?:\w+:)?row[\s/>]"), re.compile(rb"<(?:\w+:)?c[\s/>]")
_SHEET = re.compile(rb"<(?:\w+:)?sheet\s")
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v[^>]*>\s*(\d{1,9})""")
_STRING = re.compile(rb"<(?:\w+:)?si[ >](.*?)</(?:\w+:)?si>", re.DOTALL)
_XML = (".xml", ".rels", ".vml")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
Parts = Mapping[str, bytes]


def unpack(raw: bytes, file: str, found: Found) -> Parts | None:
    """The parts of a workbook by name, or None after adding a finding."""
    start = Place(file, 1, 1)
    if len(raw) > MAX_FILE:
        found.add("workbook.too-large", start, what="file", limit=MAX_FILE // 1_000_000)
        return None
    if raw.startswith(_OLE):
        found.add("workbook.kind", start)
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = _parts(archive, start, found)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
        found.add("workbook.damaged", start)
        return None
    if parts is None:
        return None
    if "xl/workbook.xml" not in parts:
        found.add("workbook.kind" if "mimetype" in parts else "workbook.damaged", start)
        return None
    return parts if _is_harmless(parts, start, found) else None


def _parts(archive: zipfile.ZipFile, start: Place, found: Found) -> Parts | None:
    entries = [info for info in archive.infolist() if not info.is_dir()]
    declared, packed = sum(info.file_size for info in entries), sum(info.compress_size for info in entries)
    if declared > MAX_UNPACKED or (declared > SMALL and declared > MAX_RATIO * max(packed, 1)):
        found.add("workbook.too-large", start, what="unpacked", limit=MAX_UNPACKED // 1_000_000)
        return None
    if len({info.filename for info in entries}) != len(entries):
        found.add("workbook.damaged", start)
        return None
    parts: dict[str, bytes] = {}
    for info in entries:
        if "vbaProject" in info.filename:
            found.add("workbook.macros", start)
            continue
        with archive.open(info) as stream:
            content = stream.read(info.file_size + 1)  # never more than was declared, and counted
        if len(content) != info.file_size:
            raise zipfile.BadZipFile
        parts[info.filename] = content
    return parts


def _is_harmless(parts: Parts, start: Place, found: Found) -> bool:
    """No entities, nothing that small files make large cells of."""
    for name, content in parts.items():
        if not _is_xml(name, content):
            continue
        if b"\0" in content[:200] or content.startswith(_UTF16):
            found.add("workbook.damaged", start)
            return False
        if _ENTITIES.search(content):
            found.add("workbook.entities", start)
            return False
    sheets = {
        name: content
        for name, content in parts.items()
        if name.startswith("xl/worksheets/sheet") or b"sheetData" in content
    }
    spans = [_span(content) for content in sheets.values()]
    if None in spans:
        found.add("workbook.damaged", start)
        return False
    if _cells([span for span in spans if span is not None], parts["xl/workbook.xml"]) > MAX_CELLS:
        found.add("workbook.too-large", start, what="cells", limit=MAX_CELLS // 1_000_000)
        return False
    if _characters(parts.get("xl/sharedStrings.xml", b""), sheets) > MAX_CHARACTERS:
        found.add("workbook.too-large", start, what="texts", limit=MAX_CHARACTERS // 1_000_000)
        return False
    return True


def _is_xml(name: str, content: bytes) -> bool:
    """By its name or by how it begins: a sheet may have any name."""
    return name.endswith(_XML) or content.lstrip()[:1] == b"<" or content.startswith((b"\xef\xbb\xbf", *_UTF16))


def _cells(spans: Sequence[int], book: bytes) -> int:
    """Cells of all sheets; several of them may be one part, which is then read as often."""
    more = len(_SHEET.findall(book)) - len(spans)
    return sum(spans) + max(more, 0) * max(spans, default=0)


def _span(sheet: bytes) -> int | None:
    """Cells of the rectangle from A1 to the last column and row; None where an address is none."""
    addresses = _ADDRESS.findall(sheet)
    if len(addresses) != len(_ANY_ADDRESS.findall(sheet)):
        return None
    row = max((int(number) for _, number in addresses), default=0)
    column = max((_number(letters) for letters in {letters.upper() for letters, _ in addresses}), default=0)
    if row > _LAST_ROW or column > _LAST_COLUMN:
        return None
    if len(_ROW.findall(sheet)) + len(_CELL.findall(sheet)) > len(addresses):  # some have none and follow those before
        each = [len(_CELL.findall(part)) for part in _ROW.split(sheet)]
        row, column = row + len(each), column + max(each)
    return row * column


def _number(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - ord("A") + 1
    return number


def _characters(strings: bytes, sheets: Mapping[str, bytes]) -> int:
    """An upper bound of the characters of all cells that share a text."""
    lengths = [len(text) for text in _STRING.findall(strings)]
    used = {name: _SHARED.findall(content) for name, content in sheets.items()}
    if max(lengths, default=0) * sum(len(each) for each in used.values()) <= MAX_CHARACTERS:
        return 0
    return sum(lengths[int(index)] for each in used.values() for index in each if int(index) < len(lengths))


def packed(parts: Parts) -> bytes:
    """The parts as a zip without compression."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content)
    return stream.getvalue()

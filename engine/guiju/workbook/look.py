"""What the reader of cells cannot see: formulas, errors, percent formats. The owner of openpyxl and defusedxml.

openpyxl is slow, so it is asked only where the parts show that there is something to see.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from guiju.workbook.read_cells import UnreadableError

_ODD = re.compile(rb"""<(?:\w+:)?f[\s/>]|\bt\s*=\s*["']e["']""")
_PERCENT = re.compile(rb"""<(?:\w+:)?xf\s[^>]*numFmtId\s*=\s*["'](?:9|10)["']|formatCode\s*=\s*["'][^<>]*?%""")
Spot = tuple[str, int, int]  # sheet, row, column; from 0


@dataclass(frozen=True, slots=True)
class Odd:
    """Cells that hold something else than a value that was written."""

    formulas: frozenset[Spot] = frozenset()
    errors: Mapping[Spot, str] | None = None
    percents: frozenset[Spot] = frozenset()


def odd_cells(parts: Mapping[str, bytes], workbook: bytes) -> Odd:
    """Raises UnreadableError."""
    sheets = [content for content in parts.values() if b"sheetData" in content]
    if not any(_ODD.search(sheet) for sheet in sheets) and not _PERCENT.search(parts.get("xl/styles.xml", b"")):
        return Odd()
    return _look(workbook)


def _look(workbook: bytes) -> Odd:
    import defusedxml  # noqa: F401  openpyxl guards itself only where this is installed
    import openpyxl

    formulas, errors, percents = set[Spot](), dict[Spot, str](), set[Spot]()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that it drops; nothing is written back
            book = openpyxl.load_workbook(io.BytesIO(workbook), read_only=True, data_only=False)
            for sheet in book.worksheets:
                for row in sheet.iter_rows():
                    for cell in row:
                        if cell.value is None:
                            continue
                        spot = (sheet.title, cell.row - 1, cell.column - 1)
                        if cell.data_type == "f":
                            formulas.add(spot)
                        elif cell.data_type == "e":
                            errors[spot] = str(cell.value)
                        elif cell.data_type == "n" and "%" in str(cell.number_format):
                            percents.add(spot)
            book.close()
    except Exception as error:
        raise UnreadableError(str(error)) from error
    return Odd(frozenset(formulas), errors, frozenset(percents))

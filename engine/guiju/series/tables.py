"""A file of readings → rows of cells. CSV is read as text; Parquet by pyarrow, which is asked for only then."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from guiju.diagnostics.finding import Found, Place

MAX_ROWS = 2_000_000
MAX_BYTES = 300_000_000
_PLAIN = re.compile(r"\d{4}-\d{2}-\d{2}|-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Cells:
    """Names of the columns (numbers from 1 where the file has no header), rows of text, the line each begins on."""

    names: tuple[str, ...]
    rows: Sequence[Sequence[str]]
    lines: Sequence[int] | None  # None: a file without lines
    encoding: str


def read(path: Path, shown: str, found: Found) -> Cells | None:
    """The cells of a CSV or Parquet file, or None after adding findings."""
    start = Place(shown, 1, 1)
    try:
        if path.exists() and not path.is_file():
            found.add("source.not-a-file", start, file=shown)
            return None
        if path.stat().st_size > MAX_BYTES:
            found.add("source.too-large", start, limit=MAX_BYTES // 1_000_000)
            return None
        raw = path.read_bytes()
    except FileNotFoundError:
        found.add("source.missing-file", start, file=shown)
        return None
    except (OSError, ValueError) as error:
        found.add("source.unreadable", start, file=shown, reason=getattr(error, "strerror", None) or str(error))
        return None
    return _parquet(raw, shown, found) if raw[:4] == b"PAR1" else _csv(raw, shown, found)


def _csv(raw: bytes, shown: str, found: Found) -> Cells | None:
    text, encoding = _decoded(raw)
    if text is None:
        found.add("series.broken", Place(shown, 1, 1), reason="UTF-8, UTF-16, GBK: ?")
        return None
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    rows, lines, line = [], [], 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                rows.append([cell.strip() for cell in row])
                lines.append(line)
            line = reader.line_num + 1
            if len(rows) > MAX_ROWS:
                found.add("series.too-many", Place(shown, line, 1), limit=MAX_ROWS)
                return None
    except csv.Error as error:
        found.add("series.broken", Place(shown, line, 1), reason=str(error))
        return None
    if rows and not any(_PLAIN.match(cell) for cell in rows[0]):
        return Cells(tuple(rows[0]), rows[1:], lines[1:], encoding)
    return Cells(tuple(str(index + 1) for index in range(len(rows[0]) if rows else 0)), rows, lines, encoding)


def _decoded(raw: bytes) -> tuple[str | None, str]:
    """As text: UTF-8, UTF-16 with its mark, or GBK, which meters and Chinese Excel write."""
    names = ("utf-16",) if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030")
    for name in names:
        try:
            return raw.decode(name), name
        except UnicodeDecodeError:
            continue
    return None, ""


def _parquet(raw: bytes, shown: str, found: Found) -> Cells | None:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        found.add("series.no-pyarrow", Place(shown, 1, 1))
        return None
    try:
        opened = parquet.ParquetFile(io.BytesIO(raw))
        if opened.metadata.num_rows > MAX_ROWS:
            found.add("series.too-many", None, limit=MAX_ROWS)
            return None
        columns = [column.to_pylist() for column in opened.read().columns]
    except (ArrowException, OSError, ValueError) as error:  # ValueError: times of less than a microsecond
        found.add("series.broken", Place(shown, 1, 1), reason=str(error).splitlines()[0][:100])
        return None
    if any(isinstance(cell, float) for column in columns for cell in column[:100]):
        found.add("series.float", None)
    rows = [[_text(cell) for cell in row] for row in zip(*columns, strict=True)]
    return Cells(tuple(map(str, opened.schema_arrow.names)), rows, None, "parquet")


def _text(cell: Any) -> str:
    """A cell as it would stand in a text; a binary fraction by its shortest decimal."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):  # what an empty cell became
        return ""
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=None).isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell).strip()

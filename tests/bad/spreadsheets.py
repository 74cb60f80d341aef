"""Runs a bad workbook or CSV file: the workbook of the base case, changed as `steps.json` says, is imported into the base ruleset.

A step is a list: what is done, in which sheet, where, with what. Steps that are named `raw` change the bytes of the file.
CSV files of a folder are imported as they are. With `"make": true` in expect.json the workbook of the folder's case is made instead.
"""

import io
import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import engine_rooms
import openpyxl

from guiju import pipeline
from guiju.cli.commands.import_ import read
from guiju.cli.commands.template import make
from guiju.diagnostics.finding import Found
from guiju.intake.case import read_header

FILE = Path("input.xlsx")


def run(folder: Path, found: Found) -> None:
    """All findings of importing what the folder describes."""
    expect = json.loads((folder / "expect.json").read_text(encoding="utf-8"))
    with engine_rooms.laid_out(folder):
        if expect.get("make"):
            made_from_case(found)
            return
        names = [path.name for path in sorted(folder.glob("*.csv"))]
        for name in names:
            shutil.copyfile(folder / name, name)
        if not names:
            FILE.write_bytes(changed(made_from_case(Found()), folder))
        before = read([Path(name) for name in names] or [FILE], "en", found)
        if before is not None and not found.has_errors():
            pipeline.take(before[0], Path("case.yaml"), engine_rooms.ROOTS, found, before[1])


def made_from_case(found: Found) -> bytes:
    header = read_header(Path("case.yaml"), found)
    assert header is not None
    wish = pipeline.Wish()
    plan = pipeline.plan_of(header, engine_rooms.ROOTS, wish, found, pipeline.Family())
    assert plan is not None, found.findings
    return make(plan, header, found)


def changed(raw: bytes, folder: Path) -> bytes:
    """The workbook after the steps of the folder."""
    for what, *rest in json.loads((folder / "steps.json").read_text(encoding="utf-8")):
        raw = BYTES[what](raw, *rest) if what in BYTES else _cells(raw, what, *rest)
    return raw


def _cells(raw: bytes, what: str, sheet: str, where: Any = None, content: Any = None) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(raw))
    if what == "add":
        book.create_sheet(sheet)[where] = content
    else:
        page = book[sheet]
        page.protection.sheet = False
        SHEETS[what](page, where, content)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _set(page: Any, where: str, content: Any) -> None:
    page[where] = content
    page[where].data_type = (
        "s" if isinstance(content, str) and not content.startswith(("=", "#")) else page[where].data_type
    )


def _percent(page: Any, where: str, content: Any) -> None:
    page[where] = content
    page[where].number_format = "0%"


SHEETS = {
    "set": _set,
    "percent": _percent,
    "merge": lambda page, where, _: page.merge_cells(where),
    "insert-columns": lambda page, where, _: page.insert_cols(where),
    "delete-columns": lambda page, where, _: page.delete_cols(where),
    "insert-rows": lambda page, where, _: page.insert_rows(where),
    "rename": lambda page, where, _: setattr(page, "title", where),
}


def _with_part(raw: bytes, name: str, content: str, times: int = 1) -> bytes:
    """The same zip with one more part, or another one of that name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            if info.filename != name:
                new.writestr(info, old.read(info))
        new.writestr(name, content * times)
    return stream.getvalue()


def _without(raw: bytes, sheet: str) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(raw))
    del book[sheet]
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


BYTES = {
    "cut": lambda raw, length: raw[:length],
    "bytes": lambda raw, text: bytes.fromhex(text),
    "part": _with_part,
    "without": _without,
}

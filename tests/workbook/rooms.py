"""A case → workbook → case, as the commands do it."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from guiju import pipeline
from guiju.cli.commands.template import make
from guiju.diagnostics.finding import Found
from guiju.diagnostics.words import severity
from guiju.intake.case import read_header
from guiju.intake.model import Header
from guiju.plan.model import Plan
from guiju.source.node import Node
from guiju.source.yaml_text import read_text
from guiju.workbook.assemble import head
from guiju.workbook.case_text import case_text
from guiju.workbook.tables import read_workbook
from shipped import RULESETS


@cache
def planned(case: Path, rulesets: Path = RULESETS) -> tuple[Header, Plan]:
    found = Found()
    header = read_header(case, found)
    assert header is not None, errors(found)
    plan = pipeline.plan_of(header, [rulesets], pipeline.Wish(), found, pipeline.Family())
    assert plan is not None, errors(found)
    return header, plan


def written(header: Header, plan: Plan) -> bytes:
    found = Found()
    raw = make(plan, header, found)
    assert not found.has_errors(), errors(found)
    return raw


def imported(raw: bytes, path: Path, rulesets: Path = RULESETS) -> tuple[Node | None, Found]:
    """The case as `guiju import` would write it, read again; or None, and what was found."""
    found = Found()
    tables = read_workbook(raw, "mine.xlsx", found)
    done = None if tables is None else pipeline.take(head(tables, found), path, [rulesets], found, tables)
    if done is None:
        return None, found
    node = read_text(case_text(*done), "case.yaml", found)
    assert node is not None, errors(found)
    return node, found


def edited(raw: bytes, change: Callable[[Any], None]) -> bytes:
    """The workbook after somebody changed it in another program."""
    book = openpyxl.load_workbook(io.BytesIO(raw))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def cell_of(book: Any, sheet: str, name: str) -> str:
    """The address of the value of an input."""
    page = next(each for each in book if each.title.startswith(sheet))
    row = next(each[0].row for each in page.iter_rows(min_row=4) if each[0].value == name)
    return f"C{row}"


def errors(found: Found) -> list[tuple[str, str]]:
    """Code and place of every error."""
    return [(f.code, str(f.place)) for f in found.findings if (f.severity or severity(f.code)) == "error"]

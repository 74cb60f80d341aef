"""A filled workbook, CSV files or JSON → a case. Whatever is wrong is said with sheet and cell; with an error nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guiju.cli.editor import HEAD, schemas_from
from guiju.cli.extras import extra
from guiju.cli.output import FINDINGS, FINE, USAGE, Stop, check_target, say, tell, tell_findings, words, write_file
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.finding import Found
    from guiju.diagnostics.language import Language
    from guiju.plan.model import Plan
    from guiju.source.node import Node
    from guiju.workbook.model import Tables

WORKBOOKS = (".xlsx", ".xlsm")
MOST_LOST = 6  # paths that are named


def read(files: Sequence[Path], lang: Language, found: Found) -> tuple[Node, Tables | None] | None:
    """What the case says of itself, and the tables that hold the rest; of JSON the whole case."""
    from guiju.workbook.assemble import head

    first = files[0]
    if first.is_dir() or first.suffix.lower() == ".csv":
        tables = _csv(files, lang, found)
    elif len(files) > 1:
        raise Stop(words(lang)("one_file_only"), USAGE)
    elif first.suffix.lower() == ".json":
        node = _json(first, found)
        return None if node is None else (node, None)
    elif first.suffix.lower() in WORKBOOKS:
        tables = _workbook(first, lang, found)
    else:
        raise Stop(words(lang)("import_kind", file=first), USAGE)
    return None if tables is None else (head(tables, found), tables)


def _csv(files: Sequence[Path], lang: Language, found: Found) -> Tables | None:
    from guiju.workbook.csv_files import csv_paths, read_csv

    paths = [path for file in files for path in (csv_paths(file) if file.is_dir() else [file])]
    if not paths or any(path.suffix.lower() != ".csv" for path in paths):
        raise Stop(words(lang)("import_kind", file=files[0]), USAGE)
    return read_csv(paths, found)


def _json(file: Path, found: Found) -> Node | None:
    from guiju.places import shown
    from guiju.source.files import read_text_file
    from guiju.source.json_text import read_json

    text = read_text_file(file, shown(file), found)
    return None if text is None else read_json(text, shown(file), found)


def _workbook(file: Path, lang: Language, found: Found) -> Tables | None:
    from guiju.diagnostics.finding import Place
    from guiju.places import shown
    from guiju.source.files import read_bytes
    from guiju.workbook.tables import read_workbook
    from guiju.workbook.unpack import MAX_FILE

    raw = read_bytes(file, Place(shown(file), 1, 1), found, MAX_FILE)
    if raw is None:
        return None
    with extra("excel", lang):
        return read_workbook(raw, shown(file), found)


def _keep(path: Path, text: str, done: tuple[Node, Plan], lang: Language) -> None:
    """Stop before a file is written over that somebody may have worked on: what it holds and the new one does not is named."""
    from guiju.diagnostics.finding import Found
    from guiju.places import shown
    from guiju.source.files import read_text_file
    from guiju.source.node import is_map
    from guiju.source.yaml_text import read_text
    from guiju.workbook.held import changed

    if not path.is_file() or path.read_bytes() == text.encode():
        return
    found = Found()
    there = read_text_file(path, shown(path), found)
    before = None if there is None else read_text(there, shown(path), found)
    if before is None or not is_map(before):
        raise Stop(words(lang)("overwrite_other", file=path), USAGE)
    lost = changed(before, done[0], done[1])
    if not lost:
        raise Stop(words(lang)("overwrite_layout", file=path), USAGE)
    named = ", ".join(lost[:MOST_LOST]) + (" …" if len(lost) > MOST_LOST else "")
    raise Stop(words(lang)("overwrite_lost", file=path, count=len(lost), lost=named), USAGE)


@click.command(name="import", help="读入工作簿、CSV 或 JSON · Read a workbook, CSV or JSON into a case")
@click.argument("files", metavar="FILE.xlsx|.csv|.json|DIR", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("-o", "--output", metavar="CASE.yaml", help="写入文件，默认标准输出 · Write the case to a file")
@click.option("--force", is_flag=True, help="覆盖已有的、内容不同的文件 · Write over a file that is there and differs")
@shared
@click.pass_obj
def command(setting: Setting, files: Sequence[Path], output: str | None, force: bool) -> int:
    """The case, once nothing is wrong with it."""
    from guiju import pipeline
    from guiju.diagnostics.finding import Found
    from guiju.source.collector import left_alone
    from guiju.workbook.case_text import case_text

    found = Found()
    path = Path("case.yaml") if output in (None, "-") else Path(str(output))
    if output not in (None, "-"):
        check_target(path, setting.lang, *files)
    with left_alone():
        before = read(files, setting.lang, found)
        done = None
        if before is not None and not found.has_errors():
            done = pipeline.take(before[0], path, setting.roots, found, before[1])
    tell_findings(found.findings, setting.lang)
    if done is None:
        return FINDINGS
    text = f"{HEAD}{schemas_from(path.parent)}/case-1.schema.json\n{case_text(*done)}"
    if output in (None, "-"):
        say(text)
        return FINE
    if not force:
        _keep(path, text, done, setting.lang)
    write_file(path, text, setting.lang)
    tell(words(setting.lang)("written", file=path))
    return FINE

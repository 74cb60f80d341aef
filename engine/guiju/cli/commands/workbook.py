"""A case → the same calculation as a workbook with live formulas."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from guiju.cli.output import FINDINGS, FINE, USAGE, Stop, check_target, tell, words, write_file
from guiju.cli.setting import Setting, shared, wishing

if TYPE_CHECKING:
    from guiju.pipeline import Wish


@click.command(help="带活公式的工作簿，可在电子表格中重算 · A workbook with live formulas")
@click.argument("case", type=click.Path(path_type=Path))
@wishing
@click.option("-o", "--output", metavar="FILE.xlsx", required=True, help="写入文件 · The file to write")
@shared
@click.pass_obj
def command(setting: Setting, case: Path, wish: Wish, output: str) -> int:
    """Findings to standard error, the workbook to the file."""
    from guiju.cli.commands.book import assessed
    from guiju.record.sheets import TooLarge
    from guiju.record.workbook import live_workbook

    text, path = words(setting.lang), Path(output)
    if path.suffix.lower() != ".xlsx":
        raise Stop(text("bad_workbook", suffix=path.suffix), USAGE)
    check_target(path, setting.lang, case)
    assessment = assessed(case, wish, setting)
    if assessment is None:
        return FINDINGS
    try:
        made = live_workbook(assessment)
    except TooLarge as error:
        raise Stop(text("too_large", sheet=error), FINDINGS) from error
    except ModuleNotFoundError as error:
        if error.name != "xlsxwriter":
            raise
        raise Stop(text("needs_extra", library="xlsxwriter", extra="excel"), USAGE) from error
    write_file(path, made, setting.lang)
    tell(text("written", file=output))
    return FINE

"""A small working ruleset to start from: every kind of section once, with a case and tests."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guiju.cli.editor import schemas_from
from guiju.cli.output import FINE, USAGE, Stop, make_folder, painter, say, words, write_file
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.language import Language

VERSION = "0.1"
_ID = re.compile(r"[a-z][a-z0-9_-]*")
_TAKEN = ("tables",)  # a folder beside the rulesets, for external tables
_SUFFIX = ".j2"


def draw_up(ruleset_id: str, folder: Path) -> Mapping[Path, str]:
    """The files of a new ruleset in a folder, by path."""
    from guiju.places import template_folder
    from guiju.report.render import render

    templates = template_folder() / "new"
    facts = {
        "id": ruleset_id,
        "version": VERSION,
        "ref": f"{ruleset_id}@{VERSION}",
        "schemas": schemas_from(folder),
        "schemas_below": schemas_from(folder / "cases"),
        "case": (folder / "cases" / "example.yaml").as_posix(),
    }
    files = {}
    for template in sorted(templates.rglob(f"*{_SUFFIX}")):
        name = template.relative_to(templates).as_posix()
        files[folder / name.removesuffix(_SUFFIX)] = render(f"new/{name}", facts)
    return files


def check_id(ruleset_id: str, lang: Language) -> None:
    if not _ID.fullmatch(ruleset_id) or ruleset_id in _TAKEN:
        raise Stop(words(lang)("bad_id", name=ruleset_id), USAGE)


@click.command(help="新建一个可运行的小规则集 · A small working ruleset to start from")
@click.argument("ruleset_id")
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("rulesets"),
    help="放在哪个文件夹，默认 ./rulesets · Folder",
)
@shared
@click.pass_obj
def command(setting: Setting, ruleset_id: str, output: Path) -> int:
    """Write the files and say what to do with them."""
    lang = setting.lang
    check_id(ruleset_id, lang)
    text, folder = words(lang), output / ruleset_id / VERSION
    if folder.exists():
        raise Stop(text("exists", folder=folder.as_posix()), USAGE)
    files = draw_up(ruleset_id, folder)
    for path, content in files.items():
        make_folder(path.parent, lang)
        write_file(path, content, lang)
    say(text("made", folder=folder.as_posix()))
    for path in files:
        say(f"  {path.relative_to(folder).as_posix()}")
    _say_next(folder, output, ruleset_id, lang)
    return FINE


def _say_next(folder: Path, output: Path, ruleset_id: str, lang: Language) -> None:
    text, paint, ref = words(lang), painter(), f"{ruleset_id}@{VERSION}"
    where = "" if output == Path("rulesets") else f" --rulesets {output.as_posix()}"
    say(f"\n{text('demo_next')}")
    for what in (f"validate {ref}", f"test {ref}", f"evaluate {(folder / 'cases' / 'example.yaml').as_posix()}"):
        say(paint(f"  guiju {what}{where}", "strong"))

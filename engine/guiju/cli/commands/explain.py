"""The tree of a number, from the file of an assessment alone, or of a case, which is then evaluated: formula, numbers, units,
clause, evidence, place."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from guiju.cli.output import FINDINGS, FINE, USAGE, Stop, findings_text, is_terminal, painter, reason, say, width, words
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.language import Language
    from guiju.report.trace import TraceNode

FORMAT = 1
CASES = (".yaml", ".yml")
DEPTH = 3  # levels of a tree where none are asked for


def read(path: Path, lang: Language) -> Mapping[str, Any]:
    """The assessment in a file."""
    import json

    say, file = words(lang), path.as_posix()
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Stop(say("cannot_read", file=file, reason=reason(error, lang)), FINDINGS) from error
    except UnicodeDecodeError as error:
        raise Stop(say("not_utf8", file=file), FINDINGS) from error
    except json.JSONDecodeError as error:
        raise Stop(say("not_json", file=file, line=error.lineno, column=error.colno), FINDINGS) from error
    except (RecursionError, ValueError) as error:
        raise Stop(say("not_assessment", file=file), FINDINGS) from error
    if not isinstance(data, dict) or "assessment" not in data:
        raise Stop(say("not_assessment", file=file), FINDINGS)
    if data["assessment"] != FORMAT:
        raise Stop(say("other_format", file=file, format=data["assessment"], known=FORMAT), FINDINGS)
    return data


def evaluated(path: Path, setting: Setting) -> Mapping[str, Any] | None:
    """The assessment of a case file, or None after telling why there is none."""
    from guiju.cli.commands.evaluate import evaluate
    from guiju.cli.output import tell_findings
    from guiju.pipeline import Wish

    done = evaluate(path, setting.roots, Wish())
    tell_findings(done.findings, setting.lang)
    return done.data


def explain(
    data: Mapping[str, Any], name: str | None, depth: int, lang: Language, file: str, *, exact: bool = False
) -> TraceNode:
    """The tree of a number, by default of the grade, else of the total."""
    from guiju.report.trace import near_names, target, trace

    say, chosen = words(lang), target(data, name)
    if chosen is None and name is None:
        raise Stop(say("no_default_node", file=file), USAGE)
    if chosen is None:
        near = say("separator").join(near_names(data, str(name), lang))
        raise Stop(say("no_such_node", file=file, name=name) + (say("guess", name=near) if near else ""), USAGE)
    return trace(data, chosen, depth, lang, exact=exact)


def check(path: Path, lang: Language) -> None:
    """Say what in a file is not as the schema of an assessment wants it; nothing where all is."""
    from guiju.diagnostics.finding import Found
    from guiju.places import shown
    from guiju.ruleset.shape import schema
    from guiju.source.files import read_file
    from guiju.source.schema import check as check_schema

    found = Found()
    node = read_file(path, shown(path), found)
    if node is not None:
        check_schema(node, schema("assessment-1"), found)
    if found.has_errors():
        raise Stop(findings_text(found.findings, lang), FINDINGS)


@click.command(help="等级为何如此，一个数从何而来 · Why this grade; where a number comes from")
@click.argument("file", metavar="FILE.json|CASE.yaml", type=click.Path(path_type=Path))
@click.argument("node", metavar="[NAME|TITLE|NO]", required=False)
@click.option(
    "--depth", type=click.IntRange(0, 100), help="公式树往下几层，默认 3 · Levels of the tree of formulas; else 3"
)
@click.option("--exact", is_flag=True, help="显示全部位数 · All digits")
@shared
@click.pass_obj
def command(setting: Setting, file: Path, node: str | None, depth: int | None, exact: bool) -> int:
    """Without a name the grade in words; else, or with --depth, the tree of a number."""
    is_case = file.suffix.lower() in CASES
    data = evaluated(file, setting) if is_case else read(file, setting.lang)
    if data is None:
        return FINDINGS
    try:
        told = _told(data, setting, file) if node is None and depth is None and not exact else []
        tree = (
            None
            if told
            else explain(data, node, DEPTH if depth is None else depth, setting.lang, file.as_posix(), exact=exact)
        )
    except Exception:
        if not is_case:
            check(file, setting.lang)  # perhaps the file is not what it says it is
        raise
    for line in told:
        say(line)
    if tree is not None:
        _say_tree(tree, DEPTH if depth is None else depth, file, setting)
    return FINE


def _told(data: Mapping[str, Any], setting: Setting, file: Path) -> list[str]:
    """The grade in words, each line with the command that goes deeper; nothing where there is neither grade nor score."""
    from guiju.report.layout import wrap
    from guiju.report.overview import overview

    text, paint, lines = words(setting.lang), painter(), list[str]()
    signs = {"deciding": "> ", "no": "x ", "arrow": "-> ", "condition": "- "}
    call = f"guiju explain {shlex.quote(file.as_posix())}"
    for each in overview(data, setting.lang):
        if each.sign == "section":
            lines += ["", *(paint(line, "head") for line in wrap(f"# {each.text}", width()))]
            continue
        sign, before = signs.get(each.sign, ""), "  " * each.level
        first, *rest = wrap(each.text, width() - len(before + sign))
        style = "strong" if each.sign == "deciding" else ""
        lines += [paint(f"{before}{sign}{first}", style), *(f"{before}{' ' * len(sign)}{line}" for line in rest)]
        if each.name:
            command = text("deeper_line", command=f"{call} {shlex.quote(each.name)}")
            lines.append(paint(f"{before}{' ' * len(sign)}{command}", "dim"))
    if lines:
        lines += ["", paint(f"{text('deeper_tree')}{text('colon')}{call} --depth {DEPTH}", "dim")]
    return lines[1:]


def _say_tree(tree: TraceNode, depth: int, file: Path, setting: Setting) -> None:
    for line in _lines(tree, setting):
        say(line)
    hidden = next(_hidden(tree), None)
    if hidden is not None:
        say("")
        say(
            painter()(
                words(setting.lang)(
                    "deeper_hint", depth=depth + 3, example=f"guiju explain {file.as_posix()} {_quoted(hidden)}"
                ),
                "dim",
            )
        )


def _lines(tree: TraceNode, setting: Setting) -> Iterator[str]:
    from guiju.report.tree_text import DRAWN, PLAIN, Sheet, tree_lines
    from guiju.report.wording import report_words

    sheet = Sheet(width(), DRAWN if is_terminal() else PLAIN, report_words(setting.lang), painter())
    return tree_lines(tree, sheet)


def _hidden(tree: TraceNode) -> Iterator[str]:
    if tree.hidden:
        yield tree.id
    for child in tree.children:
        yield from _hidden(child)


def _quoted(name: str) -> str:
    return f"'{name}'" if "[" in name else name

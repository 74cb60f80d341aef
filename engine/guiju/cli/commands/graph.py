"""What rests on what, as a tree, a picture, text for Graphviz, or data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guiju.cli.output import (
    FINDINGS,
    FINE,
    USAGE,
    Stop,
    check_target,
    is_terminal,
    say,
    tell,
    tell_findings,
    words,
    write_file,
)
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.diagnostics.finding import Found
    from guiju.diagnostics.language import Language
    from guiju.plan.model import Plan
    from guiju.report.graph import Graph

KINDS = (".svg", ".dot", ".json")
TREE_DEPTH = 3


def read_plan(ref: str, variant: str | None, roots: Sequence[Path], found: Found) -> Plan | None:
    """The plan of one variant of a ruleset."""
    from guiju import pipeline

    ruleset = pipeline.read_ruleset(ref, roots, found)
    return None if ruleset is None else pipeline.make_plan(ruleset, variant, {}, found)


def starts_of(plan: Plan, name: str | None, lang: Language) -> tuple[str, ...]:
    """The node that was named, or what the whole plan is for."""
    from guiju.report.graph import ends, nearest_name, resolve

    if name is None:
        return ends(plan)
    known = resolve(plan, name)
    if known is None:
        text, near = words(lang), nearest_name(plan, name)
        unknown = text("no_graph_node", ref=plan.ruleset.ref, name=name)
        raise Stop(unknown + (text("guess", name=near) if near else ""), USAGE)
    return (known,)


def as_text(graph: Graph, suffix: str, lang: Language) -> str:
    """The content of a file of this kind."""
    import json

    from guiju.report import graph as views

    if suffix == ".dot":
        return views.as_dot(graph)
    if suffix == ".json":
        return json.dumps(views.as_data(graph), ensure_ascii=False, indent=1) + "\n"
    from guiju.report.render import render

    return render("graph/graph.svg.j2", {"picture": views.picture(graph, lang)})


@click.command(help="什么依据什么 · What rests on what")
@click.argument("ref", metavar="REF")
@click.argument("node", required=False)
@click.option("--variant", metavar="V", help="变体 · Variant")
@click.option("--depth", type=click.IntRange(0, 1000), help="几步远，文件默认不限 · How many steps")
@click.option("--down", is_flag=True, help="反过来：什么依据它 · The other way: what rests on it")
@click.option("--all", "made", is_flag=True, help="含计分规则的常数 · With the constants of scoring rules")
@click.option(
    "-o", "--output", metavar="FILE.svg|.dot|.json", type=click.Path(path_type=Path), help="写入文件 · Write a file"
)
@shared
@click.pass_obj
def command(
    setting: Setting,
    ref: str,
    node: str | None,
    variant: str | None,
    depth: int | None,
    down: bool,
    made: bool,
    output: Path | None,
) -> int:
    """A tree on standard output, or the file."""
    from guiju.diagnostics.finding import Found
    from guiju.report.graph import select

    text = words(setting.lang)
    if output is not None and output.suffix.lower() not in KINDS:
        raise Stop(text("bad_picture", suffix=output.suffix), USAGE)
    if output is not None:
        check_target(output, setting.lang)
    found = Found()
    plan = read_plan(ref, variant, setting.roots, found)
    if plan is None:
        tell_findings(found.findings, setting.lang)
        return FINDINGS
    starts = starts_of(plan, node, setting.lang)
    steps = TREE_DEPTH if depth is None and output is None else depth
    graph = select(plan, starts, steps, down=down, made=made, lang=setting.lang)
    if output is None:
        _print(graph, down, setting.lang)
        return FINE
    write_file(output, as_text(graph, output.suffix.lower(), setting.lang), setting.lang)
    size = text("graph_size", nodes=len(graph.nodes), edges=len(graph.edges))
    tell(f"{text('written', file=output)} ({size})")
    return FINE


def _print(graph: Graph, down: bool, lang: Language) -> None:
    from guiju.report.graph import tree_lines
    from guiju.report.tree_text import DRAWN, PLAIN

    signs = DRAWN if is_terminal() else PLAIN
    for line in tree_lines(graph, down=down, fork=signs.fork, last=signs.last, pass_by=signs.pass_by, lang=lang):
        say(line)

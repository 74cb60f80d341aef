"""What rests on what: a plan → nodes and edges, and these as a tree, a picture, or text for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from guiju.diagnostics.language import Language
from guiju.diagnostics.nearest import nearest
from guiju.plan import graph as dependencies
from guiju.plan.model import Plan, PlanNode
from guiju.report.layers import Item, Places, arrange
from guiju.report.layout import cut, wrap
from guiju.report.shapes import Box, Curve, Picture, Text
from guiju.report.wording import Wording, report_words

BOX, BETWEEN, MARGIN, LINE, PAD = 196, 64, 24, 16, 9
_COLUMNS, _LINES = 24, 4


@dataclass(frozen=True, slots=True)
class GraphNode:
    """One number, in one language. `kind`: input, column, collection, parameter, formula, indicator, grade, context, evidence."""

    id: str
    title: str
    kind: str
    unit: str
    formula: str
    place: str


@dataclass(frozen=True, slots=True)
class Graph:
    """Numbers and, for each, those it rests on. `ends` are where the question started."""

    title: str
    nodes: Mapping[str, GraphNode]
    needs: Mapping[str, tuple[str, ...]]
    ends: tuple[str, ...]

    @property
    def edges(self) -> list[tuple[str, str]]:
        """(what is needed, what needs it)."""
        return [(need, name) for name, all_ in self.needs.items() for need in all_]


def resolve(plan: Plan, name: str) -> str | None:
    """A node, "grade", or an indicator, which stands for its score."""
    known = ("grade.result" if name == "grade" else name, f"{name}.score")
    return next((each for each in known if each in plan.nodes), None)


def nearest_name(plan: Plan, name: str) -> str:
    return nearest(name, [*plan.nodes, *plan.indicators])


def ends(plan: Plan) -> tuple[str, ...]:
    """What a whole plan is for: grade and claims, else the score of the root, else whatever nothing needs."""
    found = ["grade.result"] if plan.grade else [f"{root}.score" for root in plan.children.get("", ())]
    found += [claim.node for claim in plan.claims]
    return tuple(found) or tuple(node.id for node in plan.formulas if node.id not in plan.used)


def select(plan: Plan, starts: Sequence[str], depth: int | None, *, down: bool, made: bool, lang: Language) -> Graph:
    """What the starts rest on, or (down) what rests on them, `depth` steps far; `made`: also the constants made from scoring rules."""
    needs = {
        name: tuple(need for need in node.needs if made or not _is_made(need, plan))
        for name, node in plan.nodes.items()
    }
    steps = _turned(needs) if down else needs
    kept = _reached(steps, starts, len(needs) if depth is None else depth)
    order = [name for name in (*plan.nodes, *plan.collections) if name in kept]
    nodes = {name: _node(name, plan, lang) for name in order}
    return Graph(
        title=" · ".join(nodes[name].title for name in starts),
        nodes=nodes,
        needs={name: tuple(need for need in needs.get(name, ()) if need in nodes) for name in order},
        ends=tuple(starts),
    )


def _reached(steps: Mapping[str, Sequence[str]], starts: Sequence[str], depth: int) -> set[str]:
    """What can be reached in so many steps."""
    kept, front = set(starts), list(starts)
    for _ in range(depth):
        front = [
            new for new in dict.fromkeys(each for name in front for each in steps.get(name, ())) if new not in kept
        ]
        if not front:
            break
        kept.update(front)
    return kept


def _is_made(name: str, plan: Plan) -> bool:
    node = plan.nodes.get(name)
    return node is not None and node.kind == "parameter" and "." in name


def _turned(needs: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    turned: dict[str, list[str]] = {}
    for name, all_ in needs.items():
        for need in all_:
            turned.setdefault(need, []).append(name)
    return turned


def _node(name: str, plan: Plan, lang: Language) -> GraphNode:
    node = plan.nodes.get(name)
    if node is None:
        collection = plan.collections[name]
        return GraphNode(name, collection.title.zh if lang == "zh" else collection.title.en, "collection", "", "", "")
    title = node.title.zh if lang == "zh" else node.title.en
    unit = "" if node.unit in (None, "1") else str(node.unit)
    place = f"{node.place.file.rpartition('/')[2]}:{node.place.line}" if node.place.file else ""
    return GraphNode(name, title, _kind(node), unit, node.written, place)


def _kind(node: PlanNode) -> str:
    if node.kind != "formula" or node.owner is None:
        return node.kind
    return "grade" if node.id.startswith(("grade.", "precondition.", "claim.", "check.")) else "indicator"


def as_data(graph: Graph) -> dict[str, Any]:
    """For programs."""
    nodes = [asdict(node) for node in graph.nodes.values()]
    return {
        "ends": list(graph.ends),
        "nodes": nodes,
        "edges": [{"from": start, "to": end} for start, end in graph.edges],
    }


def as_dot(graph: Graph) -> str:
    """For Graphviz."""
    lines = ["digraph guiju {", "  rankdir=LR;", '  node [shape=box, fontsize=11, style="rounded"];']
    lines += [f"  {_dot(node.id)} [label={_dot(f'{node.title}{chr(10)}{node.id}')}];" for node in graph.nodes.values()]
    lines += [f"  {_dot(start)} -> {_dot(end)};" for start, end in graph.edges]
    return "\n".join([*lines, "}"]) + "\n"


def _dot(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def tree_lines(graph: Graph, *, down: bool, fork: str, last: str, pass_by: str, lang: Language) -> Iterator[str]:
    """The graph as a tree from its ends; what was shown before is only named."""
    say, steps = report_words(lang), _turned(graph.needs) if down else graph.needs
    seen: set[str] = set()
    todo: list[tuple[str, str, str]] = [(name, "", "") for name in reversed(graph.ends)]
    while todo:
        name, first, rest = todo.pop()
        node, below = graph.nodes[name], () if name in seen else tuple(dict.fromkeys(steps.get(name, ())))
        unit = f" ({node.unit})" if node.unit else ""
        again = f"  {say('shown_above')}" if name in seen and steps.get(name) else ""
        yield f"{first}{node.title}{unit}  {name}{again}"
        seen.add(name)
        for index, each in reversed(list(enumerate(below))):
            ends = index == len(below) - 1
            todo.append((each, rest + (last if ends else fork), rest + ("   " if ends else pass_by)))


def picture(graph: Graph, lang: Language) -> Picture:
    """Boxes from left (what goes in) to right (what comes out), a line for every "rests on"."""
    say = report_words(lang)
    layers = dependencies.layers(graph.needs)
    lines = {name: _label(node) for name, node in graph.nodes.items()}
    heights = {name: PAD * 2 + LINE * (len(texts) + 1) for name, texts in lines.items()}
    places = arrange(layers, graph.edges, heights)
    left = {
        name: MARGIN + (len(layers) - 1 - index) * (BOX + BETWEEN)
        for index, layer in enumerate(layers)
        for name in layer
    }
    boxes, texts = [], []
    for name, node in graph.nodes.items():
        x, y = left[name], MARGIN + places.top[name]
        boxes.append(Box(x, y, BOX, heights[name], node.kind + (" end" if name in graph.ends else ""), _tip(node, say)))
        texts += [Text(x + 10, y + PAD + LINE * index + 12, line, "title") for index, line in enumerate(lines[name])]
        texts.append(Text(x + 10, y + heights[name] - PAD - 2, cut(name, 29), "name"))
    width = MARGIN * 2 + len(layers) * (BOX + BETWEEN) - BETWEEN
    legend = _legend(graph, places.height + MARGIN * 2 + 4, say)
    curves = tuple(_curve(way, places, left, layers) for way in places.ways.values())
    return Picture(
        graph.title,
        max(width, 520),
        places.height + MARGIN * 3 + 16,
        (*boxes, *legend[0]),
        (*texts, *legend[1]),
        curves,
    )


def _label(node: GraphNode) -> list[str]:
    """The title in at most four lines, with its unit."""
    lines = wrap(f"{node.title} ({node.unit})" if node.unit else node.title, _COLUMNS)
    return lines if len(lines) <= _LINES else [*lines[: _LINES - 1], cut(lines[_LINES - 1] + "……", _COLUMNS)]


def _tip(node: GraphNode, say: Wording) -> str:
    parts = [
        f"{node.title} [{say(f'kind_{node.kind}')}]",
        f"{node.id} = {node.formula}" if node.formula else node.id,
        node.unit,
        node.place,
    ]
    return "\n".join(part for part in parts if part)


def _curve(way: tuple[Item, ...], places: Places, left: Mapping[str, int], layers: Sequence[Sequence[str]]) -> Curve:
    """From the right side of a box, past its stops, to the left side of another."""
    start, end = str(way[0]), str(way[-1])
    x, y = left[start] + BOX, MARGIN + round(places.level[start])
    path = [f"M{x} {y}"]
    for item in way[1:]:
        to = left[end] if isinstance(item, str) else MARGIN + (len(layers) - 1 - item[2]) * (BOX + BETWEEN)
        height, half = MARGIN + round(places.level[item]), (to - x) // 2
        path.append(f"C{x + half} {y} {to - half} {height} {to} {height}")
        if not isinstance(item, str):
            path.append(f"H{to + BOX}")
            to += BOX
        x, y = to, height
    return Curve(" ".join(path), "edge")


def _legend(graph: Graph, y: int, say: Wording) -> tuple[list[Box], list[Text]]:
    boxes, texts, x = [], [], MARGIN
    for kind in dict.fromkeys(node.kind for node in graph.nodes.values()):
        word = say(f"kind_{kind}")
        boxes.append(Box(x, y, 14, 14, kind))
        texts.append(Text(x + 20, y + 12, word, "name"))
        x += 44 + 7 * sum(2 if ord(sign) > 0x2E80 else 1 for sign in word)
    return boxes, texts

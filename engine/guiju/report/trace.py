"""Assessment data + the name of a number → the tree of what it rests on: formula, numbers, units, clauses, evidence, places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guiju.diagnostics.nearest import nearest
from guiju.report import numbers
from guiju.report.origin import Facts, Told, cell_facts, formula_facts, given_facts, origin_facts
from guiju.report.quality import quality_facts
from guiju.report.standing import named
from guiju.report.tree import fallen, fell
from guiju.report.wording import Wording, cause, report_words

Data = Mapping[str, Any]
_ROW = re.compile(r"(?P<node>[^\[\]]+)\[(?P<key>.*)\]")
_MOST_ROWS = 20
_MOST_NEAR = 3


@dataclass(frozen=True, slots=True)
class TraceRow:
    """One row of a column or of a formula that runs once a row."""

    key: str
    value: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class TraceNode:
    """One number and what it rests on. `again` was shown above; `hidden` counts what lies deeper than asked for."""

    id: str
    title: str
    value: str
    facts: Facts
    rows: tuple[TraceRow, ...]
    more_rows: int
    children: tuple[TraceNode, ...]
    hidden: int
    again: bool


@dataclass(frozen=True, slots=True)
class Target:
    """A node, and of a column possibly one row."""

    node: str
    row: str | None = None


def target(data: Data, name: str | None) -> Target | None:
    """What a name means: a node, "grade", an indicator by id or number, one row as "fuels.co2[diesel]", or a title in either
    language (of an indicator, a condition of the grade, a number)."""
    nodes = data["nodes"]
    if name is None:
        return next((Target(each) for each in ("grade.result", _root(data), _only_end(data)) if each in nodes), None)
    known = _known(name, data)
    if known is not None:
        return Target(known)
    match = _ROW.fullmatch(name)
    node = nodes.get(match["node"]) if match else None
    if match and node and any(str(row["key"]) == match["key"] for row in node.get("rows", ())):
        return Target(match["node"], match["key"])
    titled = _titled(name, data)
    return None if titled is None else Target(titled)


def _known(name: str, data: Data) -> str | None:
    nodes = data["nodes"]
    if name in nodes:
        return name
    if name == "grade" and "grade.result" in nodes:
        return "grade.result"
    for entry in data["indicators"]:
        if name == entry["id"] or (name and name == entry["no"]):
            return f"{entry['id']}.score" if f"{entry['id']}.score" in nodes else None
    return None


def _titles(data: Data) -> Iterator[tuple[Data, str]]:
    """Titles with the nodes they mean, in the order in which they are looked through; what the sugar made comes last."""
    nodes, grade = data["nodes"], data["grade"] or {"gates": ()}
    yield from ((entry["title"], f"{entry['id']}.score") for entry in data["indicators"])
    yield from (
        (gate["title"], f"grade.{gate['id']}_{'value' if 'bands' in gate else 'met'}") for gate in grade["gates"]
    )
    for made in (False, True):
        yield from ((node["title"], name) for name, node in nodes.items() if ("made_from" in node) == made)


def _titled(name: str, data: Data) -> str | None:
    wanted = name.strip().casefold()
    for title, node in _titles(data):
        if node in data["nodes"] and wanted in (str(title["zh"]).casefold(), str(title["en"]).casefold()):
            return node
    return None


def near_names(data: Data, name: str, lang: str) -> tuple[str, ...]:
    """What was probably meant: titles that hold these words, the shortest first, with the names to be typed; else the nearest name."""
    wanted, nodes, held = name.strip().casefold(), data["nodes"], dict[str, str]()
    for title, node in _titles(data):
        if node in nodes and wanted and any(wanted in str(text).casefold() for text in title.values()):
            held.setdefault(str(title[lang]), node)
    best = sorted(held, key=len)[:_MOST_NEAR]
    near = nearest_name(data, name)
    return tuple(f"{title} ({held[title]})" for title in best) or ((near,) if near else ())


def _root(data: Data) -> str:
    return next((f"{entry['id']}.score" for entry in data["indicators"] if entry["depth"] == 0), "")


def _only_end(data: Data) -> str:
    """Of a ruleset without grade and indicators, what all is computed for, if that is one number."""
    used = {name for node in data["nodes"].values() for name in node.get("uses", ())}
    ends = [name for name, node in data["nodes"].items() if node["kind"] == "formula" and name not in used]
    return ends[0] if len(ends) == 1 and not data["indicators"] else ""


def nearest_name(data: Data, name: str) -> str:
    """The node that was probably meant; of a row that is not there, the nearest row."""
    match = _ROW.fullmatch(name)
    rows = data["nodes"].get(match["node"], {}).get("rows", ()) if match else ()
    if match and rows:
        near = nearest(match["key"], [str(row["key"]) for row in rows]) or str(rows[0]["key"])
        return f"{match['node']}[{near}]"
    candidates = [*data["nodes"], *(entry["id"] for entry in data["indicators"])]
    near = nearest(name, candidates) or nearest(name, [each.rpartition(".")[2] for each in candidates])
    return near or nearest(name, [str(text) for title, _ in _titles(data) for text in title.values()])


def passes_on(entry: Data) -> bool:
    """Whether a formula is just the name of another node."""
    return (
        entry.get("formula", "").strip() in entry.get("uses", ())
        and "rounding" not in entry
        and "formula_run" not in entry
    )


def _uses(entry: Data, data: Data) -> tuple[str, ...]:
    """What a node rests on. The grade's rank comes before the preconditions, because it says how the level was found."""
    uses = [name for name in entry.get("uses", ()) if name in data["nodes"]]
    if entry.get("made_from") == "result":
        uses.sort(key=lambda name: data["nodes"][name].get("made_from") != "rank")
    return tuple(uses)


def _is_key(entry: Data) -> bool:
    """The column that names the rows: listing it would say every key twice."""
    rows = entry.get("rows", ())
    return bool(rows) and entry["kind"] == "column" and all(row["key"] == row["value"] for row in rows)


class Tracer:
    """Walks an assessment from one number down. It remembers what it has told, so that nothing is told twice."""

    def __init__(self, data: Data, say: Wording, *, exact: bool) -> None:
        self.data, self.say, self.exact = data, say, exact
        self._seen: set[tuple[str, str | None]] = set()
        self._told = Told()

    def node(self, target: Target, depth: int) -> TraceNode:
        """The tree below a target, `depth` levels deep; a step that only passes a number on costs no level."""
        entry: Data = self.data["nodes"][target.node]
        again = (target.node, target.row) in self._seen
        self._seen.add((target.node, target.row))
        row = (
            next((row for row in entry.get("rows", ()) if str(row["key"]) == target.row), None)
            if target.row is not None
            else None
        )
        facts = () if again else (*self._level(target.node), *self._facts(entry, row))
        shown_rows = () if again or row is not None or _is_key(entry) else tuple(entry.get("rows", ()))
        rows = tuple(self._row(entry, each) for each in shown_rows[:_MOST_ROWS])
        uses = () if again else _uses(entry, self.data)
        left = depth - (0 if passes_on(entry) else 1)
        deeper = left >= 0
        return TraceNode(
            id=target.node if row is None else f"{target.node}[{target.row}]",
            title=self.say.title(entry["title"]),
            value=self._value(entry, row),
            facts=facts,
            rows=rows,
            more_rows=max(0, len(shown_rows) - _MOST_ROWS),
            children=tuple(self._child(each, target, entry, left) for each in uses) if deeper else (),
            hidden=0 if deeper else len(uses),
            again=again and bool(entry.get("uses")),
        )

    def _child(self, name: str, parent: Target, entry: Data, depth: int) -> TraceNode:
        same_rows = self.data["nodes"][name].get("per") == entry.get("per")
        return self.node(Target(name, parent.row if same_rows else None), depth)

    def _facts(self, entry: Data, row: Data | None) -> Facts:
        facts: Facts = formula_facts(entry, row, self.say, exact=self.exact) if entry["kind"] == "formula" else ()
        facts += self._gap(entry, row or entry)
        for cell in (row or entry).get("cells", ()):
            facts += cell_facts(cell, self.data, self.say, self._told, exact=self.exact)
        facts += quality_facts(row or entry, self.say)
        given = row if entry["kind"] == "column" else entry.get("given")
        if given is not None and ("missing" not in (row or entry) or given.get("origin") == "child"):
            facts += given_facts(given, self.data, self.say, entry.get("per", ""))
        return facts + origin_facts(entry, self.data, self.say, self._told)

    def _level(self, name: str) -> Facts:
        """Of a level that fell: what was claimed, and the evidence that is not there."""
        levels = [
            level for each in self.data["indicators"] for level in each.get("levels", ()) if level["node"] == name
        ]
        return tuple((self.say("fact_claimed"), fallen(level, self.say)) for level in levels if fell(level))

    def _gap(self, entry: Data, told: Data) -> Facts:
        """Why a formula has no value; an input that was not given says so itself."""
        if "missing" not in told or entry["kind"] != "formula":
            return ()
        return ((self.say("fact_missing"), cause(told["missing"], self.say.lang)),)

    def _row(self, entry: Data, row: Data) -> TraceRow:
        value = self._value(entry, row)
        if entry["kind"] == "column":
            if row.get("origin") == "child":
                told = (*quality_facts(row, self.say), *given_facts(row, self.data, self.say, entry["per"]))
                return TraceRow(str(row["key"]), value, told)
            said = quality_facts(row, self.say)
            said += given_facts(row, self.data, self.say) if "missing" not in row else ()
            return TraceRow(str(row["key"]), " · ".join([value, *(text for _, text in said)]), ())
        facts: Facts = ((self.say("fact_numbers"), numbers.inside(row["with_numbers"], exact=self.exact)),)
        facts += self._gap(entry, row) + quality_facts(row, self.say)
        for cell in row.get("cells", ()):
            facts += cell_facts(cell, self.data, self.say, self._told, exact=self.exact)
        return TraceRow(str(row["key"]), value, facts)

    def _value(self, entry: Data, row: Data | None) -> str:
        """The value with its unit; of a column without a row chosen, how many rows."""
        if row is None and "rows" in entry:
            return self.say.count("rows", len(entry["rows"]))
        value = (row or entry)["value"]
        if value is None:
            return self.say("not_computed" if entry["kind"] == "formula" else "not_given")
        if isinstance(value, bool):
            return self.say("yes" if value else "no")
        if entry["type"] != "number":
            return self._label(entry, str(value))
        shown = (
            numbers.exact(value, self.say.lang)
            if self.exact
            else numbers.shown(value, self.say.lang, entry.get("rounding"))
        )
        symbol = {"1": "", "point": self.say("unit_point"), None: ""}.get(entry["unit"], entry["unit"])
        return f"{shown} {symbol}".rstrip()

    def _label(self, entry: Data, value: str) -> str:
        """A grade with its label."""
        grade = self.data["grade"]
        if entry.get("made_from") == "result" and grade and grade["label"]:
            return named(value, self.say.title(grade["label"]), self.say)
        return value


def trace(data: Data, target: Target, depth: int, lang: Any, *, exact: bool = False) -> TraceNode:
    """The tree of a number, `depth` levels deep."""
    return Tracer(data, report_words(lang), exact=exact).node(target, depth)

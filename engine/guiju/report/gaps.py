"""What could not be computed, as far as it matters → rows of the scorecard.

Many values may be missing without harm: another figure was given instead, a row is immaterial. So only results are listed that
somebody reads: scores, conditions of the grade, claims, headline figures, what a ruleset without indicators computes; with
the causes below them. The data of the assessment (`not_computed`) name every value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import reduce
from typing import Any

from guiju.report.model import GapRow
from guiju.report.quality import headlines
from guiju.report.wording import Wording, cause

Data = Mapping[str, Any]
_NAMED = 4  # results named together


def gap_rows(data: Data, say: Wording) -> list[GapRow]:
    """By causes: one missing figure can keep a hundred results from being computed."""
    gaps = {entry["node"]: entry["causes"] for entry in data["not_computed"]}
    results: dict[frozenset[str], list[str]] = {}
    causes: dict[frozenset[str], tuple[str, ...]] = {}
    for name in dict.fromkeys(name for name in _results(data) if name in gaps):
        texts = tuple(dict.fromkeys(cause(each, say.lang) for each in _below(name, gaps, data["nodes"])))
        results.setdefault(frozenset(texts), []).append(_called(name, data["nodes"][name], say))
        causes.setdefault(frozenset(texts), texts)
    return [GapRow(_named(results[each], say), causes[each]) for each in results if not _told(each, results)]


def _results(data: Data) -> Iterator[str]:
    """The nodes whose absence is a gap, those of the indicators first."""
    nodes, grade = data["nodes"], data["grade"]
    for entry in reversed(data["indicators"]):  # from the leaves up, so that a row names the nearest first
        if entry["applies"] is not False and entry["score"] is None:
            yield f"{entry['id']}.score"
    if grade is not None:
        yield from (f"grade.{gate['id']}_rank" for gate in grade["gates"] if gate["enabled"])
        yield from (condition["node"] for condition in grade["preconditions"])
    yield from (f"claim.{claim['id']}" for claim in data["claims"])
    bare = grade is None and not data["indicators"]
    yield from headlines(data)
    yield from (name for name, node in nodes.items() if bare and node["kind"] == "formula" and "made_from" not in node)


def _below(name: str, gaps: Mapping[str, Any], nodes: Data) -> Iterator[Data]:
    """The causes of a node and of the missing nodes that it rests on."""
    todo, seen = [name], {name}
    while todo:
        node = todo.pop(0)
        yield from gaps[node]
        below = [use for use in nodes[node].get("uses", ()) if use in gaps and use not in seen]
        seen.update(below)
        todo += below


def _told(causes: frozenset[str], others: Iterable[frozenset[str]]) -> bool:
    """Whether other results that lack less name all of these causes together: a total says nothing new."""
    smaller = [other for other in others if other < causes]
    return bool(smaller) and reduce(frozenset.union, smaller) == causes


def _called(name: str, node: Data, say: Wording) -> str:
    """Title and node, and of a column the rows."""
    keys = [str(row["key"]) for row in node.get("rows", ()) if "missing" in row]
    rows = f"[{', '.join(keys)}]" if keys else ""
    return say("gap_result", title=say.title(node["title"]), name=f"{name}{rows}")


def _named(names: list[str], say: Wording) -> str:
    shown = say("list_separator").join(names[:_NAMED])
    return say("and_more", names=shown, count=len(names) - _NAMED) if len(names) > _NAMED else shown

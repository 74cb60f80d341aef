"""Dependencies: the owner of networkx. Order of computing, circles, what rests on what."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING

from guiju.diagnostics.finding import Found, Place

if TYPE_CHECKING:
    import networkx as nx

Needs = Mapping[str, Iterable[str]]


def graph(needs: Needs) -> nx.DiGraph[str]:
    """Edges run from what is needed to what needs it."""
    import networkx as nx

    result: nx.DiGraph[str] = nx.DiGraph()
    result.add_nodes_from(needs)
    result.add_edges_from((need, name) for name, all_ in needs.items() for need in all_)
    return result


def order(needs: Needs, places: Mapping[str, Place], found: Found, written: Collection[str] = ()) -> list[str]:
    """Names so that each comes after what it needs, otherwise as declared; circles are findings, stop by stop,
    from one that a person wrote (`written`) where there is one."""
    ordered = _ordered(needs)
    if len(ordered) == len(needs):
        return ordered
    import networkx as nx  # a plan without circles does without it: it takes longer to load than to order a plan

    whole = graph(needs)
    for group in nx.strongly_connected_components(whole):
        if len(group) > 1 or any(whole.has_edge(name, name) for name in group):
            _circle(whole.subgraph(group), places, found, written)
    return []


def _ordered(needs: Needs) -> list[str]:
    """Of all names whose needs are there already, always the one that is declared first. What lies in a circle is left out."""
    names = list(needs)
    position = {name: index for index, name in enumerate(names)}
    below = {name: set(all_) for name, all_ in needs.items()}
    above: dict[str, list[str]] = {}
    for name, all_ in below.items():
        for need in all_:
            above.setdefault(need, []).append(name)
    ready = [position[name] for name in names if not below[name]]
    ordered: list[str] = []
    while ready:
        name = names[heapq.heappop(ready)]
        ordered.append(name)
        for other in above.get(name, ()):
            below[other].discard(name)
            if not below[other]:
                heapq.heappush(ready, position[other])
    return ordered


def _circle(group: nx.DiGraph[str], places: Mapping[str, Place], found: Found, written: Collection[str]) -> None:
    import networkx as nx

    def rank(name: str) -> tuple[bool, str, int]:
        return (name not in written, places[name].file, places[name].line) if name in places else (True, "", 0)

    first = min(group.nodes, key=rank)
    stops = [first] if group.has_edge(first, first) else [edge[0] for edge in nx.find_cycle(group.reverse(), first)]
    start = stops.index(first) if first in stops else 0
    stops = stops[start:] + stops[:start]
    related = tuple((stop, places[stop]) for stop in stops[1:] if stop in places)
    found.add(
        "plan.circle",
        places.get(stops[0]),
        related=tuple(("stop", place) for _, place in related),
        way=" → ".join([*stops, stops[0]]),
    )


def rests_on(needs: Needs, name: str) -> set[str]:
    """Everything a node needs, directly or not."""
    import networkx as nx

    return set(nx.ancestors(graph(needs), name))


def layers(needs: Needs) -> list[list[str]]:
    """Names in layers, last results first: each as near to what needs it as it can be; nothing in a layer needs another of it."""
    import networkx as nx

    position = {name: index for index, name in enumerate(needs)}
    generations = nx.topological_generations(graph(needs).reverse(copy=False))
    return [sorted(generation, key=lambda name: position.get(name, len(position))) for generation in generations]

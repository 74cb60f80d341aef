"""The order of computing is that of networkx: of all that can come next, what is declared first."""

from __future__ import annotations

import random

import networkx as nx

from guiju.diagnostics.finding import Found, Place
from guiju.plan.graph import graph, order


def test_as_networkx_orders_it() -> None:
    chance, circles = random.Random(1), 0
    for number in range(600):
        names = [f"n{index}" for index in range(chance.randrange(1, 14))]
        chance.shuffle(names)
        shuffled = chance.sample(names, len(names))
        below = {name: shuffled[: shuffled.index(name)] if number % 3 else names for name in names}
        needs = {name: [each for each in below[name] if chance.random() < 0.3] for name in names}
        position, found = {name: index for index, name in enumerate(names)}, Found()
        got = order(needs, {name: Place("x", 1, 1) for name in names}, found)
        try:
            assert got == list(nx.lexicographical_topological_sort(graph(needs), key=position.__getitem__))
        except nx.NetworkXUnfeasible:
            circles += 1
            assert got == []
            assert {finding.code for finding in found.findings} == {"plan.circle"}
    assert circles > 50

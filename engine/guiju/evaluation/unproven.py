"""What of a result rests on values that lack evidence. It is told beside the result and changes none of it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from guiju.evaluation.run import Assessment
from guiju.formula.missing import NotComputed
from guiju.ruleset.model import Words


def below(assessment: Assessment, name: str) -> int:
    """How many values without all their evidence a node rests on."""
    lacking = Counter(each.node for each in assessment.proof.unproven)
    todo, seen = [name], {name}
    while todo and lacking:
        node = assessment.plan.nodes.get(todo.pop())
        new = [need for need in (node.needs if node else ()) if need not in seen]
        seen.update(new)
        todo += new
    return sum(lacking[each] for each in seen)


def marked(assessment: Assessment, name: str) -> dict[str, Any]:
    """The mark of a condition, where there is one to set."""
    count = below(assessment, name)
    return {"unevidenced": str(count)} if count else {}


def resting(assessment: Assessment) -> list[Words]:
    """What was granted and rests on such values: preconditions and claims that hold, conditions of the grade with a level."""
    plan, values = assessment.plan, assessment.values
    granted = [(claim.title, claim.node) for claim in plan.claims if values[claim.node] is True]
    if plan.grade is not None:
        granted += [(one.title, one.node) for one in plan.grade.preconditions if values[one.node] is True]
        ranks = [(gate.title, f"grade.{gate.id}_rank") for gate in plan.grade.gates if gate.enabled]
        granted += [(title, node) for title, node in ranks if not isinstance(values[node], NotComputed)]
    return [title for title, node in granted if below(assessment, node)]

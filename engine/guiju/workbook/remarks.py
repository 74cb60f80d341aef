"""What a workbook says beside an input: required or not, limits, evidence needed, and a comment with clause and source."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from guiju.formula.numbers import plain
from guiju.plan.facts import cited
from guiju.plan.model import Plan
from guiju.ruleset.model import Input, Words
from guiju.workbook.words import both, words


def asked(item: Input) -> str:
    """Required, optional, or with a default; and whether the unit must be said."""
    parts = [both(words("required" if item.required else "optional"))]
    if item.default is not None:
        said, title = words("default"), _default(item)
        parts.append(both(Words(said.zh.replace("{}", title.zh), said.en.replace("{}", title.en))))
    if item.unit_required:
        parts.append(both(words("unit-required")))
    return "\n".join(parts)


def _default(item: Input) -> Words:
    """The default as its drop-down calls it."""
    if isinstance(item.default, bool):
        return words("yes" if item.default else "no-choice")
    text = shown(item.default)
    return (item.choices or {}).get(text) or Words(text, text)


def limits(item: Input) -> str:
    low, high = (None if limit is None else shown(limit) for limit in (item.min, item.max))
    if low is None and high is None:
        return ""
    if low is not None and high is not None:
        return f"{low} … {high}"
    return f"≥ {low}" if low is not None else f"≤ {high}"


def proof(item: Input, plan: Plan) -> str:
    """The kinds of evidence that it needs, whatever the choice."""
    return "\n".join(both(plan.evidence[kind]) for kind in item.evidence if kind in plan.evidence)


def remark(item: Input, plan: Plan) -> str:
    """The comment: title, what is asked, range, evidence, source and clause, note; in both languages."""
    lines = [both(item.title), asked(item).replace("\n", "; ")]
    if item.unit not in (None, "1"):
        lines.append(f"{both(words('unit'))}: {item.unit}")
    if limits(item):
        lines.append(f"{both(words('range'))}: {limits(item)}")
    if item.evidence:
        lines.append(f"{both(words('needs'))}: {proof(item, plan)}".replace("\n", "; "))
    facts = cited(item.origin, plan.sources)
    if facts:
        lines.append(f"{both(words('cited'))}: {both(Words(facts['cited_zh'], facts['cited_en']))}")
        clause = facts["clause"]
        if clause:
            said = both(words("not-seen")) if clause == "not seen" else clause
            lines.append(f"{both(words('clause'))}: {said}")
    if item.origin.note is not None:
        lines.append(both(item.origin.note, "\n"))
    return "\n".join(lines)


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return both(words("yes" if value else "no-choice"))
    return plain(value) if isinstance(value, Decimal) else str(value)

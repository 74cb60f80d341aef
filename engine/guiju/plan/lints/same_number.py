"""Two indicators with one number: a reader of the table would not know which is meant."""

from __future__ import annotations

from guiju.diagnostics.finding import Found
from guiju.plan.model import Plan
from guiju.ruleset.model import Indicator


def look(plan: Plan, found: Found) -> None:
    first: dict[str, Indicator] = {}
    for indicator in plan.indicators.values():
        if indicator.no and indicator.no in first:
            related = (("first", first[indicator.no].place),)
            found.add("lint.same-number", indicator.place, related=related, no=indicator.no, name=indicator.id)
        first.setdefault(indicator.no, indicator)

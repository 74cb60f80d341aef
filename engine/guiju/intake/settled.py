"""Checks that a person has settled: section `settled` of a case → who, when and why. Only what the plan checks can be settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.intake.model import Given, Settled
from guiju.intake.values import key_text
from guiju.plan.model import Plan
from guiju.ruleset.fields import Fields
from guiju.ruleset.locate import is_day
from guiju.source.node import data, is_map

Collections = Mapping[str, Sequence[Mapping[str, Given]] | None]


def read(case: Fields, plan: Plan, collections: Collections, found: Found) -> tuple[Settled, ...]:
    """Every settlement; findings `case.settled-unknown`, `case.settled-row`, `case.date`."""
    result = []
    for key, fields, place in case.entries("settled"):
        name, _, row = key.partition("[")
        on = fields.map["on"]
        if not is_day(str(on.value)):
            found.add("case.date", on.place, text=on.text[:40])
        elif _is_there(name, row[:-1] if row else None, plan, collections, place, found):
            day = date.fromisoformat(str(on.value))
            result.append(
                Settled(name, row[:-1] if row else None, _said(fields, "by"), day, _said(fields, "reason"), place)
            )
    return tuple(result)


def _said(fields: Fields, name: str) -> Any:
    """A text, or {zh, en}."""
    node = fields.map[name]
    return data(node) if is_map(node) else str(node.value)


def _is_there(name: str, row: str | None, plan: Plan, collections: Collections, place: Place, found: Found) -> bool:
    check = next((each for each in plan.checks if each.id == name), None)
    if check is None:
        found.add("case.settled-unknown", place, name=name, nearest=nearest(name, [each.id for each in plan.checks]))
        return False
    if row is None:
        return True
    keys = _keys(check.rows, plan, collections)
    if row not in keys:
        found.add("case.settled-row", place, name=name, row=row, nearest=nearest(row, keys), per=check.rows or "")
    return row in keys


def _keys(rows: str | None, plan: Plan, collections: Collections) -> list[str]:
    """The keys of the rows that a check per row looks at, as text; none of a check of the whole case."""
    if rows is None:
        return []
    collection = plan.collections[rows.partition(".")[0]]
    return [key_text(collection, row) for row in collections.get(collection.id) or ()]

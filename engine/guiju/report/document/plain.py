"""ReportView → plain data: what the templates of HTML and PDF walk over. Every block says its kind."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

from guiju.report.document.maths import spoken
from guiju.report.document.model import Calculation, ReportView


def plain(view: ReportView) -> dict[str, Any]:
    """The view as maps, lists and texts."""
    made = _plain(view)
    assert isinstance(made, dict)
    return made


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        named = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        if isinstance(value, Calculation):
            named["spoken"] = spoken(value.formula)
            named["spoken_numbers"] = "" if value.numbers is None else spoken(value.numbers)
        return {"is": type(value).__name__.lower(), **named}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def signs(value: Any) -> set[str]:
    """Every character that is shown."""
    found: set[str] = set()
    todo = [value]
    while todo:
        each = todo.pop()
        if isinstance(each, str):
            found.update(each)
        elif isinstance(each, dict):
            todo.extend(each.values())
        elif isinstance(each, list):
            todo.extend(each)
    return found

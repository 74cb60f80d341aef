"""A shelf of lints: each file has `look(plan, found)`. They warn; they never stop a plan."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from guiju.diagnostics.finding import Found

if TYPE_CHECKING:
    from guiju.plan.model import Plan

NAMES = tuple(sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem != "__init__"))


def run(plan: Plan, found: Found) -> None:
    """Every lint of the shelf."""
    for name in NAMES:
        import_module(f"guiju.plan.lints.{name}").look(plan, found)

"""guiju (规矩): evaluation standards as data, evaluated exactly.

    import guiju
    ruleset = guiju.load("hdi@2021")
    plan = guiju.prepare(ruleset)
    result = guiju.evaluate(plan, "china.yaml")     # result.data is the assessment as JSON-able data

Heavy parts are imported when they are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["Refused", "Result", "__version__", "evaluate", "load", "prepare"]

if TYPE_CHECKING:
    from guiju.api import Refused, Result, evaluate, load, prepare


def __getattr__(name: str) -> Any:
    if name in __all__:
        from guiju import api

        return getattr(api, name)
    raise AttributeError(f"module 'guiju' has no attribute {name!r}")

"""Program: what was staged for a plan. One straight-line function gives every value; another a frozen record for each."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import CodeType
from typing import Any, NamedTuple

from guiju.formula.domains.code import CALLS
from guiju.formula.numbers import arithmetic

Run = Callable[[Sequence[Any]], tuple[Any, ...]]


class Record(NamedTuple):
    """One computed node: its id, its value, and the values it used in the order of `PlanNode.needs`."""

    node: str
    value: Any
    used: tuple[Any, ...]


@dataclass
class Program:
    """Staged source and its namespace. `given` names what must be handed in, in this order; `computed` what comes out."""

    given: tuple[str, ...]
    computed: tuple[str, ...]
    lines: tuple[str, ...]
    slots: tuple[str, ...]
    used: tuple[tuple[str, ...], ...]
    namespace: Mapping[str, Any]
    marked: Mapping[str, str]  # parameters that say their quality → their names in the namespace
    compiled: dict[str, CodeType] = field(default_factory=dict)  # by result: kept with the plan

    def __reduce__(self) -> tuple[Any, ...]:
        """Kept with its code, which pickle alone does not take; without the functions that are bound to it."""
        names = ("given", "computed", "lines", "slots", "used", "namespace", "marked")
        parts = {name: getattr(self, name) for name in names}
        return _again, (parts, {name: marshal.dumps(code) for name, code in self.compiled.items()})

    @cached_property
    def values(self) -> Run:
        """given values → computed values."""
        return self._run("values", lambda: f"({', '.join(self.slots)},)" if self.slots else "()")

    @cached_property
    def records(self) -> Run:
        """given values → a frozen Record per computed node."""

        def result() -> str:
            records = [
                f"new(Record, (n{index}, {slot}, ({''.join(f'{use}, ' for use in used)})))"
                for index, (slot, used) in enumerate(zip(self.slots, self.used, strict=True))
            ]
            return f"({', '.join(records)},)" if records else "()"

        return self._run("records", result)

    def _run(self, kind: str, result: Callable[[], str]) -> Run:
        self._compile(kind, result)
        return self._bound(kind, {})

    def _compile(self, kind: str, result: Callable[[], str]) -> None:
        if kind not in self.compiled:
            names = "".join(f"x{index}, " for index in range(len(self.given)))
            head = ["def run(given):", *([f"    ({names}) = given"] if names else [])]
            source = "\n".join([*head, *self.lines, f"    return {result()}"])
            self.compiled[kind] = compile(source, "<staged plan>", "exec")

    def _bound(self, kind: str, others: Mapping[str, Any]) -> Run:
        """The function, with some names of its namespace standing for others."""
        namespace = {**CALLS, **self.namespace, **others}
        namespace.update({"new": tuple.__new__, "Record": Record})
        namespace.update({f"n{index}": name for index, name in enumerate(self.computed)})
        exec(self.compiled[kind], namespace)  # noqa: S102  staged by us: slots and constants only
        run: Run = namespace["run"]
        return run

    def run_with(
        self, given: Mapping[str, Any], marked: Mapping[str, Any], calls: Mapping[str, Any]
    ) -> tuple[Record, ...]:
        """The same program on values of another kind: `marked` by parameter, `calls` for the functions that must know them."""
        _ = self.records  # compiled
        run = self._bound("records", {**calls, **{self.marked[name]: value for name, value in marked.items()}})
        with arithmetic():
            return run([given[name] for name in self.given])

    def run(self, given: Mapping[str, Any]) -> tuple[Record, ...]:
        """All records for the values of inputs, context, columns and collections."""
        with arithmetic():
            return self.records([given[name] for name in self.given])


def _again(parts: Mapping[str, Any], compiled: Mapping[str, bytes]) -> Program:
    """The program that was kept."""
    return Program(**parts, compiled={name: marshal.loads(code) for name, code in compiled.items()})  # noqa: S302  our own code

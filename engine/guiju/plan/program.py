"""Plan → Program: the staged run. One straight-line function computes every node; another gives a frozen record for each."""

from __future__ import annotations

import marshal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple

from guiju.formula.domains.code import Code, Source
from guiju.formula.evaluator import Walker
from guiju.formula.grammar import parse
from guiju.formula.library import arity, library
from guiju.formula.numbers import arithmetic
from guiju.diagnostics.finding import Found

if TYPE_CHECKING:
    from guiju.plan.model import Plan, PlanNode

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
    compiled: dict[str, CodeType] = field(default_factory=dict)  # by result: kept with the plan

    def __getstate__(self) -> dict[str, Any]:
        parts = {name: getattr(self, name) for name in ("given", "computed", "lines", "slots", "used", "namespace")}
        return {**parts, "compiled": {name: marshal.dumps(code) for name, code in self.compiled.items()}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        codes = {name: marshal.loads(code) for name, code in state.pop("compiled").items()}  # noqa: S302  our own code
        self.__init__(**state, compiled=codes)  # type: ignore[misc]

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
        if kind not in self.compiled:
            names = "".join(f"x{index}, " for index in range(len(self.given)))
            head = ["def run(given):", *([f"    ({names}) = given"] if names else [])]
            source = "\n".join([*head, *self.lines, f"    return {result()}"])
            self.compiled[kind] = compile(source, "<staged plan>", "exec")
        namespace = dict(self.namespace)
        namespace.update({"new": tuple.__new__, "Record": Record})
        namespace.update({f"n{index}": name for index, name in enumerate(self.computed)})
        exec(self.compiled[kind], namespace)  # noqa: S102  staged by us: slots and constants only
        return namespace["run"]  # type: ignore[no-any-return]

    def run(self, given: Mapping[str, Any]) -> tuple[Record, ...]:
        """All records for the values of inputs, context, columns and collections."""
        with arithmetic():
            return self.records([given[name] for name in self.given])


def stage(plan: Plan) -> Program:
    """Walk every formula once, in order, in the code domain."""
    source = Source()
    given = [node.id for node in plan.nodes.values() if node.kind in ("context", "input", "column")]
    slots = {name: f"x{index}" for index, name in enumerate([*given, *plan.collections])}
    for node in plan.nodes.values():
        if node.kind == "parameter":
            slots[node.id] = str(node.constant) if isinstance(node.constant, bool) else source.constant(node.constant)
    tables = {}
    for index, (name, lookup) in enumerate(plan.lookups.items()):
        tables[name] = f"table{index}"
        source.namespace[f"table{index}"] = lookup
    factor = _factors(plan)
    for index, node in enumerate(plan.formulas):
        slots[node.id] = f"v{index}"
        _formula(node, source, slots, tables, factor)
    return Program(
        given=tuple([*given, *plan.collections]),
        computed=tuple(node.id for node in plan.formulas),
        lines=tuple(source.lines),
        slots=tuple(slots[node.id] for node in plan.formulas),
        used=tuple(tuple(slots[need] for need in node.needs) for node in plan.formulas),
        namespace=source.namespace,
    )


def _factors(plan: Plan) -> Callable[[str, str], Fraction]:
    def factor(source: str, target: str) -> Fraction:
        known = plan.measures.factor(source, target)
        assert known is not None, (source, target)
        return known

    return factor


def _formula(node: PlanNode, source: Source, slots: dict[str, str], tables: Mapping[str, str], factor: Callable[[str, str], Fraction]) -> None:
    expression = parse(node.text, lambda _offset, _length: node.place, Found(), arity(library()))
    assert expression is not None, node.text
    slot = slots[node.id]
    if node.per is None:
        names = {written: slots[target] for written, target in _targets(node)}
        source.line(f"{slot} = {_staged(node, expression.tree, source, names, slots, tables, factor)}")
        return
    rows = slots[node.per]
    columns = dict.fromkeys(target for _, target in _targets(node) if target.startswith(f"{node.per}."))
    cells = {column: f"r{index}" for index, column in enumerate(columns)}
    names = {written: cells.get(target) or slots[target] for written, target in _targets(node)}
    source.line(f"if type({rows}) is list:")
    source.depth += 1
    source.line(f"{slot} = []")
    source.line(f"for {', '.join(['r_', *cells.values()])}, in zip({', '.join([rows, *(slots[c] for c in columns)])}):")
    source.depth += 1
    source.line(f"{slot}.append({_staged(node, expression.tree, source, names, slots, tables, factor)})")
    source.depth -= 2
    source.line(f"else: {slot} = {rows}")


def _staged(
    node: PlanNode, tree: Any, source: Source, names: Mapping[str, str], slots: Mapping[str, str], tables: Mapping[str, str],
    factor: Callable[[str, str], Fraction],
) -> str:  # fmt: skip
    domain = Code(source, names, slots, tables, factor, node.id)
    value: str = Walker(domain, library()).walk(tree)
    if node.rounding is not None:
        value = source.bind(f"rounded({value}, {source.constant(node.rounding)}, {domain.origin})")
    return value


def _targets(node: PlanNode) -> list[tuple[str, str]]:
    """(name as written, node id) of every single value a formula names, keys of lookups included."""
    pairs: list[tuple[str, str]] = []
    for use in node.uses:
        if use.how == "value":
            pairs.append((node.text[use.start : use.end], use.target))
        elif use.how == "cell":
            pairs += [(written, key) for written, key in zip(use.names, use.keys, strict=True) if key is not None]
    return pairs

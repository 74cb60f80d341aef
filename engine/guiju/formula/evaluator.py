"""The one walker of formulas: simpleeval with its table of node kinds cut down, asking a domain what a value is."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any, Protocol, TypeVar

from simpleeval import SimpleEval

from guiju.formula.grammar import dotted, is_fold, is_grouped, literal
from guiju.formula.library import Definition

V = TypeVar("V")
Later = Callable[[], V]
OPERATORS = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
COMPARISONS = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


class Domain(Protocol[V]):
    """What a value is. `at` is the tree node of the operation (its place, and its operands' places, hang on it)."""

    def constant(self, value: Decimal | str | bool, at: ast.AST) -> V: ...
    def name(self, name: str, at: ast.AST) -> V: ...
    def operate(self, sign: str, left: V, right: V, at: ast.AST) -> V: ...
    def negate(self, value: V, at: ast.AST) -> V: ...
    def compare(self, sign: str, left: V, right: V, at: ast.AST) -> V: ...
    def member(self, value: V, among: Sequence[V], at: ast.AST) -> V: ...
    def choose(self, condition: V, then: Later[V], other: Later[V], at: ast.AST) -> V: ...
    def both(self, left: V, right: Later[V], at: ast.AST) -> V: ...
    def either(self, left: V, right: Later[V], at: ast.AST) -> V: ...
    def opposite(self, value: V, at: ast.AST) -> V: ...
    def coalesce(self, first: V, other: Later[V], at: ast.AST) -> V: ...
    def call(self, name: str, values: Sequence[V], literals: Sequence[Decimal | str], at: ast.AST) -> V: ...
    def fold(self, name: str, column: str, at: ast.AST) -> V: ...
    def grouped(self, name: str, columns: Sequence[str], key: V, at: ast.AST) -> V: ...
    def lookup(self, column: str, keys: Sequence[V], at: ast.AST) -> V: ...


class Walker(SimpleEval):  # type: ignore[misc]  # the library has no types
    """Walks an allowed tree once, in one domain. Library functions are walked in place, with their parameters bound."""

    domain: Domain[Any]

    def __init__(self, library: Mapping[str, Definition]) -> None:
        super().__init__(operators={}, functions={}, names={}, allowed_attrs={})
        self.library = library
        self.bound: list[dict[str, Any]] = []
        self.nodes = {
            ast.Constant: lambda n: self.domain.constant(n.value, n),
            ast.Name: self._name,
            ast.Attribute: lambda n: self.domain.name(str(dotted(n)), n),
            ast.BinOp: self._operation,
            ast.UnaryOp: self._unary,
            ast.BoolOp: self._logic,
            ast.Compare: self._compare,
            ast.Call: self._call,
        }

    def walk(self, tree: ast.expr, domain: Domain[Any]) -> Any:
        """The value of the tree in this domain. One walker serves many formulas, one after the other."""
        self.domain = domain
        return self.eval("", previously_parsed=tree)

    def _name(self, node: ast.Name) -> Any:
        if self.bound and node.id in self.bound[-1]:
            return self.bound[-1][node.id]
        if node.id in ("true", "false"):
            return self.domain.constant(node.id == "true", node)
        return self.domain.name(node.id, node)

    def _operation(self, node: ast.BinOp) -> Any:
        """a + b + c leans to the left: the chain is walked in a loop, so that a long sum needs no deep stack."""
        chain = [node]
        while isinstance(chain[-1].left, ast.BinOp):
            chain.append(chain[-1].left)
        value = self._eval(chain[-1].left)
        for step in reversed(chain):
            value = self.domain.operate(OPERATORS[type(step.op)], value, self._eval(step.right), step)
        return value

    def _unary(self, node: ast.UnaryOp) -> Any:
        value = self._eval(node.operand)
        return self.domain.opposite(value, node) if isinstance(node.op, ast.Not) else self.domain.negate(value, node)

    def _logic(self, node: ast.BoolOp) -> Any:
        join = self.domain.both if isinstance(node.op, ast.And) else self.domain.either
        value = self._eval(node.values[0])
        for operand in node.values[1:]:
            value = join(value, partial(self._eval, operand), node)
        return value

    def _compare(self, node: ast.Compare) -> Any:
        op, right = node.ops[0], node.comparators[0]
        left = self._eval(node.left)
        if isinstance(op, (ast.In, ast.NotIn)):
            assert isinstance(right, ast.Tuple)
            among = self.domain.member(left, [self._eval(e) for e in right.elts], node)
            return self.domain.opposite(among, node) if isinstance(op, ast.NotIn) else among
        return self.domain.compare(COMPARISONS[type(op)], left, self._eval(right), node)

    def _call(self, node: ast.Call) -> Any:
        assert isinstance(node.func, ast.Name)
        name, args, domain = node.func.id, node.args, self.domain
        if is_fold(node):
            return domain.fold(name, str(dotted(args[0])), node)
        if is_grouped(node):
            return domain.grouped(name, [str(dotted(column)) for column in args[:-1]], self._eval(args[-1]), node)
        if name == "lookup":
            return domain.lookup(str(dotted(args[0])), [self._eval(key) for key in args[1:]], node)
        if name == "where":
            condition = self._eval(args[0])
            return domain.choose(condition, lambda: self._eval(args[1]), lambda: self._eval(args[2]), node)
        if name == "coalesce":
            return self._coalesce(args, node)
        if name in self.library:
            return self._library(self.library[name], [self._eval(a) for a in args])
        if name == "convert":
            units = [str(unit.value) for unit in args[1:] if isinstance(unit, ast.Constant)]
            return domain.call(name, [self._eval(args[0])], units, node)
        if name in ("power", "root", "months_after") or (name == "round" and len(args) == 2):
            return domain.call(name, [self._eval(args[0])], [literal(args[1])], node)
        return domain.call(name, [self._eval(a) for a in args], [], node)

    def _coalesce(self, args: Sequence[ast.expr], node: ast.AST) -> Any:
        value = self._eval(args[0])
        for other in args[1:]:
            value = self.domain.coalesce(value, partial(self._eval, other), other)
        return value

    def _library(self, definition: Definition, values: Sequence[Any]) -> Any:
        self.bound.append(dict(zip(definition.parameters, values, strict=True)))
        try:
            return self._eval(definition.tree)
        finally:
            self.bound.pop()

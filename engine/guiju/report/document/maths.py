"""A formula's text → parts that every format can set: fractions, sums, cases, names in words. What has no such form stays text."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from guiju.diagnostics.show import columns
from guiju.formula.library import library

_WIDEST = 78  # columns of text that fit on a line; a wider formula is written as text, which can be broken
_SIGNS: dict[type, str] = {
    ast.In: "∈", ast.NotIn: "∉", ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Lt: "<", ast.LtE: "≤", ast.Gt: ">", ast.GtE: "≥", ast.Eq: "=", ast.NotEq: "≠",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """`text` (a name, a number, a sign), `frac` (one over the other), `row` (beside each other), `cases` (value, condition,
    value, otherwise), `plain` (a whole formula as text)."""

    kind: Literal["text", "frac", "row", "cases", "plain"]
    text: str = ""
    parts: tuple[Part, ...] = ()


def formula(text: str, titles: Mapping[str, str], name: str, words: Mapping[str, str]) -> Part:
    """The formula of `name`, with titles in place of names (`words`: if, else, and, or, not, needs, missing, true, false). Functions of the library are
    written as what they are; a formula that cannot be set, or is too wide, is one line of plain text."""
    try:
        made = _Setter(titles, words).part(ast.parse(text.strip().replace("\n", " "), mode="eval").body)
    except (SyntaxError, RecursionError, MemoryError):
        made = None
    lead = f"{name} = " if name else "= "
    if made is None:
        return Part("plain", f"{lead}{in_words(text, titles)}")
    whole = Part("row", parts=(Part("text", lead), made))
    return whole if _width(whole) <= _WIDEST else Part("plain", spoken(whole))


def in_words(text: str, titles: Mapping[str, str]) -> str:
    """A formula as text with titles in place of names, and × ÷ as people write them."""
    flat = text.strip().replace("\n", " ")
    try:
        tree = ast.parse(flat, mode="eval").body
    except (SyntaxError, RecursionError, MemoryError):
        return flat
    found = [
        (node, titles[known])
        for node in ast.walk(tree)
        if isinstance(node, ast.expr) and (known := _dotted(node)) in titles
    ]
    raw = flat.encode()
    for node, title in sorted(found, key=lambda each: -each[0].col_offset):
        raw = raw[: node.col_offset] + title.encode() + raw[node.end_col_offset :]
    return " ".join(raw.decode().replace(" * ", " × ").replace(" / ", " ÷ ").split())


def spoken(part: Part) -> str:
    """A formula as one line of text, for who cannot see it and for where it is too wide."""
    return " ".join(_spoken(part).split())


def _spoken(part: Part) -> str:
    if part.kind == "frac":
        above, below = (f"({_spoken(each)})" if each.kind != "text" else each.text for each in part.parts)
        return f"{above} ÷ {below}"
    sign = " " if part.kind == "cases" else ""
    return part.text + sign.join(_spoken(each) for each in part.parts)


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return f"{before}.{node.attr}" if before else ""
    return ""


class _Setter:
    """Walks one formula; None where a part has no form."""

    def __init__(self, titles: Mapping[str, str], words: Mapping[str, str]) -> None:
        self.titles, self.words = titles, words

    def part(self, node: ast.expr) -> Part | None:
        if isinstance(node, (ast.Name, ast.Attribute)):
            return Part("text", self.titles.get(_dotted(node)) or self.words.get(_dotted(node), _dotted(node)))
        if isinstance(node, ast.Constant):
            return Part("text", f"“{node.value}”" if isinstance(node.value, str) else str(node.value))
        if isinstance(node, ast.UnaryOp):
            return self._row("−" if isinstance(node.op, ast.USub) else f"{self.words['not']} ", node.operand)
        if isinstance(node, ast.BinOp):
            return self._operation(node)
        if isinstance(node, ast.Compare) and len(node.ops) == 1 and type(node.ops[0]) in _SIGNS:
            return self._row(node.left, f" {_SIGNS[type(node.ops[0])]} ", node.comparators[0])
        if isinstance(node, ast.BoolOp):
            sign = f" {self.words['and' if isinstance(node.op, ast.And) else 'or']} "
            return self._row(*_between(node.values, sign))
        if isinstance(node, ast.Tuple):
            return self._row("{", *_between(node.elts, ", "), "}")
        return self._call(node) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None

    def _row(self, *pieces: ast.expr | str) -> Part | None:
        parts = [Part("text", each) if isinstance(each, str) else self.part(each) for each in pieces]
        return None if None in parts else Part("row", parts=tuple(each for each in parts if each is not None))

    def _operation(self, node: ast.BinOp) -> Part | None:
        if isinstance(node.op, ast.Div):
            left, right = self.part(node.left), self.part(node.right)
            return None if left is None or right is None else Part("frac", parts=(left, right))
        sign = _SIGNS.get(type(node.op))
        if sign is None:
            return None
        left_loose = sign == "×" and _is_sum(node.left)
        right_loose = sign in "×−" and _is_sum(node.right)
        pieces = [*_bracketed(node.left, left_loose), f" {sign} ", *_bracketed(node.right, right_loose)]
        return self._row(*pieces)

    def _call(self, node: ast.Call) -> Part | None:
        assert isinstance(node.func, ast.Name)
        name, known = node.func.id, library().get(node.func.id)
        if known is not None:
            values = dict(zip(known.parameters, node.args, strict=True))
            return self.part(_put_in(known.tree, values))
        if name == "convert":
            units = [each.value for each in node.args[1:] if isinstance(each, ast.Constant)]
            return self._row(node.args[0], f" [{' → '.join(map(str, units))}]")
        if name == "sum":
            return self._row("∑ ", node.args[0])
        if name == "abs":
            return self._row("|", node.args[0], "|")
        if name == "require":  # the value, and on what it rests
            return self._row(node.args[1], f" [{self.words['needs']} ", node.args[0], "]")
        if name == "coalesce":
            return self._row(*_between(node.args, f" [{self.words['missing']}] "))
        if name == "where":
            parts = [self.part(node.args[1]), self._row(f"{self.words['if']} ", node.args[0]), self.part(node.args[2])]
            last = Part("text", self.words["else"])
            return None if None in parts else Part("cases", parts=(*(each for each in parts if each is not None), last))
        return self._row(f"{name}(", *_between(node.args, ", "), ")")


def _put_in(tree: ast.expr, values: Mapping[str, ast.expr]) -> ast.expr:
    """A function's body with what it was called with; the library's own tree stays as it is."""
    if isinstance(tree, ast.Name):
        return values.get(tree.id, tree)
    if isinstance(tree, ast.BinOp):
        return ast.BinOp(_put_in(tree.left, values), tree.op, _put_in(tree.right, values))
    if isinstance(tree, ast.Call):
        return ast.Call(tree.func, [_put_in(each, values) for each in tree.args], [])
    return tree


def _between(nodes: list[ast.expr], sign: str) -> list[ast.expr | str]:
    pieces: list[ast.expr | str] = []
    for node in nodes:
        pieces += [*([sign] if pieces else []), node]
    return pieces


def _is_sum(node: ast.expr) -> bool:
    return isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))


def _bracketed(node: ast.expr, loose: bool) -> list[ast.expr | str]:
    """A sum beside a sign that binds closer stands in brackets."""
    return ["(", node, ")"] if loose else [node]


def _width(part: Part) -> int:
    widths = [_width(inner) for inner in part.parts]
    if part.kind == "cases":
        return max(widths[0] + widths[1], widths[2] + widths[3]) + 4
    return columns(part.text) + (max(widths, default=0) if part.kind == "frac" else sum(widths))

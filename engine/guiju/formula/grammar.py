"""Text → Expression: what may be written in a formula, checked when a ruleset is loaded.

Python's own parser reads the text; everything that is not on the list below is refused with its place. Numbers keep their
written text, so 0.1 is exactly 0.1.
"""

from __future__ import annotations

import ast
import re
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from keyword import iskeyword

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest

MAX_LENGTH, MAX_NODES, MAX_DEPTH = 4000, 1500, 60
Locate = Callable[[int, int], Place]  # offset and length in the text → place in the file

# name -> (fewest, most) arguments; None = any number
CORE: dict[str, tuple[int, int | None]] = {
    "where": (3, 3), "min": (1, None), "max": (1, None), "abs": (1, 1), "floor": (1, 1), "ceil": (1, 1),
    "round": (1, 2), "ln": (1, 1), "exp": (1, 1), "power": (2, 2), "root": (2, 2), "require": (2, 2),
    "coalesce": (2, None), "known": (1, 1), "lookup": (2, None), "convert": (3, 3),
    "sum": (1, 1), "count": (1, 1), "any": (1, 1), "all": (1, 1), "count_if": (1, 1), "sum_where": (3, 3), "count_where": (2, 2),
    "year": (1, 1), "days_between": (2, 2), "months_after": (2, 2),
}  # fmt: skip
FOLDS = {"sum", "count", "any", "all", "count_if"}
GROUPED = {"sum_where", "count_where"}  # folds over the rows with one key: columns, then the key
LITERAL_LAST = {"power", "root", "months_after"}  # the last argument is a number written out
_OWN_WORDS = {"and", "or", "not", "in"}

_ALLOWED = (
    ast.Expression, ast.Constant, ast.Name, ast.Load, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call,
    ast.Attribute, ast.Tuple, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.USub, ast.Not, ast.And, ast.Or, ast.Lt, ast.LtE,
    ast.Gt, ast.GtE, ast.Eq, ast.NotEq, ast.In, ast.NotIn,
)  # fmt: skip
_TEXT = re.compile(r"\"[^\"\\]*\"|'[^'\\]*'")
_NUMBER = re.compile(r"\d+(\.\d+)?")
_WIDE = str.maketrans(
    "０１２３４５６７８９（），．＋－＊／＜＞＝×÷·−–≥≤≠“”‘’、。",
    "0123456789(),.+-*/<>=*/*--><!\"\"'',.",
)
_TWO = {"≥": ">=", "≤": "<=", "≠": "!=", "，": ",", "！": "!", "：": ":"}


@dataclass(frozen=True, slots=True)
class Expression:
    """A formula that was parsed and allowed: its text and its tree (numbers are Decimal)."""

    text: str
    tree: ast.expr


def parse(
    text: str, locate: Locate, found: Found, library: Mapping[str, int], *, ours: bool = False
) -> Expression | None:
    """The expression, or None after adding findings. `library` maps further function names to their number of arguments;
    the limits of size are for what people write, not for what a plan writes itself (`ours`)."""
    before = found.mark()
    if len(text) > MAX_LENGTH and not ours:
        found.add("formula.too-long", locate(0, 1), length=len(text), limit=MAX_LENGTH, of="characters")
        return None
    if not text.strip():
        found.add("formula.empty", locate(0, 1))
        return None
    _characters(text, locate, found)
    if found.errors_since(before):
        return None
    lead = len(text) - len(text.lstrip())
    flat = text.replace("\n", " ").strip()  # one for one, so that places stay right

    def inside(offset: int, length: int) -> Place:
        return locate(offset + lead, length)

    tree = _tree(flat, inside, found)
    if tree is None:
        return None
    _Check(flat, inside, found, library, limited=not ours).run(tree)
    return None if found.errors_since(before) else Expression(flat, tree.body)


def _characters(text: str, locate: Locate, found: Found) -> None:
    """Full-width signs and letters that Unicode folds into others are named, with what to type instead."""
    opened = ""  # the quotation mark that a text began with
    for offset, sign in enumerate(text):
        if sign in "\"'" and opened in ("", sign):
            opened = "" if opened else sign
        if sign == "#" and not opened:
            found.add("formula.comment", locate(offset, 1))
            return
        if sign.isascii() or (opened and sign not in "“”‘’"):
            continue
        instead = _TWO.get(sign) or sign.translate(_WIDE)
        if instead.isascii():
            found.add("formula.wide-sign", locate(offset, 1), sign=sign, instead=instead)
            return
        folded = unicodedata.normalize("NFKC", sign)
        code = "formula.folded-letter" if folded.isascii() else "formula.foreign-letter"
        found.add(code, locate(offset, 1), sign=sign, instead=folded if folded.isascii() else "")
        return


def _tree(text: str, locate: Locate, found: Found) -> ast.Expression | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "5in" and the like are refused by the check of numbers
            return ast.parse(text, mode="eval")
    except SyntaxError as error:
        _unreadable(text, error, locate, found)
    except (ValueError, MemoryError, RecursionError):
        found.add("formula.too-deep", locate(0, 1), limit=MAX_DEPTH)
    return None


def _unreadable(text: str, error: SyntaxError, locate: Locate, found: Found) -> None:
    """What Python's parser stumbled over; a text that ends too early is marked at its last character."""
    equals = re.search(r"(?<![<>=!])=(?!=)", text)
    if error.msg == "too many nested parentheses":
        found.add("formula.too-deep", locate(0, 1), limit=MAX_DEPTH)
    elif equals:
        found.add("formula.single-equals", locate(equals.start(), 1))
    elif taken := _taken_word(text):
        found.add("formula.keyword", locate(taken.start(), len(taken[0])), name=taken[0])
    else:
        offset = min(error.offset - 1 if error.offset and error.lineno == 1 else len(text), len(text) - 1)
        found.add("formula.syntax", locate(offset, 1), near=text[offset : offset + 12].strip())


def _taken_word(text: str) -> re.Match[str] | None:
    """The first word that the grammar keeps for itself, outside of texts; `and`, `or`, `not` and `in` are ours as well."""
    bare = _TEXT.sub(lambda quoted: " " * len(quoted[0]), text)
    words = re.finditer(r"(?<![\w])[A-Za-z_]\w*", bare)
    return next((word for word in words if iskeyword(word[0]) and word[0] not in _OWN_WORDS), None)


def start(text: str, node: ast.AST) -> int:
    """Character offset of a tree node (Python counts bytes)."""
    column: int = getattr(node, "col_offset", 0)
    return column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))


def end(text: str, node: ast.AST) -> int:
    column: int = getattr(node, "end_col_offset", 0) or 0
    return column if text.isascii() else len(text.encode()[:column].decode(errors="ignore"))


def dotted(node: ast.AST) -> str | None:
    """The text fuels.co2 for a name or a name with one part, else None."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return f"{node.value.id}.{node.attr}"
    return None


def is_fold(node: ast.Call) -> bool:
    """sum(fuels.co2), count(fuels), and min or max of one column."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    one_column = name in ("min", "max") and len(node.args) == 1 and isinstance(node.args[0], ast.Attribute)
    return name in FOLDS or one_column


def is_grouped(node: ast.Call) -> bool:
    """sum_where(fuels.co2, fuels.site, site), count_where(fuels.site, site)."""
    return isinstance(node.func, ast.Name) and node.func.id in GROUPED


class _Check:
    """Walks the tree without recursion, refuses what is not on the list, makes constants exact."""

    def __init__(self, text: str, locate: Locate, found: Found, library: Mapping[str, int], *, limited: bool) -> None:
        self.text, self.locate, self.found, self.library, self.limited = text, locate, found, library, limited

    def run(self, tree: ast.Expression) -> None:
        todo: list[tuple[ast.AST, int]] = [(tree, 0)]
        count = 0
        while todo:
            node, depth = todo.pop()
            count += 1
            if self.limited and (depth > MAX_DEPTH or count > MAX_NODES):
                code = "formula.too-deep" if depth > MAX_DEPTH else "formula.too-long"
                self.found.add(
                    code,
                    self.locate(0, 1),
                    limit=MAX_DEPTH if depth > MAX_DEPTH else MAX_NODES,
                    length=count,
                    of="parts",
                )
                return
            if not isinstance(node, _ALLOWED):
                self.refuse(node)
                continue
            visit = getattr(self, f"on_{type(node).__name__.lower()}", None)
            if visit is not None and visit(node) is False:
                continue  # refused as a whole: what is inside would be said twice
            # a chain a + b + c leans to the left: its length is no depth
            lean = isinstance(node, (ast.BinOp,))
            for child in ast.iter_child_nodes(node):
                step = 0 if lean and child is getattr(node, "left", None) else 1
                todo.append((child, depth + step))

    def place(self, node: ast.AST) -> Place:
        first = start(self.text, node)
        return self.locate(first, max(end(self.text, node) - first, 1))

    def refuse(self, node: ast.AST) -> None:
        if isinstance(node, (ast.operator, ast.unaryop, ast.cmpop, ast.expr_context)):
            return  # named by the operation that holds it
        what = type(node).__name__
        self.found.add("formula.not-allowed", self.place(node), what=what, text=self.segment(node)[:40])

    def segment(self, node: ast.AST) -> str:
        return self.text[start(self.text, node) : end(self.text, node)]

    def on_binop(self, node: ast.BinOp) -> None:
        if isinstance(node.op, (ast.Pow, ast.BitXor)):
            self.found.add("formula.power-sign", self.place(node), text=self.segment(node)[:40])
        elif not isinstance(node.op, _ALLOWED):
            self.found.add(
                "formula.not-allowed", self.place(node), what=type(node.op).__name__, text=self.segment(node)[:40]
            )

    def on_unaryop(self, node: ast.UnaryOp) -> None:
        if not isinstance(node.op, _ALLOWED):
            self.found.add(
                "formula.not-allowed", self.place(node), what=type(node.op).__name__, text=self.segment(node)[:40]
            )

    def on_compare(self, node: ast.Compare) -> None:
        if len(node.ops) > 1:
            self.found.add("formula.chain", self.place(node), text=self.segment(node)[:40])
        for op, right in zip(node.ops, node.comparators, strict=True):
            if not isinstance(op, _ALLOWED):
                self.found.add(
                    "formula.not-allowed", self.place(node), what=type(op).__name__, text=self.segment(node)[:40]
                )
            elif isinstance(op, (ast.In, ast.NotIn)):
                self.membership(right)

    def membership(self, right: ast.expr) -> None:
        if not (isinstance(right, ast.Tuple) and right.elts and all(isinstance(e, ast.Constant) for e in right.elts)):
            self.found.add("formula.membership", self.place(right), text=self.segment(right)[:40])

    def on_tuple(self, node: ast.Tuple) -> None:
        # allowed only behind "in"; the parent check has seen those, so look for the word before it
        before = self.text[: start(self.text, node)].rstrip()
        if not re.search(r"\bin$", before.rstrip("(").rstrip()):
            self.found.add("formula.not-allowed", self.place(node), what="Tuple", text=self.segment(node)[:40])

    def on_constant(self, node: ast.Constant) -> None:
        written = self.segment(node)
        if isinstance(node.value, bool) or node.value is None or node.value is Ellipsis:
            self.found.add(
                "formula.python-constant",
                self.place(node),
                text=written,
                instead=written.lower() if isinstance(node.value, bool) else "",
            )
        elif isinstance(node.value, (int, float)):
            if not _NUMBER.fullmatch(written):
                self.found.add("formula.number", self.place(node), text=written[:40])
            elif len(written.replace(".", "").lstrip("0")) > 34:
                self.found.add("formula.long-number", self.place(node), text=written[:40])
            else:
                node.value = Decimal(written)  # type: ignore[assignment]  # from here on a tree holds exact numbers
        elif isinstance(node.value, str):
            if not _TEXT.fullmatch(written):
                self.found.add("formula.text", self.place(node), text=written[:40])
        else:
            self.found.add("formula.number", self.place(node), text=written[:40])

    def on_attribute(self, node: ast.Attribute) -> bool:
        """False where it is refused."""
        if not isinstance(node.value, ast.Name) or node.attr.startswith("_"):
            self.found.add("formula.attribute", self.place(node), text=self.segment(node)[:40])
            return False
        return True

    def on_name(self, node: ast.Name) -> None:
        if node.id.startswith("_"):
            self.found.add("formula.attribute", self.place(node), text=node.id[:40])

    def on_call(self, node: ast.Call) -> bool:
        """False where it is not a name with plain arguments."""
        if not isinstance(node.func, ast.Name) or node.keywords or any(isinstance(a, ast.Starred) for a in node.args):
            self.found.add("formula.call", self.place(node), text=self.segment(node)[:40])
            return False
        self.function(node.func.id, node)
        return True

    def function(self, name: str, node: ast.Call) -> None:
        """It must be known, and given as many arguments as it takes."""
        if name not in CORE and name not in self.library:
            near = nearest(name, [*CORE, *self.library])
            self.found.add("formula.unknown-function", self.place(node.func), name=name, nearest=near)
            return
        fewest, most = CORE.get(name) or (self.library[name], self.library[name])
        if len(node.args) < fewest or (most is not None and len(node.args) > most):
            wanted = str(fewest) if fewest == most else f"{fewest}+" if most is None else f"{fewest}-{most}"
            self.found.add("formula.arity", self.place(node), name=name, wanted=wanted, given=len(node.args))
            return
        self.arguments(name, node)

    def arguments(self, name: str, node: ast.Call) -> None:
        """Some arguments must be written out: digits, exponents, keys, units, columns."""
        checks: list[tuple[ast.expr, str]] = []
        if name in LITERAL_LAST or (name == "round" and len(node.args) == 2):
            checks.append((node.args[-1], "number"))
        if is_fold(node):
            checks.append((node.args[0], "column"))
        if name in GROUPED:
            checks.extend((column, "column") for column in node.args[:-1])
            checks.append((node.args[-1], "key"))
        if name == "lookup":
            checks.append((node.args[0], "column"))
            checks.extend((key, "key") for key in node.args[1:])
        if name == "convert":
            checks.extend((unit, "text") for unit in node.args[1:])
        for argument, kind in checks:
            if not _written_out(argument, kind):
                text = self.segment(argument)[:40]
                self.found.add("formula.argument", self.place(argument), function=name, kind=kind, text=text)


def _written_out(node: ast.expr, kind: str) -> bool:
    if kind == "column":
        return dotted(node) is not None
    if kind == "text":
        return isinstance(node, ast.Constant) and isinstance(node.value, str)
    if kind == "key":
        return isinstance(node, (ast.Constant, ast.Name)) or dotted(node) is not None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        node = node.operand
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, (int, float, Decimal))
        and not isinstance(node.value, bool)
    )


def literal(node: ast.expr) -> Decimal:
    """The number of an argument that `_written_out` allowed."""
    if isinstance(node, ast.UnaryOp):
        return -literal(node.operand)
    assert isinstance(node, ast.Constant)
    return Decimal(str(node.value))

"""Names in formulas → what they mean: a node, a column, a cell of a table; unknown ones with the nearest known."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from guiju.diagnostics.finding import Found, Place
from guiju.diagnostics.nearest import nearest
from guiju.formula.grammar import Expression, Locate, dotted, end, is_fold, is_grouped, start
from guiju.plan.model import Draft, Use
from guiju.ruleset.model import Table


@dataclass(frozen=True, slots=True)
class Scope:
    """What can be named: single values anywhere, columns inside their collection, tables inside lookup."""

    values: frozenset[str]  # inputs, parameters, formulas, parts of indicators
    columns: Mapping[str, frozenset[str]]  # collection -> its columns and per-formulas
    tables: Mapping[str, Table]
    broken: frozenset[str] = field(
        default_factory=frozenset
    )  # what could not be rewritten: its parts are not to be found

    def names(self, per: str | None) -> list[str]:
        own = sorted(self.columns.get(per, ())) if per else []
        return [*own, *self.values]


@dataclass(frozen=True, slots=True)
class Resolved:
    uses: tuple[Use, ...]
    names: Mapping[str, str]  # as written in the formula -> node


Spot = Callable[[], Place]


@dataclass(frozen=True, slots=True)
class Places:
    """Where the tree nodes of one formula stand; looked up only when somebody asks."""

    text: str
    locate: Locate
    lead: int  # blanks before the formula in its scalar

    def of(self, node: ast.AST) -> Place:
        first = start(self.text, node)
        return self.locate(first + self.lead, max(end(self.text, node) - first, 1))


@dataclass(frozen=True, slots=True)
class Parsed:
    """A draft with its tree, names and places."""

    draft: Draft
    expression: Expression
    resolved: Resolved
    places: Places


def resolve(draft: Draft, expression: Expression, scope: Scope, places: Places, found: Found) -> Resolved | None:
    """Every name of the formula, or None after adding findings."""
    before = found.mark()
    uses: list[Use] = []
    names: dict[str, str] = {}
    for node, role in _named(expression.tree):
        use = _use(node, role, draft, expression.text, scope, places, found)
        if use is not None:
            uses.append(use)
            if use.how == "value":
                names[str(dotted(node))] = use.target
            for written, key in zip(_keys(node), use.keys, strict=False):
                if key is not None:
                    names[written] = key
    return None if found.errors_since(before) else Resolved(tuple(sorted(uses, key=lambda use: use.start)), names)


def _named(tree: ast.expr) -> Iterator[tuple[ast.AST, str]]:
    """(tree node, role) of each name: "value", or the call itself for "fold", "group" and "cell"."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Call):
            if is_fold(node):
                yield node, "fold"
            elif is_grouped(node):
                yield node, "group"
            elif isinstance(node.func, ast.Name) and node.func.id == "lookup":
                yield node, "cell"
            else:
                todo.extend(node.args)
        elif isinstance(node, (ast.Name, ast.Attribute)):
            if dotted(node) not in ("true", "false"):
                yield node, "value"
        else:
            todo.extend(ast.iter_child_nodes(node))


def _keys(node: ast.AST) -> list[str]:
    """The keys of a lookup or a group as written ("" for literals)."""
    if isinstance(node, ast.Call) and not is_fold(node):
        return [_key_name(key) or "" for key in (node.args[-1:] if is_grouped(node) else node.args[1:])]
    return []


def _key_name(key: ast.expr) -> str | None:
    """The name that a key is, None for a literal."""
    name = dotted(key)
    return None if name in ("true", "false") else name


def _key_literal(key: ast.expr) -> object:
    return key.value if isinstance(key, ast.Constant) else {"true": True, "false": False}.get(str(dotted(key)))


def _use(node: ast.AST, role: str, draft: Draft, text: str, scope: Scope, places: Places, found: Found) -> Use | None:
    spot = partial(places.of, node)  # where it stands, if somebody has to know
    first, last = start(text, node), end(text, node)
    if role == "value":
        target = _value(str(dotted(node)), draft, scope, spot, found)
        return None if target is None else Use(first, last, target, "value", names=(str(dotted(node)),))
    assert isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    if role == "fold":
        argument = partial(places.of, node.args[0])
        target = _column(str(dotted(node.args[0])), node.func.id, scope, argument, found)
        return None if target is None else Use(first, last, target, "fold", node.func.id)
    if role == "group":
        return _group(node, first, last, draft, scope, places, found)
    return _cell(node, first, last, draft, scope, places, found)


def _value(name: str, draft: Draft, scope: Scope, spot: Spot, found: Found) -> str | None:
    if draft.per and name in scope.columns.get(draft.per, ()):
        return f"{draft.per}.{name}"
    if name in scope.values:
        return name
    head, _, tail = name.partition(".")
    if head in scope.columns and (not tail or tail in scope.columns[head]):
        found.add("formula.needs-fold", spot(), name=name, collection=head)
    elif not tail and (homes := [c for c, columns in scope.columns.items() if name in columns]):
        if draft.per is None or draft.per in scope.columns:  # else `per` itself is wrong, and said so
            found.add("formula.column-outside", spot(), name=name, collection=homes[0])
    elif head in scope.tables:
        found.add("formula.needs-lookup", spot(), name=name, table=head)
    elif not (tail and head in scope.broken):
        found.add("formula.unknown-name", spot(), name=name, nearest=nearest(name, scope.names(draft.per)))
    return None


def _column(name: str, function: str, scope: Scope, spot: Spot, found: Found) -> str | None:
    head, _, tail = name.partition(".")
    if head not in scope.columns:
        found.add("formula.unknown-collection", spot(), name=head, nearest=nearest(head, list(scope.columns)))
    elif function == "count" and not tail:
        return head
    elif tail not in scope.columns[head]:
        found.add(
            "formula.unknown-column",
            spot(),
            name=name,
            nearest=nearest(tail, sorted(scope.columns[head])),
            collection=head,
        )
    else:
        return name
    return None


def _group(
    node: ast.Call, first: int, last: int, draft: Draft, scope: Scope, places: Places, found: Found
) -> Use | None:
    """Columns of one collection, and the key that chooses its rows."""
    columns: list[str] = []
    for argument in node.args[:-1]:
        column = _column(str(dotted(argument)), "", scope, partial(places.of, argument), found)
        if column is None:
            return None
        columns.append(column)
    one, other = columns[0].partition(".")[0], columns[-1].partition(".")[0]
    if one != other:
        found.add("formula.two-collections", places.of(node.args[-2]), name=columns[-1], collection=one, other=other)
        return None
    keys = _given_keys(node.args[-1:], draft, scope, places, found)
    function = node.func.id if isinstance(node.func, ast.Name) else ""
    if keys is None:
        return None
    nodes, literals = keys
    return Use(first, last, columns[0], "group", function, nodes, tuple(_keys(node)), literals, columns[-1])


def _given_keys(
    written: Sequence[ast.expr], draft: Draft, scope: Scope, places: Places, found: Found
) -> tuple[tuple[str | None, ...], tuple[object, ...]] | None:
    """The nodes that keys are, None where one is a literal; and the literals, None where one is a node."""
    keys: list[str | None] = []
    for key in written:
        name = _key_name(key)
        keys.append(None if name is None else _value(name, draft, scope, partial(places.of, key), found))
        if name is not None and keys[-1] is None:
            return None
    return tuple(keys), tuple(_key_literal(key) for key in written)


def _cell(
    node: ast.Call, first: int, last: int, draft: Draft, scope: Scope, places: Places, found: Found
) -> Use | None:
    target = str(dotted(node.args[0]))
    table, _, column = target.partition(".")
    if table not in scope.tables:
        found.add(
            "formula.unknown-table", places.of(node.args[0]), name=table, nearest=nearest(table, list(scope.tables))
        )
        return None
    known = [*scope.tables[table].columns, *(key.name for key in scope.tables[table].keys)]
    if column not in known:
        place = places.of(node.args[0])
        found.add("formula.unknown-column", place, name=target, nearest=nearest(column, known), collection=table)
        return None
    keys = _given_keys(node.args[1:], draft, scope, places, found)
    if keys is None:
        return None
    return Use(first, last, target, "cell", keys=keys[0], names=tuple(_keys(node)), literals=keys[1])

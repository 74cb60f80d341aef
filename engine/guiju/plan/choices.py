"""What a choice may be: written out, or the keys of a table."""

from __future__ import annotations

from collections.abc import Mapping

from guiju.ruleset.model import Input, Table, Words


def choices_of(item: Input, tables: Mapping[str, Table]) -> tuple[str, ...]:
    """The values a choice input may take (empty when it is no choice)."""
    if item.choices is not None:
        return tuple(item.choices)
    if item.choices_from is None:
        return ()
    table_name, _, key = item.choices_from.partition(".")
    table = tables.get(table_name)
    index = next((i for i, column in enumerate(table.keys) if column.name == key), None) if table else None
    if table is None or index is None:
        return ()
    return tuple(dict.fromkeys(str(row.keys[index]) for row in table.rows))


def row_titles(item: Input, tables: Mapping[str, Table]) -> dict[str, Words]:
    """What a table calls its keys: its text columns zh and en, by convention."""
    name, _, key = (item.choices_from or "").partition(".")
    table = tables.get(name)
    index = next((i for i, column in enumerate(table.keys) if column.name == key), None) if table else None
    if table is None or index is None or not {"zh", "en"} <= set(table.columns):
        return {}
    found: dict[str, Words] = {}
    for row in table.rows:
        zh, en = row.cells.get("zh"), row.cells.get("en")
        if isinstance(zh, str) and isinstance(en, str):
            found.setdefault(str(row.keys[index]), Words(zh, en))
    return found

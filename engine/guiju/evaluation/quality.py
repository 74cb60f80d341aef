"""Quality of an assessment's numbers: the program run again on figures, and what is said of each in the data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from guiju.formula.domains.quality import CONSTANT, LARGEST, TIERS, Figure, calls, leaf, shares, uncertainty, weakest
from guiju.formula.missing import NotComputed
from guiju.formula.numbers import Rounding, plain, round_to
from guiju.intake.model import Case, Given
from guiju.plan.model import Plan
from guiju.ruleset.model import UNSAID, Input, Quality

DIGITS = Rounding("significant", Decimal(3))  # of ± percent and of shares
MOST_LEAVES = 5
_UNSAID = TIERS.index("unsaid")
_NAMES = {**dict(enumerate(TIERS)), CONSTANT: "constant"}
_NUMBERS = {name: tier for tier, name in _NAMES.items()}


def in_play(plan: Plan, case: Case) -> frozenset[Quality]:
    """All that ruleset and case say of the quality of numbers; empty where neither says anything."""
    return plan.marked | {given.quality for given in _all_given(case) if given.quality.said}


def _all_given(case: Case) -> Iterator[Given]:
    yield from case.inputs.values()
    for rows in case.collections.values():
        for row in rows or ():
            yield from row.values()


def quality_of(item: Input, given: Given | None) -> Quality:
    """The case goes before the ruleset; a default that was taken is of the tier `default`, whatever they say."""
    if given is None or given.value is None:
        return Quality("default", item.quality.uncertainty)
    return given.quality.over(item.quality)


def carry(plan: Plan, case: Case, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """Figures (or lists of them, row by row) of all numbers that carry quality; empty where nothing says any."""
    said = in_play(plan, case)
    if not said:
        return {}
    tiered = any(quality.tier is not None for quality in said)
    leaves = {**given, **_inputs(plan, case, given, tiered=tiered), **_columns(plan, case, given, tiered=tiered)}
    marked = {name: _figure(name, plan.nodes[name].constant, plan.nodes[name].quality) for name in plan.program.marked}
    records = plan.program.run_with(leaves, marked, calls(_Cells(plan)))
    every = {**leaves, **marked, **{record.node: record.value for record in records}}
    return {name: value for name, value in every.items() if isinstance(value, (Figure, list))}


def _figure(name: str, value: Decimal, quality: Quality, otherwise: int = CONSTANT) -> Figure:
    tier = otherwise if quality.tier is None else TIERS.index(quality.tier)
    return leaf(name, value, {tier: value}, quality.uncertainty)


def _handed_in(name: str, value: Any, item: Input, given: Given | None, *, tiered: bool) -> Any:
    """A number of the case: where others say their tier, one that does not is said to be so."""
    if not isinstance(value, Decimal):
        return value
    quality = quality_of(item, given)
    if tiered and given is not None and given.amounts:
        return leaf(
            name, value, {_NUMBERS[tier]: amount for tier, amount in given.amounts.items()}, quality.uncertainty
        )
    if not tiered:
        quality = Quality(None, quality.uncertainty)
    return _figure(name, value, quality, _UNSAID if tiered else CONSTANT) if tiered or quality.said else value


def _inputs(plan: Plan, case: Case, given: Mapping[str, Any], *, tiered: bool) -> dict[str, Any]:
    return {
        name: _handed_in(name, given[name], item, case.inputs.get(name), tiered=tiered)
        for name, item in plan.inputs.items()
    }


def _columns(plan: Plan, case: Case, given: Mapping[str, Any], *, tiered: bool) -> dict[str, Any]:
    """The columns of collections; a leaf is named by its row: fuels.mass[diesel]."""
    result: dict[str, Any] = {}
    for collection in plan.collections.values():
        rows = case.collections.get(collection.id)
        if rows is None:
            continue
        keys = [_row(key, index) for index, key in enumerate(given[f"{collection.id}.{collection.key}"], 1)]
        for name, item in collection.columns.items():
            column = f"{collection.id}.{name}"
            result[column] = [
                _handed_in(f"{column}[{key}]", value, item, row.get(name), tiered=tiered)
                for key, value, row in zip(keys, given[column], rows, strict=True)
            ]
    return result


class _Cells:
    """The figures of table cells, made when a formula looks them up."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.made: dict[tuple[str, str, int], Figure | None] = {}

    def __call__(self, table: str, column: str, row: int) -> Figure | None:
        """The cell's figure, or None where nothing is said of it."""
        key = (table, column, row)
        if key not in self.made:
            entry = self.plan.tables[table].rows[row]
            quality, value = entry.quality.get(column, UNSAID), entry.cells.get(column)
            name = f"{table}.{column}[{', '.join(_key(each) for each in entry.keys)}]"
            self.made[key] = _figure(name, value, quality) if quality.said and isinstance(value, Decimal) else None
        return self.made[key]


def _row(key: Any, index: int) -> str:
    """The name of a row: its key; one without a key by its position, so that two of them are two."""
    return f"#{index}" if isinstance(key, NotComputed) else _key(key)


def _key(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def leaf_data(figure: Any, item: Input, given: Given | None) -> dict[str, Any]:
    """Tier and uncertainty of a number of the case, whoever said them; empty where nothing says any."""
    if not isinstance(figure, Figure):
        return {}
    entry: dict[str, Any] = {}
    if given is not None and given.amounts:
        entry = _tiers(figure)
    else:
        (tier,) = figure.amounts
        entry = {"tier": TIERS[tier]} if 0 <= tier < _UNSAID else {}
    percent = quality_of(item, given).uncertainty
    return entry if percent is None else {**entry, "uncertainty": plain(percent)}


def figure_data(figure: Any) -> dict[str, Any]:
    """± percent, the leaves it comes from, and the amounts by tier, of one computed number; empty where nothing is carried."""
    if not isinstance(figure, Figure):
        return {}
    entry: dict[str, Any] = {}
    percent = uncertainty(figure)
    if percent is not None and figure.pulls is not None:
        entry["uncertainty"] = _short(percent)
        entry["uncertainty_from"] = [
            {"leaf": name, "share": _short(share)} for name, share in shares(figure.pulls, MOST_LEAVES)
        ]
    return {**entry, **_tiers(figure)}


def _tiers(figure: Figure) -> dict[str, Any]:
    """The amounts by tier; empty where there is none but constants, or one cannot be written."""
    sayable = all(amount.is_finite() and amount.adjusted() <= LARGEST for amount in figure.amounts.values())
    if not sayable or all(tier == CONSTANT for tier in figure.amounts):
        return {}
    amounts = {_NAMES[tier]: plain(figure.amounts[tier]) for tier in sorted(figure.amounts)}
    return {"tiers": {"weakest": _NAMES[weakest(figure.amounts)], "amounts": amounts}}


def _short(value: Decimal) -> str:
    return plain(round_to(value, DIGITS))

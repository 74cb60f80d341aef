"""The workload as a guiju ruleset: its loose units and bare numbers put right, all 150 names and values kept.

python benchmarks/make_ruleset.py OUTPUT_FOLDER        prints what it changed
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rules import TABLE_CALL, Formula, Table, Workload, read_workload

# The greenhouse gases are dimensions of their own: a GWP is what leads from one to CO2e.
UNITS = {
    "tCO2e": None, "kgCO2e": "0.001 tCO2e", "tCO2": None, "tC": None, "tCH4": None, "tN2O": None,
}  # fmt: skip

# pattern of the whole name -> unit, where the workload's own is missing, loose or not ours
INPUT_UNITS = {
    r"q_(st|mo)_natural_gas": "1e4m3", r"ch4_(vent|drain)": "tCH4", r"s3_(steel|cement|reagents|waste)": "t",
    r"s3_timber": "m3", r"s3_(road|rail)_tkm": "t*km", r"s3_travel": "person*km",
    r"rem_(forest|grass|reclaim)": "ha", r"rem_ccus": "tCO2", r"rem_mineral": "t", r"rem_credits": "tCO2e",
    r"revenue": "1e4CNY", r"mine_type": "1",
}  # fmt: skip
PARAMETER_UNITS = {
    r"ncv_natural_gas": "GJ/1e4m3",
    r"gwp_ch4": "tCO2e/tCH4", r"gwp_n2o": "tCO2e/tN2O", r"gwp_refr_\d": "tCO2e/t",
    r"ef_s3_(steel|cement|reagents|waste)": "tCO2e/t", r"ef_s3_timber": "tCO2e/m3",
    r"ef_s3_(road|rail)_tkm": "tCO2e/t/km", r"ef_s3_travel": "tCO2e/person/km",
    r"rf_(forest|grass|reclaim)": "tCO2/ha", r"rf_(ccus|credits)": "1", r"rf_mineral": "tCO2/t",
}  # fmt: skip
CO2 = "tCO2"  # what the workload calls tCO2e before any GWP was applied
FORMULA_UNITS = {
    r"co2_.*|scope1_co2|reme_(forest|grass|reclaim|ccus|mineral)": CO2,
    r"int_rev": "tCO2e/1e4CNY", r"grade.*": "1",
}  # fmt: skip

# Numbers that stood bare in a formula: name -> (value, unit)
NEW_PARAMETERS = {
    "gwp_co2": ("1", "tCO2e/tCO2"), "co2_per_ch4": ("2.75", "tCO2/tCH4"),
    "least_electricity": ("1", "MWh"), "least_emission": ("1", "tCO2e"), "least_ore": ("1", "t"),
    "least_revenue": ("1", "1e4CNY"), "least_land": ("1", "ha"),
    "bonus_mix": ("60", "%"), "bonus_offset": ("0.5", "1"),
    "bonus_points": ("2", "point"), "no_bonus": ("0", "point"), "full_score": ("100", "point"),
    "score_5": ("75", "point"), "score_4": ("65", "point"),
    "score_3": ("55", "point"), "score_2": ("45", "point"),
    "offset_5": ("1", "1"), "offset_4": ("0.8", "1"), "offset_3": ("0.6", "1"), "offset_2": ("0.3", "1"),
}  # fmt: skip
GRADES = "where({0} >= {1}_5, 5, where({0} >= {1}_4, 4, where({0} >= {1}_3, 3, where({0} >= {1}_2, 2, 1))))"
EXPRESSIONS = {
    "co2_ch4_burnt": "ch4_drain * ch4_used_share * co2_per_ch4",
    "scope1": "scope1_co2 * gwp_co2 + scope1_ch4 + n2o_combustion + scope1_hfc",
    "co2_green": "co2_grid * el_green_used / max(el_bought, least_electricity)",
    "scope2": "(co2_grid - co2_green + co2_heat) * gwp_co2",
    "removal_eco": "(reme_forest + reme_grass + reme_reclaim) * gwp_co2",
    "removal_tech": "(reme_ccus + reme_mineral) * gwp_co2",
    "offset_ratio": "removal / max(scope1 + scope2, least_emission)",
    "int_ore": "(scope1 + scope2) / max(ore_out, least_ore)",
    "int_conc": "gross / max(conc_out, least_ore)",
    "int_rev": "gross / max(revenue, least_revenue)",
    "int_land": "net / max(land_area, least_land)",
    "green_share": "el_green_used / max(el_bought, least_electricity)",
    "eco_share": "removal_eco / max(removal, least_emission)",
    "bonus": "where(raw_mix > bonus_mix and offset_ratio > bonus_offset, bonus_points, no_bonus)",
    "total": "min(total_raw, full_score)",
    "grade_score": GRADES.format("total", "score"),
    "grade_offset": GRADES.format("offset_ratio", "offset"),
}
ROUNDED = {"total": "{digits: 2, mode: half_even}"}  # rhe(x, 2) of the workload
HEAD = """\
# yaml-language-server: $schema=https://guiju.example/schemas/ruleset-1.schema.json
# Made by benchmarks/make_ruleset.py. No figure here comes from a standard.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """An input, parameter or formula on its way: `change` says what was put right, if anything."""

    name: str
    unit: str
    body: str  # the value or the expression
    change: str = ""


def _unit(name: str, written: str, repairs: Mapping[str, str]) -> tuple[str, str]:
    """The right unit, and what changed."""
    for pattern, unit in repairs.items():
        if re.fullmatch(pattern, name):
            return unit, "" if unit == written else f"unit {written} -> {unit}"
    return written, ""


def table_units(workload: Workload) -> dict[str, str]:
    """Table -> the unit of the figure it scores."""
    units = {name: entry.unit for name, entry in workload.inputs.items()}
    units |= {f.name: _unit(f.name, f.unit, FORMULA_UNITS)[0] for f in workload.formulas}
    return {table: units[x] for f in workload.formulas for _, x, table in TABLE_CALL.findall(f.expr)}


def expand(kind: str, x: str, name: str, table: Table) -> str:
    """A table call as nested choices over its points, lowest first."""
    point = name.lower()
    last = len(table.x)
    text = f"{point}_y{last}"
    if kind == "step":
        text = f"{point}_y1"
        for i in range(2, last + 1):
            text = f"where({x} >= {point}_x{i}, {point}_y{i}, {text})"
        return text
    for i in range(last - 1, 0, -1):
        j = i + 1
        slope = f"({point}_y{j} - {point}_y{i}) * ({x} - {point}_x{i}) / ({point}_x{j} - {point}_x{i})"
        text = f"where({x} < {point}_x{j}, {point}_y{i} + {slope}, {text})"
    return f"where({x} <= {point}_x1, {point}_y1, {text})"


def inputs(workload: Workload) -> list[Entry]:
    entries = []
    for name, given in workload.inputs.items():
        unit, change = _unit(name, given.unit, INPUT_UNITS)
        kind = "type: integer, " if name == "mine_type" else ""
        entries.append(Entry(name, unit, kind, change))
    return entries


def parameters(workload: Workload) -> list[Entry]:
    entries = []
    for name, given in workload.params.items():
        unit, change = _unit(name, given.unit, PARAMETER_UNITS)
        value = format(Decimal(given.value), "f")
        if "e" in given.value:
            change = "; ".join(filter(None, [change, "written with an exponent -> in full"]))
        entries.append(Entry(name, unit, value, change))
    for name, (value, unit) in NEW_PARAMETERS.items():
        was = "was left out" if name == "gwp_co2" else "was a bare number"
        entries.append(Entry(name, unit, value, f"new, {was}: {value} {unit}"))
    units = table_units(workload)
    for name, table in workload.tables.items():
        entries.extend(_points(name, "x", units[name], table.x, skip=1 if table.kind == "step" else 0))
        entries.extend(_points(name, "y", "point", table.y))
    return entries


def _points(table: str, axis: str, unit: str, numbers: Sequence[str], skip: int = 0) -> list[Entry]:
    """The coordinates of a score table. A step table needs no first edge: the value below is the same."""
    named = [(f"{table.lower()}_{axis}{i}", number) for i, number in enumerate(numbers, start=1)]
    return [Entry(name, unit, number) for name, number in named[skip:]]


def formulas(workload: Workload) -> list[Entry]:
    return [_formula(formula, workload.tables) for formula in workload.formulas]


def _formula(formula: Formula, tables: Mapping[str, Table]) -> Entry:
    unit, change = _unit(formula.name, formula.unit, FORMULA_UNITS)
    expr = EXPRESSIONS.get(formula.name, formula.expr)
    if expr != formula.expr:
        rounded = f", rounded {ROUNDED[formula.name]}" if formula.name in ROUNDED else ""
        change = "; ".join(filter(None, [change, f"{formula.expr} -> {expr}{rounded}"]))
    expr = TABLE_CALL.sub(lambda call: expand(call[1], call[2], call[3], tables[call[3]]), expr)
    return Entry(formula.name, unit, expr, change)


def _title(name: str) -> str:
    return f"title: {{zh: {name}, en: {name}}}"


def write_ruleset(workload: Workload, folder: Path) -> list[str]:
    """The ruleset's files, and the list of changes."""
    given, numbers, rules = inputs(workload), parameters(workload), formulas(workload)
    identity = [
        "format: 1", "id: workload", 'version: "1"', "title: {zh: 基准测试, en: Benchmark workload}",
        "publisher: {zh: 规矩, en: guiju}", "status: draft", "units:",
        *(f"  {u}: {{{_title(u)}{f', equals: {e!r}' if e else ''}}}" for u, e in UNITS.items()),
    ]  # fmt: skip
    files: dict[str, Iterable[str]] = {
        "ruleset.yaml": identity,
        "inputs.yaml": [
            "inputs:",
            *(f"  {e.name}: {{{_title(e.name)}, {e.body}unit: '{e.unit}'}}" for e in given),
        ],
        "parameters.yaml": [
            "parameters:",
            *(f"  {e.name}: {{{_title(e.name)}, value: {e.body}, unit: '{e.unit}', basis: proposed}}" for e in numbers),
        ],
        "formulas.yaml": ["formulas:", *(_formula_text(e) for e in rules)],
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        (folder / name).write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    points = sum(re.match(r"t\d+[ab]?_[xy]", entry.name) is not None for entry in numbers)
    tables = f"tables: {len(workload.tables)} score tables -> {points} parameters, their calls -> nested where()"
    return [*_grouped("input", given), *_grouped("parameter", numbers), tables, *_grouped("formula", rules)]


def _formula_text(entry: Entry) -> str:
    rounding = f", round: {ROUNDED[entry.name]}" if entry.name in ROUNDED else ""
    head = f"  {entry.name}:\n    {{{_title(entry.name)}, unit: '{entry.unit}', basis: proposed{rounding},\n"
    return f'{head}     expr: "{entry.body}"}}'


def _grouped(kind: str, entries: Iterable[Entry]) -> list[str]:
    """One line for one change, with all names that it befell."""
    befell: dict[str, list[str]] = {}
    for entry in entries:
        if entry.change:
            befell.setdefault(entry.change, []).append(entry.name)
    return [f"{kind} {', '.join(names)}: {change}" for change, names in befell.items()]


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    print("\n".join(write_ruleset(read_workload(), Path(sys.argv[1]))))


if __name__ == "__main__":
    main()

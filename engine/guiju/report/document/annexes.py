"""The annexes: calculation steps, factors with their basis, what is only proposed, what is open, the data, the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from guiju.report.document.maths import formula
from guiju.report.document.model import Block, Calculation, Paragraph, Row
from guiju.report.document.proposed import proposed
from guiju.report.document.told import Data, Heading, Told, table
from guiju.report.model import ScorecardView
from guiju.report.numbers import shown
from guiju.report.standing import remarks
from guiju.report.tree import unit

_MOST_SUMMED = 6  # figures of a column that are written out
_HASH = 12  # digits of a SHA-256 that are shown: enough to tell files apart by eye
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


def annexes(of: Told, card: ScorecardView) -> list[tuple[str, Heading]]:
    """Annexes by name, in order; those with nothing to show are left out."""
    makers = (
        ("calculation", _calculation(of)), ("factors", _factors(of)), ("proposed", proposed(of)), ("open", _open(of, card)),
        ("data", _data(of)), ("evidence", _evidence(of)),
    )  # fmt: skip
    return [(name, (1, of.own(f"annex_{name}"), blocks)) for name, blocks in makers if blocks]


def _steps(of: Told) -> list[str]:
    """The values whose calculation is shown: headlines, totals, steps of the waterfall, figures of gates, claims' totals."""
    report, nodes = of.data.get("report", {}), of.nodes
    names = [name for name, entry in nodes.items() if entry.get("headline")]
    for entry in (*report.get("scope", ()), *report.get("process", ())):
        names += [*entry.get("rows", ()), *([entry["total"]] if "total" in entry else [])]
    names += [step["node"] for step in report.get("waterfall", {}).get("steps", ())]
    names += [use for name, entry in nodes.items() if entry.get("made_from") == "gate" for use in entry.get("uses", ())]
    if not names:
        names = [name for name, entry in nodes.items() if entry["kind"] == "formula" and "made_from" not in entry]
    wanted = dict.fromkeys(names)
    return [name for name in nodes if name in wanted and _is_step(nodes[name])]


def _is_step(entry: Data) -> bool:
    return (
        entry["kind"] == "formula"
        and "rows" not in entry
        and "made_from" not in entry
        and entry["value"] not in (None, "0")
    )


def _calculation(of: Told) -> list[Block]:
    blocks: list[Block] = []
    words = {name: of.own(f"maths_{name}") for name in ("if", "else", "and", "or", "not", "needs", "missing")}
    words |= {"true": of.say("yes"), "false": of.say("no")}
    for name in _steps(of):
        entry = of.nodes[name]
        titles = {use: of.title(use) for use in entry["uses"] if use in of.nodes}
        values = {use: _put_in(of, each) for use, each in entry["uses"].items()}
        value, mark = of.value(name)
        blocks.append(
            Calculation(
                title=of.title(name),
                formula=formula(entry["formula"], titles, of.title(name), words),
                numbers=None
                if entry["formula"].strip() in values
                else formula(entry.get("formula_run", entry["formula"]), values, "", words),
                result=" ".join(filter(None, ["=", value, mark])),
                source=of.source(entry),
            )
        )
    return [Paragraph(of.own("calculation_how"), "note"), *blocks] if blocks else []


def _put_in(of: Told, value: Any) -> str:
    """A value inside a formula; of a column the first few."""
    if isinstance(value, list):
        known = [_put_in(of, each) for each in value]
        more = ["…"] if len(known) > _MOST_SUMMED else []
        return f"({', '.join([*known[:_MOST_SUMMED], *more])})"
    if isinstance(value, bool) or value is None:
        return "?" if value is None else str(of.say("yes" if value else "no"))
    return shown(value, "zh") if _NUMBER.fullmatch(str(value)) else f"“{value}”"


def _factors(of: Told) -> list[Block]:
    """Parameters and cells of tables that were used; anchors and weights of indicators stand with those."""
    own, rows = of.own, dict[tuple[str, ...], None]()
    for name, entry in of.nodes.items():
        if entry["kind"] == "parameter" and "." not in name:
            rows[of.title(name), of.cell(entry, entry["value"]), unit(entry["unit"], of.say), of.source(entry)] = None
        for cell in _cells(entry):
            if cell["value"] is not None and cell.get("unit") is not None:
                keys = of.join(of.called(str(key), name) for name, key in cell["keys"].items())
                title = own("cell", column=of.named(cell["table"]), keys=keys)
                value = shown(cell["value"], of.say.lang) if cell["unit"] is not None else str(cell["value"])
                rows[title, value, unit(cell["unit"], of.say), of.source(cell)] = None
    heads: list[Any] = [
        (own("head_item"), 6),
        (own("head_value"), 3, ">"),
        (own("head_unit"), 4),
        (own("head_source"), 8),
    ]
    return [table(own("factors_table"), heads, (Row(row) for row in rows))] if rows else []


def _cells(entry: Data) -> Iterator[Data]:
    yield from entry.get("cells", ())
    for row in entry.get("rows", ()):
        yield from row.get("cells", ())


def _open(of: Told, card: ScorecardView) -> list[Block]:
    own, blocks = of.own, list[Block]()
    rows = [
        Row((each.title, each.verdict, own(f"severity_{each.remark}")))
        for each in remarks(of.data, of.say, settled=False)
    ]
    if rows:
        heads: list[Any] = [(own("head_check"), 7), (own("head_verdict"), 7), (own("head_kind"), 2)]
        blocks.append(table(own("checks_table"), heads, rows))
    blocks += _settled(of)
    gaps = [Row((gap.results, "\n".join(gap.causes))) for gap in card.gaps]
    if gaps:
        blocks.append(table(own("gaps_table"), [(own("head_item"), 6), (own("head_why"), 10)], gaps))
        blocks += [Paragraph(card.more_gaps, "note")] if card.more_gaps else []
    return blocks


def _settled(of: Told) -> list[Block]:
    """Checks that do not hold and that a person answers for: which, why, who, when."""
    own = of.own
    rows = [
        Row(
            (
                of.say.title(entry["title"]),
                str(said.get("row", "")),
                *(of.words(said[name]) for name in ("reason", "by", "on")),
            )
        )
        for entry in of.data["checks"]
        if entry["holds"] is False
        for said in entry.get("settled", ())
    ]
    heads: list[Any] = [
        (own("head_check"), 5), (own("head_row"), 3), (own("head_reason"), 6), (own("head_by"), 3), (own("head_date"), 3),
    ]  # fmt: skip
    return [table(own("settled_table"), heads, rows)] if rows else []


def _data(of: Told) -> list[Block]:
    """Single values, then every collection, row by row and value by value."""
    own, single, lists = of.own, list[Row](), dict[str, list[Row]]()
    for name, entry in of.nodes.items():
        if entry["kind"] == "input" and "given" in entry:
            single.append(Row((of.title(name), *_given(of, entry, entry["value"], entry["given"]))))
        elif entry["kind"] == "column":
            lines = lists.setdefault(name.partition(".")[0], [])
            for row in entry.get("rows", ()):
                if row.get("value") not in (None, row["key"]):
                    lines.append(Row((str(row["key"]), of.title(name), *_given(of, entry, row["value"], row))))
    tail: list[Any] = [
        (own("head_value"), 4),
        (own("head_unit"), 2),
        (own("head_origin"), 3),
        (own("head_evidence"), 4),
    ]
    blocks: list[Block] = [table(own("data_single"), [(own("head_item"), 7), *tail], single)] if single else []
    for name, lines in lists.items():
        title = of.named(name)
        heads = [(own("head_row"), 4), (own("head_item"), 4), *tail]
        ordered = [Row((of.row(name, line.cells[0]), *line.cells[1:])) for line in sorted(lines, key=_by_row(lines))]
        blocks += [table(title, heads, _once(ordered))] if lines else []
    return blocks


def _once(lines: list[Row]) -> list[Row]:
    """The name of a row only where it begins."""
    befores = ["", *(line.cells[0] for line in lines)]
    return [
        Row(("", *line.cells[1:])) if line.cells[0] == before else line
        for line, before in zip(lines, befores, strict=False)
    ]


def _by_row(lines: list[Row]) -> Any:
    """Rows in the order in which they were handed in, not column by column."""
    order = {key: index for index, key in enumerate(dict.fromkeys(line.cells[0] for line in lines))}
    return lambda line: order[line.cells[0]]


def _given(of: Told, entry: Data, value: Any, given: Data) -> tuple[str, str, str, str]:
    origin = of.own(f"origin_{given['origin']}") if "origin" in given else ""
    return (
        of.cell(entry, value),
        unit(entry["unit"], of.say),
        origin,
        of.join(_evidence_title(of, name) for name in given.get("evidence", ())),
    )


def _evidence_title(of: Told, name: str) -> str:
    return of.words(of.data["case"]["evidence"].get(name, {}).get("title", name))


def _evidence(of: Told) -> list[Block]:
    own, proves = of.own, dict[str, int]()
    for entry in of.nodes.values():
        for given in (entry.get("given", {}), *entry.get("rows", ())):
            for name in given.get("evidence", ()):
                proves[name] = proves.get(name, 0) + 1
    rows = [
        Row(
            (
                name,
                of.named(f"evidence:{each['kind']}"),
                of.words(each["title"]),
                str(each.get("date", "")),
                each.get("file", ""),
                str(each.get("sha256", ""))[:_HASH],
                own("proves", count=proves.get(name, 0)),
            )
        )
        for name, each in of.data["case"]["evidence"].items()
    ]
    heads: list[Any] = [
        (own("head_no_short"), 5),
        (own("head_evidence_kind"), 6),
        (own("head_title"), 6),
        (own("head_date"), 4),
        (own("head_file"), 4),
        (own("head_hash"), 5),
        (own("head_proves"), 3),
    ]
    used = [index for index in range(len(heads)) if any(row.cells[index] for row in rows)]  # files and hashes may lack
    lines = (Row(tuple(row.cells[index] for index in used)) for row in rows)
    handed_in: list[Block] = [table(own("evidence_table"), [heads[index] for index in used], lines)] if rows else []
    return [*handed_in, *_unevidenced(of)]


def _unevidenced(of: Told) -> list[Block]:
    """Every value that lacks evidence, in the order of the data; the name of a value only where it begins."""
    own = of.own
    rows = [
        Row(
            (
                of.title(each["node"]),
                of.row(each["node"].partition(".")[0], str(each.get("row", ""))),
                of.join(of.named(f"evidence:{kind}") for kind in each["lacking"]),
            )
        )
        for each in of.data.get("unevidenced", ())
    ]
    heads: list[Any] = [(own("head_item"), 5), (own("head_row"), 4), (own("head_lacking"), 5)]
    return [table(own("unevidenced_table"), heads, _once(rows))] if rows else []

"""Chapters 1 to 4: who and what, aim, scope, and how the figures came about, as the ruleset's own section `report` says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from guiju.report.document.charts import bars
from guiju.report.document.model import Block, Figure, Items, Paragraph, Row, RowKind, Table
from guiju.report.document.told import Data, Heading, Told, pairs, share, table, without_prefix
from guiju.report.model import ScorecardView
from guiju.report.tree import unit

_ORIGINS = ("measured", "calculated", "default", "public", "child", "illustrative", "unsaid")


def basics(of: Told, card: ScorecardView) -> list[Heading]:
    """Chapter 1: client, assessor, date, what is evaluated, by what."""
    own, said, data = of.own, of.said, of.data
    rows = [(own("subject"), of.subject), *card.facts]
    rows += [(own(name), of.words(said.get(name)) or own("not_said")) for name in ("client", "assessor", "date")]
    rows += [(own("number"), str(said.get("number", "")))]
    rows += [(own("role"), of.say.known(f"role_{data['case']['role']}", data["case"]["role"]))]
    rows += [(own("standard"), card.ruleset_title), (own("publisher_line"), card.ruleset_line)]
    rows += [(own("built_on"), card.built_on)]
    blocks: list[Block] = [pairs(rows)]
    named = [data["sources"][name] for name in data.get("report", {}).get("standards", ()) if name in data["sources"]]
    if named:
        blocks += [Paragraph(own("standards"), "strong"), Items(tuple(_document(of, each) for each in named))]
    return [(1, own("basics"), blocks)]


def _document(of: Told, document: Data) -> str:
    text = " ".join(filter(None, [of.say.title(document["title"]), document.get("number", "")]))
    return text + str(of.say.known(f"access_{document.get('access')}", ""))


def aim(of: Told, card: ScorecardView) -> list[Heading]:
    """Chapter 2: the case's own aim, else that of the ruleset, else a plain sentence."""
    text = of.words(of.said.get("aim") or of.data.get("report", {}).get("aim"))
    key = "aim_plain" if of.data["grade"] is not None else "aim_plain_no_grade"
    return [(1, of.own("aim"), [Paragraph(text or of.own(key, standard=card.ruleset_title, subject=of.subject))])]


def scope(of: Told) -> list[Heading]:
    """Chapter 3: boundary and period."""
    own, period, variant = of.own, of.data["case"]["period"], _variant(of)
    result: list[Heading] = [(1, own("scope"), [])]
    shown = [
        (entry, block) for entry in of.data.get("report", {}).get("scope", ()) for block in [value_table(of, entry)]
    ]
    for entry, blocks in shown:
        result.append((2, of.say.title(entry["title"]), blocks))
    texts: list[Block] = [Paragraph(own("period_is", start=period["from"], end=period["to"]))]
    if variant:
        texts.append(Paragraph(own("applies", variant=variant)))
    left_out = [of.say.title(each["title"]) for each in of.data["indicators"] if each["applies"] is False]
    if left_out:
        texts += [Paragraph(own("left_out"), "strong"), Items(tuple(left_out))]
    return [*result, (2, own("period"), texts)]


def _variant(of: Told) -> str:
    """The variant by its titles, outermost first, and by its name."""
    name, titles = of.data["ruleset"]["variant"], of.data["ruleset"].get("variant_titles", ())
    known = " › ".join(of.say.title(title) for title in titles)
    return of.own("variant_named", title=known, name=name) if name and known else str(name or "")


def process(of: Told, card: ScorecardView) -> list[Heading]:
    """Chapter 4: data and their quality, then the tables that the ruleset wants."""
    result: list[Heading] = [(1, of.own("process"), []), (2, of.own("data"), _data(of, card))]
    entries = of.data.get("report", {}).get("process", ())
    for entry in entries:
        blocks = _rows_table(of, entry) if "of" in entry else value_table(of, entry)
        result.append((2, of.say.title(entry["title"]), blocks))
    if not entries and card.results:
        rows = (Row((each.title, each.value, each.unit)) for each in card.results)
        heads = [(of.own("head_item"), 6), (of.own("head_value"), 3, ">"), (of.own("head_unit"), 2)]
        result.append((2, of.own("results"), [table(of.own("results"), heads, rows)]))
    return result


def _data(of: Told, card: ScorecardView) -> list[Block]:
    own, summary = of.own, of.data["summary"]
    count = Decimal(summary["inputs"])
    rows = [
        Row((own(f"origin_{name}"), summary["inputs_by_origin"][name], share(Decimal(summary["inputs_by_origin"][name]), count)))
        for name in _ORIGINS
        if name in summary["inputs_by_origin"]
    ]  # fmt: skip
    rows.append(Row((own("all"), summary["inputs"], ""), "total"))
    heads = [(own("head_origin"), 4), (own("head_count"), 2, ">"), (own("head_share"), 2, ">")]
    blocks: list[Block] = [table(own("by_origin"), heads, rows)] if count else []
    if of.data["case"]["evidence"]:
        blocks.append(
            Paragraph(own("evidence_line", count=len(of.data["case"]["evidence"]), annex=of.letters["evidence"]))
        )
    if card.evidence_line:
        blocks.append(Paragraph(own("evidence_share", line=card.evidence_line)))
    if card.defaults_line:
        blocks.append(Paragraph(own("defaults_line", defaults=card.defaults_line)))
    if card.checks_line:
        blocks.append(Paragraph(own("checks_line", line=card.checks_line, annex=of.letters.get("open", "–"))))
    if card.figures:
        lines = (Row((each.title, each.value, each.quality)) for each in card.figures)
        heads = [(own("head_item"), 5), (own("head_value"), 3, ">"), (own("head_quality"), 3)]
        blocks.append(table(own("main_figures"), heads, lines))
    return blocks


def value_table(of: Told, entry: Data) -> list[Block]:
    """Values one to a row, with the total below and their shares of it, and as bars where the ruleset wants them."""
    total = of.number(entry["total"]) if "total" in entry else None
    titles = without_prefix([of.title(name) for name in entry["rows"]])
    rows = [_value_row(of, name, title, total, "plain") for name, title in zip(entry["rows"], titles, strict=True)]
    if "total" in entry:
        rows.append(_value_row(of, entry["total"], of.title(entry["total"]), None, "total"))
    texts = not all(of.nodes[name]["type"] == "number" for name in entry["rows"])
    blocks: list[Block] = [Paragraph(of.say.title(entry["note"]), "note")] if "note" in entry else []
    blocks.append(_narrowed(of, of.say.title(entry["title"]), rows, with_share=total is not None, texts=texts))
    if entry.get("chart") == "bars":
        blocks += _bars(of, entry, titles, total)
    return blocks


def _value_row(of: Told, name: str, title: str, total: Decimal | None, kind: RowKind) -> Row:
    (value, mark), number = of.value(name), of.number(name)
    part = share(number, total) if number is not None else ""
    dim: RowKind = "dim" if kind == "plain" and (number == 0 or of.nodes[name].get("value") is None) else kind
    return Row((title, value, mark, part, of.quality(name)), dim)


def _narrowed(of: Told, caption: str, rows: list[Row], *, with_share: bool, texts: bool) -> Table:
    """Without the columns in which nothing stands."""
    own = of.own
    heads: list[Any] = [
        (own("head_item"), 6), (own("head_value"), 4) if texts else (own("head_value"), 4, ">"),
        (own("head_unit"), 2), (own("head_share"), 2, ">"), (own("head_quality"), 4),
    ]  # fmt: skip
    kept = [
        index
        for index in range(5)
        if index < 2 or ((index != 3 or with_share) and any(row.cells[index] for row in rows))
    ]
    return table(
        caption, [heads[index] for index in kept], (Row(tuple(row.cells[i] for i in kept), row.kind) for row in rows)
    )


def _bars(of: Told, entry: Data, titles: list[str], total: Decimal | None) -> list[Block]:
    """The rows that are not nought, as a picture."""
    shown = [
        (title, number, " ".join(filter(None, of.value(name))), share(number, total))
        for name, title in zip(entry["rows"], titles, strict=True)
        if (number := of.number(name))
    ]
    if not shown:
        return []
    title = of.say.title(entry["title"])
    alt = of.own("bars_alt", parts=of.join(f"{name} {figure}" for name, _, figure, _ in shown))
    return [Figure("", title, alt, *bars(title, shown))]


def _rows_table(of: Told, entry: Data) -> list[Block]:
    """The rows of a collection, the columns that the ruleset names."""
    names = [f"{entry['of']}.{column}" for column in entry["columns"]]
    columns = [of.nodes[name] for name in names if name in of.nodes]
    rows = columns[0].get("rows", ()) if columns else ()
    note: list[Block] = [Paragraph(of.say.title(entry["note"]), "note")] if "note" in entry else []
    if not rows:
        return [*note, Paragraph(of.own("no_rows"))]
    heads: list[Any] = []
    for index, column in enumerate(columns):
        mark = unit(column["unit"], of.say)
        head = of.say.title(column["title"]) + (f" ({mark})" if mark else "")
        heads.append(
            (head, 4 if index == 0 or column["type"] == "date" else 3, ">" if column["type"] == "number" else "<")
        )
    lines = (Row(tuple(of.cell(each, each["rows"][i].get("value")) for each in columns)) for i in range(len(rows)))
    return [*note, table(of.say.title(entry["title"]), heads, lines)]

"""The calculation book: whoever types the lines into a calculator gets the results printed behind them."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import oracle
from guiju.evaluation.run import Assessment
from guiju.record.book import BookView, Entry, book_view, calculation_book
from shipped import CASES, assessed, name_of
from small import small

ARITHMETIC = re.compile(r"[0-9.+\-*/() ]*[0-9][0-9.+\-*/() ]*")
SECTIONS: dict[str, Any] = {
    "units": {"t_a": {}, "kg_a": {"equals": "1/1000 t_a"}},
    "parameters": {"rate": {"value": 3, "unit": "1"}},
    "tables": {"factor": {"keys": [{"name": "kind", "type": "text"}], "columns": {"f": {"unit": "1"}}, "rows": [{"kind": "a", "f": 7}]}},
    "inputs": {"mass": {"unit": "t_a"}, "more": {"unit": "kg_a"}, "gone": {"unit": "t_a", "required": False}},
    "collections": {"rows": {"key": "name", "columns": {"name": {"type": "text"}, "n": {"unit": "t_a"}, "kind": {"type": "text"}}}},
    "formulas": {
        "both": {"expr": "mass + more", "unit": "t_a"},
        "third": {"expr": "both / rate", "unit": "t_a"},
        "near": {"expr": "third", "unit": "t_a", "round": {"digits": 2}},
        "weighed": {"per": "rows", "expr": "n * lookup(factor.f, kind)", "unit": "t_a"},
        "lost": {"expr": "gone + mass", "unit": "t_a"},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> dict[str, Assessment]:
    return {name_of(case): assessed(case) for case in CASES}


@pytest.fixture
def example(tmp_path: Path) -> Assessment:
    rows = [{"name": "p|q", "n": 2, "kind": "a"}, {"name": "<b>", "n": 5, "kind": "b"}]
    return small(tmp_path, SECTIONS).run({"mass": 2, "more": 500}, collections={"rows": rows}).assessment


def entry(view: BookView, name: str) -> Entry:
    return next(each for each in view.entries if each.id == name)


def test_an_entry_by_hand(example: Assessment) -> None:
    """2 t + 500 kg = 2.5 t; 2.5 / 3 = 0.8333…; rounded 0.83."""
    view = book_view(example, "en")
    both = entry(view, "both")
    assert (both.formula, both.run) == ("mass + more", 'mass + convert(more, "kg_a", "t_a")')
    assert [(line.numbers, line.result) for line in both.lines] == [('2 + convert(500, "kg_a", "t_a")', "= 2.5 t_a")]
    assert ("Conversion", "1 kg_a = 0.001 t_a") in both.facts
    assert [(line.numbers, line.result) for line in entry(view, "third").lines] == [("2.5 / 3", "≈ 0.833333333333 t_a")]
    near = entry(view, "near")
    assert near.lines[0].result == "= 0.83 t_a"
    assert ("Rounding", "2 decimals, half to even (GB/T 8170)") in near.facts
    assert any(text.endswith("ruleset.yaml:1") for _, text in near.facts)


def test_rows_and_what_is_missing(example: Assessment) -> None:
    view = book_view(example, "en", exact=True)
    weighed = entry(view, "rows.weighed")
    assert weighed.by_row
    assert [(line.key, line.numbers, line.result) for line in weighed.lines] == [
        ("p|q", "2 * 7", "= 14 t_a"),
        ("<b>", "5 * ?", "= missing"),
    ]
    assert any("factor.f[kind = a] = 7" in text for _, text in weighed.lines[0].facts)
    assert entry(view, "lost").lines[0].result == "= missing"
    assert any(gap.startswith("lost: ") for gap in view.gaps)
    assert entry(view, "third").lines[0].result == "= 0.8333333333333333333333333333333333 t_a"


def test_entries_come_in_the_order_of_computing(shipped: dict[str, Assessment]) -> None:
    """Whatever an entry rests on was given, is a constant, or stands before it; every value that was computed is there."""
    for one in shipped.values():
        view = book_view(one, "en")
        listed = {f"{listing.id}" for listing in view.listings}
        known = {each.id for each in (*view.given, *view.constants)}
        for each in view.entries:
            late = [
                name
                for name in each.uses
                if name not in known and name.partition(".")[0] not in listed and name in one.plan.nodes
            ]
            assert [name for name in late if one.plan.nodes[name].kind == "formula"] == [], each.id
            known.add(each.id)
        assert [each.id for each in view.entries] == [node.id for node in one.plan.formulas]


@pytest.mark.parametrize(("exact", "near"), [(True, Fraction(1, 10**28)), (False, Fraction(1, 10**9))])
def test_a_calculator_gets_the_result(exact: bool, near: Fraction, shipped: dict[str, Assessment]) -> None:
    """Every line of plain arithmetic, computed from what is printed."""
    count = 0
    for one in shipped.values():
        for each in book_view(one, "en", exact=exact).entries:
            if one.plan.nodes[each.id].rounding is not None:
                continue
            for line in each.lines:
                sign, printed = line.result.split(" ")[:2] if line.result != "= missing" else ("", "")
                if not ARITHMETIC.fullmatch(line.numbers) or not printed:
                    continue
                value, wanted = oracle.evaluate(line.numbers, {}), Fraction(Decimal(printed))
                assert abs(value - wanted) <= near * max(abs(wanted), 1), (each.id, line)
                count += 1
    assert count > 500


class Page(HTMLParser):
    """Tags that are open, ids, and links."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "col"):
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(str(value))
            if name in ("href", "src"):
                self.links.append(str(value))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_links_of_the_shipped_lead_somewhere(shipped: dict[str, Assessment]) -> None:
    for one in shipped.values():
        page = Page()
        page.feed(calculation_book(one, "en", "html"))
        assert page.open == []
        assert len(page.ids) == len(set(page.ids))
        assert {link.removeprefix("#") for link in page.links} - set(page.ids) == set()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_is_whole_and_asks_for_nothing(lang: Any, example: Assessment) -> None:
    text = calculation_book(example, lang, "html")
    page = Page()
    page.feed(text)
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert page.links
    assert {link.removeprefix("#") for link in page.links} <= set(page.ids)
    assert "url(" not in text and "@import" not in text and "<script" not in text
    assert "&lt;b&gt;" in text and "<b>" not in text.replace("<b>", "", text.count('<span class="fact"><b>'))


def test_a_cell_of_markdown_stays_one_cell(example: Assessment) -> None:
    text = calculation_book(example, "en", "md")
    assert "| p\\|q | `2 * 7` | = 14 t_a |" in text
    assert "\n\n\n\n" not in text


def test_the_same_text_twice(tmp_path: Path) -> None:
    case = CASES[0]
    assert calculation_book(assessed(case), "zh", "html") == calculation_book(assessed(case), "zh", "html")


def test_invented_data_is_said_first(shipped: dict[str, Assessment]) -> None:
    books = {name: calculation_book(one, "zh", "md") for name, one in shipped.items()}
    assert all(("示例：含虚构数据" in text) == ("hdi" not in name) for name, text in books.items())

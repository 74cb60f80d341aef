"""Assessment → calculation book: every computed value in order, with its formula, the formula with numbers, the result, the
rounding, clause and place, so that a person with a pocket calculator can follow. One HTML page, or Markdown that is plain text."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from guiju.diagnostics.language import Language
from guiju.evaluation.describe import describe
from guiju.evaluation.run import Assessment
from guiju.formula.grammar import CORE
from guiju.formula.library import library
from guiju.formula.numbers import plain
from guiju.places import template_folder
from guiju.report.numbers import inside_with, significant
from guiju.report.origin import Told, cell_facts, given_facts, origin_facts, rounding_words
from guiju.report.render import render
from guiju.report.wording import Wording, cause, report_words

Form = Literal["html", "md"]
Data = Mapping[str, Any]
Facts = tuple[tuple[str, str], ...]
DIGITS = 12  # what a pocket calculator shows
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_CALLED = re.compile(r"([a-z_]+)\(")


@dataclass(frozen=True, slots=True)
class Given:
    """A value that was handed in, or a parameter."""

    id: str
    title: str
    value: str
    unit: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Listing:
    """The rows of a collection as they were handed in: heads with unit, then cells."""

    id: str
    title: str
    heads: Facts  # of each column its name and what stands above it
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """The formula with numbers and the result; of a row, its key."""

    key: str
    numbers: str
    result: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Entry:
    """One computed value, or one per row."""

    number: int
    id: str
    title: str
    unit: str
    formula: str
    run: str  # where conversions were put in
    facts: Facts  # conversions and rounding, then basis and place
    uses: tuple[str, ...]
    lines: tuple[Line, ...]
    by_row: bool

    @property
    def looked_up(self) -> bool:
        """Whether a row has more to say than its numbers."""
        return any(line.facts for line in self.lines)


@dataclass(frozen=True, slots=True)
class BookView:
    """Everything that the book shows; templates compute nothing."""

    lang: Language
    title: str
    banner: str
    how: str
    about: Facts
    given: tuple[Given, ...]
    listings: tuple[Listing, ...]
    constants: tuple[Given, ...]
    entries: tuple[Entry, ...]
    functions: tuple[str, ...]
    sources: tuple[str, ...]
    gaps: tuple[str, ...]


def calculation_book(assessment: Assessment, lang: Language, form: Form, *, exact: bool = False) -> str:
    """The book as HTML (one file, nothing from outside) or Markdown. The same assessment gives the same text."""
    view = book_view(assessment, lang, exact=exact)
    return render(f"calculation/book.{form}.j2", {"view": view, "say": _words(lang)})


def book_view(assessment: Assessment, lang: Language, *, exact: bool = False) -> BookView:
    return _Book(assessment, lang, exact).view()


def _words(lang: Language) -> Wording:
    return Wording(template_folder() / "calculation" / "words.yaml", lang)


class _Book:
    def __init__(self, assessment: Assessment, lang: Language, exact: bool) -> None:
        self.assessment, self.lang, self.exact = assessment, lang, exact
        self.data, self.say, self.report, self.told = describe(assessment), _words(lang), report_words(lang), Told()
        self.nodes: Mapping[str, Data] = self.data["nodes"]

    def view(self) -> BookView:
        say, data, lang = self.say, self.data, self.lang
        how = say("book_how_exact") if self.exact else say("book_how", digits=DIGITS)
        given = tuple(self._given(name, node) for name, node in self._of("context", "input", "evidence"))
        listings = tuple(self._listings())
        constants = tuple(self._given(name, node) for name, node in self._of("parameter"))
        entries = tuple(self._entry(*each) for each in enumerate(self._of("formula"), 1))
        return BookView(
            lang=lang,
            title=say("book_of", title=data["case"]["title"][lang]),
            banner=say("book_illustrative") if data["summary"]["illustrative"] else "",
            how=how,
            about=self._about(),
            given=given,
            listings=listings,
            constants=constants,
            entries=entries,
            functions=tuple(self._functions()),
            sources=tuple(self._sources()),
            gaps=tuple(self._gaps()),
        )

    def _of(self, *kinds: str) -> list[tuple[str, Data]]:
        return [(name, node) for name, node in self.nodes.items() if node["kind"] in kinds]

    def _about(self) -> Facts:
        say, data, lang = self.say, self.data, self.lang
        ruleset, period, engine = data["ruleset"], data["case"]["period"], data["engine"]
        name = data["case"]["subject"].get("name", "")
        ref = f"{ruleset['title'][lang]} {ruleset['id']}@{ruleset['version']}"
        made = say("engine_is", name=engine["name"], version=engine["version"], semantics=engine["number_semantics"])
        return (
            (say("subject"), str(name[lang] if isinstance(name, Mapping) else name)),
            (say("ruleset"), f"{ref} · {ruleset['variant']}" if ruleset["variant"] else ref),
            (say("fingerprint"), ruleset["fingerprint"]),
            (say("period"), say("until", start=period["from"], end=period["to"])),
            (say("engine"), made),
        )

    # -- values -------------------------------------------------------------------------------------------------------
    def shown(self, value: Any) -> str:
        """A value in a table."""
        if value is None:
            return self.say("missing")
        if isinstance(value, bool):
            return self.say("yes_true" if value else "no_false")
        text = str(value)
        return significant(text, DIGITS) if _NUMBER.fullmatch(text) and not self.exact else text

    def result(self, value: Any, node: Data) -> str:
        """= or ≈, the value, its unit."""
        text = self.shown(value)
        if node["type"] != "number" or value is None:
            return f"= {text}"
        return " ".join(filter(None, ["=" if text == str(value) else "≈", text, _unit(node)]))

    def numbers(self, text: str) -> str:
        return text if self.exact else inside_with(text, DIGITS)

    def _given(self, name: str, node: Data) -> Given:
        facts = given_facts(node["given"], self.data, self.report) if "given" in node else ()
        facts += origin_facts(node, self.data, self.report, self.told)
        return Given(name, node["title"][self.lang], self.shown(node["value"]), _unit(node), facts)

    def _listings(self) -> Iterator[Listing]:
        """Each collection that was handed in, with its columns beside each other."""
        for name, collection in self.assessment.plan.collections.items():
            ids = [f"{name}.{each}" for each in collection.columns]
            columns = [(id_, self.nodes[id_]) for id_ in ids if "rows" in self.nodes.get(id_, {})]
            if not columns:
                continue
            heads = [
                (id_, " ".join(filter(None, [node["title"][self.lang], _bracketed(_unit(node))])))
                for id_, node in columns
            ]
            cells = zip(*([self._cell(row) for row in node["rows"]] for _, node in columns), strict=True)
            yield Listing(name, getattr(collection.title, self.lang), tuple(heads), tuple(cells))

    def _cell(self, row: Data) -> str:
        return self.say("empty") if row["value"] is None else self.shown(row["value"])

    # -- what is computed ---------------------------------------------------------------------------------------------
    def _entry(self, number: int, named: tuple[str, Data]) -> Entry:
        name, node = named
        facts = tuple(self._conversions(node))
        if "rounding" in node:
            facts += ((self.say("rounding"), rounding_words(node["rounding"], self.report)),)
        return Entry(
            number=number,
            id=name,
            title=node["title"][self.lang],
            unit=_unit(node),
            formula=node["formula"],
            run=node.get("formula_run", ""),
            facts=facts + origin_facts(node, self.data, self.report, self.told),
            uses=tuple(node["uses"]),
            lines=tuple(self._line(row, node, str(row["key"])) for row in node["rows"])
            if "rows" in node
            else (self._line(node, node, ""),),
            by_row="rows" in node,
        )

    def _line(self, row: Data, node: Data, key: str) -> Line:
        facts = tuple(
            fact
            for cell in row.get("cells", ())
            for fact in cell_facts(cell, self.data, self.report, self.told, exact=self.exact)
        )
        if "missing" in row:
            facts += ((self.say("missing"), cause(row["missing"], self.lang)),)
        return Line(key, self.numbers(row.get("with_numbers", "")), self.result(row.get("value"), node), facts)

    def _conversions(self, node: Data) -> Iterator[tuple[str, str]]:
        """The factor of every unit conversion in the formula."""
        for source, target in dict.fromkeys(_conversions(node.get("formula_run") or node["formula"])):
            factor = self.assessment.plan.measures.factor(source, target)
            if factor is not None:
                yield self.say("conversion"), f"1 {source} = {_fraction(factor)} {target}"

    # -- what is said at the end --------------------------------------------------------------------------------------
    def _functions(self) -> Iterator[str]:
        """What the functions mean that some formula uses; those of the library with the formula they stand for."""
        texts = [node.get("formula_run") or node["formula"] for _, node in self._of("formula")]
        called = {name for text in texts for name in _CALLED.findall(text)}
        for definition in library().values():
            if definition.name in called:
                called |= set(_CALLED.findall(definition.text))
                head = f"{definition.name}({', '.join(definition.parameters)}) = {definition.text}"
                zh, en = definition.title
                yield f"{head} · {zh if self.lang == 'zh' else en}"
        for name in CORE:
            if name in called:
                yield self.say(f"fn_{name}")

    def _sources(self) -> Iterator[str]:
        cited = {node.get("source") for node in self.nodes.values()}
        for name, source in self.data["sources"].items():
            if name in cited:
                title, number = source["title"][self.lang], str(source.get("number", ""))
                how = self.report.known(f"access_{source.get('access')}", "")
                yield f"[{name}] {title}{'' if not number or number in title else f' {number}'}{how}"

    def _gaps(self) -> Iterator[str]:
        for gap in self.data["not_computed"]:
            yield f"{gap['node']}: " + "; ".join(cause(each, self.lang) for each in gap["causes"])


def _unit(node: Data) -> str:
    return "" if node.get("unit") in (None, "1") else str(node["unit"])


def _bracketed(text: str) -> str:
    return f"({text})" if text else ""


def _conversions(formula: str) -> Iterator[tuple[str, str]]:
    """The two units of every `convert` in a formula that runs."""
    for call in ast.walk(ast.parse(formula, mode="eval")):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "convert":
            source, target = (str(unit.value) for unit in call.args[1:] if isinstance(unit, ast.Constant))
            yield source, target


def _fraction(factor: Fraction) -> str:
    """Exactly: a decimal where it is one, else a quotient."""
    value = Decimal(factor.numerator) / Decimal(factor.denominator)
    return plain(value) if Fraction(value) == factor else f"{factor.numerator}/{factor.denominator}"

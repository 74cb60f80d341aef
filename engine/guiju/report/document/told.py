"""What the chapters of a report are written from: the data of the assessment, advice, words; and how single values are told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

from guiju.evaluation.advice import Advice
from guiju.places import template_folder
from guiju.report.document.model import Block, Column, Row, Table
from guiju.report.numbers import shown
from guiju.report.quality import plus_minus, tier_words
from guiju.report.tree import unit
from guiju.report.wording import Wording, report_words

Data = Mapping[str, Any]
Heading = tuple[int, str, list[Block]]  # level, title, what stands below it
_WIDE = Context(prec=80, rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999)
_PREFIX = re.compile(r"^(.+?(?:：|: ))")


@dataclass(frozen=True, slots=True)
class Told:
    """One assessment in one language. `advice` is None where none could be computed; `said` holds client, assessor, date …"""

    data: Data
    say: Wording
    own: Wording
    advice: Advice | None
    said: Mapping[str, Any]
    letters: Mapping[str, str] = field(default_factory=dict)  # of annexes, by their names
    nodes: Data = field(init=False)
    choices: Mapping[str, Mapping[str, str]] = field(init=False)  # key of a choice → node → title

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", self.data["nodes"])
        found: dict[str, dict[str, str]] = {}
        for name, entry in self.nodes.items():
            for key, title in entry.get("choices", {}).items():
                found.setdefault(key, {})[name] = self.say.title(title)
        object.__setattr__(self, "choices", found)

    @property
    def subject(self) -> str:
        """Whose report it is: the name; the title of the case where it names nobody."""
        case = self.data["case"]
        return self.words(case["subject"].get("name")) or self.words(case["title"]) or str(case["id"])

    def join(self, texts: Iterable[str]) -> str:
        return str(self.say("list_separator")).join(texts)

    def title(self, name: str) -> str:
        return self.say.title(self.nodes[name]["title"])

    def named(self, name: str) -> str:
        """The title of a collection, of a column of a table, or of a kind of evidence."""
        titles = self.data.get("titles", {})
        return self.say.title(titles[name]) if name in titles else name.removeprefix("evidence:")

    def words(self, value: Any) -> str:
        """A text that may be in both languages."""
        return self.say.title(value) if isinstance(value, Mapping) else str(value or "")

    @property
    def rules_proposed(self) -> str:
        """How many of the rules are proposals, and where they stand; said of every ruleset that says a basis at all."""
        bases = self.data["summary"]["rules_by_basis"]
        every, proposed = sum(map(int, bases.values())), int(bases.get("proposed", 0))
        if not every:
            return ""
        key = "rules_proposed_where" if proposed and "proposed" in self.letters else "rules_proposed"
        return str(self.own(key, all=every, count=proposed, annex=self.letters.get("proposed", "")))

    def value(self, name: str) -> tuple[str, str]:
        """The value of a node as people read it, and its unit."""
        entry = self.nodes[name]
        return self.cell(entry, entry.get("value")), unit(entry["unit"], self.say)

    def cell(self, entry: Data, value: Any) -> str:
        """One value of a node or of a row of it."""
        if value is None:
            return str(self.say("not_computed" if entry["kind"] == "formula" else "not_given"))
        if isinstance(value, bool):
            return str(self.say("yes" if value else "no"))
        if entry["type"] == "number":
            return shown(value, self.say.lang, entry.get("rounding"))
        chosen = entry.get("choices", {})
        if value in chosen or entry["kind"] not in ("formula", "parameter"):  # what somebody wrote is no code
            return self.words(chosen.get(value, value))
        return self.called(str(value))

    def called(self, key: str, near: str = "") -> str:
        """What a choice is called: by a column or input of the name `near` first, else by all alike; the key where they differ."""
        titles = self.choices.get(key, {})
        own = {title for name, title in titles.items() if name.rpartition(".")[2] == near} or set(titles.values())
        return own.pop() if len(own) == 1 else key

    def row(self, name: str, key: str) -> str:
        """A row of a collection: what the choice is called that it goes by, else its key."""
        columns = [entry for each, entry in self.nodes.items() if each.startswith(f"{name}.") and "choices" in entry]
        goes_by = [each for each in columns if any(row["key"] == key == row["value"] for row in each["rows"])]
        return self.words(goes_by[0]["choices"].get(key, key)) if goes_by else key

    def quality(self, name: str) -> str:
        entry = self.nodes[name]
        return " · ".join(text for text in (plus_minus(entry, self.say), tier_words(entry, self.say)) if text)

    def number(self, name: str) -> Decimal | None:
        """The value of a node that is a number."""
        entry = self.nodes.get(name, {})
        value = entry.get("value")
        return Decimal(value) if entry.get("type") == "number" and value is not None else None

    def source(self, entry: Data) -> str:
        """Basis, document and clause of a rule or number."""
        basis = self.say.known(f"basis_{entry.get('basis')}", "")
        document = self.data["sources"].get(entry.get("source"))
        if document is None:
            return str(basis)
        text = " ".join(filter(None, [self.say.title(document["title"]), document.get("number", "")]))
        clause = entry.get("clause")
        if clause is not None:
            text += self.own("clause_not_seen") if clause == "not seen" else self.own("clause", clause=clause)
        return self.own("basis_source", basis=basis, source=text) if basis else text


def told(data: Data, lang: Any, advice: Advice | None, said: Mapping[str, Any]) -> Told:
    """The assessment with the words of one language."""
    path = template_folder() / "document" / "words.yaml"
    return Told(data, report_words(lang), Wording(path, lang), advice, {**data["case"].get("report", {}), **said})


def share(part: Decimal, whole: Decimal | None) -> str:
    """A part in percent with one decimal; nothing where there is no whole."""
    if not whole:
        return ""
    percent = _WIDE.divide(part * 100, whole).quantize(Decimal("0.1"), context=_WIDE)
    return f"{percent} %"


def without_prefix(titles: list[str]) -> list[str]:
    """Titles without the beginning that they all share, up to a colon."""
    first = _PREFIX.match(titles[0]) if titles else None
    if first is None or not all(title.startswith(first[1]) for title in titles):
        return titles
    return [title.removeprefix(first[1]) for title in titles]


def table(caption: str, columns: Iterable[tuple[Any, ...]], rows: Iterable[Row]) -> Table:
    """A table; a column whose third part is ">" stands to the right."""
    heads = tuple(Column(each[0], each[1], "right" if each[2:] == (">",) else "left") for each in columns)
    return Table("", caption, heads, tuple(rows))


def pairs(rows: Iterable[tuple[str, str]], caption: str = "") -> Table:
    """Names and texts beside each other, without a head."""
    return table(caption, [("", 1), ("", 3)], (Row(row) for row in rows if row[1]))

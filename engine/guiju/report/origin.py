"""What an assessment tells of a number besides its value: formula, rounding, basis, clause, evidence, place, as labelled words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guiju.report import numbers
from guiju.report.wording import Wording, cause

Data = Mapping[str, Any]
Facts = tuple[tuple[str, str], ...]


class Told:
    """What a tree has told already: documents are named in full once, remarks are made once."""

    __slots__ = ("_texts",)

    def __init__(self) -> None:
        self._texts: set[str] = set()

    def first(self, text: str) -> bool:
        new = text not in self._texts
        self._texts.add(text)
        return new


def formula_facts(entry: Data, row: Data | None, say: Wording, *, exact: bool) -> Facts:
    """The formula as written, as it ran where conversions were inserted, and with the numbers put in."""
    if entry.get("made_from") == "result":  # a nest of choices, one per condition: the conditions below say it better
        return ()
    facts: Facts = ((say("fact_formula"), entry["formula"]),)
    if "formula_run" in entry:
        facts += ((say("fact_run"), say("converted", formula=entry["formula_run"])),)
    put_in = (row or entry).get("with_numbers")
    if put_in is not None and entry["formula"].strip() not in entry["uses"]:
        facts += ((say("fact_numbers"), numbers.inside(put_in, exact=exact)),)
    if "rounding" in entry:
        facts += ((say("fact_rounding"), rounding_words(entry["rounding"], say)),)
    return facts


def rounding_words(rounding: Data, say: Wording) -> str:
    return (
        say(f"round_{rounding['kind']}", amount=rounding["amount"])
        + say("list_separator")
        + say(f"mode_{rounding['mode']}")
    )


def cell_facts(cell: Data, data: Data, say: Wording, told: Told, *, exact: bool) -> Facts:
    """A cell of a table that a lookup found."""
    value = cell["value"]
    if cell.get("unit") is not None:
        unit = "" if cell["unit"] == "1" else f" {cell['unit']}"
        value = (numbers.exact(value, say.lang) if exact else numbers.shown(value, say.lang)) + unit
    keys = say("list_separator").join(f"{name} = {key}" for name, key in cell["keys"].items())
    quality = [f"± {numbers.shown(cell['uncertainty'], say.lang)} %"] if "uncertainty" in cell else []
    quality += [say(f"tier_{cell['tier']}")] if "tier" in cell else []
    found = " · ".join([f"{cell['table']}[{keys}] = {value}", *quality])
    return (
        (say("fact_cell"), " · ".join([found, *_basis(cell, data, say, told), place_words(cell["place"])])),
        *_note(cell, say, told),
    )


def given_facts(given: Data, data: Data, say: Wording, collection: str = "") -> Facts:
    """How an input was handed in: origin, as written, source, line of the case, evidence, remarks; of a row with a child, where
    to look on."""
    if given.get("origin") == "child":
        return child_facts(given, data, say, collection)
    parts = [say(f"from_{given['origin']}")] if "origin" in given else []
    if "written" in given:
        parts.append(say("written_as", value=given["written"]["value"], unit=given["written"]["unit"]))
    if "source" in given:
        parts.append(_remark(given["source"], say))
    facts: Facts = ((say("fact_given"), " · ".join([*(parts or [say("from_unsaid")]), *_line(given, data)])),)
    if given.get("evidence"):
        facts += (
            (
                say("fact_evidence"),
                say("list_separator").join(_evidence(name, data, say) for name in given["evidence"]),
            ),
        )
    for name in ("note", "reason"):
        if name in given:
            facts += ((say(f"fact_{name}"), _remark(given[name], say)),)
    return facts


def _line(given: Data, data: Data) -> list[str]:
    """The line of the case file on which the value stands."""
    file = data["case"].get("file")
    return [f"{file}:{given['line']}"] if file and "line" in given else []


def child_facts(given: Data, data: Data, say: Wording, collection: str) -> Facts:
    """What was taken from which assessment, why it has no value, and the command that goes on from there."""
    rows = (
        entry for entry in data.get("children", ()) if (entry["collection"], entry["key"]) == (collection, given["key"])
    )
    child = next((entry for entry in rows if entry["id"] == given["child"]), None)
    facts: Facts = ()
    if child is not None:
        file = child.get("case") or child.get("assessment") or ""
        made_by = say("list_separator").join(filter(None, [file, child["ruleset"], child["variant"]]))
        text = say("taken", node=given["node"], id=child["id"], made_by=made_by)
        name = str(given["node"]).replace("@grade", "grade")
        further = "" if name.startswith("@") else say("taken_further", command=f"guiju explain {file} {name}")
        facts += ((say("fact_taken"), text + further),)
    if "written" in given:
        written = given["written"]
        facts += ((say("fact_converted"), say("written_there", value=written["value"], unit=written["unit"])),)
    if "missing" in given:
        facts += ((say("fact_missing"), cause(given["missing"], say.lang)),)
    return facts


def _remark(value: Any, say: Wording) -> str:
    """A remark of a case: one text, or one in each language."""
    return say.title(value) if isinstance(value, dict) else str(value)


def _evidence(name: str, data: Data, say: Wording) -> str:
    entry = data["case"]["evidence"].get(name)
    if entry is None:
        return name
    parts = [say.title(entry["title"]), *(entry[key] for key in ("file", "date") if key in entry)]
    return f"{name} ({', '.join(parts)})" if say.lang == "en" else f"{name}（{'，'.join(parts)}）"


def origin_facts(entry: Data, data: Data, say: Wording, told: Told) -> Facts:
    """Basis, source, clause and place of a rule, a remark on it, and what changed it."""
    parts = _basis(entry, data, say, told)
    label = say("fact_basis" if parts else "fact_place")
    if "place" in entry:
        parts.append(place_words(entry["place"]))
    facts: Facts = ((label, " · ".join(parts)),) if parts else ()
    facts += _note(entry, say, told)
    if "since" in entry:
        facts += ((say("fact_since"), str(entry["since"])),)
    for change in entry.get("changed", ()):
        facts += (
            (
                say("fact_changed"),
                say("change", version=change["version"], what=say.title(change["what"]), why=say.title(change["why"])),
            ),
        )
    return facts


def _note(entry: Data, say: Wording, told: Told) -> Facts:
    if "note" not in entry or not told.first(say.title(entry["note"])):
        return ()
    return ((say("fact_note"), say.title(entry["note"])),)


def _basis(entry: Data, data: Data, say: Wording, told: Told) -> list[str]:
    """Basis, document and how it was read, clause ("not seen" in words), place in the document."""
    parts = [say.known(f"basis_{entry['basis']}", entry["basis"])] if "basis" in entry else []
    if "source" in entry:
        parts.append(_source(str(entry["source"]), data, say, told))
    if "clause" in entry:
        parts.append(say("clause_not_seen") if entry["clause"] == "not seen" else say("clause", clause=entry["clause"]))
    if "at" in entry:
        parts.append(str(entry["at"]))
    return parts


def _source(name: str, data: Data, say: Wording, told: Told) -> str:
    """A document: title, number and how it was read at first, then its id alone."""
    source = data["sources"].get(name)
    if source is None or not told.first(f"source {name}"):
        return f"[{name}]"
    title, number = say.title(source["title"]), str(source.get("number", ""))
    title = f"{title} {number}" if number and number not in title else title
    how = say.known(f"access_{source.get('access')}", "")
    return f"{title}{how} [{name}]"


def place_words(place: Data) -> str:
    return f"{place['file']}:{place['line']}"

"""Finding → sentence. The words of a room are in messages/<room>.yaml, in both languages side by side."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from shlex import quote
from typing import Any, Literal, TypeAlias

from guiju.diagnostics.finding import Finding, Found
from guiju.diagnostics.language import Language
from guiju.source.node import data
from guiju.source.yaml_text import read_text

Severity: TypeAlias = Literal["error", "warning", "note"]
LANGUAGES: tuple[Language, Language] = ("zh", "en")
SHARED = "words"
NOT_SEEN = "not seen"  # in the place of a clause that nobody read

# {name}, or {name:word} for a fact that is itself a key of the words, or a list of such keys.
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)(:word)?\}")
_JOIN = {"zh": "、", "en": ", "}

_Template: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Message:
    """The words of one code."""

    severity: Severity
    sentence: _Template
    fixes: tuple[_Template, ...]  # the first one whose facts are all known is shown


def severity(code: str) -> Severity:
    """Say how bad it is: error, warning or note. KeyError for a code without words."""
    return _message(code).severity


def sentence(finding: Finding, lang: Language) -> str:
    """Say what is wrong."""
    return _filled(_message(finding.code).sentence[lang], finding, lang)


def fix(finding: Finding, lang: Language) -> str | None:
    """Say how to mend it, if that is known."""
    for template in _message(finding.code).fixes:
        names = (name for name, _ in _PLACEHOLDER.findall(template[lang]))
        if all(_fact(finding, name, lang) for name in names):
            return _filled(template[lang], finding, lang)
    return None


def told(finding: Finding, lang: Language) -> list[tuple[str, str]]:
    """What is told of any finding that has these facts, label and text: row, figures, the document that asks for it, the way on."""
    lines = [(word(name, lang), _fact(finding, name, lang)) for name in ("row", "figures")]
    cited, clause = _fact(finding, "cited", lang), _fact(finding, "clause", lang)
    if cited and clause:
        about = word("clause-not-seen" if clause == NOT_SEEN else "clause", lang).replace("{}", clause)
        cited = f"{cited}{word('comma', lang)}{about}"
    node = _fact(finding, "explain", lang)
    lines += [(word("cited", lang), cited), (word("explain", lang), _command(finding, node) if node else "")]
    return [(label, text) for label, text in lines if text]


def _command(finding: Finding, node: str) -> str:
    """How to see where a node comes from: in the file that was written; of what a row takes from, in that case itself."""
    of_child = finding.place is not None and any(what == "taken-here" for what, _ in finding.related)
    return f"guiju explain {quote(finding.place.file) if finding.place and of_child else 'FILE.json'} {node}"


def word(key: str, lang: Language, room: str = SHARED) -> str:
    """Word a key such as "first" or "number": the room's word, else the shared one, else the key itself."""
    for place in (room, SHARED):
        entry = _words(place).get(key)
        if entry:
            return entry[lang]
    return key


def codes() -> tuple[str, ...]:
    """List all codes that have words."""
    names = sorted(path.name for path in _folder().iterdir() if path.name.endswith(".yaml"))
    rooms = [name.removesuffix(".yaml") for name in names]
    return tuple(f"{room}.{key}" for room in rooms if room != SHARED for key in _messages(room))


def _message(code: str) -> Message:
    room, _, what = code.partition(".")
    message = _messages(room).get(what)
    if message is None:
        raise KeyError(f"no words for {code}: they belong in diagnostics/messages/{room}.yaml")
    return message


def _filled(template: str, finding: Finding, lang: Language) -> str:
    room = finding.code.partition(".")[0]

    def value(match: re.Match[str]) -> str:
        text = _fact(finding, match.group(1), lang)
        if not match.group(2):
            return text
        return word(text, lang, room) if word(text, lang, room) != text else _each_word(text, lang, room)

    return _PLACEHOLDER.sub(value, template)


def _each_word(text: str, lang: Language, room: str) -> str:
    return _JOIN[lang].join(word(key, lang, room) for key in text.split(", "))


def _fact(finding: Finding, name: str, lang: Language) -> str:
    """The fact of that name; one that differs by language is given as name_zh and name_en."""
    facts = dict(finding.facts)
    return facts.get(f"{name}_{lang}", facts.get(name, ""))


@cache
def _messages(room: str) -> Mapping[str, Message]:
    entries = _load(room)
    return {code: _as_message(entry) for code, entry in entries.items() if code != "words"}


@cache
def _words(room: str) -> Mapping[str, _Template]:
    entries = _load(room)
    found: Mapping[str, _Template] = entries if room == SHARED else entries.get("words", {})
    return found


def _as_message(entry: Mapping[str, Any]) -> Message:
    fixes = entry.get("fix", [])
    return Message(
        entry["severity"],
        {lang: entry[lang] for lang in LANGUAGES},
        tuple(fixes) if isinstance(fixes, list) else (fixes,),
    )


def _folder() -> Traversable:
    return files(__package__).joinpath("messages")


@cache
def _load(room: str) -> Mapping[str, Any]:
    """The file of a room; empty for a room without one. A broken file is a fault of ours, so it raises."""
    path = _folder().joinpath(f"{room}.yaml")
    if not re.fullmatch(r"[a-z][a-z_]*", room) or not path.is_file():
        return {}
    found = Found()
    node = read_text(path.read_text(encoding="utf-8"), path.name, found)
    if node is None:
        raise ValueError(found.findings)
    loaded: Mapping[str, Any] = data(node)
    return loaded

"""The words of a YAML file in one language: `say("claims")`, `say("more", count="3")`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, cast

from guiju.diagnostics.finding import Finding, Found
from guiju.diagnostics.language import Language
from guiju.diagnostics.words import sentence
from guiju.places import template_folder
from guiju.source.node import data
from guiju.source.yaml_text import read_text

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


class Wording:
    """Words of one file in one language. A key that the file lacks is a fault of ours, so it raises."""

    __slots__ = ("_entries", "lang")

    def __init__(self, path: Path, lang: Language) -> None:
        self._entries = _load(path)
        self.lang = lang

    def __call__(self, key: str, **facts: object) -> str:
        text = self._entries[key][self.lang]
        return _PLACEHOLDER.sub(lambda match: str(facts[match.group(1)]), text)

    def known(self, key: str, otherwise: str) -> str:
        """The word of a key that comes from data, which may know more of them than we do."""
        return self._entries[key][self.lang] if key in self._entries else otherwise

    def count(self, key: str, number: int) -> str:
        """So many of something; English tells one from many."""
        form = f"{key}_one" if number == 1 and f"{key}_one" in self._entries else key
        return self(form, count=number)

    def title(self, words: Mapping[str, Any]) -> str:
        """A text that the data holds in both languages."""
        return str(words[self.lang])

    def either(self, text: object) -> str:
        """A text of a case: one for all, or one in each language."""
        return str(text[self.lang] if isinstance(text, Mapping) else text)


def report_words(lang: Language) -> Wording:
    """The words of everything that reports show."""
    return Wording(template_folder() / "words.yaml", lang)


def cause(entry: Mapping[str, Any], lang: Language) -> str:
    """Why a value could not be computed, in a sentence: what, and why."""
    facts = tuple((str(name), str(value)) for name, value in entry["facts"].items())
    why = sentence(Finding(str(entry["code"]), None, facts), lang)
    title = str(entry["title"][lang])
    return f"{title} ({entry['origin']}): {why}" if lang == "en" else f"{title}（{entry['origin']}）：{why}"


@cache
def _load(path: Path) -> Mapping[str, Mapping[str, str]]:
    found = Found()
    node = read_text(path.read_text(encoding="utf-8"), path.name, found)
    if node is None:
        raise ValueError(f"{path}: {found.findings}")
    return cast(Mapping[str, Mapping[str, str]], data(node))

"""Ids with their titles, for messages: what may be chosen is known by its name, and written by its id."""

from __future__ import annotations

from collections.abc import Iterable

from guiju.ruleset.model import Words


def with_titles(fact: str, entries: Iterable[tuple[str, Words | None]]) -> dict[str, str]:
    """A list as facts: ids alone for programs, with titles in each language for people."""
    known = tuple(entries)
    return {
        fact: ", ".join(name for name, _ in known),
        f"{fact}_zh": ", ".join(name if title is None else f"{name} {title.zh}" for name, title in known),
        f"{fact}_en": ", ".join(name if title is None else f"{name} {title.en}" for name, title in known),
    }

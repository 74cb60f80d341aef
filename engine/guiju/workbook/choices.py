"""What a drop-down offers, and what was chosen: the value of the data, its label, or one of its two titles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from guiju.plan.choices import choices_of, row_titles
from guiju.plan.model import Plan
from guiju.ruleset.model import Collection, Input, Words
from guiju.workbook.model import Option
from guiju.workbook.words import words

TRUTHS = (Option("true", words("yes")), Option("false", words("no-choice")))
ROLES = tuple(Option(key, words(key)) for key in ("self", "third_party"))
TIERS = tuple(Option(key, words(word)) for key, word in (("measured", "measured"), ("calculated", "calculated"), ("default", "default-value")))  # fmt: skip
ORIGINS = (
    Option("public", words("public")),
    *TIERS,
    Option("illustrative", words("illustrative-value")),
)
OF_DETAIL: Mapping[str, tuple[Option, ...]] = {"origin": ORIGINS, "tier": TIERS}


def options_of(item: Input, plan: Plan) -> tuple[Option, ...]:
    """The choices of an input or column; none where it is no choice."""
    if item.type == "boolean":
        return TRUTHS
    if item.choices is not None:
        return distinct(Option(key, title) for key, title in item.choices.items())
    titles = row_titles(item, plan.tables)
    return distinct(Option(key, titles.get(key)) for key in choices_of(item, plan.tables))


def distinct(options: Iterable[Option]) -> tuple[Option, ...]:
    """Choices that are called alike, or as another one's value, are shown with their value."""
    listed = tuple(options)
    called = Counter(name for option in listed for name in {option.label.casefold(), option.key.casefold()})
    return tuple(
        option
        if called[option.label.casefold()] == 1 or option.title is None
        else Option(option.key, Words(f"{option.key} {option.title.zh}", option.title.en))
        for option in listed
    )


def chosen(options: Iterable[Option]) -> dict[str, str]:
    """Every way of naming a choice that can mean one only → its value."""
    meant: dict[str, set[str]] = {}
    listed = tuple(options)
    for option in listed:
        for name in (option.label, *(option.title or ())):
            meant.setdefault(name.casefold(), set()).add(option.key)
    names = {name: keys.pop() for name, keys in meant.items() if len(keys) == 1}
    return {**names, **{option.key: option.key for option in listed}}


def choice(text: str, names: Mapping[str, str]) -> str:
    """The value that a text means; the text itself where it means none, so that the reader of cases can say so."""
    return names.get(text) or names.get(text.casefold()) or text


def kinds_of(plan: Plan) -> tuple[Option, ...]:
    """The kinds of evidence."""
    return distinct(Option(key, title) for key, title in plan.evidence.items())


def checks_of(plan: Plan) -> tuple[Option, ...]:
    """The checks, each with its id before its title: findings and cases call it by that."""
    return tuple(Option(each.id, Words(f"{each.id} {each.title.zh}", each.title.en)) for each in plan.checks)


def check_names(plan: Plan) -> dict[str, str]:
    """Every way of naming one check only: id, label, title."""
    titles = [Option(each.id, each.title) for each in plan.checks]
    return {**chosen(titles), **chosen(checks_of(plan))}


def columns_of(collection: Collection) -> tuple[Option, ...]:
    """The columns of a collection, as they are called and as their heads stand: with unit and star."""
    titles = [Option(item.id, item.title) for item in collection.columns.values()]
    return (*titles, *(Option(item.id, head_of(item)) for item in collection.columns.values()))


def head_of(item: Input) -> Words:
    """What stands over a column of a collection: its title, the unit, a star where it must be filled in."""
    unit = f" [{item.unit}]" if item.unit not in (None, "1") else ""
    star = " *" if item.required else ""
    return Words(f"{item.title.zh}{unit}{star}", item.title.en)


def tables_of(plan: Plan) -> tuple[Option, ...]:
    """The collections."""
    return distinct(Option(item.id, item.title) for item in plan.collections.values())

"""What every command is told: language and where rulesets are. Both options may stand before or after the command's name."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import click

from guiju.diagnostics.language import Language, choose
from guiju.places import ruleset_roots

LANGUAGES = click.Choice(["zh", "en"])
HELP_LANG = "语言 · Language"
HELP_HELP = "帮助 · Help"
HELP_RULESETS = "规则集所在文件夹 · Folder with rulesets"
Decorated = TypeVar("Decorated", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Setting:
    """The language of the words, and the folder given with --rulesets."""

    lang: Language
    rulesets: str | None = None

    @property
    def roots(self) -> tuple[Path, ...]:
        return ruleset_roots(self.rulesets, os.environ)


class NoSuchCommand(click.UsageError):
    """A command that is not on the shelf, and those that are."""

    def __init__(self, name: str, there: Sequence[str], ctx: click.Context) -> None:
        super().__init__(name, ctx)
        self.name, self.there = name, tuple(there)


def setting_of(lang: str | None, rulesets: str | None) -> Setting:
    _check_folder(rulesets)
    return Setting(choose(lang, os.environ), rulesets)


def _check_folder(rulesets: str | None) -> None:
    """A folder that was named must be there: otherwise the shipped rulesets would answer unasked."""
    if rulesets is not None and not Path(rulesets).is_dir():
        raise click.BadParameter(f"没有文件夹 {rulesets} · there is no folder {rulesets}", param_hint="--rulesets")


def shared(function: Decorated) -> Decorated:
    """--lang and --rulesets after the name of a command."""
    function = click.option(
        "--rulesets", metavar="DIR", help=HELP_RULESETS, expose_value=False, is_eager=True, callback=_rulesets
    )(function)
    function = click.help_option("--help", help=HELP_HELP)(function)
    return click.option("--lang", type=LANGUAGES, help=HELP_LANG, expose_value=False, is_eager=True, callback=_lang)(
        function
    )


def wishing(function: Callable[..., int]) -> Callable[..., int]:
    """--ruleset, --variant and --on: by what a case is evaluated, where that is not what the case says. Handed on as `wish`."""

    @functools.wraps(function)
    def with_wish(*args: Any, ruleset: str | None, variant: str | None, on: str | None, **others: Any) -> int:
        from guiju.pipeline import Wish

        return function(*args, wish=Wish(ruleset, variant, on), **others)

    decorated = click.option("--on", metavar="DATE", help="取该日生效的版本 · The version in force on this date")(
        with_wish
    )
    decorated = click.option("--variant", metavar="V", help="变体，优先于案例所写 · Variant")(decorated)
    return click.option("--ruleset", metavar="REF", help="规则集，优先于案例所写 · Ruleset: id@version, id or path")(
        decorated
    )


def _lang(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.obj = replace(context.obj, lang=choose(value, os.environ))


def _rulesets(context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    _check_folder(value)
    if value is not None:
        context.obj = replace(context.obj, rulesets=value)

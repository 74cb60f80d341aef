"""What is wrong with a command line, in the chosen language, with the name that was probably meant."""

from __future__ import annotations

import re

import click

from guiju.cli.output import words
from guiju.cli.setting import NoSuchCommand
from guiju.diagnostics.language import Language
from guiju.diagnostics.nearest import nearest

_EXTRA = re.compile(r"Got unexpected extra arguments? \((.*)\)", re.DOTALL)


def usage_text(error: click.ClickException, lang: Language) -> str:
    """One sentence, and where help is."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "guiju"
    return f"{_sentence(error, lang)}\n{words(lang)('see_help', command=path)}"


def _sentence(error: click.ClickException, lang: Language) -> str:
    say = words(lang)
    if isinstance(error, NoSuchCommand):
        return _with_guess(say("no_such_command", name=error.name), nearest(error.name, error.there), lang)
    if isinstance(error, click.NoSuchOption):
        known = [name for parameter in error.ctx.command.params for name in parameter.opts] if error.ctx else []
        return _with_guess(say("no_such_option", name=error.option_name), nearest(error.option_name, known), lang)
    if isinstance(error, click.MissingParameter):
        return say("missing_argument", name=_name(error))
    if (
        isinstance(error, click.BadParameter)
        and isinstance(error.param, click.Parameter)
        and isinstance(error.param.type, click.IntRange)
    ):
        return say("bad_number", name=_name(error), low=error.param.type.min, high=error.param.type.max)
    if (
        isinstance(error, click.BadParameter)
        and isinstance(error.param, click.Parameter)
        and isinstance(error.param.type, click.Choice)
    ):
        return say("bad_choice", name=_name(error), choices=", ".join(map(str, error.param.type.choices)))
    if isinstance(error, click.BadParameter):
        return say("bad_value", name=_name(error), reason=error.message.rstrip("."))
    if isinstance(error, click.BadOptionUsage):
        return say("bad_option", name=error.option_name, reason=error.message.rstrip("."))
    extra = _EXTRA.fullmatch(error.format_message())
    if extra is not None:
        return say("extra_arguments", names=extra[1])
    return say("wrong_usage", reason=error.format_message())


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return error.param_hint if isinstance(error.param_hint, str) else ""
    return (
        error.param.make_metavar(error.ctx)
        if isinstance(error.param, click.Argument) and error.ctx
        else "/".join(error.param.opts)
    )


def _with_guess(text: str, guess: str, lang: Language) -> str:
    return f"{text}{words(lang)('guess', name=guess)}" if guess else text

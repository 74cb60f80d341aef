"""The command `guiju`. Exit status: 0 fine, 1 findings in the input, 2 wrong usage, 3 a fault of ours."""

from __future__ import annotations

import gc
import importlib
import keyword
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

import guiju
from guiju.cli.output import FAULT, FINE, USAGE, Stop, tell
from guiju.cli.setting import HELP_LANG, HELP_RULESETS, LANGUAGES, NoSuchCommand, Setting, setting_of
from guiju.diagnostics.language import Language, choose

INTERRUPTED, CLOSED = 130, 141  # as a shell reports SIGINT and SIGPIPE
TRACEBACK = "GUIJU_TRACEBACK"


class Closed(Exception):  # noqa: N818  no error: whoever read our output had enough
    """The pipe that we write into was closed."""


class Shelf(click.Group):
    """A group whose commands are the files of commands/. A file is imported when its command is called or listed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        folder = Path(__file__).parent / "commands"
        return sorted(path.stem.rstrip("_") for path in folder.glob("*.py") if path.stem != "__init__")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name  # the file of `import` is import_.py
        command = importlib.import_module(f"guiju.cli.commands.{module}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if not args[0].startswith("-") and self.get_command(ctx, args[0]) is None:
            raise NoSuchCommand(args[0], self.list_commands(ctx), ctx)
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError as error:
            raise Closed from error
        return result


@click.group(
    cls=Shelf,
    invoke_without_command=True,
    context_settings={"max_content_width": 100},
    help="规矩：评价标准写成数据，每个数都可追到条款、证据和行号 · Evaluation standards as data, every number traceable",
)
@click.option("--rulesets", metavar="DIR", help=HELP_RULESETS)
@click.option("--lang", type=LANGUAGES, help=HELP_LANG)
@click.version_option(guiju.__version__, prog_name="guiju", help="版本 · Version")
@click.help_option("--help", help="帮助 · Help")
@click.pass_context
def main(context: click.Context, rulesets: str | None, lang: str | None) -> int:
    """Settings first; the command follows. Without one: the help, as wrong usage."""
    context.obj = setting_of(lang, rulesets)
    if context.invoked_subcommand is None:
        tell(context.get_help())
        return USAGE
    return FINE


def run() -> NoReturn:
    """The entry point."""
    gc.disable()  # all that a command makes ends with its process: looking for rubbish takes a tenth of a second
    code = status(sys.argv[1:])
    gc.freeze()  # not even at the end
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # the work is done: an interrupt while Python closes down would only make noise
    sys.exit(code)


def status(args: Sequence[str]) -> int:
    """Run one command line and give its exit status. Nothing gets out of here as a traceback unless it is asked for."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a terminal that lacks a character shows ? instead
            stream.reconfigure(errors="replace")
    try:
        return _attempt(args)
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except (Closed, BrokenPipeError):
        _let_go()
        return CLOSED
    except Exception as error:  # noqa: BLE001  whatever else happens is ours
        _fault(error, args)
        return FAULT


def _attempt(args: Sequence[str]) -> int:
    try:
        result = main.main(args=list(args), prog_name="guiju", standalone_mode=False)
    except Stop as stop:
        tell(stop.text)
        return stop.status
    except click.ClickException as error:
        from guiju.cli.usage import usage_text

        tell(usage_text(error, _language(error, args)))
        return USAGE
    return result if isinstance(result, int) else FINE


def _let_go() -> None:
    """Nobody reads standard output any more: let what is left in its buffer go nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())


def _language(error: click.ClickException, args: Sequence[str]) -> Language:
    context = getattr(error, "ctx", None)
    if context is not None and isinstance(context.obj, Setting):
        return context.obj.lang
    return _wished(args)


def _wished(args: Sequence[str]) -> Language:
    """The language of a command line that could not be read."""
    for index, arg in enumerate(args):
        if arg == "--lang" and index + 1 < len(args):
            return choose(args[index + 1], os.environ)
        if arg.startswith("--lang="):
            return choose(arg.partition("=")[2], os.environ)
    return choose(None, os.environ)


def _fault(error: Exception, args: Sequence[str]) -> None:
    """One line: that it is ours, what was being done, which version, how to see more."""
    if os.environ.get(TRACEBACK):
        import traceback

        traceback.print_exception(error)
        return
    what = " ".join(str(error).split())[:200]
    facts = {"error": f"{type(error).__name__}: {what}" if what else type(error).__name__, "version": guiju.__version__}
    doing = " ".join(["guiju", *args])[:300]
    if _wished(args) == "zh":
        tell(
            f"guiju 自身出错（不是您的数据有误）：{facts['error']}。正在执行：{doing}。版本 {facts['version']}。设 {TRACEBACK}=1 再运行可见详情，请据此报告。"
        )
    else:
        tell(
            f"fault of guiju, not of your data: {facts['error']}; while running: {doing}; version {facts['version']}; "
            f"run it again with {TRACEBACK}=1 to see the traceback, and please report it."
        )

"""The log of what was done: add a line, show it, check it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from guiju.cli.keyfiles import public_of, signer_of
from guiju.cli.logfile import log_in
from guiju.cli.output import (
    FINDINGS,
    FINE,
    USAGE,
    Stop,
    one_line,
    reason,
    say,
    shown_line,
    tell,
    words,
    write_bytes,
)
from guiju.cli.setting import Setting, shared

if TYPE_CHECKING:
    from guiju.record.log import Log

PATH = click.Path(path_type=Path)
FILE = click.argument("file", metavar="LOG", type=PATH)


@click.group(help="日志：何人何时做了什么，只增不改 · The log: who did what and when; it only grows")
def command() -> None:
    """A group of three."""


@command.command(help="记一条 · Add an entry")
@FILE
@click.option("--what", metavar="TEXT", required=True, help="做了什么 · What was done")
@click.option("--who", metavar="NAME", required=True, help="何人 · By whom")
@click.option("--at", metavar="TIME", help="何时，默认为现在 · When; else now")
@click.option(
    "--file",
    "files",
    metavar="FILE",
    type=PATH,
    multiple=True,
    help="涉及的文件，记下其哈希 · A file it is about; its hash is noted",
)
@click.option("--key", metavar="KEY", type=PATH, help="给链头签名的私钥 · Private key to sign the head")
@shared
@click.pass_obj
def add(
    setting: Setting, file: Path, what: str, who: str, at: str | None, files: tuple[Path, ...], key: Path | None
) -> int:
    """Nothing is added to a log that does not hold together."""
    from guiju.record.log import Event, added, is_time

    when = datetime.now(UTC).isoformat(timespec="seconds") if at is None else at
    if not is_time(when):
        raise Stop(words(setting.lang)("bad_time", text=when), USAGE)
    one_line(who, "--who", setting.lang)
    one_line(what, "--what", setting.lang)
    signer = None if key is None else signer_of(key, setting.lang)
    event = Event(when, who, what, _hashes(files, setting))
    with _alone(file):
        known = log_in(setting, file) if file.exists() else None
        if known is None and file.exists():
            return FINDINGS
        content = added(known, event, signer)
        write_bytes(file, content, setting.lang)
    after = log_in(setting, file)
    if after is not None:
        _tell_earlier(setting, after, len(after.entries))
        _say_head(setting, after)
    return FINE


@command.command(help="列出 · Show it")
@FILE
@shared
@click.pass_obj
def show(setting: Setting, file: Path) -> int:
    """One line an entry, then the head."""
    log = log_in(setting, file)
    if log is None:
        return FINDINGS
    for number, event in enumerate(log.events, 1):
        say(f"{number:>4}  {event.at}  {shown_line(event.who)}  {shown_line(event.what)}")
        for name, mark in event.files.items():
            say(f"      {shown_line(name)}  {shown_line(mark)}")
    _say_head(setting, log)
    return FINE


@command.command(help="核对 · Check it")
@FILE
@click.option("--head", metavar="HASH", help="别处留存的链头 · A head that was kept elsewhere")
@click.option(
    "--key", metavar="PUB", type=PATH, help="链头须有此公钥的签名 · The head must be signed by this public key"
)
@shared
@click.pass_obj
def verify(setting: Setting, file: Path, head: str | None, key: Path | None) -> int:
    """Every entry, the chain, the head."""
    log = log_in(setting, file, head, None if key is None else public_of(key, setting.lang))
    if log is None:
        return FINDINGS
    say(words(setting.lang)("log_fine", file=file))
    _tell_earlier(setting, log)
    _say_head(setting, log)
    if head is not None:
        say(words(setting.lang)("log_at", number=log.number(head), count=len(log.entries)))
    return FINE


def _tell_earlier(setting: Setting, log: Log, only: int | None = None) -> None:
    """Entries that are dated before the one above them: all, or one."""
    from guiju.record.log import earlier

    for each in earlier(log):
        if only in (None, each.number):
            facts = {"number": each.number, "at": each.at, "before": each.number - 1, "then": each.then}
            tell(words(setting.lang)("log_earlier", **facts))


def _say_head(setting: Setting, log: Log) -> None:
    text = words(setting.lang)
    say(text("log_head", count=len(log.entries), head=log.head))
    if log.key is not None:
        say(text("log_signed", id=log.key))


def _hashes(files: Sequence[Path], setting: Setting) -> dict[str, str]:
    """Files by their names; by their paths where two have one name."""
    names = Counter(path.name for path in set(files))
    return {path.name if names[path.name] == 1 else path.as_posix(): _hash(path, setting) for path in files}


def _hash(path: Path, setting: Setting) -> str:
    from guiju.record.canonical import digest

    try:
        return digest(path.read_bytes())
    except OSError as error:
        raise Stop(words(setting.lang)("cannot_read", file=path, reason=reason(error, setting.lang)), USAGE) from error


@contextlib.contextmanager
def _alone(file: Path) -> Iterator[None]:
    """Nobody else adds to a log of this folder meanwhile, where the system can see to that."""
    if sys.platform == "win32" or not file.parent.is_dir():
        yield
        return
    import fcntl

    handle = os.open(file.parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
